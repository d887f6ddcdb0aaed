"""Stata data files; values that carry labels become categories."""

from __future__ import annotations

from pathlib import Path

from engines.data.kinds import DataKind, Table
from engines.data.limits import check_memory
from engines.data.readers import Estimate, Reader, Wishes, _frames
from engines.data.refusing import READ_AGAIN, DataRefusal
from engines.refusals import Refusal

_NAME = "a Stata file"
_MARK = b"<stata_dta>"
_VERSIONS = range(104, 116)
_CONVERSION = (ValueError, OverflowError, LookupError, TypeError)
"""What pyreadstat raises when numbers in a damaged file contradict each other."""


def read(path: Path, _: Wishes) -> Table:
    """The table; names are unique in this format."""
    import pyreadstat

    check_memory(path.name, 8 * path.stat().st_size)
    try:
        frame, meta = pyreadstat.read_dta(
            str(path), apply_value_formats=True, formats_as_category=False, output_format="polars"
        )
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, *_CONVERSION) as error:
        raise _damaged(path) from error
    if meta.number_rows is not None and len(frame) < meta.number_rows:
        raise _damaged(path)
    return _frames.table_of(path.name, path.stem, frame)


def _estimate(path: Path) -> Estimate:
    import pyreadstat

    try:
        _, meta = pyreadstat.read_dta(str(path), metadataonly=True, output_format="polars")
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, *_CONVERSION) as error:
        raise _damaged(path) from error
    return Estimate(DataKind.TABLE, meta.number_rows, exact=meta.number_rows is not None)


def _damaged(path: Path) -> Refusal:
    return DataRefusal(
        f"{path.name} begins as {_NAME}, but is cut off or damaged further on.",
        "Copy it again.",
        (READ_AGAIN,),
        (path.name,),
    )


def _owns(path: Path, head: bytes) -> bool:
    return head.startswith(_MARK) or (path.suffix.lower() == ".dta" and bool(head) and head[0] in _VERSIONS)


reader = Reader(_NAME, (".dta",), _owns, _estimate, read)
