"""What can be set of CausalDiffAE, and the two presets."""

from typing import Literal

from engines.contract import MethodParameters, parameter


class Parameters(MethodParameters):
    """Defaults are the quick preset: minutes on one core for small pictures."""

    steps: int = parameter(1600, ge=1, le=1_000_000, unit="steps", help="Training steps.")
    batch: int = parameter(32, ge=2, le=4096, unit="images", help="Images in each training step.")
    size: Literal["tiny", "small", "medium", "published"] = parameter(
        "small", help="Size of the networks. Published is the paper's and wants a GPU.")
    rate: float = parameter(2e-3, gt=0, le=0.1, help="Learning rate at its peak.", advanced=True)
    warm_up: int = parameter(100, ge=0, le=100_000, unit="steps", help="Steps over which the rate rises.",
                             advanced=True)
    decay: float = parameter(0.5, ge=0, le=1, help="Share of the steps, at the end, over which the rate falls to 0.",
                             advanced=True)
    average: float = parameter(0.995, ge=0, lt=1, help="Decay of the averaged weights, which make the pictures.",
                               advanced=True)
    dropout: float = parameter(0.0, ge=0, lt=1, help="Dropout inside the denoiser.", advanced=True)

    mechanism: Literal["topological", "official"] = parameter(
        "topological", advanced=True,
        help="Topological: a factor's code follows its parents' codes, for any graph without cycles. "
             "Official: one matrix step on the parents' noises, as in the authors' program.")
    design: Literal["causal", "no mechanism", "aligned autoencoder", "autoencoder", "labels only"] = parameter(
        "causal", advanced=True, help="Causal is the method; the others leave parts out, to compare with.")
    width: int = parameter(8, ge=1, le=1024, unit="numbers", help="Length of each factor's code.", advanced=True)
    hidden: int = parameter(64, ge=1, le=4096, unit="units", help="Hidden units of each mechanism.", advanced=True)
    latent_weight: float = parameter(
        0.05, ge=0, le=10, advanced=True, help="Weight of the label and noise terms beside the picture error.")
    ramp: int = parameter(300, ge=0, le=1_000_000, unit="steps", advanced=True,
                          help="Steps over which that weight rises from 0.")
    noise_weight: float = parameter(
        0.1, ge=0, le=10, advanced=True,
        help="Weight of the noise term beside the label term. At 1 the codes shrink to half of the labels.")

    labelled: float = parameter(1.0, gt=0, le=1, help="Share of the labels that training may see.", advanced=True)
    drop: float = parameter(0.1, ge=0, lt=1, advanced=True,
                            help="Share of images whose code is hidden in each step, so that guidance can be used.")
    schedule: Literal["cosine", "linear"] = parameter("cosine", help="How noise is added.", advanced=True)
    prediction: Literal["velocity", "noise"] = parameter(
        "velocity", help="What the denoiser tells. The paper's is noise.", advanced=True)
    noise_steps: int = parameter(1000, ge=10, le=10_000, unit="steps", help="Steps from picture to noise.",
                                 advanced=True)
    refinements: int = parameter(
        0, ge=0, le=5, advanced=True,
        help="Corrections of each step when a picture is turned into its noise. More give an unchanged picture back "
             "more exactly, and a changed one less so.")
    clip: bool = parameter(False, advanced=True,
                           help="Clip pictures inside the sampler, as the authors' program does.")
    held_out: float = parameter(0.1, gt=0, lt=1, advanced=True,
                                help="Share of images kept for the figures when the data bring no split.")


QUICK = Parameters()
THOROUGH = Parameters(steps=7000, size="medium", average=0.999)
FULL = Parameters(
    steps=14_000, batch=128, size="published", rate=1e-4, warm_up=0, decay=0.0, average=0.9999, width=256, hidden=512,
    latent_weight=1.0, ramp=50_000, schedule="linear", prediction="noise", drop=0.1,
)
