"""The groove of a do-slider as painting: histogram, tick, bar, hatching beyond the data, three shapes of knob."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from widgets.controls.row import How
from widgets.controls.slider_state import SliderState
from widgets.kit.painting import rounded
from widgets.theme import Theme, faded

HISTOGRAM = 24
GROOVE = 3
BAR = 4
TICK = 18


def paint_groove(painter: QPainter, line: QRectF, state: SliderState, theme: Theme, *, focused: bool = False) -> None:
    """Everything on the groove. `line` is the groove itself: its width is the span, on its middle lies the knob."""
    _paint_histogram(painter, line, state, theme)
    _paint_line(painter, line, state, theme)
    y = line.center().y()
    knob = line.left() + state.share(state.value) * line.width()
    if state.spread is not None:
        ends = [line.left() + state.share(end) * line.width() for end in state.spread]
        painter.fillRect(QRectF(ends[0], y - 4, max(ends[1] - ends[0], 1), 8), faded(theme.acc, 0.22))
    if state.factual is not None:
        tick = line.left() + state.share(state.factual) * line.width()
        if state.how in ("do", "held", "follows"):
            left, right = sorted((tick, knob))
            painter.fillRect(QRectF(left, y - BAR / 2, right - left, BAR), theme.acc)
        painter.fillRect(QRectF(round(tick) - 1, round(y - TICK / 2), 2, TICK), theme.t1)
    paint_knob(painter, QPointF(knob, y), state.how, theme, focused=focused)


def paint_knob(painter: QPainter, centre: QPointF, how: How, theme: Theme, *, focused: bool = False) -> None:
    """Filled with a rim = set; accent ring = follows; grey ring = free. The shape says it without the colour."""
    if how in ("do", "held"):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.bg1)
        painter.drawEllipse(centre, 10, 10)
        painter.setBrush(theme.acc)
        painter.drawEllipse(centre, 8, 8)
        radius = 8.0
    else:
        ring = {"follows": theme.acc, "setting": theme.ink}.get(how, theme.strong)
        painter.setPen(QPen(ring, 2))
        painter.setBrush(theme.bg1)
        painter.drawEllipse(centre, 6.5, 6.5)
        radius = 7.5
    if focused:
        painter.setPen(QPen(theme.ink, 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(centre, radius + 3, radius + 3)


def _paint_histogram(painter: QPainter, line: QRectF, state: SliderState, theme: Theme) -> None:
    most = max(state.histogram, default=0)
    if most <= 0:
        return
    left, right = (line.left() + state.share(end) * line.width() for end in (state.low, state.high))
    step = (right - left) / len(state.histogram)
    bottom = round(line.center().y()) - 5
    gap = 1 if step >= 4 else 0
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for index, count in enumerate(state.histogram):
        height = round(count / most * HISTOGRAM)
        if count > 0:
            x, end = round(left + index * step), round(left + (index + 1) * step)
            painter.fillRect(QRectF(x, bottom - max(height, 1), max(end - x - gap, 1), max(height, 1)), theme.bg4)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)


def _paint_line(painter: QPainter, line: QRectF, state: SliderState, theme: Theme) -> None:
    y = line.center().y()
    left, right = (line.left() + state.share(end) * line.width() for end in (state.low, state.high))
    if state.how == "setting":              # nothing was measured of it: there is no beyond
        left, right = line.left(), line.right()
    rounded(painter, QRectF(left, y - GROOVE / 2, right - left, GROOVE), GROOVE / 2, theme.strong)
    for start, end in ((line.left(), left), (right, line.right())):
        if end - start >= 2:
            _hatch(painter, QRectF(start, y - 3, end - start, 6), theme)


def _hatch(painter: QPainter, box: QRectF, theme: Theme) -> None:
    painter.save()
    painter.setClipRect(box)
    painter.setPen(QPen(theme.strong, 1.25))
    x = box.left() - box.height()
    while x < box.right():
        painter.drawLine(QPointF(x, box.bottom()), QPointF(x + box.height(), box.top()))
        x += 4
    painter.restore()
