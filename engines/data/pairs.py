"""How columns go together, two by two: points for a scatter matrix, and rank correlations.

Symbols: k columns, m rows shown (a fixed, seeded sample of those without a gap).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engines.data.kinds import Column, ColumnType, Table
from engines.data.roles import Role
from engines.data.splits import mixed
from engines.data.summary import long_tailed

MOST_POINTS = 1_500
_MOST_RANKED = 20_000


@dataclass(frozen=True, eq=False)
class Pairs:
    """Columns compared two by two.

    Attributes:
        names: k names.
        points: (k, m) in [0, 1]: each column between its 0.5 % and 99.5 % values, logarithmic for long tails.
        logarithmic: (k,) whether the axis is logarithmic.
        correlations: (k, k) Spearman's rank correlation over all rows that both columns have; NaN without any.
    """

    names: tuple[str, ...]
    points: np.ndarray
    logarithmic: tuple[bool, ...]
    correlations: np.ndarray


def pairable(table: Table) -> tuple[str, ...]:
    """Columns that can stand in a scatter matrix: they vary, are no text, and are no ids, splits or left out."""
    passed = (Role.ID, Role.SPLIT, Role.LEFT_OUT)
    return tuple(
        column.name for column in table.columns
        if column.type is not ColumnType.TEXT and column.role not in passed and not column.constant
    )


def pairs_of(table: Table, names: Sequence[str], most: int = MOST_POINTS) -> Pairs:
    """Points and correlations of the named columns; at most `most` rows are shown, always the same ones."""
    values = [_numbers(table[name]) for name in names]
    whole = np.all([np.isfinite(column) for column in values], axis=0) if values else np.zeros(len(table), bool)
    order = np.argsort(mixed(table.row_ids, 0), kind="stable")
    shown = order[whole[order]][:most]
    logarithmic = tuple(
        table[name].type is ColumnType.NUMBER and long_tailed(column[np.isfinite(column)])
        for name, column in zip(names, values)
    )
    points = np.array([_placed(column, shown, log) for column, log in zip(values, logarithmic)])
    return Pairs(tuple(names), points.reshape(len(values), len(shown)), logarithmic, _spearman(values, order))


def _numbers(column: Column) -> np.ndarray:
    if column.type is ColumnType.NUMBER:
        return column.values
    return np.where(column.values < 0, np.nan, column.values.astype(np.float64))


def _placed(values: np.ndarray, shown: np.ndarray, log: bool) -> np.ndarray:
    finite = values[np.isfinite(values)]
    if log:
        values, finite = np.log(values), np.log(finite)
    low, high = np.quantile(finite, [0.005, 0.995]) if len(finite) else (0.0, 1.0)
    if not high > low:
        low, high = low - 0.5, high + 0.5
    return np.clip((values[shown] - low) / (high - low), 0, 1)


def _spearman(values: list[np.ndarray], order: np.ndarray) -> np.ndarray:
    """(k, k). Ranks are averaged over ties; from 20,000 rows on a fixed sample is ranked."""
    some = order[:_MOST_RANKED]
    kept = [column[some] for column in values]
    result = np.eye(len(kept))
    for i, a in enumerate(kept):
        for j in range(i):
            both = np.isfinite(a) & np.isfinite(kept[j])
            result[i, j] = result[j, i] = _correlation(ranks(a[both]), ranks(kept[j][both]))
    return result


def ranks(values: np.ndarray) -> np.ndarray:
    """(n,) rank of each value, from 0, ties averaged."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return ((ends - counts + ends - 1) / 2)[place]


def _correlation(a: np.ndarray, b: np.ndarray) -> float:
    if len(a) < 2:
        return float("nan")
    a, b = a - a.mean(), b - b.mean()
    spread = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / spread if spread > 0 else float("nan")
