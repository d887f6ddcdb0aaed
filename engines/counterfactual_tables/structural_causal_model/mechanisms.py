"""One variable: how it comes from its causes and from its own noise.

A number is f(causes) + noise: the noise is found exactly. A category is the level whose log-probability plus Gumbel
noise is greatest, or, of ordered levels, the level at one uniform number: both are known only as a distribution.

Symbols: n rows, d variables in the graph's order, k levels of a category.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engines.abilities import Feature
from engines.predictors.stored import Stored

Array = np.ndarray
RARE = 1e-9


@dataclass(frozen=True, eq=False)
class Mechanism:
    """A variable with its place, the places of its causes, and what predicts it from them; a root has none."""

    variable: Feature
    place: int
    causes: tuple[int, ...]
    predictor: Stored | None

    @property
    def exact(self) -> bool:
        """Whether the noise of a row can be found exactly: nothing comes before a root, and f is added to a number."""
        return self.predictor is None or not self.variable.levels

    def expected(self, rows: Array) -> Array:
        """f of the rows (n, d): (n,) for a number, (n, k) probabilities for a category. Only with causes."""
        assert self.predictor is not None
        return self.predictor.predict(rows[:, list(self.causes)])[self.variable.name]

    def noise(self, rows: Array) -> Array:
        """(n,) a number's own part of the rows (n, d)."""
        return rows[:, self.place] - self.expected(rows)


def gumbel(before: Array, after: Array, level: Array, generator: np.random.Generator) -> Array:
    """Levels (n,) under probabilities `after` (n, k), with Gumbel noise drawn given that `before` led to `level`.

    The greatest of log p + g is a Gumbel number of its own, the others are cut off below it.
    """
    at = np.arange(len(level))
    scores = np.log(np.maximum(before, RARE))
    top = generator.gumbel(size=len(level)) + np.logaddexp.reduce(scores, axis=1)
    free = generator.gumbel(size=before.shape) + scores
    below = -np.logaddexp(-free, -top[:, None])
    below[at, level] = top
    found: Array = (np.log(np.maximum(after, RARE)) + below - scores).argmax(axis=1)
    return found


def ordered(before: Array, after: Array, level: Array, generator: np.random.Generator) -> Array:
    """As `gumbel`, for levels in their order: one uniform number within the observed level's share is kept."""
    at, shares = np.arange(len(level)), np.cumsum(before, axis=1)
    low = shares[at, level] - before[at, level]
    kept = low + generator.random(len(level)) * before[at, level]
    found: Array = np.minimum((kept[:, None] > np.cumsum(after, axis=1)).sum(axis=1), before.shape[1] - 1)
    return np.where((before == after).all(axis=1), level, found)
