"""Curves of a result: factual grey and dashed, counterfactual in accent, bands, reference lines, a reading cursor."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from engines.results import CurveResult, Line, Shade
from widgets.curves.axis import padded
from widgets.curves.captions import paint_names, paint_readout
from widgets.curves.figures import plain_text
from widgets.curves.painting import (
    DrawnLine,
    DrawnPlot,
    paint_head,
    paint_plot,
    usable,
    value_range,
)
from widgets.curves.thinning import Thinned, columns_of, thinned
from widgets.kit.painting import painter_on, text_in, text_width
from widgets.results.frame import PaintedView, framed, line_width, paint_x_label
from widgets.theme import Theme, font

FACTUAL_DASH = (6.0, 3.0)


class CurveView(PaintedView):
    """Lines with their names at the ends. Moving over them reads all at one x."""

    def __init__(self, result: CurveResult, parent: QWidget | None = None) -> None:
        self._x: float | None = None
        super().__init__(result, parent)
        self.setMouseTracking(True)

    def prepare(self) -> None:
        self._x = None

    def paint(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        paint_curve(self._result, painter, rect, theme)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._x is None:
            return
        rect, theme = self.inner(), Theme.current()
        painter = painter_on(self)
        painter.translate(rect.topLeft())
        plot = drawn_curve(self._result, rect.width(), rect.height(), theme)
        x = plot.x.to_pixel(self._x)
        painter.fillRect(QRectF(round(x), plot.place.top(), 1, plot.place.height()), theme.strong)
        rows = []
        for line, drawn in zip(self._result.lines, plot.lines):
            value = value_at(line, self._x)
            if value is not None:
                rows.append((drawn, value))
                paint_head(painter, QPointF(x + 0.5, plot.y.to_pixel(value)), drawn.colour, theme, 3)
        heading = f"{self._result.x_label} {plain_text(self._x)}".strip()
        paint_readout(painter, plot, theme, heading, rows, x)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        rect = self.inner()
        plot = drawn_curve(self._result, rect.width(), rect.height(), Theme.current())
        at = event.position().x() - rect.left()
        inside = plot.place.left() <= at <= plot.place.right()
        self._x = nearest(self._result, plot.x.to_value(at)) if inside else None
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._x = None
        self.update()
        super().leaveEvent(event)


def paint_curve(result: CurveResult, painter: QPainter, rect: QRectF, theme: Theme) -> None:
    """The whole plot with its names, into a rectangle."""
    painter.save()
    painter.translate(rect.topLeft())
    plot = drawn_curve(result, rect.width(), rect.height(), theme)
    paint_shades(painter, plot, result.shaded, theme)
    paint_plot(painter, plot, theme)
    paint_x_label(painter, plot, theme)
    place = plot.place
    room = QRectF(place.right() + 10, place.top() - 6, rect.width() - place.right() - 10, place.height() + 6)
    paint_names(painter, plot, theme, room)
    painter.restore()


def paint_shades(painter: QPainter, plot: DrawnPlot, shades: Iterable[Shade], theme: Theme) -> None:
    """Ranges of x as a ground under the lines, each with its name at its foot where there is room."""
    face = font("caption", scale=theme.scale)
    for shade in shades:
        left, right = (min(max(plot.x.to_pixel(v), plot.x.start), plot.x.end) for v in (shade.low, shade.high))
        ground = QRectF(left, plot.place.top(), right - left, plot.place.height())
        painter.fillRect(ground, theme.bg2)
        foot = QRectF(left + 6, plot.place.bottom() - theme.px(18), right - left - 12, theme.px(16))
        if text_width(shade.label, face) <= foot.width():
            text_in(painter, foot, shade.label, face, theme.t2)


def drawn_curve(result: CurveResult, width: float, height: float, theme: Theme) -> DrawnPlot:
    """The lines in their looks, thinned to the width, on axes that hold them."""
    xs = [usable(line.x, result.x_log) for line in result.lines]
    every = np.concatenate(xs) if xs else np.empty(0)
    x = (float(every.min()), float(every.max())) if len(every) else ((0.1, 1.0) if result.x_log else (0.0, 1.0))
    if x[0] == x[1]:
        x = padded(*x, result.x_log)
    columns = max(round(width), 16)
    plain = 0
    lines = []
    for line in result.lines:
        lines.append(drawn_line(line, theme, plain, x, columns, result.x_log))
        plain += line.role == "plain"
    names = max((text_width(line.label, font("caption", weight=600, scale=theme.scale)) for line in lines), default=0.0)
    y = value_range(lines, result.y_log)
    title = result.y_label or result.title
    return framed(
        (width, height), x, y, theme, title=title, x_label=result.x_label, x_log=result.x_log, y_log=result.y_log,
        right=min(names + 34, width * 0.35) if names else 12, lines=tuple(lines),
    )


def value_at(line: Line, x: float) -> float | None:
    """The line's value at x, between its points; None outside and in gaps."""
    good = np.isfinite(line.x) & np.isfinite(line.y)
    if not good.any() or not line.x[good].min() <= x <= line.x[good].max():
        return None
    order = np.argsort(line.x, kind="stable")
    value = float(np.interp(x, line.x[order], line.y[order]))
    return value if np.isfinite(value) else None


def nearest(result: CurveResult, x: float) -> float:
    """The x of a point of some line that is nearest."""
    every = np.concatenate([line.x[np.isfinite(line.x)] for line in result.lines] or [np.empty(0)])
    return float(every[np.argmin(np.abs(every - x))]) if len(every) else x


def drawn_line(
    line: Line, theme: Theme, plain: int, span: tuple[float, float], columns: int, x_log: bool
) -> DrawnLine:
    """A line in the look of its role, or of the series number `plain`; thinned where x grows and points are many."""
    colour, dash, width = _look(line, theme, plain)
    grows = bool(np.all(np.diff(line.x) >= 0)) and not x_log
    where = columns_of(line.x, *span, columns) if grows and len(line.x) > 2 * columns else None
    points = Thinned(line.x, line.y, line.y) if where is None else thinned(line.x, line.y, line.y, where)
    band = None
    if line.low is not None and line.high is not None:
        band = (
            Thinned(line.x, line.low, line.high) if where is None
            else thinned(line.x, line.low, line.high, where)
        )
    last = np.flatnonzero(np.isfinite(line.y))
    end = (float(line.x[last[-1]]), float(line.y[last[-1]])) if len(last) else None
    return DrawnLine(line.label, colour, points, dash=dash, width=width, band=band, end=end)


def _look(line: Line, theme: Theme, plain: int) -> tuple[QColor, tuple[float, ...], float]:
    match line.role:
        case "factual":
            return theme.t2, FACTUAL_DASH, line_width(theme)
        case "counterfactual":
            return theme.acc, (), line_width(theme)
        case "reference":
            return theme.strong, (), 1.0
    series = theme.series(plain)
    return series.colour, series.dash, line_width(theme)
