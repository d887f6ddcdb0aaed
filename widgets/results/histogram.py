"""Counts between edges."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from engines.results import HistogramResult
from widgets.curves.figures import plain_text
from widgets.curves.painting import DrawnPlot, paint_plot
from widgets.numbers import format_count
from widgets.results.frame import PaintedView, framed, paint_x_label, printed
from widgets.theme import Theme


class HistogramView(PaintedView):
    """Bars without gaps of meaning; the one under the pointer is told."""

    def paint(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        paint_histogram(self._result, painter, rect, theme)

    def tell(self, place: QPointF, rect: QRectF) -> str:
        result = self._result
        plot = drawn_histogram(result, rect.width(), rect.height(), Theme.current())
        value = plot.x.to_value(place.x() - rect.left())
        index = int(np.searchsorted(result.edges, value, side="right")) - 1
        if not 0 <= index < len(result.counts):
            return ""
        ends = plain_text(float(result.edges[index])), plain_text(float(result.edges[index + 1]))
        return self.tr("{} to {}: {}").format(*ends, format_count(round(float(result.counts[index]))))


def drawn_histogram(result: HistogramResult, width: float, height: float, theme: Theme) -> DrawnPlot:
    """Axes from edge to edge and from zero to a little above the highest count."""
    most = float(np.nanmax(result.counts)) if len(result.counts) else 1.0
    x = (float(result.edges[0]), float(result.edges[-1])) if len(result.edges) > 1 else (0.0, 1.0)
    return framed((width, height), x, (0.0, max(most, 1e-9) * 1.05), theme, title=result.title, x_label=result.x_label)


def paint_histogram(result: HistogramResult, painter: QPainter, rect: QRectF, theme: Theme) -> None:
    """Bars and axes."""
    painter.save()
    painter.translate(rect.topLeft())
    plot = drawn_histogram(result, rect.width(), rect.height(), theme)
    paint_plot(painter, plot, theme)
    paint_x_label(painter, plot, theme)
    lefts, rights = plot.x.to_pixels(result.edges[:-1]), plot.x.to_pixels(result.edges[1:])
    tops = plot.y.to_pixels(np.nan_to_num(result.counts))
    gap = 1 if len(lefts) and (rights - lefts).min() >= 4 else 0
    for left, right, top in zip(lefts, rights, tops):
        height = plot.place.bottom() - top
        if height > 0:
            bar = QRectF(left, top, max(right - left - gap, 0.5), height)
            painter.fillRect(bar, theme.strong if printed(theme) else theme.bg4)
    painter.fillRect(QRectF(plot.place.left(), round(plot.place.bottom()), plot.place.width(), 1), theme.strong)
    painter.restore()
