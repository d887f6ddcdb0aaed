"""Why an effect cannot be computed: a hedge, two confounded forests with the same roots (Shpitser and Pearl 2006).

A C-forest is a set of nodes that hidden causes join into one piece, each with at most one edge to a child among them;
those without are its roots. Two of them, the smaller inside the larger, are a hedge for P(y | do(x)) when the roots are
causes of y, and x lies in the larger one alone. Then two models agree on all that is seen and differ in the effect.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engines.graph.do_calculus.admg import Admg
from engines.graph.do_calculus.notation import named
from engines.graph.do_calculus.words import listed
from engines.graph.graph import Edge, bidirected


@dataclass(frozen=True)
class Forest:
    """A C-forest: its nodes in the order of causes, and as many edges as it needs."""

    nodes: tuple[str, ...]
    edges: tuple[Edge, ...]


@dataclass(frozen=True)
class Hedge:
    """The witness that an effect is not identified.

    Attributes:
        larger, smaller: The two forests; the smaller lies inside the larger and holds none of `caught`.
        roots: The common roots, all of them causes of the outcome (or itself).
        caught: Nodes of the intervention that lie in the larger one.
    """

    larger: Forest
    smaller: Forest
    roots: tuple[str, ...]
    caught: tuple[str, ...]

    def sentence(self) -> str:
        """Why it stands in the way; follows a colon."""
        names = [named(name) for name in self.larger.nodes]
        if len(names) == 2:
            return f"the hidden cause of {names[0]} and {names[1]} cannot be told from the effect."
        return (
            f"the hidden causes that join {listed(names)} form a hedge, so that two models can agree on all that is "
            f"seen and differ in this effect."
        )


def narrowest(graph: Admg, part: frozenset[str], do: frozenset[str]) -> Hedge:
    """A hedge from a district of the causes of the outcome whose factor cannot be computed; no node can be spared.

    Args:
        graph: The graph over the observed ancestors of the outcome.
        part: The district at which identification failed.
        do: The intervention.
    """
    inner = part
    for fewer in (*(frozenset({name}) for name in graph.order if name in part), *_one_less(graph, part)):
        if closure(graph, fewer) & do:
            inner = fewer
            break
    outer = closure(graph, inner)
    spared = True
    while spared:
        spared = False
        for name in graph.order:
            if name in outer - inner:
                less = closure(graph.within(outer - {name}), inner)
                if less & do:
                    outer, spared = less, True
                    break
    return _hedge(graph, inner, outer, do)


def closure(graph: Admg, part: frozenset[str]) -> frozenset[str]:
    """The largest set around `part` that is one district and of which each node is an ancestor of `part` in the set."""
    whole = frozenset(graph.order)
    while True:
        above = graph.within(whole).ancestors(part)
        together = graph.within(above).district(next(iter(part)))
        if together == whole:
            return whole
        whole = together


def _one_less(graph: Admg, part: frozenset[str]) -> Iterable[frozenset[str]]:
    """The district without one node, where it stays one piece."""
    for name in graph.order:
        rest = part - {name}
        if name in part and rest and graph.within(rest).district(next(iter(rest))) == rest:
            yield rest


def _hedge(graph: Admg, inner: frozenset[str], outer: frozenset[str], do: frozenset[str]) -> Hedge:
    smaller, larger = graph.within(inner), graph.within(outer)
    roots = tuple(name for name in smaller.order if not smaller.children[name])
    down = _down(smaller, frozenset(roots), {})
    down_all = _down(larger, inner, down)
    joining = _tree(smaller, ())
    return Hedge(
        Forest(larger.order, (*_arrows(larger, down_all), *_tree(larger, joining))),
        Forest(smaller.order, (*_arrows(smaller, down), *joining)),
        roots,
        tuple(name for name in larger.order if name in do),
    )


def _down(graph: Admg, reached: frozenset[str], chosen: dict[str, str]) -> dict[str, str]:
    """One child for each node outside `reached`, so that all lead there."""
    child, arrived = dict(chosen), set(reached)
    while len(arrived) < len(graph.order):
        for name in reversed(graph.order):
            near = graph.children[name] & arrived
            if name not in arrived and near:
                child[name] = next(other for other in graph.order if other in near)
                arrived.add(name)
    return child


def _arrows(graph: Admg, child: dict[str, str]) -> tuple[Edge, ...]:
    return tuple(Edge(name, child[name]) for name in graph.order if name in child)


def _tree(graph: Admg, given: tuple[Edge, ...]) -> tuple[Edge, ...]:
    """Bidirected edges that span the nodes, the given ones among them."""
    group = {name: name for name in graph.order}
    kept = list(given)
    wished = (bidirected(a, b) for a in graph.order for b in graph.order if b in graph.siblings[a])
    for place, edge in enumerate((*given, *wished)):
        a, b = group[edge.source], group[edge.target]
        if a != b:
            group = {name: a if of == b else of for name, of in group.items()}
            if place >= len(given):
                kept.append(edge)
    return tuple(kept)
