"""What T-Rex refuses beyond the wrong kind of data, and which class it is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from engines.abilities import Ability, Carded, Predictor, Target
from engines.contract import Inputs
from engines.counterfactual_tables.robust_counterfactuals.parameters import Parameters
from engines.counterfactual_tables.robust_counterfactuals.space import Array
from engines.data.kinds import ColumnType, Table
from engines.data.splits import parts
from engines.predictors import stored
from engines.predictors.stored import ELSEWHERE
from engines.refusals import Refusal

LEAST_ROWS = 40


def refuse(inputs: Inputs, parameters: Parameters) -> None:
    """Refuse a model, a class or settings with which no search can work.

    Raises:
        Refusal: with what to do instead.
    """
    if isinstance(inputs.model, Carded):
        if inputs.model.sort == ELSEWHERE:
            raise _came_trained()
        if parameters.search == "T-Rex:I" and Ability.GRADIENTS not in inputs.model.abilities:
            raise no_gradients()
        return
    predictor = inputs.predictor
    if predictor.sort == ELSEWHERE:
        raise _came_trained()
    stored(predictor)
    target, wanted = aimed(predictor, parameters)
    _refuse_columns(predictor, parameters)
    if parameters.search == "T-Rex:I" and not predictor.differentiable:
        raise no_gradients()
    table = trained_on(inputs.table)
    if len(np.unique(classes(table, target))) < 2:
        raise Refusal(f"All rows have the same {target.name}: no model can be trained again.", "Give more rows.",
                      about=(target.name,))
    chances = predictor.predict(predictor.rows(table))[target.name]
    level = target.levels[wanted]
    accepted = chances.argmax(axis=1) == wanted
    if not accepted.any():
        raise Refusal(f"The model predicts {target.name} = {level} for no row of {table.name}.",
                      "Choose another class, or a model that gives it to some rows.", about=(target.name,))
    if accepted.all() and not len(asked_rows(inputs.table, predictor, target, wanted, 1)):
        raise Refusal(f"The model predicts {target.name} = {level} for every row: nothing has to change.",
                      "Choose another class.", about=(target.name,))
    highest = float(chances[:, wanted].max())
    if parameters.tau >= highest:
        raise Refusal(f"τ = {parameters.tau:g} cannot be reached: the model is sure of {target.name} = {level} by at "
                      f"most {highest:.3f}.", "Choose a smaller τ.")


def no_gradients() -> Refusal:
    """The card's sentence."""
    return Refusal("T-Rex:I needs gradients, and this model has none: use T-Rex:NN.",
                   "It picks stable rows of the data and works with every model.", ("Use T-Rex:NN",))


def _came_trained() -> Refusal:
    return Refusal("A model from a file cannot be trained again, and T-Rex tests its advice on retrained models.",
                   "Train a predictor here, and explain that; multi-objective counterfactuals explain files too.")


def aimed(predictor: Predictor, parameters: Parameters) -> tuple[Target, int]:
    """The target, and the place of the class that is wanted.

    Raises:
        Refusal: when the settings leave it open.
    """
    if parameters.target:
        target = predictor.target(parameters.target)
        if not target.levels:
            raise Refusal(f"{target.name} is a number; T-Rex needs a class.", "Choose a target with classes.",
                          about=(target.name,))
    else:
        known = [one for one in predictor.targets if one.levels]
        if len(known) != 1:
            said = "predicts no class" if not known else f"predicts {len(known)} classes"
            raise Refusal(f"The model {said}: {', '.join(t.name for t in predictor.targets)}.",
                          "Choose a model of one class." if not known else "Name one of them as the target.")
        (target,) = known
    if not parameters.wanted:
        if len(target.levels) > 2:
            raise Refusal(f"{target.name} has {len(target.levels)} classes: choose the one that is wanted.",
                          f"They are {', '.join(target.levels)}.", about=(target.name,))
        return target, len(target.levels) - 1
    if parameters.wanted not in target.levels:
        raise Refusal(f"{target.name} has no class {parameters.wanted}.", f"It has {', '.join(target.levels)}.",
                      about=(target.name,))
    return target, target.levels.index(parameters.wanted)


def _refuse_columns(predictor: Predictor, parameters: Parameters) -> None:
    numbers = [f for f in predictor.features if not f.levels]
    if not numbers:
        raise Refusal("The model reads no number, and stability is measured by sampling numbers around a row.",
                      "Choose a model that reads some.")
    if parameters.shake == "continuous only" and all(f.whole for f in numbers):
        raise Refusal("The model reads no continuous number, so that nothing would be sampled.",
                      "Sample all numbers.", ("Sample all numbers",))


def trained_on(table: Table) -> Table:
    """The rows of the part train, where the data name one; else all; by row id."""
    table = table.rows(np.argsort(table.row_ids, kind="stable"))
    part = parts(table, {})
    return table if part is None or not (part == "train").any() else table.rows(np.flatnonzero(part == "train"))


def asked_rows(table: Table, predictor: Predictor, target: Target, wanted: int, most: int) -> Array:
    """Row ids of up to `most` rows that the model refuses the class: of the part test where there is one, and rightly
    refused where there are any.
    """
    table = table.rows(np.argsort(table.row_ids, kind="stable"))
    part = parts(table, {})
    if part is not None and (part == "test").any():
        table = table.rows(np.flatnonzero(part == "test"))
    refused = predictor.predict(predictor.rows(table))[target.name].argmax(axis=1) != wanted
    known = classes(table, target, gaps=True)
    rightly = refused & (known >= 0) & (known != wanted)
    return table.row_ids[np.flatnonzero(rightly if rightly.any() else refused)[:most]]


def classes(table: Table, target: Target, gaps: bool = False) -> Array:
    """(n,) the place of each row's class among the target's levels; -1 where missing.

    Raises:
        Refusal: when the column is missing, no category, has gaps (unless `gaps`) or unknown levels.
    """
    if target.name not in table:
        raise Refusal(f"{table.name} has no column {target.name}, which retrained models learn from.",
                      "Choose the data that the model was trained on.", about=(target.name,))
    column = table[target.name]
    if column.type is not ColumnType.CATEGORY:
        raise Refusal(f"Column {target.name} is {column.type}; the model predicts its classes.", "Change its type.",
                      about=(target.name,))
    places: Mapping[Any, int] = {level: place for place, level in enumerate(target.levels)}
    found = np.array([places.get(level, -2) for level in column.levels] + [-1])[column.values]
    if (found == -2).any():
        level = column.label(int(np.argmax(found == -2)))
        raise Refusal(f"Column {target.name} has the class {level}, which the model never saw.",
                      f"It knows {', '.join(target.levels)}.", ("Drop these rows",), (target.name,))
    if (found == -1).any() and not gaps:
        raise Refusal(f"Column {target.name} has {int((found == -1).sum())} missing values: drop these rows.",
                      f"The first is in row {table.row_ids[int(np.argmax(found == -1))]}.", ("Drop these rows",),
                      (target.name,))
    return found
