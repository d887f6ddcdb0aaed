"""Numbers as the analyst reads and writes them: by locale, with a true minus and a no-break space before the unit."""

from __future__ import annotations

import math

from PySide6.QtCore import QLocale

MINUS = "\N{MINUS SIGN}"
NO_BREAK = "\N{NO-BREAK SPACE}"


def number_text(value: float, decimals: int = 2, unit: str = "") -> str:
    """A number with fixed decimals, thousands by locale; "NaN", "∞" and "−∞" for what is not one."""
    if not math.isfinite(value):
        text = "NaN" if math.isnan(value) else ("∞" if value > 0 else f"{MINUS}∞")
    else:
        text = QLocale().toString(round(value, decimals) + 0.0, "f", decimals).replace("-", MINUS)
    return f"{text}{NO_BREAK}{unit}" if unit else text


def short_text(value: float, digits: int = 3) -> str:
    """A number of unknown size with that many digits that count: 0.0504, 1,180, 2.31·10⁻⁷."""
    if not math.isfinite(value):
        return number_text(value)
    if value == 0:
        return "0"
    power = math.floor(math.log10(abs(value)) + 1e-12)
    if power < -4 or power > 6:
        head = number_text(value / 10.0**power, max(digits - 1, 0))
        return f"{head}·10{_raised(power)}"
    return number_text(value, max(digits - 1 - power, 0))


def plain_text(value: float) -> str:
    """A step or other place on an axis: whole if it is whole."""
    whole = math.isfinite(value) and value == round(value)
    return number_text(value, 0) if whole else short_text(value, 4)


def power_text(power: int, factor: float = 1) -> str:
    """factor · 10^power, written out as long as that can be read."""
    if -4 <= power <= 5:
        return number_text(factor * 10.0**power, max(-power, 0))
    return f"10{_raised(power)}" if factor == 1 else f"{factor:g}·10{_raised(power)}"


def changed_text(before: float, after: float, decimals: int) -> str:
    """The signed change, as +1.30 or −126; empty if nothing can be seen to change at these decimals."""
    change = round(after, decimals) - round(before, decimals)
    if not math.isfinite(change) or abs(change) < 0.5 * 10.0**-decimals:
        return ""
    return ("+" if change > 0 else "") + number_text(change, decimals)


def number_of(text: str) -> float | None:
    """The number that was typed, by locale or plainly; None if it is not one."""
    plain = text.strip().replace(MINUS, "-").replace(NO_BREAK, "")
    for locale in (QLocale(), QLocale.c()):
        value, good = locale.toDouble(plain)
        if good and math.isfinite(value):
            return value
    return None


def _raised(power: int) -> str:
    return str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
