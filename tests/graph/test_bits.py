"""Sets of bits say the same as names; separators and all answers against every subset of small random graphs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import chain, combinations

import numpy as np
import pytest

from engines.graph.adjustment import adjustments, direct_adjustments
from engines.graph.answers import Ended
from engines.graph.bits import Bits
from engines.graph.front_door import front_doors
from engines.graph.fuse import Fuse
from engines.graph.graph import Edge, Graph, Mark, Node, bidirected
from engines.graph.identification import adjusts, identify
from engines.graph.implications import implications
from engines.graph.instruments import instruments
from engines.graph.separation import connected, separated
from engines.graph.separators import between, minimal, smallest
from engines.graph.ways import ways
from engines.refusals import Refusal
from tests.graph.examples import sebastiani, shrier

X, Y = "v1", "v4"


def some_graphs(count: int, nodes: int, seed: int, marks: bool = True) -> Iterator[Graph]:
    """Random acyclic graphs with hidden causes and, now and then, a latent or a selected node."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        names = [f"v{i}" for i in range(nodes)]
        dense, hidden = rng.uniform(0.25, 0.55), rng.uniform(0, 0.12)
        order = [names[i] for i in rng.permutation(nodes)]
        edges = [Edge(a, b) for a, b in combinations(order, 2) if rng.random() < dense]
        edges += [bidirected(a, b) for a, b in combinations(names, 2) if rng.random() < hidden]
        graph = Graph(tuple(Node(name) for name in names), tuple(edges))
        if marks:
            for mark, share in ((Mark.LATENT, 0.4), (Mark.SELECTED, 0.2)):
                if rng.random() < share:
                    name = names[rng.integers(nodes)]
                    if name not in (X, Y) and not graph.node(name).marks:
                        graph = graph.with_node(Node(name, frozenset({mark})))
        yield graph


def subsets(names: list[str]) -> list[tuple[str, ...]]:
    return list(chain.from_iterable(combinations(names, count) for count in range(len(names) + 1)))


def fewest(serving: list[tuple[str, ...]]) -> set[frozenset[str]]:
    """Those of which no other is a part."""
    sets = [frozenset(names) for names in serving]
    return {one for one in sets if not any(other < one for other in sets)}


def free(graph: Graph, *others: str) -> list[str]:
    return [node.name for node in graph.nodes
            if node.name not in others and not node.marks & {Mark.LATENT, Mark.SELECTED}]


def selected(graph: Graph) -> tuple[str, ...]:
    return tuple(node.name for node in graph.nodes if Mark.SELECTED in node.marks)


def test_bits_reach_what_names_reach() -> None:
    for graph in some_graphs(12, 7, 1):
        bits = Bits.of(graph)
        for given in subsets(list(graph.names))[::9]:
            for start in graph.names:
                if start not in given:
                    assert bits.named(bits.connected(bits.set([start]), bits.set(given))) == tuple(
                        name for name in graph.names if name in connected(graph, [start], given)
                    )
        assert set(bits.named(bits.ancestors(bits.set([X])))) == {X, *graph.ancestors(X)}


def test_separators_are_all_minimal_ones_and_the_smallest_has_the_fewest_nodes() -> None:
    several = 0
    for graph in some_graphs(120, 7, 2):
        kept = selected(graph)
        others = free(graph, X, Y)
        serving = [given for given in subsets(others) if separated(graph, [X], [Y], {*given, *kept})]
        bits = Bits.of(graph)
        x, y = bits.set([X]), bits.set([Y])
        near = between(bits, x, y, bits.set(others), bits.set(kept))
        found = [frozenset(bits.named(one)) for one in minimal(near, x, y, Fuse())]
        assert len(found) == len(set(found))
        assert set(found) == fewest(serving)
        least = smallest(near, x, y)
        assert (least is None) == (not serving)
        if least is not None:
            assert least.bit_count() == min(map(len, serving))
            assert bits.named(least) in serving
        several += len(found) > 1
    assert several > 3


def test_adjustment_sets_are_all_minimal_ones() -> None:
    lost = several = 0
    for graph in some_graphs(300, 7, 3):
        found = adjustments(graph, [X], [Y])
        if not found.effect:
            assert Y not in graph.descendants(X)
            continue
        serving = [given for given in subsets(free(graph, X, Y)) if adjusts(graph, X, Y, given)]
        assert {frozenset(names) for names in found.sets} == fewest(serving)
        assert found.ended is Ended.ALL
        assert [len(names) for names in found.sets] == sorted(len(names) for names in found.sets)
        assert identify(graph, X, Y).adjust == (found.sets[0] if found.sets else ())
        several += len(found.sets) > 1
        if not found.sets:
            assert found.why_not is not None
            assert found.why_not.nodes
            lost += 1
    assert several > 3
    assert lost > 5


def proper_back_door(graph: Graph, causes: list[str], effects: list[str]) -> tuple[Graph, set[str]]:
    """By its definition, path by path."""
    first, inner = set(), set()

    def go_on(way: list[str]) -> None:
        for child in graph.children(way[-1]):
            if child in causes:
                continue
            if child in effects:
                first.add((way[0], [*way, child][1]))
                inner.update([*way, child][1:])
            go_on([*way, child])

    for cause in causes:
        go_on([cause])
    kept = tuple(e for e in graph.edges if e.bidirected or e.pair not in first)
    return Graph(graph.nodes, kept), inner | set(graph.descendants(*inner))


def test_several_exposures_and_outcomes() -> None:
    asked = 0
    for graph in some_graphs(250, 6, 4):
        causes, effects = [X, "v2"], [Y, "v5"]
        if any(graph.node(name).marks for name in causes + effects):
            continue
        cut, forbidden = proper_back_door(graph, causes, effects)
        found = adjustments(graph, causes, effects)
        if not found.effect:
            continue
        kept = selected(graph)
        serving = [
            given for given in subsets(free(graph, *causes, *effects))
            if not {*given, *kept} & forbidden and separated(cut, causes, effects, {*given, *kept})
        ]
        assert {frozenset(names) for names in found.sets} == fewest(serving)
        asked += bool(serving)
    assert asked > 10


def test_direct_effects_are_those_of_the_single_door() -> None:
    asked = 0
    for graph in some_graphs(150, 6, 5):
        found = direct_adjustments(graph, X, Y)
        if not found.effect:
            continue
        cut = Graph(graph.nodes, tuple(e for e in graph.edges if e.bidirected or e.pair != (X, Y)))
        below, kept = {*graph.descendants(Y)}, selected(graph)
        serving = [
            given for given in subsets(free(graph, X, Y))
            if not {*given, *kept} & below and separated(cut, [X], [Y], {*given, *kept})
        ]
        assert {frozenset(names) for names in found.sets} == fewest(serving)
        asked += bool(serving)
    assert asked > 15


def test_instruments_hold_and_are_found_whenever_there_is_one() -> None:
    some = none = 0
    for graph in some_graphs(300, 6, 6):
        found = instruments(graph, X, Y)
        cut, forbidden = proper_back_door(graph, [X], [Y])
        if cut.edges == graph.edges:
            assert found.why_not is not None
            continue
        kept = set(selected(graph))
        allowed = [name for name in free(graph, X, Y) if name not in forbidden]

        def serves(name: str, given: tuple[str, ...]) -> bool:
            known = {*given, *kept}  # noqa: B023
            return X in connected(graph, [name], known) and separated(cut, [name], [Y], known)  # noqa: B023

        for one in found.found:
            assert one.name in allowed
            assert serves(one.name, one.given)
            assert not set(one.given) & forbidden
        possible = not kept & forbidden and any(
            serves(name, given) for name in allowed for given in subsets([n for n in allowed if n != name])
        )
        assert bool(found.found) == possible
        assert (found.why_not is None) == possible
        some += possible
        none += not possible
    assert some > 15
    assert none > 15


def is_front_door(graph: Graph, middle: tuple[str, ...]) -> bool:
    cut = Graph(graph.nodes, tuple(e for e in graph.edges if e.bidirected or e.source not in middle))
    if Y in cut.descendants(X):
        return False
    behind = Graph(graph.nodes, tuple(e for e in graph.edges if e.bidirected or e.source != X))
    if any(not separated(behind, [X], [name]) for name in middle):
        return False
    return all(separated(cut, [name], [Y], [X]) for name in middle)


def test_front_door_sets_are_all_minimal_ones() -> None:
    some = none = several = 0
    for graph in some_graphs(400, 7, 7):
        if selected(graph) or Y not in graph.descendants(X):
            continue
        found = front_doors(graph, X, Y)
        serving = [middle for middle in subsets(free(graph, X, Y)) if is_front_door(graph, middle)]
        assert {frozenset(names) for names in found.sets} == fewest(serving)
        assert (found.why_not is None) == bool(serving)
        some += bool(serving)
        several += len(found.sets) > 1
        none += not serving
    assert some > 10
    assert several
    assert none > 10


def test_implications_hold_cover_all_pairs_and_can_spare_no_node() -> None:
    for graph in some_graphs(60, 6, 8):
        found = implications(graph)
        kept = selected(graph)
        seen = free(graph)
        apart = [
            pair for pair in combinations(seen, 2)
            if not any(set(pair) == set(edge.pair) for edge in graph.edges)
        ]
        assert [(one.first, one.second) for one in found.claims] + list(found.tied) == sorted(
            apart, key=lambda pair: (pair in found.tied, apart.index(pair))
        )
        for one in found.claims:
            assert separated(graph, [one.first], [one.second], one.given)
            for name in set(one.given) - set(kept):
                assert not separated(graph, [one.first], [one.second], set(one.given) - {name})
        for one, other in found.tied:
            assert not any(
                separated(graph, [one], [other], {*given, *kept}) for given in subsets(free(graph, one, other))
            )


def test_thirteen_nodes_against_every_subset() -> None:
    found = adjustments(shrier(), ["WarmUpExercises"], ["Injury"])
    others = free(shrier(), "WarmUpExercises", "Injury")
    others.remove("IntraGameProprioception")        # follows from the exposure, so it is in no set
    few = [given for given in subsets(others) if len(given) <= 4]
    serving = [given for given in few if adjusts(shrier(), "WarmUpExercises", "Injury", given)]
    assert {frozenset(names) for names in found.sets} == fewest(serving)
    assert len(found.sets) == 7
    assert not instruments(shrier(), "WarmUpExercises", "Injury").why_not


def test_thirty_six_nodes() -> None:
    graph = sebastiani()
    assert (len(graph.nodes), len(graph.edges)) == (36, 60)
    found = adjustments(graph, ["EDN1.3"], ["EDNI1.7"])
    assert found.ended is Ended.ALL
    assert all(adjusts(graph, "EDN1.3", "EDNI1.7", names) for names in found.sets)
    claims = implications(graph)
    assert len(claims.claims) == 36 * 35 // 2 - 60
    assert not claims.tied


def wide(pairs: int) -> Graph:
    """x <- a_i <- b_i -> y: 2 to the power of `pairs` minimal sets."""
    names = ["x", "y"] + [f"{kind}{i}" for i in range(pairs) for kind in "ab"]
    edges = [("x", "y")]
    for i in range(pairs):
        edges += [(f"b{i}", f"a{i}"), (f"a{i}", "x"), (f"b{i}", "y")]
    return Graph.of(names, edges)


def test_all_of_many_sets() -> None:
    found = {frozenset(names) for names in adjustments(wide(4), ["x"], ["y"]).sets}
    assert len(found) == 16
    assert all(len(names) == 4 and adjusts(wide(4), "x", "y", names) for names in found)
    long = Graph(tuple(map(Node, "xabcy")), (
        Edge("x", "a"), Edge("a", "b"), Edge("b", "c"), Edge("c", "y"), bidirected("x", "y"),
    ))
    assert front_doors(long, "x", "y").sets == (("a",), ("b",), ("c",))


def test_a_limit_and_a_burnt_fuse_are_said_and_still_answer() -> None:
    graph = wide(9)
    found = adjustments(graph, ["x"], ["y"])
    assert (len(found.sets), found.ended) == (100, Ended.MOST)
    assert "There are more: the first 100 sets are listed." in found.sentence()
    hurried = adjustments(graph, ["x"], ["y"], Fuse(-1))
    assert (len(hurried.sets), hurried.ended) == (1, Ended.TIME)          # the fast answer
    assert adjusts(graph, "x", "y", hurried.sets[0])
    assert "ended after 5 s" in hurried.sentence()
    assert instruments(graph, "x", "y", Fuse(-1)).ended is Ended.TIME
    assert implications(graph, Fuse(-1)).ended is Ended.TIME
    assert ways(graph, ["x"], ["y"], [], Fuse(-1)).ended is Ended.TIME


def test_many_nodes_end_with_the_fuse() -> None:
    rng = np.random.default_rng(0)
    names = [f"v{i}" for i in range(150)]
    graph = Graph.of(names, [pair for pair in combinations(names, 2) if rng.random() < 0.1])
    began = time.process_time()
    found = ways(graph, ["v10"], ["v140"], names[20:30], Fuse(0.05), most=10**9)
    assert found.ended is Ended.TIME
    assert time.process_time() - began < 2


def test_ways_between_two_sets() -> None:
    graph = Graph.of("abcde", [("a", "b"), ("b", "c"), ("a", "d"), ("c", "d"), ("d", "e")])
    apart = ways(graph, "a", "c", "b")
    assert apart.separated
    assert [path.blocked_at for path in apart.blocked] == [("b",), ("d",)]
    tied = ways(graph, "a", "c", "be")
    assert not tied.separated
    assert [str(path) for path in tied.open] == ["a → d ← c"]
    assert tied.sentence() == "a and c are not separated given b and e: a → d ← c is open."
    assert ways(graph, "ab", "e", "d").separated
    for graph in some_graphs(60, 6, 9):
        for given in ((), ("v3",), ("v0", "v3")):
            found = ways(graph, ["v1", "v2"], ["v4", "v5"], given)
            assert found.separated == separated(graph, ["v1", "v2"], ["v4", "v5"], given)
            assert bool(found.open) != found.separated
            assert all(not path.blocked_at for path in found.open)


def test_each_empty_answer_says_why() -> None:
    bow = Graph((Node("x"), Node("y")), (Edge("x", "y"), bidirected("x", "y")))
    lost = adjustments(bow, ["x"], ["y"])
    assert lost.why_not is not None
    assert lost.why_not.path is not None
    assert lost.why_not.sentence == "x ↔ y stays open, as the hidden cause of x and y is not seen."
    assert front_doors(bow, "x", "y").sentence().endswith("the edge x → y passes no other node.")
    assert instruments(bow, "x", "y").sentence().endswith("no node but those that follow from x is tied to it.")
    latent = Graph((Node("x"), Node("y"), Node("u", frozenset({Mark.LATENT}))),
                   (Edge("u", "x"), Edge("u", "y"), Edge("x", "y")))
    why = adjustments(latent, ["x"], ["y"]).why_not
    assert why is not None
    assert why.sentence == "x ← u → y stays open, as u is latent."
    door = Graph.of("xmyz", [("x", "m"), ("m", "y"), ("z", "x"), ("z", "m")])
    refused = front_doors(door, "x", "y").why_not
    assert refused is not None
    assert refused.sentence == "x and m are confounded: x ← z → m is open."
    chosen = Graph.of("xys", [("x", "y"), ("y", "s")]).with_node(Node("s", frozenset({Mark.SELECTED})))
    assert "s is selected and follows from the exposure." in adjustments(chosen, ["x"], ["y"]).sentence()
    with pytest.raises(Refusal, match="No node is marked as outcome"):
        adjustments(bow, ["x"], [])
    with pytest.raises(Refusal, match="at once"):
        adjustments(bow, ["x"], ["x"])
