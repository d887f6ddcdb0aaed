"""Each sort of graph is recognised by its ends, and each rule refuses what breaks it."""

from __future__ import annotations

from itertools import combinations, product

import pytest
from hypothesis import given, settings

from engines.graph.graph import Edge, End, Graph, Node, bidirected, undirected
from engines.graph.sorts import Sort, broken, recognised
from tests.graph.random_graphs import graphs


def graph_of(*edges: Edge) -> Graph:
    return Graph(tuple(Node(name) for name in "abcd"), edges)


AB, BC, CA = Edge("a", "b"), Edge("b", "c"), Edge("c", "a")


@pytest.mark.parametrize(
    ("edges", "sort"),
    [
        ((), Sort.DAG),
        ((AB, BC), Sort.DAG),
        ((AB, bidirected("a", "b")), Sort.ADMG),
        ((AB, undirected("b", "c")), Sort.CPDAG),
        ((undirected("a", "b"),), Sort.CPDAG),
        ((undirected("a", "b"), bidirected("c", "d")), Sort.MAG),
        ((Edge("a", "b", End.CIRCLE, End.ARROW),), Sort.PAG),
        ((AB, BC, CA), Sort.MIXED),
        ((AB, BC, undirected("c", "a")), Sort.MIXED),
        ((AB, bidirected("a", "b"), undirected("c", "d")), Sort.MIXED),
    ],
)
def test_the_sort_is_told_by_the_ends(edges: tuple[Edge, ...], sort: Sort) -> None:
    assert recognised(graph_of(*edges)) is sort


@pytest.mark.parametrize(
    ("sort", "edges", "sentence", "rule"),
    [
        (Sort.DAG, (undirected("a", "b"),), "between a and b has no direction", "directed edges only"),
        (Sort.DAG, (bidirected("a", "b"),), "is bidirected", "A DAG has directed edges only"),
        (Sort.DAG, (AB, BC, CA), "has a cycle", "A DAG has no directed cycle"),
        (Sort.ADMG, (undirected("a", "b"),), "has no direction", "An ADMG has directed and bidirected"),
        (Sort.CPDAG, (Edge("a", "b", End.CIRCLE, End.ARROW),), "has a circle", "A CPDAG has directed and undirected"),
        (Sort.CPDAG, (AB, undirected("b", "c"), undirected("c", "a")), "a → b lies on a cycle", "leads round"),
        (Sort.CPDAG, (AB, undirected("b", "c"), Edge("c", "d"), undirected("d", "a")), "lead round", "leads round"),
        (Sort.MAG, (AB, bidirected("a", "b")), "two edges between a and b", "A MAG has one edge"),
        (Sort.MAG, (AB, BC, bidirected("a", "c")), "a ↔ c says that a does not cause c", "almost directed cycle"),
        (Sort.MAG, (AB, undirected("b", "c")), "b has an undirected edge", "stands for selection"),
        (Sort.PAG, (AB, BC, bidirected("c", "a")), "a ↔ c says", "A PAG has no almost directed cycle"),
    ],
)
def test_each_rule_is_said(sort: Sort, edges: tuple[Edge, ...], sentence: str, rule: str) -> None:
    found = broken(sort, graph_of(*edges))
    assert found is not None
    assert sentence in found.sentence
    assert rule in found.rule
    assert set(found.about) <= set("abcd")


def ways_round(graph: Graph) -> bool:
    """Brute force: a closed way over distinct nodes along directed and undirected edges with a directed one in it."""
    step = {(a, b): True for b in graph.names for a in graph.parents(b)}
    step |= {pair: False for e in graph.edges if e.undirected for pair in (e.pair, e.pair[::-1])}

    def walk(path: tuple[str, ...], directed: bool) -> bool:
        for b in graph.names:
            if (path[-1], b) in step:
                now = directed or step[path[-1], b]
                if b == path[0] and now and len(path) > 2:
                    return True
                if b not in path and walk((*path, b), now):
                    return True
        return False

    return any(walk((name,), False) for name in graph.names)


@settings(max_examples=40, deadline=None)
@given(graph=graphs(most=5))
def test_part_directed_cycles_are_those_of_brute_force(graph: Graph) -> None:
    kept = Graph(graph.nodes, tuple({
        frozenset(e.pair): e for e in graph.edges if e.undirected or (e.directed and e.at_target is End.ARROW)
    }.values()))
    found = broken(Sort.CPDAG, kept)
    assert (found is not None) == (kept.cycle() is not None or ways_round(kept))


def test_the_sorts_lie_within_each_other() -> None:
    for ends in product([None, (End.TAIL, End.ARROW), (End.ARROW, End.ARROW), (End.TAIL, End.TAIL)], repeat=3):
        edges = [Edge(*p, *e) for p, e in zip(combinations("abc", 2), ends, strict=True) if e is not None]
        graph = graph_of(*edges)
        if broken(Sort.DAG, graph) is None:
            assert all(broken(sort, graph) is None for sort in Sort)
        if broken(Sort.MAG, graph) is None:
            assert broken(Sort.PAG, graph) is None
