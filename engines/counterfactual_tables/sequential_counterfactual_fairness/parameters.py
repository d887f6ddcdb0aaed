"""What can be set of the fair sequential classifier, and the presets."""

from typing import Literal

from engines.contract import MethodParameters, parameter


class Parameters(MethodParameters):
    """Defaults are those that the card's data were measured with: some 20 s on one core."""

    sources: int = parameter(
        0, ge=0, le=10_000, title="Source periods", unit="periods",
        help="How many of the first periods are learnt from; 0: two thirds. The later ones only judge.")
    steps: int = parameter(500, ge=2, le=1_000_000, unit="steps", help="Updates.")
    fairness: float = parameter(
        100.0, ge=0, le=10_000, title="Weight of fairness",
        help="Of the change in the prediction when the sensitive attribute is flipped (second half of the steps).")
    invariance: float = parameter(
        100.0, ge=0, le=10_000, title="Weight of invariance",
        help="What the classifier reads must look alike in every period, given the label. This carries accuracy.")
    independence: float = parameter(
        20.0, ge=0, le=10_000, title="Weight of independence",
        help="Hidden factors must look alike whatever the sensitive attribute.")
    marking: Literal["proposed", "by role"] = parameter(
        "proposed", title="Columns the attribute affects",
        help="Proposed: those whose means differ by more than 3 standard errors. By role: factors are affected, "
             "covariates are not.")
    points: int = parameter(
        0, ge=0, le=6, title="Points of the trade-off curve",
        help="So many models with a smaller weight of fairness are trained beside, from half way on: without it, with "
             "a fifth, a 25th … of it. Each takes half as long again.")
    release: bool = parameter(
        False, title="Leave the second half to fairness",
        help="Independence loses its weight half way, where fairness gains its own: what the weight of fairness does "
             "is then seen alone.", advanced=True)
    adversary: float = parameter(
        0.0, ge=0, le=1000, title="Weight of the adversary",
        help="Another way to independence: a network learns to tell rows from mixtures of rows, and the hidden factors "
             "learn to deceive it. Usually 0.4, with a weight of independence of 0; weaker than that on our data.",
        advanced=True)
    dimensions: int = parameter(
        3, ge=1, le=100, title="Numbers in each block", unit="numbers", help="Size of each of the four blocks.",
        advanced=True)
    hidden: int = parameter(48, ge=2, le=2048, unit="units", help="Units in each encoder's layers.", advanced=True)
    batch: int = parameter(
        96, ge=8, le=65_536, unit="rows", help="Rows of every source period in each step.", advanced=True)
    rate: float = parameter(3e-3, gt=0, le=0.1, help="Learning rate of Adam.", advanced=True)
    divergence: float = parameter(0.2, ge=0, le=100, help="Weight of the divergences from the priors.", advanced=True)
    label: float = parameter(20.0, ge=0, le=10_000, help="Weight of the label's cross-entropy.", advanced=True)
    smoothness: float = parameter(
        0.0, ge=0, le=10_000, help="Weight of the distance between neighbouring periods' environment means.",
        advanced=True)

    @property
    def half(self) -> int:
        """The step from which on fairness has its weight."""
        return self.steps // 2

    @property
    def weaker(self) -> tuple[float, ...]:
        """Weights of fairness of the models beside: none, then ever closer to the model's own."""
        powers = range(max(0, self.points - 1), 0, -1)
        return ((0.0,) if self.points else ()) + tuple(self.fairness / 5**k for k in powers)

    def independence_at(self, step: int) -> float:
        """The weight of independence at a step."""
        return 0.0 if self.release and step >= self.half else self.independence


STANDARD = Parameters()
QUICK = Parameters(steps=250)
CURVE = Parameters(points=3)
