"""Actions that move a hidden factor, seen through bent readings, with an outcome that shares a hidden cause.

A ~ U[-reach, reach]; V ~ N(0, 0.7^2); Z = sign A + V; X = g(Z); Y = l(Z) + U with U = V + 0.1 N: hidden confounding.
Symbols: n rows, one action, one factor, q readings.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

REACH, NOISE, READINGS = 2.5, 0.7, 6


def bent(z: Array, C: Array, C2: Array) -> Array:
    """sinh(1.2 z) C / 3 + tanh(z C2) / 2: injective, with a very uneven speed. z: (n,); C, C2: (q,). (n, q)."""
    return np.asarray(np.sinh(1.2 * z)[:, None] * C / 3 + np.tanh(z[:, None] * C2) / 2)


def straight(z: Array, C: Array, C2: Array) -> Array:  # noqa: ARG001 - the same signature as `bent`
    """z C."""
    return z[:, None] * C


def waved(z: Array) -> Array:
    """l(z) = 2 sin z + z^2 / 4."""
    return np.asarray(2 * np.sin(z) + 0.25 * z**2)


def tripled(z: Array) -> Array:
    """l(z) = 3 z."""
    return 3 * z


@dataclass(frozen=True, eq=False)
class Interventions:
    """n rows and what made them. A, Z, Y: (n,); X: (n, q).

    Attributes:
        sign: Of the effect of A on Z.
        response: l.
    """

    A: Array
    Z: Array
    X: Array
    Y: Array
    sign: float
    response: Callable[[Array], Array]

    @staticmethod
    def sample(
        n: int, generator: np.random.Generator, mixing: Callable[[Array, Array, Array], Array] = bent,
        response: Callable[[Array], Array] = waved,
    ) -> "Interventions":
        """Draw mixing weights, then rows."""
        sign = float(generator.choice([-1.0, 1.0]))
        C, C2 = generator.normal(size=READINGS), generator.normal(size=READINGS)
        A, V = generator.uniform(-REACH, REACH, n), generator.normal(0, NOISE, n)
        Z = sign * A + V
        Y = response(Z) + V + 0.1 * generator.normal(size=n)
        return Interventions(A, Z, mixing(Z, C, C2), Y, sign, response)

    def truth(self, a: Any, draws: int = 200_000) -> Array:
        """E[Y | do(A = a)] by Monte Carlo with draws of its own. a: (g,). Returns (g,)."""
        V = np.random.default_rng(0).normal(0, NOISE, draws)
        return np.array([self.response(self.sign * one + V).mean() for one in np.asarray(a)])


PUSH = np.array([[1.0, 0.4], [-0.3, 0.9]])
"""How two actions move two factors: Z = A PUSH + V."""

SPREAD_2 = np.array([[0.25, 0.1], [0.1, 0.25]])
"""Covariance of V, two factors."""


def wavy(Z: Array) -> Array:
    """l(z) = 2 sin z_1 + z_2^2 / 4 - z_1 z_2 / 3. Z: (n, 2)."""
    return np.asarray(2 * np.sin(Z[:, 0]) + 0.25 * Z[:, 1] ** 2 - Z[:, 0] * Z[:, 1] / 3)


@dataclass(frozen=True, eq=False)
class TwoActions:
    """Two actions that move two factors, each bent by itself and then mixed. A, Z: (n, 2); X: (n, q); Y: (n,)."""

    A: Array
    Z: Array
    X: Array
    Y: Array

    @staticmethod
    def sample(n: int, generator: np.random.Generator, reach: float = 2.0) -> "TwoActions":
        """A ~ U[-reach, reach]^2; X: mixtures of sinh z_j and tanh 2 z_j, which are injective and bend unevenly."""
        A = generator.uniform(-reach, reach, (n, 2))
        V = generator.multivariate_normal(np.zeros(2), SPREAD_2, n)
        Z = A @ PUSH + V
        X = np.column_stack([np.sinh(Z), np.tanh(2 * Z)]) @ generator.normal(size=(4, READINGS))
        Y = wavy(Z) + V.sum(axis=1) + 0.1 * generator.normal(size=n)
        return TwoActions(A, Z, X, Y)

    def truth(self, a: Array, draws: int = 100_000) -> Array:
        """E[Y | do(A = a)] by Monte Carlo with draws of its own. a: (g, 2). Returns (g,)."""
        V = np.random.default_rng(0).multivariate_normal(np.zeros(2), SPREAD_2, draws)
        return np.array([wavy(one @ PUSH + V).mean() for one in a])
