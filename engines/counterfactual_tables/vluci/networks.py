"""The networks of VLUCI, many members side by side: restarts and resampled fits are trained as one batch of matrices.

Symbols: m members, b rows, p encoded covariates, d entries of u, h hidden units. x (m, b, p), t and y (m, b),
u (m, b, d); t in {0, 1}; y standardised, or 0 and 1.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Self

import torch
from torch import Tensor, nn

from engines.counterfactual_tables.vluci.mathematics import (
    Bounds,
    Guess,
    bernoulli_log_likelihood,
    divergence,
    normal_log_likelihood,
    standard,
)

QUIETEST = -4.0
"""Smallest log standard deviation of the outcome's noise, in standard deviations of the outcome."""

FIRST_NOISE = -0.5
"""Where the outcome's log noise starts."""


class Layers(nn.Module):
    """A perceptron for each member: (m, b, sizes[0]) -> (m, b, sizes[-1]), ELU between. Weights start at zero."""

    def __init__(self, members: int, sizes: Sequence[int]) -> None:
        super().__init__()
        pairs = list(pairwise(sizes))
        self.weights = nn.ParameterList(torch.zeros(members, a, b) for a, b in pairs)
        self.biases = nn.ParameterList(torch.zeros(members, 1, b) for _, b in pairs)

    def forward(self, values: Tensor) -> Tensor:
        last = len(self.weights) - 1
        for k, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            values = torch.baddbmm(bias, values, weight)
            if k < last:
                values = nn.functional.elu(values)
        return values


class Stack(nn.Module):
    """What members of all kinds share: the arguments it was made with, and the choice of some members."""

    settings: dict[str, Any]

    def chosen(self, members: Sequence[int]) -> Self:
        """A copy of some members."""
        copy = type(self)(**{**self.settings, "members": len(members)})
        copy.load_state_dict({name: values[list(members)] for name, values in self.state_dict().items()})
        return copy.eval().requires_grad_(False)


class Confounded(Stack):
    """The model of step 1: both guesses of u, what brings about the treatment, and what brings about the outcome.

    Attributes:
        used: (m, 1, d) 1 for the entries of u that a member may use, else 0.
        log_noise: (m,) of the outcome, standardised units.
    """

    def __init__(self, members: int, covariates: int, entries: int, hidden: int, shared: bool, binary: bool) -> None:
        super().__init__()
        self.settings = {"members": members, "covariates": covariates, "entries": entries, "hidden": hidden,
                         "shared": shared, "binary": binary}
        p, d = covariates, entries
        self.shared, self.binary = shared, binary

        def layers(inward: int, outward: int) -> Layers:
            return Layers(members, (inward, hidden, hidden, outward))

        self.from_treatment, self.from_both = layers(p + 1, 2 * d), layers(p + 2, 2 * d)
        self.assignment = layers(p + d, 1)
        self.untreated = layers(p + d, 1)
        self.treated = layers(p if shared else p + d, 1)
        self.log_noise = nn.Parameter(torch.full((members,), FIRST_NOISE))
        self.used: Tensor
        self.register_buffer("used", torch.ones(members, 1, d))

    def guess_before(self, x: Tensor, t: Tensor) -> Guess:
        """q_t(u | x, t): the outcome is not seen."""
        return self._guess(self.from_treatment(torch.cat([x, _signed(t)], dim=2)))

    def guess(self, x: Tensor, t: Tensor, y: Tensor) -> Guess:
        """q_y(u | x, t, y)."""
        return self._guess(self.from_both(torch.cat([x, _signed(t), y[..., None]], dim=2)))

    def _guess(self, told: Tensor) -> Guess:
        mean, log_sd = told.chunk(2, dim=2)
        return Guess(mean * self.used, log_sd.clamp(-5.0, 2.0) * self.used)     # unused entries stay at the prior

    def treatment(self, x: Tensor, u: Tensor) -> Tensor:
        """f_t: the logit of t = 1 (m, b)."""
        return self.assignment(torch.cat([x, u * self.used], dim=2))[..., 0]

    def outcome(self, x: Tensor, t: Tensor, u: Tensor) -> Tensor:
        """f_y (m, b): g(x, u) + t · tau(x) where the arms share a decoder, else a head for each arm.

        Where y has two values it is the logit of the second.
        """
        both = torch.cat([x, u * self.used], dim=2)
        base, other = self.untreated(both)[..., 0], self.treated(x if self.shared else both)[..., 0]
        return base + t * other if self.shared else torch.where(t > 0.5, other, base)

    def noise(self) -> Tensor:
        """log s (m, 1)."""
        return self.log_noise.clamp_min(QUIETEST)[:, None]

    def log_likelihood(self, y: Tensor, told: Tensor) -> Tensor:
        """log p(y | x, t, u) for what `outcome` gave (m, b)."""
        return bernoulli_log_likelihood(y, told) if self.binary else normal_log_likelihood(y, told, self.noise())

    def bounds(self, x: Tensor, t: Tensor, y: Tensor, noise: Tensor) -> tuple[Bounds, Guess, Guess]:
        """Both bounds with draws from `noise` (2, m, k · b, d), k draws a row; and the guesses q_t and q_y."""
        before, after = self.guess_before(x, t), self.guess(x, t, y)
        k = noise.shape[2] // x.shape[1]
        xs, ts, ys = x.repeat(1, k, 1), t.repeat(1, k), y.repeat(1, k)
        u_t, u_y = before.repeated(k).drawn(noise[0]), after.repeated(k).drawn(noise[1])
        return Bounds(
            bernoulli_log_likelihood(ts, self.treatment(xs, u_t)).mean(1),
            (divergence(before, standard(before)) * self.used).sum(2).mean(1),
            self.log_likelihood(ys, self.outcome(xs, ts, u_y)).mean(1),
            (divergence(after, before) * self.used).sum(2).mean(1),
        ), before, after

    def single(self, x: Tensor, t: Tensor, y: Tensor, noise: Tensor) -> tuple[Bounds, Guess, Guess]:
        """The single-level form: both likelihoods under q_y, KL(q_y ‖ p(u)); q_t learns from q_y, one way.

        Returns the parts in the places of the doubly variational ones; the last divergence is that lesson.
        """
        before, after = self.guess_before(x, t), self.guess(x, t, y)
        k = noise.shape[2] // x.shape[1]
        xs, ts, ys = x.repeat(1, k, 1), t.repeat(1, k), y.repeat(1, k)
        u = after.repeated(k).drawn(noise[1])
        return Bounds(
            bernoulli_log_likelihood(ts, self.treatment(xs, u)).mean(1),
            (divergence(after, standard(after)) * self.used).sum(2).mean(1),
            self.log_likelihood(ys, self.outcome(xs, ts, u)).mean(1),
            (divergence(after.detached(), before) * self.used).sum(2).mean(1),
        ), before, after


class Arms(Stack):
    """TARNet (Shalit, Johansson, Sontag, ICML 2017): one representation of the covariates, a head for each arm.

    It takes everything for measured: with u among the covariates it is the plug-in estimate, without it the naive one.
    """

    def __init__(self, members: int, covariates: int, hidden: int, binary: bool) -> None:
        super().__init__()
        self.settings = {"members": members, "covariates": covariates, "hidden": hidden, "binary": binary}
        self.binary = binary
        self.representation = Layers(members, (covariates, hidden, hidden))
        self.heads = nn.ModuleList(Layers(members, (hidden, hidden, 1)) for _ in range(2))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Outcome (or its logit) in either arm, (m, b) each."""
        inner = nn.functional.elu(self.representation(x))
        return self.heads[0](inner)[..., 0], self.heads[1](inner)[..., 0]

    def loss(self, x: Tensor, t: Tensor, y: Tensor, share: float) -> Tensor:
        """Error of the arm that was seen (m,), so weighted that both arms count alike. share: of t = 1."""
        zero, one = self.forward(x)
        told = torch.where(t > 0.5, one, zero)
        error = -bernoulli_log_likelihood(y, told) if self.binary else (told - y).square()
        return (error * (t / (2 * share) + (1 - t) / (2 - 2 * share))).mean(1)

    def effect(self, x: Tensor) -> Tensor:
        """Outcome in arm 1 less that in arm 0 (m, b)."""
        zero, one = self.forward(x)
        return one.sigmoid() - zero.sigmoid() if self.binary else one - zero


@torch.no_grad()
def scatter(network: nn.Module, generator: torch.Generator) -> None:
    """Draw the weights of all layers, uniform in ±1/√inputs; biases stay at zero."""
    for layers in (part for part in network.modules() if isinstance(part, Layers)):
        for weight in layers.weights:
            weight.copy_((2 * torch.rand(weight.shape, generator=generator) - 1) / weight.shape[1] ** 0.5)


def _signed(t: Tensor) -> Tensor:
    """t (m, b) as -1 and 1, with an axis for it."""
    return (2 * t - 1)[..., None]
