"""Parquet tables."""

from __future__ import annotations

from pathlib import Path

from engines.data.kinds import DataKind, Table
from engines.data.limits import check_memory, in_words
from engines.data.readers import Estimate, Reader, Wishes, _frames
from engines.data.refusing import READ_AGAIN, DataRefusal

_MAGIC = b"PAR1"
_NAME = "a Parquet file"


def read(path: Path, _: Wishes) -> Table:
    """The table; names are unique in this format."""
    import polars as pl

    _check_end(path)
    with _frames.damage(path.name, _NAME):
        scan = pl.scan_parquet(path)
        schema, rows = scan.collect_schema(), scan.select(pl.len()).collect().item()
    check_memory(path.name, 16 * len(schema) * int(rows))
    with _frames.damage(path.name, _NAME):
        frame = pl.read_parquet(path)
    return _frames.table_of(path.name, path.stem, frame)


def _estimate(path: Path) -> Estimate:
    import polars as pl

    _check_end(path)
    with _frames.damage(path.name, _NAME):
        return Estimate(DataKind.TABLE, int(pl.scan_parquet(path).select(pl.len()).collect().item()), exact=True)


def _check_end(path: Path) -> None:
    """The table of contents lies at the end, before the mark; a file that was cut off has neither."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(-min(size, 4), 2)
        end = file.read(4)
    if end != _MAGIC:
        raise DataRefusal(
            f"{path.name} is cut off after {in_words(size)}: the table of contents at its end is missing.",
            "Copy it again.",
            (READ_AGAIN,),
            (path.name,),
        )


reader = Reader(_NAME, (".parquet", ".pq"), lambda _, head: head.startswith(_MAGIC), _estimate, read)
