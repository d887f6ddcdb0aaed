"""Noise schedule and deterministic sampler (DDIM), forwards and backwards.

Source: Ho et al. (2020); Nichol and Dhariwal (2021), cosine schedule; Song, Meng and Ermon (2021), equation 12 with
eta = 0; Salimans and Ho (2022), velocity. The inverse is the same equation walked the other way.

Symbols: b pictures; x0 (b, c, s, s) clean, -1..1; x (b, c, s, s) noisy; e noise; v velocity = sqrt(a) e - sqrt(1-a) x0;
T trained steps; t a step 0..T-1, or CLEAN for no noise; a = signal share at t (alpha bar).
"""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Literal

import torch
from torch import Tensor

Prediction = Literal["velocity", "noise"]
Denoise = Callable[[Tensor, int], Tensor]        # x, t -> what the network was trained to tell
CLEAN = -1


def signal_shares(kind: Literal["cosine", "linear"], T: int) -> Tensor:
    """alpha bar (T,), float64, falling from near 1 to near 0."""
    if kind == "linear":
        betas = torch.linspace(1e-4 * 1000 / T, 0.02 * 1000 / T, T, dtype=torch.float64)
    else:
        edges = torch.arange(T + 1, dtype=torch.float64) / T
        curve = torch.cos((edges + 0.008) / 1.008 * math.pi / 2) ** 2
        betas = (1 - curve[1:] / curve[:-1]).clamp(max=0.999)
    return torch.cumprod(1 - betas, 0)


def diffuse(x0: Tensor, e: Tensor, a: Tensor) -> Tensor:
    """The noisy picture at signal share a (b,)."""
    a = a[:, None, None, None]
    return a.sqrt() * x0 + (1 - a).sqrt() * e


def target(x0: Tensor, e: Tensor, a: Tensor, prediction: Prediction) -> Tensor:
    """What the network is trained to tell about `diffuse(x0, e, a)`."""
    if prediction == "noise":
        return e
    a = a[:, None, None, None]
    return a.sqrt() * e - (1 - a).sqrt() * x0


class Sampler:
    """DDIM with eta = 0 over a given schedule. Nothing is clipped unless `clip` asks for it."""

    def __init__(self, shares: Tensor, prediction: Prediction, clip: bool = False) -> None:
        self.shares = [float(a) for a in shares]
        self.prediction = prediction
        self.clip = clip

    def times(self, steps: int) -> list[int]:
        """`steps` trained steps, evenly spaced, rising, the last of them T - 1."""
        T = len(self.shares)
        steps = min(steps, T)
        return [round((k + 1) * T / steps) - 1 for k in range(steps)]

    def denoise(self, x: Tensor, predict: Denoise, times: Sequence[int]) -> Iterator[Tensor]:
        """From noise at times[-1] down to a clean picture: yields the estimate of the clean picture at each step."""
        below = [CLEAN, *times[:-1]]
        for t, s in zip(reversed(times), reversed(below), strict=True):
            x, x0 = self.step(x, predict(x, t), t, s)
            yield x if s == CLEAN else x0

    def invert(self, x: Tensor, predict: Denoise, times: Sequence[int], refinements: int = 0) -> Tensor:
        """From a clean picture up to the noise at times[-1] that `denoise` turns back into it.

        Each step looks for the point above whose step down ends where this one starts, given what the network tells.
        Without refinement the network is asked once, at the start (for noise this is plain DDIM inversion); each
        refinement asks again at the point found, a fixed-point iteration towards the exact inverse.
        """
        *_, x = self.rise(x, predict, times, refinements)
        return x

    def rise(self, x: Tensor, predict: Denoise, times: Sequence[int], refinements: int = 0) -> Iterator[Tensor]:
        """The same, told after each step; the last one is the noise."""
        below = [CLEAN, *times[:-1]]
        for s, t in zip(below, times, strict=True):
            start = x
            for _ in range(1 + refinements):
                x = self._climb(start, predict(x, t), s, t)
            yield x

    def step(self, x: Tensor, told: Tensor, t: int, s: int) -> tuple[Tensor, Tensor]:
        """One step down from t to s: the picture there, and the estimate of the clean picture."""
        a, there = self._share(t), self._share(s)
        x0, e = self._parts(x, told, a)
        if self.clip:
            x0 = x0.clamp(-1, 1)
            e = (x - math.sqrt(a) * x0) / math.sqrt(1 - a)
        return math.sqrt(there) * x0 + math.sqrt(1 - there) * e, x0

    def _climb(self, start: Tensor, told: Tensor, s: int, t: int) -> Tensor:
        """The point at t whose step down to s, if the network tells `told` there, ends in `start`."""
        here, there = self._share(s), self._share(t)
        if self.prediction == "noise":
            x0 = (start - math.sqrt(1 - here) * told) / math.sqrt(here)
            return math.sqrt(there) * x0 + math.sqrt(1 - there) * told
        turn = math.acos(math.sqrt(there)) - math.acos(math.sqrt(here))     # a step turns by this angle
        return (start + math.sin(turn) * told) / math.cos(turn)

    def _parts(self, x: Tensor, told: Tensor, a: float) -> tuple[Tensor, Tensor]:
        """The clean picture and the noise that make up x, by what the network tells."""
        if self.prediction == "noise":
            return (x - math.sqrt(1 - a) * told) / math.sqrt(a), told
        return math.sqrt(a) * x - math.sqrt(1 - a) * told, math.sqrt(1 - a) * x + math.sqrt(a) * told

    def _share(self, t: int) -> float:
        return 1.0 if t == CLEAN else self.shares[t]
