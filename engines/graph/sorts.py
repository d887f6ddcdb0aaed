"""Sorts of causal graphs, told by the ends of their edges, and the rule of each.

DAG: directed edges, no cycle. ADMG: bidirected ones as well. CPDAG: directed and undirected, no cycle that is directed
in part. MAG (Richardson and Spirtes 2002): one edge between two nodes, no directed and no almost directed cycle, no
arrowhead at a node with an undirected edge. PAG: circles as well; what is decided obeys the same. That a MAG is maximal
and a CPDAG complete is no matter of one edge, and is not asked here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engines.graph.graph import Edge, End, Graph


class Sort(StrEnum):
    """A sort of graph, narrowest first."""

    DAG = "DAG"
    ADMG = "ADMG"
    CPDAG = "CPDAG"
    MAG = "MAG"
    PAG = "PAG"
    MIXED = "mixed graph"


@dataclass(frozen=True)
class Breach:
    """A rule that a graph breaks: where, and what the rule says."""

    sentence: str
    rule: str
    about: tuple[str, ...]


_DIRECTED, _BOTH, _NONE = frozenset({End.TAIL, End.ARROW}), frozenset({End.ARROW}), frozenset({End.TAIL})
_ENDS = {
    Sort.DAG: {_DIRECTED}, Sort.ADMG: {_DIRECTED, _BOTH}, Sort.CPDAG: {_DIRECTED, _NONE},
    Sort.MAG: {_DIRECTED, _BOTH, _NONE},
}

_RULES = {
    Sort.DAG: "A DAG has directed edges only",
    Sort.ADMG: "An ADMG has directed and bidirected edges only",
    Sort.CPDAG: "A CPDAG has directed and undirected edges only",
    Sort.MAG: "A MAG has no circles: each end is an arrowhead or a tail",
}


def recognised(graph: Graph) -> Sort:
    """The narrowest sort whose rule the graph obeys."""
    return next(sort for sort in Sort if broken(sort, graph) is None)


def broken(sort: Sort, graph: Graph) -> Breach | None:
    """The first rule of a sort that a graph breaks; None where it obeys all of them. Any graph is mixed."""
    if sort is Sort.MIXED:
        return None
    allowed = _ENDS.get(sort)
    for edge in graph.edges if allowed is not None else ():
        if frozenset({edge.at_source, edge.at_target}) not in (allowed or ()):
            said = f"The edge between {edge.source} and {edge.target} {_has(edge)}."
            return Breach(said, f"{_RULES[sort]}.", edge.pair)
    if sort not in (Sort.DAG, Sort.ADMG):
        pairs: set[frozenset[str]] = set()
        for edge in graph.edges:
            if frozenset(edge.pair) in pairs:
                return Breach(
                    f"There are two edges between {edge.source} and {edge.target}.",
                    f"{_an(sort)} has one edge between two nodes.", edge.pair,
                )
            pairs.add(frozenset(edge.pair))
    cycle = graph.cycle()
    if cycle is not None:
        return Breach(f"The graph has a cycle: {' → '.join(cycle)}.", f"{_an(sort)} has no directed cycle.", cycle)
    if sort is Sort.CPDAG:
        return _partly_directed_cycle(graph)
    if sort in (Sort.MAG, Sort.PAG):
        return _almost_directed_cycle(sort, graph) or _head_at_undirected(sort, graph)
    return None


def _has(edge: Edge) -> str:
    if End.CIRCLE in (edge.at_source, edge.at_target):
        return "has a circle"
    return "has no direction" if edge.undirected else "is bidirected" if edge.bidirected else "is directed"


def _an(sort: Sort) -> str:
    return f"{'An' if sort is Sort.ADMG else 'A'} {sort}"


def _partly_directed_cycle(graph: Graph) -> Breach | None:
    """A directed edge within a set that undirected edges hang together, or a cycle of such sets."""
    part = {name: name for name in graph.names}

    def root(name: str) -> str:
        while part[name] != name:
            part[name] = part[part[name]]
            name = part[name]
        return name

    for edge in graph.edges:
        if edge.undirected:
            part[root(edge.source)] = root(edge.target)
    rule = "In a CPDAG no way along the edges leads round, some of them directed."
    pairs = [(parent, name) for name in graph.names for parent in graph.parents(name)]
    for cause, effect in pairs:
        if root(cause) == root(effect):
            return Breach(f"{cause} → {effect} lies on a cycle with undirected edges.", rule, (cause, effect))
    joined = dict.fromkeys((root(a), root(b)) for a, b in pairs)
    there_and_back = next((pair for pair in joined if pair[::-1] in joined), None)
    cycle = there_and_back or Graph.of(dict.fromkeys(root(name) for name in graph.names), joined).cycle()
    if cycle is not None:
        return Breach(f"The edges lead round by {', '.join(dict.fromkeys(cycle))}.", rule, cycle)
    return None


def _almost_directed_cycle(sort: Sort, graph: Graph) -> Breach | None:
    """a ↔ b while a directed way leads from one to the other."""
    for edge in graph.edges:
        if edge.bidirected:
            for a, b in (edge.pair, edge.pair[::-1]):
                if a in graph.ancestors(b):
                    return Breach(
                        f"{a} ↔ {b} says that {a} does not cause {b}, but a directed way leads there.",
                        f"{_an(sort)} has no almost directed cycle: an arrowhead at a node says that it is no cause.",
                        (a, b),
                    )
    return None


def _head_at_undirected(sort: Sort, graph: Graph) -> Breach | None:
    """An arrowhead at a node that has an undirected edge."""
    plain = {name for edge in graph.edges if edge.undirected for name in edge.pair}
    for edge in graph.edges:
        for name, end in ((edge.source, edge.at_source), (edge.target, edge.at_target)):
            if end is End.ARROW and name in plain:
                return Breach(
                    f"{name} has an undirected edge, so no arrowhead may point at it.",
                    f"In a {sort} an undirected edge stands for selection, which nothing else may cause.", edge.pair,
                )
    return None
