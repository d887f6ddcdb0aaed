"""Train on most rows, judge on the rest, and say what the predictor relies on.

Symbols: n rows, d features.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engines.abilities import Feature, Target
from engines.contract import Inputs, Run
from engines.counterfactual_tables.plain_predictor.judging import importance, judged
from engines.counterfactual_tables.plain_predictor.model import PlainPredictor
from engines.counterfactual_tables.plain_predictor.parameters import Parameters
from engines.counterfactual_tables.plain_predictor.report import show
from engines.data.kinds import Column, ColumnType, Table
from engines.data.roles import Role
from engines.data.splits import parts
from engines.predictors.learning import learn
from engines.predictors.opened import opened
from engines.predictors.stored import Stored
from engines.refusals import Refusal

LEAST_ROWS, LEAST_OF_A_LEVEL = 30, 10


def fit(inputs: Inputs, parameters: Parameters, run: Run) -> PlainPredictor:
    """The predictor, judged."""
    table = inputs.table
    features, targets, rows = _read(table)
    wanted = {c.name: c.values.astype(np.float64) for c in table.having(Role.OBJECTIVE)}
    training, held_out = halves(table, parameters, run.generator)

    how = parameters.learning()
    if how.kind == "ONNX file":
        predictor: Stored = opened(parameters.file, how, features, targets, rows)
        rows = predictor.rows(table)                    # of the columns that it reads
    else:
        predictor = learn(how, features, targets, rows[training], taken(wanted, training), run)
    figures = judged(predictor, rows[held_out], taken(wanted, held_out), taken(wanted, training))
    relied = importance(predictor, rows[held_out], taken(wanted, held_out), run)
    show(run, predictor, figures, relied, rows[held_out], taken(wanted, held_out), table.row_ids[held_out])
    numbers = np.array([not f.levels for f in features])
    low, high = np.quantile(rows, (0.005, 0.995), axis=0)
    return PlainPredictor(
        parameters, predictor.state(), np.where(numbers, low, 0), np.where(numbers, high, 0), rows.min(0), rows.max(0),
    )


def _read(table: Table) -> tuple[tuple[Feature, ...], tuple[Target, ...], np.ndarray]:
    """Features, targets, and the rows (n, d)."""
    features = tuple(Feature.of(c) for c in table.having(Role.FACTOR))
    targets = tuple(Target(c.name, c.levels, c.unit) for c in table.having(Role.OBJECTIVE))
    return features, targets, np.column_stack([c.values.astype(np.float64) for c in table.having(Role.FACTOR)])


def taken(wanted: Mapping[str, np.ndarray], at: np.ndarray) -> dict[str, np.ndarray]:
    """The values of those rows."""
    return {name: values[at] for name, values in wanted.items()}


def halves(table: Table, parameters: Parameters, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Places of the rows to train on and of those to judge by: the parts that the data name, or drawn."""
    order = generator.permutation(len(table))
    part = parts(table, {})
    if part is not None and 0 < (part == "train").sum() < len(table):
        return np.flatnonzero(part == "train"), np.flatnonzero(part != "train")
    aside = max(1, round(parameters.held_out * len(table)))
    return np.sort(order[aside:]), np.sort(order[:aside])


def refuse(inputs: Inputs, parameters: Parameters) -> None:
    """Refuse levels that are too rare to be learned, and a file that is no predictor of these columns."""
    if parameters.kind == "ONNX file":
        features, targets, rows = _read(inputs.table)
        opened(parameters.file, parameters.learning(), features, targets, rows)
        return
    for column in inputs.table.having(Role.OBJECTIVE):
        if column.type is ColumnType.CATEGORY:
            _refuse_rare(column)


def _refuse_rare(column: Column) -> None:
    counts = np.bincount(column.values, minlength=len(column.levels))
    for level, count in zip(column.levels, counts, strict=True):
        if count < LEAST_OF_A_LEVEL:
            raise Refusal(
                f"{column.name} is {level} in only {count} rows; at least {LEAST_OF_A_LEVEL} are needed.",
                "Leave these rows out, or join the level with another.", ("Drop these rows",), (column.name,),
            )

