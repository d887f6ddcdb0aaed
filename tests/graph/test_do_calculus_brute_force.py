"""ID against brute force: on small graphs, verdicts are what the derivatives of random models say."""

from __future__ import annotations

from itertools import combinations, permutations

import pytest

from engines.graph.do_calculus.answer import verified
from engines.graph.do_calculus.effect import Effect, Verdict, identify_effect
from engines.graph.do_calculus.verification import verify
from engines.graph.graph import Graph
from tests.graph.brute_force import Point, ordered_graphs
from tests.graph.hedges import complaints


def judged(graph: Graph, x: str, y: str, point: Point, given: tuple[str, ...] = ()) -> Effect:
    """The effect, after its verdict was held against the derivatives, its formula against models, its hedge against
    the definition."""
    effect = identify_effect(graph, [y], [x], given)
    assert (effect.verdict is Verdict.IDENTIFIED) == point.determined(x, y, given), (graph.edges, x, y, given)
    if effect.verdict is Verdict.IDENTIFIED:
        effect = verified(effect, graph)
        assert effect.verification.passed, (graph.edges, x, y, effect.verification)
    else:
        assert complaints(graph, effect) == [], (graph.edges, x, y)
    return effect


def test_every_graph_of_two_and_three_nodes() -> None:
    counts = dict.fromkeys(Verdict, 0)
    for names in ("ab", "abc"):
        for seed, graph in enumerate(ordered_graphs(names)):
            point = Point(graph, seed)
            for x, y in combinations(names, 2):
                counts[judged(graph, x, y, point).verdict] += 1
    assert counts == {Verdict.IDENTIFIED: 136, Verdict.NOT_IDENTIFIED: 60, Verdict.UNDECIDED: 0}


def test_conditional_effects_in_every_graph_of_three_nodes() -> None:
    counts = dict.fromkeys(Verdict, 0)
    for seed, graph in enumerate(ordered_graphs("abc")):
        point = Point(graph, seed)
        for x, y, z in permutations("abc"):
            counts[judged(graph, x, y, point, (z,)).verdict] += 1
    assert counts == {Verdict.IDENTIFIED: 292, Verdict.NOT_IDENTIFIED: 92, Verdict.UNDECIDED: 0}


@pytest.mark.robustness
def test_every_graph_of_four_nodes() -> None:
    from tests.graph.y0_peer import formula

    counts = {"identified": 0, "not identified": 0, "y0 agrees": 0, "y0's formula is wrong": 0}
    wrong = []
    for seed, graph in enumerate(ordered_graphs("abcd")):
        point = Point(graph, seed)
        for x, y in combinations("abcd", 2):
            effect = judged(graph, x, y, point)
            counts[effect.verdict] += 1
            theirs = formula(graph, y, x)
            counts["y0 agrees"] += (theirs is not None) == (effect.verdict is Verdict.IDENTIFIED)
            if theirs is not None and not verify(graph, theirs, frozenset(y), frozenset(x)).passed:
                counts["y0's formula is wrong"] += 1
                wrong.append((graph, x, y))
    print(counts, [[str(e.pair) + str(e.bidirected) for e in graph.edges] for graph, _, _ in wrong[:3]])
    assert counts["y0 agrees"] == counts["identified"] + counts["not identified"] == 4096 * 6
