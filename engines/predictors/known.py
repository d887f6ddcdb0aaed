"""Functions that are known, as predictors: what a method finds of them can be compared with what is true."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from engines.abilities import Feature, Target
from engines.predictors.stored import Learning, Stored, features_from, targets_from


def circle_and_arcs(rows: np.ndarray) -> np.ndarray:
    """(n,) 1 inside one of five regions of the plane, else 0: a circle around (0.3, 0.3) and four arcs beyond it."""
    x, y = rows.T
    circle = np.hypot(x - 0.3, y - 0.3) < 0.1
    arcs = (((x - y) ** 6 - 1) ** 2 + ((x + y) ** 6 - 1) ** 2) ** 2 < 0.99
    return (circle | arcs).astype(np.float64)


FUNCTIONS: Mapping[str, Callable[[np.ndarray], np.ndarray]] = {"circle and arcs": circle_and_arcs}


@dataclass(frozen=True)
class Known(Stored):
    """One of `FUNCTIONS`, by name: rows (n, d) to one predicted number."""

    kind: ClassVar[str] = "known"

    function: str
    reads: tuple[Feature, ...]
    tells: tuple[Target, ...]
    learned: Learning = Learning()          # nothing was

    @property
    def sort(self) -> str:
        return "known function"

    @property
    def features(self) -> tuple[Feature, ...]:
        return self.reads

    @property
    def targets(self) -> tuple[Target, ...]:
        return self.tells

    def predict(self, rows: np.ndarray) -> dict[str, np.ndarray]:
        return {self.tells[0].name: FUNCTIONS[self.function](rows)}

    def state(self) -> dict[str, Any]:
        return {**self.head(), "function": self.function}

    @staticmethod
    def from_state(state: Mapping[str, Any]) -> Known:
        """The inverse of `state`; only functions known here are made."""
        if state["function"] not in FUNCTIONS:
            raise ValueError(f"There is no function {state['function']}.")
        return Known(str(state["function"]), features_from(state["features"]), targets_from(state["targets"]))
