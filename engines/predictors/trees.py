"""A predictor of boosted trees, kept as node arrays, with a prediction of our own.

Symbols: n rows, p encoded columns, t trees, o outputs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from engines.abilities import Feature, Target
from engines.predictors.encoding import Encoding
from engines.predictors.stored import Learning, Stored, features_from, learning_from, split, targets_from

CELLS = 1 << 22
"""Rows times trees that are walked at once."""


@dataclass(frozen=True, eq=False)
class Nodes:
    """All trees in one set of arrays, each over the nodes.

    Attributes:
        column: The encoded column that a node asks; -1 for a leaf.
        threshold: Down to the left where the value is at most this.
        left, right: Places of the children; a leaf's are its own place.
        value: What a leaf adds.
        roots, output: (t,) place of each tree's root, and the output that it adds to.
    """

    column: np.ndarray
    threshold: np.ndarray
    left: np.ndarray
    right: np.ndarray
    value: np.ndarray
    roots: np.ndarray
    output: np.ndarray

    def __post_init__(self) -> None:
        own, inner = np.arange(len(self.column)), self.column >= 0
        children = np.stack([self.left, self.right])[:, inner]
        if (children <= own[inner]).any() or (children >= len(own)).any():
            raise ValueError("A tree's children do not follow their parent.")       # else a walk might never end

    @staticmethod
    def of(trees: Sequence[Any], outputs: Sequence[int], shares: Sequence[float]) -> Nodes:
        """From scikit-learn's `tree_` objects; leaves are multiplied by the share of their tree."""
        starts = np.cumsum([0, *(tree.node_count for tree in trees)])
        own = [np.arange(tree.node_count) for tree in trees]
        left = [np.where(t.children_left < 0, at, t.children_left) + s
                for t, at, s in zip(trees, own, starts[:-1], strict=True)]
        right = [np.where(t.children_right < 0, at, t.children_right) + s
                 for t, at, s in zip(trees, own, starts[:-1], strict=True)]
        return Nodes(
            np.concatenate([np.where(t.children_left < 0, -1, t.feature) for t in trees]).astype(np.int32),
            np.concatenate([t.threshold for t in trees]), np.concatenate(left).astype(np.int32),
            np.concatenate(right).astype(np.int32),
            np.concatenate([share * t.value[:, 0, 0] for t, share in zip(trees, shares, strict=True)]),
            starts[:-1].astype(np.int32), np.asarray(outputs, dtype=np.int32),
        )

    def summed(self, encoded: np.ndarray, outputs: int) -> np.ndarray:
        """(n, o): what the trees add up to."""
        seen = encoded.astype(np.float32)       # trees were grown on numbers of this width: the same side of each cut
        summed = np.zeros((len(seen), outputs))
        step = max(1, CELLS // max(1, len(self.roots)))
        for start in range(0, len(seen), step):
            part = seen[start : start + step]
            place = np.broadcast_to(self.roots, (len(part), len(self.roots)))
            while (inner := self.column[place] >= 0).any():
                asked = np.take_along_axis(part, np.where(inner, self.column[place], 0), axis=1)
                place = np.where(asked <= self.threshold[place], self.left[place], self.right[place])
            for output in range(outputs):
                summed[start : start + step, output] = self.value[place[:, self.output == output]].sum(axis=1)
        return summed


@dataclass(frozen=True, eq=False)
class Trees(Stored):
    """Boosted trees; see `Nodes`. `start` (o,) is where the outputs begin: raw units, or logits."""

    kind: ClassVar[str] = "trees"

    learned: Learning
    encoding: Encoding
    predicted: tuple[Target, ...]
    nodes: Nodes
    start: np.ndarray

    @property
    def features(self) -> tuple[Feature, ...]:
        return self.encoding.features

    @property
    def targets(self) -> tuple[Target, ...]:
        return self.predicted

    def predict(self, rows: np.ndarray) -> dict[str, np.ndarray]:
        summed = self.start + self.nodes.summed(self.encoding.encode(rows), len(self.start))
        return split(summed, self.predicted)

    def state(self) -> dict[str, Any]:
        return {
            **self.head(), "encoding": self.encoding.state(), "nodes": dict(vars(self.nodes)), "start": self.start,
        }

    @staticmethod
    def from_state(state: Mapping[str, Any]) -> Trees:
        """The inverse of `state`."""
        return Trees(
            learning_from(state["learned"]),
            Encoding.from_state(features_from(state["features"]), state["encoding"]), targets_from(state["targets"]),
            Nodes(**{name: np.asarray(array) for name, array in state["nodes"].items()}), np.asarray(state["start"]),
        )
