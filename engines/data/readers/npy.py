"""NPY: one NumPy array. (n,) and (n, d) become a table, (n, h, w) and (n, h, w, c) pictures."""

from __future__ import annotations

from pathlib import Path

from engines.data.kinds import DataKind, DataSet
from engines.data.readers import Estimate, Reader, Wishes, _arrays, _npy


def read(path: Path, _: Wishes) -> DataSet:
    """The data set of one array."""
    with path.open("rb") as stream:
        values = _npy.array(path.name, stream, path.stat().st_size)
    return _arrays.data_of(path.name, path.stem, {"pixels" if values.ndim in (3, 4) else "value": values})


def _estimate(path: Path) -> Estimate:
    with path.open("rb") as stream:
        shape, _ = _npy.header(path.name, stream)
    return Estimate(DataKind.IMAGES if len(shape) in (3, 4) else DataKind.TABLE, shape[0] if shape else 0, True)


reader = Reader("a NumPy array", (".npy",), lambda _, head: head.startswith(_npy.MAGIC), _estimate, read)
