"""A layout in which distances on the page follow distances in the graph, the same each time it is asked for.

Stress majorization (Gansner, Koren and North 2004) from the first two axes of classical scaling, weights d^-2; then the
drawing is turned so that effects lie right of causes, and boxes that overlap are pushed apart. Symbols: n nodes of one
connected part; D (n, n) steps between them; X (n, 2) centres, px.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from engines.graph.graph import Graph
from engines.graph.layout import NODE, Positions, Sizes, on_grid, parts

Array = NDArray[np.float64]

_STEP = 200.0               # px for each edge on the way
_GAP = 32.0                 # px between boxes
_ROUNDS, _ENOUGH = 80, 1e-4
_PUSHES = 20
_GROWTHS, _GROWTH = 20, 1.15


def force(graph: Graph, sizes: Sizes | None = None, held: Mapping[str, tuple[float, float]] | None = None) -> Positions:
    """Positions of all nodes; those that are `held` stay where they are, and the others find their places round them.

    Connected parts lie one below the other, the largest on top.
    """
    sizes, held = sizes or {}, held or {}
    places: Positions = dict(held)
    bottom = max((y + NODE[1] / 2 + 2 * _GAP for _, y in held.values()), default=0.0)
    left = min((x for x, _ in held.values()), default=0.0)
    for names in parts(graph):
        boxes = np.array([sizes.get(name, NODE) for name in names])
        pins = {i: held[name] for i, name in enumerate(names) if name in held}
        X = _part(graph, names, boxes, pins)
        if not pins:
            low = (X - boxes / 2).min(axis=0)
            X = X - low + (left, bottom)
            bottom = float((X + boxes / 2).max(axis=0)[1]) + 2 * _GAP
        places |= {name: (float(x), float(y)) for name, (x, y) in zip(names, X, strict=True)}
    return on_grid(places) | dict(held)


def _part(graph: Graph, names: Sequence[str], boxes: Array, pins: Mapping[int, tuple[float, float]]) -> Array:
    """Centres of one connected part."""
    D = _steps(graph, names)
    X = _scaled(D) * _STEP
    at = list(pins)
    if not pins:
        X = _turned(graph, names, _settled(X, D * _STEP, at))
    else:
        X = _turned(graph, names, X)
        there = np.array([pins[i] for i in at])
        X = X + (there - X[at]).mean(axis=0)
        X[at] = there
        X = _settled(X, D * _STEP, at)
    return _apart(X, boxes, at)


def _steps(graph: Graph, names: Sequence[str]) -> Array:
    """Length of the shortest way between every two nodes, edges taken without direction."""
    number = {name: i for i, name in enumerate(names)}
    near: list[set[int]] = [set() for _ in names]
    for edge in graph.edges:
        if edge.source in number:
            a, b = number[edge.source], number[edge.target]
            near[a].add(b)
            near[b].add(a)
    D = np.zeros((len(names), len(names)))
    for root in range(len(names)):
        seen, ring, far = {root}, {root}, 0
        while ring:
            D[root, list(ring)] = far
            ring = set().union(*(near[i] for i in ring)) - seen
            seen |= ring
            far += 1
    return D


def _scaled(D: Array) -> Array:
    """The first two axes of classical scaling, their signs fixed, with a little shift that parts what coincides."""
    n = len(D)
    if n == 1:
        return np.zeros((1, 2))
    J = np.eye(n) - 1 / n
    values, vectors = np.linalg.eigh(-0.5 * J @ D**2 @ J)
    axes = vectors[:, ::-1][:, :2] * np.sqrt(np.maximum(values[::-1][:2], 0))
    axes = np.pad(axes, ((0, 0), (0, 2 - axes.shape[1])))
    axes *= np.where(axes[np.abs(axes).argmax(axis=0), range(2)] < 0, -1, 1)
    turn = 2.4 * np.arange(n)                               # the golden angle
    return axes + 0.02 * np.column_stack([np.cos(turn), np.sin(turn)])


def _settled(X: Array, D: Array, held: Sequence[int]) -> Array:
    """Rounds of stress majorization; rows in `held` stay."""
    n = len(X)
    free = np.setdiff1d(np.arange(n), np.array(held, dtype=int))
    if n < 2 or not len(free):
        return X
    W = np.divide(1.0, D**2, out=np.zeros_like(D), where=D > 0)
    V = np.diag(W.sum(axis=1)) - W
    gauge = 0.0 if len(held) else W.max() / n               # without held nodes the middle is free: fix it
    inverse = np.linalg.inv(V[np.ix_(free, free)] + gauge)
    before = np.inf
    for _ in range(_ROUNDS):
        apart = np.hypot(X[:, None, 0] - X[None, :, 0], X[:, None, 1] - X[None, :, 1])
        stress = float((W * (apart - D) ** 2).sum())
        if before - stress <= _ENOUGH * before and before < np.inf:
            break
        before = stress
        B = -np.divide(W * D, apart, out=np.zeros_like(D), where=apart > 1e-9)
        B[np.diag_indices(n)] = -B.sum(axis=1)
        wished = B[free] @ X
        if len(held):
            wished -= V[np.ix_(free, np.array(held))] @ X[list(held)]
        X = X.copy()
        X[free] = inverse @ wished
    return X


def _turned(graph: Graph, names: Sequence[str], X: Array) -> Array:
    """The drawing turned so that the edges, taken together, point to the right."""
    number = {name: i for i, name in enumerate(names)}
    arcs = [(number[parent], number[name]) for name in names for parent in graph.parents(name)]
    way = sum((X[b] - X[a] for a, b in arcs), np.zeros(2))
    length = float(np.hypot(*way))
    if length < 1e-6:
        return X
    cos, sin = way / length
    return X @ np.array([[cos, -sin], [sin, cos]])


def _apart(X: Array, boxes: Array, held: Sequence[int]) -> Array:
    """Boxes that overlap pushed apart; where that finds no room the drawing grows. Those in `held` do not give way."""
    room = [(boxes[:, None, k] + boxes[None, :, k]) / 2 + _GAP for k in range(2)]
    gives = np.ones(len(X))
    gives[list(held)] = 0
    for _ in range(_GROWTHS):
        X = _pushed(X, room, gives)
        if not len(_overlapping(X, room)):
            break
        centre = X.mean(axis=0)
        X = np.where(gives[:, None] > 0, centre + _GROWTH * (X - centre), X)
    return X


def _overlapping(X: Array, room: Sequence[Array]) -> NDArray[np.intp]:
    """Pairs (i, j) whose boxes are nearer than the gap; (m, 2)."""
    near = [room[k] - np.abs(X[:, None, k] - X[None, :, k]) > 1 for k in range(2)]
    return np.argwhere(np.triu(near[0] & near[1], 1))


def _pushed(X: Array, room: Sequence[Array], gives: Array) -> Array:
    """Rounds in which each overlapping pair moves apart, along the way that is shorter."""
    X = X.copy()
    for _ in range(_PUSHES):
        pairs = _overlapping(X, room)
        if not len(pairs):
            break
        for i, j in pairs:
            over = [room[k][i, j] - abs(X[i, k] - X[j, k]) for k in range(2)]
            k, share = int(over[0] > over[1]), gives[i] + gives[j]
            if min(over) <= 0 or not share:
                continue
            sign = 1.0 if (X[i, k], i) > (X[j, k], j) else -1.0
            X[i, k] += sign * over[k] * gives[i] / share
            X[j, k] -= sign * over[k] * gives[j] / share
    return X
