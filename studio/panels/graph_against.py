"""What the graph is compared with just now: what came with the sample, a file, the graph of a run, an earlier state."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from engines.graph.graph import Graph
from engines.results import GraphResult
from studio.project.store import Kind
from studio.runs.runs import Runs
from studio.workspace import GRAPH, Truth, Workspace

_EARLIER = 20           # states that are offered


class Against(QObject):
    """One graph at a time. A graph that is known to be true takes the place when it comes; any other is only looked
    at: it scores no run and is no undo step.
    """

    changed = Signal(object)                # Truth or None

    def __init__(self, workspace: Workspace, runs: Runs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._runs = workspace, runs
        self._current = workspace.truth
        workspace.truth_changed.connect(self.choose)

    @property
    def current(self) -> Truth | None:
        return self._current

    def choose(self, other: Truth | None) -> None:
        """Compare with this, or with nothing."""
        if other != self._current:
            self._current = other
            self.changed.emit(other)

    def known(self) -> Truth | None:
        """The graph that is taken for true."""
        return self._workspace.truth

    def learned(self) -> tuple[Truth, ...]:
        """The graphs of the runs, the newest first."""
        return tuple(
            Truth(info.name, result.graph)
            for info in reversed(self._runs.all()) for result in info.results.values()
            if isinstance(result, GraphResult) and result.graph.nodes
        )

    def earlier(self) -> tuple[Truth, ...]:
        """States of the graph before its last steps, the newest first; those with the same edges are left out."""
        found: list[Truth] = []
        last = _edges(self._workspace.graph)
        for title, plain in self._workspace.history.earlier(Kind.GRAPH, GRAPH):
            graph = Graph() if plain is None else Graph.from_json(plain)
            if graph.nodes and _edges(graph) != last and len(found) < _EARLIER:
                found.append(Truth(self.tr("before “{}”").format(title), graph))
            last = _edges(graph)
        return tuple(found)


def _edges(graph: Graph) -> tuple[object, ...]:
    return graph.names, frozenset((*e.pair, e.at_source, e.at_target) for e in graph.edges)
