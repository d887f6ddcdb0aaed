"""Small inputs with which the common suite tries the search: two numbers and a category, a score and a class."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engines.abilities import Bare, Feature, Target
from engines.contract import Inputs, Trial
from engines.counterfactual_tables.multi_objective_counterfactuals.parameters import Parameters
from engines.data.kinds import Table, category_column, number_column, table_of
from engines.predictors.encoding import Encoding
from engines.predictors.layered import Layered
from engines.predictors.stored import Learning

ROWS = 60
FEATURES = (Feature("age", whole=True), Feature("income"), Feature("job", ("clerk", "nurse", "smith")))
TARGETS = (Target("credit"), Target("class", ("bad", "good")))


def explained(scale: float = 1.0) -> Bare:
    """credit = age / 10 + 2 income + 1 for a nurse; the class follows credit - 8."""
    encoding = Encoding(FEATURES, np.zeros(3), np.ones(3))
    weight = np.array([0.1, 2.0, 0.0, 1.0, 0.0])[:, None] * np.array([1.0, 0.0, 1.0]) * scale
    layers = ((weight, np.array([0.0, 0.0, -8.0])),)
    return Bare(Layered(Learning(kind="linear"), encoding, TARGETS, layers))


def tried() -> Table:
    """People."""
    generator = np.random.default_rng(3)
    jobs = np.array(FEATURES[2].levels, dtype=object)[generator.integers(0, 3, ROWS)]
    return table_of("a trial", [
        number_column("age", generator.integers(20, 60, ROWS)),
        number_column("income", np.round(generator.uniform(0, 5, ROWS), 3)), category_column("job", jobs),
    ])


def _inputs(change: Callable[[Table], Table] = lambda table: table, scale: float = 1.0) -> Callable[[], Inputs]:
    return lambda: Inputs(change(tried()), model=explained(scale))


def _with(name: str, value: float, everywhere: bool = False) -> Callable[[Table], Table]:
    def change(table: Table) -> Table:
        values = table[name].values.copy()
        values[slice(None) if everywhere else 0] = value
        return table.with_column(number_column(name, values))

    return change


trial = Trial(
    inputs=_inputs(),
    parameters=Parameters(generations=6, population=16, row=1),
    refusals={
        "This method explains a model; none is chosen": lambda: Inputs(tried()),
        "Column income has 1 missing values": _inputs(_with("income", float("nan"))),
        "Column income has an infinite value": _inputs(_with("income", float("inf"))),
        "Column income has the same value everywhere": _inputs(_with("income", 2.0, everywhere=True)),
        "The model reads a column job": _inputs(lambda table: table.select(["age", "income"])),
        "The model gives no number for credit": _inputs(scale=float("nan")),
        "a trial has 9 rows; at least 10": _inputs(lambda table: table.rows(slice(0, 9))),
    },
)
