"""T-Rex's parts against closed forms, finite differences and scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from sklearn.neighbors import LocalOutlierFactor

from engines.abilities import Feature, Predictor, Target
from engines.counterfactual_tables.robust_counterfactuals.climb import climb, in_ball
from engines.counterfactual_tables.robust_counterfactuals.closest import along_lines, closest
from engines.counterfactual_tables.robust_counterfactuals.explained import Explained
from engines.counterfactual_tables.robust_counterfactuals.parameters import Parameters
from engines.counterfactual_tables.robust_counterfactuals.plane import crossings
from engines.counterfactual_tables.robust_counterfactuals.room import Room
from engines.counterfactual_tables.robust_counterfactuals.space import Space
from engines.counterfactual_tables.robust_counterfactuals.stability import (
    climbing,
    noise,
    stability,
    terms,
    theoretical,
)
from engines.counterfactual_tables.robust_counterfactuals.support import Outliers
from engines.predictors.encoding import Encoding
from engines.predictors.layered import Layered
from engines.predictors.stored import Learning

WEIGHTS = np.array([2.0, -1.0, 4.0])
PLAIN = Parameters(margin=0.2, closer=80)
ROUGH = PLAIN.model_copy(update={"closer": 50})
TARGET = Target("class", ("no", "yes"))


def features(d: int) -> tuple[Feature, ...]:
    return tuple(Feature(f"x{j}") for j in range(d))


def unit(d: int) -> Space:
    return Space(features(d), np.zeros(d), np.ones(d))


def logistic(weights: np.ndarray = WEIGHTS, bias: float = -3.0) -> Explained:
    """gap(x) = weights x + bias."""
    d = len(weights)
    layer = (np.column_stack([np.zeros(d), weights]), np.array([0.0, bias]))
    model = Layered(Learning("linear"), Encoding(features(d), np.zeros(d), np.ones(d)), (TARGET,), (layer,))
    return Explained(model, "class", 1, unit(d))


def network(seed: int = 0, d: int = 3) -> Explained:
    """A random network of one hidden layer."""
    generator = np.random.default_rng(seed)
    layers = ((2 * generator.normal(size=(d, 16)), generator.normal(size=16)),
              (generator.normal(size=(16, 2)), np.zeros(2)))
    model = Layered(Learning(), Encoding(features(d), np.zeros(d), np.ones(d)), (TARGET,), layers)
    return Explained(model, "class", 1, unit(d))


class Straight(Predictor):
    """P(yes) = level + weights x, with no logit anywhere: its stability has a closed form."""

    def __init__(self, level: float, weights: np.ndarray) -> None:
        self.level, self.weights = level, weights

    @property
    def features(self) -> tuple[Feature, ...]:
        return features(len(self.weights))

    @property
    def targets(self) -> tuple[Target, ...]:
        return (TARGET,)

    def predict(self, rows: np.ndarray) -> dict[str, np.ndarray]:
        yes = self.level + rows @ self.weights
        return {"class": np.column_stack([1 - yes, yes])}


def counted(total: int, _: str) -> range:
    return range(total)


# ------------------------------------------------------------------------------------------------------- stability

def test_stability_is_never_above_m_nor_above_the_mean_around_and_equals_m_where_nothing_wavers():
    explained, points = network(), np.random.default_rng(1).random((40, 3))
    z = noise(500, 3, 2)
    found = stability(explained, points, 0.2, z, np.ones(3))
    around = explained.chance((points + 0.2 * z[:, None]).reshape(-1, 3)).reshape(500, -1)
    at = explained.chance(points)
    assert (found <= around.mean(axis=0) + 1e-12).all()
    assert (found <= at + 1e-12).all()
    assert (np.abs(found) <= 1).all()
    assert (found < at - 0.01).any()
    constant = Explained(Straight(0.7, np.zeros(3)), "class", 1, unit(3))
    assert stability(constant, points, 0.2, z, np.ones(3)) == pytest.approx(0.7)
    assert stability(explained, points, 0.2, z, np.zeros(3)) == pytest.approx(at)


def test_each_term_is_m_or_twice_the_sample_less_m():
    at, around = np.array([0.6, 0.6]), np.array([[0.9, 0.4]])
    assert terms(at, around)[0] == pytest.approx([0.6, 0.2])


def test_a_straight_model_gives_the_closed_form():
    weights = np.array([0.3, -0.4])
    straight = Explained(Straight(0.5, weights), "class", 1, unit(2))
    sigma, m = 0.1, 0.5 + 0.3 * 0.2 - 0.4 * 0.1
    found = stability(straight, np.array([[0.2, 0.1]]), sigma, noise(200_000, 2, 0), np.ones(2))
    assert found[0] == pytest.approx(m - sigma * 0.5 * np.sqrt(2 / np.pi), abs=3e-4)
    only_first = stability(straight, np.array([[0.2, 0.1]]), sigma, noise(200_000, 2, 0), np.array([1.0, 0.0]))
    assert only_first[0] == pytest.approx(m - sigma * 0.3 * np.sqrt(2 / np.pi), abs=3e-4)


def test_the_theorems_form_takes_off_the_steepest_slope_times_the_distance():
    straight = Explained(Straight(0.5, np.array([0.3, 0.0])), "class", 1, unit(2))
    z = noise(5000, 2, 0)
    told, gamma = theoretical(straight, np.array([0.2, 0.1]), 0.1, z, np.ones(2))
    assert gamma == pytest.approx(0.3, rel=1e-3)
    assert told == pytest.approx(0.56 - 0.3 * 0.1 * np.sqrt(np.pi / 2), abs=2e-3)


def test_the_gradient_agrees_with_finite_differences():
    explained, points = network(3), np.random.default_rng(4).random((6, 3))
    z, shaken = noise(60, 3, 5), np.array([1.0, 1.0, 0.0])
    told, error, gradient = climbing(explained, torch.from_numpy(points), 0.15, torch.from_numpy(z),
                                     torch.from_numpy(shaken))
    assert told.numpy() == pytest.approx(stability(explained, points, 0.15, z, shaken))
    assert (error > 0).all()
    for j in range(3):
        step = np.zeros(3)
        step[j] = 1e-6
        slope = (stability(explained, points + step, 0.15, z, shaken)
                 - stability(explained, points - step, 0.15, z, shaken)) / 2e-6
        assert gradient.numpy()[:, j] == pytest.approx(slope, rel=1e-3, abs=1e-5)


# -------------------------------------------------------------------------------------------------------- searches

def test_the_nearest_counterfactual_of_a_hyperplane_is_its_foot():
    explained, x = logistic(), np.array([[0.5, 0.5, 0.4], [0.5, 0.6, 0.5]])
    missing = 0.2 - explained.gap(x)
    found = closest(explained, Room.of(unit(3), x, {}), PLAIN, counted)
    assert np.linalg.norm(found - x, axis=1) == pytest.approx(missing / np.linalg.norm(WEIGHTS), rel=0.01)
    assert explained.gap(found) == pytest.approx(np.full(2, 0.2), abs=1e-4)
    sparse = closest(explained, Room.of(unit(3), x, {}), PLAIN.model_copy(update={"norm": "L1"}), counted)
    assert np.abs(sparse - x).sum(axis=1) == pytest.approx(missing / 4, rel=0.01)
    assert ((np.abs(sparse - x) > 1e-6).sum(axis=1) == 1).all()


def test_locks_ranges_and_directions_are_kept():
    explained, x = logistic(), np.array([[0.5, 0.5, 0.4]])
    said = {"x2": {"lock": True}, "x0": {"high": 0.9}, "x1": {"direction": "up"}}
    assert np.isnan(closest(explained, Room.of(unit(3), x, said), ROUGH, counted)).all()
    said = {"x2": {"lock": True}, "x1": {"low": 0.1}}
    found = closest(explained, Room.of(unit(3), x, said), ROUGH, counted)
    assert found[0, 2] == x[0, 2]
    assert found[0, 1] >= 0.1 - 1e-9
    assert explained.accepted(found)[0]
    beyond = closest(explained, Room.of(unit(3), x, {"x0": {"low": 0.8}}), ROUGH, counted)
    assert beyond[0, 0] >= 0.8 - 1e-9


def test_a_point_outside_the_ball_goes_to_its_surface():
    centre = np.zeros((2, 2))
    assert in_ball(np.array([[3.0, 4.0], [0.3, 0.4]]), centre, 1.0) == pytest.approx(np.array([[0.6, 0.8], [0.3, 0.4]]))


def test_the_climb_goes_along_the_normal_until_it_is_sure_and_no_further_than_the_ball():
    explained, x = logistic(), np.array([[0.4, 0.5, 0.3]])
    room, settings = Room.of(unit(3), x, {}), ROUGH.model_copy(update={"tau": 0.7, "sigma": 0.05, "k": 400})
    base = closest(explained, room, settings, counted)
    found = climb(explained, base, room, np.ones(3), settings, 1, counted)
    again = stability(explained, found.points, 0.05, noise(4000, 3, 99), np.ones(3))
    assert again[0] >= 0.69
    moved = found.points - base
    assert (moved @ WEIGHTS / np.linalg.norm(WEIGHTS))[0] == pytest.approx(np.linalg.norm(moved), rel=0.02)
    assert np.nanmax(found.path) == pytest.approx(0.7, abs=0.1)
    tight = settings.model_copy(update={"radius": 0.02, "steps": 20})
    near = climb(explained, base, room, np.ones(3), tight, 1, counted)
    assert np.linalg.norm(near.points - base) <= 0.02 + 1e-9
    assert len(near.path) == 21


def test_the_most_stable_point_is_kept_not_the_last_one():
    explained, x = network(3), np.random.default_rng(0).random((30, 3))
    base = x[explained.accepted(x)]
    assert len(base) > 3
    settings = PLAIN.model_copy(update={"tau": 0.999, "k": 200, "steps": 25})
    found = climb(explained, base, Room.of(unit(3), base, {}), np.ones(3), settings, 1, counted)
    z = noise(4000, 3, 5)
    told = stability(explained, found.points, settings.sigma, z, np.ones(3))
    assert (told >= stability(explained, base, settings.sigma, z, np.ones(3)) - 0.02).all()
    assert explained.accepted(found.points).all()


def test_without_gradients_the_line_to_a_row_of_the_class_is_cut_at_the_border():
    explained, x = logistic(), np.array([[0.5, 0.5, 0.4]])
    rows = np.array([[0.5, 0.5, 0.9], [0.5, 0.0, 0.6]])
    found = along_lines(explained, Room.of(unit(3), x, {}), rows, PLAIN, counted)
    assert found[0, :2] == pytest.approx([0.5, 0.5])
    assert explained.gap(found)[0] == pytest.approx(0.2, abs=1e-4)


def test_whole_numbers_land_and_categories_count_as_a_whole_range():
    space = Space((Feature("years", whole=True), Feature("home", ("a", "b", "c"))), np.array([10.0, 0.0]),
                  np.array([20.0, 1.0]))
    assert space.raw(space.landed(np.array([[0.33, 2.0]]))).tolist() == [[17.0, 2.0]]
    apart = space.cost(np.array([0.0, 0.0]), np.array([[0.3, 2.0]]), "L1"), space.cost(
        np.array([0.0, 0.0]), np.array([[0.0, 1.0]]), "L2")
    assert [float(one[0]) for one in apart] == pytest.approx([1.3, 1.0])


@pytest.mark.parametrize("j", [1, 5, 20])
def test_the_outlier_factor_is_scikit_learns(j):
    generator = np.random.default_rng(1)
    rows, asked = generator.normal(size=(150, 4)), 1.5 * generator.normal(size=(60, 4))
    theirs = LocalOutlierFactor(n_neighbors=j, novelty=True).fit(rows)
    ours = Outliers.fitted(unit(4), rows, j)
    assert ours.factor(asked) == pytest.approx(-theirs.score_samples(asked))
    assert (ours.inside(asked) == (theirs.predict(asked) == 1)).all()
    assert ours.own == pytest.approx(-theirs.negative_outlier_factor_)
    assert j > 1 or ours.inside(rows).all(), "T-Rex:NN's rows always count as inside"


def test_a_border_on_a_map_is_where_it_is():
    u = v = np.linspace(-1, 1, 21)
    x, y = crossings(v[:, None] - 0.5 * u[None, :] - 0.113, u, v)
    there = np.isfinite(x)
    assert there.sum() > 20
    assert y[there] == pytest.approx(0.5 * x[there] + 0.113)
