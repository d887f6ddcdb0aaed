"""The debiased moving average: v_t -> s_t / d_t with s_t = w s_(t-1) + v_t and d_t = w d_(t-1) + 1.

A constant stays the same constant. What is not a number stays a gap, and the average starts anew behind it.
Symbols: n values, weight w in [0, 1), 0 leaves the values as they are.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_BLOCK = 64
_SHORT = 16


@dataclass
class Smoother:
    """Smooths values as they come: the pieces joined are what the whole would have given."""

    weight: float
    _origin: float = field(default=0.0, init=False)   # first value since the gap: sums run over what differs from it
    _sum: float = field(default=0.0, init=False)
    _norm: float = field(default=0.0, init=False)     # 0 = at a gap

    def extend(self, values: Array) -> Array:
        """(n,) smoothed values that follow those already seen."""
        if self.weight <= 0:
            return np.where(np.isfinite(values), values, np.nan)
        out = np.full(len(values), np.nan)
        for start, end in finite_runs(values):
            if start > 0:
                self._norm = 0.0
            out[start:end] = self._run(values[start:end])
        if len(values) and not np.isfinite(values[-1]):
            self._norm = 0.0
        return out

    def _run(self, values: Array) -> Array:
        if self._norm == 0.0:
            self._origin, self._sum = float(values[0]), 0.0
        sums = decayed_sums(values - self._origin, self.weight, self._sum)
        norms = decayed_sums(np.ones(len(values)), self.weight, self._norm)
        self._sum, self._norm = float(sums[-1]), float(norms[-1])
        return self._origin + sums / norms


def smoothed(values: Array, weight: float) -> Array:
    """(n,) values under the debiased moving average."""
    return Smoother(weight).extend(np.asarray(values, dtype=np.float64))


def decayed_sums(values: Array, weight: float, before: float = 0.0) -> Array:
    """(n,) s_t = weight s_(t-1) + v_t with s_(-1) = before, in blocks instead of a loop over n."""
    count = len(values)
    if count <= _SHORT:
        out = np.empty(count)
        for index, value in enumerate(values):
            before = weight * before + value
            out[index] = before
        return out
    blocks = -(-count // _BLOCK)
    padded = np.zeros(blocks * _BLOCK)
    padded[:count] = values
    powers = weight ** np.arange(_BLOCK + 1)
    ages = np.subtract.outer(np.arange(_BLOCK), np.arange(_BLOCK))
    inner = padded.reshape(blocks, _BLOCK) @ np.where(ages >= 0, powers[np.abs(ages)], 0.0).T
    carried = decayed_sums(inner[:, -1], float(powers[-1]), before)
    inner += np.concatenate(([before], carried[:-1]))[:, None] * powers[1:]
    return inner.reshape(-1)[:count]


def finite_runs(values: Array) -> list[tuple[int, int]]:
    """Start and end of every stretch without gaps."""
    good = np.isfinite(values)
    if good.all():
        return [(0, len(values))] if len(values) else []
    turns = np.flatnonzero(np.diff(np.concatenate(([False], good, [False])).astype(np.int8)))
    return list(zip(turns[::2].tolist(), turns[1::2].tolist()))
