"""A plain model of what is to be predicted, trained here so that other methods can explain it.

Sources: Hastie, Tibshirani, Friedman, "The Elements of Statistical Learning", 2nd edition, 2009: linear and logistic
regression (chapters 3, 4), boosting (10), networks (11); permutation importance: Breiman, "Random Forests", 2001.
Read `fit`, then `model`; what is trained stands in `engines.predictors`. This module holds the announcement.
"""

from engines.contract import Accepts, Columns, Method, Produces
from engines.counterfactual_tables.plain_predictor.fit import LEAST_ROWS, fit, refuse
from engines.counterfactual_tables.plain_predictor.model import PlainPredictor
from engines.counterfactual_tables.plain_predictor.parameters import BOOSTING, LINEAR, NETWORK, ONNX, Parameters
from engines.counterfactual_tables.plain_predictor.trial import trial
from engines.data.kinds import ColumnType, DataKind
from engines.data.roles import Role
from engines.questions import Question

_EITHER = (ColumnType.NUMBER, ColumnType.CATEGORY)

method = Method(
    title="Plain predictor",
    sentence="Trains a model of the objectives, or opens one, for the methods that explain a model.",
    question=Question.TARGETS,
    source="Hastie, Tibshirani, Friedman: The Elements of Statistical Learning, 2nd edition, 2009",
    accepts=Accepts(
        DataKind.TABLE, (Columns(Role.FACTOR, _EITHER), Columns(Role.OBJECTIVE, _EITHER)), least_items=LEAST_ROWS,
    ),
    parameters=Parameters,
    presets={"Network": NETWORK, "Boosted trees": BOOSTING, "Linear": LINEAR, "From an ONNX file": ONNX},
    fit=fit,
    model=PlainPredictor,
    produces=(
        Produces("scores", "table", "How well it predicts rows that it never saw"),
        Produces("importance", "bars", "What it relies on"),
    ),
    answers=(Produces("rows", "table", "Rows as they would be predicted"),),
    refuse=refuse,
    trial=trial,
)
