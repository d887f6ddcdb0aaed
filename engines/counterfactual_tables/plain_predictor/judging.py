"""How well a predictor does on rows that it was not trained on, beside one that knows no features.

Symbols: n rows, k levels.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engines.abilities import Predictor, Target
from engines.contract import Run

REPEATS = 5
TINY = 1e-12


@dataclass(frozen=True)
class Score:
    """One figure of one target on held-out rows; `plain` is what always saying the mean, or the shares, gives."""

    target: str
    figure: str
    value: float
    plain: float
    unit: str = ""


def loss(target: Target, told: np.ndarray, wanted: np.ndarray) -> float:
    """Mean squared error, or cross-entropy in nats."""
    if target.levels:
        return float(-np.log(np.maximum(told[np.arange(len(told)), wanted.astype(int)], TINY)).mean())
    return float(np.square(told - wanted).mean())


def judged(
    predictor: Predictor, rows: np.ndarray, wanted: Mapping[str, np.ndarray], training: Mapping[str, np.ndarray]
) -> tuple[Score, ...]:
    """Scores on `rows` (n, d); `training` holds the targets of the rows that were trained on."""
    told, scores = predictor.predict(rows), []
    for target in predictor.targets:
        seen, true = training[target.name], wanted[target.name]
        if target.levels:
            shares = np.bincount(seen.astype(int), minlength=len(target.levels)) / len(seen)
            plain = np.broadcast_to(shares, (len(true), len(shares)))
            scores += [
                Score(target.name, "right", _right(told[target.name], true), _right(plain, true)),
                Score(target.name, "cross-entropy", loss(target, told[target.name], true), loss(target, plain, true),
                      "nats"),
            ]
        else:
            flat = np.full(len(true), seen.mean())
            scores += [
                Score(target.name, "root mean square error", loss(target, told[target.name], true) ** 0.5,
                      loss(target, flat, true) ** 0.5, target.unit),
                Score(target.name, "mean error", float(np.abs(told[target.name] - true).mean()),
                      float(np.abs(flat - true).mean()), target.unit),
                Score(target.name, "R²", _explained(told[target.name], true), _explained(flat, true)),
            ]
    return tuple(scores)


def _explained(told: np.ndarray, wanted: np.ndarray) -> float:
    """Share of the variance that is told; 0 where nothing varies."""
    spread = np.square(wanted - wanted.mean()).mean()
    return float(1 - np.square(told - wanted).mean() / spread) if spread > 0 else 0.0


def _right(told: np.ndarray, wanted: np.ndarray) -> float:
    return float(np.mean(told.argmax(axis=1) == wanted))


def importance(
    predictor: Predictor, rows: np.ndarray, wanted: Mapping[str, np.ndarray], run: Run
) -> np.ndarray:
    """(targets, features, repeats): how much the loss grows when a feature's values are dealt out anew."""
    whole = predictor.predict(rows)
    found = np.zeros((len(predictor.targets), len(predictor.features), REPEATS))
    for j in run.steps(range(len(predictor.features)), "importance"):
        for repeat in range(REPEATS):
            dealt = rows.copy()
            dealt[:, j] = dealt[run.generator.permutation(len(rows)), j]
            told = predictor.predict(dealt)
            for i, target in enumerate(predictor.targets):
                true = wanted[target.name]
                found[i, j, repeat] = loss(target, told[target.name], true) - loss(target, whole[target.name], true)
    return found
