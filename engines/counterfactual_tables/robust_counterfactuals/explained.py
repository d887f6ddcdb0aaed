"""The class that is wanted, as the model sees it: its probability, its margin, and where it wins.

Symbols: n rows, d features, all in unit range (`space`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from torch import Tensor

from engines.abilities import Predictor
from engines.counterfactual_tables.robust_counterfactuals.space import Array, Space

TINY = 1e-12


@dataclass(frozen=True, eq=False)
class Explained:
    """One class of one target of a predictor. `wanted`: the place of the class among the target's levels."""

    predictor: Predictor
    target: str
    wanted: int
    space: Space

    def chances(self, scaled: Array) -> Array:
        """(n, k) probabilities of every class."""
        return self.predictor.predict(self.space.raw(scaled))[self.target]

    def chance(self, scaled: Array) -> Array:
        """(n,) m(x): the probability of the wanted class."""
        return self.chances(scaled)[:, self.wanted]

    def accepted(self, scaled: Array) -> Array:
        """(n,) whether the wanted class is the likeliest."""
        found: Array = self.chances(scaled).argmax(axis=1) == self.wanted
        return found

    def gap(self, scaled: Array) -> Array:
        """(n,) logits by which the wanted class leads the likeliest other."""
        chances = np.log(np.maximum(self.chances(scaled), TINY))
        return chances[:, self.wanted] - np.delete(chances, self.wanted, axis=1).max(axis=1)

    def _logits(self, scaled: Tensor) -> Tensor:
        low, span = (scaled.new_tensor(values) for values in (self.space.low, self.space.span))
        return self.predictor.scores(low + span * scaled)[self.target]

    def chance_through(self, scaled: Tensor) -> Tensor:
        """(n,) m(x), with gradients."""
        return self._logits(scaled).softmax(dim=1)[:, self.wanted]

    def gap_through(self, scaled: Tensor) -> Tensor:
        """(n,) as `gap`, with gradients; of logits, for a softmax that is sure has none."""
        logits = self._logits(scaled)
        others = [place for place in range(logits.shape[1]) if place != self.wanted]
        return logits[:, self.wanted] - logits[:, others].amax(dim=1)
