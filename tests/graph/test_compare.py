"""Differences of two graphs and their distance."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from engines.graph.compare import compare
from engines.graph.graph import Edge, Graph, Node, bidirected, undirected
from tests.graph.random_graphs import graphs


def test_what_is_only_here_only_there_and_turned() -> None:
    here = Graph.of("abcd", ["ab", "bc", "cd"])
    there = Graph((*(Node(n) for n in "abc"), Node("e")), (Edge("a", "b"), Edge("c", "b"), Edge("a", "e")))
    found = compare(here, there)
    assert found.only_here == (Edge("c", "d"),)
    assert found.only_there == (Edge("a", "e"),)
    assert found.turned == (Edge("b", "c"),)
    assert (found.nodes_here, found.nodes_there) == (("d",), ("e",))
    assert found.distance == 3
    assert found.sentence() == "1 only here, 1 only there, 1 turned: structural Hamming distance 3."


def test_a_hidden_cause_beside_an_edge_counts_by_itself() -> None:
    here = Graph((Node("a"), Node("b")), (Edge("a", "b"), bidirected("b", "a")))
    assert compare(here, Graph.of("ab", ["ab"])).only_here == (bidirected("b", "a"),)
    assert compare(here, Graph((Node("a"), Node("b")), (bidirected("a", "b"), Edge("a", "b")))).distance == 0
    assert compare(Graph.of("ab", ["ab"]), Graph((Node("a"), Node("b")), (undirected("b", "a"),))).turned


@settings(max_examples=100, deadline=None)
@given(here=graphs(), there=graphs(), data=st.data())
def test_distance_is_a_distance(here: Graph, there: Graph, data: st.DataObject) -> None:
    assert compare(here, here).distance == 0
    one, other = compare(here, there), compare(there, here)
    assert one.distance == other.distance
    assert len(one.only_here) == len(other.only_there)
    assert len(one.turned) == len(other.turned)
    stored = tuple(data.draw(st.sampled_from([e, e.seen_from(e.target)])) for e in here.edges)
    assert compare(here, replace(here, edges=stored)).distance == 0


def test_each_turned_edge_of_a_full_graph_counts_one() -> None:
    names = "abcdef"
    pairs = list(combinations(names, 2))
    for turned in range(len(pairs)):
        there = Graph.of(names, [pair[::-1] if i < turned else pair for i, pair in enumerate(pairs)])
        assert compare(Graph.of(names, pairs), there).distance == turned
