"""Cells as text: one number of decimals a column, by locale, a sign for what is missing."""

from __future__ import annotations

import math

import numpy as np

from engines.data.kinds import Column, ColumnType
from widgets.numbers import format_number

MISSING = "–"
_LOOK = 2_000


def decimals_of(column: Column) -> int:
    """Decimals with which every value of a number column is shown: as many as its values have, two to four.

    Whole numbers have none. Values with longer tails get four significant digits at the middle of the column. Looks at
    the first 2,000 rows.
    """
    if column.type is not ColumnType.NUMBER or column.whole:
        return 0
    values = column.values[:_LOOK]
    values = np.abs(values[np.isfinite(values)])
    if not len(values):
        return 0
    for decimals in range(2, 5):
        if np.mean(np.abs(values - np.round(values, decimals)) <= 1e-9 * np.maximum(values, 1)) >= 0.99:
            return decimals
    middle = float(np.median(values[values > 0])) if (values > 0).any() else 1.0
    return int(min(max(3 - math.floor(math.log10(middle)), 0), 6))


def cell_text(column: Column, row: int, decimals: int) -> str:
    """The value at a row position; a dash where it is missing."""
    value = column.values[row]
    match column.type:
        case ColumnType.NUMBER:
            return MISSING if np.isnan(value) else format_number(float(value), "", decimals)
        case ColumnType.CATEGORY:
            return MISSING if value < 0 else column.levels[int(value)]
        case ColumnType.TEXT:
            return MISSING if value is None else str(value)


def is_missing(column: Column, row: int) -> bool:
    """Whether there is no value at a row position."""
    value = column.values[row]
    match column.type:
        case ColumnType.NUMBER:
            return bool(np.isnan(value))
        case ColumnType.CATEGORY:
            return bool(value < 0)
        case ColumnType.TEXT:
            return value is None
