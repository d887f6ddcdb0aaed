"""Pendulum: counts and labels of the source, geometry of the shadow, drawing, true counterfactuals."""

import numpy as np
import pytest

from engines.graph.graph import Graph
from engines.simulators.pendulum import (
    CENTRE,
    EDGES,
    FACTORS,
    REACH,
    Pendulums,
    labels,
    normalise,
    shadow,
    split,
)


def test_counts_of_the_source() -> None:
    scenes = Pendulums.grid()
    train, test = split(len(scenes))
    assert (len(scenes), len(train), len(test)) == (7308, 5482, 1826)
    assert len(np.intersect1d(train, test)) == 0
    assert list(test[:3]) == [4, 8, 12]
    assert not (scenes.light == 100).any()
    assert (scenes.angle.min(), scenes.angle.max()) == (-40, 43)
    assert (scenes.light.min(), scenes.light.max()) == (60, 147)


def test_labels_are_cut_to_whole_numbers_and_normalised() -> None:
    scenes = Pendulums.grid()
    whole = labels(scenes)
    exact = np.stack(list(scenes.factors().values()), axis=1)
    assert np.array_equal(whole[:, :2], exact[:, :2])
    assert (np.abs(exact - whole) < 1).all()
    assert np.allclose(normalise(CENTRE + REACH), 1)
    assert np.abs(normalise(whole[:, :2].astype(float) @ np.eye(2, 4) + CENTRE * [0, 0, 1, 1])[:, :2]).max() <= 1


def test_shadow_of_a_hanging_pendulum_by_hand() -> None:
    length, position = shadow(np.array([0.0]), np.array([75.0]))
    # the sun stands at phi = 75 pi / 200: the pivot's shadow falls at 10 - 11 cot phi, the tip's at 10 - 1.5 cot phi
    cotangent = 1 / np.tan(75 * np.pi / 200)
    assert length[0] == pytest.approx(max(3.0, 9.5 * cotangent))
    assert position[0] == pytest.approx(10 - 12.5 * cotangent / 2)


def test_shadow_is_never_shorter_than_three_and_mirrors() -> None:
    scenes = Pendulums.grid()
    length, position = shadow(scenes.angle, scenes.light)
    assert length.min() == 3
    mirrored_length, mirrored = shadow(-scenes.angle, 200 - scenes.light)
    assert np.allclose(mirrored_length, length)
    assert np.allclose(mirrored, 20 - position)


def test_graph_is_acyclic_and_names_all_factors() -> None:
    graph = Graph.of(FACTORS, EDGES)
    assert graph.cycle() is None
    assert set(graph.parents("shadow length")) == {"angle", "light"}


def test_pictures_show_what_the_factors_say() -> None:
    scenes = Pendulums(np.array([-20.0, 20.0]), np.array([80.0, 120.0]))
    pictures = scenes.images().astype(int)
    assert pictures.shape == (2, 96, 96, 3)
    red = (np.abs(pictures - (178, 34, 34)).sum(-1) < 30)
    orange = (np.abs(pictures - (255, 165, 0)).sum(-1) < 30)
    ball = [np.nonzero(m)[1].mean() for m in red]
    sun = [np.nonzero(m)[1].mean() for m in orange]
    middle = 96 * (0.125 + 0.9) / 2
    assert ball[0] < middle < ball[1]
    assert sun[1] < middle < sun[0]
    assert (pictures[:, :5] == 255).all()
    # a disc of radius 1.5 scene units covers pi 1.5^2 of them, less what the rod covers nowhere: the ball lies above it
    unit = 96 * 0.775 / 20 * 96 * 0.77 / 22
    assert red[0].sum() == pytest.approx(np.pi * 1.5**2 * unit, rel=0.25)


def test_counterfactuals_follow_the_graph() -> None:
    scenes = Pendulums(np.array([10.0]), np.array([90.0]))
    _, moved = scenes.counterfactual({"angle": -10.0})
    assert moved["light"][0] == 90
    assert np.allclose([moved["shadow length"], moved["shadow position"]], shadow(np.array([-10.0]), np.array([90.0])))
    pictures, cut = scenes.counterfactual({"shadow length": 6.0})
    assert cut["angle"][0] == 10
    assert cut["shadow position"][0] == scenes.factors()["shadow position"][0]
    same = np.abs(pictures.astype(int) - scenes.images()).sum(-1)[0]
    assert same[:80].max() == 0                       # only the shadow at the bottom changed
    assert same[80:].max() > 0
    unchanged, _ = scenes.counterfactual({})
    assert np.array_equal(unchanged, scenes.images())


def test_noise_of_the_shadow_is_kept_under_a_do_and_dies_when_it_is_set() -> None:
    plain = Pendulums.grid()[slice(0, 7308, 61)]
    noisy = Pendulums.grid().with_noise(3)[slice(0, 7308, 61)]
    own = noisy.factors()["shadow position"] - plain.factors()["shadow position"]
    assert 1.1 < own.std() < 1.9
    _, moved = noisy.counterfactual({"angle": 10.0}, 32)
    _, without = plain.counterfactual({"angle": 10.0}, 32)
    assert np.allclose(moved["shadow position"] - without["shadow position"], own)
    assert moved["shadow length"].min() >= 3.0
    pictures, held = noisy.counterfactual({"shadow position": 9.0}, 32)
    assert np.all(held["shadow position"] == 9.0)
    assert np.allclose(held["shadow length"], noisy.factors()["shadow length"])
    assert not np.array_equal(pictures, noisy.images(32))
