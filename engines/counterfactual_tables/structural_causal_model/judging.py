"""How well a mechanism fits, on rows that it was not trained on: likelihood, and noise that must not know the causes.

Symbols: m held-out rows, p parts of a residual.
"""

from __future__ import annotations

import numpy as np

from engines.counterfactual_tables.structural_causal_model.mechanisms import RARE, Array

MOST = 300
"""Rows that a test of independence looks at; it takes their square."""


def log_density(values: Array) -> Array:
    """(m,) log density of each number under a Gaussian kernel estimate of all the others, in nats.

    The kernel's width is Silverman's; a hundredth of the mass lies in a wide normal, so that no outlier is infinite.
    """
    spread = float(values.std()) or RARE
    quartiles = float(np.subtract(*np.quantile(values, (0.75, 0.25)))) / 1.34
    width = 0.9 * (min(spread, quartiles) or spread) * len(values) ** -0.2
    found = np.empty(len(values))
    for start in range(0, len(values), 500):
        part = values[start : start + 500]
        near = np.exp(-(((part[:, None] - values) / width) ** 2) / 2) / (width * np.sqrt(2 * np.pi))
        near[np.arange(len(part)), start + np.arange(len(part))] = 0.0
        wide = np.exp(-(((part - values.mean()) / (3 * spread)) ** 2) / 2) / (3 * spread * np.sqrt(2 * np.pi))
        found[start : start + 500] = np.log(0.99 * near.sum(axis=1) / (len(values) - 1) + 0.01 * wide + 1e-300)
    return found


def log_probability(probabilities: Array, level: Array) -> Array:
    """(m,) log probability of the observed level, in nats."""
    return np.asarray(np.log(np.maximum(probabilities[np.arange(len(level)), level.astype(int)], RARE)))


def dependence(noise: Array, cause: Array, category: bool, permutations: int, generator: np.random.Generator
               ) -> tuple[float, float]:
    """Whether a number's noise (m,) depends on a cause (m,): normalised HSIC in [0, 1], and its permutation p-value."""
    some = np.linspace(0, len(noise) - 1, min(MOST, len(noise))).astype(int)
    one, other = _kernel(noise[some], False), _kernel(cause[some], category)
    scale = np.sqrt((one * one).sum() * (other * other).sum())
    if not scale:
        return 0.0, 1.0
    found = float((one * other).sum())
    above = 0
    for _ in range(permutations):
        at = generator.permutation(len(some))
        above += float((one[np.ix_(at, at)] * other).sum()) >= found
    return max(0.0, found / scale), (1 + above) / (1 + permutations)


def miscalibrated(residual: Array, cause: Array, category: bool, permutations: int, generator: np.random.Generator
                  ) -> tuple[float, float]:
    """As `dependence`, of a category's residual (m, p), indicator less probability: does its mean depend on the cause?

    Its spread always does, so that HSIC would blame every category. The greatest correlation with the cause, its
    square and its size, under flipped signs.
    """
    if category:
        told = (cause[:, None] == np.unique(cause)).astype(float)
    else:
        z = (cause - cause.mean()) / (cause.std() or 1.0)
        told = np.stack([z, z**2, np.abs(z)], axis=1)
    told = told - told.mean(axis=0)
    products = (residual[:, :, None] * told[:, None, :]).reshape(len(residual), -1)
    scale = np.sqrt((products**2).sum(axis=0)) + RARE
    found = float((np.abs(products.sum(axis=0)) / scale).max())
    signs = generator.choice([-1.0, 1.0], size=(permutations, len(residual)))
    above = int(((np.abs(signs @ products) / scale).max(axis=1) >= found).sum())
    return min(1.0, found / np.sqrt(len(residual))), (1 + above) / (1 + permutations)


def _kernel(values: Array, category: bool) -> Array:
    """A centred kernel matrix: Gaussian with the median distance, or whether two levels are one."""
    if category:
        kernel = (values[:, None] == values).astype(float)
    else:
        apart = (values[:, None] - values) ** 2
        kernel = np.exp(-apart / (np.median(apart[apart > 0]) if (apart > 0).any() else 1.0))
    return kernel - kernel.mean(axis=0) - kernel.mean(axis=1)[:, None] + kernel.mean()
