"""What all readers share: the place of an error, and a graph that grows node by node and edge by edge."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from engines.graph.graph import Edge, End, Graph, Mark, Node
from engines.refusals import Refusal

MOST_NODES, MOST_EDGES = 5_000, 20_000
MARKS = {str(mark): mark for mark in Mark}
ENDS = {str(end): end for end in End}


@dataclass(frozen=True)
class Place:
    """A file, and the line in it that is being read."""

    name: str
    line: int = 0

    def at(self, line: int) -> Place:
        return replace(self, line=line)

    def refusal(self, sentence: str, cause: str = "") -> Refusal:
        """A refusal that names the file and, when one is known, the line."""
        where = f"{self.name}, line {self.line}" if self.line else self.name
        return Refusal(f"{where}: {sentence}", cause, about=(self.name,))


class Builder:
    """Collects nodes and edges; what is told twice in the same way counts once, what contradicts is refused."""

    def __init__(self) -> None:
        self._nodes: dict[str, Node] = {}
        self._edges: dict[tuple[frozenset[str], bool], tuple[Edge, int]] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._nodes

    def joins(self, edge: Edge) -> bool:
        """Whether there is an edge of the same sort between the two nodes."""
        return (frozenset(edge.pair), edge.bidirected) in self._edges

    def node(
        self,
        name: str,
        place: Place,
        *,
        marks: Iterable[Mark] = (),
        position: tuple[float, float] | None = None,
    ) -> None:
        """Add a node, or add to what is known of it."""
        if not name:
            raise place.refusal("a node has no name.")
        old = self._nodes.get(name, Node(name))
        if len(self._nodes) == MOST_NODES and name not in self._nodes:
            raise place.refusal(f"more than {MOST_NODES:,} nodes.", "It is probably not a graph of causes.")
        self._nodes[name] = Node(name, old.marks | frozenset(marks), position or old.position)

    def edge(self, edge: Edge, place: Place) -> None:
        """Add an edge; its nodes are added when they are new."""
        for name in edge.pair:
            self.node(name, place)
        if edge.source == edge.target:
            raise place.refusal(f"{edge.source} points to itself.", "A graph has no loops.")
        key = frozenset(edge.pair), edge.bidirected
        if len(self._edges) == MOST_EDGES and key not in self._edges:
            raise place.refusal(f"more than {MOST_EDGES:,} edges.", "It is probably not a graph of causes.")
        if key not in self._edges:
            self._edges[key] = edge, place.line
            return
        known, line = self._edges[key]
        again = edge.seen_from(known.source)
        for mine, theirs in zip(_told(known), _told(again)):
            if mine is not None and theirs is not None and mine != theirs:
                raise place.refusal(
                    f"{edge.source} and {edge.target} are joined a second time, in another way.",
                    f"The first time is in line {line}." if line else "",
                )
        weight = known.weight if known.weight is not None else again.weight
        frequency = known.frequency if known.frequency is not None else again.frequency
        self._edges[key] = replace(known, weight=weight, frequency=frequency), line

    def graph(self) -> Graph:
        return Graph(tuple(self._nodes.values()), tuple(edge for edge, _ in self._edges.values()))


def _told(edge: Edge) -> tuple[End, End, float | None, float | None]:
    return edge.at_source, edge.at_target, edge.weight, edge.frequency


def number(text: object, place: Place, what: str) -> float | None:
    """A finite number from text or a plain value; None for nothing."""
    if text is None or text == "":
        return None
    try:
        value = float(str(text))
    except ValueError:
        value = math.nan
    if isinstance(text, bool) or not math.isfinite(value):
        raise place.refusal(f"{what} is {str(text)[:40]!r}, not a number.")
    return value


def position(x: object, y: object, place: Place) -> tuple[float, float] | None:
    """A position from two values; None if one is missing."""
    across, down = number(x, place, "x"), number(y, place, "y")
    return None if across is None or down is None else (across, down)


def marks_from(text: str, place: Place) -> list[Mark]:
    """Marks from a list with commas or spaces."""
    words = text.replace(",", " ").split()
    for word in words:
        if word not in MARKS:
            raise place.refusal(f"{word[:40]!r} is not a mark of a node.", f"Marks are {', '.join(MARKS)}.")
    return [MARKS[word] for word in words]


def end_from(text: object, place: Place, default: End) -> End:
    """An end mark from its name."""
    if text is None or text == "":
        return default
    if str(text) not in ENDS:
        raise place.refusal(f"{str(text)[:40]!r} is not an end of an edge.", f"Ends are {', '.join(ENDS)}.")
    return ENDS[str(text)]


def decimal(value: float) -> str:
    """A number as text that reads back to the same bits; whole ones without a fraction."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 and math.copysign(1, value) > 0 else repr(
        float(value)
    )


def listed(marks: Iterable[Mark]) -> str:
    return ",".join(sorted(str(mark) for mark in marks))
