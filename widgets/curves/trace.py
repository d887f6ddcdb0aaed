"""The points of one scalar of one run: appended as they come, smoothed as they come, gaps remembered."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from widgets.curves.figures import gap_text
from widgets.curves.smoothing import Smoother
from widgets.curves.thinning import blocks

Array = NDArray[np.float64]
Blocks = tuple[Array, Array, Array]


@dataclass(frozen=True)
class Gap:
    """Where values were not numbers: the first step of it and what stood there ("NaN", "∞", "−∞")."""

    step: float
    what: str


class Trace:
    """Steps in growing order with their values. Appending costs what is new, not what is there.

    A step that was there already, as after a resume from a checkpoint, replaces everything from there on.
    """

    def __init__(self, weight: float = 0.0) -> None:
        self._steps = np.empty(256)
        self._raw = np.empty(256)
        self._smooth = np.empty(256)
        self._count = 0
        self._gaps: list[Gap] = []
        self._in_gap = False
        self._smoother = Smoother(weight)
        self._extremes = (math.inf, -math.inf)
        self._prepared: tuple[Blocks, Blocks] | None = None

    def __len__(self) -> int:
        return self._count

    @property
    def steps(self) -> Array:
        """(n,) growing."""
        return self._steps[: self._count]

    @property
    def raw(self) -> Array:
        """(n,) as they came, with what is not a number."""
        return self._raw[: self._count]

    @property
    def smooth(self) -> Array:
        """(n,) under the moving average, NaN in gaps."""
        return self._smooth[: self._count]

    def prepared(self) -> tuple[Blocks, Blocks]:
        """Raw and smoothed values in blocks (first step, least, greatest), for views that move."""
        if self._prepared is None:
            self._prepared = blocks(self.steps, self.raw), blocks(self.steps, self.smooth)
        return self._prepared

    @property
    def extremes(self) -> tuple[float, float]:
        """Least and greatest number among the values; (inf, -inf) without any."""
        return self._extremes

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """One for each stretch of values that are no numbers, at most 1,000."""
        return tuple(self._gaps)

    def append(self, steps: ArrayLike, values: ArrayLike) -> None:
        """New points, (m,) each; steps in growing order."""
        at, new = np.atleast_1d(np.asarray(steps, float)), np.atleast_1d(np.asarray(values, float))
        if not len(at):
            return
        if self._count and at[0] <= self._steps[self._count - 1]:
            self._forget_from(float(at[0]))
        start, end = self._count, self._count + len(at)
        self._grow(end)
        self._steps[start:end] = at
        self._raw[start:end] = new
        self._smooth[start:end] = self._smoother.extend(new)
        self._count = end
        self._prepared = None
        self._note_gaps(at, new)
        self._widen(new)

    def set_smoothing(self, weight: float) -> None:
        """Another weight of the moving average, in [0, 1)."""
        self._smoother = Smoother(weight)
        self._prepared = None
        self._smooth[: self._count] = self._smoother.extend(self.raw)

    def value_at(self, step: float) -> float | None:
        """The smoothed value at the last point not after `step`; None before the first, after the last and in gaps."""
        index = int(np.searchsorted(self.steps, step, side="right")) - 1
        if index < 0 or (index == self._count - 1 and step > self.steps[-1]):
            return None
        value = float(self._smooth[index])
        return value if np.isfinite(value) else None

    def last(self) -> tuple[float, float] | None:
        """Step and smoothed value of the last point that is a number."""
        for index in range(self._count - 1, -1, -1):
            if np.isfinite(self._smooth[index]):
                return float(self._steps[index]), float(self._smooth[index])
        return None

    def _widen(self, values: Array) -> None:
        good = values[np.isfinite(values)]
        if len(good):
            low, high = self._extremes
            self._extremes = min(low, float(good.min())), max(high, float(good.max()))

    def _note_gaps(self, steps: Array, values: Array) -> None:
        bad = ~np.isfinite(values)
        if not bad.any():
            self._in_gap = False
            return
        begins = bad & ~np.concatenate(([self._in_gap], bad[:-1]))
        for index in np.flatnonzero(begins)[: max(1000 - len(self._gaps), 0)]:
            self._gaps.append(Gap(float(steps[index]), gap_text(float(values[index]))))
        self._in_gap = bool(bad[-1])

    def _forget_from(self, step: float) -> None:
        self._count = int(np.searchsorted(self.steps, step, side="left"))
        self._gaps = [gap for gap in self._gaps if gap.step < step]
        self._in_gap = bool(self._count) and not np.isfinite(self._raw[self._count - 1])
        self._extremes = (math.inf, -math.inf)
        self._widen(self.raw)
        self.set_smoothing(self._smoother.weight)

    def _grow(self, needed: int) -> None:
        if needed <= len(self._steps):
            return
        size = max(needed, 2 * len(self._steps))
        for name in ("_steps", "_raw", "_smooth"):
            bigger = np.empty(size)
            bigger[: self._count] = getattr(self, name)[: self._count]
            setattr(self, name, bigger)
