"""Where a row may go: columns that are locked, ranges, directions, levels that are allowed.

Symbols: b rows that are changed, c rows of the data offered to each, d features in unit range.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engines.counterfactual_tables.robust_counterfactuals.space import Array, Space

Constraints = Mapping[str, Mapping[str, Any]]
SLACK = 1e-9


@dataclass(frozen=True, eq=False)
class Room:
    """For rows x (b, d).

    Attributes:
        free: (d,) columns that may change.
        low, high: (b, d) bounds; those of a locked column are its value, those of a category its first and last level.
        levels: Of a category that may not take all its levels: the places that it may take.
    """

    x: Array
    free: Array
    low: Array
    high: Array
    levels: Mapping[int, frozenset[int]]

    @classmethod
    def of(cls, space: Space, x: Array, constraints: Constraints) -> Room:
        """Within the range of the data, and of the row itself, as far as the constraints let it."""
        top = np.array([len(f.levels) - 1.0 if f.levels else 1.0 for f in space.features])
        low, high = np.minimum(0.0, x), np.maximum(top, x)
        free, levels = np.ones(len(space.features), dtype=bool), {}
        for j, feature in enumerate(space.features):
            said = constraints.get(feature.name, {})
            if said.get("lock"):
                free[j] = False
                low[:, j] = high[:, j] = x[:, j]
            elif feature.levels:
                if said.get("allowed"):
                    levels[j] = frozenset(
                        place for place, level in enumerate(feature.levels) if level in said["allowed"])
            else:
                for bound, at, inwards in (("low", low, np.ceil), ("high", high, np.floor)):
                    if said.get(bound) is not None:
                        value = inwards(said[bound]) if feature.whole else float(said[bound])
                        at[:, j] = (value - space.low[j]) / space.span[j]
                if said.get("direction") == "up":
                    low[:, j] = np.maximum(low[:, j], x[:, j])
                elif said.get("direction") == "down":
                    high[:, j] = np.minimum(high[:, j], x[:, j])
        return cls(x, free, low, high, levels)

    @property
    def closed(self) -> Array:
        """(b,) whether a column has no value left that it may take."""
        found: Array = np.any(self.low > self.high + SLACK, axis=1)
        return found

    @property
    def nearest(self) -> Array:
        """(b, d) the rows, moved into their bounds."""
        return np.clip(self.x, self.low, self.high)

    @property
    def settled(self) -> Array:
        """(b,) whether the row's own levels are allowed."""
        found = np.ones(len(self.x), dtype=bool)
        for j, places in self.levels.items():
            found &= np.isin(self.x[:, j], [*places])
        return found

    def rows(self, places: Array) -> Room:
        """The same of some of the rows."""
        return Room(self.x[places], self.free, self.low[places], self.high[places], self.levels)

    def offered(self, i: int, rows: Array) -> tuple[Array, Array]:
        """Rows (c, d) of the data as row i could take them over, locked columns kept, and which of them fit, (c,)."""
        taken = np.where(self.free, rows, self.x[i])
        fits = ((taken >= self.low[i] - SLACK) & (taken <= self.high[i] + SLACK)).all(axis=1)
        for j, places in self.levels.items():
            fits &= np.isin(taken[:, j], [*places])
        return taken, fits
