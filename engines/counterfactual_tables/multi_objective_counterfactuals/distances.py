"""How far rows are from one another: Gower's distance over mixed columns, the share of changed ones, realism.

Symbols: n and b rows, d features, p encoded columns, r reference rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.spatial.distance import cdist

from engines.abilities import Feature

NEAREST = 3
"""Rows of the data that realism is measured to."""


@dataclass(frozen=True, eq=False)
class Gower:
    """g(a, b) = (sum over numbers of |a_j - b_j| / r_j + number of categories that differ) / d.

    Rows are encoded so that g is the city-block distance of the codes: numbers by their range r_j, a category as one
    column a level, half each, so that two levels lie 1 apart; all divided by d.

    Attributes:
        features: The columns of a row, in order.
        ranges: (d,) highest minus lowest value in the data; 1 for categories and for numbers that never vary.
    """

    features: tuple[Feature, ...]
    ranges: np.ndarray

    @staticmethod
    def of(features: Sequence[Feature], rows: np.ndarray) -> Gower:
        """With the ranges of rows (n, d)."""
        ranges = np.ptp(rows, axis=0)
        numbers = np.array([not feature.levels for feature in features])
        return Gower(tuple(features), np.where(numbers & (ranges > 0), ranges, 1.0))

    def encode(self, rows: np.ndarray) -> np.ndarray:
        """(n, d) -> (n, p)."""
        d = len(self.features)
        parts = [
            (rows[:, j, None] == np.arange(len(f.levels))) / (2.0 * d) if f.levels
            else rows[:, j, None] / (self.ranges[j] * d)
            for j, f in enumerate(self.features)
        ]
        return np.concatenate(parts, axis=1)

    def to(self, rows: np.ndarray, query: np.ndarray) -> np.ndarray:
        """(n,) distance of rows (n, d) to one (d,)."""
        return gaps(self.encode(rows), self.encode(query[None]))[:, 0]


def gaps(codes: np.ndarray, others: np.ndarray) -> np.ndarray:
    """(n, b) distances between encoded rows (n, p) and (b, p)."""
    found: np.ndarray = cdist(codes, others, "cityblock")
    return found


def changed(rows: np.ndarray, query: np.ndarray) -> np.ndarray:
    """(n,) share of the features whose value is not exactly the query's."""
    share: np.ndarray = (rows != query).mean(axis=1)
    return share


def realism(codes: np.ndarray, references: np.ndarray, itself: bool = False) -> np.ndarray:
    """(n,) mean distance to the nearest reference rows (r, p); `itself`: each row is among them, and left out."""
    distances = gaps(codes, references)
    count = min(NEAREST, len(references) - itself)
    if count < 1:
        return np.zeros(len(codes))
    nearest = np.partition(distances, count - 1 + itself, axis=1)[:, : count + itself]
    if itself:
        nearest = np.sort(nearest, axis=1)[:, 1:]
    mean: np.ndarray = nearest.mean(axis=1)
    return mean
