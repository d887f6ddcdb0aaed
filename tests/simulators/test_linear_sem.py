"""Random linear models: moments, densities and ranges that the paper states."""

import numpy as np
import pytest

from engines.discovery.colide.mathematics import is_acyclic
from engines.simulators import linear_sem as sem


@pytest.mark.parametrize("noise", ["normal", "exponential", "laplace", "gumbel"])
def test_noise_is_standardised(noise):
    draws = sem.standard_noise((400_000,), noise, np.random.default_rng(3))
    assert draws.mean() == pytest.approx(0, abs=0.01)
    assert draws.var() == pytest.approx(1, abs=0.02)
    skewness = {"normal": 0, "exponential": 2, "laplace": 0, "gumbel": 1.14}[noise]
    assert (draws**3).mean() == pytest.approx(skewness, abs=0.15)


def test_erdos_renyi_has_k_edges_a_variable_and_no_cycle():
    generator = np.random.default_rng(0)
    graphs = [sem.erdos_renyi(20, 2, generator) for _ in range(300)]
    assert np.mean([graph.sum() for graph in graphs]) == pytest.approx(40, abs=1)
    assert all(is_acyclic(graph) for graph in graphs)
    assert np.mean(graphs, axis=0)[~np.eye(20, dtype=bool)].std() < 0.03        # no order is preferred


def test_scale_free_points_from_newer_to_older_and_has_hubs():
    generator = np.random.default_rng(1)
    graph = sem.scale_free(100, 4, generator)
    assert not np.triu(graph).any()
    assert graph.sum() == 4 * 96
    degree = graph.sum(axis=0) + graph.sum(axis=1)
    assert degree[:10].mean() > 3 * degree[-50:].mean()


@pytest.mark.parametrize(("variance", "low", "high"), [(3.0, 0.5, 2.0), (None, 0.25, 1.0)])
def test_the_two_families_keep_their_ranges(variance, low, high):
    model = sem.random_sem(30, 4, np.random.default_rng(2), variance=variance)
    size = np.abs(model.W[model.W != 0])
    assert low <= size.min() < low + 0.1
    assert high - 0.1 < size.max() <= high
    assert (model.W > 0).sum() == pytest.approx((model.W < 0).sum(), rel=0.5)
    if variance is None:
        assert model.variances.min() >= 0.5
        assert model.variances.max() <= 10
        assert model.variances.std() > 1
    else:
        assert (model.variances == 3.0).all()


def test_samples_have_the_covariance_that_the_model_implies():
    generator = np.random.default_rng(4)
    model = sem.random_sem(5, 1, generator, variance=None)
    X = model.sample(200_000, generator, noise="laplace")
    total = np.linalg.inv(np.eye(5) - model.W)
    implied = total.T @ np.diag(model.variances) @ total
    assert np.cov(X.T) == pytest.approx(implied, rel=0.05, abs=0.1)
