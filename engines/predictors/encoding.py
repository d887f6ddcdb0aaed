"""From rows in raw units to network inputs: numbers standardised, categories one column a level.

Symbols: n rows, d features, p encoded columns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from engines.abilities import Feature

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True, eq=False)
class Encoding:
    """Fitted on the rows that are trained on.

    Attributes:
        features: The columns of a row, in order.
        centre, scale: (d,) of the numbers; 0 and 1 for categories.
    """

    features: tuple[Feature, ...]
    centre: np.ndarray
    scale: np.ndarray

    @staticmethod
    def fitted(features: Sequence[Feature], rows: np.ndarray) -> Encoding:
        """From rows (n, d)."""
        numbers = np.array([not f.levels for f in features])
        spread = rows.std(axis=0)
        return Encoding(
            tuple(features), np.where(numbers, rows.mean(axis=0), 0.0), np.where(numbers & (spread > 0), spread, 1.0)
        )

    @property
    def names(self) -> tuple[str, ...]:
        """(p,) what each encoded column stands for."""
        return tuple(
            name for f in self.features for name in ([f"{f.name} = {level}" for level in f.levels] or [f.name])
        )

    def encode(self, rows: np.ndarray) -> np.ndarray:
        """(n, d) raw units -> (n, p)."""
        scaled = (rows - self.centre) / self.scale
        parts = [
            (rows[:, j, None] == np.arange(len(f.levels))).astype(np.float64) if f.levels else scaled[:, j, None]
            for j, f in enumerate(self.features)
        ]
        return np.concatenate(parts, axis=1)

    def encode_tensor(self, rows: torch.Tensor) -> torch.Tensor:
        """As `encode`, with gradients with respect to the numbers."""
        import torch

        centre, scale = (torch.as_tensor(a, dtype=rows.dtype, device=rows.device) for a in (self.centre, self.scale))
        scaled = (rows - centre) / scale
        parts = [
            (rows[:, j, None] == torch.arange(len(f.levels), device=rows.device)).to(rows.dtype) if f.levels
            else scaled[:, j, None]
            for j, f in enumerate(self.features)
        ]
        return torch.cat(parts, dim=1)

    def state(self) -> dict[str, Any]:
        """Centre and scale; the features stand beside them."""
        return {"centre": self.centre, "scale": self.scale}

    @staticmethod
    def from_state(features: Sequence[Feature], state: Mapping[str, Any]) -> Encoding:
        """The inverse of `state`."""
        return Encoding(tuple(features), np.asarray(state["centre"]), np.asarray(state["scale"]))
