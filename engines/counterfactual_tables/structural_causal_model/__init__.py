"""What would this row have been, by the mechanisms of my graph? A structural causal model, fitted on the drawn graph.

Sources: Pearl, "Causality", 2nd edition, 2009, chapter 7 (abduction, action, prediction); additive noise: Hoyer et al.,
NIPS 2008; Gumbel-max abduction of categories: Oberst, Sontag, ICML 2019; HSIC: Gretton et al., NIPS 2007.
Read `mechanisms` (one node), `worlds` (abduct, act, predict), `learning`, `judging`, then `fit` and `model`. This
module holds the announcement.
"""

from engines.contract import Accepts, Columns, Method, Need, Produces
from engines.counterfactual_tables.structural_causal_model.fit import fit
from engines.counterfactual_tables.structural_causal_model.model import StructuralModel
from engines.counterfactual_tables.structural_causal_model.parameters import (
    AUTOMATIC,
    BOOSTING,
    LINEAR,
    NETWORK,
    Parameters,
)
from engines.counterfactual_tables.structural_causal_model.refusals import LEAST_ROWS, ROLES, refuse
from engines.counterfactual_tables.structural_causal_model.trial import trial
from engines.data.kinds import ColumnType, DataKind
from engines.questions import Question

method = Method(
    title="Structural causal model",
    sentence="Tells what a row would have been by the mechanisms of the drawn graph, with the row's own noise.",
    question=Question.ROW_IF,
    source="Pearl: Causality, 2nd edition, 2009; Hoyer et al.: Nonlinear causal discovery with additive noise models, "
    "2008; Oberst, Sontag: Counterfactual off-policy evaluation with Gumbel-max structural causal models, 2019",
    accepts=Accepts(
        DataKind.TABLE,
        tuple(Columns(role, tuple(ColumnType), least=0, constant=True, missing=True) for role in ROLES),
        least_items=LEAST_ROWS, graph=Need.REQUIRED, graph_roles=ROLES, latents=True,
    ),
    parameters=Parameters,
    presets={"Automatic": AUTOMATIC, "Linear": LINEAR, "Boosted trees": BOOSTING, "Network": NETWORK},
    fit=fit,
    model=StructuralModel,
    produces=(
        Produces("verdict", "text", "Do the mechanisms fit?"),
        Produces("mechanisms", "table", "Mechanisms, judged on rows held out"),
        Produces("likelihood", "bars", "What the causes tell of each variable"),
        Produces("residuals", "scatter", "Noise against causes"),
        Produces("dependence", "matrix", "Does the noise depend on a cause?"),
        Produces("strengths", "graph", "Strength of each edge"),
    ),
    answers=(
        Produces("rows", "table", "Rows as they would have been"),
        Produces("noise", "table", "The row's own noise"),
        Produces("effects", "table", "Mean effect on all rows"),
        Produces("average", "bars", "Mean effect, in standard deviations"),
        Produces("distribution", "curve", "A variable before and after"),
        Produces("world", "graph", "The graph with its edges cut"),
    ),
    refuse=refuse,
    trial=trial,
)
