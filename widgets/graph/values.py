"""What the canvas shows besides the graph itself: plain immutable values, no Qt but the live picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import pairwise

from PySide6.QtGui import QImage

from engines.graph.compare import Comparison
from engines.graph.graph import Edge, Graph
from engines.graph.knowledge import Knowledge
from engines.graph.separation import Path


class How(StrEnum):
    """How a node has its value in the world that is shown."""

    FREE = "free"
    SET = "set"
    FOLLOWS = "follows"
    UNAFFECTED = "unaffected"


@dataclass(frozen=True)
class Slider:
    """The mini slider of a node that is a control; both places are fractions of its range, 0 to 1."""

    position: float
    factual: float


@dataclass(frozen=True)
class NodeState:
    """What a model says about a node now.

    Attributes:
        value: The factual value with its unit, as "2.10 px".
        counterfactual: The value in the other world; empty where it is the same.
        change: The signed change, as "+101"; empty where there is none.
        how: Set by the analyst, following, not affected, or free.
        slider: Places of knob and factual tick where the node is a control.
        noise: The abducted noise as text, shown on hover; None where the node has no noise mark.
        picture: The live picture of a picture node.
    """

    value: str = ""
    counterfactual: str = ""
    change: str = ""
    how: How = How.FREE
    slider: Slider | None = None
    noise: str | None = None
    picture: QImage | None = None

    @property
    def changed(self) -> bool:
        return self.how in (How.SET, How.FOLLOWS)


Plain = tuple[str, str, str, str]


def plain(edge: Edge) -> Plain:
    """Names and ends of an edge, the same however it is stored."""
    seen = edge.seen_from(min(edge.pair))
    return seen.source, seen.target, seen.at_source, seen.at_target


@dataclass(frozen=True)
class Lit:
    """Paths drawn over the graph; everything off them fades.

    Attributes:
        paths: Each path as its nodes in order.
        blocked: Nodes at which a path is blocked; they carry a bar.
        edges: The edges they run along, by `plain`; if empty, all between neighbours on a path.
        alarm: Whether what is lit stands in the way of an answer: drawn in the colour of errors, nodes with its sign.
    """

    paths: tuple[tuple[str, ...], ...] = ()
    blocked: frozenset[str] = frozenset()
    edges: frozenset[Plain] = frozenset()
    alarm: bool = False

    @staticmethod
    def of(paths: Iterable[Path]) -> Lit:
        """The open ones of some paths; if all are blocked, all of them with the nodes that block."""
        every = tuple(paths)
        told = tuple(path for path in every if path.open) or every
        return Lit(
            tuple(path.nodes for path in told),
            frozenset(name for path in told for name in path.blocked_at),
            frozenset(plain(edge) for path in told for edge in path.edges),
        )

    @staticmethod
    def obstacle(paths: Iterable[Path]) -> Lit:
        """Paths that together stand in the way of an answer."""
        return replace(Lit.of(paths), alarm=True)

    def __contains__(self, name: str) -> bool:
        return any(name in path for path in self.paths)

    def has_edge(self, edge: Edge) -> bool:
        if self.edges:
            return plain(edge) in self.edges
        return any(pair in (edge.pair, edge.pair[::-1]) for path in self.paths for pair in pairwise(path))


@dataclass(frozen=True)
class Showing:
    """Everything that decides how a graph is drawn, besides the graph.

    Attributes:
        states: What a model says, by node name.
        do_view: Cut the edges into nodes that are set, and show noise marks.
        selection: Selected nodes, in the order of selecting.
        edge: The selected edge, as its nodes.
        comparison: Another graph to compare with; edges only there are drawn as well.
        knowledge: Required and forbidden edges, by nodes; they are drawn although the graph has none of them.
        cycle: Nodes of a cycle that was refused, the first repeated at the end.
        wish: The refused edge.
        lit: Paths lit up.
        doubted: Pairs without an edge that the data tie together all the same.
        offered: Nodes that lie ready but are not taken up yet.
        least_frequency: Edges that came back less often fade.
    """

    states: Mapping[str, NodeState] = field(default_factory=dict)
    do_view: bool = True
    selection: tuple[str, ...] = ()
    edge: tuple[str, str] | None = None
    comparison: Comparison | None = None
    knowledge: Knowledge = Knowledge()
    cycle: tuple[str, ...] = ()
    wish: Edge | None = None
    lit: Lit | None = None
    doubted: frozenset[tuple[str, str]] = frozenset()
    offered: frozenset[str] = frozenset()
    least_frequency: float = 0.0

    def state(self, name: str) -> NodeState:
        return self.states.get(name, _NOTHING)

    def is_set(self, name: str) -> bool:
        return self.state(name).how is How.SET

    def carries(self, edge: Edge) -> bool:
        """Whether the edge brings a change: from a changed node into one that follows."""
        if not edge.directed:
            return False
        return self.state(edge.source).changed and self.state(edge.target).how is How.FOLLOWS

    def with_(self, **changes: object) -> Showing:
        return replace(self, **changes)  # type: ignore[arg-type]


_NOTHING = NodeState()


def told_by_edge(graph: Graph, showing: Showing) -> frozenset[str]:
    """Nodes whose change came by one edge only, which therefore carries it; others tell it themselves."""
    if not showing.states:
        return frozenset()
    brought = Counter(edge.target for edge in graph.edges if showing.carries(edge))
    return frozenset(name for name, edges in brought.items() if edges == 1)


def cut_edges(graph: Graph, showing: Showing) -> frozenset[int]:
    """Indices of the edges with an arrowhead into a node that is set, in the do view."""
    done = [name for name in graph.names if showing.is_set(name)]
    if not showing.do_view or not done:
        return frozenset()
    kept = set(graph.under(done).edges)
    return frozenset(i for i, edge in enumerate(graph.edges) if edge not in kept)
