"""Columns that lie ready as nodes beside the graph until one of them is taken up."""

from __future__ import annotations

from engines.data.kinds import ColumnType, DataKind
from engines.data.roles import Role
from engines.graph.graph import Graph, Node
from studio.workspace import OpenData

_MOST = 24              # so many more than the graph has are shown beside one that has edges
_ACROSS, _DOWN, _GAP = 176.0, 80.0, 40.0

_VARIABLES = (Role.FACTOR, Role.TREATMENT, Role.OUTCOME, Role.COVARIATE, Role.INSTRUMENT)


class ReadyNodes:
    """Keeps where they lie, so that those left stay in place when one is taken up."""

    def __init__(self) -> None:
        self._places: dict[str, tuple[float, float]] = {}

    def names(self, graph: Graph, opened: OpenData | None) -> tuple[str, ...]:
        """The columns that may become nodes and are none yet; none beside a graph of other data."""
        if opened is None or any(name not in opened.data.attributes for name in graph.names):
            return ()
        found = tuple(name for name in usable(opened) if name not in graph)
        return () if graph.edges and len(found) > _MOST else found

    def beside(self, graph: Graph, names: tuple[str, ...]) -> Graph:
        """The graph with the columns that lie ready: in rows below it, or on their own where there is none."""
        if not graph.nodes or any(name not in self._places for name in names):
            places = [node.position for node in graph.nodes if node.position is not None]
            left = min((x for x, _ in places), default=0.0)
            below = max((y + _DOWN + _GAP for _, y in places), default=0.0)
            across = max(round(len(names) ** 0.5), 2)
            self._places = {
                name: (left + _ACROSS * (i % across), below + _DOWN * (i // across)) for i, name in enumerate(names)
            }
        for name in names:
            graph = graph.with_node(Node(name, frozenset(), self._places[name]))
        return graph

    def without(self, drawn: Graph, names: tuple[str, ...]) -> Graph:
        """What was drawn, without the columns that still lie as they lay: a mark, an edge or a move takes one up."""
        for name in names:
            if name not in drawn:
                continue
            untouched = drawn.node(name) == Node(name, frozenset(), self._places.get(name))
            if untouched and not any(name in edge.pair for edge in drawn.edges):
                drawn = drawn.without_node(name)
        return drawn


def usable(opened: OpenData) -> tuple[str, ...]:
    """Columns that can be nodes: the factors, of pictures the class as well, of tables what is asked about as well."""
    roles = (Role.FACTOR, Role.LABEL) if opened.data.kind is DataKind.IMAGES else _VARIABLES
    return tuple(column.name for column in opened.data.attributes.having(*roles) if column.type is not ColumnType.TEXT)
