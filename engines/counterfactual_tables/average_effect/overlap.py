"""Are there rows of both arms for every kind of row? Chances of the treatment, and how alike the arms are.

Symbols as in `estimators`. Source: standardised mean differences, Austin 2009: below 0.1 counts as balanced.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engines.counterfactual_tables.average_effect.table import Array

BALANCED = 0.1
EDGES = np.linspace(0, 1, 21)


@dataclass(frozen=True, eq=False)
class Overlap:
    """Of a binary treatment.

    Attributes:
        counts: (2, 20) rows of each arm by their chance of the treatment, in twentieths; the untreated first.
        thin: Share of rows whose chance was cut off at the trim.
        names: Of the p covariates.
        before, after: (p,) standardised mean differences without and with weights.
    """

    counts: Array
    thin: float
    names: tuple[str, ...]
    before: Array
    after: Array

    def sentence(self) -> str:
        """How much can be trusted, in words."""
        worst = int(np.argmax(np.abs(self.after))) if len(self.after) else -1
        parts = []
        if self.thin > 0.01:
            parts.append(f"{self.thin:.0%} of the rows have almost no counterpart in the other arm")
        if worst >= 0 and abs(self.after[worst]) > 2 * BALANCED:
            parts.append(f"the arms differ in {self.names[worst]} even when weighted")
        return f"Take care: {'; '.join(parts)}." if parts else "Both arms have rows of every kind."


def overlap(t: Array, X: Array, names: list[str], chance: Array, trim: float) -> Overlap:
    """How the two arms lie over each other. chance: (n,) as it was cut off."""
    counts = np.stack([np.histogram(chance[t == arm], EDGES)[0] for arm in (0, 1)]).astype(float)
    thin = float(np.mean((chance <= trim) | (chance >= 1 - trim)))
    weights = np.where(t == 1, 1 / chance, 1 / (1 - chance))
    return Overlap(
        counts, thin, tuple(names), differences(t, X, np.ones(len(t))), differences(t, X, weights)
    )


def differences(t: Array, X: Array, weights: Array) -> Array:
    """Weighted mean of the treated less that of the others, in pooled standard deviations. Returns (p,)."""
    if not X.size:
        return np.empty(0)
    treated, others = t == 1, t == 0
    means = [np.average(X[arm], axis=0, weights=weights[arm]) for arm in (treated, others)]
    pooled = np.sqrt((X[treated].var(axis=0) + X[others].var(axis=0)) / 2)
    return (means[0] - means[1]) / np.where(pooled > 0, pooled, 1.0)
