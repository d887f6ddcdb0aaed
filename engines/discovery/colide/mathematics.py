"""The equations of CoLiDE: score, noise levels, acyclicity, threshold.

Source: Saboksayr, Mateos, Tepper, "CoLiDE: Concomitant Linear DAG Estimation", ICLR 2024 (arXiv 2310.02895); the
acyclicity function is DAGMA's (Bello, Aragam, Ravikumar, NeurIPS 2022).

Symbols: d variables, b independent problems (bootstrap samples, restarts).
W (..., d, d) strengths, W[i, j] = effect of variable i on variable j, so that X is about X W plus noise;
C (..., d, d) covariance X'X / n of the centred data, in units of column i times column j;
D = I - W; sigma (..., d), or (..., 1) when all are alike, standard deviations of the noise (never variances);
s > 0 the width of the domain in which s I - W∘W is an M-matrix.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Levels = Literal["equal", "separate", "fixed"]

DOMAIN_TOLERANCE = 1e-6
"""How far below zero an entry of the inverse may lie before s I - W∘W counts as no M-matrix."""

FLOOR_SHARE = 1e-2
"""The noise level never falls below this share of the smallest standard deviation; it protects the division by it."""


def covariance(X: Array) -> Array:
    """X'X / n of the centred columns. X: (n, d), left unchanged. Returns (d, d)."""
    centred = X - X.mean(axis=0)
    return centred.T @ centred / len(X)


def residual_variances(W: Array, C: Array) -> Array:
    """Diagonal of D'CD: the mean squared residual of every column. W, C: (..., d, d). Returns (..., d)."""
    D = np.eye(W.shape[-1]) - W
    return np.einsum("...ij,...ij->...j", D, C @ D)


def noise_floor(C: Array) -> Array:
    """The smallest noise level allowed, one for all columns. C: (..., d, d). Returns (..., 1).

    A floor of each column's own would cut off true levels: along a graph standard deviations grow a hundredfold.
    """
    return np.asarray(FLOOR_SHARE * np.sqrt(np.diagonal(C, axis1=-2, axis2=-1).min(axis=-1, keepdims=True)))


def noise_levels(variances: Array, levels: Levels, floor: Array) -> Array:
    """The sigma that minimises the score for given residual variances, in closed form.

    "equal": sqrt of their mean, (..., 1); "separate": sqrt of each, (..., d); "fixed": one, (..., 1), which turns the
    score into DAGMA's least squares. variances: (..., d); floor: (..., 1).
    """
    if levels == "fixed":
        return np.ones((*variances.shape[:-1], 1))
    if levels == "equal":
        variances = np.add.reduce(variances, axis=-1, keepdims=True) / variances.shape[-1]
    return np.asarray(np.sqrt(np.maximum(variances, floor * floor)))       # rounding may leave less than zero


def score(variances: Array, sigma: Array) -> Array:
    """Smooth part of the score, half of tr(Sigma^-1 D'CD) + tr(Sigma). variances, sigma: (..., d). Returns (...)."""
    return 0.5 * (variances / sigma + sigma).sum(axis=-1)


def score_gradient(W: Array, C: Array, sigma: Array) -> Array:
    """Gradient of the score in W: -C D Sigma^-1, column j divided by sigma_j. Returns (..., d, d)."""
    return -C @ (np.eye(W.shape[-1]) - W) / sigma[..., None, :]


def acyclicity(W: Array, s: float | Array = 1.0) -> Array:
    """h(W, s) = d log s - log det(s I - W∘W): zero exactly when the graph of W has no cycle. Returns (...)."""
    d = W.shape[-1]
    s = np.asarray(s, dtype=np.float64)
    return d * np.log(s) - np.linalg.slogdet(s[..., None, None] * np.eye(d) - W * W)[1]


def acyclicity_gradient(W: Array, s: float | Array = 1.0) -> Array:
    """Gradient of h in W: 2 W ∘ (s I - W∘W)^-T. Returns (..., d, d)."""
    d = W.shape[-1]
    s = np.asarray(s, dtype=np.float64)
    return 2 * W * np.linalg.inv(s[..., None, None] * np.eye(d) - W * W).swapaxes(-1, -2)


def inside_domain(inverse: Array) -> Mask:
    """Whether s I - W∘W is an M-matrix, told from its inverse having no negative entry. Returns (...)."""
    return np.asarray(inverse.min(axis=(-1, -2)) >= -DOMAIN_TOLERANCE)


def is_acyclic(edges: Mask) -> bool:
    """Whether a directed graph has no cycle: peel off variables without parents until none is left. edges: (d, d)."""
    return len(causal_order(edges)) == len(edges)


def causal_order(edges: Mask) -> list[int]:
    """Variables, causes before effects; those on or behind a cycle are left out. edges: (d, d)."""
    parents_left = edges.sum(axis=0)
    ready = [int(j) for j in np.flatnonzero(parents_left == 0)]
    order: list[int] = []
    while ready:
        i = ready.pop()
        order.append(i)
        parents_left = parents_left - edges[i]
        ready.extend(int(j) for j in np.flatnonzero(edges[i] & (parents_left == 0)))
    return order


def acyclic_edges(W: Array, threshold: float, required: Mask | None = None) -> Mask:
    """Edges stronger than the threshold, then without the weakest until no cycle is left (the card's step 7).

    Removing the weakest first is the same as raising the threshold, so the smallest acyclic one is found by
    bisection. The diagonal is never an edge; required edges (acyclic among themselves) always stay.
    W, required: (d, d). Returns (d, d).
    """
    strength = np.abs(W)
    np.fill_diagonal(strength, 0.0)
    kept = np.zeros(W.shape, dtype=bool) if required is None else required

    def above(limit: float) -> Mask:
        return np.asarray((strength > limit) | kept)

    if is_acyclic(above(threshold)):
        return above(threshold)
    limits = np.unique(strength[(strength > threshold) & ~kept])
    low, high = 0, len(limits) - 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if is_acyclic(above(limits[middle])) else (middle + 1, high)
    return above(limits[low])
