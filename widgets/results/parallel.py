"""Rows across several axes, coloured by one of the columns."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from engines.data.kinds import Column, ColumnType, Table
from engines.results import ParallelResult
from widgets.curves.figures import short_text
from widgets.curves.strokes import polygons
from widgets.kit.painting import text_in
from widgets.numbers import format_count
from widgets.results.frame import PaintedView
from widgets.theme import Theme, faded, font, sequential

_MOST_ROWS = 2000


class ParallelView(PaintedView):
    """One axis a column, one line a row."""

    def paint(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        paint_parallel(self._result, painter, rect, theme)

    def figure_size(self) -> tuple[float, float]:
        return parallel_size(self._result)


def parallel_size(_result: ParallelResult) -> tuple[float, float]:
    """Width and height as a figure, px: the width of a page."""
    return 643.0, 300.0


def axes_of(table: Table) -> list[Column]:
    """The columns that can be axes: numbers and categories."""
    return [column for column in table.columns if column.type is not ColumnType.TEXT]


def scaled(column: Column) -> tuple[np.ndarray, str, str]:
    """(n,) values of a column in [0, 1], NaN where missing, and the texts at both ends."""
    values = np.where(column.missing, np.nan, column.values.astype(np.float64))
    if column.type is ColumnType.CATEGORY:
        last = max(len(column.levels) - 1, 1)
        return values / last, column.levels[0] if column.levels else "", column.levels[-1] if column.levels else ""
    good = values[np.isfinite(values)]
    low, high = (float(good.min()), float(good.max())) if len(good) else (0.0, 1.0)
    span = high - low if high > low else 1.0
    shares = (values - low) / span if high > low else np.where(np.isfinite(values), 0.5, np.nan)
    return np.where(np.isfinite(shares), shares, np.nan), short_text(low), short_text(high)


def paint_parallel(result: ParallelResult, painter: QPainter, rect: QRectF, theme: Theme) -> None:
    """Axes with names and ends, and the rows over them; very many rows are thinned evenly, and that is said."""
    columns = axes_of(result.table)
    if not columns:
        return
    face, title = font("caption", scale=theme.scale), font("strong_caption", scale=theme.scale)
    parts = [scaled(column) for column in columns]
    count = len(result.table)
    chosen = np.unique(np.linspace(0, count - 1, min(count, _MOST_ROWS)).astype(int)) if count else np.empty(0, int)
    top, bottom = rect.top() + theme.px(38), rect.bottom() - theme.px(22)
    room = rect.width() - 80
    xs = rect.left() + 40 + np.arange(len(columns), dtype=np.float64) * (room / max(len(columns) - 1, 1))
    shares = np.column_stack([part[0] for part in parts])[chosen].astype(np.float64)
    ys = bottom - shares * (bottom - top)
    opacity = min(max(60 / max(len(chosen), 1), 0.08), 0.8)
    for row, colour in zip(ys, _colours(result, chosen, theme)):
        painter.setPen(QPen(faded(colour, opacity), 1.25))
        for part in polygons(xs, np.asarray(row, np.float64)):
            painter.drawPolyline(part)
    for x, column, (_values, low, high) in zip(xs, columns, parts):
        painter.setPen(QPen(theme.strong, 1))
        painter.drawLine(QPointF(round(x) + 0.5, top), QPointF(round(x) + 0.5, bottom))
        width = max(room / max(len(columns) - 1, 1), 60)
        name = f"{column.name}, {column.unit}" if column.unit else column.name
        for y, text, used, colour in (
            (rect.top(), name, title, theme.t1), (top - theme.px(18), high, face, theme.t2),
            (bottom + 4, low, face, theme.t2),
        ):
            box = QRectF(x - width / 2, y, width, theme.px(16))
            text_in(painter, box, text, used, colour, Qt.AlignmentFlag.AlignHCenter)
    if len(chosen) < count:
        note = QRectF(rect.left(), bottom + 4, rect.width(), theme.px(16))
        said = f"{format_count(len(chosen))} / {format_count(count)}"
        text_in(painter, note, said, face, theme.t3, Qt.AlignmentFlag.AlignRight)


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
