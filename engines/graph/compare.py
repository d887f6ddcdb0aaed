"""Compare two graphs over the same names: what is only here, only there, and what has other ends."""

from __future__ import annotations

from dataclasses import dataclass

from engines.graph.graph import Edge, Graph

_Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class Comparison:
    """The differences of a graph ("here") from another ("there").

    Attributes:
        only_here, only_there: Edges between nodes that the other graph does not join in this way.
        turned: Edges as they are here, whose ends differ there.
        nodes_here, nodes_there: Names of nodes that the other graph lacks.
    """

    only_here: tuple[Edge, ...] = ()
    only_there: tuple[Edge, ...] = ()
    turned: tuple[Edge, ...] = ()
    nodes_here: tuple[str, ...] = ()
    nodes_there: tuple[str, ...] = ()

    @property
    def distance(self) -> int:
        """Structural Hamming distance: edges to add, remove or turn; each counts one (Tsamardinos et al. 2006)."""
        return len(self.only_here) + len(self.only_there) + len(self.turned)

    def sentence(self) -> str:
        """The differences in words."""
        if not self.distance:
            return "Both graphs have the same edges."
        return (
            f"{len(self.only_here)} only here, {len(self.only_there)} only there, {len(self.turned)} turned: "
            f"structural Hamming distance {self.distance}."
        )


def compare(here: Graph, there: Graph) -> Comparison:
    """Differences edge by edge; weights, frequencies, marks and positions do not count.

    Between two nodes the edges that both graphs have are set aside; of what is left, an edge on each side makes one
    that is turned, and the surplus is only here or only there.
    """
    pairs_here, pairs_there = _by_pair(here), _by_pair(there)
    only_here: list[Edge] = []
    only_there: list[Edge] = []
    turned: list[Edge] = []
    for pair in dict.fromkeys((*pairs_here, *pairs_there)):
        mine, theirs = pairs_here.get(pair, {}), pairs_there.get(pair, {})
        left = [edge for key, edge in mine.items() if key not in theirs]
        right = [edge for key, edge in theirs.items() if key not in mine]
        shared = min(len(left), len(right))
        turned += left[:shared]
        only_here += left[shared:]
        only_there += right[shared:]
    return Comparison(
        tuple(only_here), tuple(only_there), tuple(turned),
        tuple(name for name in here.names if name not in there),
        tuple(name for name in there.names if name not in here),
    )


def _by_pair(graph: Graph) -> dict[frozenset[str], dict[_Key, Edge]]:
    found: dict[frozenset[str], dict[_Key, Edge]] = {}
    for edge in graph.edges:
        found.setdefault(frozenset(edge.pair), {})[_key(edge)] = edge
    return found


def _key(edge: Edge) -> _Key:
    """The edge by names and ends, the same however it is stored."""
    first = edge.seen_from(min(edge.pair))
    return first.source, first.target, first.at_source, first.at_target
