"""What a run shows: scores beside the plain guess, predicted against true, and what it relies on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from engines.abilities import Predictor, Target
from engines.contract import Run
from engines.counterfactual_tables.plain_predictor.judging import Score
from engines.data.kinds import Table, category_column, number_column, table_of
from engines.results import BarsResult, Line, MatrixResult, Result, ScatterResult, TableResult


def show(
    run: Run, predictor: Predictor, scores: Sequence[Score], relied: np.ndarray, rows: np.ndarray,
    wanted: Mapping[str, np.ndarray], row_ids: np.ndarray,
) -> None:
    """All results, from held-out rows (n, d). relied: (targets, features, repeats)."""
    told = predictor.predict(rows)
    for score in scores:
        run.scalar(f"held-out {score.figure}, {score.target}", score.value, 0, score.unit)
    for target in predictor.targets:
        first = next(s for s in scores if s.target == target.name)
        better = first.value > first.plain if target.levels else first.value < first.plain
        if not better:
            run.message(f"{target.name} is predicted no better than by always saying the same: the features tell "
                        "nothing about it, or the settings do not fit.")
    run.show(TableResult("scores", "How well it predicts rows that it never saw", _scores(scores)))
    run.show(BarsResult(
        "importance", f"What it relies on for {predictor.targets[0].name}: loss when a feature is dealt out anew",
        tuple(f.name for f in predictor.features), relied[0].mean(axis=1), relied[0].min(axis=1),
        relied[0].max(axis=1), "nats" if predictor.targets[0].levels else "",
    ))
    for number, target in enumerate(predictor.targets, start=1):
        run.show(_against(f"predicted{'' if number == 1 else f'_{number}'}", target, told[target.name],
                          wanted[target.name], row_ids))


def _scores(scores: Sequence[Score]) -> Table:
    return table_of("scores", [
        category_column("target", [s.target for s in scores]), category_column("figure", [s.figure for s in scores]),
        number_column("this model", np.array([s.value for s in scores])),
        number_column("always the same guess", np.array([s.plain for s in scores])),
    ])


def _against(name: str, target: Target, told: np.ndarray, wanted: np.ndarray, row_ids: np.ndarray) -> Result:
    """Predicted against true: points of a number, counts of levels."""
    if target.levels:
        k = len(target.levels)
        counts = np.zeros((k, k))
        np.add.at(counts, (wanted.astype(int), told.argmax(axis=1)), 1)
        return MatrixResult(name, f"{target.name}: true (down) against predicted", counts, target.levels,
                            target.levels, unit="rows")
    ends = np.array([wanted.min(), wanted.max()])
    return ScatterResult(
        name, f"{target.name}: predicted against true", wanted, told, _label("true", target),
        _label("predicted", target), lines=(Line("exact", ends, ends, role="reference"),), row_ids=row_ids,
    )


def _label(word: str, target: Target) -> str:
    return f"{word} {target.name}" + (f" [{target.unit}]" if target.unit else "")
