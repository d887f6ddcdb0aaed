"""Rows across several axes, coloured by one of the columns."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from engines.data.kinds import Column, ColumnType
from engines.results import ParallelResult
from widgets.curves.strokes import polygons
from widgets.kit.painting import text_in, text_width
from widgets.numbers import format_count
from widgets.results.frame import PaintedView
from widgets.results.radar import paint_radars
from widgets.results.roles import painted_in, role_at, series_at, stands_out
from widgets.results.spans import axes_of, named, scaled
from widgets.theme import Theme, faded, font, sequential

_MOST_ROWS = 2000
_EDGE = 40                      # px left of the first axis
_SLANT, _LONGEST = 38.0, 150    # degrees of names that have no room side by side, and their most px
_GAP = 6


class ParallelView(PaintedView):
    """One axis a column, one line a row; an axis tells its name and its ends."""

    def paint(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        paint_parallel(self._result, painter, rect, theme)

    def tell(self, place: QPointF, rect: QRectF) -> str:
        columns = axes_of(self._result)
        if not columns or self._result.apart:
            return ""
        plan = _Plan(columns, rect, Theme.current(), bool(self._result.roles))
        nearest = int(np.abs(plan.xs - place.x()).argmin())
        _, low, high = scaled(columns[nearest])
        return f"{named(columns[nearest])}: {low} to {high}" if abs(plan.xs[nearest] - place.x()) <= 12 else ""

    def figure_size(self) -> tuple[float, float]:
        return parallel_size(self._result)


def parallel_size(_result: ParallelResult) -> tuple[float, float]:
    """Width and height as a figure, px: the width of a page."""
    return 643.0, 300.0


class _Plan:
    """Where everything lies: names level where all of them have room, else slanted; colours named below, or not."""

    def __init__(self, columns: list[Column], rect: QRectF, theme: Theme, legend: bool) -> None:
        px, face = theme.px, font("strong_caption", scale=theme.scale)
        wide = [text_width(named(column), face) for column in columns]
        between = max(len(columns) - 1, 1)
        self.slanted = max(wide) > (rect.width() - 2 * _EDGE) / between - _GAP
        self.longest = min(max(wide), px(_LONGEST))
        lean = math.radians(_SLANT)
        beyond = max(self.longest * math.cos(lean), _EDGE) if self.slanted else _EDGE
        self.room = max(rect.width() - _EDGE - beyond, 1.0)
        self.apart = self.room / between
        self.xs = rect.left() + _EDGE + np.arange(len(columns), dtype=np.float64) * self.apart
        head = self.longest * math.sin(lean) + px(10) if self.slanted else px(20)
        self.top, self.bottom = rect.top() + head + px(18), rect.bottom() - px(22) - (px(18) if legend else 0)


def paint_parallel(result: ParallelResult, painter: QPainter, rect: QRectF, theme: Theme) -> None:
    """Axes with names and ends, and the rows over them; very many rows are thinned evenly, and that is said."""
    columns = axes_of(result)
    if not columns:
        return
    if result.apart:
        paint_radars(result, painter, rect, theme)
        return
    face, px, legend = font("caption", scale=theme.scale), theme.px, bool(result.roles)
    plan = _Plan(columns, rect, theme, legend)
    parts = [scaled(column) for column in columns]
    count = len(result.table)
    chosen = np.unique(np.linspace(0, count - 1, min(count, _MOST_ROWS)).astype(int)) if count else np.empty(0, int)
    shares = np.column_stack([part[0] for part in parts])[chosen].astype(np.float64)
    ys = plan.bottom - shares * (plan.bottom - plan.top)
    for index, pen in _pens(result, chosen, theme):
        painter.setPen(pen)
        for part in polygons(plan.xs, np.asarray(ys[index], np.float64)):
            painter.drawPolyline(part)
    for x, column, (_values, low, high) in zip(plan.xs, columns, parts):
        painter.setPen(QPen(theme.strong, 1))
        painter.drawLine(QPointF(round(x) + 0.5, plan.top), QPointF(round(x) + 0.5, plan.bottom))
        _paint_name(painter, column, float(x), rect, plan, theme)
        width = max(plan.apart - 2, 44)
        for y, text in ((plan.top - px(18), high), (plan.bottom + 4, low)):
            box = QRectF(x - width / 2, y, width, px(16))
            text_in(painter, box, text, face, theme.t2, Qt.AlignmentFlag.AlignHCenter)
    if legend:
        _paint_legend(painter, result, rect, theme)
    if len(chosen) < count:
        note = QRectF(rect.left(), rect.bottom() - px(18), rect.width(), px(16))
        said = f"{format_count(len(chosen))} / {format_count(count)}"
        text_in(painter, note, said, face, theme.t3, Qt.AlignmentFlag.AlignRight)


def _paint_name(painter: QPainter, column: Column, x: float, rect: QRectF, plan: _Plan, theme: Theme) -> None:
    face, high = font("strong_caption", scale=theme.scale), theme.px(16)
    if not plan.slanted:
        width = max(plan.apart, 60)
        box = QRectF(x - width / 2, rect.top(), width, high)
        text_in(painter, box, named(column), face, theme.t1, Qt.AlignmentFlag.AlignHCenter)
        return
    painter.save()
    painter.translate(x, plan.top - theme.px(20))
    painter.rotate(-_SLANT)
    box = QRectF(0, -high / 2 - 2, plan.longest + 1, high)
    text_in(painter, box, named(column), face, theme.t1, elide=Qt.TextElideMode.ElideMiddle)
    painter.restore()


def _paint_legend(painter: QPainter, result: ParallelResult, rect: QRectF, theme: Theme) -> None:
    """The levels with their colours, from the left."""
    face, px = font("caption", scale=theme.scale), theme.px
    x, y = rect.left() + _EDGE / 2, rect.bottom() - px(9)
    for index, level in enumerate(result.table[result.colour_by].levels):
        painter.setPen(_pen(result, index, theme, 1.0))
        painter.drawLine(QPointF(x, y), QPointF(x + px(14), y))
        width = text_width(level, face) + 1
        text_in(painter, QRectF(x + px(20), y - px(8), width, px(16)), level, face, theme.t1)
        x += px(20) + width + px(16)


def _pens(result: ParallelResult, chosen: np.ndarray, theme: Theme) -> list[tuple[int, QPen]]:
    """Places in `chosen` with their pens, in the order of painting: what stands out lies on top."""
    opacity = min(max(60 / max(len(chosen), 1), 0.08), 0.8)
    if not result.roles:
        colours = _colours(result, chosen, theme)
        return [(place, QPen(faded(colour, opacity), 1.25)) for place, colour in enumerate(colours)]
    values = result.table[result.colour_by].values[chosen]
    found = []
    for index in painted_in(result.roles, len(result.table[result.colour_by].levels)):
        pen = _pen(result, index, theme, opacity)
        found += [(int(place), pen) for place in np.flatnonzero(values == index)]
    return found


def _pen(result: ParallelResult, index: int, theme: Theme, opacity: float) -> QPen:
    """Of a level: in its role's colour, a factual dashed as in curves."""
    out, colour = stands_out(result.roles, index), series_at(result.roles, index, theme).colour
    pen = QPen(colour, 1.75) if out else QPen(faded(colour, opacity), 1.25)
    if role_at(result.roles, index) == "factual":
        pen.setDashPattern([6 / 1.75, 3 / 1.75])
    return pen


def _colours(result: ParallelResult, chosen: np.ndarray, theme: Theme) -> list[QColor]:
    """The colour of each row: series by level, cividis by number, else the first series."""
    if not result.colour_by or result.colour_by not in result.table:
        return [theme.series(0).colour] * len(chosen)
    column = result.table[result.colour_by]
    if column.type is ColumnType.CATEGORY:
        looks = [theme.series(index).colour for index in range(max(len(column.levels), 1))]
        return [looks[int(value)] if value >= 0 else theme.strong for value in column.values[chosen]]
    if column.type is ColumnType.TEXT:
        return [theme.series(0).colour] * len(chosen)
    lut = sequential()
    shares = scaled(column)[0][chosen]
    index = np.clip(np.nan_to_num(shares) * (len(lut) - 1), 0, len(lut) - 1).astype(int)
    picked = [QColor(*(int(part) for part in lut[i])) for i in index]
    return [colour if np.isfinite(share) else theme.strong for colour, share in zip(picked, shares)]
