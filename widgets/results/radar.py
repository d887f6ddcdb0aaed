"""Each counterfactual by itself, round a centre, over the factual that it belongs to: small figures side by side."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from engines.results import ParallelResult
from widgets.kit.painting import text_in, text_width
from widgets.numbers import format_count
from widgets.results.roles import role_at
from widgets.results.spans import axes_of, named, scaled
from widgets.theme import Theme, faded, font

MOST = 24
"""Figures that are drawn; of more the first."""

_INNER = 0.12                   # share of the radius at which the least value of a spoke lies
_APART, _BESIDE = 12, 20        # px over and under a figure, and at its sides
_LEGEND = 0.34                  # most of the width that the names take
_GREY, _DASH = 1.25, (4.0, 2.5)


def pairs_of(result: ParallelResult) -> list[tuple[int, int | None]]:
    """Places of the counterfactuals in the table, each with that of the factual that stands before it, if one does."""
    found: list[tuple[int, int | None]] = []
    factual = None
    for place, level in enumerate(result.table[result.colour_by].values):
        role = role_at(result.roles, int(level))
        if role == "factual":
            factual = place
        elif role == "counterfactual":
            found.append((place, factual))
    return found


def paint_radars(result: ParallelResult, painter: QPainter, rect: QRectF, theme: Theme) -> None:
    """Figures with numbered spokes, and at the right what the numbers are called, with the ends of each."""
    columns, pairs = axes_of(result), pairs_of(result)
    if not columns or not pairs:
        return
    parts = [scaled(column) for column in columns]
    shares = np.column_stack([part[0] for part in parts]).astype(np.float64)
    face, px = font("caption", scale=theme.scale), theme.px
    names = [f"{k + 1}  {named(column)}, {low} to {high}"
             for k, (column, (_, low, high)) in enumerate(zip(columns, parts, strict=True))]
    legend = min(max(text_width(name, face) for name in names) + 1, rect.width() * _LEGEND)
    shown = pairs[:MOST]
    across, down = _grid(len(shown), rect.width() - legend - px(16), rect.height())
    wide, tall = (rect.width() - legend - px(16)) / across, rect.height() / down
    for number, (place, factual) in enumerate(shown):
        box = QRectF(rect.left() + number % across * wide, rect.top() + number // across * tall, wide, tall)
        _paint_one(painter, box, str(number + 1), shares[place], None if factual is None else shares[factual], theme)
    y, left = rect.top(), rect.right() - legend
    for name in names[: int(rect.height() / px(16)) - 3]:
        text_in(painter, QRectF(left, y, legend, px(16)), name, face, theme.t1)
        y += px(16)
    for index, level in enumerate(result.table[result.colour_by].levels):
        if role_at(result.roles, index) != "plain":
            y += px(16)
            painter.setPen(_edge(role_at(result.roles, index), theme))
            painter.drawLine(QPointF(left, y), QPointF(left + px(14), y))
            text_in(painter, QRectF(left + px(20), y - px(8), legend - px(20), px(16)), level, face, theme.t1)
    y += px(10)
    if len(shown) < len(pairs) and y + px(16) <= rect.bottom():
        said = f"{format_count(len(shown))} / {format_count(len(pairs))}"
        text_in(painter, QRectF(left, y, legend, px(16)), said, face, theme.t3)


def _grid(count: int, width: float, height: float) -> tuple[int, int]:
    """Figures across and down, so that they are as large as they can be."""
    def side(across: int) -> float:
        return min(width / across, height / -(-count // across))

    across = max(range(1, count + 1), key=lambda n: (side(n), -n))
    return across, -(-count // across)


def _paint_one(
    painter: QPainter, box: QRectF, title: str, shares: np.ndarray, factual: np.ndarray | None, theme: Theme
) -> None:
    face, px = font("caption", scale=theme.scale), theme.px
    radius = max(min(box.width() / 2 - px(_BESIDE), (box.height() - px(16)) / 2 - px(_APART)), 4.0)
    middle = QPointF(box.center().x(), box.top() + px(16) + (box.height() - px(16)) / 2)
    head = QRectF(middle.x() - radius - px(12), box.top(), box.width() / 2, px(16))     # apart from the first spoke's
    text_in(painter, head, title, font("strong_caption", scale=theme.scale), theme.t1)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.line, 1))
    painter.drawEllipse(middle, radius, radius)
    for k in range(len(shares)):
        painter.setPen(QPen(theme.line, 1))
        painter.drawLine(middle, _at(middle, radius, k, len(shares)))
        if radius >= px(28):
            end = _at(middle, radius + px(7), k, len(shares))
            text_in(painter, QRectF(end.x() - 10, end.y() - 8, 20, 16), str(k + 1), face, theme.t2,
                    Qt.AlignmentFlag.AlignHCenter)
    if factual is not None:
        painter.setPen(_edge("factual", theme))
        painter.drawPolygon(_outline(middle, radius, factual))
    painter.setPen(_edge("counterfactual", theme))
    painter.setBrush(faded(theme.acc, 0.12))
    painter.drawPolygon(_outline(middle, radius, shares))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _edge(role: str, theme: Theme) -> QPen:
    if role == "counterfactual":
        return QPen(theme.acc, 1.75)
    pen = QPen(theme.t2, _GREY)
    pen.setDashPattern(list(_DASH))
    return pen


def _outline(middle: QPointF, radius: float, shares: np.ndarray) -> QPolygonF:
    """Through every spoke that has a value."""
    return QPolygonF([_at(middle, radius * (_INNER + (1 - _INNER) * float(share)), k, len(shares))
                      for k, share in enumerate(shares) if np.isfinite(share)])


def _at(middle: QPointF, radius: float, k: int, count: int) -> QPointF:
    turn = 2 * math.pi * k / count - math.pi / 2
    return middle + QPointF(math.cos(turn), math.sin(turn)) * radius
