"""What would settle an effect that is not identified: hidden causes that need only be measured."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from engines.graph.do_calculus.admg import Admg
from engines.graph.do_calculus.effect import Effect
from engines.graph.do_calculus.notation import named
from engines.graph.do_calculus.search import Stuck, conditional
from engines.graph.fuse import Burnt, Fuse
from engines.graph.graph import Edge, Graph, Mark, Node

_OVER = 96.0            # px; how far a measured cause is put over its effects


@dataclass(frozen=True)
class Remedy:
    """One hidden cause; were it measured, the effect would be identified.

    Attributes:
        latent: The latent node, empty for a bidirected edge.
        between: The nodes of a bidirected edge, empty for a latent node.
    """

    latent: str = ""
    between: tuple[str, ...] = ()

    def sentence(self) -> str:
        """What to measure, as a verb."""
        if self.latent:
            return f"Measure {named(self.latent)}"
        return f"Measure the common cause of {named(self.between[0])} and {named(self.between[1])}"

    def applied(self, graph: Graph) -> Graph:
        """The graph with that cause as an observed node."""
        if self.latent:
            node = graph.node(self.latent)
            return graph.with_node(replace(node, marks=node.marks - {Mark.LATENT}))
        name = f"cause of {' and '.join(self.between)}"
        while name in graph:
            name += "′"
        kept = tuple(e for e in graph.edges if not (e.bidirected and set(e.pair) == set(self.between)))
        node = Node(name, position=_above(*(graph.node(end).position for end in self.between)))
        return replace(graph, nodes=(*graph.nodes, node), edges=(*kept, *(Edge(name, end) for end in self.between)))


def _above(
    one: tuple[float, float] | None, other: tuple[float, float] | None
) -> tuple[float, float] | None:
    """A place over the middle of two."""
    if one is None or other is None:
        return None
    return (one[0] + other[0]) / 2, min(one[1], other[1]) - _OVER


def remedies(graph: Graph, effect: Effect, fuse: Fuse | None = None) -> tuple[Remedy, ...]:
    """The single hidden causes of which one would have to be measured; none where one is not enough or time is up.

    Args:
        effect: One that is not identified in the graph.
    """
    fuse = fuse or Fuse()
    try:
        return tuple(one for one in _hidden(graph, effect) if _identified(one.applied(graph), effect, fuse))
    except Burnt:
        return ()


def _hidden(graph: Graph, effect: Effect) -> Iterable[Remedy]:
    """The hidden causes that join nodes of the hedge: no other can break it."""
    if effect.hedge is None:
        return
    inside = set(effect.hedge.larger.nodes)
    for node in graph.nodes:
        if Mark.LATENT in node.marks:
            yield Remedy(latent=node.name)
    for edge in graph.edges:
        if edge.bidirected and (set(edge.pair) <= inside or any(Mark.LATENT in graph.node(n).marks for n in edge.pair)):
            yield Remedy(between=edge.pair)


def _identified(graph: Graph, effect: Effect, fuse: Fuse) -> bool:
    latent = [node.name for node in graph.nodes if Mark.LATENT in node.marks]
    query = frozenset(effect.outcomes), frozenset(effect.do), frozenset(effect.given)
    try:
        conditional(Admg.of(graph).without(latent), *query, fuse)
    except Stuck:
        return False
    return True
