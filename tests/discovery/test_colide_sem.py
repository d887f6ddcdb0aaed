"""Interventions and counterfactuals of a linear model with known answers."""

import numpy as np
import pytest

from engines.contract import Support
from engines.discovery.colide.mathematics import covariance
from engines.discovery.colide.sem import LinearSem, least_squares
from engines.discovery.colide.support import Seen, assess
from engines.simulators.linear_sem import random_sem


@pytest.fixture
def chain() -> LinearSem:
    """a -> b (2), b -> c (-1), a -> c (0.5); means 1, 2, 3; noise 1, 0.5, 0.2."""
    W = np.zeros((3, 3))
    W[0, 1], W[1, 2], W[0, 2] = 2.0, -1.0, 0.5
    return LinearSem(W, np.array([1.0, 0.5, 0.2]), np.array([1.0, 2.0, 3.0]))


def test_an_intervention_has_the_mean_and_spread_worked_out_by_hand(chain):
    mean, deviation = chain.moments({0: 3.0})
    assert mean == pytest.approx([3.0, 2 + 2 * 2, 3 - 1 * 4 + 0.5 * 2])
    assert deviation == pytest.approx([0, 0.5, np.sqrt(0.2**2 + 0.5**2)])
    mean, deviation = chain.moments({1: 0.0})
    assert mean == pytest.approx([1.0, 0.0, 3 + 2])
    assert deviation == pytest.approx([1.0, 0.0, np.sqrt(0.2**2 + 0.5**2)])


def test_no_intervention_gives_the_moments_of_the_data():
    generator = np.random.default_rng(0)
    model = random_sem(6, 2, generator, variance=None)
    sem = LinearSem(model.W, np.sqrt(model.variances), generator.normal(size=6))
    mean, deviation = sem.moments({})
    total = np.linalg.inv(np.eye(6) - model.W)
    assert mean == pytest.approx(sem.means)
    assert deviation**2 == pytest.approx(np.diag(total.T @ np.diag(model.variances) @ total))


def test_simulated_rows_have_the_stated_moments(chain):
    rows = chain.simulate(200_000, np.random.default_rng(1), {1: 0.5})
    mean, deviation = chain.moments({1: 0.5})
    assert rows.mean(axis=0) == pytest.approx(mean, abs=0.01)
    assert rows.std(axis=0) == pytest.approx(deviation, abs=0.01)


def test_nothing_set_changes_no_bit(chain):
    rows = np.random.default_rng(2).normal(size=(50, 3)) * 1e3
    assert (chain.counterfactual(rows, {}) == rows).all()


def test_what_lies_upstream_keeps_every_bit(chain):
    rows = np.random.default_rng(2).normal(size=(50, 3))
    changed = chain.counterfactual(rows, {1: 9.0})
    assert (changed[:, 0] == rows[:, 0]).all()
    assert (changed[:, 1] == 9.0).all()
    assert changed[:, 2] == pytest.approx(rows[:, 2] - 1.0 * (9.0 - rows[:, 1]))


def test_setting_a_variable_to_its_own_value_gives_the_row_back(chain):
    row = np.array([[0.3, -0.8, 1.9]])
    assert chain.counterfactual(row, {0: 0.3}) == pytest.approx(row, abs=1e-12)


def test_the_noise_is_kept(chain):
    rows = chain.simulate(20, np.random.default_rng(3))
    changed = chain.counterfactual(rows, {0: 2.5})
    assert chain.abduct(changed)[:, 1:] == pytest.approx(chain.abduct(rows)[:, 1:])


def test_interventions_one_after_the_other_are_one_together(chain):
    rows = chain.simulate(20, np.random.default_rng(4))
    assert chain.counterfactual(chain.counterfactual(rows, {0: 2.0}), {0: 2.0, 1: 1.0}) == pytest.approx(
        chain.counterfactual(rows, {0: 2.0, 1: 1.0})
    )


def test_least_squares_recovers_strengths_without_shrinkage():
    generator = np.random.default_rng(5)
    model = random_sem(7, 2, generator)
    X = model.sample(500, generator)
    W = least_squares(model.W != 0, covariance(X))
    centred = X - X.mean(axis=0)
    for j in range(7):
        parents = np.flatnonzero(model.W[:, j])
        assert W[parents, j] == pytest.approx(np.linalg.lstsq(centred[:, parents], centred[:, j], rcond=None)[0])
    assert (W[model.W == 0] == 0).all()


def test_support_tells_inside_edge_and_outside():
    rows = np.random.default_rng(6).multivariate_normal([0, 0], [[1, 0.99], [0.99, 1]], 400)
    rows = np.column_stack([rows, rows.sum(axis=1)])
    low, high = np.percentile(rows, (0.5, 99.5), axis=0)
    seen = Seen(low, high, rows.min(axis=0), rows.max(axis=0), rows)
    W = np.zeros((3, 3))
    W[0, 2] = W[1, 2] = 1.0
    sem = LinearSem(W, np.ones(3), np.zeros(3))
    names = ("a", "b", "c")

    def ask(do, row):
        return assess(seen, names, sem, do, np.array(row))

    assert ask({}, [0, 0, 0]) == (Support.INSIDE, "")
    assert ask({0: 0.1}, [0.1, 0.1, 0.2])[0] is Support.INSIDE
    support, note = ask({2: 50.0}, [0, 0, 50.0])
    assert support is Support.OUTSIDE
    assert note.startswith("c = 50 lies beyond the data")
    assert ask({2: (high[2] + rows[:, 2].max()) / 2}, [0, 0, 0])[0] is Support.EDGE
    support, note = ask({0: 1.5}, [1.5, -1.5, 0])         # each value is usual, both together are not
    assert support is Support.OUTSIDE
    assert "a, b" in note
