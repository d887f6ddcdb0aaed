"""A canvas whose wishes are granted, as a panel grants them, and what it told."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engines.graph.graph import Edge, Graph, Mark, Node
from widgets.graph.canvas import GraphCanvas
from widgets.graph.values import How, NodeState, Slider

PLACES = {"thickness": (140.0, 120.0), "intensity": (256.0, 216.0), "digit": (140.0, 296.0), "image": (440.0, 204.0)}
GRAPH = Graph(
    tuple(
        Node(name, frozenset({Mark.OUTCOME}) if name == "image" else frozenset(), place)
        for name, place in PLACES.items()
    ),
    (Edge("thickness", "image"), Edge("thickness", "intensity"), Edge("intensity", "image"), Edge("digit", "image")),
)
ON_ROOT = {
    "thickness": NodeState("2.10 px", "3.40 px", "+1.30", How.SET, Slider(0.5, 0.25), "0.31"),
    "intensity": NodeState("131", "232", "+101", How.FOLLOWS, Slider(0.9, 0.35), "−0.20"),
    "digit": NodeState("5", how=How.UNAFFECTED),
    "image": NodeState(how=How.FOLLOWS),
}
ON_CHILD = {
    "thickness": NodeState("3.20 px", how=How.UNAFFECTED, slider=Slider(0.45, 0.45), noise="0.31"),
    "intensity": NodeState("222", "96", "−126", How.SET, Slider(0.2, 0.8), "−0.20"),
    "digit": NodeState("3", how=How.UNAFFECTED),
    "image": NodeState(how=How.FOLLOWS),
}


class Hand:
    """The analyst's hand over a canvas, and a record of what the canvas told."""

    def __init__(self, canvas: GraphCanvas) -> None:
        self.canvas = canvas
        self.told: list[tuple] = []
        for name in (
            "edit_wished", "selection_changed", "slider_moved", "slider_released", "do_wished", "freed",
            "cycle_refused", "name_refused", "tool_changed",
        ):
            getattr(canvas, name).connect(self._note(name))

    def _note(self, name: str) -> Callable[..., None]:
        return lambda *values: self.told.append((name, *values))

    def names_told(self) -> list[str]:
        return [note[0] for note in self.told]

    def last(self, name: str) -> tuple:
        return next(note[1:] for note in reversed(self.told) if note[0] == name)

    def spot(self, name: str, dx: float = 0, dy: float = 0) -> QPoint:
        """A point of the viewport, relative to a node's centre."""
        centre = QPointF(*self.canvas.geometry_of_graph().centre(name)) + QPointF(dx, dy)
        return self.canvas.mapFromScene(centre)

    def click(self, at: QPoint, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.mouseClick(self.canvas.viewport(), Qt.MouseButton.LeftButton, modifier, at)

    def drag(
        self, start: QPoint, *stops: QPoint, button: Qt.MouseButton = Qt.MouseButton.LeftButton,
        modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    ) -> None:
        self.press(start, button, modifier)
        for stop in stops:
            QTest.mouseMove(self.canvas.viewport(), stop)
        QTest.mouseRelease(self.canvas.viewport(), button, modifier, stops[-1])

    def press(
        self, at: QPoint, button: Qt.MouseButton = Qt.MouseButton.LeftButton,
        modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    ) -> None:
        QTest.mousePress(self.canvas.viewport(), button, modifier, at)

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.canvas, key, modifier)


@pytest.fixture
def hand(dressed: QApplication, qtbot: QtBot) -> Hand:
    canvas = GraphCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(640, 420)
    canvas.set_graph(GRAPH)
    with qtbot.waitExposed(canvas):
        canvas.show()
    canvas.edit_wished.connect(lambda graph, _sentence: canvas.set_graph(graph))
    canvas.setFocus()
    return Hand(canvas)
