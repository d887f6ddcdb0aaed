"""The classic searches against what is known of small models; the effects they allow; what they do with knowledge."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("causallearn", reason="causal-learn is not installed; it comes with the extra discovery")

from engines.contract import Inputs, Query
from engines.data.kinds import category_column, number_column, table_of
from engines.discovery.classic_search import method
from engines.discovery.classic_search.effects import possible_effects
from engines.discovery.classic_search.model import SearchedGraph, graph_of
from engines.discovery.classic_search.parameters import Parameters
from engines.discovery.classic_search.report import against, broken_marks, marks_of
from engines.discovery.classic_search.searching import ARROW, CIRCLE, NONE, TAIL, search
from engines.graph.graph import End
from engines.graph.knowledge import Knowledge
from engines.refusals import Refusal

NAMES = ("a", "b", "c")


def collider(n: int = 800, seed: int = 0) -> np.ndarray:
    """a -> c <- b."""
    noise = np.random.default_rng(seed).normal(size=(n, 3))
    return np.column_stack([noise[:, 0], noise[:, 1], noise[:, 0] + noise[:, 1] + noise[:, 2]])


def chain(n: int = 800, seed: int = 0) -> np.ndarray:
    """a -> b -> c, coefficients 2 and 3."""
    noise = np.random.default_rng(seed).normal(size=(n, 3))
    b = 2 * noise[:, 0] + noise[:, 1]
    return np.column_stack([noise[:, 0], b, 3 * b + noise[:, 2]])


def found(X: np.ndarray, name: str, knowledge: Knowledge | None = None) -> np.ndarray:
    return search(X, Parameters(search=name), categories=False, knowledge=knowledge or Knowledge(), names=NAMES, seed=0)


@pytest.mark.parametrize("name", ["PC", "GES", "BOSS"])
def test_a_collider_is_directed_and_a_chain_stays_open(name: str) -> None:
    M = found(collider(), name)
    assert (M[0, 2], M[2, 0], M[1, 2], M[2, 1], M[0, 1]) == (ARROW, TAIL, ARROW, TAIL, NONE)
    M = found(chain(), name)
    assert (M[0, 1], M[1, 0], M[1, 2], M[2, 1], M[0, 2]) == (TAIL, TAIL, TAIL, TAIL, NONE)


def test_fci_leaves_the_far_ends_of_a_collider_as_circles() -> None:
    M = found(collider(), "FCI")
    assert (M[0, 2], M[2, 0], M[1, 2], M[2, 1]) == (ARROW, CIRCLE, ARROW, CIRCLE)


def test_noise_that_is_not_gaussian_directs_a_chain() -> None:
    noise = np.random.default_rng(1).uniform(-1, 1, (1000, 3))
    b = noise[:, 0] + noise[:, 1]
    M = found(np.column_stack([b + noise[:, 2], b, noise[:, 0]]), "DirectLiNGAM")      # c, b, a
    assert (M[2, 1], M[1, 0], M[0, 2]) == (ARROW, ARROW, NONE)
    assert (M[1, 2], M[0, 1]) == (TAIL, TAIL)


def test_categories_are_searched() -> None:
    generator = np.random.default_rng(0)
    a, b = generator.integers(2, size=(2, 1500))
    c = np.where(generator.random(1500) < 0.9, a | b, 1 - (a | b))
    X = np.column_stack([a, b, c]).astype(float)
    M = search(X, Parameters(search="PC"), categories=True, knowledge=Knowledge(), names=NAMES, seed=0)
    assert (M[0, 2], M[1, 2], M[0, 1]) == (ARROW, ARROW, NONE)


@pytest.mark.parametrize("name", ["PC", "FCI", "DirectLiNGAM"])
def test_what_is_known_is_kept(name: str) -> None:
    known = Knowledge(required=frozenset({("a", "b")}), tiers=(("a",), ("b",), ("c",)))
    M = found(chain(), name, known)
    assert (M[0, 1], M[1, 0]) == (ARROW, TAIL)
    model = SearchedGraph(NAMES, name, M, np.empty((0, 3, 3), np.int8), np.empty((0, 0)))
    assert not broken_marks(model, known)
    against_it = Knowledge(forbidden=frozenset({("a", "b")}), required=frozenset({("c", "a")}))
    assert broken_marks(model, against_it) == ["a → b is forbidden", "c → a is required"]


def test_possible_effects_are_those_of_every_graph_in_the_class() -> None:
    X = chain(200_000)
    C = np.cov(X, rowvar=False)
    M = marks_of(np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]], dtype=bool))
    effects = possible_effects(M, C, 0)
    assert effects.shape == (2, 3)                          # a is a cause of b, or b of a
    assert effects[0] == pytest.approx([0, 2, 6], abs=0.05)
    assert effects[1] == pytest.approx([0, 0, 0], abs=0.05)
    directed = marks_of(np.array([[0, 1, 0], [0, 0, 1], [0, 0, 0]], dtype=bool))
    assert possible_effects(directed, C, 0) == pytest.approx(np.array([[0, 2, 6]]), abs=0.05)
    # in the class of a chain b has at most one of its neighbours as a cause: both would make a new collider
    assert len(possible_effects(M, C, 1)) == 3


def test_frequencies_count_edges_and_ends() -> None:
    there, open_ended, none = (marks_of(np.array(rows, dtype=bool)) for rows in (
        [[0, 1], [0, 0]], [[0, 1], [1, 0]], [[0, 0], [0, 0]],
    ))
    model = SearchedGraph(("a", "b"), "PC", there, np.array([there, there, open_ended, none]), np.eye(2))
    often = model.frequencies()
    assert often is not None
    assert (often[0][0, 1], often[1][0, 1]) == (0.75, 0.5)
    assert model.graph().edge("a", "b").frequency == 0.75
    assert not model.graph(0.8).edges
    assert [model.edges()[name].label(0) for name in ("first", "ends", "second", "joined in")] == ["a", "→", "b", 0.75]


def test_ends_become_ends_of_the_graph() -> None:
    M = np.zeros((3, 3), dtype=np.int8)
    M[0, 1], M[1, 0], M[1, 2], M[2, 1] = ARROW, CIRCLE, TAIL, ARROW
    graph = graph_of(M, NAMES)
    assert (graph.edge("a", "b").at_source, graph.edge("a", "b").at_target) == (End.CIRCLE, End.ARROW)
    assert graph.edge("c", "b").directed
    assert graph.parents("b") == ("c",)


def test_scores_count_pairs_and_heads() -> None:
    true = marks_of(np.array([[0, 1, 0], [0, 0, 0], [0, 1, 0]], dtype=bool))
    turned = marks_of(np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0]], dtype=bool))
    shd, precision, recall, head_precision, head_recall, edges = against(true, turned)
    assert (shd, precision, recall, head_precision, head_recall, edges) == (1, 1, 1, 0.5, 0.5, 2)


def test_knowledge_is_refused_where_it_cannot_be_used() -> None:
    inputs = replace(method.trial.inputs(), knowledge=Knowledge(forbidden=frozenset({("x1", "x2")})))
    with pytest.raises(Refusal, match="BOSS cannot use what is known"):
        method.check(inputs, Parameters(search="BOSS"))
    classes = table_of("classes", [category_column(n, ["u", "v"] * 10) for n in "ab"])
    with pytest.raises(Refusal, match="DirectLiNGAM needs numbers"):
        method.check(Inputs(classes), Parameters(search="DirectLiNGAM"))


def test_the_title_says_how_many_sets_of_causes_the_effects_span() -> None:
    X = chain()
    data = table_of("chain", [number_column(name, X[:, j]) for j, name in enumerate(NAMES)])
    M = marks_of(np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]], dtype=bool))
    model = SearchedGraph(NAMES, "GES", M, np.empty((0, 3, 3), np.int8), np.cov(X, rowvar=False))
    *_, last = model.answer(Query(data.rows([0]), values={"cause": "a"}))
    bars = last.results[-1]
    assert "2 sets of causes possible" in bars.title
    assert bars.labels == ("b", "c")
    assert bars.low == pytest.approx([0, 0], abs=0.05)
    assert bars.high == pytest.approx([2, 6], rel=0.1)
