"""What would the outcome be under actions stronger than any that were tried? Rep4Ex.

Source: Saengkyongam, Rosenfeld, Ravikumar, Pfister, Peters (2024), "Identifying Representations for Intervention
Extrapolation", ICLR 2024, arXiv 2310.04295. Actions A move hidden factors Z = M A + V; readings X = g(Z) show them, and
the outcome is Y = l(Z) + U, with U and V dependent. A representation of X in which A acts linearly turns what lies
beyond the tried actions into what was seen of Z. Read `mathematics` (the equations), `stages` (the two regressions),
`learning` (fit), `model` (abduction, action, prediction).

Beyond the paper: encoders start as principal components; the restriction is trained as a V-statistic, because its
U-statistic can be minimised by forgetting A.
"""

from engines.contract import Accepts, Columns, Inputs, Method, Produces, Trial
from engines.counterfactual_tables.intervention_extrapolation.learning import fit, refuse
from engines.counterfactual_tables.intervention_extrapolation.model import Extrapolation
from engines.counterfactual_tables.intervention_extrapolation.parameters import Parameters
from engines.counterfactual_tables.intervention_extrapolation.trial import REFUSALS, TRIAL, trial_table
from engines.data.kinds import DataKind
from engines.data.roles import Role
from engines.questions import Question

method = Method(
    title="Rep4Ex",
    sentence="Tells what happens under interventions stronger than any that were tried.",
    question=Question.ROW_IF,
    source="Saengkyongam, Rosenfeld, Ravikumar, Pfister, Peters (2024), ICLR, arXiv 2310.04295",
    accepts=Accepts(
        DataKind.TABLE,
        (Columns(Role.TREATMENT, fewest=3), Columns(Role.OUTCOME, most=1), Columns(Role.COVARIATE)),
        least_items=200,
    ),
    parameters=Parameters,
    presets={
        "Standard": Parameters(),
        "Quick": Parameters(restarts=1, bootstraps=5),
        "Search for the weight": Parameters(search=True),
    },
    fit=fit,
    model=Extrapolation,
    refuse=refuse,
    produces=(
        Produces("curve", "curve", "Outcome under the action"),
        Produces("support", "curve", "Rows whose hidden factors stay as seen"),
        Produces("surface", "matrix", "Outcome under two actions"),
        Produces("latents", "scatter", "Latents, coloured by the action"),
        Produces("residuals", "scatter", "What the actions leave of the latents"),
        Produces("coordinates", "table", "Latents of each row"),
        Produces("encoders", "table", "Encoders"),
        Produces("elbow", "curve", "Reconstruction, by number of latents"),
        Produces("linearity", "curve", "Moment restriction, by number of latents"),
    ),
    answers=(
        Produces("rows", "table", "Rows as they would have been"),
        Produces("curve", "curve", "Outcome under the action"),
        Produces("support", "curve", "Rows whose hidden factors stay as seen"),
        Produces("surface", "matrix", "Outcome under two actions"),
        Produces("coordinates", "table", "Latents of each row"),
    ),
    trial=Trial(lambda: Inputs(trial_table()), TRIAL, REFUSALS),
)
