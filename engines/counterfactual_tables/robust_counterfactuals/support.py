"""Whether a row lies where there are data: the local outlier factor (Breunig, Kriegel, Ng, Sander 2000).

Symbols: n rows that are trained on, q rows asked about, d features in unit range, j neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engines.counterfactual_tables.robust_counterfactuals.space import Array, Space

INSIDE = 1.5
"""The largest factor of a row that counts as inside the data, as in scikit-learn."""

CELLS = 1 << 24


def neighbours(space: Space, one: Array, other: Array, j: int, own: bool = False) -> tuple[Array, Array]:
    """Distances (q, j) to the j nearest of `other` (n, d) and their places; with `own`, a row is not its own."""
    apart, place = np.empty((len(one), j)), np.empty((len(one), j), dtype=np.int64)
    step = max(1, CELLS // max(1, other.size))
    for start in range(0, len(one), step):
        far = space.cost(one[start : start + step, None], other, "L2")
        if own:
            far[np.arange(len(far)), start + np.arange(len(far))] = np.inf
        order = np.argsort(far, axis=1, kind="stable")[:, :j]
        place[start : start + step] = order
        apart[start : start + step] = np.take_along_axis(far, order, axis=1)
    return apart, place


@dataclass(frozen=True, eq=False)
class Outliers:
    """The local outlier factor over rows (n, d).

    Attributes:
        reach: (n,) distance of each row to its j-th neighbour.
        density: (n,) local reachability density.
        own: (n,) the factor of each row among the others.
    """

    space: Space
    rows: Array
    j: int
    reach: Array
    density: Array
    own: Array

    @classmethod
    def fitted(cls, space: Space, rows: Array, j: int) -> Outliers:
        """From the rows that are trained on; j is at most their number less one."""
        j = min(j, len(rows) - 1)
        apart, place = neighbours(space, rows, rows, j, own=True)
        reach = apart[:, -1]
        density = _density(apart, reach[place])
        return cls(space, rows, j, reach, density, density[place].mean(axis=1) / density)

    def factor(self, asked: Array) -> Array:
        """(q,) about 1 inside the data, larger outside."""
        apart, place = neighbours(self.space, asked, self.rows, self.j)
        found: Array = self.density[place].mean(axis=1) / _density(apart, self.reach[place])
        return found

    def inside(self, asked: Array) -> Array:
        """(q,) whether each lies inside the data."""
        found: Array = self.factor(asked) <= INSIDE
        return found


def _density(apart: Array, reach: Array) -> Array:
    """1 / mean reachability distance; apart and reach (q, j)."""
    found: Array = 1.0 / (np.maximum(apart, reach).mean(axis=1) + 1e-10)
    return found
