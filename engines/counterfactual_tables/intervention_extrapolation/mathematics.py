"""The equations of Rep4Ex: whitened latents, the linear part in A, the maximum moment restriction, effect, support.

Source: Saengkyongam, Rosenfeld, Ravikumar, Pfister, Peters (2024), ICLR, arXiv 2310.04295. With Z = M A + V, a
representation phi is usable iff E[phi(X) - W A - alpha | A] = 0 (linear invariance); with reconstruction that makes
phi an affine map of Z, which is all that the curve needs: V and nu change along with phi, their composition does not.
Symbols: k networks side by side; n rows; p actions, d latents; A (n, p); phi, r (k, n, d); K (n, n).
"""

import math

import numpy as np
import torch
from scipy.stats import f as f_distribution
from torch import Tensor

RIDGE = 1e-5
"""Added to the second moments of (A, 1), so that the least squares exist in every batch."""

SLIM = 1e-6
"""Added to the covariance of the latents: a collapsed latent gives a large but finite whitening."""

BOX = (0.01, 0.99)
"""Quantiles of the training latents between which a moved latent counts as seen."""


def with_one(A: Tensor) -> Tensor:
    """(A, 1). A: (n, p). Returns (n, p + 1)."""
    return torch.cat([A, torch.ones_like(A[:, :1])], dim=1)


def linear_part(phi: Tensor, A: Tensor, ridge: float = RIDGE) -> Tensor:
    """W and alpha of the ridge least squares of phi on (A, 1), closed form. Returns (k, p + 1, d); alpha is last."""
    design = with_one(A)
    moments = design.T @ design / len(A) + ridge * torch.eye(design.shape[1], dtype=A.dtype, device=A.device)
    return torch.linalg.solve(moments, design.T @ phi / len(A))


def whitening(raw: Tensor) -> tuple[Tensor, Tensor]:
    """Centre (k, 1, d) and matrix T (k, d, d): (raw - centre) T has mean zero and covariance one. raw: (k, n, d).

    Without it the encoder could shrink phi, and with it the penalty, and let the decoder stretch it again.
    """
    centre = raw.mean(dim=1, keepdim=True)
    apart = raw - centre
    one = torch.eye(raw.shape[2], dtype=raw.dtype, device=raw.device)
    root = torch.linalg.cholesky(apart.transpose(1, 2) @ apart / raw.shape[1] + SLIM * one)
    inverse = torch.linalg.solve_triangular(root, one.expand_as(root), upper=False)
    return centre, inverse.transpose(1, 2)


def whitened(raw: Tensor) -> Tensor:
    """Latents (k, n, d) with mean zero and covariance one."""
    centre, T = whitening(raw)
    return (raw - centre) @ T


def bandwidth(A: Tensor) -> float:
    """Median distance between two different rows of A (n, p), of the first 1,000 rows."""
    apart = torch.pdist(A[:1000])
    return max(float(apart.median()), 1e-12)


def kernel(A: Tensor, length: float) -> Tensor:
    """exp(-|a - a'|^2 / (2 length^2)) between all rows of A (n, p). Characteristic. Returns (n, n)."""
    apart = (A[:, None] - A[None]).square().sum(dim=2)
    return torch.exp(-apart / (2 * length**2))


def moment_restriction(r: Tensor, K: Tensor) -> Tensor:
    """The V-statistic of Q = E[r(A, X)' r(A', X') k(A, A')]: near zero iff E[r | A] = 0. It is trained. Returns (k,).

    K has ones on its diagonal, which adds mean |r|^2 / n. The U-statistic, without them, can be brought down to
    -mean |r|^2 / (n - 1) by an encoder that forgets A, and with strong weights it is (measured: the check).
    """
    return (r * (K @ r)).sum(dim=(1, 2)) / r.shape[1] ** 2


def unbiased_restriction(r: Tensor, K: Tensor) -> Tensor:
    """The U-statistic of Q, no row paired with itself: for a given r it is Q on average, may be below zero. (k,)."""
    n = r.shape[1]
    return (n**2 * moment_restriction(r, K) - r.square().sum(dim=(1, 2))) / (n * (n - 1))


def residual(phi: Tensor, A: Tensor) -> Tensor:
    """r = phi - W A - alpha. Returns (k, n, d)."""
    return phi - with_one(A) @ linear_part(phi, A)


def signal(values: np.ndarray, A: np.ndarray) -> float:
    """Probability that least squares of values (n, d) on A (n, p) fits so well by chance: F, Bonferroni over d."""
    n, p = A.shape
    design = np.column_stack([A, np.ones(n)])
    left = values - design @ np.linalg.lstsq(design, values, rcond=None)[0]
    total = ((values - values.mean(axis=0)) ** 2).sum(axis=0)
    rest = np.maximum((left**2).sum(axis=0), np.finfo(float).tiny)
    statistic = (total - rest) / p / (rest / (n - p - 1))
    chances = f_distribution.sf(np.maximum(statistic, 0.0), p, n - p - 1)
    return float(min(1.0, chances.min() * values.shape[1]))


def share_explained(values: np.ndarray, regressors: np.ndarray) -> float:
    """R^2 of the least squares of values (n, d) on (regressors (n, q), 1), averaged over d."""
    design = np.column_stack([regressors, np.ones(len(regressors))])
    left = values - design @ np.linalg.lstsq(design, values, rcond=None)[0]
    return float(np.mean(1 - left.var(axis=0) / np.maximum(values.var(axis=0), np.finfo(float).tiny)))


def seen_share(moved: Tensor, low: Tensor, high: Tensor) -> Tensor:
    """Share of the rows whose moved latents (..., n, d) lie in the box (d,), (d,) of the training latents. (...)."""
    return ((moved >= low) & (moved <= high)).all(dim=-1).to(moved.dtype).mean(dim=-1)


def ramp(step: float, start: float, end: float) -> float:
    """0 up to `start`, 1 from `end` on, a straight line between."""
    return min(1.0, max(0.0, (step - start) / max(end - start, math.ulp(1.0))))
