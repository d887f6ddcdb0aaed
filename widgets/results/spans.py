"""The columns of a table as axes: which are, what they are called, and their values from least to greatest."""

from __future__ import annotations

import numpy as np

from engines.data.kinds import Column, ColumnType
from engines.results import ParallelResult
from widgets.curves.figures import short_text


def axes_of(result: ParallelResult) -> list[Column]:
    """The columns that are axes: numbers and categories, but for levels whose roles are told by colour alone."""
    return [column for column in result.table.columns if column.type is not ColumnType.TEXT
            and not (result.roles and column.name == result.colour_by)]


def scaled(column: Column) -> tuple[np.ndarray, str, str]:
    """(n,) values of a column in [0, 1], NaN where missing, and the texts at both ends."""
    values = np.where(column.missing, np.nan, column.values.astype(np.float64))
    if column.type is ColumnType.CATEGORY:
        last = max(len(column.levels) - 1, 1)
        return values / last, column.levels[0] if column.levels else "", column.levels[-1] if column.levels else ""
    good = values[np.isfinite(values)]
    low, high = (float(good.min()), float(good.max())) if len(good) else (0.0, 1.0)
    span = high - low if high > low else 1.0
    shares = (values - low) / span if high > low else np.where(np.isfinite(values), 0.5, np.nan)
    return np.where(np.isfinite(shares), shares, np.nan), short_text(low), short_text(high)


def named(column: Column) -> str:
    return f"{column.name}, {column.unit}" if column.unit else column.name
