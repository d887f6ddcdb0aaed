"""The run: the model is trained again, the data are measured, and refused rows are asked about with every search."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from engines.contract import Inputs, Run
from engines.counterfactual_tables.robust_counterfactuals.bank import changes, retrained
from engines.counterfactual_tables.robust_counterfactuals.explained import Explained
from engines.counterfactual_tables.robust_counterfactuals.model import TRex
from engines.counterfactual_tables.robust_counterfactuals.parameters import Parameters
from engines.counterfactual_tables.robust_counterfactuals.refusals import aimed, asked_rows, classes, trained_on
from engines.counterfactual_tables.robust_counterfactuals.report import Report
from engines.counterfactual_tables.robust_counterfactuals.searching import search
from engines.counterfactual_tables.robust_counterfactuals.space import Array, Space
from engines.counterfactual_tables.robust_counterfactuals.stability import noise, stability
from engines.predictors import restored, stored
from engines.predictors.learning import ready
from engines.predictors.stored import Stored

MEASURED_AT_A_TIME = 32
SEEDS = 2**31 - 1


def fit(inputs: Inputs, parameters: Parameters, run: Run) -> TRex:
    """Train the bank, measure the stability of the data, search for the refused rows."""
    seed = int(run.generator.integers(SEEDS))
    state = stored(inputs.predictor)
    predictor = restored(state)
    target, wanted = aimed(predictor, parameters)
    table = trained_on(inputs.table)
    rows = predictor.rows(table)
    changed_by = changes(parameters, predictor.learned)

    ready(predictor.learned)
    bank: list[Mapping[str, Any]] = list(run.resumed["bank"]) if run.resumed is not None else []
    known = classes(table, target)
    for i in run.steps(parameters.models, "retraining", start=len(bank)):
        member = retrained(
            predictor.learned, predictor.features, target, rows, known, changed_by[i], parameters, run, seed + 1 + i)
        bank.append(member.state())
        run.scalar("agreement with the model", _agreement(predictor, member, rows, target.name), i)
        run.checkpoint(lambda: {"bank": tuple(bank)})

    space = Space.fitted(predictor.features, rows)
    explained = Explained(predictor, target.name, wanted, space)
    scaled = space.inside(rows)
    accepted = explained.accepted(scaled)
    told = _measured(explained, scaled[accepted], parameters, seed, run)
    model = TRex(
        parameters, state, tuple(bank), changed_by, target.name, target.levels[wanted], rows, table.row_ids, accepted,
        told, seed,
    )
    report = Report(run, model)
    report.warn()
    ids = asked_rows(inputs.table, predictor, target, wanted, parameters.rows)
    places = np.flatnonzero(np.isin(inputs.table.row_ids, ids))
    asked = inputs.table.rows(places[np.argsort(inputs.table.row_ids[places], kind="stable")])
    x = space.inside(predictor.rows(asked))
    found = search(model.world, x, parameters, {}, seed, run.steps, report.watching(x, asked.row_ids))
    report.conclude(asked, x, found)
    return model


def _agreement(one: Stored, other: Stored, rows: Array, target: str) -> float:
    """Share of the rows on which both say the same class."""
    said = [model.predict(rows)[target].argmax(axis=1) for model in (one, other)]
    return float((said[0] == said[1]).mean())


def _measured(explained: Explained, rows: Array, parameters: Parameters, seed: int, run: Run) -> Array:
    """(n,) R-hat of the rows that the model accepts."""
    shaken = explained.space.sampled(parameters.shake)
    z = noise(parameters.k, rows.shape[1], seed)
    starts = range(0, len(rows), MEASURED_AT_A_TIME)
    return np.concatenate([
        stability(explained, rows[start : start + MEASURED_AT_A_TIME], parameters.sigma, z, shaken)
        for start in run.steps(starts, "stability of the data")
    ])
