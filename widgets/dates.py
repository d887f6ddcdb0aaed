"""Days as the interface shows them: by locale."""

from __future__ import annotations

from datetime import date, datetime

from PySide6.QtCore import QDate, QLocale, QTime


def format_day(day: date, *, locale: QLocale | None = None) -> str:
    """`12 May`: where the year is plain."""
    return (locale or QLocale()).toString(QDate(day.year, day.month, day.day), "d MMM")


def format_date(day: date, *, locale: QLocale | None = None) -> str:
    """The whole date in the locale's long form."""
    return (locale or QLocale()).toString(QDate(day.year, day.month, day.day), QLocale.FormatType.LongFormat)


def format_moment(moment: datetime, *, locale: QLocale | None = None) -> str:
    """`12 May, 09:30`: day and time of day, by the locale's own clock."""
    locale = locale or QLocale()
    clock = locale.toString(QTime(moment.hour, moment.minute), QLocale.FormatType.ShortFormat)
    return f"{format_day(moment.date(), locale=locale)}, {clock}"
