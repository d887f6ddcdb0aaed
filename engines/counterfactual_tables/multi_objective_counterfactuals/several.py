"""One answer about several rows: what each row was answered with, put together, each line with its row.

Symbols: q rows that are asked about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from engines.contract import Answer, Budget, Support
from engines.counterfactual_tables.multi_objective_counterfactuals.views import radars
from engines.data.kinds import Column, ColumnType, Table, number_column
from engines.refusals import Refusal
from engines.results import ParallelResult, Result, ScatterResult, Span, TableResult, TextResult

MOST = 50
"""Rows that can be asked about at once: each is searched for."""

ROW = "row"
_SAFETY = (Support.INSIDE, Support.EDGE, Support.OUTSIDE)


def few_enough(count: int) -> None:
    """Refuse more rows than can be searched for in one answer."""
    if count > MOST:
        raise Refusal(f"{count:,} rows are asked about at once; {MOST} can be.",
                      "Each row is searched for: ask about fewer of them.")


def together(row_ids: Sequence[int], answers: Sequence[Answer], total: int, d: int) -> Answer:
    """One answer from the last answers about each of q rows, which hold the same results in the same order.

    total: Rows that are asked about; while fewer were answered it is a preview. d: Features of a row.
    """
    results: list[Result] = []
    for parts in zip(*(answer.results for answer in answers), strict=True):
        if isinstance(parts[0], ParallelResult) and parts[0].apart:     # of what any of the rows changes
            chosen = next(one for one in results if isinstance(one, TableResult) and one.factual is not None)
            results.append(_radars(chosen, d))
        else:
            results.append(_joined(row_ids, parts))
    notes = [f"Row {row}: {one.support_note}" for row, one in zip(row_ids, answers, strict=True) if one.support_note]
    return Answer(
        Budget.FINAL if len(answers) == total else Budget.PREVIEW, tuple(results), answers[0].factors,
        support=max((one.support for one in answers), key=_SAFETY.index), support_note=" ".join(notes),
        step=len(answers), total=total,
    )


def _radars(chosen: TableResult, d: int) -> Result:
    """Of a table whose first column says which row each line is about."""
    assert chosen.factual is not None
    assert chosen.changed is not None
    about, *names = chosen.table.names
    bare = replace(chosen, table=chosen.table.select(names), factual=chosen.factual.select(names),
                   changed=chosen.changed[:, 1:])
    return radars(bare, d, chosen.table[about].values)


def _joined(row_ids: Sequence[int], parts: Sequence[Result]) -> Result:
    first = parts[0]
    if isinstance(first, TextResult):
        said = [f"Row {row}: {''.join(span.text for span in part.spans)}"
                for row, part in zip(row_ids, parts, strict=True) if isinstance(part, TextResult)]
        return replace(first, spans=(Span(" ".join(said)),))
    if isinstance(first, TableResult):
        tables = [part for part in parts if isinstance(part, TableResult)]
        marks = [part.changed for part in tables if part.changed is not None]
        befores = [part.factual for part in tables if part.factual is not None]
        return replace(
            first, table=_stacked(row_ids, [part.table for part in tables]),
            changed=np.pad(np.concatenate(marks), ((0, 0), (1, 0))) if marks else None,
            factual=_stacked(row_ids, befores) if befores else None)
    if isinstance(first, ScatterResult):
        plots = [part for part in parts if isinstance(part, ScatterResult) and part.group is not None]
        kept = [_thinned(part.group, part.roles, len(plots)) for part in plots if part.group is not None]
        x, y, group = (
            np.concatenate([values[some] for values, some in zip(of_all, kept, strict=True)])
            for of_all in ([p.x for p in plots], [p.y for p in plots], [p.group for p in plots if p.group is not None]))
        return replace(first, x=x, y=y, group=group)
    assert isinstance(first, ParallelResult)
    lines = [part for part in parts if isinstance(part, ParallelResult)]
    return replace(first, table=_stacked(row_ids, [
        part.table.rows(_thinned(part.table[part.colour_by].values, part.roles, len(lines))) for part in lines]))


def _thinned(group: np.ndarray, roles: Sequence[str], q: int) -> np.ndarray:
    """Places of all that stand out and of one in q of the others, so that q rows show no more than one does."""
    plain = np.array([role == "plain" for role in roles])[group]
    return np.flatnonzero(~plain | (np.arange(len(group)) % q == 0))


def _stacked(row_ids: Sequence[int], tables: Sequence[Table]) -> Table:
    """The tables under one another, the row that each line is about before all."""
    about = np.repeat(np.asarray(row_ids, dtype=np.float64), [len(table) for table in tables])
    columns = [_end_to_end([table.columns[j] for table in tables]) for j in range(len(tables[0].columns))]
    name = ROW
    while any(column.name == name for column in columns):
        name += " (asked about)"
    return Table(tables[0].name, (number_column(name, about), *columns), np.arange(1, len(about) + 1, dtype=np.int64))


def _end_to_end(parts: Sequence[Column]) -> Column:
    """One column; levels that only some of the parts know are known in all."""
    first = parts[0]
    if first.type is not ColumnType.CATEGORY:
        return replace(first, values=np.concatenate([part.values for part in parts]))
    levels = tuple(dict.fromkeys(level for part in parts for level in part.levels))
    codes = [np.array([*(levels.index(level) for level in part.levels), -1])[part.values] for part in parts]
    return replace(first, values=np.concatenate(codes).astype(first.values.dtype), levels=levels)
