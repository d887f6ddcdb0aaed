"""The force layout and pins: the same each time, nothing overlaps, distances follow the graph, pinned nodes stay."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings

from engines.graph import layout
from engines.graph.arranging import Layout, arranged
from engines.graph.force import force
from engines.graph.graph import Graph
from tests.graph.random_graphs import graphs

WIDTH, HEIGHT = layout.NODE


def overlaps(places: layout.Positions) -> list[tuple[str, str]]:
    return [
        (a, b) for a, b in combinations(places, 2)
        if abs(places[a][0] - places[b][0]) < WIDTH and abs(places[a][1] - places[b][1]) < HEIGHT
    ]


@settings(max_examples=40, deadline=None)
@given(graph=graphs(most=9))
def test_nothing_overlaps_and_the_drawing_is_the_same_each_time(graph: Graph) -> None:
    places = force(graph)
    assert set(places) == set(graph.names)
    assert not overlaps(places)
    assert all(v % layout.GRID == 0 for place in places.values() for v in place)
    assert force(graph) == places


def test_distances_follow_the_graph_and_effects_lie_right() -> None:
    names = [f"v{i}" for i in range(8)]
    chain = force(Graph.of(names, list(pairwise(names))))
    xs = [chain[name][0] for name in names]
    assert xs == sorted(xs)
    assert np.allclose(np.diff(xs), 200, atol=24)
    ring = force(Graph.of(names, [*pairwise(names), (names[-1], names[0])]))
    centre = np.mean(list(ring.values()), axis=0)
    radii = np.hypot(*(np.array(list(ring.values())) - centre).T)
    assert radii.max() - radii.min() < 40


@pytest.mark.parametrize("how", Layout)
def test_pinned_nodes_stay_and_the_others_make_way(how: Layout) -> None:
    graph = Graph.of("abcdef", ["ab", "bc", "cd", "ae", "ef"])
    held = {"b": (1000.0, 504.0), "f": (-400.0, 16.0)}
    nodes = tuple(replace(n, position=held.get(n.name), pinned=n.name in held) for n in graph.nodes)
    places = arranged(how, replace(graph, nodes=nodes), tiers=("ab", "cd", "ef"))
    assert set(places) == set("abcdef")
    assert {name: places[name] for name in held} == held
    assert not overlaps(places)


def test_a_pin_is_kept_in_plain_data() -> None:
    graph = Graph.of("ab", ["ab"])
    pinned = replace(graph, nodes=(replace(graph.nodes[0], pinned=True), graph.nodes[1]))
    assert Graph.from_json(pinned.to_json()) == pinned
    assert "pinned" not in graph.to_json()["nodes"][0]


def test_large_graphs_come_apart() -> None:
    rng = np.random.default_rng(0)
    names = [f"v{i}" for i in range(250)]
    pairs = {(names[i], names[min(249, i + 1 + int(rng.exponential(20)))]) for i in rng.integers(0, 249, 700)}
    places = force(Graph.of(names, [pair for pair in pairs if pair[0] != pair[1]]))
    assert not overlaps(places)
