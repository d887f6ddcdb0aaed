"""How strong a hidden confounder would have to be to overturn the estimate.

Source: Chernozhukov, Cinelli, Newey, Sharma, Syrgkanis 2022 (omitted variable bias of machine-learned effects), with
DoubleML's elements: |bias| <= rho * sqrt(sigma2 * nu2) * sqrt(cf_y * cf_d / (1 - cf_d)), rho = 1. `cf_y`: share of what
is left of the outcome that the confounder explains; `cf_d`: share of what is left of the treatment's variance (of the
variance of the Riesz representer) that it explains.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from engines.counterfactual_tables.average_effect.estimators import NORMAL_975, Estimate
from engines.counterfactual_tables.average_effect.table import Array

GRID = np.linspace(0.0, 0.5, 21)


@dataclass(frozen=True)
class Sensitivity:
    """Of one estimate.

    Attributes:
        scale: sqrt(sigma2 * nu2), raw units of the effect.
        tips: Share of both at which the estimate could be zero.
        tips_interval: Share of both at which its 95 % interval could reach zero; 0 when it already does.
    """

    estimate: Estimate
    scale: float
    tips: float
    tips_interval: float

    def bias(self, of_outcome: Array | float, of_treatment: Array | float) -> Array:
        """Largest bias that a confounder of these shares can make."""
        return np.asarray(self.scale * np.sqrt(of_outcome * np.divide(of_treatment, 1 - np.asarray(of_treatment))))

    def contour(self) -> Array:
        """The effect nearest to zero that is left; rows by share of the outcome, columns by share of the treatment."""
        left = abs(self.estimate.effect) - self.bias(GRID[:, None], GRID[None, :])
        return np.asarray(np.sign(self.estimate.effect) * left)

    def sentence(self, treatment: str, outcome: str) -> str:
        """The tipping point in words."""
        if self.tips_interval == 0:
            return "The interval holds zero already, without any hidden confounder."
        return (
            f"A hidden confounder that explains {self.tips:.1%} of what is left of {treatment} and of {outcome} could "
            f"explain the whole estimate; with {self.tips_interval:.1%} its interval could reach zero."
        )


def sensitivity(model: Any, estimate: Estimate) -> Sensitivity:
    """From a fitted model of DoubleML that has the elements (IRM, PLR)."""
    elements = model.sensitivity_elements
    scale = float(np.sqrt(np.median(elements["sigma2"]) * np.median(elements["nu2"])))
    nearest = max(abs(estimate.effect) - NORMAL_975 * estimate.error, 0.0)
    return Sensitivity(estimate, scale, share_for(abs(estimate.effect), scale), share_for(nearest, scale))


def share_for(bias: float, scale: float) -> float:
    """The share r with scale * r / sqrt(1 - r) = bias: the same of outcome and treatment."""
    if bias <= 0 or scale <= 0:
        return 0.0
    f = (bias / scale) ** 2
    return float((np.sqrt(f * f + 4 * f) - f) / 2)
