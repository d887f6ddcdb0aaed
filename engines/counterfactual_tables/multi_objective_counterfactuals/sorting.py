"""Which candidates are better: non-dominated fronts, crowding, and the volume that a front dominates.

Everything is minimised. Symbols: n candidates, m objectives.
"""

from __future__ import annotations

import numpy as np


def fronts(F: np.ndarray, enough: int | None = None) -> list[np.ndarray]:
    """Places in F (n, m), front after front, until at least `enough` (None: all) are in one; each in the order of F."""
    order = np.lexsort(F.T[::-1])           # a point can only be dominated by one that stands before it
    found: list[np.ndarray] = []
    waiting, ranked = order, 0
    while len(waiting) and (enough is None or ranked < enough):
        left, kept, beaten = waiting, [], []
        while len(left):
            first, rest = left[0], left[1:]
            kept.append(first)
            lost = np.asarray((F[rest] >= F[first]).all(1) & (F[rest] != F[first]).any(1))
            beaten.append(rest[lost])
            left = rest[~lost]
        found.append(np.sort(np.array(kept)))
        ranked += len(kept)
        others = np.concatenate(beaten)
        waiting = others[np.lexsort(F[others].T[::-1])]
    return found


def dominated(F: np.ndarray, by: np.ndarray) -> np.ndarray:
    """(n,) whether a row of F (n, m) is dominated by any of `by` (b, m)."""
    beaten: np.ndarray = np.all(by[None] <= F[:, None], axis=2) & np.any(by[None] != F[:, None], axis=2)
    return np.asarray(beaten.sum(axis=1) > 0)


def crowding(F: np.ndarray) -> np.ndarray:
    """(n,) of one front: the spans of its neighbours in each objective, scaled and summed; infinite at the ends."""
    n, m = F.shape
    if n <= 2:
        return np.full(n, np.inf)
    found = np.zeros(n)
    for k in range(m):
        order = np.argsort(F[:, k], kind="stable")
        values = F[order, k]
        span = values[-1] - values[0]
        found[order[0]] = found[order[-1]] = np.inf
        if span > 0:
            found[order[1:-1]] += (values[2:] - values[:-2]) / span
    return found


def survivors(F: np.ndarray, violation: np.ndarray, size: int) -> np.ndarray:
    """Places of the `size` best, best first: feasible ones by front and crowding, then the others by violation (n,)."""
    feasible = np.flatnonzero(violation <= 0)
    kept: list[np.ndarray] = []
    for front in fronts(F[feasible], size):
        spread = crowding(F[feasible[front]])
        kept.append(feasible[front[np.argsort(-spread, kind="stable")]])
    others = np.flatnonzero(violation > 0)
    kept.append(others[np.argsort(violation[others], kind="stable")])
    return np.concatenate(kept)[:size]


def hypervolume(F: np.ndarray, reference: np.ndarray) -> float:
    """Volume between F (n, 3) and the reference (3,) that some row dominates.

    Sliced at the values of the second objective: the share of changed features takes only a few.
    """
    inside = F[(reference > F).all(axis=1)]
    if not len(inside):
        return 0.0
    inside = inside[np.argsort(inside[:, 0], kind="stable")]
    levels = np.unique(inside[:, 1])
    heights = np.diff(np.append(levels, reference[1]))
    total = 0.0
    for level, height in zip(levels, heights, strict=True):
        flat = inside[inside[:, 1] <= level]
        best = np.minimum.accumulate(flat[:, 2])
        widths = np.diff(np.append(flat[:, 0], reference[0]))
        total += float(height) * float((widths * (reference[2] - best)).sum())
    return total


class Front:
    """The non-dominated candidates of all that were told, in three objectives."""

    def __init__(self) -> None:
        self.points = np.empty((0, 3))

    def add(self, F: np.ndarray) -> None:
        """Further candidates (n, 3)."""
        if not len(F):
            return
        F = np.unique(F, axis=0)
        F = F[fronts(F, 1)[0]]
        if len(self.points):
            F = F[~dominated(F, self.points)]
            self.points = self.points[~dominated(self.points, F)] if len(F) else self.points
        self.points = np.unique(np.concatenate([self.points, F]), axis=0)
