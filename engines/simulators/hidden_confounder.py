"""Rows whose treatment and outcome share a cause that is not in the table, with both potential outcomes known.

T ~ Bernoulli(sigmoid(0.5 X1 - 0.5 X2 + pull U)); Y = X1 + sin X2 + (1 + 0.5 X3) T + weight U + noise.
Source: made for these checks (card of VLUCI, "Check at desk scale"). Symbols: n rows, p covariates.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Law = Literal["coin", "normal"]


@dataclass(frozen=True)
class Confounded:
    """Covariates x (n, p), hidden u (n,), treatment t (n,) in {0, 1}, outcome y (n,), true effects (n,)."""

    x: Array
    u: Array
    t: Array
    y: Array
    effects: Array


def confounded(
    n: int, seed: int, *, law: Law = "coin", weight: float = 2.0, pull: float = 2.0, noise: float = 0.3,
    linear: bool = False, covariates: int = 5,
) -> Confounded:
    """n rows. `law` of u: -1 or 1 with equal chance, or standard normal; `linear`: no sine, and one effect for all."""
    generator = np.random.default_rng(seed)
    x = generator.normal(size=(n, covariates))
    drawn = 2 * generator.integers(0, 2, n) - 1 if law == "coin" else generator.normal(size=n)
    u = np.asarray(drawn, dtype=np.float64)
    t = (generator.random(n) < 1 / (1 + np.exp(-(0.5 * x[:, 0] - 0.5 * x[:, 1] + pull * u)))).astype(np.float64)
    effects = np.ones(n) if linear else 1 + 0.5 * x[:, 2]
    shape = x[:, 1] if linear else np.sin(x[:, 1])
    y = x[:, 0] + shape + effects * t + weight * u + noise * generator.normal(size=n)
    return Confounded(x, u, t, y, effects)
