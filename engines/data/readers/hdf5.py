"""HDF5: the data sets inside are named arrays; `_arrays` says which layouts are understood."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from engines.data.kinds import DataKind, DataSet
from engines.data.limits import check_memory
from engines.data.readers import Estimate, Reader, Wishes, _arrays
from engines.data.refusing import READ_AGAIN, DataRefusal
from engines.refusals import Refusal

_MAGIC = b"\x89HDF\r\n\x1a\n"


def read(path: Path, wishes: Wishes) -> DataSet:
    """All data sets of the file, or those of the group that is asked for; units come from the attribute `unit`."""
    import h5py

    try:
        with h5py.File(path, "r") as file:
            found = _found(path, file, wishes.sheet)
            check_memory(path.name, 2 * sum(int(item.nbytes) for item in found.values()))
            arrays = {name: _values(path, name, item) for name, item in found.items()}
            units = {name: _text(item.attrs.get("unit", item.attrs.get("units", ""))) for name, item in found.items()}
    except (OSError, RuntimeError, KeyError, ValueError) as error:
        raise _damaged(path) from error
    return _arrays.data_of(path.name, path.stem, arrays, units, wishes.pixels)


def _found(path: Path, file: Any, group: str) -> dict[str, Any]:
    import h5py

    if group and group not in file:
        holds = ", ".join(list(file)[:8])
        raise Refusal(f"{path.name} has no group {group}.", f"It holds {holds}.", about=(path.name,))
    items: dict[str, Any] = {}
    (file[group] if group else file).visititems(
        lambda name, item: items.__setitem__(name, item) if isinstance(item, h5py.Dataset) else None
    )
    if not items:
        raise Refusal(f"{path.name} holds no data sets.", "Its groups are empty.", about=(path.name,))
    last = [name.rsplit("/", 1)[-1] for name in items]
    return dict(zip(last, items.values())) if len(set(last)) == len(last) else items


def _values(path: Path, name: str, item: Any) -> np.ndarray:
    import h5py

    if h5py.check_string_dtype(item.dtype) is not None:
        return np.asarray(item.asstr()[...])
    if item.dtype.hasobject or item.dtype.kind not in "biufSUV" or (item.dtype.kind == "V" and not item.dtype.names):
        raise Refusal(
            f"{path.name}: the data set {name} holds neither numbers nor text.",
            "Save the file again without it.",
            about=(path.name, name),
        )
    return np.asarray(item[...])


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _damaged(path: Path) -> Refusal:
    return DataRefusal(
        f"{path.name} begins as an HDF5 file, but is cut off or damaged further on.",
        "Copy it again.",
        (READ_AGAIN,),
        (path.name,),
    )


def _estimate(path: Path) -> Estimate:
    import h5py

    try:
        with h5py.File(path, "r") as file:
            shapes = [item.shape for item in _found(path, file, "").values() if item.shape]
    except (OSError, RuntimeError, KeyError, ValueError) as error:
        raise _damaged(path) from error
    pictures = [shape for shape in shapes if len(shape) in (3, 4)]
    kind = DataKind.IMAGES if pictures else DataKind.TABLE
    return Estimate(kind, sum(shape[0] for shape in pictures) or max((s[0] for s in shapes), default=0), exact=True)


reader = Reader(
    "an HDF5 file", (".h5", ".hdf5", ".hdf", ".he5"), lambda _, head: head.startswith(_MAGIC), _estimate, read
)
