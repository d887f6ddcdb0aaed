"""Small inputs with which the common suite tries T-Rex: applications, and a linear model of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from engines.abilities import Bare, Feature, Predictor, Target
from engines.contract import Inputs, Trial
from engines.counterfactual_tables.robust_counterfactuals.parameters import Parameters
from engines.data.kinds import Table, category_column, number_column, table_of
from engines.predictors.encoding import Encoding
from engines.predictors.layered import Layered
from engines.predictors.stored import Learning

ROWS = 120
FEATURES = (
    Feature("income", unit="EUR"), Feature("debt", unit="EUR"), Feature("years", whole=True),
    Feature("home", ("owned", "rented")),
)
TARGET = Target("decision", ("rejected", "approved"))


def applications() -> Table:
    """Two amounts, whole years, a category, and a decision that leans on all of them; row 1 is rejected."""
    generator = np.random.default_rng(3)
    income, debt = generator.normal(3000, 800, ROWS), generator.normal(900, 300, ROWS)
    years, home = generator.integers(0, 20, ROWS).astype(float), generator.integers(0, 2, ROWS)
    years[0], income[0] = 1.0, 2500.0
    score = _score(np.column_stack([income, debt, years, home]))
    approved = score + 0.5 * generator.normal(size=ROWS) > 0
    return table_of("a trial", [
        number_column("income", income, "EUR"), number_column("debt", debt, "EUR"), number_column("years", years),
        category_column("home", np.array(["owned", "rented"], dtype=object)[home]),
        category_column("decision", np.array(["rejected", "approved"], dtype=object)[approved.astype(int)]),
    ])


def _score(rows: np.ndarray) -> np.ndarray:
    return (rows[:, 0] - 3000) / 800 - (rows[:, 1] - 900) / 300 + (rows[:, 2] - 10) / 6 - 0.5 * rows[:, 3]


def linear(slope: float = 2.0, levels: tuple[str, ...] = TARGET.levels, whole: bool = True) -> Layered:
    """A logistic model with the score that the decisions lean on. It does not know that its levels are two."""
    features = tuple(replace(f, whole=f.whole and whole) for f in FEATURES)
    encoding = Encoding(features, np.array([3000.0, 900.0, 10.0, 0.0]), np.array([800.0, 300.0, 6.0, 1.0]))
    weight = slope * np.array([1.0, -1.0, 1.0, 0.0, -0.5])
    target = Target(TARGET.name, levels)
    last = np.zeros((5, len(levels)))
    last[:, 1] = weight
    bias = np.zeros(len(levels))
    return Layered(Learning("linear", penalty=1.0), encoding, (target,), ((last, bias),))


class WithoutGradients(Layered):
    """The same model, which keeps its gradients to itself."""

    @property
    def differentiable(self) -> bool:
        return False


def _tried(**changed: object) -> Inputs:
    return replace(Inputs(applications(), model=Bare(linear())), **changed)  # type: ignore[arg-type]


def _model(make: Callable[[], Predictor | None]) -> Callable[[], Inputs]:
    return lambda: _tried(model=Bare(make()))


def _stubborn(bias: float) -> Layered:
    model = linear()
    return replace(model, layers=((model.layers[0][0], np.array([0.0, bias])),))


def _one_class() -> Inputs:
    return _tried(data=applications().with_column(category_column("decision", ["approved"] * ROWS)))


def _gap() -> Inputs:
    column = applications()["income"]
    values = column.values.copy()
    values[2] = np.nan
    return _tried(data=applications().with_column(replace(column, values=values)))


def _number() -> Layered:
    model = linear()
    weight, bias = model.layers[0]
    return replace(model, predicted=(Target("limit"),), layers=((weight[:, :1], bias[:1]),))


def _wordy() -> Layered:
    target = (TARGET,)
    return Layered(Learning("linear"), Encoding((FEATURES[3],), np.zeros(1), np.ones(1)), target,
                   ((np.array([[0.0, 1.0], [0.0, -1.0]]), np.zeros(2)),))


trial = Trial(
    inputs=_tried,
    parameters=Parameters(models=3, k=60, rows=6, steps=20, closer=12, step=0.02, tau=0.7),
    refusals={
        "a trial has 30 rows; at least 40": lambda: _tried(data=applications().rows(slice(0, 30))),
        "This method explains a model; none is chosen": lambda: _tried(model=None),
        "The model predicts no column": _model(lambda: None),
        "T-Rex:I needs gradients, and this model has none: use T-Rex:NN": _model(
            lambda: WithoutGradients(*vars(linear()).values())),
        "decision has 3 classes: choose the one that is wanted": _model(
            lambda: linear(levels=("rejected", "approved", "deferred"))),
        "The model predicts no class": _model(_number),
        "The model reads no number": _model(_wordy),
        "The model reads a column debt": lambda: _tried(
            data=applications().select(["income", "years", "home", "decision"])),
        "a trial has no column decision": lambda: _tried(
            data=applications().select(["income", "debt", "years", "home"])),
        "Column income has 1 missing values": _gap,
        "All rows have the same decision": _one_class,
        "The model predicts decision = approved for no row": _model(lambda: _stubborn(-1e3)),
        "The model predicts decision = approved for every row": _model(lambda: _stubborn(1e3)),
        "τ = 0.7 cannot be reached": _model(lambda: linear(slope=0.02)),
    },
)
