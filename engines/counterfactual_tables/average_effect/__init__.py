"""How much does the outcome change on average when the treatment is set? By several estimators, side by side.

Read `specifications` (what may be adjusted for, from the graph), `estimators`, `refuting`, `overlap`, `sensitivity`,
then `fit`. Sources: Chernozhukov, Chetverikov, Demirer, Duflo, Hansen, Newey, Robins, Econometrics Journal 2018, run by
DoubleML (Bach, Kurz, Chernozhukov, Spindler, Klaassen, JSS 2024) and statsmodels.
"""

from __future__ import annotations

from engines.contract import Accepts, Columns, Method, Need, Produces
from engines.counterfactual_tables.average_effect.fit import fit
from engines.counterfactual_tables.average_effect.model import AverageEffect
from engines.counterfactual_tables.average_effect.parameters import Parameters
from engines.counterfactual_tables.average_effect.refusals import LEAST_ROWS, refuse
from engines.counterfactual_tables.average_effect.trial import trial
from engines.data.kinds import ColumnType, DataKind
from engines.data.roles import Role
from engines.questions import Question

_EITHER = (ColumnType.NUMBER, ColumnType.CATEGORY)

method = Method(
    title="Average effect",
    sentence="Tells by how much the outcome changes on average, with intervals, refutations and what a hidden cause "
    "could do.",
    question=Question.ROW_IF,
    source="Bach, Kurz, Chernozhukov, Spindler, Klaassen: DoubleML, JSS 108, 2024; Chernozhukov et al., Econometrics "
    "Journal 21, 2018, arXiv 1608.00060",
    accepts=Accepts(
        DataKind.TABLE,
        (Columns(Role.TREATMENT, _EITHER, most=1), Columns(Role.OUTCOME, _EITHER, most=1),
         Columns(Role.COVARIATE, _EITHER, least=0, constant=True), Columns(Role.INSTRUMENT, _EITHER, least=0)),
        least_items=LEAST_ROWS, graph=Need.OPTIONAL, latents=True,
        graph_roles=(Role.FACTOR, Role.TREATMENT, Role.OUTCOME, Role.COVARIATE, Role.INSTRUMENT),
    ),
    parameters=Parameters,
    presets={
        "Standard": Parameters(),
        "Linear": Parameters(learner="linear"),
        "Thorough": Parameters(folds=10, repetitions=5, refutations=20),
    },
    fit=fit,
    model=AverageEffect,
    produces=(
        Produces("verdict", "text", "What the data say of the effect"),
        Produces("estimates", "bars", "Mean change of the outcome, by estimate"),
        Produces("table", "table", "Estimates"),
        Produces("refutations", "table", "What should not change the estimate"),
        Produces("overlap", "curve", "Chance of the treatment, by what was done"),
        Produces("balance", "table", "Difference of the arms, standard deviations"),
        Produces("sensitivity", "matrix", "Effect left beside a hidden cause"),
    ),
    answers=(
        Produces("rows", "table", "Rows with the average effect"),
        Produces("effect", "bars", "Mean of the outcome over these rows"),
    ),
    refuse=refuse,
    extras=("estimation",),
    uninterruptible="one estimator with its cross-fitting: some seconds with boosting or forests on thousands of rows",
    trial=trial,
)
