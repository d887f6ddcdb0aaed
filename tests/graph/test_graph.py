"""The graph itself: what neighbours, order, cycles and edits are, and that 500 nodes are no burden to the caches."""

from __future__ import annotations

import random
from itertools import pairwise

import networkx as nx
import pytest
from hypothesis import given, settings

from engines.graph.graph import Edge, End, Graph, Mark, Node, bidirected, undirected
from engines.refusals import Refusal
from tests.graph.random_graphs import graphs


@settings(max_examples=100, deadline=None)
@given(graph=graphs(most=7))
def test_relations_are_those_of_networkx(graph: Graph) -> None:
    theirs = nx.DiGraph()
    theirs.add_nodes_from(graph.names)
    for edge in graph.edges:
        if edge.directed:
            theirs.add_edge(*edge.pair)
        elif (edge.at_source, edge.at_target) == (End.ARROW, End.TAIL):
            theirs.add_edge(edge.target, edge.source)
    for name in graph.names:
        assert set(graph.parents(name)) == set(theirs.predecessors(name))
        assert set(graph.children(name)) == set(theirs.successors(name))
        on_cycle = any(nx.has_path(theirs, child, name) for child in theirs.successors(name))
        assert set(graph.descendants(name)) == nx.descendants(theirs, name) | ({name} if on_cycle else set())
        assert set(graph.ancestors(name)) == nx.ancestors(theirs, name) | ({name} if on_cycle else set())
    acyclic = nx.is_directed_acyclic_graph(theirs)
    assert (graph.cycle() is None) == acyclic
    if acyclic:
        order = graph.order()
        assert sorted(order) == sorted(graph.names)
        assert all(order.index(a) < order.index(b) for a, b in theirs.edges)
    else:
        cycle = graph.cycle()
        assert cycle[0] == cycle[-1]
        assert all(theirs.has_edge(a, b) for a, b in pairwise(cycle))
        with pytest.raises(Refusal, match="The graph has a cycle") as caught:
            graph.order()
        assert caught.value.about == cycle


def test_order_keeps_the_order_of_nodes_where_it_is_free() -> None:
    graph = Graph.of("dcba", [("b", "d")])
    assert graph.order() == ("c", "b", "d", "a")


def test_an_edge_is_found_from_both_sides() -> None:
    graph = Graph((Node("a"), Node("b")), (Edge("a", "b", End.CIRCLE, End.ARROW, 0.5), bidirected("b", "a")))
    assert graph.edge("b", "a") == Edge("b", "a", End.ARROW, End.CIRCLE, 0.5)
    assert graph.edge("a", "a") is None
    assert Edge("a", "b").reversed() == Edge("b", "a")
    assert Edge("a", "b").seen_from("b") == Edge("b", "a", End.ARROW, End.TAIL)


def test_do_cuts_what_points_into_a_node_and_marks_it() -> None:
    edges = (Edge("a", "b"), Edge("b", "c"), bidirected("a", "b"), undirected("a", "c"))
    graph = Graph(tuple(Node(n) for n in "abc"), edges)
    done = graph.under(["b"])
    assert done.edges == (Edge("b", "c"), undirected("a", "c"))
    assert done.node("b").marks == {Mark.INTERVENED}
    assert graph.under([]) == graph


@settings(max_examples=60, deadline=None)
@given(graph=graphs())
def test_edits_leave_the_rest(graph: Graph) -> None:
    for name in graph.names:
        without = graph.without_node(name)
        assert name not in without
        assert set(without.edges) == {e for e in graph.edges if name not in e.pair}
        assert graph.renamed(name, "new name").renamed("new name", name) == graph
    for edge in graph.edges:
        assert graph.with_edge(edge).edges[-1] == edge
        assert len(graph.with_edge(edge).edges) == len(graph.edges)
        assert graph.without_edge(*edge.pair).edge(*edge.pair) is None
    assert Graph.from_json(graph.to_json()) == graph


@pytest.mark.parametrize(
    ("nodes", "edges", "sentence"),
    [
        ("aa", (), "Two nodes are called a"), ("a", [("a", "b")], "names b, which is not a node"),
        ("a", [("a", "a")], "is a loop"), ("ab", [("a", "b"), ("b", "a")], "two edges between b and a"),
    ],
)
def test_what_is_no_graph_is_refused(nodes: str, edges: list[tuple[str, str]], sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        Graph.of(nodes, edges)


def test_neighbours_of_a_large_graph_are_looked_up_not_searched() -> None:
    rng = random.Random(0)
    names = [f"v{i}" for i in range(500)]
    pairs = {tuple(sorted(rng.sample(range(500), 2))) for _ in range(1600)}
    graph = Graph.of(names, [(names[a], names[b]) for a, b in sorted(pairs)])
    assert graph.parents("v499") is graph.parents("v499")
    assert sum(len(graph.parents(n)) for n in names) == sum(len(graph.children(n)) for n in names) == len(pairs)
