"""What the fitted networks say about rows: U, both potential outcomes, the effect and how sure it is.

Abduction: draws of u for the row (card, step 6a). Action: the arm is set. Prediction: the same draws in both arms, and
the row's own noise kept, or drawn afresh.
Symbols: n rows, s draws, m members of a stack, d entries of u. Raw units of the outcome; probabilities where it has two
values.
"""

from dataclasses import dataclass

import numpy as np
import torch
from scipy.stats import t as student
from torch import Tensor

from engines.counterfactual_tables.vluci.mathematics import Guess, standard
from engines.counterfactual_tables.vluci.networks import Arms, Confounded

Array = np.ndarray
FEWEST = 4
"""Resampled fits below which there is no interval."""

CHUNK = 200_000
"""Draws times rows that are computed at once."""


@torch.inference_mode()
def abducted(network: Confounded, x: Tensor, t: Tensor, y: Tensor) -> Guess:
    """What is believed of u (m, n, d): from t and y, from t where y is missing (NaN), the prior where both are."""
    m = network.settings["members"]
    xs, ts, ys = x.expand(m, *x.shape), t.expand(m, -1), y.expand(m, -1)
    known_t, known_y = ~ts.isnan()[..., None], ~ys.isnan()[..., None]
    before, after = network.guess_before(xs, ts.nan_to_num()), network.guess(xs, ts.nan_to_num(), ys.nan_to_num())
    prior = standard(before)

    def of(both: Tensor, treatment: Tensor, none: Tensor) -> Tensor:
        return torch.where(known_t & known_y, both, torch.where(known_t, treatment, none))

    return Guess(of(after.mean, before.mean, prior.mean), of(after.log_sd, before.log_sd, prior.log_sd))


@dataclass(frozen=True, eq=False)
class Potential:
    """Outcomes of the rows in both arms for each draw, before any noise: (2, s, n); the draws of u (s, n, d)."""

    means: Array
    u: Array

    @property
    def effects(self) -> Array:
        """(n,) mean over the draws."""
        found: Array = (self.means[1] - self.means[0]).mean(axis=0)
        return found


@torch.inference_mode()
def potential(
    network: Confounded, x: Tensor, t: Tensor, y: Tensor, noise: Array, outcome: tuple[float, float]
) -> Potential:
    """Both arms under one member. x (n, p), t and y (n,); noise (s, n, d) standard normal; outcome: centre, scale."""
    s, n, _ = noise.shape
    guess = abducted(network, x, t, y)
    u = guess.mean + guess.log_sd.exp() * torch.from_numpy(noise.astype(np.float32))          # (s, n, d)
    arms = np.empty((2, s, n))
    step = max(1, CHUNK // n)
    for at in range(0, s, step):
        part = u[at : at + step].reshape(1, -1, u.shape[2])
        times = part.shape[1] // n
        for arm in (0, 1):
            told = network.outcome(x.repeat(times, 1)[None], torch.full((1, times * n), float(arm)), part)
            told = told.sigmoid() if network.binary else told
            arms[arm, at : at + step] = told.reshape(times, n).numpy()
    return Potential(outcome[0] + outcome[1] * arms, u.numpy())


@torch.inference_mode()
def effects(network: Confounded, x: Tensor, t: Tensor, y: Tensor, scale: float) -> Array:
    """Individual effects (m, n) of every member, u at its mean where it matters. x (n, p), t and y (n,)."""
    m = network.settings["members"]
    xs = x.expand(m, *x.shape)
    u = abducted(network, x, t, y).mean
    one, zero = (network.outcome(xs, torch.full(xs.shape[:2], arm), u) for arm in (1.0, 0.0))
    difference = one.sigmoid() - zero.sigmoid() if network.binary else one - zero
    return difference.numpy().astype(float) * scale


@torch.inference_mode()
def measured_effects(naive: Arms, x: Tensor, scale: float) -> Array:
    """Effects (m, n) when all that matters is taken for measured. x (n, p) or (m, n, p)."""
    xs = x.expand(naive.settings["members"], *x.shape[-2:])
    return naive.effect(xs).numpy().astype(float) * scale


@torch.inference_mode()
def propensity(network: Confounded, x: Tensor, u: Tensor) -> Array:
    """P(t = 1 | x, u) under the first member. x (n, p), u (n, d). Returns (n,)."""
    return network.treatment(x[None], u[None]).sigmoid()[0].numpy().astype(float)


@torch.inference_mode()
def pull(network: Confounded, x: Tensor) -> float:
    """How much u moves the treatment: mean change of P(t = 1) from u = -1 to u = 1, the first member."""
    ones = torch.ones(len(x), network.settings["entries"])
    return float(np.abs(propensity(network, x, ones) - propensity(network, x, -ones)).mean())


def half_width(values: Array, level: float) -> Array | None:
    """Half the width of an interval from refits (k, ...): Student's quantile times their spread; None if too few.

    Source: the normal bootstrap interval, Efron and Tibshirani 1993, section 13.3.
    """
    k = len(values)
    if k < FEWEST:
        return None
    width: Array = student.ppf(0.5 + level / 2, k - 1) * values.std(axis=0, ddof=1)
    return width
