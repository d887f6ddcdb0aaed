"""How numbers are written on plots: places on an axis, powers of ten, values of unknown size."""

from __future__ import annotations

import math

from widgets.numbers import MINUS, format_number


def short_text(value: float, digits: int = 3) -> str:
    """A number of unknown size with that many digits that count: 0.0504, 1,180, 2.31·10⁻⁷."""
    if not math.isfinite(value):
        return gap_text(value)
    if value == 0:
        return "0"
    power = math.floor(math.log10(abs(value)) + 1e-12)
    if power < -4 or power > 6:
        return f"{format_number(value / 10.0**power, '', max(digits - 1, 0))}·10{_raised(power)}"
    return format_number(value, "", max(digits - 1 - power, 0))


def plain_text(value: float) -> str:
    """A step or other place on an axis: whole if it is whole."""
    whole = math.isfinite(value) and value == round(value)
    return format_number(value, "", 0) if whole else short_text(value, 4)


def power_text(power: int, factor: float = 1) -> str:
    """factor · 10^power, written out as long as that can be read."""
    if -4 <= power <= 5:
        return format_number(factor * 10.0**power, "", max(-power, 0))
    return f"10{_raised(power)}" if factor == 1 else f"{factor:g}·10{_raised(power)}"


def gap_text(value: float) -> str:
    """The sign of what is not a number."""
    if math.isnan(value):
        return "NaN"
    return "∞" if value > 0 else f"{MINUS}∞"


def _raised(power: int) -> str:
    return str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
