"""The graph as a list: each node with its marks, its parents and its children, found by name."""

from __future__ import annotations

from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from engines.graph.graph import Graph
from studio.panels.graph_pages import Around
from widgets.kit.line_list import Line, LineList
from widgets.kit.search_field import SearchField


class NeighboursPage(QWidget):
    """A field to search by name over the nodes; the one that is looked at is selected on the canvas and in sight."""

    def __init__(self, around: Around, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._around = around
        self._names: list[str] = []
        self._field = SearchField(self.tr("Find a node"))
        self._field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._list = LineList(self.tr("Nodes, their causes and effects"))
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 4, 12, 8)
        column.setSpacing(6)
        column.addWidget(self._field)
        column.addWidget(self._list, 1)
        self.setFocusProxy(self._field)
        self._field.textChanged.connect(self._refresh)
        self._field.returnPressed.connect(self._next)
        self._list.looked_at.connect(self._look)
        around.workspace.graph_changed.connect(self._refresh)
        self._refresh()

    def _refresh(self, *_: object) -> None:
        graph, wanted = self._around.workspace.graph, self._field.text().casefold()
        self._names = [name for name in graph.names if wanted in name.casefold()]
        self._list.set_lines([self._line(graph, name) for name in self._names])

    def _next(self) -> None:
        """Enter in the field: the next node that was found, then the first again."""
        if self._names:
            self._list.look_at((self._list.current() + 1) % len(self._names))

    def _line(self, graph: Graph, name: str) -> Line:
        causes, effects = graph.parents(name), graph.children(name)
        told = [
            self.tr("caused by {}").format(", ".join(causes)) if causes else self.tr("no cause drawn"),
            self.tr("causes {}").format(", ".join(effects)) if effects else self.tr("no effect drawn"),
        ]
        return Line(name, "; ".join(told), ", ".join(sorted(graph.node(name).marks)), strong=True)

    def _look(self, row: int) -> None:
        if 0 <= row < len(self._names):
            canvas = self._around.canvas
            canvas.show_node(self._names[row])
