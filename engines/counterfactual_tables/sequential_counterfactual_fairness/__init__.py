"""Does the prediction stay fair and accurate as the world drifts? A sequential autoencoder over periods (CDSAE).

Source: Lin, Zhao, Shao, Meng, Zhao, Chen, "Pursuing Counterfactual Fairness via Sequential Autoencoder Across Domains",
2023, arXiv 2309.13005 (IJCAI 2024). Only abstract and summary could be read: the algorithm is a reconstruction from its
stated parts. Read `mathematics`, `networks`, `training` (the loss), then `fit` and `model`.
"""

from engines.contract import Accepts, Columns, Method, Produces
from engines.counterfactual_tables.sequential_counterfactual_fairness.fit import fit
from engines.counterfactual_tables.sequential_counterfactual_fairness.model import FairSequence
from engines.counterfactual_tables.sequential_counterfactual_fairness.parameters import (
    CURVE,
    QUICK,
    STANDARD,
    Parameters,
)
from engines.counterfactual_tables.sequential_counterfactual_fairness.refusals import refuse
from engines.counterfactual_tables.sequential_counterfactual_fairness.trial import trial
from engines.data.kinds import ColumnType, DataKind
from engines.data.roles import Role
from engines.questions import Question

_EITHER = (ColumnType.NUMBER, ColumnType.CATEGORY)

method = Method(
    title="CDSAE",
    sentence="Tells whether the prediction stays fair and accurate as the world drifts.",
    question=Question.ROBUST,
    source="Lin, Zhao, Shao, Meng, Zhao, Chen: Pursuing Counterfactual Fairness via Sequential Autoencoder Across "
    "Domains, 2023, arXiv 2309.13005",
    accepts=Accepts(
        DataKind.TABLE,
        (Columns(Role.TIME, _EITHER, most=1), Columns(Role.SENSITIVE, _EITHER, most=1, most_values=2),
         Columns(Role.LABEL, _EITHER, most=1, most_values=2), Columns(Role.FACTOR), Columns(Role.COVARIATE, least=0)),
    ),
    parameters=Parameters,
    presets={"Standard": STANDARD, "Quick": QUICK, "Trade-off": CURVE},
    fit=fit,
    model=FairSequence,
    produces=(
        Produces("periods", "curve", "Accuracy and fairness, period by period"),
        Produces("verdict", "text", "Does it stay accurate and fair?"),
        Produces("tradeoff", "scatter", "Accuracy against fairness, a point a period"),
        Produces("weights", "scatter", "Accuracy against fairness, by the weight of fairness"),
        Produces("fairness", "table", "Fairness report"),
        Produces("latents", "scatter", "Semantic factors, coloured by the attribute"),
        Produces("latents_label", "scatter", "Semantic factors, coloured by the label"),
        Produces("latents_period", "scatter", "Semantic factors, coloured by period"),
        Produces("environment", "scatter", "Environment factors, coloured by period"),
        Produces("priors", "curve", "How the environment drifts"),
        Produces("marking", "table", "What moves the columns"),
    ),
    answers=(
        Produces("rows", "table", "Rows as they would have been"),
        Produces("decisions", "table", "Decision as it is, and otherwise"),
        Produces("verdict", "text", "Does the decision depend on the attribute?"),
        Produces("moved", "bars", "How far each column moves"),
    ),
    refuse=refuse,
    reconstruction="only the abstract and a summary of the paper could be read; the loss, the moment mismatch and the "
    "frozen copy are a design that agrees with its stated parts, not the authors' own",
    trial=trial,
)
