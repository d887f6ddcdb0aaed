"""Points in groups with intervals and reference lines."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from engines.results import ScatterResult
from widgets.curves.axis import padded
from widgets.curves.figures import short_text
from widgets.curves.painting import DrawnPlot, paint_plot
from widgets.curves.strokes import polygon
from widgets.kit.painting import text_in, text_width
from widgets.results.curve import drawn_line
from widgets.results.frame import PaintedView, framed, paint_x_label
from widgets.results.roles import painted_in, series_at, stands_out
from widgets.theme import Series, Theme, faded, font

_POINT, _STANDING_OUT = 6.0, 9.0
_SHARE = 0.7
_SHAPES_UP_TO = 4000
"""More points than this are drawn as discs, whatever their group's marker."""


class ScatterView(PaintedView):
    """Points; the one under the pointer is told with its row."""

    def paint(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        paint_scatter(self._result, painter, rect, theme)

    def tell(self, place: QPointF, rect: QRectF) -> str:
        result = self._result
        plot = drawn_scatter(result, rect.width(), rect.height(), Theme.current())
        x, y = plot.x.to_pixels(result.x) + rect.left(), plot.y.to_pixels(result.y) + rect.top()
        far = (x - place.x()) ** 2 + (y - place.y()) ** 2
        if not np.isfinite(far).any() or np.nanmin(far) > 64:
            return ""
        index = int(np.nanargmin(far))
        parts = [f"{result.x_label or 'x'} {short_text(float(result.x[index]), 4)}"]
        parts.append(f"{result.y_label or 'y'} {short_text(float(result.y[index]), 4)}")
        if result.row_ids is not None:
            parts.insert(0, self.tr("row {}").format(int(result.row_ids[index])))
        if result.group is not None:
            parts.append(result.groups[int(result.group[index])])
        return ", ".join(parts)


def drawn_scatter(result: ScatterResult, width: float, height: float, theme: Theme) -> DrawnPlot:
    """Axes that hold points, intervals and lines."""
    xs, ys = [result.x, *(line.x for line in result.lines)], [result.y, *(line.y for line in result.lines)]
    ys += [ends for ends in (result.low, result.high) if ends is not None]
    x, y = (_range(np.concatenate(parts)) for parts in (xs, ys))
    across = max(round(width), 16)
    lines = tuple(drawn_line(line, theme, index, x, across, False) for index, line in enumerate(result.lines))
    face = font("caption", scale=theme.scale)
    named = [*result.groups, *(line.label for line in result.lines if line.label)]
    right = min(max((text_width(name, face) for name in named), default=-12) + 30, width * 0.4)
    return framed(
        (width, height), x, y, theme, title=result.y_label or result.title, x_label=result.x_label, right=right,
        lines=lines,
    )


def paint_scatter(result: ScatterResult, painter: QPainter, rect: QRectF, theme: Theme) -> None:
    """The whole plot with its groups named at the right."""
    painter.save()
    painter.translate(rect.topLeft())
    plot = drawn_scatter(result, rect.width(), rect.height(), theme)
    paint_plot(painter, plot, theme)
    paint_x_label(painter, plot, theme)
    x, y = plot.x.to_pixels(result.x), plot.y.to_pixels(result.y)
    if result.low is not None and result.high is not None:
        low, high = plot.y.to_pixels(result.low), plot.y.to_pixels(result.high)
        for where, series, _ in _groups(result, theme):
            painter.setPen(QPen(faded(series.colour, 0.5), 1))
            for index in np.flatnonzero(where & np.isfinite(low + high)):
                painter.drawLine(QPointF(x[index], low[index]), QPointF(x[index], high[index]))
    shapes = len(x) <= _SHAPES_UP_TO
    for where, series, out in _groups(result, theme):
        paint_points(painter, x[where], y[where], series if shapes or out else _as_disc(series), theme, out)
    _paint_legend(result, painter, plot, theme)
    painter.restore()


def paint_points(
    painter: QPainter, x: np.ndarray, y: np.ndarray, series: Series, theme: Theme, out: bool = False
) -> None:
    """Points of one group: 6 px, 70 %, in the marker of the series; open ones show the surface. With `out` larger and
    opaque with a rim of the surface, so that they stand out of others.
    """
    good = np.isfinite(x) & np.isfinite(y)
    colour = series.colour if out else faded(series.colour, _SHARE)
    if series.marker == "disc" and not series.open and not out:
        pen = QPen(colour, _POINT)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawPoints(polygon(x[good], y[good]))
        return
    rim: QPen | Qt.PenStyle = QPen(theme.bg1, 1.25) if out else Qt.PenStyle.NoPen
    painter.setPen(QPen(colour, 1.5) if series.open else rim)
    painter.setBrush(theme.bg1 if series.open else colour)
    shape = _outline(series.marker, (_STANDING_OUT if out else _POINT) / 2)
    for px, py in zip(x[good], y[good]):
        painter.drawPolygon(shape.translated(QPointF(px, py)))


def _outline(marker: str, reach: float) -> QPolygonF:
    corners: list[tuple[float, float]]
    match marker:
        case "square":
            corners = [(-1, -1), (1, -1), (1, 1), (-1, 1)]
            reach *= 0.9
        case "triangle":
            corners = [(0, -1.15), (1.1, 0.8), (-1.1, 0.8)]
        case "diamond":
            corners = [(0, -1.2), (1.2, 0), (0, 1.2), (-1.2, 0)]
        case _:
            corners = [(math.cos(2 * math.pi * i / 16), math.sin(2 * math.pi * i / 16)) for i in range(16)]
    return QPolygonF([QPointF(reach * cx, reach * cy) for cx, cy in corners])


def _paint_legend(result: ScatterResult, painter: QPainter, plot: DrawnPlot, theme: Theme) -> None:
    face, row = font("caption", scale=theme.scale), theme.px(16)
    x, y = plot.place.right() + 12, plot.place.top()
    for index, name in enumerate(result.groups):
        if y + row > plot.place.bottom():
            break
        place, out = (np.array([x + 4]), np.array([y + row / 2])), stands_out(result.roles, index)
        paint_points(painter, *place, series_at(result.roles, index, theme), theme, out)
        text_in(painter, QRectF(x + 14, y, 200, row), name, face, theme.t1)
        y += row
    for line, drawn in zip(result.lines, plot.lines):
        if line.label and y + row <= plot.place.bottom():
            painter.fillRect(QRectF(x, y + row / 2 - 1, 9, 2), drawn.colour)
            text_in(painter, QRectF(x + 14, y, 200, row), line.label, face, theme.t1)
            y += row


def _groups(result: ScatterResult, theme: Theme) -> list[tuple[np.ndarray, Series, bool]]:
    """Members, look, and whether it stands out, of each group in the order of painting."""
    if result.group is None:
        return [(np.ones(len(result.x), dtype=bool), theme.series(0), False)]
    roles = result.roles
    return [(result.group == index, series_at(roles, index, theme), stands_out(roles, index))
            for index in painted_in(roles, len(result.groups))]


def _as_disc(series: Series) -> Series:
    return Series(series.name, QColor(series.colour), series.dash, "disc", False)


def _range(values: np.ndarray) -> tuple[float, float]:
    good = values[np.isfinite(values)]
    return padded(float(good.min()), float(good.max()), False) if len(good) else (0.0, 1.0)
