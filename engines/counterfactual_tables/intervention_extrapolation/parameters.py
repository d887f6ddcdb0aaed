"""Settings of Rep4Ex."""

from engines.contract import MethodParameters, parameter


class Parameters(MethodParameters):
    """Settings of both stages; defaults are those that the check is run with."""

    latents: int = parameter(1, ge=1, le=32, help="Hidden factors that the actions move; at most one for each action.")
    weight: float = parameter(
        10.0, ge=0, le=100_000,
        help="Weight of the demand that the actions move the latents linearly; 0 gives a plain autoencoder.",
    )
    search: bool = parameter(
        False,
        help="Try the weights 1, 10, 100 and 1,000, and keep the largest that reconstructs almost as well as none.",
    )
    compare: bool = parameter(
        False, title="Compare numbers of latents",
        help="First learn, a third as long, an encoder with 1, 2 and more latents, up to two beyond the actions, and "
        "draw how well each does. The run then takes about half as long again.",
    )
    restarts: int = parameter(3, ge=1, le=10, help="Encoders learnt from different starts; the best one answers.")
    bootstraps: int = parameter(20, ge=0, le=200, unit="samples", help="Resampled second stages, for the band.")
    steps: int = parameter(900, ge=10, le=100_000, unit="steps", help="Updates of the encoders.")
    outcome_steps: int = parameter(500, ge=10, le=100_000, unit="steps", help="Updates of the outcome networks.")
    width: int = parameter(32, ge=2, le=1024, help="Width of the hidden layers of encoder and decoder.", advanced=True)
    outcome_width: int = parameter(
        32, ge=2, le=1024, help="Width of the hidden layers of the outcome networks.", advanced=True
    )
    rate: float = parameter(5e-3, gt=0, le=1, help="Learning rate at the start; it falls to nothing.", advanced=True)
    batch: int = parameter(
        2000, ge=64, le=10_000, unit="rows",
        help="Rows in an update. Below about 1,000 the demand is too noisy to be learnt from.", advanced=True,
    )
    bending: float = parameter(
        1e-5, ge=0, le=1,
        help="Weight of the squared weights of encoder and decoder: what can stay straight does.", advanced=True,
    )
    decay: float = parameter(
        1e-4, ge=0, le=1, help="Weight of the squared weights of the outcome networks.", advanced=True
    )
