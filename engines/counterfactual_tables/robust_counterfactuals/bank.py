"""The bank of changed models: the model is really trained again, from new starts and on other rows.

Symbols: n rows that are trained on, d features in raw units.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engines.abilities import Feature, Target
from engines.contract import Run
from engines.counterfactual_tables.robust_counterfactuals.parameters import Parameters
from engines.counterfactual_tables.robust_counterfactuals.space import Array
from engines.predictors.learning import learn
from engines.predictors.stored import Learning, Stored
from engines.training.within import Within

NEW_START, BOOTSTRAP, LEAVE_OUT = "new start", "bootstrap", "leave out"
TURNS = (NEW_START, BOOTSTRAP, LEAVE_OUT)
TRIES = 50


def changes(parameters: Parameters, how: Learning) -> tuple[str, ...]:
    """How each retraining differs. A new start alone changes nothing in a linear model; mixing leaves it out there."""
    if parameters.change != "mixed":
        return (parameters.change,) * parameters.models
    turns = TURNS[1:] if how.kind == "linear" else TURNS
    return tuple(turns[i % len(turns)] for i in range(parameters.models))


def rows_of(change: str, classes: Array, left_out: float, generator: np.random.Generator) -> Array:
    """Places of the rows that a retraining sees; every class (n,) occurs among them."""
    n = len(classes)
    for _ in range(TRIES):
        if change == NEW_START:
            return np.arange(n)
        if change == BOOTSTRAP:
            places = generator.integers(n, size=n)
        else:
            places = np.sort(generator.permutation(n)[: max(2, round(n * (1 - left_out)))])
        if len(np.unique(classes[places])) == len(np.unique(classes)):
            return places
    first = np.unique(classes, return_index=True)[1]
    return np.concatenate([first, places])


def retrained(
    how: Learning, features: Sequence[Feature], target: Target, rows: Array, classes: Array, change: str,
    parameters: Parameters, run: Run, seed: int,
) -> Stored:
    """One model trained again like the first, which differs by `change`. rows (n, d), classes (n,) places of levels."""
    part = Within(run, seed)
    places = rows_of(change, classes, parameters.left_out, part.generator)
    return learn(how, features, (target,), rows[places], {target.name: classes[places]}, part)
