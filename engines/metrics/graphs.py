"""How far a learnt causal graph is from the true one.

Symbols: A, B (d, d) boolean adjacency of acyclic graphs, A[i, j] = there is an edge i -> j; the true graph comes first.
Sources: structural Hamming distance as in Zheng et al. 2018 (a reversal counts once); structural intervention
distance: Peters and Buehlmann, Neural Computation 2015; CPDAG by Meek's rules, UAI 1995.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class GraphScores:
    """Counts of a comparison; every rate is in [0, 1]."""

    true: int
    predicted: int
    correct: int
    reversed: int
    extra: int
    missing: int

    @property
    def shd(self) -> int:
        """Edges to add, delete or turn round to get the true graph."""
        return self.extra + self.missing + self.reversed

    @property
    def tpr(self) -> float:
        """Share of the true edges found with the right direction."""
        return self.correct / max(self.true, 1)

    @property
    def fdr(self) -> float:
        """Share of the predicted edges that are reversed or absent in the truth."""
        return (self.reversed + self.extra) / max(self.predicted, 1)


def compare(truth: Mask, predicted: Mask) -> GraphScores:
    """Count right, reversed, extra and missing edges. truth, predicted: (d, d)."""
    truth, predicted = truth.astype(bool), predicted.astype(bool)
    pairs = np.triu(truth | truth.T, 1), np.triu(predicted | predicted.T, 1)
    return GraphScores(
        true=int(truth.sum()),
        predicted=int(predicted.sum()),
        correct=int((truth & predicted).sum()),
        reversed=int((predicted & truth.T & ~truth).sum()),
        extra=int((pairs[1] & ~pairs[0]).sum()),
        missing=int((pairs[0] & ~pairs[1]).sum()),
    )


def ancestors(A: Mask) -> Mask:
    """R[i, j]: there is a directed path from i to j, or i = j. A: (d, d)."""
    reach: Mask = A.astype(bool) | np.eye(len(A), dtype=bool)
    for _ in range(max(1, int(np.ceil(np.log2(max(len(A), 2)))))):
        reach = np.asarray(reach.astype(np.float64) @ reach.astype(np.float64) > 0)
    return reach


def reachable(A: Mask, source: int, given: Mask) -> Mask:
    """Variables d-connected to `source` given a set (Bayes ball). A: (d, d); given: (d,). Returns (d,)."""
    above_given: Mask = np.asarray(ancestors(A)[:, given].any(axis=1))
    seen = {(source, True)}                     # True: the ball came from a child, it may go on upwards
    waiting = [(source, True)]
    connected = np.zeros(len(A), dtype=bool)
    while waiting:
        node, upwards = waiting.pop()
        connected[node] |= not given[node]
        steps: list[tuple[int, bool]] = []
        if upwards and not given[node]:
            steps = [(int(p), True) for p in np.flatnonzero(A[:, node])]
            steps += [(int(c), False) for c in np.flatnonzero(A[node])]
        elif not upwards:
            if not given[node]:
                steps = [(int(c), False) for c in np.flatnonzero(A[node])]
            if above_given[node]:
                steps += [(int(p), True) for p in np.flatnonzero(A[:, node])]
        for step in steps:
            if step not in seen:
                seen.add(step)
                waiting.append(step)
    return connected


def intervention_distance(truth: Mask, predicted: Mask) -> int:
    """SID: ordered pairs (i, j) whose effect of i on j is wrong when one adjusts for i's predicted parents.

    Zero exactly when every edge of the truth is contained in the predicted graph's ordering. truth, predicted: (d, d).
    """
    truth, predicted = truth.astype(bool), predicted.astype(bool)
    reach = ancestors(truth)
    d = len(truth)
    wrong = 0
    for i in range(d):
        adjusted = predicted[:, i]
        for j in range(d):
            if i == j:
                continue
            if adjusted[j]:
                wrong += bool(reach[i, j])
                continue
            on_path = truth[i] & reach[:, j]                       # first steps of the directed paths from i to j
            between = reach[i] & reach[:, j]
            between[i] = False
            if (reach[between][:, adjusted]).any():
                wrong += 1
                continue
            without = truth.copy()
            without[i] &= ~on_path
            wrong += bool(reachable(without, i, adjusted)[j])
    return wrong


def equivalence_class(A: Mask) -> Mask:
    """CPDAG of an acyclic graph: both directions are set where the data cannot tell them apart. A: (d, d)."""
    A = A.astype(bool)
    skeleton = A | A.T
    directed = np.zeros_like(A)
    for j in range(len(A)):
        parents = np.flatnonzero(A[:, j])
        for a in parents:
            if any(not skeleton[a, b] for b in parents if b != a):
                directed[a, j] = True
    while True:
        undirected = skeleton & ~directed & ~directed.T
        new = np.zeros_like(A)
        for a, b in zip(*np.nonzero(undirected), strict=True):
            into_a, from_a = directed[:, a], directed[a]
            chain = (into_a & ~skeleton[:, b]).any()
            shortcut = (from_a & directed[:, b]).any()
            middle = np.flatnonzero(undirected[a] & directed[:, b])
            kite = any(not skeleton[c, e] for c in middle for e in middle if c != e)
            new[a, b] = chain or shortcut or kite
        if not new.any():
            return directed | undirected
        directed |= new


def equivalence_distance(truth: Mask, predicted: Mask) -> int:
    """SHD-C: pairs of variables whose mark differs between the two CPDAGs. truth, predicted: (d, d)."""
    first, second = equivalence_class(truth), equivalence_class(predicted)
    differs = (first != second) | (first.T != second.T)
    return int(np.triu(differs, 1).sum())
