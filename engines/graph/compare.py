"""Compare two graphs over the same names: what is only here, only there, and what has other ends; how well they agree.

Every sort of end counts as it is: in a CPDAG a - b and a -> b are one turned edge, in a PAG a o-> b and a -> b as well.
Two edges between the same nodes (a directed one and a hidden cause) count each by itself in the distance, and as one
adjacency.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engines.graph.graph import Edge, End, Graph

_Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class Difference:
    """One edge that differs: as it is here and as it is there; None where it is not."""

    here: Edge | None
    there: Edge | None

    @property
    def pair(self) -> tuple[str, str]:
        found = self.here or self.there
        assert found is not None
        return found.pair


@dataclass(frozen=True)
class Comparison:
    """The differences of a graph ("here") from another ("there").

    Attributes:
        only_here, only_there: Edges between nodes that the other graph does not join in this way.
        turned: Edges as they are here, whose ends differ there.
        turned_from: The same edges as they are there, in the same order.
        nodes_here, nodes_there: Names of nodes that the other graph lacks.
    """

    only_here: tuple[Edge, ...] = ()
    only_there: tuple[Edge, ...] = ()
    turned: tuple[Edge, ...] = ()
    turned_from: tuple[Edge, ...] = ()
    nodes_here: tuple[str, ...] = ()
    nodes_there: tuple[str, ...] = ()

    @property
    def distance(self) -> int:
        """Structural Hamming distance: edges to add, remove or turn; each counts one (Tsamardinos et al. 2006)."""
        return len(self.only_here) + len(self.only_there) + len(self.turned)

    def differences(self) -> tuple[Difference, ...]:
        """Edge by edge: only here, only there, turned."""
        return (
            *(Difference(edge, None) for edge in self.only_here),
            *(Difference(None, edge) for edge in self.only_there),
            *(Difference(here, there) for here, there in zip(self.turned, self.turned_from, strict=True)),
        )

    def sentence(self) -> str:
        """The differences in words."""
        if not self.distance:
            return "Both graphs have the same edges."
        return (
            f"{len(self.only_here)} only here, {len(self.only_there)} only there, {len(self.turned)} turned: "
            f"structural Hamming distance {self.distance}."
        )


@dataclass(frozen=True)
class Hits:
    """How many things are here, there, and in both."""

    both: int
    here: int
    there: int

    @property
    def precision(self) -> float | None:
        """Share of what is here that is there as well; None when nothing is here."""
        return self.both / self.here if self.here else None

    @property
    def recall(self) -> float | None:
        """Share of what is there that is here as well; None when nothing is there."""
        return self.both / self.there if self.there else None


@dataclass(frozen=True)
class Agreement:
    """How well a graph ("here") finds again what another has ("there"), as TETRAD and causal-learn count it.

    Attributes:
        adjacencies: Pairs of nodes that are joined, whatever the ends.
        arrowheads: Arrowheads by node and edge, over all pairs.
        heads_on_common: The same over the pairs that both graphs join: errors of orientation alone.
    """

    adjacencies: Hits
    arrowheads: Hits
    heads_on_common: Hits


def compare(here: Graph, there: Graph) -> Comparison:
    """Differences edge by edge; weights, frequencies, marks and positions do not count.

    Between two nodes the edges that both graphs have are set aside; of what is left, an edge on each side makes one
    that is turned, and the surplus is only here or only there.
    """
    pairs_here, pairs_there = _by_pair(here), _by_pair(there)
    only_here: list[Edge] = []
    only_there: list[Edge] = []
    turned: list[Edge] = []
    turned_from: list[Edge] = []
    for pair in dict.fromkeys((*pairs_here, *pairs_there)):
        mine, theirs = pairs_here.get(pair, {}), pairs_there.get(pair, {})
        left = [edge for key, edge in mine.items() if key not in theirs]
        right = [edge for key, edge in theirs.items() if key not in mine]
        shared = min(len(left), len(right))
        turned += left[:shared]
        turned_from += right[:shared]
        only_here += left[shared:]
        only_there += right[shared:]
    return Comparison(
        tuple(only_here), tuple(only_there), tuple(turned), tuple(turned_from),
        tuple(name for name in here.names if name not in there),
        tuple(name for name in there.names if name not in here),
    )


def agreement(here: Graph, there: Graph) -> Agreement:
    """Adjacencies and arrowheads of two graphs counted."""
    pairs_here, pairs_there = (frozenset(frozenset(e.pair) for e in g.edges) for g in (here, there))
    common = pairs_here & pairs_there
    heads_here, heads_there = frozenset(_heads(here)), frozenset(_heads(there))
    kept_here, kept_there = (
        frozenset(head for head in heads if frozenset(head) in common) for heads in (heads_here, heads_there)
    )
    return Agreement(
        Hits(len(common), len(pairs_here), len(pairs_there)),
        Hits(len(heads_here & heads_there), len(heads_here), len(heads_there)),
        Hits(len(kept_here & kept_there), len(kept_here), len(kept_there)),
    )


def _heads(graph: Graph) -> Iterator[tuple[str, str]]:
    """Every arrowhead as (other node, node it points at)."""
    for edge in graph.edges:
        if edge.at_target is End.ARROW:
            yield edge.source, edge.target
        if edge.at_source is End.ARROW:
            yield edge.target, edge.source


def _by_pair(graph: Graph) -> dict[frozenset[str], dict[_Key, Edge]]:
    found: dict[frozenset[str], dict[_Key, Edge]] = {}
    for edge in graph.edges:
        found.setdefault(frozenset(edge.pair), {})[_key(edge)] = edge
    return found


def _key(edge: Edge) -> _Key:
    """The edge by names and ends, the same however it is stored."""
    first = edge.seen_from(min(edge.pair))
    return first.source, first.target, first.at_source, first.at_target
