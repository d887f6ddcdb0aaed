"""What would this unit's outcome have been under the other treatment, when something unmeasured drove both? VLUCI.

Source: Zhao, Huang, Wu, Peng, Sun, "VLUCI: Variational Learning of Unobserved Confounders for Counterfactual
Inference", 2023, arXiv 2308.00904. Only its abstract could be read: the algorithm is a reconstruction that agrees
with it.
Read `mathematics` (the two bounds), `networks`, `training` (all fits side by side), `estimates` (abduction, action,
prediction), then `fit` and `model`. This module holds the announcement.
"""

from engines.contract import Accepts, Columns, Method, Produces
from engines.counterfactual_tables.vluci.fit import fit
from engines.counterfactual_tables.vluci.model import Vluci
from engines.counterfactual_tables.vluci.parameters import QUICK, STANDARD, THOROUGH, Parameters
from engines.counterfactual_tables.vluci.refusals import LEAST_ROWS, refuse
from engines.counterfactual_tables.vluci.trial import trial
from engines.data.kinds import ColumnType, DataKind
from engines.data.roles import Role
from engines.questions import Question

_EITHER = (ColumnType.NUMBER, ColumnType.CATEGORY)

method = Method(
    title="VLUCI",
    sentence="Infers a confounder that nobody measured, and tells each row's outcome under the other treatment.",
    question=Question.ROW_IF,
    source="Zhao, Huang, Wu, Peng, Sun: VLUCI: Variational Learning of Unobserved Confounders for Counterfactual "
    "Inference, 2023, arXiv 2308.00904",
    accepts=Accepts(
        DataKind.TABLE,
        (Columns(Role.TREATMENT, _EITHER, most=1, most_values=2), Columns(Role.OUTCOME, _EITHER, most=1),
         Columns(Role.COVARIATE, _EITHER)),
        least_items=LEAST_ROWS,
    ),
    parameters=Parameters,
    presets={"Standard": STANDARD, "Quick": QUICK, "Thorough": THOROUGH},
    fit=fit,
    model=Vluci,
    produces=(
        Produces("verdict", "text", "Do the data reveal a hidden confounder?"),
        Produces("average", "bars", "Mean effect, by estimate and restart"),
        Produces("effects", "histogram", "Effect on each row"),
        Produces("ordered", "curve", "Effects in order, each with its interval"),
        Produces("individual", "table", "Both outcomes of each row, and its effect"),
        Produces("confounder", "scatter", "Recovered confounder of each row"),
        Produces("propensity", "scatter", "Chance of the treatment, without and with U"),
        Produces("restarts", "table", "Restarts: the best bound is kept"),
        Produces("sensitivity", "table", "Mean effect under other assumptions"),
    ),
    answers=(
        Produces("rows", "table", "Rows as they would have been"),
        Produces("individual", "table", "Both outcomes of each row, and its effect"),
        Produces("verdict", "text", "Do the data reveal a hidden confounder?"),
        Produces("average", "bars", "Effect by estimate, mean over these rows"),
        Produces("confounder", "histogram", "Hidden confounder U of these rows"),
    ),
    refuse=refuse,
    reconstruction="only the abstract of the paper could be read; bounds, networks, the shared decoder, the restarts "
    "and the intervals are a design that agrees with it, not the authors' own",
    trial=trial,
)
