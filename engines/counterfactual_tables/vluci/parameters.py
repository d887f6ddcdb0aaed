"""What can be set of VLUCI, and the presets."""

from typing import Literal

from engines.contract import MethodParameters, parameter


class Parameters(MethodParameters):
    """Defaults are for some thousand rows on one core: minutes."""

    epochs: int = parameter(150, ge=1, le=100_000, unit="passes", help="Passes over the rows. Too few invent effects.")
    restarts: int = parameter(3, ge=1, le=50, unit="starts", help="Fits from other weights; the best bound is kept.")
    bootstraps: int = parameter(
        10, ge=0, le=200, unit="samples", help="Fits on resampled rows, which the intervals of the effects come from.")
    entries: int = parameter(
        1, ge=1, le=5, title="Entries of U", unit="numbers", help="How many numbers the hidden confounder has.")
    sensitivity: bool = parameter(
        True, help="Fit again with more entries of U, and a weaker and a stronger prior, to see what depends on them.")
    hidden: int = parameter(48, ge=2, le=1024, unit="units", help="Units in each hidden layer.", advanced=True)
    batch: int = parameter(256, ge=8, le=65_536, unit="rows", help="Rows in each training step.", advanced=True)
    rate: float = parameter(3e-3, gt=0, le=0.1, help="Learning rate of Adam at its peak.", advanced=True)
    decay: float = parameter(
        0.3, ge=0, le=1, help="Share of the steps, at the end, over which the rate falls to 0.", advanced=True)
    warm_up: float = parameter(
        0.3, ge=0, le=1, help="Share of the steps over which the divergences gain their full weight.", advanced=True)
    start_spread: float = parameter(
        0.22, gt=0, le=1, advanced=True,
        help="Standard deviation of the first guesses of U. At 1 about a third of the restarts never find U.")
    independence: float = parameter(
        1.0, ge=0, le=100, help="Weight of the penalty on U that depends on the covariates (HSIC).", advanced=True)
    draws: int = parameter(100, ge=1, le=10_000, unit="draws", help="Draws of U behind each answer.", advanced=True)
    bound: Literal["doubly variational", "single level"] = parameter(
        "doubly variational", help="What is maximised; the second is a cross-check.", advanced=True)
    decoder: Literal["shared", "two heads"] = parameter(
        "shared", advanced=True,
        help="Shared: U adds to both arms alike. Two heads let it change the effect, and are unreliable: U may then "
             "mean another thing in each arm.")


STANDARD = Parameters()
QUICK = Parameters(bootstraps=0, sensitivity=False)
THOROUGH = Parameters(epochs=300, restarts=5, bootstraps=40, hidden=64)
