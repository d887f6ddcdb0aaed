"""Morpho digits: the law, its inverse, exact strokes and true counterfactuals."""

import numpy as np
import pytest
from scipy import ndimage

from engines.simulators.morpho import (
    EVEN,
    LEGIBLE,
    PUBLISHED,
    SCALE,
    Law,
    MorphoDigits,
    draw,
    fine,
    scikit_learn_digits,
    skeletons_of,
    thin,
)


def bar(side: int = 28) -> np.ndarray:
    """A straight upright skeleton from top to bottom, on the border between two columns of fine pixels."""
    skeleton = np.zeros((1, side * SCALE, side * SCALE), bool)
    skeleton[:, :, side * SCALE // 2] = True
    return skeleton


@pytest.fixture(scope="module")
def digits() -> MorphoDigits:
    return MorphoDigits.sample(*scikit_learn_digits(60), PUBLISHED, seed=3)


@pytest.mark.parametrize("law", [PUBLISHED, EVEN, LEGIBLE])
def test_abduction_inverts_the_mechanism(law: Law) -> None:
    rng = np.random.default_rng(0)
    t, e = law.draw_thickness(500, rng), rng.standard_normal(500)
    inside = np.abs(law.slope * (t - law.centre)) < 8          # beyond it a double holds no more noise
    assert np.allclose(law.abduct(t, law.intensity(t, e))[inside], e[inside], atol=1e-6)


def test_published_law_in_closed_form() -> None:
    assert PUBLISHED.intensity(np.array([2.5]), np.array([0.0]))[0] == pytest.approx(64 + 191 / 2)
    rng = np.random.default_rng(0)
    t = PUBLISHED.draw_thickness(200_000, rng)
    assert t.mean() == pytest.approx(2.5, abs=0.01)            # 0.5 + 10 / 5
    assert t.var() == pytest.approx(10 / 25, abs=0.01)


def test_even_law_matches_the_correlation_of_the_card() -> None:
    rng = np.random.default_rng(0)
    t = EVEN.draw_thickness(20_000, rng)
    assert np.corrcoef(t, EVEN.intensity(t, rng.standard_normal(20_000)))[0, 1] == pytest.approx(0.85, abs=0.01)


@pytest.mark.parametrize("thickness", [1.0, 2.0, 3.25, 5.0])
def test_a_straight_stroke_has_exactly_its_thickness(thickness: float) -> None:
    picture = draw(bar(), np.array([thickness]), np.array([200.0]))[0]
    middle = picture[10].astype(float)
    assert middle.sum() / 200 == pytest.approx(thickness, abs=0.02 + 1 / SCALE / 2)
    assert picture.max() <= 200


def test_thickness_grows_one_to_one() -> None:
    rows = [draw(bar(), np.array([t]), np.array([255.0]))[0, 10].sum() / 255 for t in np.arange(2.0, 6.0, 0.5)]
    assert np.allclose(np.diff(rows), 0.5, atol=0.01)


def test_counterfactual_of_nothing_is_the_factual(digits: MorphoDigits) -> None:
    pictures, factors = digits.counterfactual({})
    assert np.array_equal(pictures, digits.images())
    assert np.array_equal(factors["intensity"], digits.intensity)


def test_intensity_follows_thickness_with_its_own_noise(digits: MorphoDigits) -> None:
    _, factors = digits.counterfactual({"thickness": 3.0})
    assert np.allclose(factors["intensity"], digits.law.intensity(np.full(60, 3.0), digits.noise))
    assert np.allclose(digits.law.abduct(factors["thickness"], factors["intensity"]), digits.noise, atol=1e-6)


def test_setting_intensity_leaves_thickness_and_shape(digits: MorphoDigits) -> None:
    pictures, factors = digits.counterfactual({"intensity": 200.0})
    assert np.array_equal(factors["thickness"], digits.thickness)
    coverage = digits.images() / digits.intensity[:, None, None]
    assert np.abs(pictures / 200 - coverage).max() < 0.02


def test_thinning_keeps_the_number_of_parts_and_holes(digits: MorphoDigits) -> None:
    shapes = fine(digits.images()) > 0.5
    lines = thin(shapes)
    eight = np.ones((3, 3))
    for shape, line in zip(shapes, lines, strict=True):
        assert not (line & ~shape).any()
        assert ndimage.label(shape, eight)[1] == ndimage.label(line, eight)[1]
        assert ndimage.label(np.pad(~shape, 1, constant_values=True))[1] == ndimage.label(
            np.pad(~line, 1, constant_values=True))[1]


def test_thinning_a_thick_bar_leaves_one_pixel() -> None:
    shape = np.zeros((1, 40, 40), bool)
    shape[0, 5:35, 15:24] = True
    line = thin(shape)[0]
    assert (line[15:25].sum(axis=1) == 1).all()


def test_skeleton_of_a_drawn_stroke_is_where_it_was_drawn() -> None:
    line = skeletons_of(draw(bar(), np.array([3.0]), np.array([255.0])))[0]
    columns = np.nonzero(line[40:70])[1]
    assert np.abs(columns - 56).max() <= 1


def test_same_seed_same_digits() -> None:
    one, two = (MorphoDigits.sample(*scikit_learn_digits(5), EVEN, seed=1) for _ in range(2))
    assert np.array_equal(one.images(), two.images())
    assert np.array_equal(one[slice(2, 4)].images(), one.images()[2:4])
