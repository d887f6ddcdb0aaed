"""How a job is, in words: the time left, the time so far, its silence."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from studio.runs.time_left import SILENT, rounded
from widgets.numbers import format_duration, format_number


def time_words(seconds_left: float | None, total: int | None, worked: float, *, slower: bool = False) -> str:
    """"34 s left", "estimating"; where the total is not known, how long it has worked: "2 min 05 s so far"."""
    if total is None:
        return _tr("estimating") if worked < SILENT else _tr("{} so far").format(_span(worked))
    if seconds_left is None:
        return _tr("estimating")
    left = _tr("{} left").format(_span(seconds_left))
    return _tr("{}, slower than before").format(left) if slower else left


def quiet_words(seconds: float) -> str:
    """"no word for 12 s"; empty where there is nothing to say."""
    return _tr("no word for {}").format(_span(seconds)) if seconds else ""


def _span(seconds: float) -> str:
    calm = rounded(seconds)
    return format_number(calm, "s", 0) if calm < 10 else format_duration(calm)


def _tr(text: str) -> str:
    return QCoreApplication.translate("job_words", text)
