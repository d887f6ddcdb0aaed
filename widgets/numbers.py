"""Numbers as the interface shows them: by locale, with a true minus and the unit after a no-break space."""

from __future__ import annotations

import math

from PySide6.QtCore import QCoreApplication, QLocale

MINUS = "\N{MINUS SIGN}"
NO_BREAK = "\N{NO-BREAK SPACE}"


def format_number(
    value: float, unit: str = "", precision: int | None = None, *, signed: bool = False, locale: QLocale | None = None
) -> str:
    """`3.40 px`, `−1,204`. Without `precision` whole numbers have no decimals and others four significant digits.

    `signed` writes the plus too, for changes. A value that is not finite becomes a word.
    """
    if not math.isfinite(value):
        return _not_finite(value)
    used = locale or QLocale()
    decimals = natural_precision(value) if precision is None else precision
    text = used.toString(abs(float(value)), "f", decimals)
    if value < 0 and any(character.isdigit() and used.toInt(character) != (0, True) for character in text):
        text = MINUS + text
    elif signed:
        text = "+" + text
    return f"{text}{NO_BREAK}{unit}" if unit else text


def format_change(value: float, unit: str = "", precision: int | None = None, *, locale: QLocale | None = None) -> str:
    """A change with its sign: `+1.30 px`, `−126`."""
    return format_number(value, unit, precision, signed=True, locale=locale)


def format_range(
    low: float, high: float, unit: str = "", precision: int | None = None, *, locale: QLocale | None = None
) -> str:
    """`1.0 to 8,896 px`, the unit once."""
    first = format_number(low, "", precision, locale=locale)
    last = format_number(high, unit, precision, locale=locale)
    return _tr("{} to {}").format(first, last)


def format_count(value: int, *, locale: QLocale | None = None) -> str:
    """A whole number with the locale's groups: `7,466`."""
    return format_number(value, "", 0, locale=locale)


def format_duration(seconds: float, *, locale: QLocale | None = None) -> str:
    """A span of time as an analyst says it: `0.6 s`, `34 s`, `2 min 05 s`, `about 1 h 20 min`."""
    if not math.isfinite(seconds):
        return _not_finite(seconds)
    if seconds < 9.95:
        return format_number(seconds, "s", 1, locale=locale)
    whole = round(seconds)
    if whole < 60:
        return format_number(whole, "s", 0, locale=locale)
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{format_number(minutes, 'min', 0, locale=locale)} {rest:02d}{NO_BREAK}s"
    hours, minutes = divmod(round(seconds / 300) * 5, 60)
    span = format_number(hours, "h", 0, locale=locale)
    return _tr("about {}").format(f"{span} {minutes}{NO_BREAK}min" if minutes else span)


def format_bytes(count: float, *, locale: QLocale | None = None) -> str:
    """A size of memory or file in powers of 1,000: `18 kB`, `7.8 GB`."""
    units = ["B", "kB", "MB", "GB", "TB"]
    while abs(count) >= 999.5 and len(units) > 1:
        count /= 1000
        units.pop(0)
    whole = units[0] in ("B", "kB") or abs(count) >= 99.5
    return format_number(count, units[0], 0 if whole else 1, locale=locale)


def parse_number(text: str, unit: str = "", *, locale: QLocale | None = None) -> float | None:
    """The number that a hand wrote: in the locale or plainly, with either minus, with or without the unit."""
    bare = text.strip().replace(MINUS, "-").replace(NO_BREAK, " ").removeprefix("+")
    if unit and bare.endswith(unit):
        bare = bare[: -len(unit)]
    bare = bare.strip()
    number, good = (locale or QLocale()).toDouble(bare)
    if not good:
        number, good = QLocale.c().toDouble(bare)
    return number if good and math.isfinite(number) else None


def natural_precision(value: float) -> int:
    """Decimals that give four significant digits, none for whole numbers; at most six."""
    if value == 0 or float(value).is_integer():
        return 0
    return min(max(3 - math.floor(math.log10(abs(value))), 0), 6)


def shared_precision(*values: float) -> int:
    """Decimals for numbers side by side: four significant digits of the largest, none where all are whole."""
    finite = [float(value) for value in values if math.isfinite(value)]
    if all(value.is_integer() for value in finite):
        return 0
    return natural_precision(max(abs(value) for value in finite) * (1 + 1e-9))      # a whole one has decimals here


def _not_finite(value: float) -> str:
    if math.isnan(value):
        return _tr("not a number")
    return _tr("infinite") if value > 0 else MINUS + _tr("infinite")


def _tr(text: str) -> str:
    return QCoreApplication.translate("numbers", text)
