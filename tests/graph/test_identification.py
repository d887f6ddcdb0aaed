"""Adjustment: the formula against the truth in random models, the criterion against every set in small graphs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, permutations, product

import numpy as np
import pytest

from engines.graph.graph import Edge, Graph, Mark, Node, bidirected, undirected
from engines.graph.identification import CONDITION, adjusts, identify
from engines.refusals import Refusal


def all_dags(names: str) -> Iterator[Graph]:
    """Every directed acyclic graph over the names, each once."""
    pairs = list(combinations(names, 2))
    for ways in product((None, 0, 1), repeat=len(pairs)):
        graph = Graph.of(names, [pair[::-1] if way else pair for pair, way in zip(pairs, ways) if way is not None])
        if graph.cycle() is None:
            yield graph


def with_hidden_causes(names: str) -> Iterator[Graph]:
    """Every acyclic graph over three names with every set of bidirected edges."""
    pairs = list(combinations(names, 2))
    for graph in all_dags(names):
        for chosen in product((False, True), repeat=len(pairs)):
            hidden = tuple(bidirected(*pair) for pair, on in zip(pairs, chosen) if on)
            yield replace(graph, edges=(*graph.edges, *hidden))


class Model:
    """Random binary mechanisms for a graph; a bidirected edge is a hidden parent of both of its nodes."""

    def __init__(self, graph: Graph, seed: int) -> None:
        rng = np.random.default_rng(seed)
        hidden = [f"u{i}" for i, edge in enumerate(graph.edges) if edge.bidirected]
        self.seen = graph.names
        self.order = (*hidden, *graph.order())
        self.parents: dict[str, tuple[str, ...]] = dict.fromkeys(hidden, ())
        for name in graph.names:
            extra = tuple(f"u{i}" for i, edge in enumerate(graph.edges) if edge.bidirected and name in edge.pair)
            self.parents[name] = (*graph.parents(name), *extra)
        self.chance = {
            name: {values: rng.uniform(0.05, 0.95) for values in product((0, 1), repeat=len(above))}
            for name, above in self.parents.items()
        }

    def joint(self, do: dict[str, int]) -> dict[tuple[int, ...], float]:
        """Distribution of the seen nodes under an intervention."""
        table: dict[tuple[int, ...], float] = {}
        for values in product((0, 1), repeat=len(self.order)):
            world = dict(zip(self.order, values))
            if any(world[name] != value for name, value in do.items()):
                continue
            p = 1.0
            for name in self.order:
                if name not in do:
                    one = self.chance[name][tuple(world[above] for above in self.parents[name])]
                    p *= one if world[name] else 1 - one
            key = tuple(world[name] for name in self.seen)
            table[key] = table.get(key, 0.0) + p
        return table

    def effect(self, x: str, y: str) -> float:
        """P(y = 1 | do(x = 1))."""
        at = self.seen.index(y)
        return sum(p for key, p in self.joint({x: 1}).items() if key[at])

    def adjusted(self, x: str, y: str, given: tuple[str, ...]) -> float:
        """The adjustment formula on what can be observed."""
        table = self.joint({})
        places = [self.seen.index(name) for name in given]
        ix, iy = self.seen.index(x), self.seen.index(y)
        total = 0.0
        for values in product((0, 1), repeat=len(given)):
            here = {key: p for key, p in table.items() if all(key[i] == v for i, v in zip(places, values))}
            treated = sum(p for key, p in here.items() if key[ix])
            both = sum(p for key, p in here.items() if key[ix] and key[iy])
            total += sum(here.values()) * both / treated
        return total


def exact(graph: Graph, x: str, y: str, given: tuple[str, ...]) -> bool:
    """Whether adjustment gives the truth in three random models; in a wrong one that has probability zero."""
    models = [Model(graph, seed) for seed in range(3)]
    return all(abs(model.adjusted(x, y, given) - model.effect(x, y)) < 1e-9 for model in models)


def test_the_formula_is_the_truth_in_every_graph_of_four_nodes() -> None:
    asked = 0
    for graph in all_dags("xyzw"):
        found = identify(graph, "x", "y")
        assert found.identified                                # with all parents seen, the parents serve
        model = Model(graph, 1)
        if found.effect:
            assert abs(model.adjusted("x", "y", found.adjust) - model.effect("x", "y")) < 1e-9
            asked += 1
        else:
            table = model.joint({})
            assert abs(sum(p for key, p in table.items() if key[1]) - model.effect("x", "y")) < 1e-9
    assert asked > 200


def test_a_set_serves_exactly_when_it_gives_the_truth_also_with_hidden_causes() -> None:
    identified = lost = 0
    for graph in with_hidden_causes("xyz"):
        found = identify(graph, "x", "y")
        if not found.effect:
            continue
        serving = [given for given in ((), ("z",)) if exact(graph, "x", "y", given)]
        assert [given for given in ((), ("z",)) if adjusts(graph, "x", "y", given)] == serving
        assert found.identified == bool(serving)
        if found.identified:
            assert found.adjust == serving[0]                  # the smaller one
            identified += 1
        else:
            assert found.open_path is not None
            lost += 1
    assert identified > 20
    assert lost > 20


def test_every_serving_set_is_recognised_in_graphs_of_four_nodes() -> None:
    for graph in list(all_dags("xyzw"))[::5]:
        if not identify(graph, "x", "y").effect:
            continue
        for given in ((), ("z",), ("w",), ("z", "w")):
            assert adjusts(graph, "x", "y", given) == exact(graph, "x", "y", given)


@pytest.mark.parametrize("latent", ["z", "w"])
def test_with_a_latent_node_a_set_is_found_whenever_one_serves(latent: str) -> None:
    for graph in all_dags("xyzw"):
        hidden = graph.with_node(Node(latent, frozenset({Mark.LATENT})))
        found = identify(hidden, "x", "y")
        if not found.effect:
            continue
        seen = "w" if latent == "z" else "z"
        serving = [given for given in ((), (seen,)) if adjusts(hidden, "x", "y", given)]
        assert found.identified == bool(serving)
        assert latent not in found.adjust
        assert found.adjust == (serving[0] if serving else ())


def test_no_node_can_be_spared_in_larger_graphs() -> None:
    rng = np.random.default_rng(3)
    names = [f"v{i:02}" for i in range(24)]
    for _ in range(12):
        graph = Graph.of(names, [pair for pair in combinations(names, 2) if rng.random() < 0.12])
        x, y = names[10], names[20]
        found = identify(graph, x, y)
        if found.effect:
            assert adjusts(graph, x, y, found.adjust)
            for name in found.adjust:
                assert not adjusts(graph, x, y, [n for n in found.adjust if n != name])


MORPHO = Graph.of(
    ["thickness", "intensity", "digit", "image"],
    [("thickness", "intensity"), ("thickness", "image"), ("intensity", "image"), ("digit", "image")],
)


def test_sentences() -> None:
    assert identify(MORPHO, "thickness", "image").sentence() == (
        "Effect of thickness on image is identified. Adjust for nothing."
    )
    assert identify(MORPHO, "intensity", "image").sentence() == (
        "Effect of intensity on image is identified. Adjust for thickness."
    )
    assert identify(MORPHO, "image", "digit").sentence() == (
        "image has no effect on digit: no path of causes leads there."
    )
    hidden = replace(MORPHO, edges=(*MORPHO.edges, bidirected("intensity", "image")))
    lost = identify(hidden, "intensity", "image")
    assert lost.sentence() == (
        "Effect of intensity on image is not identified by adjustment: intensity ↔ image stays open."
    )
    assert lost.open_path.nodes == ("intensity", "image")
    assert CONDITION == "if the graph is right"


def test_selection_on_a_consequence_spoils_the_effect() -> None:
    graph = Graph.of("xys", [("x", "y"), ("x", "s"), ("y", "s")])
    assert identify(graph, "x", "y").identified
    chosen = graph.with_node(Node("s", frozenset({Mark.SELECTED})))
    assert not identify(chosen, "x", "y").identified
    assert not adjusts(chosen, "x", "y", ())


def test_what_cannot_be_asked_is_refused() -> None:
    with pytest.raises(Refusal, match="cycle: "):
        identify(Graph.of("ab", [("a", "b")]).with_node(Node("c")).with_edge(Edge("b", "c")).with_edge(Edge("c", "a")),
                 "a", "b")
    with pytest.raises(Refusal, match="no clear direction"):
        identify(Graph((Node("a"), Node("b")), (undirected("a", "b"),)), "a", "b")
    with pytest.raises(Refusal, match="a is exposure and outcome at once"):
        identify(Graph.of("ab"), "a", "a")
    with pytest.raises(Refusal, match="a is latent"):
        identify(Graph((Node("a", frozenset({Mark.LATENT})), Node("b"))), "a", "b")


def test_the_order_of_nodes_does_not_matter() -> None:
    edges = [("z", "x"), ("z", "y"), ("x", "y"), ("w", "z")]
    for names in permutations("xyzw"):
        assert identify(Graph.of(names, edges), "x", "y").adjust == ("z",)
