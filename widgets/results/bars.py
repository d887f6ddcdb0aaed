"""One bar a label, with intervals: lying, so that the labels can be read."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from engines.results import BarsResult
from widgets.curves.axis import Axis, padded
from widgets.curves.figures import short_text
from widgets.kit.painting import text_in, text_width
from widgets.numbers import format_count
from widgets.results.frame import PaintedView
from widgets.theme import Theme, font

_ROW, _LEAST_ROW = 26, 16


class BarsView(PaintedView):
    """Bars from zero; the one under the pointer is told with its interval."""

    def paint(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        paint_bars(self._result, painter, rect, theme)

    def tell(self, place: QPointF, rect: QRectF) -> str:
        result = self._result
        row = row_height(len(result.labels), rect.height() - Theme.current().px(24), Theme.current())
        index = int((place.y() - rect.top()) // row)
        if not 0 <= index < len(result.labels):
            return ""
        text = f"{result.labels[index]}: {short_text(float(result.values[index]), 4)}"
        if result.low is not None and result.high is not None:
            ends = short_text(float(result.low[index]), 4), short_text(float(result.high[index]), 4)
            text += self.tr(" ({} to {})").format(*ends)
        return text

    def figure_size(self) -> tuple[float, float]:
        return bars_size(self._result)


def bars_size(result: BarsResult) -> tuple[float, float]:
    """Width and height as a figure, px: one line a bar."""
    return 321.0, min(max(len(result.labels) * 22.0 + 40, 120), 800)


def row_height(count: int, room: float, theme: Theme) -> float:
    """Height of one row: comfortable where there is room, never too low to read."""
    return min(max(room / max(count, 1), theme.px(_LEAST_ROW)), theme.px(_ROW))


def paint_bars(result: BarsResult, painter: QPainter, rect: QRectF, theme: Theme) -> None:
    """Labels, bars, intervals and values; what does not fit is counted in the last line."""
    foot = theme.px(24)
    row = row_height(len(result.labels), rect.height() - foot, theme)
    shown = min(len(result.labels), max(int((rect.height() - foot) // row), 1))
    face, numbers = font("second", scale=theme.scale), font("caption", scale=theme.scale)
    names = min(max((text_width(label, face) for label in result.labels), default=0) + 12, rect.width() * 0.4)
    values = max((text_width(short_text(float(value)), numbers) for value in result.values), default=0.0) + 10
    axis = Axis(*_range(result), rect.left() + names, max(rect.right() - values, rect.left() + names + 16))
    zero = axis.to_pixel(0.0)
    bottom = rect.top() + shown * row
    for tick in axis.ticks(4):
        x = axis.to_pixel(tick.value)
        painter.fillRect(QRectF(round(x), rect.top(), 1, bottom - rect.top()), theme.line)
        place = QRectF(x - 50, bottom + 4, 100, theme.px(16))
        text_in(painter, place, tick.text, numbers, theme.t2, Qt.AlignmentFlag.AlignHCenter)
    for index in range(shown):
        line = QRectF(rect.left(), rect.top() + index * row, names - 10, row)
        text_in(painter, line, result.labels[index], face, theme.t1, Qt.AlignmentFlag.AlignRight)
        _paint_bar(result, index, painter, axis, line, theme)
    painter.fillRect(QRectF(round(zero), rect.top(), 1, bottom - rect.top()), theme.strong)
    unit = QRectF(rect.left(), bottom + 4, rect.width(), theme.px(16))
    text_in(painter, unit, result.unit, numbers, theme.t2, Qt.AlignmentFlag.AlignRight)
    if shown < len(result.labels):
        text_in(painter, unit, f"+{format_count(len(result.labels) - shown)}", numbers, theme.t2)


def _paint_bar(result: BarsResult, index: int, painter: QPainter, axis: Axis, line: QRectF, theme: Theme) -> None:
    value = float(result.values[index])
    face = font("caption", scale=theme.scale)
    middle = line.center().y()
    if not np.isfinite(value):
        place = QRectF(axis.to_pixel(0) + 6, line.top(), 100, line.height())
        text_in(painter, place, short_text(value), face, theme.err)
        return
    left, right = sorted((axis.to_pixel(0.0), axis.to_pixel(value)))
    tall = min(line.height() - 6, theme.px(14))
    painter.fillRect(QRectF(left, middle - tall / 2, max(right - left, 1), tall), theme.series(0).colour)
    end = right
    if result.low is not None and result.high is not None and np.isfinite(result.low[index] + result.high[index]):
        ends = [axis.to_pixel(float(part[index])) for part in (result.low, result.high)]
        for colour, width in ((theme.bg1, 3.5), (theme.t1, 1.5)):
            painter.setPen(QPen(colour, width))
            painter.drawLine(QPointF(ends[0], middle), QPointF(ends[1], middle))
            for x in ends:
                painter.drawLine(QPointF(x, middle - 3), QPointF(x, middle + 3))
        end = max(end, ends[1])
    place = QRectF(end + 6, line.top(), 120, line.height())
    text_in(painter, place, short_text(value), face, theme.t2)


def _range(result: BarsResult) -> tuple[float, float]:
    parts = [part for part in (result.values, result.low, result.high) if part is not None]
    every = np.concatenate([np.zeros(1), *parts])
    good = every[np.isfinite(every)]
    low, high = float(good.min()), float(good.max())
    if low == high:
        return padded(low, high, False)
    return low * 1.05, high * 1.05
