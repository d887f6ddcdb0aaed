"""The histogram strip of a column, with its ground line; categories as bars of their counts."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from engines.data.summary import ColumnSummary
from widgets.kit.histogram import paint_histogram
from widgets.theme import Theme, faded

STRIP_BINS = 21
"""Bars in a column head: 3 px each at its least width."""


def paint_strip(painter: QPainter, box: QRectF, summary: ColumnSummary | None, theme: Theme, lit: bool) -> None:
    """Bars and the line they stand on; `lit` for the selected column."""
    if summary is None:
        return
    counts = strip_counts(summary)
    ground = QRectF(box.left(), box.bottom() - 1, box.width(), 1)
    painter.fillRect(ground, theme.strong)
    paint_histogram(painter, box.adjusted(0, 0, 0, -1), counts, theme.t2 if lit else faded(theme.t3, 0.6), gap=0.5)


def strip_counts(summary: ColumnSummary) -> list[float]:
    """Heights of the bars: the bins that show most, or the counts of the commonest levels; none if all texts differ."""
    if (bins := summary.preferred) is not None:
        return [float(count) for count in bins.counts]
    return [float(count) for _, count in summary.levels] if summary.levels and summary.levels[0][1] > 1 else []
