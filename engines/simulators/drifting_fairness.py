"""Rows period after period whose label leans on a sensitive attribute, and a cue of the label that turns round.

Source: made for these checks (card of the sequential autoencoder, "Check at desk scale"). Every row is known in the
other world: all equations rerun with the attribute flipped and each draw kept. Symbols: n rows, 7 columns.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Drifting:
    """period, a, y (n,), x (n, 7); `otherwise`: x had a been flipped."""

    period: Array
    a: Array
    y: Array
    x: Array
    otherwise: Array


def drifting(seed: int, *, periods: int = 12, rows: int = 250) -> Drifting:
    """`rows` of each of the periods 1, 2 …; columns 3 to 6 depend on the attribute, 1, 2 and 7 do not."""
    generator = np.random.default_rng(seed)
    n = periods * rows
    period = np.repeat(np.arange(periods), rows)
    theta = np.pi * period / max(1, periods - 1)
    a = generator.integers(0, 2, n).astype(np.float64)
    s_n, s_s, noise = generator.normal(size=n), generator.normal(size=n), generator.normal(size=(n, 8))

    def world(a: Array) -> tuple[Array, Array]:
        d, e = a - 0.5, 0.3 * noise
        y = (s_n + s_s + 1.5 * np.cos(theta) * d + e[:, 0] > 0).astype(np.float64)
        x = np.column_stack([
            s_n + e[:, 1], 0.3 * s_n**2 + e[:, 2], s_s + 1.5 * d + e[:, 3], np.tanh(s_s + 1.5 * d) + e[:, 4],
            2 * np.cos(theta) * (2 * y - 1) + 0.5 * d + 0.5 * noise[:, 5], 2 * np.sin(theta) + 0.5 * d
            + 0.5 * noise[:, 6], 2 * np.sin(theta) + 0.5 * noise[:, 7],
        ])
        return np.asarray(y, np.float64), np.asarray(x, np.float64)

    (y, x), (_, otherwise) = world(a), world(1 - a)
    return Drifting(np.asarray(period + 1.0, np.float64), a, y, x, otherwise)
