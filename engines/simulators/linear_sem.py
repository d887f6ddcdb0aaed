"""Random linear structural equation models with known graph, strengths and noise.

Source: the simulations of Saboksayr, Mateos, Tepper, "CoLiDE", ICLR 2024, section 5, as used since NOTEARS
(Zheng et al. 2018). Symbols: d variables, n rows, k mean number of edges a variable; W (d, d), W[i, j] = effect of
i on j; variances (d,) of the noise.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Noise = Literal["normal", "exponential", "laplace", "gumbel"]
GraphLaw = Literal["erdos-renyi", "scale-free"]


@dataclass(frozen=True)
class LinearSem:
    """A linear model x = x W + z with acyclic W (d, d) and independent noise z of the given variances (d,)."""

    W: Array
    variances: Array

    def sample(self, n: int, generator: np.random.Generator, noise: Noise = "normal") -> Array:
        """n rows of mean zero. Returns (n, d)."""
        d = len(self.W)
        z = standard_noise((n, d), noise, generator) * np.sqrt(self.variances)
        return np.asarray(np.linalg.solve((np.eye(d) - self.W).T, z.T).T, dtype=np.float64)


def erdos_renyi(d: int, k: int, generator: np.random.Generator) -> NDArray[np.bool_]:
    """A random acyclic graph with k d edges on average, each pair alike, in a random order. Returns (d, d)."""
    upper = np.triu(generator.random((d, d)) < min(1.0, 2 * k / (d - 1)), k=1)
    order = generator.permutation(d)
    return upper[np.ix_(order, order)]


def scale_free(d: int, k: int, generator: np.random.Generator) -> NDArray[np.bool_]:
    """A Barabasi-Albert graph: each new variable causes k older ones, popular ones more likely. Returns (d, d)."""
    edges = np.zeros((d, d), dtype=bool)
    edges[k, :k] = True
    popular = [*range(k), *[k] * k]             # every variable once for each of its edges
    for newer in range(k + 1, d):
        older: set[int] = set()
        while len(older) < k:
            older.add(popular[generator.integers(len(popular))])
        edges[newer, sorted(older)] = True
        popular += [*sorted(older), *[newer] * k]
    return edges


def strengths(edges: NDArray[np.bool_], low: float, high: float, generator: np.random.Generator) -> Array:
    """Uniform on [-high, -low] and [low, high] where there is an edge, zero elsewhere. edges: (d, d)."""
    size = generator.uniform(low, high, edges.shape) * generator.choice([-1.0, 1.0], edges.shape)
    return np.where(edges, size, 0.0)


def standard_noise(shape: tuple[int, ...], noise: Noise, generator: np.random.Generator) -> Array:
    """Draws with mean zero and variance one from one of the four laws of the paper."""
    if noise == "normal":
        return generator.standard_normal(shape)
    if noise == "exponential":
        return generator.standard_exponential(shape) - 1.0
    if noise == "laplace":
        return generator.laplace(0.0, np.sqrt(0.5), shape)
    scale = np.sqrt(6.0) / np.pi
    return generator.gumbel(-scale * np.euler_gamma, scale, shape)


def random_sem(
    d: int,
    k: int,
    generator: np.random.Generator,
    *,
    law: GraphLaw = "erdos-renyi",
    variance: float | None = 1.0,
    low: float | None = None,
    high: float | None = None,
) -> LinearSem:
    """A model of the paper's two families.

    One variance for all ("EV"): strengths from ±[0.5, 2]. `variance=None` ("NV"): variances uniform on
    [0.5, 10], strengths from ±[0.25, 1]. `low` and `high` override the strengths.
    """
    edges = erdos_renyi(d, k, generator) if law == "erdos-renyi" else scale_free(d, k, generator)
    default_low, default_high = (0.5, 2.0) if variance is not None else (0.25, 1.0)
    W = strengths(edges, low or default_low, high or default_high, generator)
    variances = np.full(d, variance) if variance is not None else generator.uniform(0.5, 10.0, d)
    return LinearSem(W, variances)
