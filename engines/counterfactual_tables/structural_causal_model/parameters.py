"""What can be set of a structural causal model, and the presets."""

from typing import Literal

from engines.contract import MethodParameters, parameter
from engines.predictors.stored import Kind, Learning


class Parameters(MethodParameters):
    """Defaults are for some thousand rows on one core: half a minute."""

    mechanism: Literal["automatic", "linear", "boosting", "network"] = parameter(
        "automatic", help="What computes a variable from its causes. Automatic takes, for each, the one that predicts "
                          "held-out rows best; linear unless another is clearly better.")
    bootstraps: int = parameter(
        10, ge=0, le=200, unit="samples", help="Fits on resampled rows, which the intervals come from.")
    draws: int = parameter(
        100, ge=2, le=5000, unit="draws", help="Draws of a category's noise, which is never known exactly.")
    held_out: float = parameter(
        0.25, ge=0.05, le=0.5, help="Share of the rows by which the mechanisms are judged.", advanced=True)
    permutations: int = parameter(
        199, ge=19, le=9999, unit="permutations", advanced=True,
        help="Behind each p-value of independence, at least; a graph of many edges gets more.")
    trees: int = parameter(80, ge=1, le=2000, unit="trees", help="Boosted trees of a mechanism.", advanced=True)
    depth: int = parameter(3, ge=1, le=12, unit="levels", help="Depth of each tree.", advanced=True)
    hidden: int = parameter(32, ge=1, le=1024, unit="units", help="Units in both layers of a network.", advanced=True)
    epochs: int = parameter(60, ge=1, le=10_000, unit="passes", help="Passes of a network.", advanced=True)

    def kinds(self) -> tuple[Kind, ...]:
        """Those to try, the plainest first."""
        if self.mechanism == "automatic":
            return ("linear", "boosting")
        return (self.mechanism,)

    def learning(self, kind: Kind, category: bool) -> Learning:
        """How a mechanism of that kind is trained; without a penalty worth the name where least squares need none."""
        penalty = {"linear": 1.0 if category else 1e-6}.get(kind, 3.0)
        return Learning(kind, (self.hidden, self.hidden), self.epochs, penalty=penalty, trees=self.trees,
                        depth=self.depth)


AUTOMATIC, LINEAR = Parameters(), Parameters(mechanism="linear")
BOOSTING, NETWORK = Parameters(mechanism="boosting"), Parameters(mechanism="network", bootstraps=4)
