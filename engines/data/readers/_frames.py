"""What the column-wise formats share: a polars frame becomes a table, a damaged file a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from engines.data.kinds import Table
from engines.data.refusing import READ_AGAIN, DataRefusal
from engines.data.types import guessed
from engines.refusals import Refusal

if TYPE_CHECKING:
    import polars as pl


def table_of(file: str, name: str, frame: pl.DataFrame) -> Table:
    """The table of a frame whose names are settled.

    Raises:
        Refusal: no rows, no values, or cells that hold lists or records.
    """
    if not frame.width:
        raise Refusal(f"{file} has no columns.", about=(file,))
    if frame.is_empty():
        names = ", ".join(frame.columns[:8])
        raise Refusal(f"{file} has a header and no rows.", f"Its columns are {names}.", about=(file,))
    for label, dtype in frame.schema.items():
        if dtype.is_nested() or dtype.is_object() or str(dtype) == "Binary":
            what = "binary data" if str(dtype) == "Binary" else "lists or records"
            raise Refusal(
                f"{file}: the cells of column {label} hold {what}.",
                "A table has one number, category or text a cell. Leave the column out and save the file again.",
                about=(file, label),
            )
    columns = tuple(guessed(label, frame[label]) for label in frame.columns)
    if all(bool(column.missing.all()) for column in columns):
        raise Refusal(f"{file} holds no values: every cell is missing.", f"It has {len(frame):,} rows.", about=(file,))
    return Table(name, columns, np.arange(1, len(frame) + 1, dtype=np.int64))


@contextmanager
def damage(file: str, what: str) -> Iterator[None]:
    """Inside it, whatever the reading library says about the bytes becomes a refusal."""
    import polars as pl

    try:
        yield
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, ValueError) as error:
        raise DataRefusal(
            f"{file} begins as {what}, but is cut off or damaged further on.", "Copy it again.", (READ_AGAIN,), (file,)
        ) from error
