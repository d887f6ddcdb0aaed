"""Factors and calibration: units there and back, unknown labels, support, and what a calibrated do does."""

import numpy as np
import pytest
import torch

from engines.contract import Support
from engines.counterfactual_images.causal_diffae.factors import Calibration, Factors
from engines.data.kinds import Table, category_column, number_column, table_of
from engines.refusals import Refusal


@pytest.fixture(scope="module")
def table() -> Table:
    rng = np.random.default_rng(0)
    t = rng.uniform(1, 5, 1000)
    return table_of("digits", (number_column("t", t, "px"), number_column("i", 50 * t + rng.normal(0, 5, 1000)),
                               category_column("d", rng.integers(0, 3, 1000))))


@pytest.fixture(scope="module")
def factors(table: Table) -> Factors:
    return Factors(table, ("t", "i", "d"))


def test_numbers_go_to_about_one_and_back(factors: Factors, table: Table) -> None:
    y = factors.labels(table)
    assert y[:, 0].abs().max() < 1.05
    assert y[:, 0].min() < -0.98
    assert np.allclose(factors.all[0].raw(y[:, 0].numpy()), table["t"].values, atol=1e-5)
    assert set(y[:, 2].tolist()) == {0, 1, 2}


def test_unknown_labels_become_nan_and_levels_are_found_by_name(factors: Factors) -> None:
    other = table_of("other", (number_column("t", [np.nan, 3.0]), category_column("d", ["2", "7"])))
    y = factors.labels(other)
    assert y[:, 1].isnan().all()                    # a column that is not there
    assert y[0, 0].isnan()
    assert y[0, 2] == 2
    assert y[1, 2].isnan()                          # a level that training did not know


def test_wishes(factors: Factors) -> None:
    t, _, d = factors.all
    assert t.raw(t.wish(3.0)) == pytest.approx(3)
    assert d.wish("1") == 1
    with pytest.raises(Refusal, match=r"d has no level 9\. Its levels are 0, 1, 2\."):
        d.wish("9")
    with pytest.raises(Refusal, match="t needs a number, not thick"):
        t.wish("thick")
    with pytest.raises(Refusal, match="There is no factor weight"):
        factors.index("weight")


def test_support_of_one_factor(factors: Factors) -> None:
    t = factors.all[0]
    assert t.support(3.0) == (Support.INSIDE, "")
    assert t.support(1.005)[0] is Support.EDGE
    outside, sentence = t.support(6.0)
    assert outside is Support.OUTSIDE
    assert "t = 6 px is outside the data, which go from 1" in sentence
    assert t.bounds == (pytest.approx(0, abs=0.05), pytest.approx(6, abs=0.05))


def test_support_of_factors_together(factors: Factors) -> None:
    assert factors.joint_support(np.array([3.0, 150.0, 0]))[0] is Support.INSIDE
    support, sentence = factors.joint_support(np.array([1.5, 230.0, 0]))
    assert support is Support.EDGE
    assert sentence == "No training image has t 1.5 and i 230 together: the picture extrapolates."


def codes(m: int = 400, d: int = 3) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Codes that are a + b y exactly, for two numbers and a category of three levels."""
    generator = torch.Generator().manual_seed(0)
    y = torch.stack([torch.rand(m, generator=generator) * 2 - 1, torch.rand(m, generator=generator) * 2 - 1,
                     torch.randint(3, (m,), generator=generator).float()], dim=1)
    a, b = torch.randn(2, d, generator=generator), torch.randn(2, d, generator=generator)
    centres = torch.randn(3, d, generator=generator)
    z = torch.stack([a[0] + b[0] * y[:, :1], a[1] + b[1] * y[:, 1:2], centres[y[:, 2].long()]], dim=1)
    return z, y, a, b


def test_calibration_finds_the_line_and_reads_the_labels() -> None:
    z, y, a, b = codes()
    calibration = Calibration.fit(z, y, [0, 0, 3], blocks=True)
    assert torch.allclose(calibration.slope[0, :3], b[0], atol=1e-4)
    assert torch.allclose(calibration.offset[1, 3:6], a[1], atol=1e-4)
    assert calibration.slope[0, 3:].abs().sum() == 0
    assert torch.allclose(calibration.read(z), y, atol=0.01)
    plain = Calibration.of(calibration.plain())
    assert torch.equal(plain.read(z), calibration.read(z))


@pytest.mark.parametrize("replace", [False, True])
def test_after_do_the_block_reads_what_was_wished_and_no_other_block_moved(replace: bool) -> None:
    z, y, *_ = codes()
    calibration = Calibration.fit(z, y, [0, 0, 3], blocks=True)
    for i, wish in ((0, 0.5), (2, 1.0)):
        moved = calibration.act(z, i, wish, replace)
        assert torch.allclose(calibration.read(moved)[:, i], torch.full((len(z),), wish), atol=0.02)
        others = [j for j in range(3) if j != i]
        assert torch.equal(moved[:, others], z[:, others])


def test_shift_keeps_detail_inside_the_block_and_replace_drops_it() -> None:
    z, y, *_ = codes()
    noisy = z + 0.1 * torch.randn(z.shape, generator=torch.Generator().manual_seed(3))
    calibration = Calibration.fit(noisy, y, [0, 0, 3], blocks=True)
    shifted, replaced = (calibration.act(noisy, 1, 0.3, flag)[:, 1] for flag in (False, True))
    assert replaced.std(0).max() < 1e-6
    assert shifted.std(0).min() > 0.02


def test_unknown_labels_are_left_out_of_the_calibration() -> None:
    z, y, _, b = codes()
    y[::2, 0] = torch.nan
    z[::2, 0] = 100.0
    assert torch.allclose(Calibration.fit(z, y, [0, 0, 3], blocks=True).slope[0, :3], b[0], atol=1e-3)
