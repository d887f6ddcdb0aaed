"""The equations of VLUCI: a confounder U that nobody measured, inferred from treatment and outcome.

Model: u ~ N(0, I); t | x, u ~ Bernoulli; y | x, t, u ~ N(f(x, t, u), s²), or Bernoulli where y has two values.
Two guesses of u: q_t(u | x, t), which has not seen y, and q_y(u | x, t, y).
Symbols: m members (networks side by side), b rows, d entries of u. Means and log standard deviations (m, b, d).
"""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

REVEALED = 0.7
"""Contraction below which the data do not show the confounder; 0.2 let too much through (measured for the card)."""


@dataclass(frozen=True)
class Guess:
    """A normal distribution of u for each row: mean and log standard deviation (m, b, d)."""

    mean: Tensor
    log_sd: Tensor

    def drawn(self, noise: Tensor) -> Tensor:
        """mean + sd · noise, so that gradients reach the guess. noise: (m, b, d)."""
        return self.mean + self.log_sd.exp() * noise

    def repeated(self, times: int) -> "Guess":
        """The same guesses `times` times over: (m, times · b, d)."""
        return Guess(self.mean.repeat(1, times, 1), self.log_sd.repeat(1, times, 1))

    def detached(self) -> "Guess":
        return Guess(self.mean.detach(), self.log_sd.detach())


def standard(like: Guess) -> Guess:
    """The prior N(0, I) in the shape of a guess."""
    return Guess(torch.zeros_like(like.mean), torch.zeros_like(like.log_sd))


def divergence(q: Guess, p: Guess) -> Tensor:
    """KL(q ‖ p) of every entry in closed form (m, b, d), nats."""
    ratio = (2 * (q.log_sd - p.log_sd)).exp()
    apart = ((q.mean - p.mean) / p.log_sd.exp()).square()
    return 0.5 * (ratio + apart - 1) + p.log_sd - q.log_sd


def normal_log_likelihood(y: Tensor, mean: Tensor, log_sd: Tensor) -> Tensor:
    """log N(y; mean, sd²), nats; all of one shape or broadcast."""
    return -0.5 * ((y - mean) / log_sd.exp()).square() - log_sd - 0.5 * math.log(2 * math.pi)


def bernoulli_log_likelihood(t: Tensor, logit: Tensor) -> Tensor:
    """log p(t) of t in {0, 1} where p(1) = sigmoid(logit), nats."""
    return -F.binary_cross_entropy_with_logits(logit, t, reduction="none")


@dataclass(frozen=True)
class Bounds:
    """The two bounds in their parts, each (m,), nats a row (card, section Algorithm, step 1).

    log p(t | x)    >= treatment - treatment_divergence      u ~ q_t, KL(q_t ‖ p(u))
    log p(y | x, t) >= outcome - outcome_divergence          u ~ q_y, KL(q_y ‖ q_t)
    """

    treatment: Tensor
    treatment_divergence: Tensor
    outcome: Tensor
    outcome_divergence: Tensor

    def total(self, weight: float | Tensor = 1.0) -> Tensor:
        """Both bounds together (m,), the divergences weighted."""
        return self.treatment + self.outcome - weight * (self.treatment_divergence + self.outcome_divergence)


def contraction(guess: Guess, used: Tensor) -> Tensor:
    """1 - mean posterior variance (m,): 0 where y told nothing of u, 1 where it told all. used: (m, 1, d) 0 or 1.

    At most the share of the guesses' whole variance that lies between rows: guesses that are narrow and all alike, as
    in a fit that has hardly begun, tell nothing either.
    """
    count = used.sum(dim=(1, 2))
    within = ((2 * guess.log_sd).exp().mean(1) * used[:, 0]).sum(1) / count
    between = (guess.mean.var(1, correction=0) * used[:, 0]).sum(1) / count
    return torch.minimum(1 - within, between / (between + within))


def independence(u: Tensor, x: Tensor) -> Tensor:
    """HSIC of u (m, b, d) and x (m, b, p), normalised to at most 1: 0 where they are independent. Returns (m,).

    Source: Gretton, Bousquet, Smola, Schölkopf, ALT 2005, equation 9; Gaussian kernels as wide as the data are apart.
    """
    one, other = _centred(_kernel(u)), _centred(_kernel(x))
    size = (one.square().sum((1, 2)) * other.square().sum((1, 2))).clamp_min(1e-12).sqrt()
    return (one * other).sum((1, 2)) / size


def _kernel(values: Tensor) -> Tensor:
    apart = (values[:, :, None] - values[:, None]).square().sum(-1)
    return torch.exp(-apart / apart.detach().mean((1, 2), keepdim=True).clamp_min(1e-6))


def _centred(kernel: Tensor) -> Tensor:
    return kernel - kernel.mean(1, keepdim=True) - kernel.mean(2, keepdim=True) + kernel.mean((1, 2), keepdim=True)
