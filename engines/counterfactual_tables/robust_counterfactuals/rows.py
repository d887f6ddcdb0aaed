"""T-Rex:NN and its baselines: rows of the data that the model gives the wanted class, by their distance.

Symbols: n rows of the pool, b rows asked about, d features in unit range.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engines.counterfactual_tables.robust_counterfactuals.explained import Explained
from engines.counterfactual_tables.robust_counterfactuals.parameters import Parameters
from engines.counterfactual_tables.robust_counterfactuals.room import Room
from engines.counterfactual_tables.robust_counterfactuals.space import Array
from engines.counterfactual_tables.robust_counterfactuals.stability import noise, stability

AT_A_TIME = 8
"""Rows whose stability is computed at once while the first stable one is looked for."""


@dataclass(frozen=True, eq=False)
class Pool:
    """Rows that are trained on and that the model gives the wanted class.

    Attributes:
        rows: (n, d). ids: (n,) their row ids.
        typical: (n,) whether each lies inside the data by the local outlier factor among 20 neighbours.
        known: (n,) R-hat, where sigma, k, seed and the sampled columns are those of `asked`.
        asked: What `known` was computed with.
    """

    rows: Array
    ids: Array
    typical: Array
    known: Array
    asked: tuple[float, int, int, tuple[bool, ...]]

    def stabilities(self, parameters: Parameters, shaken: Array, seed: int) -> Array | None:
        """(n,) R-hat of all rows, where it is known for these settings."""
        return self.known if asked(parameters, shaken, seed) == self.asked else None


def asked(parameters: Parameters, shaken: Array, seed: int) -> tuple[float, int, int, tuple[bool, ...]]:
    """What R-hat of a row depends on besides the row."""
    return parameters.sigma, parameters.k, seed, tuple(bool(one) for one in shaken)


@dataclass(frozen=True, eq=False)
class Picked:
    """Rows taken over, (b, d), NaN where none fits; their row ids (0: none), and R-hat of those passed on the way."""

    points: Array
    ids: Array
    passed: tuple[Array, ...]


def nearest(explained: Explained, pool: Pool, room: Room, parameters: Parameters, typical: bool = False) -> Picked:
    """The nearest row; with `typical`, among those that lie inside the data."""
    points, ids = np.full_like(room.x, np.nan), np.zeros(len(room.x), dtype=np.int64)
    for i in range(len(room.x)):
        first = next(_ordered(explained, pool, room, i, parameters, typical), None)
        if first is not None:
            _, points[i], ids[i] = first
    return Picked(points, ids, tuple(np.empty(0) for _ in ids))


def nearest_stable(
    explained: Explained, pool: Pool, room: Room, shaken: Array, parameters: Parameters, seed: int
) -> Picked:
    """T-Rex:NN: the nearest row whose R-hat is above tau; the nearest one where none is."""
    points, ids = np.full_like(room.x, np.nan), np.zeros(len(room.x), dtype=np.int64)
    known = pool.stabilities(parameters, shaken, seed) if room.free.all() else None
    z = noise(parameters.k, room.x.shape[1], seed)
    passed = []
    for i in range(len(room.x)):
        seen: list[float] = []
        for places, rows, candidates in _chunks(_ordered(explained, pool, room, i, parameters, False)):
            told = known[places] if known is not None else stability(explained, rows, parameters.sigma, z, shaken)
            if not seen:
                points[i], ids[i] = rows[0], candidates[0]
            stable = np.flatnonzero(told > parameters.tau)
            if len(stable):
                first = int(stable[0])
                points[i], ids[i] = rows[first], candidates[first]
                seen += told[: first + 1].tolist()
                break
            seen += told.tolist()
        passed.append(np.array(seen))
    return Picked(points, ids, tuple(passed))


def _ordered(
    explained: Explained, pool: Pool, room: Room, i: int, parameters: Parameters, typical: bool
) -> Iterator[tuple[int, Array, int]]:
    """Place, row (d,) and id of what row i may take over, nearest first; with locked columns it must stay accepted."""
    taken, fits = room.offered(i, pool.rows)
    if typical:
        fits &= pool.typical
    if not room.free.all() and fits.any():
        fits[fits] = explained.accepted(taken[fits])
    places = np.flatnonzero(fits)
    far = explained.space.cost(room.x[i], taken[places], parameters.norm)
    for place in places[np.argsort(far, kind="stable")]:
        yield int(place), taken[place], int(pool.ids[place])


def _chunks(ordered: Iterator[tuple[int, Array, int]]) -> Iterator[tuple[Array, Array, Array]]:
    """The same some at a time."""
    while part := [one for _, one in zip(range(AT_A_TIME), ordered, strict=False)]:
        places, rows, ids = zip(*part, strict=True)
        yield np.array(places), np.array(rows), np.array(ids)
