"""What a pressed button becomes: panning, a band, moving nodes, drawing an edge, dragging a mini slider.

A gesture lives from press to release. It speaks to the canvas through its public interface and paints over it what
only exists while the hand moves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QApplication

from engines.graph.graph import End
from widgets.graph import edits, marks
from widgets.graph.geometry import HEAD, SNAP
from widgets.graph.marks_menu import ask_marks
from widgets.graph.tools import Tool
from widgets.theme import Theme, faded

if TYPE_CHECKING:
    from widgets.graph.canvas import GraphCanvas


class Gesture:
    """One press, what moves after it, and its release."""

    def __init__(self, canvas: GraphCanvas) -> None:
        self.canvas = canvas

    def at(self, event: QMouseEvent) -> QPointF:
        """The pointer in the scene, to a fraction of a pixel."""
        return self.canvas.scene_point(event.position())

    def moved(self, event: QMouseEvent) -> None:
        """The pointer moved."""

    def released(self, event: QMouseEvent) -> None:
        """The button was let go."""

    def paint(self, painter: QPainter, theme: Theme) -> None:
        """Paint over the drawing, in scene coordinates."""


class Pan(Gesture):
    """The drawing follows the hand."""

    def __init__(self, canvas: GraphCanvas, start: QPointF) -> None:
        super().__init__(canvas)
        self._last = start

    def moved(self, event: QMouseEvent) -> None:
        step = event.position() - self._last
        whole = QPointF(round(step.x()), round(step.y()))
        self.canvas.pan(whole.x(), whole.y())
        self._last += whole


class Band(Gesture):
    """A rectangle that selects the nodes it touches; a click without one selects nothing."""

    def __init__(self, canvas: GraphCanvas, start: QPointF, keep: tuple[str, ...]) -> None:
        super().__init__(canvas)
        self._start, self._end, self._keep = start, start, keep

    def moved(self, event: QMouseEvent) -> None:
        self._end = event.position()
        self.canvas.select((*self._keep, *(name for name in self._inside() if name not in self._keep)))

    def released(self, event: QMouseEvent) -> None:
        self.moved(event)

    def paint(self, painter: QPainter, theme: Theme) -> None:
        painter.save()
        painter.resetTransform()
        painter.setPen(marks.pen(theme.ink, 1))
        painter.setBrush(faded(theme.ink, 0.06))
        painter.drawRect(QRectF(self._start, self._end).normalized())
        painter.restore()

    def _inside(self) -> list[str]:
        inverse, _ = self.canvas.viewportTransform().inverted()
        band = inverse.mapRect(QRectF(self._start, self._end).normalized())
        if band.width() < 1 and band.height() < 1:
            return []
        return [name for name, box in self.canvas.geometry_of_graph().boxes.items() if band.intersects(box)]


class Move(Gesture):
    """The selected nodes follow the hand; the one that was grabbed lands on the grid of 8, with Alt anywhere."""

    def __init__(self, canvas: GraphCanvas, name: str, event: QMouseEvent, *, alone: bool) -> None:
        super().__init__(canvas)
        self.names = canvas.selection()
        self.under_way = False
        self._name, self._alone = name, alone
        self._press, self._start = event.position(), self.at(event)
        geometry = canvas.geometry_of_graph()
        self._places = {n: geometry.centre(n) for n in self.names}

    def moved(self, event: QMouseEvent) -> None:
        far = (event.position() - self._press).manhattanLength()
        self.under_way = self.under_way or far >= QApplication.startDragDistance() / 2
        if not self.under_way:
            return
        by = self.at(event) - self._start
        x, y = self._places[self._name]
        to = (x + by.x(), y + by.y())
        if not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            to = (round(to[0] / SNAP) * SNAP, round(to[1] / SNAP) * SNAP)
        dx, dy = to[0] - x, to[1] - y
        self.canvas.drag_to({n: (px + dx, py + dy) for n, (px, py) in self._places.items()})

    def released(self, _event: QMouseEvent) -> None:
        if not self.under_way:
            if self._alone and len(self.names) > 1:
                self.canvas.select((self._name,))
            if self._alone and self.canvas.is_offered(self._name):
                self.canvas.take_up_wished.emit((self._name,))
            return
        geometry = self.canvas.geometry_of_graph()
        places = {n: geometry.centre(n) for n in self.names}
        if places != self._places:
            self.canvas.wish(edits.move(self.canvas.graph(), places))


class Connect(Gesture):
    """An edge is drawn from a node to the node under the pointer."""

    def __init__(self, canvas: GraphCanvas, source: str) -> None:
        super().__init__(canvas)
        self._source = source
        self._end: QPointF | None = None

    def moved(self, event: QMouseEvent) -> None:
        self._end = self.at(event)

    def released(self, event: QMouseEvent) -> None:
        target = self._target(self.at(event))
        if target is not None:
            self.canvas.select((self._source, target))
            self.canvas.join(self._source, target, self.canvas.tool())

    def paint(self, painter: QPainter, theme: Theme) -> None:
        if self._end is None:
            return
        boxes = self.canvas.geometry_of_graph().boxes
        start = boxes[self._source].center()
        target = self._target(self._end)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(marks.pen(theme.ink, 2))
        for name in (self._source, target):
            if name is not None:
                painter.drawRoundedRect(boxes[name].adjusted(-4, -4, 4, 4), 12, 12)
        painter.setPen(marks.pen(theme.ink, 1.5, (4, 3)))
        painter.drawLine(start, self._end)
        way = self._end - start
        length = (way.x() ** 2 + way.y() ** 2) ** 0.5
        if self.canvas.tool().edge("a", "b").at_target is End.ARROW and length > HEAD:
            into = (way.x() / length, way.y() / length)
            marks.head(painter, (self._end.x(), self._end.y()), into, theme.ink, None, HEAD)

    def _target(self, at: QPointF) -> str | None:
        name = self.canvas.geometry_of_graph().node_at(at.x(), at.y(), 6)
        return name if name != self._source else None


class Slide(Gesture):
    """The mini slider of a node follows the hand."""

    def __init__(self, canvas: GraphCanvas, name: str) -> None:
        super().__init__(canvas)
        self._name = name

    def moved(self, event: QMouseEvent) -> None:
        self.canvas.slider_moved.emit(self._name, self._fraction(event))

    def released(self, event: QMouseEvent) -> None:
        self.canvas.slider_released.emit(self._name, self._fraction(event))

    def _fraction(self, event: QMouseEvent) -> float:
        groove = self.canvas.geometry_of_graph().groove(self._name)
        return min(max((self.at(event).x() - groove.left()) / groove.width(), 0.0), 1.0)


def gesture_for(canvas: GraphCanvas, event: QMouseEvent) -> Gesture | None:
    """What a press of the left button begins with the tool in hand; None where the click itself was all."""
    at = canvas.scene_point(event.position())
    name = canvas.geometry_of_graph().node_at(at.x(), at.y())
    tool = canvas.tool() if canvas.editable() else Tool.SELECT
    if tool.draws_edges:
        return Connect(canvas, name) if name is not None else None
    if tool is Tool.NODE and name is None:
        canvas.add_node_at(at)
        return None
    if tool is Tool.END:
        canvas.turn_end_at(at)
        return None
    if tool is Tool.ROLES and name is not None:
        ask_marks(canvas, name)
        return None
    return _selecting(canvas, event, at, name)


def _selecting(canvas: GraphCanvas, event: QMouseEvent, at: QPointF, name: str | None) -> Gesture | None:
    adding = bool(event.modifiers() & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier))
    chosen = canvas.selection()
    if name is None:
        edge = canvas.geometry_of_graph().edge_at(at.x(), at.y(), canvas.reach(5))
        if edge is None:
            return Band(canvas, event.position(), keep=chosen if adding else ())
        canvas.select((), canvas.graph().edges[edge].pair)
        return None
    if canvas.slider_at(at) is not None:
        canvas.select((name,))
        slide = Slide(canvas, name)
        slide.moved(event)
        return slide
    if adding and name in chosen:
        canvas.select(tuple(n for n in chosen if n != name))
        return None
    if adding or name not in chosen:
        canvas.select((*chosen, name) if adding else (name,))
    if not canvas.editable():
        return None
    return Move(canvas, name, event, alone=not adding)
