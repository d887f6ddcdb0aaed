"""Where a counterfactual may lie: bounds, options, and what stays as it is. And how new candidates are made there.

Symbols: n candidates, d features.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engines.abilities import Feature
from engines.counterfactual_tables.multi_objective_counterfactuals.wishes import Limit
from engines.refusals import Refusal

CROSSED, CROSSED_EACH, CROSSOVER = 0.9, 0.5, 15.0
"""Simulated binary crossover: share of the pairs, of their columns, and how near children stay to their parents."""

MUTATION = 20.0
"""Polynomial mutation: how near a mutant stays."""

REVERT = (0.2, 0.5)
"""Beta distribution of the share of entries that go back to the query."""


@dataclass(frozen=True, eq=False)
class Space:
    """The candidates that may be.

    Attributes:
        query: (d,) the row that is asked about.
        low, high: (d,) bounds of numbers.
        options: By feature: the places of the levels that may be taken; None for a number.
        whole: (d,) only whole numbers occur.
        free: (d,) may be changed at all; else it is the query's.
    """

    features: tuple[Feature, ...]
    query: np.ndarray
    low: np.ndarray
    high: np.ndarray
    options: tuple[np.ndarray | None, ...]
    whole: np.ndarray
    free: np.ndarray

    @staticmethod
    def of(
        features: Sequence[Feature], query: np.ndarray, span: tuple[np.ndarray, np.ndarray], limits: Mapping[str, Limit]
    ) -> Space:
        """The range of the data (two (d,)), narrowed or widened by limits.

        Raises:
            Refusal: when a limit leaves nothing.
        """
        low, high = span[0].copy(), span[1].copy()
        options: list[np.ndarray | None] = []
        free = np.ones(len(features), dtype=bool)
        for j, feature in enumerate(features):
            limit = limits.get(feature.name, Limit())
            free[j] = not limit.lock
            allowed = limit.allowed or feature.levels
            places = np.array([k for k, level in enumerate(feature.levels) if level in allowed], dtype=np.float64)
            options.append(places if feature.levels else None)
            if feature.levels:
                continue
            low[j] = low[j] if limit.low is None else limit.low
            high[j] = high[j] if limit.high is None else limit.high
            if limit.direction == "up":
                low[j] = max(low[j], query[j])
                high[j] = high[j] if limit.high is not None else max(high[j], low[j])
            elif limit.direction == "down":
                high[j] = min(high[j], query[j])
                low[j] = low[j] if limit.low is not None else min(low[j], high[j])
            if feature.whole:
                low[j], high[j] = np.ceil(low[j]), np.floor(high[j])
            if free[j] and low[j] > high[j]:
                raise Refusal(
                    f"The limits of {feature.name} leave no value: it is {query[j]:g} in this row.",
                    "Widen its range, or let it go both ways.", about=(feature.name,),
                )
        return Space(
            tuple(features), query, low, high, tuple(options), np.array([f.whole for f in features]), free
        )

    @property
    def revertible(self) -> np.ndarray:
        """(d,) columns whose query value is allowed, so that candidates may go back to it."""
        return self.free & self._inside(self.query[None])[0]

    def _inside(self, rows: np.ndarray) -> np.ndarray:
        """(n, d) whether each value is within bounds and options."""
        inside: np.ndarray = (rows >= self.low) & (rows <= self.high)
        for j, options in enumerate(self.options):
            if options is not None:
                inside[:, j] = np.isin(rows[:, j], options)
        return inside

    def broken(self, rows: np.ndarray) -> np.ndarray:
        """(n, d) which columns of rows (n, d) leave the space: out of bounds or options, or changed while locked."""
        found: np.ndarray = np.where(self.free, ~self._inside(rows), rows != self.query)
        return found

    def valid(self, rows: np.ndarray) -> np.ndarray:
        """(n,) rows that do not leave the space."""
        return np.asarray(self.broken(rows).sum(axis=1) == 0)

    @property
    def start(self) -> np.ndarray:
        """(d,) the query, each value moved into the space where it lies outside."""
        row = np.where(self.free, np.clip(self.query, self.low, self.high), self.query)
        for j, options in enumerate(self.options):
            if options is not None:
                row[j] = self.query[j] if not self.free[j] or self.query[j] in options else options[0]
        return row

    def drawn(self, count: int, generator: np.random.Generator) -> np.ndarray:
        """(count, d) at random, even over the space."""
        rows = np.tile(self.query, (count, 1))
        for j in np.flatnonzero(self.free):
            options = self.options[j]
            if options is not None:
                rows[:, j] = generator.choice(options, count)
            elif self.whole[j]:
                rows[:, j] = generator.integers(int(self.low[j]), int(self.high[j]) + 1, count)
            else:
                rows[:, j] = generator.uniform(self.low[j], self.high[j], count)
        return rows


def offspring(space: Space, one: np.ndarray, other: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """(2 n, d): crossed and mutated children of parents (n, d) and (n, d), before the repair."""
    numbers = space.free & np.array([options is None for options in space.options])
    choices = space.free & ~numbers
    first, second = one.copy(), other.copy()
    if numbers.any():
        first[:, numbers], second[:, numbers] = _crossed(
            one[:, numbers], other[:, numbers], space.low[numbers], space.high[numbers], generator)
    if choices.any():
        swap = generator.random((len(one), int(choices.sum()))) < 0.5
        first[:, choices] = np.where(swap, other[:, choices], one[:, choices])
        second[:, choices] = np.where(swap, one[:, choices], other[:, choices])
    children = np.concatenate([first, second])
    chance = min(0.5, 1.0 / max(1, int(space.free.sum())))
    if numbers.any():
        children[:, numbers] = _mutated(
            children[:, numbers], space.low[numbers], space.high[numbers], chance, generator)
    for j in np.flatnonzero(choices):
        hit = generator.random(len(children)) < chance
        options = space.options[j]
        assert options is not None
        drawn = generator.choice(options, len(children))
        if len(options) == 2:               # a coin is turned, not thrown again
            drawn = np.where(children[:, j] == options[0], options[1], options[0])
        children[hit, j] = drawn[hit]
    for j in np.flatnonzero(numbers & space.whole):
        children[:, j] = np.rint(children[:, j])
    return children


def reverted(space: Space, rows: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Rows (n, d) with some entries back at the query's value: one share for the batch, a coin for each entry.

    No step of a continuous column ever lands on the query's value by itself; without this nothing is left unchanged.
    """
    share = generator.beta(*REVERT)
    back = (generator.random(rows.shape) < share) & space.revertible
    return np.where(back, space.query, rows)


def _crossed(
    one: np.ndarray, other: np.ndarray, low: np.ndarray, high: np.ndarray, generator: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Simulated binary crossover within bounds."""
    n, d = one.shape
    smaller, larger = np.minimum(one, other), np.maximum(one, other)
    gap = larger - smaller
    crossing = (generator.random((n, d)) < CROSSED_EACH) & (generator.random((n, 1)) < CROSSED) & (gap > 1e-14)
    safe = np.where(gap > 1e-14, gap, 1.0)
    u = generator.random((n, d))

    def spread(room: np.ndarray) -> np.ndarray:
        alpha = 2.0 - (1.0 + 2.0 * np.maximum(room, 0.0) / safe) ** -(CROSSOVER + 1.0)
        inner = (u * alpha) ** (1.0 / (CROSSOVER + 1.0))
        outer = (1.0 / np.maximum(2.0 - u * alpha, 1e-300)) ** (1.0 / (CROSSOVER + 1.0))
        found: np.ndarray = np.where(u <= 1.0 / alpha, inner, outer)
        return found

    middle = smaller + larger
    down = np.clip(0.5 * (middle - spread(smaller - low) * gap), low, high)
    up = np.clip(0.5 * (middle + spread(high - larger) * gap), low, high)
    turned = generator.random((n, d)) < 0.5
    first, second = np.where(turned, up, down), np.where(turned, down, up)
    return np.where(crossing, first, one), np.where(crossing, second, other)


def _mutated(
    rows: np.ndarray, low: np.ndarray, high: np.ndarray, chance: float, generator: np.random.Generator
) -> np.ndarray:
    """Polynomial mutation within bounds."""
    span = np.where(high > low, high - low, 1.0)
    rows = np.clip(rows, low, high)
    hit = generator.random(rows.shape) < chance
    u = generator.random(rows.shape)
    power = 1.0 / (MUTATION + 1.0)
    below, above = (rows - low) / span, (high - rows) / span
    left = (2.0 * u + (1.0 - 2.0 * u) * (1.0 - below) ** (MUTATION + 1.0)) ** power - 1.0
    right = 1.0 - (2.0 * (1.0 - u) + 2.0 * (u - 0.5) * (1.0 - above) ** (MUTATION + 1.0)) ** power
    step = np.where(u < 0.5, left, right)
    return np.clip(np.where(hit, rows + step * span, rows), low, high)
