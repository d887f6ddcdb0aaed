"""IDX, plain or gzipped: the format of MNIST. The labels beside the images (idx1 for idx3) are found by name."""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path
from typing import IO

import numpy as np

from engines.data.kinds import DataKind, DataSet
from engines.data.limits import check_memory, check_unfolding, in_words
from engines.data.readers import Estimate, Reader, Wishes, _arrays
from engines.data.refusing import READ_AGAIN, DataRefusal

_TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_GZIP = b"\x1f\x8b"
SUFFIXES = tuple(f"{end}{packed}" for end in ("-ubyte", ".idx", ".idx1", ".idx3") for packed in ("", ".gz"))


def read(path: Path, _: Wishes) -> DataSet:
    """Pictures, or a table of one column."""
    values = array(path)
    name = "pixels" if values.ndim in (3, 4) else "label" if "label" in path.name else "value"
    return _arrays.data_of(path.name, path.name.split("-idx")[0].split(".")[0], {name: values})


def array(path: Path) -> np.ndarray:
    """The array of a file.

    Raises:
        DataRefusal: cut off or damaged.
    """
    with path.open("rb") as raw:
        packed = raw.read(2) == _GZIP
    if not packed:
        with path.open("rb") as raw:
            return _array(path, raw, path.stat().st_size)
    shape, kind = _header(_beginning(path))
    stated = 4 + 4 * len(shape) + int(np.prod(shape, dtype=object)) * np.dtype(kind).itemsize
    check_unfolding(path.name, path.stat().st_size, stated)
    try:
        with gzip.open(path) as stream:
            content = stream.read(stated)
    except (OSError, EOFError, zlib.error) as error:
        raise DataRefusal(
            f"{path.name} is cut off or damaged: it cannot be unpacked to its end.",
            "Copy it again.",
            (READ_AGAIN,),
            (path.name,),
        ) from error
    return _array(path, io.BytesIO(content), len(content))


def companion(path: Path) -> Path | None:
    """The labels that lie beside the images: train-images-idx3-ubyte has train-labels-idx1-ubyte."""
    if "images" not in path.name and "idx3" not in path.name:
        return None
    beside = path.with_name(path.name.replace("images", "labels").replace("idx3", "idx1"))
    return beside if beside != path and beside.is_file() and is_idx(beside) else None


def is_idx(path: Path) -> bool:
    """Whether the content is IDX, packed or not."""
    try:
        with path.open("rb") as file:
            return _owns(path, file.read(4096))
    except OSError:
        return False


def _array(path: Path, stream: IO[bytes], size: int) -> np.ndarray:
    shape, kind = _header(stream.read(4 + 4 * 4))
    start = 4 + 4 * len(shape)
    stated = int(np.prod(shape, dtype=object)) * np.dtype(kind).itemsize
    if stated > size - start:
        raise DataRefusal(
            f"{path.name} is cut off: {in_words(max(size - start, 0))} of {in_words(stated)} are there.",
            "Copy it again.",
            (READ_AGAIN,),
            (path.name,),
        )
    check_memory(path.name, 2 * stated)
    stream.seek(start)
    values = np.frombuffer(stream.read(stated), kind).reshape(shape)
    return values.astype(values.dtype.newbyteorder("="))


def _header(head: bytes) -> tuple[tuple[int, ...], str]:
    dimensions = head[3]
    padded = head[4 : 4 + 4 * dimensions].ljust(4 * dimensions, b"\0")
    return tuple(int(n) for n in np.frombuffer(padded, ">u4")), _TYPES[head[2]]


def _begins(head: bytes) -> bool:
    return len(head) >= 4 and head[:2] == b"\0\0" and head[2] in _TYPES and 1 <= head[3] <= 4


def _owns(path: Path, head: bytes) -> bool:
    if head.startswith(_GZIP):
        return _begins(_beginning(path))
    return _begins(head)


def _beginning(path: Path) -> bytes:
    """The first bytes of a packed file; nothing if it is damaged there."""
    with path.open("rb") as file:
        try:
            return zlib.decompressobj(31).decompress(file.read(4096), 64)
        except zlib.error:
            return b""


def _estimate(path: Path) -> Estimate:
    with path.open("rb") as file:
        head = file.read(64)
    shape, _ = _header(_beginning(path) if head.startswith(_GZIP) else head)
    return Estimate(DataKind.IMAGES if len(shape) in (3, 4) else DataKind.TABLE, shape[0], exact=True)


reader = Reader("an IDX file", SUFFIXES, _owns, _estimate, read, companion=companion)
