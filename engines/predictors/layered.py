"""A predictor of layers: none hidden is linear or logistic regression, some are a network with ReLU.

Symbols: n rows, p encoded columns, h units of a layer, o outputs (one a number, one a level of a category).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from engines.abilities import Feature, Target
from engines.predictors.encoding import Encoding
from engines.predictors.stored import Learning, Stored, features_from, learning_from, split, targets_from, widths

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True, eq=False)
class Layered(Stored):
    """Affine layers with ReLU between them.

    Attributes:
        encoding: From raw units to the first layer.
        predicted: The targets, in the order of the outputs.
        layers: Weight (inputs, h) and bias (h,) of each; the last has o outputs: raw units, or logits.
    """

    kind: ClassVar[str] = "layered"

    learned: Learning
    encoding: Encoding
    predicted: tuple[Target, ...]
    layers: tuple[tuple[np.ndarray, np.ndarray], ...]

    @property
    def features(self) -> tuple[Feature, ...]:
        return self.encoding.features

    @property
    def targets(self) -> tuple[Target, ...]:
        return self.predicted

    @property
    def differentiable(self) -> bool:
        return True

    def predict(self, rows: np.ndarray) -> dict[str, np.ndarray]:
        values = self.encoding.encode(rows)
        for number, (weight, bias) in enumerate(self.layers):
            values = np.maximum(values, 0.0) @ weight + bias if number else values @ weight + bias
        return split(values, self.predicted)

    def scores(self, rows: torch.Tensor) -> dict[str, torch.Tensor]:
        import torch

        values = self.encoding.encode_tensor(rows)
        for number, (weight, bias) in enumerate(self.layers):
            w, b = (torch.as_tensor(a, dtype=rows.dtype, device=rows.device) for a in (weight, bias))
            values = torch.relu(values) @ w + b if number else values @ w + b
        parts = torch.split(values, widths(self.predicted), dim=1)
        return {
            target.name: part if target.levels else part[:, 0]
            for target, part in zip(self.predicted, parts, strict=True)
        }

    def state(self) -> dict[str, Any]:
        return {
            **self.head(), "encoding": self.encoding.state(),
            "layers": tuple({"weight": weight, "bias": bias} for weight, bias in self.layers),
        }

    @staticmethod
    def from_state(state: Mapping[str, Any]) -> Layered:
        """The inverse of `state`."""
        layers: Sequence[Mapping[str, Any]] = state["layers"]
        return Layered(
            learning_from(state["learned"]),
            Encoding.from_state(features_from(state["features"]), state["encoding"]), targets_from(state["targets"]),
            tuple((np.asarray(one["weight"]), np.asarray(one["bias"])) for one in layers),
        )
