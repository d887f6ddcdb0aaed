"""Differences of two graphs and their distance."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.graph.compare import Hits, agreement, compare
from engines.graph.graph import Edge, End, Graph, Node, bidirected, undirected
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


def test_adjacencies_and_arrowheads_are_counted_by_hand() -> None:
    nodes = tuple(Node(n) for n in "abcd")
    here = Graph(nodes, (Edge("a", "b"), undirected("b", "c"), Edge("c", "d", End.CIRCLE, End.ARROW)))
    there = Graph(nodes, (Edge("a", "b"), Edge("b", "c"), bidirected("a", "d")))
    found = agreement(here, there)
    assert found.adjacencies == Hits(2, 3, 3)
    assert found.arrowheads == Hits(1, 2, 4)                # b of a→b; here also d of c o→ d; there c, and a and d
    assert found.heads_on_common == Hits(1, 1, 2)
    assert (found.adjacencies.precision, found.heads_on_common.recall) == (2 / 3, 0.5)
    assert agreement(Graph(nodes), Graph(nodes)).adjacencies.precision is None
    assert [(d.here, d.there) for d in compare(here, there).differences()] == [
        (here.edges[2], None), (None, there.edges[2]), (here.edges[1], there.edges[1]),
    ]


def test_causal_learn_counts_the_same() -> None:
    """On simple graphs with all kinds of ends; gCastle's distance of DAGs (extra, missing, reversed) as well."""
    pytest.importorskip("causallearn", reason="causal-learn is not installed")
    from causallearn.graph.AdjacencyConfusion import AdjacencyConfusion
    from causallearn.graph.ArrowConfusion import ArrowConfusion
    from causallearn.graph.Edge import Edge as TheirEdge
    from causallearn.graph.Endpoint import Endpoint
    from causallearn.graph.GeneralGraph import GeneralGraph
    from causallearn.graph.GraphNode import GraphNode
    from causallearn.graph.SHD import SHD

    ends = {End.TAIL: Endpoint.TAIL, End.ARROW: Endpoint.ARROW, End.CIRCLE: Endpoint.CIRCLE}
    rng = random.Random(7)
    names = "abcdef"

    def drawn(kinds: list[tuple[End, End]]) -> Graph:
        edges = [Edge(*pair, *rng.choice(kinds)) for pair in combinations(names, 2) if rng.random() < 0.5]
        return Graph(tuple(Node(n) for n in names), tuple(e.seen_from(rng.choice(e.pair)) for e in edges))

    def theirs(graph: Graph) -> GeneralGraph:
        nodes = {name: GraphNode(name) for name in names}
        result = GeneralGraph(list(nodes.values()))
        for e in graph.edges:
            result.add_edge(TheirEdge(nodes[e.source], nodes[e.target], ends[e.at_source], ends[e.at_target]))
        return result

    every = [pair for pair in product(End, End) if pair != (End.TAIL, End.CIRCLE) and pair != (End.CIRCLE, End.TAIL)]
    for kinds in (every, [(End.TAIL, End.ARROW), (End.ARROW, End.TAIL)]):
        for _ in range(20):
            here, there = drawn(kinds), drawn(kinds)
            truth, found = theirs(there), theirs(here)
            ours, joined, heads = agreement(here, there), AdjacencyConfusion(truth, found), ArrowConfusion(truth, found)
            assert compare(here, there).distance == SHD(truth, found).get_shd()
            a = ours.adjacencies
            assert (a.both, a.here - a.both, a.there - a.both) == (
                joined.get_adj_tp(), joined.get_adj_fp(), joined.get_adj_fn()
            )
            for mine, tp, fp, fn in (
                (ours.arrowheads, heads.get_arrows_tp(), heads.get_arrows_fp(), heads.get_arrows_fn()),
                (ours.heads_on_common, heads.get_arrows_tp_ce(), heads.get_arrows_fp_ce(), heads.get_arrows_fn_ce()),
            ):
                assert (mine.both, mine.here - mine.both, mine.there - mine.both) == (tp, fp, fn)
            if kinds is not every:
                assert compare(here, there).distance == _castle_distance(here, there)


def _castle_distance(here: Graph, there: Graph) -> int:
    """As `castle.metrics.MetricsDAG` counts: undirected extra, undirected missing, and reversed edges."""
    B_est, B_true = (
        np.array([[a in g.parents(b) for b in g.names] for a in g.names], dtype=int) for g in (here, there)
    )
    reverse = int(((B_est == 1) & (B_true.T == 1) & (B_true == 0)).sum())
    joined_est, joined_true = (np.tril(B + B.T) > 0 for B in (B_est, B_true))
    return int((joined_est & ~joined_true).sum() + (joined_true & ~joined_est).sum()) + reverse
