"""Rows of the data that meet every target, brought nearer to the row that is asked about: where a search may begin.

No step of chance is in it. Values go back to the query's, the smallest changes first, as many as the targets let; what
is left is drawn in along the line to the query, to where the targets are only just met. Both by halving: it is exact
where less change never meets what more change misses, and elsewhere finds one of the borders.
Symbols: n rows, d features.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engines.counterfactual_tables.multi_objective_counterfactuals.problem import Candidates, Problem
from engines.counterfactual_tables.multi_objective_counterfactuals.selection import Weights, scores, select

HALVINGS = 10


def approached(problem: Problem, known: Candidates, count: int) -> Candidates:
    """Everything that was tried from up to `count` rows that meet the targets, unlike one another; may be empty."""
    good = known.at(problem.met(known))
    objectives = problem.objectives(good)
    chosen = select(problem.gower.encode(good.rows), scores(objectives, Weights()), Weights(count=count, diversity=1.0))
    rows, tried = good.rows[chosen.places], [known.at(np.empty(0, dtype=int))]
    base, space = problem.space.start, problem.space

    def met(made: np.ndarray) -> np.ndarray:
        made = np.where(space.whole, np.rint(made), made) + 0.0
        tried.append(problem.evaluated(made))
        return problem.met(tried[-1])

    if not len(rows):
        return tried[0]
    numbers = np.array([not feature.levels for feature in space.features])
    change = np.where(numbers, np.abs(rows - base) / problem.gower.ranges, rows != base)
    rank = change.argsort(axis=1, kind="stable").argsort(axis=1, kind="stable")

    def back(n: np.ndarray) -> np.ndarray:
        return np.where(rank < n[:, None], base, rows)

    least = np.floor(_most(lambda n: met(back(np.floor(n))), len(rows), rows.shape[1], rows.shape[1].bit_length()))
    sparse = back(least)

    def drawn(share: np.ndarray) -> np.ndarray:
        return np.where(numbers, sparse + share[:, None] * (base - sparse), sparse)

    _most(lambda share: met(drawn(share)), len(rows), 1.0, HALVINGS)
    return Candidates.joined(tried).distinct()


def _most(holds: Callable[[np.ndarray], np.ndarray], n: int, top: float, halvings: int) -> np.ndarray:
    """(n,) how far from 0 to `top` each may go so that it holds, given that it does at 0."""
    low, high = np.zeros(n), np.full(n, float(top))
    for _ in range(halvings):
        middle = (low + high) / 2
        good = holds(middle)
        low, high = np.where(good, middle, low), np.where(good, high, middle)
    return low
