"""Scores of learnt graphs against definitions worked out another way."""

from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.metrics import graphs as g
from engines.simulators.linear_sem import erdos_renyi, strengths


def of(d, *edges):
    A = np.zeros((d, d), dtype=bool)
    for edge in edges:
        A[edge] = True
    return A


def test_a_reversal_counts_once():
    scores = g.compare(of(4, (0, 1), (1, 2), (2, 3)), of(4, (1, 0), (1, 2), (0, 3)))
    assert (scores.correct, scores.reversed, scores.extra, scores.missing) == (1, 1, 1, 1)
    assert scores.shd == 3
    assert scores.tpr == pytest.approx(1 / 3)
    assert scores.fdr == pytest.approx(2 / 3)


@given(st.integers(0, 10_000))
def test_hamming_distance_counts_pairs_that_differ(seed):
    generator = np.random.default_rng(seed)
    A, B = erdos_renyi(6, 2, generator), erdos_renyi(6, 2, generator)
    pairs = sum((A[i, j], A[j, i]) != (B[i, j], B[j, i]) for i in range(6) for j in range(i))
    assert g.compare(A, B).shd == pairs
    assert g.compare(A, A).shd == 0


def adjusted_effects_that_are_wrong(truth, predicted, generator):
    """SID by its meaning: regress on the predicted parents in the population and compare with the real effect."""
    d = len(truth)
    W = strengths(truth, 0.5, 1.5, generator)
    total = np.linalg.inv(np.eye(d) - W)
    C = total.T @ np.diag(generator.uniform(0.5, 2, d)) @ total
    wrong = 0
    for i, j in permutations(range(d), 2):
        parents = np.flatnonzero(predicted[:, i])
        if j in parents:
            estimate = 0.0
        else:
            given = [i, *parents]
            estimate = np.linalg.solve(C[np.ix_(given, given)], C[given, j])[0]
        wrong += not np.isclose(estimate, total[i, j], atol=1e-9)
    return wrong


@pytest.mark.parametrize("seed", range(25))
def test_intervention_distance_counts_wrong_effects(seed):
    generator = np.random.default_rng(seed)
    truth, predicted = erdos_renyi(6, 1 + seed % 2, generator), erdos_renyi(6, 1 + seed % 2, generator)
    assert g.intervention_distance(truth, predicted) == adjusted_effects_that_are_wrong(truth, predicted, generator)


def test_intervention_distance_forgives_extra_edges_along_the_order():
    truth = of(4, (0, 1), (1, 2))
    assert g.intervention_distance(truth, truth | of(4, (0, 2), (0, 3), (2, 3))) == 0
    assert g.intervention_distance(truth, truth.T) > 0


def acyclic_graphs(d):
    pairs = [(i, j) for i in range(d) for j in range(i)]
    for ends in product((0, 1, 2), repeat=len(pairs)):
        A = np.zeros((d, d), dtype=bool)
        for (i, j), end in zip(pairs, ends, strict=True):
            A[i, j], A[j, i] = end == 1, end == 2
        if not (g.ancestors(A) & g.ancestors(A).T & ~np.eye(d, dtype=bool)).any():
            yield A


def colliders(A):
    return {
        (a, b, j)
        for j in range(len(A))
        for a in np.flatnonzero(A[:, j])
        for b in np.flatnonzero(A[:, j])
        if a < b and not (A[a, b] or A[b, a])
    }


def test_equivalence_class_is_the_union_of_the_equivalent_graphs():
    graphs = list(acyclic_graphs(4))
    assert len(graphs) == 543
    classes: dict[object, list[np.ndarray]] = {}
    for A in graphs:
        classes.setdefault((str((A | A.T).tolist()), frozenset(colliders(A))), []).append(A)
    assert len(classes) == 185
    for members in classes.values():
        union = np.logical_or.reduce(members)
        for A in members:
            assert (g.equivalence_class(A) == union).all()


def test_equivalence_distance_does_not_see_directions_that_data_cannot():
    chain = of(3, (0, 1), (1, 2))
    assert g.equivalence_distance(chain, chain.T) == 0
    assert g.equivalence_distance(chain, of(3, (0, 1), (2, 1))) == 2
