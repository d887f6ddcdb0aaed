"""The equations of CoLiDE against finite differences, closed forms and graphs solved by hand."""

import numpy as np
import pytest

from engines.discovery.colide import mathematics as m
from engines.simulators.linear_sem import random_sem


@pytest.fixture
def generator() -> np.random.Generator:
    return np.random.default_rng(7)


def differences(function, W, step=1e-6):
    """Central finite differences of a scalar function of W (d, d)."""
    gradient = np.empty_like(W)
    for index in np.ndindex(W.shape):
        above, below = W.copy(), W.copy()
        above[index] += step
        below[index] -= step
        gradient[index] = (function(above) - function(below)) / (2 * step)
    return gradient


@pytest.mark.parametrize("levels", ["equal", "separate", "fixed"])
def test_gradient_of_the_score_is_the_slope(generator, levels):
    C = m.covariance(generator.normal(size=(40, 6)) * [1, 2, 3, 1, 2, 0.5])
    W = 0.2 * generator.normal(size=(6, 6))
    sigma = m.noise_levels(m.residual_variances(W, C), levels, m.noise_floor(C)) * 1.3
    slope = differences(lambda W: m.score(m.residual_variances(W, C), sigma), W)
    assert np.abs(slope - m.score_gradient(W, C, sigma)).max() < 1e-6


@pytest.mark.parametrize("s", [1.0, 0.7])
def test_gradient_of_acyclicity_is_the_slope(generator, s):
    W = 0.15 * generator.normal(size=(6, 6))
    slope = differences(lambda W: m.acyclicity(W, s), W)
    assert np.abs(slope - m.acyclicity_gradient(W, s)).max() < 1e-6


@pytest.mark.parametrize("s", [0.3, 1.0, 2.0])
def test_acyclicity_vanishes_for_every_acyclic_graph_and_only_there(generator, s):
    W = random_sem(12, 3, generator).W
    assert abs(m.acyclicity(W, s)) < 1e-10
    looped = np.zeros((3, 3))
    looped[0, 1], looped[1, 2], looped[2, 0] = 0.5, 0.4, 0.3
    assert m.acyclicity(looped, s) == pytest.approx(-np.log(1 - (0.5 * 0.4 * 0.3) ** 2 / s**3), rel=1e-9)


def test_noise_levels_at_the_truth_are_the_residual_spread_exactly(generator):
    sem = random_sem(8, 2, generator, variance=None)
    X = sem.sample(300, generator)
    C = m.covariance(X)
    residuals = X - X.mean(axis=0)
    residuals = residuals - residuals @ sem.W
    variances = m.residual_variances(sem.W, C)
    assert variances == pytest.approx((residuals**2).mean(axis=0), rel=1e-10)
    separate = m.noise_levels(variances, "separate", m.noise_floor(C))
    equal = m.noise_levels(variances, "equal", m.noise_floor(C))
    assert separate**2 == pytest.approx((residuals**2).mean(axis=0), rel=1e-10)
    assert equal**2 == pytest.approx([(residuals**2).mean()], rel=1e-10)


@pytest.mark.parametrize("levels", ["equal", "separate"])
def test_the_closed_form_minimises_the_score(generator, levels):
    variances = generator.uniform(0.5, 4, 5)
    best = m.noise_levels(variances, levels, np.zeros(1))
    for factor in (0.9, 0.99, 1.01, 1.1):
        assert m.score(variances, best) < m.score(variances, best * factor)


def test_noise_levels_stop_at_the_floor():
    assert m.noise_levels(np.array([1e-8, 1.0]), "separate", np.array([0.1])) == pytest.approx([0.1, 1.0])
    assert m.noise_levels(np.array([-1e-18, 1e-8]), "equal", np.array([0.1])) == pytest.approx([0.1])


def test_the_floor_lies_below_every_true_level_of_a_dense_graph():
    sem = random_sem(50, 4, np.random.default_rng(0))
    C = m.covariance(sem.sample(1000, np.random.default_rng(1)))
    assert np.sqrt(np.diag(C)).max() > 100
    assert m.noise_floor(C) < 0.1
    assert m.noise_floor(C) == pytest.approx(1e-2 * np.sqrt(np.diag(C).min()))


def test_threshold_removes_the_weakest_edges_until_no_cycle_is_left():
    W = np.zeros((4, 4))
    W[0, 1], W[1, 2], W[2, 0], W[0, 3] = 0.9, 0.8, 0.4, 0.35
    W[3, 1], W[1, 1] = 0.2, 5.0
    edges = m.acyclic_edges(W, 0.3)
    assert set(zip(*np.nonzero(edges), strict=True)) == {(0, 1), (1, 2)}
    kept = np.zeros((4, 4), dtype=bool)
    kept[3, 1] = kept[2, 0] = True
    edges = m.acyclic_edges(W, 0.3, kept)
    assert set(zip(*np.nonzero(edges), strict=True)) == {(0, 1), (2, 0), (3, 1)}


def test_causal_order_puts_causes_first_and_leaves_cycles_out(generator):
    edges = random_sem(15, 3, generator).W != 0
    place = np.argsort(m.causal_order(edges))
    assert all(place[i] < place[j] for i, j in zip(*np.nonzero(edges), strict=True))
    cyclic = np.array([[0, 1, 0], [0, 0, 1], [1, 0, 0]], dtype=bool)
    assert m.causal_order(cyclic) == []


def test_the_inverse_tells_whether_w_is_inside_the_domain():
    W = np.zeros((2, 2))
    W[0, 1] = W[1, 0] = 0.9
    assert m.inside_domain(np.linalg.inv(np.eye(2) - W * W))
    W[0, 1] = 1.3
    assert not m.inside_domain(np.linalg.inv(np.eye(2) - W * W))
    assert not m.inside_domain(np.full((2, 2), np.nan))
