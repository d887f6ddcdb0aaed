"""Each number that is free goes to the end of its range: what does the model say then?

Symbols: n rows, d features.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from engines.abilities import Ability, Feature, Predictor, Target
from engines.contract import (
    Accepts,
    Answer,
    Budget,
    Columns,
    Constraints,
    Control,
    FactorValue,
    How,
    Inputs,
    Limits,
    Method,
    MethodParameters,
    Model,
    Produces,
    Query,
    Run,
    Toggle,
    Trial,
    parameter,
)
from engines.data.kinds import ColumnType, DataKind, number_column, table_of
from engines.data.roles import Role
from engines.questions import Question
from engines.results import BarsResult, TableResult


class Parameters(MethodParameters):
    """Settings of the nudge."""

    share: float = parameter(1.0, ge=0, le=1, help="How far along the way to the end of the range.")


def fit(inputs: Inputs, parameters: Parameters, run: Run) -> Nudge:
    """The ranges of the features, and what the model says of the rows."""
    predictor = inputs.predictor
    rows = predictor.rows(inputs.table)
    said = predictor.predict(rows)
    means = np.array([float(np.mean(values)) for values in said.values()])
    run.scalar("mean", float(means[0]), 0)
    run.show(BarsResult("means", "What the model says on average", tuple(said), means))
    return Nudge(
        parameters.share, tuple(f.name for f in predictor.features), tuple(f.levels for f in predictor.features),
        rows.min(axis=0), rows.max(axis=0), tuple(t.name for t in predictor.targets),
        tuple(t.levels for t in predictor.targets), means,
    )


@dataclass(frozen=True, eq=False)
class Nudge(Model):
    """Ranges of the features: low, high (d,); `means` (targets,) of what the explained model says."""

    share: float
    features: tuple[str, ...]
    levels: tuple[tuple[str, ...], ...]
    low: np.ndarray
    high: np.ndarray
    targets: tuple[str, ...]
    target_levels: tuple[tuple[str, ...], ...]
    means: np.ndarray

    def controls(self) -> tuple[Control, ...]:
        columns = [
            Limits(n, None, None, levels) if levels else Limits(n, float(a), float(b))
            for n, levels, a, b in zip(self.features, self.levels, self.low, self.high)
        ]
        goals = [Limits(n, None, None, levels, target=True) if levels else Limits(n, 0.0, 1.0, target=True)
                 for n, levels in zip(self.targets, self.target_levels)]
        return (
            Constraints("constraints", (*columns, *goals), help="What each column must keep to."),
            Toggle("back", False, help="Stay as it is.", neutral="Where everything is locked, nothing moves anyway."),
        )

    def answer(self, query: Query) -> Iterator[Answer]:
        table = moved = query.factual.attributes
        said = query.values.get("constraints", {})
        factors = []
        for j, name in enumerate(self.features):
            own, column = said.get(name, {}), table[name]
            if self.levels[j] or own.get("lock") or query.values.get("back"):
                continue
            to = min(own.get("high", self.high[j]), self.high[j])
            values = column.values + self.share * (to - column.values)
            moved = moved.with_column(replace(column, values=values))
            factors.append(FactorValue(name, float(column.values[0]), float(values[0]), How.FOLLOWS))
        changed = np.column_stack([moved[name].values != table[name].values for name in table.names])
        rows = TableResult("rows", "Rows", moved, changed, table)
        yield Answer(Budget.FINAL, (rows,), tuple(factors))


class Sum(Predictor):
    """Predicts the sum of two numbers."""

    features = (Feature("a"), Feature("b"))
    targets = (Target("sum"),)

    def predict(self, rows: np.ndarray) -> dict[str, np.ndarray]:
        return {"sum": rows.sum(axis=1)}


class Summing:
    """A model that adds."""

    def predictor(self) -> Predictor:
        return Sum()


def some_rows() -> Inputs:
    """Two numbers, and the model that adds them."""
    generator = np.random.default_rng(3)
    columns = [number_column(name, generator.normal(size=20), "", Role.FACTOR) for name in ("a", "b")]
    return Inputs(table_of("numbers", columns), model=Summing())


method = Method(
    title="Nudge",
    sentence="Moves what is free to the end of its range.",
    question=Question.TARGETS,
    source="None; as small as a method that explains a model can be",
    accepts=Accepts(
        DataKind.TABLE, (Columns(Role.FACTOR, (ColumnType.NUMBER, ColumnType.CATEGORY)),), model=Ability.PREDICTOR
    ),
    parameters=Parameters,
    presets={"plain": Parameters()},
    fit=fit,
    model=Nudge,
    produces=(Produces("means", "bars", "What the model says on average"),),
    answers=(Produces("rows", "table", "Rows"),),
    trial=Trial(inputs=some_rows, parameters=Parameters()),
)
