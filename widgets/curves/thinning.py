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


@dataclass(frozen=True, eq=False)
class Columns:
    """Which points of a line fall into which pixel column: points from `first` to before `last`, each column from one
    of `starts` on. Without `starts` there are so few that each is drawn. Lines over the same x share it.
    """

    first: int
    last: int
    starts: NDArray[np.intp] | None = None
    centres: Array | None = None


def columns_of(x: Array, left: float, right: float, count: int) -> Columns:
    """The points between `left` and `right` in `count` columns; one point beyond each end is kept, so that lines leave
    the picture where they should. x grows.
    """
    first = max(int(np.searchsorted(x, left, side="left")) - 1, 0)
    last = min(int(np.searchsorted(x, right, side="right")) + 1, len(x))
    if last - first <= 2 * count:
        return Columns(first, last)
    edges = np.linspace(left, right, count + 1)
    cuts = first + np.searchsorted(x[first:last], edges, side="left")
    cuts[0], cuts[-1] = first, last
    held = np.flatnonzero(cuts[1:] > cuts[:-1])
    return Columns(first, last, cuts[held], (edges[held] + edges[held + 1]) / 2)


class Division:
    """The columns of one view; of lines over the same steps, as most runs of a method are, they are found once."""

    def __init__(self, left: float, right: float, count: int) -> None:
        self._view = left, right, count
        self._x: Array = np.empty(0)
        self._columns: Columns | None = None

    def of(self, x: Array) -> Columns:
        """As `columns_of`."""
        if self._columns is None or not (x is self._x or np.array_equal(x, self._x)):
            self._x, self._columns = x, columns_of(x, *self._view)
        return self._columns


def thinned(x: Array, low: Array, high: Array, columns: Columns, points: int = 1) -> Thinned:
    """Two points for each column where there are more. Numbers beside gaps are kept; a column of gaps is a gap.

    x, low, high: (n,); low is high where these are points, else the ends of `blocks` of so many points.
    """
    first, last = columns.first, columns.last
    if columns.starts is None or columns.centres is None:
        least = low[first:last]
        return Thinned(x[first:last], least, least if high is low else high[first:last])
    least = np.minimum.reduceat(low[:last], columns.starts)
    most = np.maximum.reduceat(high[:last], columns.starts)
    if not (np.isfinite(least).all() and np.isfinite(most).all()):
        least = np.fmin.reduceat(_numbers(low[:last]), columns.starts)
        most = np.fmax.reduceat(_numbers(high[:last]), columns.starts)
    return Thinned(columns.centres, least, most, points * (last - first) / len(columns.starts))


def thin(x: Array, y: Array, left: float, right: float, columns: int) -> Thinned:
    """The points of (x, y) between `left` and `right`, at most two for each of `columns` pixel columns."""
    return thinned(x, y, y, columns_of(x, left, right, columns))


BLOCK = 8


def blocks(x: Array, y: Array) -> tuple[Array, Array, Array]:
    """First x, least and greatest y of each `BLOCK` points, (ceil(n / BLOCK),) each.

    Prepared once, they are as good as the points while the view moves: columns made of them hold every extreme, at
    most a block away from its pixel column.
    """
    starts = np.arange(0, len(x), BLOCK)
    y = _numbers(y)
    return x[starts], np.fmin.reduceat(y, starts), np.fmax.reduceat(y, starts)


def _numbers(y: Array) -> Array:
    good = np.isfinite(y)
    return y if good.all() else np.where(good, y, np.nan)
