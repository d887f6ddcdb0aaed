"""From many points to two a pixel column: the least and the greatest of each column, exactly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Thinned:
    """What is drawn: at each x the least and greatest value there; `packed` points stand for one, 1 if all are drawn.

    Attributes:
        x, low, high: (m,) in data units; low is high where a point is drawn as it is. NaN breaks the line.
    """

    x: Array
    low: Array
    high: Array
    packed: float = 1.0


def thin(x: Array, y: Array, left: float, right: float, columns: int) -> Thinned:
    """The points of (x, y) between `left` and `right`, two for each of `columns` pixel columns where there are more.

    x grows. One point beyond each end is kept, so that lines leave the picture where they should. In a column with
    gaps the numbers are kept; a column of nothing but gaps is a gap.
    """
    first = max(int(np.searchsorted(x, left, side="left")) - 1, 0)
    last = min(int(np.searchsorted(x, right, side="right")) + 1, len(x))
    if last - first <= 2 * columns:
        part = y[first:last]
        return Thinned(x[first:last], part, part)
    edges = np.linspace(left, right, columns + 1)
    cuts = np.searchsorted(x, edges, side="left")
    cuts[0], cuts[-1] = first, last
    starts = cuts[:-1][cuts[1:] > cuts[:-1]]
    held = np.flatnonzero(cuts[1:] > cuts[:-1])
    part = y[:last]
    low, high = np.fmin.reduceat(part, starts), np.fmax.reduceat(part, starts)
    return Thinned((edges[held] + edges[held + 1]) / 2, low, high, (last - first) / len(starts))
