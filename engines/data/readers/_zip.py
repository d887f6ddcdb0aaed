"""ZIP archives, opened with care: what they would unfold to is checked before anything is."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path

from engines.data.limits import check_memory, check_unfolding
from engines.data.refusing import READ_AGAIN, DataRefusal
from engines.refusals import Refusal

MAGIC = b"PK\x03\x04"


def opened(path: Path) -> zipfile.ZipFile:
    """The archive. Raises DataRefusal when its table of contents is not there."""
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise DataRefusal(
            f"{path.name} is cut off or damaged: the table of contents at its end is missing.",
            "Copy it again.",
            (READ_AGAIN,),
            (path.name,),
        ) from error


def check(path: Path, members: Iterable[zipfile.ZipInfo]) -> None:
    """Refuse archives that unfold out of proportion, do not fit into memory, or are locked."""
    total = 0
    for member in members:
        if member.flag_bits & 1:
            raise Refusal(f"{path.name} is locked with a password.", "Unpack it first.", about=(path.name,))
        check_unfolding(path.name, member.compress_size, member.file_size)
        total += member.file_size
    check_unfolding(path.name, path.stat().st_size, total)
    check_memory(path.name, total)


def content(path: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """The bytes of one member. Raises DataRefusal naming it when they are damaged."""
    return beginning(path, archive, member, member.file_size)


def beginning(path: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo, size: int) -> bytes:
    """The first `size` bytes of one member, unfolded. Raises as `content` does."""
    try:
        with archive.open(member) as stream:
            return stream.read(size)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise DataRefusal(
            f"{path.name} is damaged: {member.filename} inside it cannot be unpacked.",
            "Copy it again.",
            (READ_AGAIN,),
            (path.name, member.filename),
        ) from error
