"""Identification without theory: derivatives of what is seen and of the effect in models of binary variables.

A model gives each observed node the chance of 1 for all values of its parents and of the hidden causes into it, and
each hidden cause a distribution over `HIDDEN` values. At a random model, the effect is locally determined by the
observed distribution exactly when its gradient lies in the space that the gradients of the observed probabilities span.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, product

import numpy as np

from engines.graph.graph import Edge, Graph, Node, bidirected

HIDDEN = 4
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def ordered_graphs(names: Sequence[str]) -> Iterator[Graph]:
    """Every acyclic graph with every set of bidirected edges, of which the names are a causal order."""
    pairs = list(combinations(names, 2))
    nodes = tuple(Node(name) for name in names)
    for chosen in product((False, True), repeat=2 * len(pairs)):
        directed = [Edge(*pair) for pair, on in zip(pairs, chosen) if on]
        hidden = [bidirected(*pair) for pair, on in zip(pairs, chosen[len(pairs):]) if on]
        yield Graph(nodes, (*directed, *hidden))


class Point:
    """A random model over a graph, with the derivatives of its distributions by its parameters."""

    def __init__(self, graph: Graph, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self.names = graph.names
        hidden = [i for i, edge in enumerate(graph.edges) if edge.bidirected]
        self._letter = dict(zip((*self.names, *hidden), _LETTERS))
        self.factors: dict[object, tuple[str, np.ndarray]] = {}
        for i in hidden:
            self.factors[i] = self._letter[i], rng.dirichlet(np.full(HIDDEN, 2.0))
        for name in self.names:
            above = (*graph.parents(name), *(i for i in hidden if name in graph.edges[i].pair))
            shape = [HIDDEN if isinstance(cause, int) else 2 for cause in above]
            one = rng.uniform(0.1, 0.9, shape)
            axes = "".join(self._letter[cause] for cause in above) + self._letter[name]
            self.factors[name] = axes, np.stack([1 - one, one], axis=-1)

    def gradients(self, over: Sequence[str], without: frozenset[str] = frozenset()) -> np.ndarray:
        """Derivatives of the distribution of some nodes with the mechanisms of others removed; parameters by entries.

        Removed nodes must be among `over`: they stand as arguments.
        """
        seen = "".join(self._letter[name] for name in over)
        rows = []
        for key, (axes, values) in self.factors.items():
            if key in without:
                rows.append(np.zeros((values.size // (1 if isinstance(key, int) else 2), 2 ** len(over))))
                continue
            others = [part for other, part in self.factors.items() if other != key and other not in without]
            rest = _contracted(others, {*seen, *axes})                  # over seen and axes
            both = "".join(sorted({*seen, *axes}))
            inner = axes if isinstance(key, int) else axes[:-1]         # what the parameters are told apart by
            keep = "".join(sorted({*seen} - {*inner}))
            moved = np.transpose(rest, [both.index(letter) for letter in (*inner, *keep)])
            moved = moved.reshape(-1, *moved.shape[len(inner):])
            full = _spread(moved, inner, keep, seen, values.shape[: len(inner)])
            if not isinstance(key, int):                                # a chance of 1: up there, down at 0
                sign = [1] * (1 + len(seen))
                sign[1 + seen.index(axes[-1])] = 2
                full = full * np.array([-1.0, 1.0]).reshape(sign)
            rows.append(full.reshape(len(moved), -1))
            if isinstance(key, int):                                    # they sum to one
                rows[-1] = rows[-1][1:] - rows[-1][:1]
        return np.concatenate(rows)

    def distribution(self, without: frozenset[str] = frozenset()) -> np.ndarray:
        """The distribution of the observed nodes, one axis each, with the mechanisms of some removed."""
        parts = [part for key, part in self.factors.items() if key not in without]
        return _contracted(parts, {self._letter[name] for name in self.names})

    def determined(self, x: str, y: str, given: tuple[str, ...] = ()) -> bool:
        """Whether P(y | do(x), given) is locally a function of the observed distribution."""
        seen = self.gradients(self.names)
        done = frozenset({x})
        others = tuple(i for i, name in enumerate(self.names) if name not in (x, y, *given))
        value = self.distribution(done).sum(axis=others, keepdims=True)
        moved = self.gradients(self.names, done)
        moved = moved.reshape(len(moved), *(2,) * len(self.names)).sum(axis=tuple(i + 1 for i in others), keepdims=True)
        at = self.names.index(y)
        whole = value.sum(axis=at, keepdims=True)
        effect = (moved * whole - value * moved.sum(axis=at + 1, keepdims=True)) / whole**2
        effect = effect.reshape(len(effect), -1)
        basis, sizes, _ = np.linalg.svd(seen, full_matrices=False)
        basis = basis[:, sizes > 1e-9 * sizes[0]]
        rest = effect - basis @ (basis.T @ effect)
        return bool(np.abs(rest).max() < 1e-7 * max(np.abs(effect).max(), 1e-3))


def _contracted(parts: Sequence[tuple[str, np.ndarray]], keep: set[str]) -> np.ndarray:
    """The product of the parts summed over all but some letters; axes in alphabetic order, all of them present."""
    told = {letter for axes, _ in parts for letter in axes}
    sizes = {letter: size for axes, values in parts for letter, size in zip(axes, values.shape)}
    missing = sorted(keep - told)
    ones = [(letter, np.ones(sizes.get(letter, 2))) for letter in missing]
    every = [*parts, *ones]
    spec = ",".join(axes for axes, _ in every) + "->" + "".join(sorted(keep))
    return np.einsum(spec, *(values for _, values in every), optimize=True)


def _spread(moved: np.ndarray, inner: str, keep: str, seen: str, shape: Sequence[int]) -> np.ndarray:
    """(parameters, kept axes) laid out over all seen axes: zero where a seen parent has another value."""
    count = len(moved)
    full = np.zeros((count, *(2,) * len(seen)))
    for parameter, values in enumerate(np.ndindex(*shape) if inner else [()]):
        held = dict(zip(inner, values))
        place = tuple(held[letter] if letter in held else slice(None) for letter in seen)
        order = [letter for letter in seen if letter not in held]
        full[(parameter, *place)] = np.transpose(moved[parameter], [keep.index(letter) for letter in order])
    return full
