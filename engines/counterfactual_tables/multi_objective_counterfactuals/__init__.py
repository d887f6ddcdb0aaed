"""Which small, sparse, realistic changes to this row would meet all targets? Multi-objective counterfactuals (MCD).

Source: Regenwetter, Abu Obaideh, Ahmed (2023), "Counterfactuals for Design: A Model-Agnostic Method For Design
Recommendations", arXiv 2305.11308. A genetic search (NSGA-II) minimises the distance from the row, the share of changed
features and the distance from the data under the targets as constraints; entries go back to the row's own values at
random, which is what makes unchanged numbers reachable. Search and choice are separate: weights choose anew without a
search. Read `wishes` (what is asked), `problem` (what is minimised), `search` and `space` (how), `selection` (what is
shown), `blocking` (when nothing is found), `model`.

Beyond the paper: rows of the data are brought nearer before the search (`approach`); a column may be asked to be like
a text or a picture (`likeness`); violations are graded, so that there is a direction before anything is feasible;
objectives beside are in units of the data's span; rows of the data count with the model's own predictions.
"""

from engines.abilities import Ability
from engines.contract import Accepts, Method, Produces
from engines.counterfactual_tables.multi_objective_counterfactuals.fit import fit, refuse
from engines.counterfactual_tables.multi_objective_counterfactuals.model import Counterfactuals
from engines.counterfactual_tables.multi_objective_counterfactuals.parameters import STANDARD, THOROUGH, Parameters
from engines.counterfactual_tables.multi_objective_counterfactuals.trial import trial
from engines.data.kinds import DataKind
from engines.questions import Question

ANSWERS = (
    Produces("verdict", "text", "Are the targets met?"),
    Produces("counterfactuals", "table", "Counterfactuals"),
    Produces("differences", "table", "What changes, by how much"),
    Produces("pareto", "scatter", "Trade-off between two objectives"),
    Produces("parallel", "parallel", "Features and objectives together"),
    Produces("radar", "parallel", "Each counterfactual beside this row"),
)

method = Method(
    title="Multi-objective counterfactuals",
    sentence="Finds small, sparse and realistic changes to a row that meet all targets at once.",
    question=Question.TARGETS,
    source="Regenwetter, Abu Obaideh, Ahmed (2023), arXiv 2305.11308",
    accepts=Accepts(DataKind.TABLE, least_items=10, model=Ability.PREDICTOR),
    parameters=Parameters,
    presets={"Standard": STANDARD, "Thorough": THOROUGH},
    fit=fit,
    model=Counterfactuals,
    refuse=refuse,
    produces=(
        *ANSWERS,
        Produces("candidates", "table", "All candidates that meet every target"),
        Produces("search", "curve", "What the search reached"),
    ),
    answers=ANSWERS,
    trial=trial,
)
