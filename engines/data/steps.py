"""Recorded preparation: small named functions with plain settings, applied in order.

A step is a mapping with the key "step" and its settings, such as {"step": "logarithm", "columns": ["dose"]}. What a
step learns (mean, spread, median) it learns from the training part alone: such a step is given `rows`, (n,) True for
training. Steps that a reader must know of while it reads (files to leave out, the size of pictures) are its `wishes`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from engines.data.kinds import Column, ColumnType, DataSet, Images, Table
from engines.data.readers import Wishes
from engines.data.refusing import DataRefusal
from engines.data.roles import Role
from engines.refusals import Refusal

Step = Mapping[str, Any]


def wishes(steps: Sequence[Step], labels: str = "") -> Wishes:
    """What the steps ask of the reader."""
    wish = Wishes(labels=Path(labels) if labels else None)
    for step in steps:
        match step.get("step"):
            case "leave_out_files":
                wish = replace(wish, leave_out=wish.leave_out | frozenset(map(str, step["files"])))
            case "resize_images":
                wish = replace(wish, size=(int(step["height"]), int(step["width"])))
            case "convert_images":
                wish = replace(wish, channels=int(step["channels"]))
            case "drop_uneven_rows":
                wish = replace(wish, uneven_rows="drop")
            case "number_names":
                wish = replace(wish, number_names=True)
            case "sheet":
                wish = replace(wish, sheet=str(step["name"]))
            case "use_matching":
                wish = replace(wish, matching_only=True)
            case "match_in_order":
                wish = replace(wish, in_order=True)
            case "only_files":
                wish = replace(wish, only=frozenset(map(str, step["files"])))
            case "use_pixels":
                wish = replace(wish, pixels=str(step["name"]))
            case "eight_bits":
                wish = replace(wish, eight_bits=True)
    return wish


def apply(data: DataSet, steps: Sequence[Step], training: np.ndarray | None = None) -> DataSet:
    """The data after all steps. `training`: (m,) row ids to fit on; None fits on all rows.

    Raises:
        Refusal: for a step that is not known, or that cannot be done on these data.
    """
    for step in steps:
        name = str(step.get("step", ""))
        if name in _FITTED:
            rows = np.ones(len(data), bool) if training is None else np.isin(data.row_ids, training)
            data = _FITTED[name](data, step, rows)
        elif name in _PLAIN:
            data = _PLAIN[name](data, step)
        elif name not in _WHILE_READING:
            known = ", ".join(sorted((*_FITTED, *_PLAIN, *_WHILE_READING)))
            raise Refusal(f"There is no preparation step called {name}.", f"Known are {known}.")
    return data


# ------------------------------------------------------------------------------------------------------ columns


def logarithm(data: DataSet, step: Step) -> DataSet:
    """Natural logarithm of `columns` (all number factors if absent), after adding `plus` (0)."""
    plus = float(step.get("plus", 0.0))

    def changed(column: Column) -> Column:
        values = column.values + plus
        lowest = np.nanmin(values, initial=np.inf)
        if lowest <= 0:
            raise DataRefusal(
                f"Column {column.name} has no logarithm: its smallest value is {lowest - plus:g}.",
                "Only numbers above 0 have one.",
                about=(column.name,),
                remedies={} if lowest + 1 <= 0 or plus else {"Use log(1 + x)": {**step, "plus": 1.0}},
            )
        return replace(column, values=np.log(values), unit=f"log {column.unit}" if column.unit else "log", whole=False)

    return _each(data, step, changed)


def standardise(data: DataSet, step: Step, rows: np.ndarray) -> DataSet:
    """`columns` minus their mean, over their standard deviation; both from the training part."""

    def changed(column: Column) -> Column:
        known = column.values[rows]
        spread = float(np.nanstd(known)) if (~np.isnan(known)).any() else 0.0
        if not spread > 0:
            raise Refusal(f"Column {column.name} cannot be standardised: it never varies.", about=(column.name,))
        return replace(column, values=(column.values - np.nanmean(known)) / spread, unit="sd", whole=False)

    return _each(data, step, changed)


def impute(data: DataSet, step: Step, rows: np.ndarray) -> DataSet:
    """Missing values of `columns` (all that have some, if absent) become the median, or the commonest category."""

    def changed(column: Column) -> Column:
        missing = column.missing
        known = column.values[rows & ~missing]
        if not missing.any():
            return column
        if not len(known):
            raise Refusal(f"Column {column.name} holds no value to impute from.", "Leave it out.", about=(column.name,))
        values = column.values.copy()
        values[missing] = np.median(known) if column.type is ColumnType.NUMBER else np.bincount(known).argmax()
        return replace(column, values=values)

    return _each(data, step, changed, (ColumnType.NUMBER, ColumnType.CATEGORY))


def leave_out_columns(data: DataSet, step: Step) -> DataSet:
    """`columns` get the role "left out": they stay in sight, no method uses them."""
    for name in step["columns"]:
        data = data.with_role(str(name), Role.LEFT_OUT)
    return data


def set_unit(data: DataSet, step: Step) -> DataSet:
    """The `columns` are in `unit`; values stay."""
    return _each(data, step, lambda column: replace(column, unit=str(step["unit"])))


def set_whole(data: DataSet, step: Step) -> DataSet:
    """The `columns` hold whole numbers only (`whole` true), or may hold any (false).

    Raises:
        Refusal: when a value is not a whole number.
    """
    whole = bool(step["whole"])

    def changed(column: Column) -> Column:
        finite = column.values[np.isfinite(column.values)]
        if whole and not np.all(finite == np.rint(finite)):
            example = finite[finite != np.rint(finite)][0]
            raise Refusal(f"Column {column.name} holds {example:g}, which is not a whole number.", about=(column.name,))
        return replace(column, whole=whole)

    return _each(data, step, changed)


def _each(
    data: DataSet, step: Step, change: Callable[[Column], Column], types: tuple[ColumnType, ...] = (ColumnType.NUMBER,)
) -> DataSet:
    table = data.attributes
    names = step.get("columns") or [c.name for c in table.columns if c.type in types and c.role is not Role.LEFT_OUT]
    for name in names:
        column = table[str(name)]
        if column.type not in types:
            allowed = " or ".join(types)
            raise Refusal(
                f"Column {name} is {column.type}; the step {step['step']} needs {allowed}.", about=(str(name),)
            )
        table = table.with_column(change(column))
    return table if isinstance(data, Table) else replace(data, attributes=table)


# --------------------------------------------------------------------------------------------------------- rows


def drop_missing_rows(data: DataSet, step: Step) -> DataSet:
    """Only rows in which `columns` (all that are not left out, if absent) have finite values."""
    table = data.attributes
    names = step.get("columns") or [column.name for column in table.columns if column.role is not Role.LEFT_OUT]
    keep = np.ones(len(data), dtype=bool)
    for name in names:
        column = table[str(name)]
        keep &= np.isfinite(column.values) if column.type is ColumnType.NUMBER else ~column.missing
    if not keep.any():
        raise Refusal("No row would be left: every row misses a value.", "Leave out the columns with the most missing.")
    return data.rows(np.flatnonzero(keep))


def row_range(data: DataSet, step: Step) -> DataSet:
    """Rows whose id lies between `first` and `last`, both included."""
    first, last = int(step.get("first", 1)), int(step.get("last", np.iinfo(np.int64).max))
    keep = np.flatnonzero((data.row_ids >= first) & (data.row_ids <= last))
    if not len(keep):
        raise Refusal(
            f"No row lies between {first:,} and {last:,}.",
            f"{data.name} has rows {int(data.row_ids.min()):,} to {int(data.row_ids.max()):,}.",
        )
    return data.rows(keep)


def keep_rows(data: DataSet, step: Step) -> DataSet:
    """Only the `rows` with these ids."""
    keep = np.isin(data.row_ids, np.asarray(step["rows"], dtype=np.int64))
    if not keep.any():
        raise Refusal(f"No row of {data.name} would be left.", "Keep at least one.")
    return data.rows(np.flatnonzero(keep))


def drop_rows(data: DataSet, step: Step) -> DataSet:
    """All but the `rows` with these ids."""
    keep = ~np.isin(data.row_ids, np.asarray(step["rows"], dtype=np.int64))
    if not keep.any():
        raise Refusal(f"No row of {data.name} would be left.", "Keep at least one.")
    return data.rows(np.flatnonzero(keep))


def correct_values(data: DataSet, step: Step) -> DataSet:
    """Values of one `column` put right: `values` by row id, each a number, a level or a text.

    A level that the column does not have yet comes after those that it has; rows that are not there are passed over.

    Raises:
        Refusal: when a value of a number column is no number.
    """
    table = data.attributes
    column = table[str(step["column"])]
    positions = {int(row): place for place, row in enumerate(data.row_ids)}
    values, levels = column.values.copy(), list(column.levels)
    for row, value in step["values"].items():
        place = positions.get(int(row))
        if place is None:
            continue
        if column.type is ColumnType.NUMBER:
            values[place] = _as_number(column, int(row), value)
        elif column.type is ColumnType.TEXT:
            values[place] = str(value)
        else:
            if str(value) not in levels:
                levels.append(str(value))
            values[place] = levels.index(str(value))
    table = table.with_column(replace(column, values=values, levels=tuple(levels)))
    return table if isinstance(data, Table) else replace(data, attributes=table)


def _as_number(column: Column, row: int, value: object) -> float:
    try:
        return float(str(value))
    except ValueError as error:
        raise Refusal(
            f"Row {row} of {column.name} cannot become {value}, which is not a number.", about=(column.name,)
        ) from error


def set_name(data: DataSet, step: Step) -> DataSet:
    """The data set is called `name`, so that it can stand beside the one that it was made of."""
    return replace(data, name=str(step["name"]))


# ----------------------------------------------------------------------------------------------------- pictures


def resize_images(data: DataSet, step: Step) -> DataSet:
    """Pictures brought to `height` x `width` (area average when smaller, bicubic when larger)."""
    from engines.data.readers import _pictures

    images = _only_images(data, step)
    size = (int(step["height"]), int(step["width"]))
    return replace(images, pixels=_pictures.resized(images.pixels, size))


def convert_images(data: DataSet, step: Step) -> DataSet:
    """Pictures with `channels` 1 (grey: ITU-R 601 luma) or 3 (grey repeated)."""
    from engines.data.readers import _pictures

    images = _only_images(data, step)
    return replace(images, pixels=_pictures.converted(images.pixels, int(step["channels"])))


def _only_images(data: DataSet, step: Step) -> Images:
    if not isinstance(data, Images):
        raise Refusal(f"{data.name} holds no pictures; the step {step['step']} needs some.")
    return data


_PLAIN: Mapping[str, Callable[[DataSet, Step], DataSet]] = {
    "logarithm": logarithm,
    "leave_out_columns": leave_out_columns,
    "set_unit": set_unit,
    "set_whole": set_whole,
    "drop_missing_rows": drop_missing_rows,
    "row_range": row_range,
    "keep_rows": keep_rows,
    "drop_rows": drop_rows,
    "correct_values": correct_values,
    "set_name": set_name,
    "resize_images": resize_images,
    "convert_images": convert_images,
}
_FITTED: Mapping[str, Callable[[DataSet, Step, np.ndarray], DataSet]] = {"standardise": standardise, "impute": impute}
_WHILE_READING = ("leave_out_files", "drop_uneven_rows", "number_names", "sheet", "use_matching", "match_in_order",
                  "only_files", "use_pixels", "eight_bits")
