"""Runs that differ only in their seed as one line with a band: the mean, and from the least to the greatest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from widgets.curves.trace import Trace

Array = NDArray[np.float64]

_MOST_STEPS = 2000


@dataclass(frozen=True, eq=False)
class Band:
    """Several traces at common steps, (m,) each; NaN where none of them has a value."""

    steps: Array
    mean: Array
    low: Array
    high: Array


def band_over(traces: Sequence[Trace]) -> Band:
    """Smoothed values of the traces at the steps of the longest one, at most 2,000 of them, evenly chosen.

    A trace counts between its first and last step, interpolated; beyond them and in its gaps it does not.
    """
    longest = max(traces, key=len)
    steps = longest.steps
    if len(steps) > _MOST_STEPS:
        steps = steps[np.unique(np.linspace(0, len(steps) - 1, _MOST_STEPS).astype(int))]
    values = np.array([_at(trace, steps) for trace in traces])
    there = np.isfinite(values)
    count = there.sum(axis=0)
    some = count > 0
    mean = np.where(some, np.where(there, values, 0.0).sum(axis=0) / np.maximum(count, 1), np.nan)
    low = np.where(some, np.where(there, values, np.inf).min(axis=0), np.nan)
    high = np.where(some, np.where(there, values, -np.inf).max(axis=0), np.nan)
    return Band(steps.copy(), mean, low, high)


def _at(trace: Trace, steps: Array) -> Array:
    if not len(trace):
        return np.full(len(steps), np.nan)
    values = np.interp(steps, trace.steps, trace.smooth)
    return np.where((steps < trace.steps[0]) | (steps > trace.steps[-1]), np.nan, values)
