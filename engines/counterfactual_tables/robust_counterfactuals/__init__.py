"""What should change, so that the advice still holds after the model is trained again? T-Rex.

Source: Hamman, Noorani, Mishra, Magazzeni, Dutta, "Robust Counterfactual Explanations for Neural Networks With
Probabilistic Guarantees", ICML 2023, PMLR 202:12351-12367, arXiv 2305.11997.
Read `stability` (the mathematics), `closest` (the base search), `climb` (T-Rex:I), `rows` (T-Rex:NN), `bank` (retrained
models), `searching` (all of them, measured), then `fit` and `model`. This module holds the announcement.
"""

from engines.abilities import Ability
from engines.contract import Accepts, Method, Produces
from engines.counterfactual_tables.robust_counterfactuals.fit import fit
from engines.counterfactual_tables.robust_counterfactuals.model import TRex
from engines.counterfactual_tables.robust_counterfactuals.parameters import QUICK, ROWS_ONLY, STANDARD, Parameters
from engines.counterfactual_tables.robust_counterfactuals.refusals import LEAST_ROWS, refuse
from engines.counterfactual_tables.robust_counterfactuals.trial import trial
from engines.data.kinds import DataKind
from engines.questions import Question

method = Method(
    title="T-Rex",
    sentence="Finds changes after which a model says the wanted class, and still says so when it is trained again.",
    question=Question.TARGETS,
    source="Hamman, Noorani, Mishra, Magazzeni, Dutta: Robust Counterfactual Explanations for Neural Networks With "
    "Probabilistic Guarantees, ICML 2023, arXiv 2305.11997",
    accepts=Accepts(DataKind.TABLE, least_items=LEAST_ROWS, model=Ability.CLASSES),
    parameters=Parameters,
    presets={"Standard": STANDARD, "Quick": QUICK, "Rows of the data only": ROWS_ONLY},
    fit=fit,
    model=TRex,
    produces=(
        Produces("verdict", "text", "Does the advice hold after retraining?"),
        Produces("methods", "table", "Searches compared: means over the rows"),
        Produces("tradeoff", "scatter", "Cost against validity after retraining"),
        Produces("rows", "table", "Rows as they would be accepted"),
        Produces("searches", "table", "What each search finds"),
        Produces("retrained", "matrix", "Probability of the wanted class, by retrained model"),
        Produces("climb", "curve", "Stability on the way"),
        Produces("spread", "histogram", "R̂ of the rows that the model accepts"),
        Produces("map", "scatter", "Rows and their counterfactuals on two principal components"),
    ),
    answers=(
        Produces("rows", "table", "Rows as they would be accepted"),
        Produces("searches", "table", "What each search finds"),
        Produces("changes", "bars", "Change of each column, in shares of its range"),
        Produces("retrained", "matrix", "Probability of the wanted class, by retrained model"),
        Produces("climb", "curve", "Stability on the way"),
        Produces("map", "scatter", "The row and its counterfactuals, with the border of each model"),
    ),
    refuse=refuse,
    trial=trial,
)
