"""All searches for rows that are asked about, and what is measured of what they find.

Symbols: b rows, d features in unit range, q retrained models.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np

from engines.abilities import Predictor
from engines.counterfactual_tables.robust_counterfactuals.climb import Watch, climb
from engines.counterfactual_tables.robust_counterfactuals.closest import Steps, along_lines, closest
from engines.counterfactual_tables.robust_counterfactuals.explained import Explained
from engines.counterfactual_tables.robust_counterfactuals.parameters import Parameters
from engines.counterfactual_tables.robust_counterfactuals.room import Constraints, Room
from engines.counterfactual_tables.robust_counterfactuals.rows import Pool, nearest, nearest_stable
from engines.counterfactual_tables.robust_counterfactuals.space import Array
from engines.counterfactual_tables.robust_counterfactuals.stability import noise, stability
from engines.counterfactual_tables.robust_counterfactuals.support import Outliers

CLOSEST, CLIMB = "nearest counterfactual", "T-Rex:I"
ROW, TYPICAL, STABLE_ROW = "nearest row", "nearest typical row", "T-Rex:NN"


@dataclass(frozen=True, eq=False)
class World:
    """What the searches search in: the class, the rows of the data, and the bank.

    Attributes:
        bank: The class as each retrained model sees it.
        seed: Of the noise that stability is measured with; climbs draw other noise.
    """

    explained: Explained
    pool: Pool
    outliers: Outliers
    bank: Sequence[Explained]
    seed: int


@dataclass(frozen=True, eq=False)
class Found:
    """What one search found for b rows; NaN where nothing.

    Attributes:
        points: (b, d) in unit range.
        ids: (b,) row ids of rows that were taken over; 0 for others.
        chance, stability: (b,) m and R-hat, measured with noise that no search has seen.
        reached: (b,) whether R-hat is tau or more.
        l1, l2: (b,) cost in unit range. changed: (b,) columns that differ.
        inside: (b,) whether it lies inside the data by the local outlier factor.
        retrained: (b, q) probability of the wanted class by each retrained model; holds: (b, q) whether it wins there.
        path: For each row R-hat on the way, by step or by row passed.
    """

    search: str
    points: Array
    ids: Array
    chance: Array
    stability: Array
    reached: Array
    l1: Array
    l2: Array
    changed: Array
    inside: Array
    retrained: Array
    holds: Array
    path: tuple[Array, ...]

    @property
    def there(self) -> Array:
        """(b,) where something was found."""
        found: Array = np.isfinite(self.points).all(axis=1)
        return found

    def cost(self, norm: str) -> Array:
        """(b,) by the norm."""
        return self.l1 if norm == "L1" else self.l2

    @property
    def validity(self) -> float:
        """Share of the retrained models that say the wanted class, mean over the rows; what was not found counts 0."""
        return float(np.where(self.there[:, None], self.holds, False).mean())


def search(
    world: World, x: Array, parameters: Parameters, constraints: Constraints, seed: int, steps: Steps,
    watch: Watch | None = None,
) -> dict[str, Found]:
    """Everything for rows x (b, d) in unit range, by search; T-Rex:I only where the model has gradients."""
    explained = world.explained
    room = Room.of(explained.space, x, constraints)
    shaken = explained.space.sampled(parameters.shake) & room.free
    none = np.zeros(len(x), dtype=np.int64)
    base = base_search(world, room, parameters, steps)
    found = {CLOSEST: _measured(world, CLOSEST, x, base, none, parameters, shaken, ())}
    if explained.predictor.differentiable:
        climbed = climb(explained, base, room, shaken, parameters, seed, steps, watch)
        path = tuple(column[np.isfinite(column)] for column in climbed.path.T)
        found[CLIMB] = _measured(world, CLIMB, x, climbed.points, none, parameters, shaken, path)
    return found | search_rows(world, x, parameters, constraints)


def search_rows(world: World, x: Array, parameters: Parameters, constraints: Constraints) -> dict[str, Found]:
    """What the rows of the data offer, which takes no time where stability is known."""
    explained, pool = world.explained, world.pool
    room = Room.of(explained.space, x, constraints)
    shaken = explained.space.sampled(parameters.shake) & room.free
    picked = {
        ROW: nearest(explained, pool, room, parameters),
        TYPICAL: nearest(explained, pool, room, parameters, typical=True),
        STABLE_ROW: nearest_stable(explained, pool, room, shaken, parameters, world.seed),
    }
    return {
        name: _measured(world, name, x, one.points, one.ids, parameters, shaken, one.passed)
        for name, one in picked.items()
    }


def base_search(world: World, room: Room, parameters: Parameters, steps: Steps) -> Array:
    """(b, d) the nearest counterfactuals: by gradients where there are any, along lines to rows where those fail."""
    explained = world.explained
    found = np.full_like(room.x, np.nan)
    if explained.predictor.differentiable:
        open_ = np.flatnonzero(~room.closed & room.settled)
        found[open_] = closest(explained, room.rows(open_), parameters, steps)
    missing = np.flatnonzero(~np.isfinite(found).all(axis=1) & ~room.closed)
    if len(missing):
        found[missing] = along_lines(explained, room.rows(missing), world.pool.rows, parameters, steps)
    return found


def _measured(
    world: World, name: str, x: Array, points: Array, ids: Array, parameters: Parameters, shaken: Array,
    path: tuple[Array, ...],
) -> Found:
    explained, space = world.explained, world.explained.space
    there = np.flatnonzero(np.isfinite(points).all(axis=1))
    landed, known = x[there], points[there]

    def spread(values: Array, missing: float | bool = np.nan) -> Array:
        full = np.full((len(points), *values.shape[1:]), missing)
        full[there] = values
        return full

    z = noise(parameters.k, x.shape[1], world.seed)
    told = stability(explained, known, parameters.sigma, z, shaken) if len(there) else np.empty(0)
    chances = [member.chances(known) for member in world.bank] if len(there) else []
    retrained = np.array([one[:, explained.wanted] for one in chances]).T.reshape(len(there), len(world.bank))
    holds = np.array([one.argmax(axis=1) == explained.wanted for one in chances]).T.reshape(retrained.shape)
    return Found(
        name, points, ids, spread(explained.chance(known) if len(there) else told), spread(told),
        spread(told >= parameters.tau, False), spread(space.cost(landed, known, "L1")),
        spread(space.cost(landed, known, "L2")), spread((space.gaps(landed, known) > 1e-9).sum(axis=1).astype(float)),
        spread(world.outliers.inside(known) if len(there) else told > 0, False), spread(retrained),
        spread(holds, False), path or tuple(np.empty(0) for _ in points),
    )


def joined(parts: Sequence[Mapping[str, Found]]) -> dict[str, Found]:
    """The same searches for more rows, one part after the other."""
    found = {}
    for name, first in parts[0].items():
        values = {
            f.name: np.concatenate([getattr(part[name], f.name) for part in parts])
            for f in fields(first) if f.name not in ("search", "path")
        }
        found[name] = Found(search=name, path=tuple(one for part in parts for one in part[name].path), **values)
    return found


def as_seen_by(explained: Explained, members: Sequence[Predictor]) -> tuple[Explained, ...]:
    """The wanted class as each retrained model sees it; their classes stand in the same order."""
    return tuple(Explained(one, explained.target, explained.wanted, explained.space) for one in members)
