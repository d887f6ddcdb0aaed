"""The definition of a hedge, checked from the words of Shpitser and Pearl (2006) on its edges alone."""

from __future__ import annotations

from engines.graph.do_calculus.effect import Effect
from engines.graph.do_calculus.hedge import Forest
from engines.graph.graph import Edge, Graph, Mark


def complaints(graph: Graph, effect: Effect) -> list[str]:
    """What is wrong with the hedge of an effect; the graph has no latent nodes."""
    hedge = effect.hedge
    if hedge is None:
        return ["there is none"]
    assert not any(Mark.LATENT in node.marks for node in graph.nodes)
    do = set(effect.do) | set(hedge.caught) & set(effect.given)         # conditions that are as good as set
    outcomes = {*effect.outcomes, *effect.given} - do
    cut = graph.under(do)
    causes = set(cut.ancestors(*outcomes)) | outcomes
    larger, smaller = set(hedge.larger.nodes), set(hedge.smaller.nodes)
    return [
        said for said, holds in (
            ("the smaller forest is not inside the larger", smaller < larger),
            ("an edge of the smaller forest is missing", _keys(hedge.smaller.edges) <= _keys(hedge.larger.edges)),
            ("an edge is not drawn", _keys(hedge.larger.edges) <= _keys(graph.edges)),
            ("the larger one holds nothing that is set", bool(larger & do)),
            ("the smaller one holds something that is set", not smaller & do),
            ("the caught nodes are others", set(hedge.caught) == larger & do),
            ("the roots are others", _roots(hedge.larger) == _roots(hedge.smaller) == set(hedge.roots)),
            ("a root is no cause of the outcome", set(hedge.roots) <= causes),
            ("the larger one is no C-forest", _forest(hedge.larger)),
            ("the smaller one is no C-forest", _forest(hedge.smaller)),
        ) if not holds
    ]


def _keys(edges: tuple[Edge, ...]) -> set[tuple[frozenset[str], bool, str]]:
    return {(frozenset(e.pair), e.bidirected, "" if e.bidirected else e.target) for e in edges}


def _roots(forest: Forest) -> set[str]:
    return set(forest.nodes) - {edge.source for edge in forest.edges if edge.directed}


def _forest(forest: Forest) -> bool:
    """One piece by bidirected edges, at most one child each."""
    reached, waiting = {forest.nodes[0]}, [forest.nodes[0]]
    hidden = [set(edge.pair) for edge in forest.edges if edge.bidirected]
    while waiting:
        name = waiting.pop()
        for pair in hidden:
            if name in pair:
                new = pair - reached
                reached |= new
                waiting += new
    sources = [edge.source for edge in forest.edges if edge.directed]
    return reached == set(forest.nodes) and len(sources) == len(set(sources))
