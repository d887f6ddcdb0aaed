"""The distribution of one column: bars, axis, median; categories as a list of bars with their counts."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from engines.data.summary import Bins, ColumnSummary
from widgets.kit.follow import follow_theme
from widgets.kit.histogram import paint_histogram
from widgets.kit.painting import painter_on, rounded, text_in, text_width
from widgets.numbers import format_count, format_number
from widgets.theme import Theme, font

_PLOT, _AXIS = 125, 24
_LEVEL = 22


class DistributionView(QWidget):
    """Shows the linear or the logarithmic histogram of a summary; has no gestures of its own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._summary: ColumnSummary | None = None
        self._log = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        follow_theme(self.updateGeometry)

    def set_summary(self, summary: ColumnSummary | None, log: bool) -> None:
        """`log` is passed over where there is no logarithmic histogram."""
        self._summary, self._log = summary, log
        self.setAccessibleName(self.tr("Distribution of {}").format(summary.name) if summary is not None else "")
        self.setAccessibleDescription(_spoken(summary) if summary is not None else "")
        self.updateGeometry()
        self.update()

    def bins(self) -> Bins | None:
        """What is drawn."""
        if self._summary is None:
            return None
        if self._log and self._summary.logarithmic is not None:
            return self._summary.logarithmic
        return self._summary.linear

    def sizeHint(self) -> QSize:
        theme = Theme.current()
        if self._summary is not None and self.bins() is None:
            lines = min(len(self._summary.levels), 7) if self._repeated() else 1
            return QSize(200, theme.px(_LEVEL) * lines)
        return QSize(200, theme.px(_PLOT + _AXIS))

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._summary is None:
            return
        painter = painter_on(self)
        if (bins := self.bins()) is not None:
            self._paint_bins(painter, bins, self._summary)
        elif self._repeated():
            self._paint_levels(painter, self._summary)
        else:
            said = self.tr("No value occurs twice") if self._summary.levels else self.tr("No values")
            text_in(painter, QRectF(self.rect()), said, font("second"), Theme.current().t2)

    def _repeated(self) -> bool:
        """Whether there are categories or texts that occur more than once."""
        return self._summary is not None and bool(self._summary.levels) and self._summary.levels[0][1] > 1

    def _paint_bins(self, painter: QPainter, bins: Bins, summary: ColumnSummary) -> None:
        theme = Theme.current()
        plot = QRectF(0, 0, self.width(), theme.px(_PLOT))
        bars = plot.adjusted(0, theme.px(4), 0, -1)
        paint_histogram(painter, bars, [float(count) for count in bins.counts], theme.t2)
        painter.fillRect(QRectF(plot.left(), plot.bottom() - 1, plot.width(), 1), theme.strong)
        face = font("caption")
        last = -math.inf
        marks = ticks(bins)
        decimals = None if bins.log else max(map(shortest, marks))
        for value in marks:
            x = plot.left() + plot.width() * place(bins, value)
            text = format_number(value, "", decimals)
            width = text_width(text, face)
            left = min(max(x - width / 2, 0), plot.width() - width)
            if left < last + 8:
                continue
            last = left + width
            painter.fillRect(QRectF(round(x), plot.bottom(), 1, 3), theme.strong)
            text_in(painter, QRectF(left, plot.bottom() + 4, width + 1, theme.px(16)), text, face, theme.t2)
        self._paint_median(painter, plot, bins, summary)

    def _paint_median(self, painter: QPainter, plot: QRectF, bins: Bins, summary: ColumnSummary) -> None:
        theme = Theme.current()
        share = place(bins, summary.median)
        if not 0 <= share <= 1:
            return
        x = round(plot.left() + plot.width() * share)
        painter.setPen(QPen(theme.t1, 1))
        painter.drawLine(QPointF(x + 0.5, 0), QPointF(x + 0.5, plot.bottom() - 1))
        word, face = self.tr("median"), font("caption", weight=600)
        width = text_width(word, face)
        left = x + 5 if x + 5 + width <= plot.width() else x - 4 - width
        box = QRectF(left - 1, 0, width + 2, theme.px(14))
        painter.fillRect(box, theme.bg1)                          # the word stays legible where bars are high
        text_in(painter, QRectF(left, 0, width + 1, theme.px(14)), word, face, theme.t1)

    def _paint_levels(self, painter: QPainter, summary: ColumnSummary) -> None:
        theme = Theme.current()
        line = theme.px(_LEVEL)
        most = summary.levels[0][1]
        names = self.width() * 0.42
        for row, (level, count) in enumerate(summary.levels[:7]):
            box = QRectF(0, row * line, self.width(), line)
            text_in(painter, box.adjusted(0, 0, -self.width() + names - 8, 0), level, font("second"), theme.t1)
            text = format_count(count)
            room = self.width() - names - text_width(text, font("second")) - 8
            bar = QRectF(names, box.center().y() - 4, max(room * count / most, 1), 8)
            rounded(painter, bar, 0, theme.t2)
            text_in(painter, QRectF(bar.right() + 8, box.top(), self.width(), line), text, font("second"), theme.t2)


def place(bins: Bins, value: float) -> float:
    """Where a value lies between the first edge (0) and the last (1)."""
    low, high = float(bins.edges[0]), float(bins.edges[-1])
    if bins.log:
        return math.log(value / low) / math.log(high / low) if value > 0 else -1.0
    return (value - low) / (high - low)


def ticks(bins: Bins) -> list[float]:
    """Round values inside the bins: powers of ten (with their halves, where there are few), or three to five steps."""
    low, high = float(bins.edges[0]), float(bins.edges[-1])
    if bins.log:
        decades = range(math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 1)
        found = [10.0**k for k in decades if low * 0.999 <= 10.0**k <= high * 1.001]
        if len(found) >= 2:
            return found
        fine = [m * 10.0**k for k in decades for m in (1, 2, 5)]
        return [value for value in fine if low * 0.999 <= value <= high * 1.001] or [low, high]
    rough = (high - low) / 4
    unit = 10.0 ** math.floor(math.log10(rough))
    step = next(m * unit for m in (1, 2, 2.5, 5, 10) if m * unit >= rough)
    first = math.ceil(low / step)
    return [round(float(k) * step, 12) for k in np.arange(first, math.floor(high / step) + 1)]


def shortest(value: float) -> int:
    """The fewest decimals that give a round value exactly, at most six."""
    return next((d for d in range(6) if abs(round(value, d) - value) <= 1e-9 * max(abs(value), 1e-9)), 6)


def _spoken(summary: ColumnSummary) -> str:
    if summary.linear is None:
        return ", ".join(f"{level} {count}" for level, count in summary.levels[:7])
    return f"{format_number(summary.low)} – {format_number(summary.high)}, {format_number(summary.median)}"
