"""From data, model and settings to the question that is searched: rows, predictions, the factual, what is wished.

Symbols: n rows, d features, o columns of predictions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engines.abilities import Predictor
from engines.contract import Inputs
from engines.counterfactual_tables.multi_objective_counterfactuals.likeness import likes, told_apart
from engines.counterfactual_tables.multi_objective_counterfactuals.parameters import Parameters
from engines.counterfactual_tables.multi_objective_counterfactuals.problem import asked, columns, missed
from engines.counterfactual_tables.multi_objective_counterfactuals.space import Space
from engines.counterfactual_tables.multi_objective_counterfactuals.wishes import Wishes, parsed, wishes_from
from engines.predictors import stored
from engines.refusals import Refusal

MANY = 4
"""Objectives beyond which non-dominated sorting hardly tells candidates apart."""


@dataclass(frozen=True, eq=False)
class Question:
    """What is searched, in an order of the rows that does not depend on how they came.

    Attributes:
        rows, outputs: (n, d) and (n, o): the data and what the model predicts of them, by row id.
        spans: (o,) highest minus lowest prediction; 1 for probabilities and what never varies.
        factual: Place of the row that is asked about.
        said: What the analyst is told before the search.
    """

    predictor: Predictor
    rows: np.ndarray
    row_ids: np.ndarray
    outputs: np.ndarray
    spans: np.ndarray
    factual: int
    wishes: Wishes
    said: tuple[str, ...]


def prepared(inputs: Inputs, parameters: Parameters) -> Question:
    """Read data, targets and limits.

    Raises:
        Refusal: for values that are no numbers, columns that never vary, targets or limits that make no sense, a row
            that is not there, a model that gives something else than was announced.
    """
    predictor = inputs.predictor
    stored(predictor)
    table = inputs.table.rows(np.argsort(inputs.table.row_ids, kind="stable"))
    rows = predictor.rows(table)
    for j, feature in enumerate(predictor.features):
        if not np.isfinite(rows[:, j]).all():
            at = table.row_ids[int(np.argmax(~np.isfinite(rows[:, j])))]
            raise Refusal(f"Column {feature.name} has an infinite value in row {at}: drop the row or the column.",
                          offers=("Drop these rows",), about=(feature.name,))
    outputs = asked(predictor)(rows)
    spans = np.ptp(outputs, axis=0)
    for target in predictor.targets:
        if target.levels:
            spans[columns(predictor.targets)[target.name]] = 1.0
    spans = np.where(spans > 0, spans, 1.0)

    targets, alike = told_apart(parameters.targets, predictor.features)
    value, bonuses = parsed(targets, parameters.limits, predictor.features, predictor.targets)
    row = _row(table.row_ids, parameters.row)
    said = []
    if not any(target.name in value for target in predictor.targets):
        if bonuses or alike:
            raise Refusal("Something is to be minimised, maximised or alike, and nothing is to be reached.",
                          "Give a target as well, such as: price 20..30.")
        row = 0 if row is None else row
        suggestion, words = _suggested(predictor, outputs, row)
        value |= suggestion
        said.append(f"No target was given; taken was: {words}.")
    wishes = wishes_from(value, predictor.features, predictor.targets, bonuses,
                         likes(alike, parameters.embedding, predictor.features))
    for j, feature in enumerate(predictor.features):
        limit = wishes.limits.get(feature.name)
        if np.ptp(rows[:, j]) == 0 and not feature.levels and not (limit and limit.lock):
            raise Refusal(f"Column {feature.name} has the same value everywhere: lock it or drop it.",
                          f"Write “{feature.name} locked” into the limits.", about=(feature.name,))
    short = np.column_stack([
        missed(aim, predictor.target(name), outputs[:, columns(predictor.targets)[name]],
               float(spans[columns(predictor.targets)[name].start]))
        for name, aim in wishes.aims.items()
    ]).sum(axis=1)
    names = [feature.name for feature in predictor.features]
    if row is None:
        row = int(np.argmax(short > 0))
    if short[row] <= 0:
        said.append(f"Row {table.row_ids[row]} already satisfies every target.")
    for like in wishes.likes:
        best = predictor.features[names.index(like.column)].levels[int(np.argmin(like.distances))]
        said.append(f"Of {like.column}, {best} is most like “{like.wish}” (cosine distance {min(like.distances):.3f}).")
    if len(wishes.beside) + 3 > MANY:
        said.append(f"{len(wishes.beside) + 3} objectives are many: beyond {MANY} the search hardly tells candidates "
                    "apart. Ask for fewer to be minimised, maximised or alike.")
    Space.of(predictor.features, rows[row], (rows.min(axis=0), rows.max(axis=0)), wishes.limits)
    return Question(predictor, rows, table.row_ids, outputs, spans, row, wishes, tuple(said))


def _row(row_ids: np.ndarray, wanted: int) -> int | None:
    """Its place, or None where none was named."""
    if wanted == 0:
        return None
    found = np.flatnonzero(row_ids == wanted)
    if not len(found):
        there = f"Rows run from {row_ids.min()} to {row_ids.max()}."
        raise Refusal(f"There is no row {wanted}.", there, about=("row",))
    return int(found[0])


def _suggested(predictor: Predictor, outputs: np.ndarray, row: int) -> tuple[Mapping[str, dict[str, Any]], str]:
    """A sensible target for the first prediction: the likeliest other level, or the other end of the numbers."""
    target = predictor.targets[0]
    told = outputs[:, columns(predictor.targets)[target.name]]
    if target.levels:
        chances = told[row].copy()
        chances[chances.argmax()] = -1.0
        level = target.levels[int(chances.argmax())]
        return {target.name: {"preferred": [level]}}, f"{target.name} prefers {level}"
    low, high = np.quantile(told[:, 0], (0.25, 0.75))
    if told[row, 0] <= np.median(told[:, 0]):
        return {target.name: {"low": float(high)}}, f"{target.name} >= {high:.6g}, the upper quarter"
    return {target.name: {"high": float(low)}}, f"{target.name} <= {low:.6g}, the lower quarter"
