"""A causal graph to look at: the canvas, closed to edits."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QShowEvent
from PySide6.QtWidgets import QWidget

from engines.graph import layout
from engines.graph.graph import Graph
from engines.results import GraphResult
from widgets.graph.canvas import GraphCanvas
from widgets.graph.paint import graph_size, paint_graph
from widgets.theme import Theme


class GraphView(GraphCanvas):
    """Zoom, pan and select as in the Graph panel, without edits. Nodes without a place are laid out."""

    def __init__(self, result: GraphResult, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._result = result
        self._fitted = False
        self.set_editable(False)
        self.set_graph(layout.completed(result.graph))
        self.setAccessibleName(result.title)

    def result(self) -> GraphResult:
        return self._result

    def set_result(self, result: GraphResult) -> None:
        """Another graph; nodes that were there stay where they are. The same one again does nothing."""
        if result is self._result:
            return
        before, self._result = self.graph(), result
        self.set_graph(layout.kept(result.graph, before))
        self.setAccessibleName(result.title)
        self.fit()

    def stand_as(self, other: Graph) -> None:
        """Put the nodes where another graph has them, so that both can be compared by eye."""
        self.set_graph(layout.kept(self._result.graph, other))
        self.fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._fitted:
            self._fitted = True
            self.fit()


def graph_result_size(result: GraphResult) -> tuple[float, float]:
    """Width and height as a figure, px: the graph at 100 %."""
    width, height = graph_size(layout.completed(result.graph), {}, Theme.of("light"))
    return min(max(width, 200), 1600), min(max(height, 120), 1200)


def paint_graph_result(result: GraphResult, painter: QPainter, rect: QRectF, theme: Theme) -> None:
    """The graph as large as it fits."""
    paint_graph(painter, layout.completed(result.graph), {}, theme, rect)
