"""The simulator of interventions: its truth by quadrature, readings one to one, the hidden cause where it is said."""

import numpy as np
import pytest

from engines.simulators.interventions import NOISE, Interventions, bent, waved


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
