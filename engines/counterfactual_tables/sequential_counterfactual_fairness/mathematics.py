"""The equations of the fair sequential autoencoder: divergences, moment mismatch, and what is measured of fairness.

Symbols: n rows, d entries of a block, g groups.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

Array = NDArray[np.float64]
FLOOR = 1e-6
"""Smallest variance that a group is given."""

FEWEST = 3
"""A group of fewer rows tells nothing of its variance and is left out."""


@dataclass(frozen=True)
class Gaussian:
    """Diagonal normal distributions: mean and log variance, (n, d) or broadcast to it."""

    mean: Tensor
    log_variance: Tensor

    def drawn(self, noise: Tensor) -> Tensor:
        """mean + sd · noise, so that gradients reach both. noise (n, d)."""
        return self.mean + (0.5 * self.log_variance).exp() * noise


def divergence(q: Gaussian, p: Gaussian) -> Tensor:
    """KL(q ‖ p) in closed form (n,), nats."""
    apart = (q.log_variance.exp() + (q.mean - p.mean).square()) / p.log_variance.exp()
    return 0.5 * (p.log_variance - q.log_variance + apart - 1).sum(-1)


def mismatch(values: Tensor, groups: Tensor, count: int) -> Tensor:
    """How far the first two moments of the groups lie apart, summed over entries; at least 0. A scalar.

    values (n, d); groups (n,) in 0..count-1. The 2 / n_g is what sampling alone would give: without it a large weight
    drives the values to a constant.
    """
    return mismatches(values, groups, count).clamp_min(0).sum()


def mismatches(values: Tensor, groups: Tensor, count: int) -> Tensor:
    """`mismatch` of each entry (d,), before it is cut off at 0: its mean is 0 where all groups are alike."""
    member = torch.nn.functional.one_hot(groups, count).to(values.dtype)
    sizes = member.sum(0)
    kept = sizes >= FEWEST
    if not bool(kept.any()):
        return values.new_zeros(values.shape[1])
    member, sizes = member[:, kept], sizes[kept][:, None]
    means = member.T @ values / sizes
    squares = member.T @ (values - (member @ means)).square()
    variances = (squares / (sizes - 1)).clamp_min(FLOOR)
    whole = values.var(0).clamp_min(FLOOR)
    apart = (means - values.mean(0)).square() / whole
    return (apart + 0.5 * (variances.log() - whole.log()).square() - 2 / sizes).mean(0)


@dataclass(frozen=True)
class Fairness:
    """What is measured of n rows; every figure a share or a difference of probabilities.

    Attributes:
        accuracy: Share of right decisions.
        parity: |P(yes | a = 1) - P(yes | a = 0)|, demographic parity; NaN where a does not vary.
        odds: The larger gap of true-positive and false-positive rates, equalised odds; NaN where it cannot be told.
        effect: Mean |p(as is) - p(had the attribute been the other)|, counterfactual effect.
        total: Mean of p(a = 1) - p(a = 0), each row in both worlds.
        flips: Share of decisions that change.
    """

    accuracy: float
    parity: float
    odds: float
    effect: float
    total: float
    flips: float


def fairness(y: Array, a: Array, chance: Array, otherwise: Array) -> Fairness:
    """Of labels y and attributes a (n,) in {0, 1}, probabilities of 1 as it is and in the other world (n,)."""
    yes, other = chance > 0.5, otherwise > 0.5
    rates = [_gap(yes[y == label], a[y == label]) for label in (1, 0)]
    return Fairness(
        float((yes == (y > 0.5)).mean()), _gap(yes, a), float(np.max(rates)), float(np.abs(chance - otherwise).mean()),
        float(((chance - otherwise) * (2 * a - 1)).mean()), float((yes != other).mean()),
    )


def _gap(yes: NDArray[np.bool_], a: Array) -> float:
    one, zero = yes[a > 0.5], yes[a <= 0.5]
    return float(abs(one.mean() - zero.mean())) if len(one) and len(zero) else float("nan")


def affected(x: Array, a: Array, errors: float = 3.0) -> NDArray[np.bool_]:
    """(p,) columns of x (n, p) whose means at a = 1 and a = 0 differ by more than so many standard errors."""
    one, zero = x[a > 0.5], x[a <= 0.5]
    spread = np.sqrt(one.var(0, ddof=1) / len(one) + zero.var(0, ddof=1) / len(zero))
    return np.asarray(np.abs(one.mean(0) - zero.mean(0)) > errors * spread)


def movement(x: Array, y: Array, place: NDArray[np.int64]) -> Array:
    """(p,) how far each column of x (n, p) moves from period to period, given the label: in standard deviations, the
    root of the mean square over periods and labels of its means' distance from the whole, less what sampling gives.

    y (n,) in {0, 1}; place (n,): each row's period.
    """
    found = []
    for label in (0, 1):
        some, of = x[y == label], place[y == label]
        whole, spread = some.mean(0), np.maximum(some.var(0, ddof=1), FLOOR)
        for k in np.unique(of):
            here = some[of == k]
            found.append((here.mean(0) - whole) ** 2 / spread - 1 / len(here))
    return np.sqrt(np.maximum(np.mean(found, axis=0), 0.0))
