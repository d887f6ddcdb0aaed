"""The simulator of interventions: its truth by quadrature, readings one to one, the hidden cause where it is said."""

import numpy as np
import pytest

from engines.simulators.interventions import NOISE, PUSH, SPREAD_2, Interventions, TwoActions, bent, waved


def test_the_truth_is_the_normal_mean_of_the_response():
    """E[2 sin(m + V) + (m + V)^2 / 4] = 2 e^(-s^2 / 2) sin m + (m^2 + s^2) / 4."""
    data = Interventions.sample(10, np.random.default_rng(0))
    a = np.array([-3.0, 0.5, 3.4])
    mean = data.sign * a
    known = 2 * np.exp(-(NOISE**2) / 2) * np.sin(mean) + (mean**2 + NOISE**2) / 4
    np.testing.assert_allclose(data.truth(a), known, atol=0.02)


def test_readings_are_one_to_one():
    generator = np.random.default_rng(1)
    z = np.linspace(-5, 5, 2001)
    X = bent(z, generator.normal(size=6), generator.normal(size=6))
    assert any(np.all(np.diff(x) > 0) or np.all(np.diff(x) < 0) for x in X.T)


def test_factor_and_outcome_share_a_cause_that_the_action_does_not():
    data = Interventions.sample(5000, np.random.default_rng(2))
    V, U = data.Z - data.sign * data.A, data.Y - waved(data.Z)
    assert np.corrcoef(V, U)[0, 1] > 0.95
    assert abs(np.corrcoef(data.A, U)[0, 1]) < 0.05
    assert V.std() == pytest.approx(NOISE, rel=0.05)


def test_the_truth_of_two_actions_is_the_normal_mean_of_the_response():
    """2 e^(-s_1^2 / 2) sin m_1 + (m_2^2 + s_2^2) / 4 - (m_1 m_2 + s_12) / 3."""
    data = TwoActions.sample(20, np.random.default_rng(0))
    a = np.array([[0.0, 0.0], [2.6, -1.0], [-0.5, 2.0]])
    m = a @ PUSH
    known = (2 * np.exp(-SPREAD_2[0, 0] / 2) * np.sin(m[:, 0]) + (m[:, 1] ** 2 + SPREAD_2[1, 1]) / 4
             - (m[:, 0] * m[:, 1] + SPREAD_2[0, 1]) / 3)
    np.testing.assert_allclose(data.truth(a), known, atol=0.02)


def test_the_rest_of_two_factors_does_not_depend_on_the_actions_and_moves_the_outcome():
    data = TwoActions.sample(20_000, np.random.default_rng(1))
    V = data.Z - data.A @ PUSH
    assert np.abs(np.corrcoef(V.T, data.A.T)[:2, 2:]).max() < 0.03
    np.testing.assert_allclose(np.cov(V.T), SPREAD_2, atol=0.01)
    assert np.linalg.matrix_rank(data.X) == 4, "four bends of two factors, seen six times"
