"""Days as the interface shows them: by locale."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate, QLocale


def format_day(day: date, *, locale: QLocale | None = None) -> str:
    """`12 May`: where the year is plain."""
    return (locale or QLocale()).toString(QDate(day.year, day.month, day.day), "d MMM")


def format_date(day: date, *, locale: QLocale | None = None) -> str:
    """The whole date in the locale's long form."""
    return (locale or QLocale()).toString(QDate(day.year, day.month, day.day), QLocale.FormatType.LongFormat)
