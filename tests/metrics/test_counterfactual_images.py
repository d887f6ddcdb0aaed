"""Meters, disentanglement, effectiveness and composition against what is known."""

import numpy as np
import pytest

from engines.metrics.counterfactual_images import (
    StrokeMeter,
    composition,
    dci,
    dci_scores,
    effectiveness,
    explained,
    follows,
)
from engines.simulators.morpho import EVEN, MorphoDigits, scikit_learn_digits


@pytest.fixture(scope="module")
def digits() -> MorphoDigits:
    return MorphoDigits.sample(*scikit_learn_digits(240), EVEN, seed=0)


def test_meter_reads_true_counterfactuals(digits: MorphoDigits) -> None:
    known, test = digits[slice(0, 180)], digits[slice(180, 240)]
    meter = StrokeMeter.calibrated(known.images(), known.thickness, known.intensity)
    pictures, factors = test.counterfactual({"intensity": 150.0})
    seen = meter.measure(pictures)
    assert np.abs(seen["intensity"] - 150).mean() < 8
    assert np.abs(seen["thickness"] - factors["thickness"]).mean() < 0.25      # small pictures: strokes run together
    assert follows(factors["thickness"], seen["thickness"]) > 0.93


def test_meter_reads_an_empty_picture_as_the_least_it_knows(digits: MorphoDigits) -> None:
    meter = StrokeMeter.calibrated(digits[slice(0, 60)].images(), digits.thickness[:60], digits.intensity[:60])
    seen = meter.measure(np.zeros((1, 16, 16), np.uint8))
    assert seen["thickness"][0] <= digits.thickness[:60].min() + 0.5


def test_dci_scores_of_known_matrices() -> None:
    assert dci_scores(np.eye(3)) == pytest.approx((1, 1), abs=1e-6)
    assert dci_scores(np.ones((3, 3))) == pytest.approx((0, 0), abs=1e-6)
    # one factor spread over two numbers of its own: disentangled, half complete over four numbers
    spread = np.array([[0.5, 0.5, 0, 0], [0, 0, 0.5, 0.5]])
    assert dci_scores(spread) == pytest.approx((1, 0.5), abs=1e-6)


def test_dci_of_codes_that_are_the_labels() -> None:
    rng = np.random.default_rng(0)
    labels = rng.uniform(-1, 1, (300, 2))
    own, mixed = labels, labels @ np.array([[1, 1], [1, -1]]) / np.sqrt(2)
    assert dci(own, labels).disentanglement > 0.9
    assert dci(mixed, labels).disentanglement < 0.3


def test_effectiveness_is_zero_for_the_truth_and_in_units_of_the_scale() -> None:
    truth = {"t": {"t": np.full(4, 2.0), "i": np.full(4, 100.0)}, "i": {"t": np.full(4, 1.0), "i": np.full(4, 50.0)}}
    scale = {"t": 0.5, "i": 10.0}
    assert np.array_equal(effectiveness(truth, truth, scale), np.zeros((2, 2)))
    off = {**truth, "i": {"t": np.full(4, 1.5), "i": np.full(4, 80.0)}}
    assert np.allclose(effectiveness(off, truth, scale), [[0, 0], [1, 3]])


def test_small_scores() -> None:
    black, grey = np.zeros((2, 4, 4), np.uint8), np.full((2, 4, 4), 10, np.uint8)
    assert composition(black, grey) == 10
    assert follows(np.arange(5.0), np.arange(5.0) ** 3) == pytest.approx(1)
    assert follows(np.arange(5.0), np.ones(5)) == 0
    assert explained(np.arange(5.0), -2 * np.arange(5.0)) == pytest.approx(1)
