"""The nearest counterfactual: the least change after which the model says the wanted class, by a margin.

With gradients: minimise c max(0, margin - gap) + |delta|^2 by Adam, or + |delta|_1 by soft thresholding; a search by
halves over c, the closest valid iterate (Carlini and Wagner 2017; Chen et al. 2018 for L1). Without: along the lines to
the nearest rows of the wanted class. Both end by pulling what was found back towards the row as far as it stays valid.
Symbols: b rows, d features in unit range.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import torch

from engines.counterfactual_tables.robust_counterfactuals.explained import Explained
from engines.counterfactual_tables.robust_counterfactuals.parameters import Parameters
from engines.counterfactual_tables.robust_counterfactuals.room import Room
from engines.counterfactual_tables.robust_counterfactuals.space import Array

Steps = Callable[[int, str], Iterable[int]]
"""`run.steps`, or plain counting where nobody waits."""

ROUNDS, RATE = 9, 0.01
SPARSE = 1.0
"""Weight of |delta|_1 in an L1 search; there |delta|^2 is left out, for it is not what is to be small."""

FIRST, LARGEST = 1.0, 1e10
HALVINGS, LINES = 24, 10
PHASE = "nearest counterfactual"


def closest(explained: Explained, room: Room, parameters: Parameters, steps: Steps) -> Array:
    """(b, d) by gradients, categories as they are; NaN where nothing valid was met."""
    space, x = explained.space, room.x
    moving = torch.from_numpy(room.free & space.numbers)
    start, factual = torch.from_numpy(room.nearest), torch.from_numpy(x)
    low, high = torch.from_numpy(room.low), torch.from_numpy(room.high)
    found, least = np.full_like(x, np.nan), np.full(len(x), np.inf)
    weight, below, above = np.full(len(x), FIRST), np.zeros(len(x)), np.full(len(x), LARGEST)
    at, succeeded = start.clone(), np.zeros(len(x), dtype=bool)
    adam = _Adam(start.shape)
    for step in steps(ROUNDS * parameters.closer, PHASE):
        if step % parameters.closer == 0:
            if step:
                weight, below, above = _halved(weight, below, above, succeeded)
            at, adam, succeeded = start.clone(), _Adam(start.shape), np.zeros(len(x), dtype=bool)
        point = at.detach().requires_grad_()
        gap = explained.gap_through(space.landed_through(point))
        landed = space.landed(at.numpy())
        cost = space.cost(landed, x, parameters.norm)
        valid = gap.detach().numpy() >= parameters.margin
        succeeded |= valid
        better = valid & (cost < least)
        found[better], least[better] = landed[better], cost[better]
        loss = torch.from_numpy(weight) * torch.relu(parameters.margin - gap)
        if parameters.norm == "L2":
            loss = loss + ((point - factual) ** 2 * moving).sum(dim=1)
        (gradient,) = torch.autograd.grad(loss.sum(), point)
        if parameters.norm == "L1":
            rate = RATE * (1 - step % parameters.closer / parameters.closer) ** 0.5
            delta = at - rate * gradient * moving - factual
            at = factual + torch.sign(delta) * torch.relu(delta.abs() - rate * SPARSE)
        else:
            at = at - adam.step(gradient * moving)
        at = torch.where(moving, torch.minimum(torch.maximum(at, low), high), start)
    return pulled_back(explained, room.nearest, found, parameters)


class _Adam:
    """Adam on a tensor that is handed around (Kingma and Ba 2015)."""

    def __init__(self, shape: torch.Size) -> None:
        self.first, self.second, self.t = torch.zeros(shape).double(), torch.zeros(shape).double(), 0

    def step(self, gradient: torch.Tensor) -> torch.Tensor:
        self.t += 1
        self.first = 0.9 * self.first + 0.1 * gradient
        self.second = 0.999 * self.second + 0.001 * gradient**2
        return RATE * (self.first / (1 - 0.9**self.t)) / ((self.second / (1 - 0.999**self.t)).sqrt() + 1e-8)


def _halved(weight: Array, below: Array, above: Array, succeeded: Array) -> tuple[Array, Array, Array]:
    """The next c: smaller after a success, larger after a failure."""
    above = np.where(succeeded, np.minimum(above, weight), above)
    below = np.where(succeeded, below, np.maximum(below, weight))
    return np.where(above < LARGEST, (below + above) / 2, 10 * weight), below, above


def along_lines(explained: Explained, room: Room, rows: Array, parameters: Parameters, steps: Steps) -> Array:
    """(b, d) without gradients, towards the nearest of `rows` (n, d) of the wanted class; NaN where none may be taken.

    Categories are taken over at once, numbers as little as suffices.
    """
    space, found, start = explained.space, np.full_like(room.x, np.nan), room.nearest
    for i in steps(len(room.x), PHASE):
        taken, fits = room.offered(i, rows)
        taken = taken[fits]
        far = space.cost(room.x[i], taken, parameters.norm)
        taken = taken[np.argsort(far, kind="stable")[:LINES]]
        if not len(taken):
            continue
        ends = pulled_back(explained, np.where(space.numbers, start[i], taken), taken, parameters)
        cost = space.cost(room.x[i], ends, parameters.norm)
        if np.isfinite(cost).any():
            found[i] = ends[int(np.nanargmin(cost))]
    return found


def pulled_back(explained: Explained, x: Array, ends: Array, parameters: Parameters) -> Array:
    """Each end (b, d) drawn towards its row x as far as the margin holds; NaN where it does not hold at the end."""
    space = explained.space
    places = np.flatnonzero(np.isfinite(ends).all(axis=1))
    found = np.full_like(ends, np.nan)
    if not len(places):
        return found
    inner, outer = np.zeros(len(places)), np.ones(len(places))

    def holds(share: Array) -> Array:
        point = space.landed(x[places] + share[:, None] * (ends[places] - x[places]))
        return explained.gap(point) >= parameters.margin

    kept = holds(outer)
    for _ in range(HALVINGS):
        middle = (inner + outer) / 2
        valid = holds(middle)
        inner, outer = np.where(valid, inner, middle), np.where(valid, middle, outer)
    point = space.landed(x[places] + outer[:, None] * (ends[places] - x[places]))
    found[places[kept]] = point[kept]
    return found
