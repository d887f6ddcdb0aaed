"""What the predictors share: features and targets as plain values, and a state that restores them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Literal

import numpy as np

from engines.abilities import Feature, Predictor, Target

Kind = Literal["network", "boosting", "linear", "ONNX file"]
"""An ONNX file was trained elsewhere: it can be opened, not trained again."""


ELSEWHERE = "from another program"
"""The sort of a model that came trained: `learning.learn` cannot train another one."""
_SORTS: Mapping[Kind, str] = {
    "network": "network", "boosting": "boosted trees", "linear": "linear model", "ONNX file": ELSEWHERE,
}


@dataclass(frozen=True)
class Learning:
    """How a predictor is trained; those of another kind are not used.

    Attributes:
        hidden: Units of each hidden layer of a network.
        epochs, batch, rate: Of a network: passes over the rows, rows a step, peak learning rate.
        penalty: Weight of the squares against the summed loss: of a network's weights, of linear coefficients
            (scikit-learn's `alpha`, and 1 / `C`). A network of some thousand rows learns them by heart below 3.
        trees, depth, shrinkage, share: Of boosting: trees an output, their depth, what each adds, rows that each sees.
    """

    kind: Kind = "network"
    hidden: tuple[int, ...] = (64, 64)
    epochs: int = 60
    batch: int = 128
    rate: float = 3e-3
    penalty: float = 6.0
    trees: int = 150
    depth: int = 3
    shrinkage: float = 0.1
    share: float = 0.7


class Stored(Predictor):
    """A predictor whose whole state is plain values and arrays."""

    kind: ClassVar[str]
    learned: Learning
    """How it was trained, so that it can be trained again."""

    @property
    def sort(self) -> str:
        return _SORTS[self.learned.kind]

    @abstractmethod
    def state(self) -> dict[str, Any]:
        """All that `engines.predictors.restored` needs: nested dicts and tuples of arrays and plain values."""

    def head(self) -> dict[str, Any]:
        """The part of the state that all kinds share."""
        return {
            "kind": self.kind, "learned": asdict(self.learned),
            "features": tuple(asdict(one) for one in self.features),
            "targets": tuple(asdict(one) for one in self.targets),
        }


def features_from(told: Sequence[Mapping[str, Any]]) -> tuple[Feature, ...]:
    """Features as they stand in the head of a state."""
    return tuple(Feature(**{**one, "levels": tuple(one["levels"])}) for one in told)


def targets_from(told: Sequence[Mapping[str, Any]]) -> tuple[Target, ...]:
    """Targets as they stand in the head of a state."""
    return tuple(Target(**{**one, "levels": tuple(one["levels"])}) for one in told)


def learning_from(told: Mapping[str, Any]) -> Learning:
    """The learning as it stands in the head of a state."""
    return Learning(**{**told, "hidden": tuple(told["hidden"])})


def widths(targets: Sequence[Target]) -> list[int]:
    """How many outputs each target takes: one for a number, one a level for a category."""
    return [max(1, len(target.levels)) for target in targets]


def split(outputs: np.ndarray, targets: Sequence[Target]) -> dict[str, np.ndarray]:
    """Outputs (n, sum of widths) by target: (n,) numbers, or (n, k) probabilities from logits."""
    found, start = {}, 0
    for target, width in zip(targets, widths(targets), strict=True):
        part = outputs[:, start : start + width]
        found[target.name] = softmax(part) if target.levels else part[:, 0]
        start += width
    return found


def softmax(logits: np.ndarray) -> np.ndarray:
    """(n, k) probabilities."""
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)
