"""Rows in unit range: numbers from 0 to 1 over the rows that are trained on, categories as the place of their level.

Symbols: n rows, d features. A change of level counts as far as a number going through its whole range.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from engines.abilities import Feature

Array = np.ndarray


@dataclass(frozen=True, eq=False)
class Space:
    """Fitted on the rows that are trained on.

    Attributes:
        low, span: (d,) of the numbers; 0 and 1 for categories.
    """

    features: tuple[Feature, ...]
    low: Array
    span: Array

    @classmethod
    def fitted(cls, features: Sequence[Feature], rows: Array) -> Space:
        """From rows (n, d) in raw units."""
        numbers = np.array([not f.levels for f in features])
        low, span = rows.min(axis=0), np.ptp(rows, axis=0)
        return cls(tuple(features), np.where(numbers, low, 0.0), np.where(numbers & (span > 0), span, 1.0))

    @property
    def numbers(self) -> Array:
        """(d,) where a number stands."""
        return np.array([not f.levels for f in self.features])

    @property
    def whole(self) -> Array:
        """(d,) where only whole numbers occur."""
        return np.array([f.whole and not f.levels for f in self.features])

    def sampled(self, shake: str) -> Array:
        """(d,) the columns that are sampled around a row: all numbers, or "continuous only"."""
        found: Array = self.numbers & ~self.whole if shake == "continuous only" else self.numbers
        return found

    def inside(self, raw: Array) -> Array:
        """(n, d) raw units to unit range."""
        return (raw - self.low) / self.span

    def raw(self, scaled: Array) -> Array:
        """The inverse of `inside`; whole numbers come out whole where they are."""
        found: Array = self.low + self.span * scaled
        whole = self.whole
        near = np.abs(found - np.rint(found)) < 1e-6
        found[:, whole] = np.where(near, np.rint(found), found)[:, whole]
        return found

    def landed(self, scaled: Array) -> Array:
        """Whole numbers rounded."""
        found = scaled.copy()
        whole = self.whole
        found[:, whole] = (np.rint(self.low + self.span * scaled)[:, whole] - self.low[whole]) / self.span[whole]
        return found

    def landed_through(self, scaled: Tensor) -> Tensor:
        """As `landed`, with the gradient of a row that was not rounded."""
        rounded = torch.from_numpy(self.landed(scaled.detach().double().numpy())).to(scaled.dtype)
        return scaled + (rounded - scaled).detach()

    def gaps(self, one: Array, other: Array) -> Array:
        """How far apart in each column, (…, d): numbers in unit range, 0 or 1 for categories."""
        apart: Array = np.abs(one - other)
        return np.where(self.numbers, apart, (apart > 0).astype(float))

    def cost(self, one: Array, other: Array, norm: str) -> Array:
        """Distance (…,) of rows that are paired by broadcasting."""
        gaps = self.gaps(one, other)
        found: Array = gaps.sum(axis=-1) if norm == "L1" else np.sqrt((gaps**2).sum(axis=-1))
        return found
