"""Feather tables (version 2, the Arrow file format)."""

from __future__ import annotations

from pathlib import Path

from engines.data.kinds import DataKind, Table
from engines.data.limits import check_memory
from engines.data.readers import Estimate, Reader, Wishes, _frames
from engines.refusals import Refusal

_MAGIC, _OLD = b"ARROW1", b"FEA1"
_NAME = "a Feather file"


def read(path: Path, _: Wishes) -> Table:
    """The table; names are unique in this format."""
    import polars as pl

    _check_version(path)
    check_memory(path.name, 4 * path.stat().st_size)
    with _frames.damage(path.name, _NAME):
        frame = pl.read_ipc(path)
    return _frames.table_of(path.name, path.stem, frame)


def _estimate(path: Path) -> Estimate:
    import polars as pl

    _check_version(path)
    with _frames.damage(path.name, _NAME):
        return Estimate(DataKind.TABLE, int(pl.scan_ipc(path).select(pl.len()).collect().item()), exact=True)


def _check_version(path: Path) -> None:
    with path.open("rb") as file:
        if file.read(4) == _OLD:
            raise Refusal(
                f"{path.name} is a Feather file of version 1, which is no longer read.",
                "Save it again as Feather version 2 or as Parquet.",
                about=(path.name,),
            )


reader = Reader(
    _NAME, (".feather", ".arrow", ".ipc"), lambda _, head: head.startswith((_MAGIC, _OLD)), _estimate, read
)
