"""Schedule and sampler: closed forms, an exact denoiser, and an inversion that is an inversion."""

import math
from itertools import pairwise

import numpy as np
import pytest
import torch
from torch import Tensor

from engines.counterfactual_images.causal_diffae.diffusion import (
    CLEAN,
    Prediction,
    Sampler,
    diffuse,
    signal_shares,
    target,
)


def test_linear_schedule_is_the_product_of_its_betas() -> None:
    betas = np.linspace(1e-4, 0.02, 1000)
    assert np.allclose(signal_shares("linear", 1000).numpy(), np.cumprod(1 - betas), rtol=1e-12)
    halved = signal_shares("linear", 2000)
    assert 1 - halved[0].item() == pytest.approx(0.5e-4)      # betas shrink as steps grow


def test_cosine_schedule_follows_its_curve_until_the_clamp() -> None:
    shares = signal_shares("cosine", 1000)
    t = (torch.arange(1, 1001, dtype=torch.float64) / 1000 + 0.008) / 1.008 * math.pi / 2
    start = math.cos(0.008 / 1.008 * math.pi / 2) ** 2
    assert torch.allclose(shares[:990], torch.cos(t[:990]) ** 2 / start, rtol=1e-9)
    assert (shares.diff() < 0).all()
    assert shares[-1] > 0


@pytest.mark.parametrize("prediction", ["noise", "velocity"])
def test_the_parts_of_a_noisy_picture_come_back(prediction: Prediction) -> None:
    generator = torch.Generator().manual_seed(0)
    x0, e = (torch.randn(3, 1, 4, 4, generator=generator, dtype=torch.float64) for _ in range(2))
    shares = signal_shares("cosine", 100)
    a = shares[[5, 50, 90]]
    x = diffuse(x0, e, a)
    sampler = Sampler(shares, prediction)
    for row, t in enumerate((5, 50, 90)):
        told = target(x0, e, a, prediction)[row:row + 1]
        landed, clean = sampler.step(x[row:row + 1], told, t, CLEAN)
        assert torch.allclose(clean, x0[row:row + 1], atol=1e-9)
        assert torch.allclose(landed, x0[row:row + 1], atol=1e-9)


def gaussian(shares: Tensor, spread: float, prediction: Prediction):
    """The exact denoiser of pictures whose pixels are N(0, spread^2), for which DDIM has a closed form."""
    def tell(x: Tensor, t: int) -> Tensor:
        a = float(shares[t])
        clean = math.sqrt(a) * spread**2 / (a * spread**2 + 1 - a) * x
        noise = (x - math.sqrt(a) * clean) / math.sqrt(1 - a)
        return noise if prediction == "noise" else math.sqrt(a) * noise - math.sqrt(1 - a) * clean

    return tell


@pytest.mark.parametrize("prediction", ["noise", "velocity"])
def test_ddim_converges_to_the_exact_flow_at_first_order(prediction: Prediction) -> None:
    shares, spread = signal_shares("cosine", 1000), 0.5
    sampler, tell = Sampler(shares, prediction), gaussian(shares, spread, prediction)
    x_T = torch.randn(1, 1, 8, 8, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    a = float(shares[-1])
    exact = x_T * spread / math.sqrt(a * spread**2 + 1 - a)
    errors = []
    for steps in (25, 50, 100, 200):
        *_, x = sampler.denoise(x_T, tell, sampler.times(steps))
        errors.append(float((x - exact).abs().mean()))
    orders = -np.diff(np.log2(errors))
    assert errors[-1] < 0.01
    assert (orders > 0.8).all()


@pytest.mark.parametrize("prediction", ["noise", "velocity"])
def test_corrections_bring_the_inversion_close_to_exact(prediction: Prediction) -> None:
    shares = signal_shares("cosine", 1000)
    sampler, tell = Sampler(shares, prediction), gaussian(shares, 0.5, prediction)
    x0 = 0.5 * torch.randn(1, 1, 8, 8, generator=torch.Generator().manual_seed(2), dtype=torch.float64)
    times = sampler.times(25)
    errors = []
    for refinements in (0, 1, 2, 4, 8):
        *_, back = sampler.denoise(sampler.invert(x0, tell, times, refinements), tell, times)
        errors.append(float((back - x0).abs().mean()))
    assert all(later < earlier for earlier, later in pairwise(errors))
    assert errors[1] < errors[0] / 4
    assert errors[-1] < (1e-10 if prediction == "velocity" else 2e-3)    # a noise near a = 0 says little about x


def test_steps_are_even_and_go_all_the_way() -> None:
    sampler = Sampler(signal_shares("cosine", 1000), "velocity")
    assert sampler.times(4) == [249, 499, 749, 999]
    assert sampler.times(1000) == list(range(1000))
    assert sampler.times(5000) == list(range(1000))


def test_clipping_holds_the_estimate_between_black_and_white() -> None:
    shares = signal_shares("linear", 100)
    x = 5 * torch.ones(1, 1, 2, 2)
    _, clean = Sampler(shares, "noise", clip=True).step(x, torch.zeros_like(x), 50, 40)
    assert clean.max() == 1
    _, free = Sampler(shares, "noise").step(x, torch.zeros_like(x), 50, 40)
    assert free.max() > 1
