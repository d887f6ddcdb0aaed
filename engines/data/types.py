"""Which type a column has, guessed from its values, and how it changes from one type to another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from engines.data.kinds import Column, ColumnType
from engines.data.roles import Role
from engines.refusals import Refusal

if TYPE_CHECKING:
    import polars as pl

MISSING = (
    "", "NA", "N/A", "n/a", "na", "#N/A", "NaN", "nan", "NAN", "null", "NULL", "Null", "None", "none", "?", "-", ".",
)
"""What stands for a missing value in text files."""

MOST_LEVELS = 50
"""Text with at most so many distinct values is a category."""

_IDS = {"id", "row_id", "row id", "rowid", "uid", "uuid", "index", "key", "unnamed: 0"}
_SPLITS = {"split", "partition", "subset", "fold"}
PART_NAMES = {"train", "training", "test", "testing", "val", "valid", "validation", "dev"}
LABELS = {"label", "labels", "class", "classes", "target", "targets", "y"}


def guessed(name: str, values: Any, unit: str = "") -> Column:
    """A column of the type that its values suggest.

    Args:
        name: Its name.
        values: (n,) a polars Series of text, numbers, booleans or dates, or a numpy array.
        unit: Raw unit, if known.
    """
    import polars as pl

    series = values if isinstance(values, pl.Series) else _series(values)
    numbers = _numbers(series)
    if numbers is not None:
        return _guess_role(replace(_number(name, numbers), unit=unit))
    text = _text(series)
    distinct, present = text.n_unique() - (text.null_count() > 0), len(text) - text.null_count()
    if distinct <= MOST_LEVELS or (distinct <= present // 10 and distinct <= 1000):
        return _guess_role(_category(name, text))
    return _guess_role(_plain(name, text))


def retyped(column: Column, wanted: ColumnType) -> Column:
    """The same column read as another type; role and unit stay.

    Raises:
        Refusal: when a value is not a number.
    """
    if wanted is column.type:
        return column
    import polars as pl

    if wanted is ColumnType.NUMBER:
        text = pl.Series([column.label(i) for i in range(len(column.values))], dtype=pl.String)
        numbers = _numbers(text)
        if numbers is None:
            row, value = next((i, v) for i, v in enumerate(text) if v is not None and not _is_number(v))
            raise Refusal(
                f"Column {column.name} cannot be a number: row {row + 1} holds {value}.",
                "Leave its type as it is, or correct the file.",
                about=(column.name,),
            )
        made = _number(column.name, numbers)
    else:
        text = _text(pl.Series(_as_text(column), dtype=pl.String))
        made = _category(column.name, text) if wanted is ColumnType.CATEGORY else _plain(column.name, text)
    return replace(made, role=column.role, unit=column.unit)


def _series(values: Any) -> pl.Series:
    import polars as pl

    array = np.asarray(values)
    if array.dtype.kind == "S":
        array = np.char.decode(array, "utf-8", "replace")
    if array.dtype.kind in "UO":
        return pl.Series([None if v is None else str(v) for v in array.tolist()], dtype=pl.String)
    return pl.Series(array)


def _numbers(series: pl.Series) -> np.ndarray | None:
    """(n,) float64 with NaN for missing, or None when the values are not all numbers."""
    import polars as pl

    if series.dtype == pl.String:
        text = _text(series)
        if text.null_count() == len(text):
            return np.full(len(text), np.nan)
        cast = text.cast(pl.Float64, strict=False)
        if cast.null_count() > text.null_count():
            return None
        series = cast
    if series.dtype == pl.Null:
        return np.full(len(series), np.nan)
    if not series.dtype.is_numeric():
        return None
    return series.cast(pl.Float64).fill_null(np.nan).to_numpy().copy()


def _text(series: pl.Series) -> pl.Series:
    """Trimmed text, null where a marker of a missing value stands."""
    import polars as pl

    text = series if series.dtype == pl.String else series.cast(pl.String)
    trimmed = text.str.strip_chars()
    return trimmed.set(trimmed.is_in(list(MISSING)), None)


def _number(name: str, numbers: np.ndarray) -> Column:
    finite = numbers[np.isfinite(numbers)]
    whole = bool(len(finite)) and bool(np.all(finite == np.rint(finite)))
    return Column(name, ColumnType.NUMBER, numbers, whole=whole)


def _category(name: str, text: pl.Series) -> Column:
    import polars as pl

    levels = sorted(text.drop_nulls().unique().to_list(), key=_by_size)
    index = pl.DataFrame(
        {"level": levels, "code": range(len(levels))}, schema={"level": pl.String, "code": pl.Int32}
    )
    codes = pl.DataFrame({"level": text}).join(index, on="level", how="left", maintain_order="left")["code"]
    return Column(name, ColumnType.CATEGORY, codes.fill_null(-1).to_numpy().copy(), levels=tuple(levels))


def _plain(name: str, text: pl.Series) -> Column:
    values = np.empty(len(text), dtype=object)
    values[:] = text.to_list()
    return Column(name, ColumnType.TEXT, values)


def _as_text(column: Column) -> Sequence[str | None]:
    if column.type is not ColumnType.NUMBER:
        return [None if v is None else str(v) for v in (column.label(i) for i in range(len(column.values)))]
    return [
        None if np.isnan(v) else str(int(v)) if np.isfinite(v) and v == np.rint(v) and abs(v) < 1e15 else str(float(v))
        for v in column.values
    ]


def _by_size(level: str) -> tuple[bool, float, str]:
    return (False, float(level), level) if _is_number(level) else (True, 0.0, level)


_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def _is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None


def _guess_role(column: Column) -> Column:
    name = column.name.strip().lower()
    if name in _IDS and _unique(column):
        return replace(column, role=Role.ID)
    if name in _SPLITS and column.levels and {level.lower() for level in column.levels} <= PART_NAMES:
        return replace(column, role=Role.SPLIT)
    return column


def _unique(column: Column) -> bool:
    present = column.values[~column.missing]
    return len(present) == len(column.values) and len(set(present.tolist())) == len(present)
