"""T-Rex:I: from the nearest counterfactual uphill on R-hat until it is stable, within a ball, inside the bounds.

The most stable valid iterate is kept, not the last one as in the authors' release. A row is done when R-hat lies above
tau by twice the error of its samples, so that fresh noise says the same.
Symbols: b rows, d features in unit range.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

from engines.counterfactual_tables.robust_counterfactuals.closest import Steps
from engines.counterfactual_tables.robust_counterfactuals.explained import Explained
from engines.counterfactual_tables.robust_counterfactuals.parameters import Parameters
from engines.counterfactual_tables.robust_counterfactuals.room import Room
from engines.counterfactual_tables.robust_counterfactuals.space import Array
from engines.counterfactual_tables.robust_counterfactuals.stability import AT_A_TIME, climbing, noise

Watch = Callable[[int, Array, Array], None]
"""Told after each step: its number, the best R-hat of each row so far (b,), and where that is (b, d)."""

PHASE = "T-Rex:I"
SURE = 2.0
"""Standard errors by which R-hat must lie above tau before the climb ends."""


@dataclass(frozen=True, eq=False)
class Climbed:
    """Where the rows arrived, (b, d), NaN for those that had no start; `path` (steps, b) R-hat on the way, NaN after
    its end.
    """

    points: Array
    path: Array


def climb(
    explained: Explained, start: Array, room: Room, shaken: Array, parameters: Parameters, seed: int, steps: Steps,
    watch: Watch | None = None,
) -> Climbed:
    """From `start` (b, d), valid on the model; fresh noise at each step, from `seed`."""
    space = explained.space
    moving = room.free & space.numbers
    at, best = start.copy(), start.copy()
    record = np.full(len(start), -np.inf)
    waiting = np.isfinite(start).all(axis=1)
    path: list[Array] = []
    for step in steps(parameters.steps + 1, PHASE):
        places = np.flatnonzero(waiting)
        if not len(places):
            break
        told, error, gradient = _told(
            explained, at[places], shaken, parameters, noise(parameters.k, start.shape[1], seed, step))
        valid = explained.accepted(space.landed(at[places]))
        better = valid & (told > record[places])
        best[places[better]], record[places[better]] = at[places[better]], told[better]
        path.append(np.full(len(start), np.nan))
        path[-1][places] = told
        done = valid & (told - SURE * error >= parameters.tau)
        best[places[done]], record[places[done]] = at[places[done]], told[done]
        waiting[places[done]] = False
        if watch is not None:
            watch(step, record, best)
        uphill = gradient * moving
        length = np.linalg.norm(uphill, axis=1, keepdims=True)
        moved = at[places] + parameters.step * uphill / np.maximum(length, 1e-300)
        moved = np.clip(in_ball(moved, start[places], parameters.radius), room.low[places], room.high[places])
        stays = explained.accepted(space.landed(moved))
        at[places[stays]] = moved[stays]
    points = np.full_like(start, np.nan)
    held = np.isfinite(start).all(axis=1)
    points[held] = space.landed(best[held])
    return Climbed(points, np.array(path) if path else np.empty((0, len(start))))


def in_ball(points: Array, centre: Array, radius: float) -> Array:
    """The nearest points (b, d) within `radius` (L2) of `centre`."""
    delta = points - centre
    length = np.linalg.norm(delta, axis=1, keepdims=True)
    inside: Array = centre + delta * np.minimum(1.0, radius / np.maximum(length, 1e-300))
    return inside


def _told(explained: Explained, at: Array, shaken: Array, parameters: Parameters, z: Array) -> tuple[Array, ...]:
    """R-hat, its error and its gradient, some rows at a time."""
    parts, rows = [], max(1, AT_A_TIME // len(z))
    sampled, mask = torch.from_numpy(z).float(), torch.from_numpy(shaken.astype(np.float32))
    for start in range(0, len(at), rows):
        scaled = torch.from_numpy(at[start : start + rows]).float()
        parts.append(climbing(explained, scaled, parameters.sigma, sampled, mask))
    return tuple(torch.cat(part).double().numpy() for part in zip(*parts, strict=True))
