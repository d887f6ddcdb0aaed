"""What a graph with open ends still tells of effects: one number for each graph that the data cannot tell apart.

Symbols: d variables; M (d, d) with M[i, j] the mark at j; C (d, d) covariance, raw units.
Source: Maathuis, Kalisch, Buehlmann, Annals of Statistics 2009 (IDA, its local version), for linear models in which
nothing hidden causes two variables.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, combinations

import numpy as np

from engines.discovery.classic_search.searching import ARROW, NONE, TAIL, Array, Marks

MOST_OPEN = 10          # open edges at the cause; with more of them not all graphs are gone through


def possible_effects(M: Marks, C: Array, x: int) -> Array:
    """Total effects of x on each variable, one row for each set of parents that x may have. Returns (k, d)."""
    return np.array([_effects(C, x, parents) for parents in _parent_sets(M, x)])


def _parent_sets(M: Marks, x: int) -> Iterator[tuple[int, ...]]:
    """Its parents with each choice of open neighbours that makes no new collider at x."""
    known = tuple(int(i) for i in np.nonzero((M[x] == TAIL) & (M[:, x] == ARROW))[0])
    still_open = [int(i) for i in np.nonzero((M[x] == TAIL) & (M[:, x] == TAIL))[0]][:MOST_OPEN]
    for chosen in chain.from_iterable(combinations(still_open, size) for size in range(len(still_open) + 1)):
        parents = (*known, *chosen)
        if all(M[i, j] != NONE for i in chosen for j in parents if i != j):
            yield parents


def _effects(C: Array, x: int, parents: tuple[int, ...]) -> Array:
    """Coefficient of x in the regression of each variable on x and its parents; none on the parents."""
    given = [x, *parents]
    effects = np.linalg.lstsq(C[np.ix_(given, given)], C[given], rcond=None)[0][0]
    effects[list(given)] = 0.0
    return effects
