"""What would this image be if one of its factors were different? Train on labelled images and a graph of the factors,
set a factor, and see the picture and the factors below it follow while everything else about the picture stays.

Source: Komanduri, Zhao, Chen and Wu (2024), "Causal Diffusion Autoencoders: Toward Counterfactual Generation via
Diffusion Probabilistic Models", ECAI 2024, arXiv 2404.17735. Read `mechanisms`, `network` and `diffusion` for the
mathematics, `fit` for the algorithm, `model` for abduction, action and prediction.

Beyond the paper: velocity prediction on a cosine schedule, the noise term weighted against the label term, calibrated
interventions, an inversion that solves each DDIM step for the velocity told, and categories as roots.
"""

from engines.contract import Accepts, Columns, Method, Need, Produces, Trial
from engines.counterfactual_images.causal_diffae.fit import fit, refuse
from engines.counterfactual_images.causal_diffae.model import CausalDiffAE
from engines.counterfactual_images.causal_diffae.parameters import FULL, QUICK, THOROUGH, Parameters
from engines.counterfactual_images.causal_diffae.trial import REFUSALS, TRIAL_PARAMETERS, trial_inputs
from engines.data.kinds import ColumnType, DataKind
from engines.data.roles import Role
from engines.questions import Question

method = Method(
    title="CausalDiffAE",
    sentence="Sets a factor of an image and lets the factors below it in the graph follow.",
    question=Question.IMAGE_IF,
    source="Komanduri, Zhao, Chen, Wu (2024), ECAI, arXiv 2404.17735",
    accepts=Accepts(
        DataKind.IMAGES,
        (Columns(Role.FACTOR, (ColumnType.NUMBER, ColumnType.CATEGORY), constant=True, missing=True),),
        least_items=40, graph=Need.REQUIRED,
    ),
    parameters=Parameters,
    presets={"quick": QUICK, "thorough": THOROUGH, "full": FULL},
    fit=fit,
    model=CausalDiffAE,
    refuse=refuse,
    produces=(
        Produces("figures", "table", "How well each factor is held"),
        Produces("reconstructions", "images", "Reconstructions: as recorded, as painted"),
        Produces("counterfactuals", "images", "A held-out image with each factor set low and high"),
        Produces("dci", "matrix", "Importance of each code number for each factor"),
        Produces("effectiveness", "matrix", "Effectiveness: error of what is measured, share of the range"),
    ),
    answers=(
        Produces("counterfactual", "images", "Counterfactual"),
        Produces("factors", "table", "Factors"),
    ),
    trial=Trial(trial_inputs, TRIAL_PARAMETERS, REFUSALS),
)
