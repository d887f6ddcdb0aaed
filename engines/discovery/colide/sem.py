"""The linear structural equation model that CoLiDE learns, as something to ask: simulate, intervene, change a row.

x - m = (x - m) W + z with acyclic W, means m and independent noise z. Symbols: d variables, n rows; W (d, d) in raw
units of the effect a raw unit of the cause; sigma, means (d,) raw units; do: variable index -> value in raw units.
Source of the three steps of a counterfactual: Pearl, Causality, 2nd edition, theorem 7.1.7.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engines.discovery.colide.mathematics import Array, Mask, causal_order

Do = Mapping[int, float]


def least_squares(edges: Mask, C: Array) -> Array:
    """Strengths of the given edges by regressing every variable on its parents. edges, C: (d, d). Returns (d, d).

    The penalty that found the edges also shrinks their strengths; a second fit without it does not.
    """
    W = np.zeros(C.shape)
    for j in range(len(C)):
        parents = np.flatnonzero(edges[:, j])
        W[parents, j] = np.linalg.lstsq(C[np.ix_(parents, parents)], C[parents, j], rcond=None)[0]
    return W


@dataclass(frozen=True, eq=False)
class LinearSem:
    """W (d, d) acyclic, sigma (d,), means (d,)."""

    W: Array
    sigma: Array
    means: Array

    @property
    def edges(self) -> Mask:
        """(d, d)."""
        return self.W != 0

    def downstream(self, do: Do) -> Mask:
        """Which variables lie strictly downstream of an intervened one, without those intervened. Returns (d,)."""
        changes = np.zeros(len(self.W), dtype=bool)
        changes[list(do)] = True
        for j in causal_order(self.edges):
            changes[j] |= changes[self.edges[:, j]].any()
        changes[list(do)] = False
        return changes

    def abduct(self, X: Array) -> Array:
        """The noise that each row must have had. X: (n, d). Returns (n, d)."""
        centred = X - self.means
        return centred - centred @ self.W

    def counterfactual(self, X: Array, do: Do) -> Array:
        """The rows as they would have been under `do`, everything else about them alike. X: (n, d). Returns (n, d).

        Variables that no intervention reaches keep their value to the last bit.
        """
        noise = self.abduct(X)                                                      # abduction
        changed = X.copy()
        for j, value in do.items():                                                 # action
            changed[:, j] = value
        return self._predict(changed, noise, self.downstream(do))                   # prediction

    def simulate(self, n: int, generator: np.random.Generator, do: Do | None = None) -> Array:
        """New rows with normal noise, under `do`. Returns (n, d)."""
        noise = generator.standard_normal((n, len(self.W))) * self.sigma
        rows = np.zeros_like(noise)
        free = np.ones(len(self.W), dtype=bool)
        for j, value in (do or {}).items():
            rows[:, j], free[j] = value, False
        return self._predict(rows, noise, free)

    def moments(self, do: Do) -> tuple[Array, Array]:
        """Mean and standard deviation of every variable under `do`, exactly. Each (d,)."""
        W, variances, shift = self.W.copy(), self.sigma**2, np.zeros(len(self.W))
        for j, value in do.items():
            W[:, j], variances[j], shift[j] = 0.0, 0.0, value - self.means[j]
        total = np.linalg.inv(np.eye(len(W)) - W)
        return self.means + shift @ total, np.sqrt(variances @ total**2)

    def _predict(self, rows: Array, noise: Array, free: Mask) -> Array:
        for j in causal_order(self.edges):
            if free[j]:
                rows[:, j] = self.means[j] + (rows - self.means) @ self.W[:, j] + noise[:, j]
        return rows
