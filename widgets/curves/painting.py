"""One plot as painting: grid, lines, bands, gaps, live heads, names at the lines' ends. Screen and export share it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from widgets.curves.axis import Axis, padded
from widgets.curves.figures import plain_text
from widgets.curves.strokes import polygon, polygons, stroke, zigzag
from widgets.curves.thinning import Thinned
from widgets.curves.trace import Gap
from widgets.kit.control import mixed
from widgets.kit.painting import text_in, text_width
from widgets.theme import Theme, faded, font

RAW_SHARE = 0.3
_BAND_SHARE = 0.15
_TALL = 3.0
_MOST_DENSE = 12
_FAR_OUT = 0.25
"""How far raw values may stretch the y axis beyond the smoothed ones, as a share of it; what is further is marked."""


@dataclass(frozen=True, eq=False)
class DrawnLine:
    """A line as it is drawn, in data units.

    Attributes:
        label, note: First and second line of the name at its end.
        smooth: The line; raw: under it, thin; band: between low and high, at 15 %.
        gaps: Where values were not numbers.
        end: Where the name belongs, or None. live: a disc marks the end.
    """

    label: str
    colour: QColor
    smooth: Thinned
    note: str = ""
    dash: tuple[float, ...] = ()
    width: float = 2.0
    raw: Thinned | None = None
    band: Thinned | None = None
    gaps: tuple[Gap, ...] = ()
    end: tuple[float, float] | None = None
    live: bool = False
    named: bool = True


@dataclass(frozen=True, eq=False)
class DrawnPlot:
    """One plot: where it lies, its axes, title and lines. `x_label` None leaves the x axis without numbers."""

    title: str
    x: Axis
    y: Axis
    lines: tuple[DrawnLine, ...]
    x_label: str | None = None
    side_note: str = ""

    @property
    def place(self) -> QRectF:
        return QRectF(QPointF(self.x.start, self.y.end), QPointF(self.x.end, self.y.start))


def value_range(lines: Iterable[DrawnLine], log: bool) -> tuple[float, float]:
    """The y range that shows every line and band whole, and the raw values unless some are far out."""
    lows, highs, outer = [], [], []
    for line in lines:
        for points in (line.smooth, line.band):
            if points is not None:
                lows.append(points.low)
                highs.append(points.high)
        if line.raw is not None:
            low, high = usable(line.raw.low, log), usable(line.raw.high, log)
            if len(low) and len(high):
                low.sort()
                high.sort()
                lows.append(low[[len(low) // 50]])
                highs.append(high[[-1 - len(high) // 50]])
                outer += [float(low[0]), float(high[-1])]
    low_values = usable(np.concatenate(lows), log) if lows else np.empty(0)
    high_values = usable(np.concatenate(highs), log) if highs else np.empty(0)
    if not len(low_values) or not len(high_values):
        return (0.1, 1.0) if log else (0.0, 1.0)
    core = float(low_values.min()), float(high_values.max())
    wide = padded(*core, log, share=_FAR_OUT)
    return padded(max(min([core[0], *outer]), wide[0]), min(max([core[1], *outer]), wide[1]), log)


def usable(values: np.ndarray, log: bool) -> np.ndarray:
    """The values that have a place on the axis."""
    good = np.isfinite(values) & (values > 0) if log else np.isfinite(values)
    return values[good]


def paint_plot(painter: QPainter, plot: DrawnPlot, theme: Theme, *, coarse: bool = False) -> None:
    """Everything but the names at the lines' ends.

    While the view moves, `coarse` strokes are enough; of very many dense lines the raw layer comes back at rest.
    """
    _paint_title(painter, plot, theme)
    _paint_grid(painter, plot, theme)
    place = plot.place
    painter.save()
    painter.setClipRect(place.adjusted(0, -4, 4, 0))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for line in plot.lines:
        if line.band is not None:
            _paint_band(painter, plot, line)
    dense = sum(line.raw is not None and line.raw.packed > 1 for line in plot.lines)
    for line in plot.lines:
        if line.raw is not None and not (coarse and dense > _MOST_DENSE):
            pale = mixed(theme.bg1, line.colour, RAW_SHARE)
            _paint_points(painter, plot, line.raw, pale, 1, (), coarse or line.raw.packed > 1)
    for line in plot.lines:
        _paint_points(painter, plot, line.smooth, line.colour, line.width, line.dash, coarse)
    for line in plot.lines:
        if line.live and line.end is not None:
            paint_head(painter, _pixel(plot, line.end), line.colour, theme)
    painter.restore()
    _paint_off_axis(painter, plot)
    _paint_gaps(painter, plot, theme)


def paint_head(painter: QPainter, centre: QPointF, colour: QColor, theme: Theme, radius: float = 4) -> None:
    """A disc with a rim of the surface."""
    if math.isnan(centre.y()):
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.bg1)
    painter.drawEllipse(centre, radius + 1.5, radius + 1.5)
    painter.setBrush(colour)
    painter.drawEllipse(centre, radius, radius)


def tick_gutter(axes: Sequence[Axis], theme: Theme) -> float:
    """Width that the numbers of the y axes need, in steps of 8 px so that live plots do not wobble."""
    face = font("caption", scale=theme.scale)
    widest = max((text_width(tick.text, face) for axis in axes for tick in axis.ticks(ticks_for(axis))), default=0.0)
    return max(math.ceil((widest + 8) / 8) * 8.0, 32.0)


def ticks_for(axis: Axis) -> int:
    """Fewer ticks where the axis is short."""
    length = abs(axis.end - axis.start)
    return 3 if length < 90 else (4 if length < 130 else 5)


def _paint_title(painter: QPainter, plot: DrawnPlot, theme: Theme) -> None:
    face = font("strong_caption", scale=theme.scale)
    place = plot.place
    line = QRectF(2, place.top() - theme.px(23), place.right() - 2, theme.px(16))
    used = text_width(plot.title, face)
    if plot.side_note:
        note = font("caption", scale=theme.scale)
        room = line.adjusted(used + 16, 0, 0, 0)
        if text_width(plot.side_note, note) <= room.width():
            text_in(painter, room, plot.side_note, note, theme.t3, Qt.AlignmentFlag.AlignRight)
    text_in(painter, line, plot.title, face, theme.t2)


def _paint_grid(painter: QPainter, plot: DrawnPlot, theme: Theme) -> None:
    place = plot.place
    face = font("caption", scale=theme.scale)
    for tick in plot.y.ticks(ticks_for(plot.y)):
        y = round(plot.y.to_pixel(tick.value))
        if abs(y - place.bottom()) > 2:
            painter.fillRect(QRectF(place.left(), y, place.width(), 1), theme.line)
        label = QRectF(0, y - 8, place.left() - 6, 16)
        text_in(painter, label, tick.text, face, theme.t2, Qt.AlignmentFlag.AlignRight)
    painter.fillRect(QRectF(place.left(), round(place.bottom()), place.width(), 1), theme.strong)
    if plot.x_label is None:
        return
    most = 5 if place.width() > 260 else 4
    top = place.bottom() + theme.px(4)
    for tick in plot.x.ticks(most):
        x = plot.x.to_pixel(tick.value)
        label = QRectF(x - 50, top, 100, theme.px(16))
        text_in(painter, label, tick.text, face, theme.t2, Qt.AlignmentFlag.AlignHCenter)


def _paint_points(
    painter: QPainter, plot: DrawnPlot, points: Thinned, colour: QColor, width: float, dash: tuple[float, ...],
    coarse: bool = False,
) -> None:
    x, count = plot.x.to_pixels(points.x), len(points.x)
    reach = 4 * plot.place.height() + 4000          # painters lose precision far outside
    if points.high is points.low:
        low = high = np.clip(plot.y.to_pixels(points.low), -reach, reach)
    else:
        both = np.clip(plot.y.to_pixels(np.concatenate((points.low, points.high))), -reach, reach)
        low, high = both[:count], both[count:]
        if plot.y.log:                              # a column that dips to nothing still shows what it has
            low = np.where(np.isnan(low), high, low)
    if coarse and points.packed > 1.0 and _mean_height(high, low) > _TALL:
        width = 1                                   # columns taller than the line is wide: its width cannot be seen
    stroke(painter, polygons(*zigzag(points, x, low, high)), colour, width, dash, coarse=coarse)


def _mean_height(top: np.ndarray, bottom: np.ndarray) -> float:
    """Mean height of columns in pixels; one that has no place counts as flat."""
    height = bottom - top
    mean = float(height.mean())
    return mean if math.isfinite(mean) else float(np.nan_to_num(height).mean())


def _paint_band(painter: QPainter, plot: DrawnPlot, line: DrawnLine) -> None:
    assert line.band is not None
    x = plot.x.to_pixels(line.band.x)
    low, high = plot.y.to_pixels(line.band.low), plot.y.to_pixels(line.band.high)
    good = np.isfinite(low) & np.isfinite(high)
    if good.sum() < 2:
        return
    outline = polygon(np.concatenate([x[good], x[good][::-1]]), np.concatenate([low[good], high[good][::-1]]))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(faded(line.colour, _BAND_SHARE))
    painter.drawPolygon(outline)


def _paint_off_axis(painter: QPainter, plot: DrawnPlot) -> None:
    """Small triangles at the edge where values lie beyond it, at most one every 8 px."""
    place = plot.place
    painter.setPen(Qt.PenStyle.NoPen)
    for line in plot.lines:
        points = line.raw or line.smooth
        if not len(points.x) or not _leaves(points, plot.y):
            continue
        x = plot.x.to_pixels(points.x)
        seen = (x >= place.left()) & (x <= place.right())
        with np.errstate(invalid="ignore"):
            above = seen & (points.high > plot.y.high)
            below = seen & (points.low < plot.y.low)
        painter.setBrush(line.colour)
        for where, edge, way in ((above, place.top(), 1), (below, place.bottom(), -1)):
            for cell in np.unique(np.rint(x[where] / 8))[:200]:
                centre = float(cell) * 8
                painter.drawPolygon(QPolygonF([
                    QPointF(centre, edge), QPointF(centre - 3, edge + way * 4), QPointF(centre + 3, edge + way * 4),
                ]))


def _paint_gaps(painter: QPainter, plot: DrawnPlot, theme: Theme) -> None:
    """An err triangle on the axis, a dashed line and "NaN, 412" where a value was not a number."""
    place = plot.place
    gaps = sorted({(gap.step, gap.what) for line in plot.lines for gap in line.gaps})
    face = font("strong_caption", scale=theme.scale)
    free = -1e9
    for step, what in gaps[:200]:
        x = plot.x.to_pixel(step)
        if not place.left() - 1 <= x <= place.right() + 1:
            continue
        pen = QPen(theme.err, 1)
        pen.setDashPattern([3, 3])
        painter.setPen(pen)
        painter.drawLine(QPointF(x, place.top()), QPointF(x, place.bottom()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.err)
        painter.drawPolygon(QPolygonF([
            QPointF(x, place.bottom() - 7), QPointF(x - 4.5, place.bottom() + 1), QPointF(x + 4.5, place.bottom() + 1),
        ]))
        text = f"{what}, {plain_text(step)}"
        width = text_width(text, face)
        left = x + 6 if x + 6 + width <= place.right() + 40 else x - 6 - width
        if left > free:
            text_in(painter, QRectF(left, place.top() - 3, width + 1, 16), text, face, theme.err)
            free = left + width + 8


def _leaves(points: Thinned, axis: Axis) -> bool:
    with np.errstate(invalid="ignore"):
        return bool((points.high > axis.high).any() or (points.low < axis.low).any())


def _pixel(plot: DrawnPlot, point: tuple[float, float]) -> QPointF:
    return QPointF(plot.x.to_pixel(point[0]), plot.y.to_pixel(point[1]))
