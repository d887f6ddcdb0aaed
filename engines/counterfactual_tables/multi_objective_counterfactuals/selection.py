"""Which of the feasible candidates are shown: one score from weighted objectives, then a set that is good and diverse.

No search here. Symbols: n candidates, p encoded columns, b objectives beside, k chosen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from engines.counterfactual_tables.multi_objective_counterfactuals.distances import gaps
from engines.counterfactual_tables.multi_objective_counterfactuals.wishes import Bonus

THIN = 0.1
"""Diversity below which most qualities are too small to tell apart."""

WORK = 3e8
"""Differences of codes that may be computed for the first pair; beyond, it is looked for by sweeps."""

SWEEPS, BLOCK = 48, 512


@dataclass(frozen=True)
class Weights:
    """What counts how much, and how many are chosen.

    Attributes:
        beside: Weight of each objective beside, in order.
        determinant: Choose by the determinant of the similarities instead of the largest gaps.
        score: Take the design-target score for the objectives beside that have a goal.
        most: Candidates that enter the choice: the best by score.
    """

    closeness: float = 1.0
    few_changes: float = 0.3
    realism: float = 0.5
    diversity: float = 0.3
    count: int = 10
    beside: tuple[float, ...] = ()
    determinant: bool = False
    score: bool = False
    most: int = 25_000


@dataclass(frozen=True, eq=False)
class Selection:
    """Chosen candidates.

    Attributes:
        places: (k,) in the candidates given, in the order of choice.
        score: (n,) of all candidates, 0 the best and 1 the worst.
        notes: What must be said of the choice.
    """

    places: np.ndarray
    score: np.ndarray
    notes: tuple[str, ...] = field(default=())


def scores(objectives: np.ndarray, weights: Weights, beyond: np.ndarray | None = None) -> np.ndarray:
    """(n,) weighted objectives (n, b + 3), scaled to 0..1; zeros where all are equal.

    beyond: (n,) design-target score, higher is better, one objective more.
    """
    b = objectives.shape[1] - 3
    w = np.array([weights.closeness, weights.few_changes, weights.realism])
    total = objectives[:, b:] @ w
    if beyond is not None:
        total = total + (1.0 - beyond)
    if b:
        beside = np.ones(b) if not weights.beside else np.array(weights.beside)
        total = total + objectives[:, :b] @ beside
    low, high = (total.min(), total.max()) if len(total) else (0.0, 0.0)
    found: np.ndarray = np.zeros(len(total)) if high <= low else (total - low) / (high - low)
    return found


def design_targets(predicted: np.ndarray, bonuses: Sequence[Bonus]) -> np.ndarray:
    """(n,) design-target achievement in 0..1 of predictions (n, b) in raw units, higher is better; each has a goal."""
    goals = np.array([bonus.goal for bonus in bonuses], dtype=np.float64)
    alpha, beta = (np.array([getattr(bonus, name) for bonus in bonuses]) for name in ("alpha", "beta"))
    safe = np.maximum(predicted, 1e-7)
    ratio = np.where(np.array([bonus.sign for bonus in bonuses]) > 0, goals / safe, safe / goals)
    below = alpha * (ratio - 1.0)
    above = alpha / beta * (1.0 - np.exp(np.minimum(beta * (1.0 - ratio), 0.0)))
    told = np.where(ratio <= 1.0, below, above).sum(axis=1)
    found: np.ndarray = (told + alpha.sum()) / ((alpha / beta).sum() + alpha.sum())
    return found


def select(codes: np.ndarray, score: np.ndarray, weights: Weights) -> Selection:
    """Choose among candidates with codes (n, p) and scores (n,); places are those of the candidates given, always."""
    notes: list[str] = []
    k = min(weights.count, len(score))
    if len(score) < weights.count:
        notes.append(f"Only {len(score)} {'candidate meets' if len(score) == 1 else 'candidates meet'} every target.")
    order = np.argsort(score, kind="stable")
    if k <= 1 or weights.diversity <= 0 or k == len(score):
        return Selection(order[:k], score, tuple(notes))
    if weights.diversity < THIN:
        notes.append(f"With a diversity below {THIN:g} nearly all qualities vanish; only the very best are compared.")
    kept = order[: weights.most]
    if len(kept) < len(order):
        notes.append(f"The best {len(kept):,} of {len(order):,} candidates enter the choice.")
    quality = (1.0 - score[kept]) ** (1.0 / weights.diversity)
    inner = codes[kept]
    if weights.determinant:
        picked = by_determinant(inner, quality, k)
    else:
        picked, exact = by_gaps(inner, quality, k)
        if not exact:
            notes.append("The first pair was looked for by sweeps: there are too many candidates for every pair.")
    return Selection(kept[np.array(picked)], score, tuple(notes))


def by_gaps(codes: np.ndarray, quality: np.ndarray, k: int) -> tuple[list[int], bool]:
    """Greedy max-min of M_ij = g_ij q_i q_j: the largest pair, then each time the one whose smallest M is largest.

    Returns the k places, and whether the first pair is surely the largest.
    """
    one, other, exact = first_pair(codes, quality)
    picked = [one, other]
    least = np.minimum(_row(codes, quality, one), _row(codes, quality, other))
    while len(picked) < k:
        least[picked] = -1.0
        new = int(least.argmax())
        picked.append(new)
        least = np.minimum(least, _row(codes, quality, new))
    return picked, exact


def by_determinant(codes: np.ndarray, quality: np.ndarray, k: int) -> list[int]:
    """Greedy maximum of log det of L_ij = q_i (1 - g_ij) q_j over the chosen, by an incremental Cholesky factor."""
    gain = quality**2
    factor = np.zeros((len(quality), k))
    picked: list[int] = []
    taken = np.zeros(len(quality), dtype=bool)
    for step in range(k):
        new = int(np.where(taken, -np.inf, gain).argmax())
        picked.append(new)
        taken[new] = True
        if gain[new] <= 1e-300:
            continue
        similar = quality * (1.0 - gaps(codes, codes[new : new + 1])[:, 0]) * quality[new]
        factor[:, step] = (similar - factor[:, :step] @ factor[new, :step]) / np.sqrt(gain[new])
        gain = np.maximum(gain - factor[:, step] ** 2, 0.0)
    return picked


def first_pair(codes: np.ndarray, quality: np.ndarray) -> tuple[int, int, bool]:
    """The pair (i, j) with the largest g_ij q_i q_j, and whether it is surely that.

    g_ij is at most the distance of i to the farthest corner of the box around all codes, so that most rows cannot be
    in the pair once a good one is known; the others are compared block by block.
    """
    reach = np.minimum(np.maximum(codes - codes.min(axis=0), codes.max(axis=0) - codes).sum(axis=1), 1.0)
    bound = quality * reach
    order = np.argsort(-bound, kind="stable")
    best, pair = _swept(codes, quality, order[:SWEEPS:8])
    left = order[bound[order] * quality.max() > best]
    if len(left) < 2:
        return *pair, True
    if len(left) ** 2 / 2 * codes.shape[1] > WORK:
        best, pair = _swept(codes, quality, np.concatenate([order[:SWEEPS], np.argsort(-quality)[:SWEEPS]]))
        return *pair, False
    for start in range(0, len(left), BLOCK):
        block = left[start : start + BLOCK]
        top = quality[block].max()
        rest = left[start:][np.minimum(bound[left[start:]] * top, quality[left[start:]] * bound[block[0]]) > best]
        if not len(rest):
            continue
        M = gaps(codes[block], codes[rest]) * quality[block, None] * quality[rest]
        if M.max() > best:
            at = np.unravel_index(int(M.argmax()), M.shape)
            best, pair = float(M.max()), (int(block[at[0]]), int(rest[at[1]]))
    return *pair, True


def _swept(codes: np.ndarray, quality: np.ndarray, starts: np.ndarray) -> tuple[float, tuple[int, int]]:
    """From each start to its best partner, and on from there while that gains."""
    best, pair = -1.0, (0, 1)
    for start in starts:
        one, value = int(start), -1.0
        while True:
            row = _row(codes, quality, one)
            row[one] = -1.0
            other = int(row.argmax())
            if row[other] <= value:
                break
            value = float(row[other])
            if value > best:
                best, pair = value, (one, other)
            one = other
    return best, pair


def _row(codes: np.ndarray, quality: np.ndarray, one: int) -> np.ndarray:
    """(n,) M of one candidate with all."""
    found: np.ndarray = gaps(codes, codes[one : one + 1])[:, 0] * quality * quality[one]
    return found
