"""Walking over a graph with the arrow keys: right to a child, left to a parent, up and down among siblings."""

from __future__ import annotations

from collections.abc import Mapping

from engines.graph.graph import Graph


def step(
    graph: Graph, centres: Mapping[str, tuple[float, float]], name: str | None, way: tuple[int, int]
) -> str | None:
    """The node that an arrow leads to from `name`; `way` is (1, 0), (-1, 0), (0, -1) or (0, 1), y downwards.

    Edges without a direction lead both ways. Siblings share a parent; roots are siblings of each other. Among several
    the nearest is taken. Where no edge leads that way, the nearest node that lies there is taken, so that each can be
    reached. Without a node the walk starts at the first; None where nothing lies.
    """
    if name is None:
        return graph.names[0] if graph.names else None
    x, y = centres[name]
    if way[0]:
        directed = graph.children(name) if way[0] > 0 else graph.parents(name)
        near = directed or tuple(n for n in _undirected(graph, name) if (centres[n][0] - x) * way[0] > 0)
        found = min(near, key=lambda n: abs(centres[n][1] - y), default=None)
    else:
        beside = [n for n in _siblings(graph, name) if (centres[n][1] - y) * way[1] > 0]
        found = min(beside, key=lambda n: (abs(centres[n][1] - y), abs(centres[n][0] - x)), default=None)
    return found if found is not None else _lying(centres, name, way)


def _lying(centres: Mapping[str, tuple[float, float]], name: str, way: tuple[int, int]) -> str | None:
    """The nearest node in a direction; one straight ahead is nearer than one aside."""
    x, y = centres[name]
    ahead, aside = {}, {}
    for other, (to_x, to_y) in centres.items():
        ahead[other] = (to_x - x) * way[0] + (to_y - y) * way[1]
        aside[other] = abs((to_x - x) * way[1]) + abs((to_y - y) * way[0])
    there = [other for other in centres if ahead[other] > 0]
    return min(there, key=lambda other: ahead[other] + 2 * aside[other], default=None)


def _undirected(graph: Graph, name: str) -> tuple[str, ...]:
    ends = {e.target if e.source == name else e.source for e in graph.edges if name in e.pair}
    related = {*graph.parents(name), *graph.children(name)}
    return tuple(n for n in graph.names if n in ends - related)


def _siblings(graph: Graph, name: str) -> set[str]:
    parents = graph.parents(name)
    if not parents:
        return {n for n in graph.names if not graph.parents(n)} - {name}
    return {child for parent in parents for child in graph.children(parent)} - {name}
