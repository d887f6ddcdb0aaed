"""Separation against networkx, against paths drawn one by one, and against hidden causes drawn as nodes."""

from __future__ import annotations

import random
from itertools import combinations, pairwise

import networkx as nx
import pytest

from engines.graph import separation
from engines.graph.graph import Edge, End, Graph, Mark, Node, bidirected, undirected
from engines.graph.separation import Path, open_path, paths, separated
from engines.refusals import Refusal

SEEDS = range(40)


def random_graph(rng: random.Random, nodes: int, density: float, hidden: float = 0.0) -> Graph:
    names = [f"v{i}" for i in range(nodes)]
    edges = [Edge(a, b) for a, b in combinations(names, 2) if rng.random() < density]
    edges += [bidirected(a, b) for a, b in combinations(names, 2) if rng.random() < hidden]
    shuffled = rng.sample(names, nodes)
    return Graph(tuple(Node(name) for name in shuffled), tuple(edges))


def drawn_out(graph: Graph) -> nx.DiGraph:
    """The graph for networkx, each bidirected edge with its hidden cause as a node."""
    theirs = nx.DiGraph()
    theirs.add_nodes_from(graph.names)
    for i, edge in enumerate(graph.edges):
        theirs.add_edges_from([(f"u{i}", edge.source), (f"u{i}", edge.target)] if edge.bidirected else [edge.pair])
    return theirs


@pytest.mark.parametrize("hidden", [0.0, 0.25])
@pytest.mark.parametrize("seed", SEEDS)
def test_separation_is_that_of_networkx(seed: int, hidden: float) -> None:
    rng = random.Random(seed)
    graph = random_graph(rng, 7, 0.3, hidden)
    theirs = drawn_out(graph)
    for a, b in combinations(graph.names, 2):
        others = [name for name in graph.names if name not in (a, b)]
        for _ in range(6):
            given = set(rng.sample(others, rng.randint(0, 4)))
            assert separated(graph, [a], [b], given) == nx.is_d_separator(theirs, {a}, {b}, given)
    names = rng.sample(graph.names, 5)
    sets = set(names[:2]), set(names[2:4]), set(names[4:])
    assert separated(graph, *sets) == nx.is_d_separator(theirs, *sets)


@pytest.mark.parametrize("seed", SEEDS)
def test_nodes_are_separated_when_every_path_is_blocked(seed: int) -> None:
    rng = random.Random(seed)
    graph = random_graph(rng, 6, 0.35, 0.2)
    a, b = rng.sample(graph.names, 2)
    given = set(rng.sample([n for n in graph.names if n not in (a, b)], rng.randint(0, 3)))
    found = paths(graph, a, b, given, most=10_000)
    assert len({(path.nodes, path.edges) for path in found}) == len(found)
    assert [len(path.nodes) for path in found] == sorted(len(path.nodes) for path in found)
    assert separated(graph, [a], [b], given) == (not any(path.open for path in found))
    shortest = open_path(graph, a, b, given)
    opened = [path for path in found if path.open]
    assert (shortest is None) == (not opened)
    if shortest is not None:
        assert shortest in opened
        assert len(shortest.nodes) == len(opened[0].nodes)


@pytest.mark.parametrize("seed", SEEDS)
def test_paths_are_all_there_and_blocked_where_the_definition_says(seed: int) -> None:
    rng = random.Random(seed)
    graph = random_graph(rng, 6, 0.4)
    a, b = graph.names[:2]
    given = set(rng.sample(graph.names[2:], 2))
    theirs = drawn_out(graph)
    found = {path.nodes: path for path in paths(graph, a, b, given, most=10_000)}
    assert set(found) == {tuple(way) for way in nx.all_simple_paths(theirs.to_undirected(), a, b)}
    for way, path in found.items():
        blocked = []
        for i, node in enumerate(way[1:-1], 1):
            collider = theirs.has_edge(way[i - 1], node) and theirs.has_edge(way[i + 1], node)
            below = {node} | nx.descendants(theirs, node)
            if (collider and not below & given) or (not collider and node in given):
                blocked.append(node)
        assert list(path.blocked_at) == blocked


def test_the_three_ways_through_a_node() -> None:
    chain, fork, collider = (
        Graph.of("xmy", pairs)
        for pairs in ([("x", "m"), ("m", "y")], [("m", "x"), ("m", "y")], [("x", "m"), ("y", "m")])
    )
    assert [separated(graph, "x", "y") for graph in (chain, fork, collider)] == [False, False, True]
    assert [separated(graph, "x", "y", "m") for graph in (chain, fork, collider)] == [True, True, False]
    assert paths(collider, "x", "y")[0].blocked_at == ("m",)
    assert str(paths(fork, "x", "y", "m")[0]) == "x ← m → y"
    assert paths(chain, "x", "y")[0].causal
    assert not paths(fork, "x", "y")[0].causal


def test_a_known_descendant_opens_a_collider() -> None:
    graph = Graph.of("xmyd", [("x", "m"), ("y", "m"), ("m", "d")])
    assert not separated(graph, "x", "y", "d")
    assert paths(graph, "x", "y", "d")[0] == Path(
        ("x", "m", "y"), (Edge("x", "m"), Edge("m", "y", End.ARROW, End.TAIL))
    )


def test_an_open_path_is_a_path_where_the_shortest_walk_is_not() -> None:
    for seed in range(300):
        rng = random.Random(seed)
        graph = random_graph(rng, 7, 0.3, 0.3)
        a, b, z = rng.sample(graph.names, 3)
        path = open_path(graph, a, b, [z])
        if path is not None:
            assert len(set(path.nodes)) == len(path.nodes)
            assert all(e.target == after for e, (_, after) in zip(path.edges, pairwise(path.nodes)))
            assert path in [p for p in paths(graph, a, b, [z], most=10_000) if p.open]


def test_paths_stop_at_their_number() -> None:
    names = [f"v{i:02}" for i in range(14)]
    full = Graph.of(names, combinations(names, 2))
    found = paths(full, "v00", "v13", most=50)
    assert len(found) == 50
    assert found[0].nodes == ("v00", "v13")


def test_what_cannot_be_asked_is_refused() -> None:
    with pytest.raises(Refusal, match="between a and b has no clear direction"):
        separated(Graph((Node("a"), Node("b")), (undirected("a", "b"),)), "a", "b")
    graph = Graph.of("abc", [("a", "b")])
    with pytest.raises(Refusal, match="no node q"):
        separated(graph, "a", "q")
    with pytest.raises(Refusal, match="b stands on two sides"):
        separated(graph, "a", "b", "b")


def test_marks_say_what_is_known() -> None:
    graph = Graph((Node("a", frozenset({Mark.ADJUSTED})), Node("b"), Node("s", frozenset({Mark.SELECTED}))))
    assert separation.conditioned(graph) == ("a", "s")
