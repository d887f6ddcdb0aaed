"""The mathematics: how sure a model is around a row, less how much it wavers there.

Source: Hamman, Noorani, Mishra, Magazzeni, Dutta, "Robust Counterfactual Explanations for Neural Networks With
Probabilistic Guarantees", ICML 2023, arXiv 2305.11997; the relaxation R-hat is the one of the authors' code.
Symbols: b rows, d features in unit range, k samples x_i = x + sigma z_i with z_i ~ N(0, I); m(x) the probability of the
wanted class. Only columns that `shaken` (d,) marks are sampled.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import torch
from torch import Tensor

from engines.counterfactual_tables.robust_counterfactuals.explained import Explained
from engines.counterfactual_tables.robust_counterfactuals.space import Array

Values = TypeVar("Values", Array, Tensor)

AT_A_TIME = 1 << 17
"""Sampled rows that are predicted at once."""


def terms(at: Values, around: Values) -> Values:
    """m(x_i) - |m(x) - m(x_i)|; at (b,), around (k, b). Each is m(x), or 2 m(x_i) - m(x) where m(x_i) is smaller."""
    return around - abs(at - around)


def noise(k: int, d: int, *seed: int) -> Array:
    """z (k, d)."""
    return np.random.default_rng(seed).standard_normal((k, d))


def stability(explained: Explained, scaled: Array, sigma: float, z: Array, shaken: Array) -> Array:
    """R-hat(x) = mean over i of m(x_i) - |m(x) - m(x_i)|, (b,); the same z (k, d) for all rows."""
    at = explained.chance(scaled)
    moves, k = sigma * z * shaken, len(z)
    found, rows = np.empty(len(scaled)), max(1, AT_A_TIME // k)
    for start in range(0, len(scaled), rows):
        part = scaled[start : start + rows]
        around = explained.chance((part + moves[:, None]).reshape(-1, part.shape[1])).reshape(k, -1)
        found[start : start + rows] = terms(at[start : start + rows], around).mean(axis=0)
    return found


def climbing(
    explained: Explained, scaled: Tensor, sigma: float, z: Tensor, shaken: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """R-hat (b,), the standard error of that mean (b,), and the gradient of R-hat (b, d). z (k, d)."""
    x = scaled.detach().requires_grad_()
    point = explained.space.landed_through(x)
    around = point + sigma * (z * shaken)[:, None]
    inside = explained.chance_through(around.reshape(-1, x.shape[1])).reshape(len(z), -1)
    found = terms(explained.chance_through(point), inside)
    total = found.mean(dim=0)
    (gradient,) = torch.autograd.grad(total.sum(), x)
    return total.detach(), found.detach().std(dim=0) / len(z) ** 0.5, gradient


def theoretical(explained: Explained, x: Array, sigma: float, z: Array, shaken: Array) -> tuple[float, float]:
    """The form of the theorem, R = mean of m(x_i) - gamma |x - x_i|, and gamma, for one row x (d,).

    gamma is the steepest slope between x and a sample: an estimate, so R is an indication and no bound.
    """
    moves = sigma * z * shaken
    far = np.sqrt((moves**2).sum(axis=1))
    around, at = explained.chance(x + moves), explained.chance(x[None])[0]
    gamma = float((np.abs(around - at) / np.maximum(far, 1e-300)).max())
    return float((around - gamma * far).mean()), gamma
