"""Edits that do not belong into the sort of graph that was settled on: why, and the ways out."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engines.graph.graph import Edge, End, Graph
from engines.graph.sorts import Breach, Sort, broken
from widgets.graph.edits import LEAVE, Edit, closed_by, shown

_TAIL, _ARROW = End.TAIL, End.ARROW
_OTHERWISE = ((_TAIL, _ARROW), (_ARROW, _TAIL), (_ARROW, _ARROW), (_TAIL, _TAIL))
_MOST = 1               # other edges that are offered; three buttons have room in a narrow panel


@dataclass(frozen=True)
class Way:
    """A way out: an edit, perhaps with another sort of graph; neither for leaving it."""

    text: str
    edit: Edit | None = None
    sort: Sort | None = None


@dataclass(frozen=True)
class Unfit:
    """An edit that is refused: the rule that it breaks, and what to do instead."""

    breach: Breach
    ways: tuple[Way, ...]


def unfit(sort: Sort, before: Graph, edit: Edit) -> Unfit | None:
    """Why an edit does not belong into a graph of a sort; None where it does, or the graph broke its rule before."""
    breach = broken(sort, edit.graph)
    if breach is None or broken(sort, before) is not None:
        return None
    ways = [*_other_edges(sort, before, edit)[:_MOST]]
    wider = next((one for one in Sort if broken(one, edit.graph) is None), None)
    if wider is not None:
        ways.append(Way(f"Make it {'an' if wider is Sort.ADMG else 'a'} {wider}", edit, wider))
    return Unfit(breach, (*ways, Way(LEAVE)))


def _other_edges(sort: Sort, before: Graph, edit: Edit) -> list[Way]:
    """The one new edge with ends that fit."""
    there = set(before.edges)
    new = [edge for edge in edit.graph.edges if edge not in there]
    if len(new) != 1:
        return []
    rest = Graph(edit.graph.nodes, tuple(edge for edge in edit.graph.edges if edge != new[0]))
    ways = []
    for ends in _OTHERWISE:
        edge = replace(new[0], at_source=ends[0], at_target=ends[1])
        told = Edge(edge.target, edge.source) if ends == (_ARROW, _TAIL) else edge
        if edge == new[0] or any(frozenset(e.pair) == frozenset(edge.pair) for e in rest.edges):
            continue
        wished = rest.with_edge(told)
        if broken(sort, wished) is None and closed_by(wished, told) is None and told not in there:
            ways.append(Way(f"Draw {shown(told)}", Edit(wished, f"Add edge {shown(told)}")))
    return ways
