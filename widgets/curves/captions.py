"""Words beside lines: their names at the ends, and the box in which the cursor reads them."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from widgets.curves.figures import short_text
from widgets.curves.labels import pushed_apart
from widgets.curves.painting import DrawnLine, DrawnPlot, paint_head
from widgets.kit.painting import rounded, text_in, text_width
from widgets.theme import Theme, faded, font

_SWATCH = 13


def paint_names(painter: QPainter, plot: DrawnPlot, theme: Theme, room: QRectF) -> None:
    """Names beside the ends of the lines, pushed apart; what does not fit is counted in the last line."""
    lines = [line for line in plot.lines if line.named and line.label]
    if not lines or room.width() < 24:
        return
    title, caption = font("caption", weight=600, scale=theme.scale), font("caption", scale=theme.scale)
    row, note = theme.px(15), theme.px(14)
    heights = [float(row + (note if line.note else 0) + 3) for line in lines]
    most = room.height()
    if sum(heights) > most:                        # notes go first, then names
        heights = [float(row)] * len(lines)
        lines = [_without_note(line) for line in lines]
    left_out = 0
    while sum(heights) > most and len(lines) > 1:
        lines, heights, left_out = lines[:-1], heights[:-1], left_out + 1
    if left_out:
        lines, heights, left_out = lines[:-1], heights[:-1], left_out + 1
        most -= row
    wanted = [_name_height(plot, line) for line in lines]
    middles = pushed_apart(wanted, heights, room.top(), room.top() + most)
    for line, middle, height in zip(lines, middles, heights):
        top = middle - height / 2 + 1
        paint_swatch(painter, QPointF(room.left(), top + row / 2), line, theme)
        text = QRectF(room.left() + _SWATCH + 4, top, room.width() - _SWATCH - 4, row)
        text_in(painter, text, line.label, title, theme.t1)
        if line.note:
            text_in(painter, text.translated(0, row - 1).adjusted(0, 0, 0, note - row), line.note, caption, theme.t2)
    if left_out:
        text = QRectF(room.left() + _SWATCH + 4, room.bottom() - row, room.width() - _SWATCH - 4, row)
        text_in(painter, text, f"+{left_out}", caption, theme.t2)


def paint_swatch(painter: QPainter, left_middle: QPointF, line: DrawnLine, theme: Theme) -> None:
    """A disc for what still grows, a short piece of the line for what is at rest."""
    if line.live:
        paint_head(painter, left_middle + QPointF(5, 0), line.colour, theme)
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(line.colour)
    if line.dash:
        for x, width in ((0, 5), (7, 5)):
            rounded(painter, QRectF(left_middle.x() + x, left_middle.y() - 1.5, width, 3), 0, line.colour)
    else:
        rounded(painter, QRectF(left_middle.x(), left_middle.y() - 1.5, 11, 3), 1.5, line.colour)


def paint_readout(
    painter: QPainter, plot: DrawnPlot, theme: Theme, heading: str, rows: Sequence[tuple[DrawnLine, float]], x: float
) -> None:
    """The box beside the cursor: one row a line, the greatest value first."""
    most = 8
    shown = sorted(rows, key=lambda row: -row[1])[:most]
    if not shown:
        return
    name, value = font("caption", scale=theme.scale), font("caption", weight=600, scale=theme.scale)
    texts = [short_text(number) for _line, number in shown]
    pad, line_height = theme.px(10), theme.px(18)
    names = min(max(text_width(line.label, name) for line, _number in shown), theme.px(140))
    width = 2 * pad + _SWATCH + 6 + names + theme.px(24) + max(text_width(text, value) for text in texts)
    more = len(rows) - len(shown)
    height = 2 * pad - 4 + line_height * (len(shown) + 1 + (1 if more else 0))
    place = plot.place
    left = x + 12 if x + 12 + width <= place.right() + 2 else x - 12 - width
    box = QRectF(round(max(left, 2)), round(place.top() - 2), round(width), round(height))
    if theme.dark or theme.high_contrast:
        rounded(painter, box, 6, theme.bg2 if theme.dark else theme.bg1, theme.bg4, theme.border)
    else:
        for reach, opacity in ((2.5, 0.03), (1.5, 0.05)):
            rounded(painter, box.adjusted(-reach, -reach + 1, reach, reach + 1), 7, faded(theme.shadow, opacity))
        rounded(painter, box, 6, theme.bg1, theme.line)
    row = QRectF(box.left() + pad, box.top() + pad - 2, box.width() - 2 * pad, line_height)
    text_in(painter, row, heading, name, theme.t2)
    for (line, _number), text in zip(shown, texts):
        row.translate(0, line_height)
        paint_swatch(painter, QPointF(row.left(), row.center().y()), _at_rest(line), theme)
        label = QRectF(row.left() + _SWATCH + 6, row.top(), names + 1, line_height)
        text_in(painter, label, line.label, name, theme.t1)
        text_in(painter, row, text, value, theme.t1, Qt.AlignmentFlag.AlignRight)
    if more:
        row.translate(0, line_height)
        text_in(painter, row.adjusted(_SWATCH + 6, 0, 0, 0), f"+{more}", name, theme.t2)


def _name_height(plot: DrawnPlot, line: DrawnLine) -> float:
    if line.end is None:
        return plot.place.top()
    y = plot.y.to_pixel(line.end[1])
    return plot.place.bottom() if math.isnan(y) else min(max(y, plot.place.top()), plot.place.bottom())


def _without_note(line: DrawnLine) -> DrawnLine:
    return DrawnLine(line.label, line.colour, line.smooth, dash=line.dash, end=line.end, live=line.live)


def _at_rest(line: DrawnLine) -> DrawnLine:
    return DrawnLine(line.label, line.colour, line.smooth, dash=line.dash)
