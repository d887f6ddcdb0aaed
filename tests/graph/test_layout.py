"""Layouts: no two nodes overlap, causes stand left of effects, few crossings, and known nodes stay where they are."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings

from engines.graph import layout
from engines.graph.graph import Edge, Graph, Node, bidirected
from tests.graph.random_graphs import graphs

WIDTH, HEIGHT = layout.NODE


def overlaps(places: layout.Positions) -> list[tuple[str, str]]:
    return [
        (a, b) for a, b in combinations(places, 2)
        if abs(places[a][0] - places[b][0]) < WIDTH and abs(places[a][1] - places[b][1]) < HEIGHT
    ]


def crossings(graph: Graph, places: layout.Positions) -> int:
    """Straight edges that cross between neighbouring columns."""
    lines = [(*places[e.source], *places[e.target]) for e in graph.edges]
    return sum(
        (a[0], a[2]) == (b[0], b[2]) and (a[1] - b[1]) * (a[3] - b[3]) < 0 for a, b in combinations(lines, 2)
    )


@settings(max_examples=60, deadline=None)
@given(graph=graphs(most=9))
def test_nodes_never_overlap_also_in_graphs_with_cycles(graph: Graph) -> None:
    for places in (layout.layered(graph), layout.circle(graph), layout.tiered(graph, [graph.names[::2]])):
        assert tuple(places) == graph.names or set(places) == set(graph.names)
        assert not overlaps(places)
        assert all(v % layout.GRID == 0 for place in places.values() for v in place)


@pytest.mark.parametrize("seed", range(20))
def test_causes_stand_left_of_their_effects(seed: int) -> None:
    rng = random.Random(seed)
    names = [f"v{i}" for i in range(25)]
    graph = Graph.of(rng.sample(names, 25), [pair for pair in combinations(names, 2) if rng.random() < 0.12])
    places = layout.layered(graph)
    assert all(places[e.source][0] + WIDTH < places[e.target][0] for e in graph.edges)
    assert not overlaps(places)
    assert layout.layered(graph) == places


def test_a_chain_is_a_straight_line_and_a_tree_has_no_crossings() -> None:
    chain = layout.layered(Graph.of("abcd", ["ab", "bc", "cd"]))
    assert len({y for _, y in chain.values()}) == 1
    tree = Graph.of([str(i) for i in range(31)], [(str((i - 1) // 2), str(i)) for i in range(1, 31)])
    shuffled = replace(tree, nodes=tuple(random.Random(1).sample(tree.nodes, 31)))
    assert crossings(shuffled, layout.layered(shuffled)) == 0
    middle = layout.layered(tree)
    assert abs(middle["0"][1] - (middle["1"][1] + middle["2"][1]) / 2) <= layout.GRID


def test_crossings_that_can_be_avoided_are() -> None:
    graph = Graph.of("abcxyz", ["ax", "by", "cz", "ay"])
    turned = replace(graph, nodes=tuple(Node(n) for n in "cbaxyz"))
    assert crossings(turned, layout.layered(turned)) == 0
    both = Graph.of("abxy", ["ax", "ay", "bx", "by"])
    assert crossings(both, layout.layered(both)) == 1


def test_a_long_edge_makes_room_for_itself() -> None:
    graph = Graph.of("abcd", ["ab", "bc", "cd", "ad"])
    places = layout.layered(graph)
    line = [places["a"][1] + (places["d"][1] - places["a"][1]) * t for t in (1 / 3, 2 / 3)]
    assert min(abs(y - places[name][1]) for y, name in zip(line, "bc")) > 0


def test_hidden_causes_do_not_push_their_nodes_apart() -> None:
    graph = replace(Graph.of("abx", ["ax", "bx"]), edges=(Edge("a", "x"), Edge("b", "x"), bidirected("a", "b")))
    places = layout.layered(graph)
    assert places["a"][0] == places["b"][0]


def test_sizes_are_respected() -> None:
    graph = Graph.of("abc", ["ac", "bc"])
    places = layout.layered(graph, {"a": (140, 300), "c": (400, 58)})
    assert abs(places["a"][1] - places["b"][1]) >= 150 + HEIGHT / 2
    assert places["c"][0] - places["a"][0] >= 70 + 200


def test_parts_do_not_mix() -> None:
    graph = Graph.of("abxyz", ["ab", "xy"])
    places = layout.layered(graph)
    assert max(places["a"][1], places["b"][1]) + HEIGHT <= min(places["x"][1], places["y"][1])
    assert places["z"][1] >= max(places["x"][1], places["y"][1]) + HEIGHT


def test_tiers_stand_in_their_columns() -> None:
    graph = Graph.of("abcd", ["ac", "bc", "cd"])
    places = layout.tiered(graph, [["d"], ["a", "c"]])
    columns = [places[n][0] for n in ("d", "a", "c", "b")]
    assert columns[0] < columns[1] == columns[2] < columns[3]


def test_known_nodes_stay_and_new_ones_find_a_free_place() -> None:
    graph = Graph.of("abc", ["ab", "bc"]).placed({"a": (1000.0, 300.0), "b": (1240.0, 300.0)})
    whole = layout.completed(graph)
    assert whole.node("a").position == (1000.0, 300.0)
    assert whole.node("b").position == (1240.0, 300.0)
    assert whole.node("c").position[0] > 1240
    assert not overlaps({n.name: n.position for n in whole.nodes})
    assert layout.completed(whole) is whole


def test_positions_that_no_screen_reaches_are_taken_for_none() -> None:
    graph = Graph.of("ab", ["ab"]).placed({"a": (0.0, 1e300), "b": (8.0, 16.0)})
    whole = layout.completed(graph)
    assert whole.node("b").position == (8.0, 16.0)
    assert max(abs(v) for v in whole.node("a").position) < 1000


def test_positions_in_another_unit_are_spread_to_px() -> None:
    graph = Graph.of("abc", ["ab"]).placed({"a": (-1.5, 0.25), "b": (0.0, 0.5), "c": (0.5, 0.2)})
    wide = layout.spread(graph)
    places = {node.name: node.position for node in wide.nodes}
    assert not overlaps(places)
    assert places["a"][0] < places["b"][0] < places["c"][0]
    assert places["c"][1] < places["a"][1] < places["b"][1]
    assert max(x for x, _ in places.values()) - min(x for x, _ in places.values()) < 1500
    assert layout.spread(wide) is wide


def test_positions_are_kept_by_name_when_a_method_gives_a_new_graph() -> None:
    before = layout.completed(Graph.of("abc", ["ab"]))
    after = layout.kept(Graph.of("cabd", ["cb", "bd"]), before)
    assert all(after.node(name).position == before.node(name).position for name in "abc")
    assert not overlaps({n.name: n.position for n in after.nodes})


def test_five_hundred_nodes_are_laid_out_whole() -> None:
    rng = random.Random(2)
    names = [f"v{i}" for i in range(500)]
    pairs = {tuple(sorted(rng.sample(range(500), 2))) for _ in range(1520)}
    graph = Graph.of(names, [(names[a], names[b]) for a, b in sorted(pairs)[:1500]])
    places = layout.layered(graph)
    assert not overlaps(places)
    assert all(places[e.source][0] < places[e.target][0] for e in graph.edges)
