"""NPZ: named NumPy arrays in a ZIP. `_arrays` says which layouts are understood."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np

from engines.data.kinds import DataKind, DataSet
from engines.data.readers import Estimate, Reader, Wishes, _arrays, _npy, _zip

_HEADER = 16_384                    # bytes that hold the header of an array, long type descriptions included


def read(path: Path, wishes: Wishes) -> DataSet:
    """Every array of the archive, checked for size before it is unfolded."""
    arrays: dict[str, np.ndarray] = {}
    with _zip.opened(path) as archive:
        members = _members(archive)
        _zip.check(path, members)
        for member in members:
            name = f"{path.name}, {member.filename}"
            arrays[member.filename.removesuffix(".npy")] = _npy.array(
                name, io.BytesIO(_zip.content(path, archive, member)), member.file_size
            )
    return _arrays.data_of(path.name, path.stem, arrays, pixels=wishes.pixels)


def _members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    return [member for member in archive.infolist() if member.filename.endswith(".npy")]


def _owns(path: Path, head: bytes) -> bool:
    if not head.startswith(_zip.MAGIC):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return bool(_members(archive))
    except (zipfile.BadZipFile, OSError, NotImplementedError):
        return path.suffix.lower() == ".npz"


def _estimate(path: Path) -> Estimate:
    shapes = {}
    with _zip.opened(path) as archive:
        for member in _members(archive):
            start = _zip.beginning(path, archive, member, _HEADER)
            shapes[member.filename], _ = _npy.header(path.name, io.BytesIO(start))
    pictures = [shape for shape in shapes.values() if len(shape) in (3, 4)]
    if pictures:
        return Estimate(DataKind.IMAGES, sum(shape[0] for shape in pictures), True)
    return Estimate(DataKind.TABLE, max((shape[0] for shape in shapes.values() if shape), default=0), True)


reader = Reader("a NumPy archive", (".npz",), _owns, _estimate, read)
