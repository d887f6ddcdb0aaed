"""What is seen of candidates: the chosen beside the factual, their differences, the Pareto scatter, parallel axes.

Symbols: n candidates, k chosen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from engines.abilities import as_columns
from engines.counterfactual_tables.multi_objective_counterfactuals.problem import Candidates, Problem, columns
from engines.counterfactual_tables.multi_objective_counterfactuals.selection import Selection
from engines.counterfactual_tables.multi_objective_counterfactuals.sorting import fronts
from engines.data.kinds import Column, ColumnType, Table, category_column, number_column
from engines.results import ParallelResult, ScatterResult, Span, TableResult, TextResult

POINTS, LINES, MOST_SPOKES = 2000, 150, 12
GROUPS = ("candidate", "Pareto front", "chosen", "this row")
ROLES = ("plain", "plain", "counterfactual", "factual")
DISTANCE, SHARE, UNREAL = "distance", "share changed", "distance from data"


def names(problem: Problem) -> tuple[str, ...]:
    """Of the objectives, in order."""
    return (*problem.wishes.beside, DISTANCE, SHARE, UNREAL)


def table(problem: Problem, some: Candidates, score: np.ndarray | None = None) -> Table:
    """Rows with their predictions and what is minimised."""
    objectives = problem.objectives(some)[:, -3:]
    unlike = problem.unlikeness(some.rows)
    told = [number_column(like.name, unlike[:, j]) for j, like in enumerate(problem.wishes.likes)]
    told += [number_column(name, objectives[:, j]) for j, name in enumerate((DISTANCE, SHARE, UNREAL))]
    if score is not None:
        told.append(number_column("score", score))
    found = (*as_columns(problem.space.features, some.rows), *_predicted(problem, some.outputs), *told)
    return Table("counterfactuals", _apart(found), np.arange(1, len(some) + 1, dtype=np.int64))


def chosen_table(problem: Problem, some: Candidates, selection: Selection) -> TableResult:
    """The chosen candidates, what differs from the factual marked."""
    picked, now = some.at(selection.places), problem.evaluated(problem.space.query[None])
    after = table(problem, picked, selection.score[selection.places])
    before = table(problem, now.at(np.zeros(len(picked), dtype=int)), np.full(len(picked), np.nan))
    told = len(problem.space.features) + len(_predicted(problem, now.outputs))
    marks = np.column_stack([a.values != b.values for a, b in zip(after.columns, before.columns, strict=True)])
    marks[:, told:] = False
    return TableResult("counterfactuals", "Counterfactuals", after, marks, before)


def differences(problem: Problem, some: Candidates, selection: Selection) -> TableResult:
    """By how much each number changes, and from which level to which each category does."""
    rows, query = some.rows[selection.places], problem.space.query
    told = []
    for j, feature in enumerate(problem.space.features):
        if feature.levels:
            was = feature.levels[int(query[j])]
            told.append(category_column(feature.name, [
                "stays" if row[j] == query[j] else f"{was} → {feature.levels[int(row[j])]}" for row in rows]))
        else:
            told.append(replace(number_column(feature.name, rows[:, j] - query[j], feature.unit), whole=feature.whole))
    ids = np.arange(1, len(rows) + 1, dtype=np.int64)
    return TableResult("differences", "What changes, by how much", Table("differences", tuple(told), ids))


def pareto(problem: Problem, some: Candidates, selection: Selection, axes: tuple[int, int]) -> ScatterResult:
    """Two objectives of the candidates, the front and the chosen, with the query."""
    objectives = problem.objectives(some)
    group = np.zeros(len(some), dtype=int)
    flat = objectives[:, list(axes)]
    if len(some):
        group[fronts(flat, 1)[0]] = 1
    group[selection.places] = 2
    thin = np.flatnonzero(group == 0)
    thin = thin[np.linspace(0, len(thin) - 1, min(POINTS, len(thin))).astype(int)]
    kept = np.concatenate([thin, np.flatnonzero(group == 1), selection.places])
    query = problem.objectives(problem.evaluated(problem.space.query[None]))[0, list(axes)]
    shown = np.concatenate([flat[kept], query[None]])
    labels = names(problem)
    return ScatterResult(
        "pareto", "Trade-off between two objectives", shown[:, 0], shown[:, 1], labels[axes[0]], labels[axes[1]],
        np.append(group[kept], 3), GROUPS, roles=ROLES,
    )


def parallel(problem: Problem, some: Candidates, selection: Selection) -> ParallelResult:
    """The front, the chosen and the query across features and objectives."""
    front = fronts(problem.objectives(some), 1)[0] if len(some) else np.empty(0, dtype=int)
    front = np.setdiff1d(front, selection.places)
    front = front[np.linspace(0, len(front) - 1, min(LINES, len(front))).astype(int)]
    rows = Candidates.joined([
        some.at(front), some.at(selection.places), problem.evaluated(problem.space.query[None])])
    which = np.concatenate([np.zeros(len(front)), np.ones(len(selection.places)), [2.0]]).astype(np.int32)
    told = table(problem, rows)
    told = told.with_column(Column("which", ColumnType.CATEGORY, which, GROUPS[1:]))
    return ParallelResult("parallel", "Features and objectives together", told, "which", ROLES[1:])


def radars(chosen: TableResult, d: int, about: np.ndarray | None = None) -> ParallelResult:
    """Each row that is asked about, then its counterfactuals: what any of them changes, what is predicted, and what is
    minimised.

    chosen: The result of `chosen_table`, of d features.
    about: (k,) which row each line is about; None: all the same one.
    """
    after, before, marks = chosen.table, chosen.factual, chosen.changed
    assert before is not None
    assert marks is not None
    moved = [j for j in range(d) if marks[:, j].any()][:MOST_SPOKES]
    kept = [*moved, *range(d, len(after.columns) - 1)]          # but for the score, the last
    about = np.zeros(len(after)) if about is None else about
    first = np.flatnonzero(np.append(True, np.diff(about) != 0)) if len(after) else np.empty(0, dtype=int)
    order = np.argsort(np.append(first - 0.5, np.arange(len(after))), kind="stable")
    source = np.append(first, len(after) + np.arange(len(after)))[order]      # a factual lies before its own
    columns = [replace(after.columns[j], values=np.append(before.columns[j].values, after.columns[j].values)[source])
               for j in kept]
    which = np.where(source < len(after), 2, 1).astype(np.int32)
    told = Table("radar", (*columns, Column("which", ColumnType.CATEGORY, which, GROUPS[1:])),
                 np.arange(1, len(source) + 1, dtype=np.int64))
    return ParallelResult("radar", "Each counterfactual beside this row", told, "which", ROLES[1:], apart=True)


def text(sentences: Sequence[str]) -> TextResult:
    """What is said of the answer."""
    return TextResult("verdict", "Are the targets met?", (Span(" ".join(sentences)),))


def _predicted(problem: Problem, outputs: np.ndarray) -> tuple[Column, ...]:
    """The predictions: numbers as they are, the likeliest level, and how probable it is."""
    found: list[Column] = []
    for target in problem.targets:
        part = outputs[:, columns(problem.targets)[target.name]]
        if target.levels:
            likeliest = part.argmax(axis=1)
            found += [
                Column(f"{target.name}, predicted", ColumnType.CATEGORY, likeliest.astype(np.int32), target.levels),
                number_column(f"{target.name}, probability", part[np.arange(len(part)), likeliest]),
            ]
        else:
            found.append(replace(number_column(f"{target.name}, predicted", part[:, 0], target.unit), whole=False))
    return tuple(found)


def _apart(found: tuple[Column, ...]) -> tuple[Column, ...]:
    """With names that differ: a column of the data may be called like an objective."""
    taken: set[str] = set()
    told = []
    for column in found:
        name = column.name
        while name in taken:
            name += " (found)"
        taken.add(name)
        told.append(replace(column, name=name))
    return tuple(told)
