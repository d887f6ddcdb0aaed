"""ZIP archives, opened with care: what they would unfold to is checked before anything is."""

from __future__ import annotations

import os
import struct
import threading
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path

from engines.data.limits import check_proportion, check_unfolding
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
        check_proportion(path.name, member.compress_size, member.file_size)
        total += member.file_size
    check_unfolding(path.name, path.stat().st_size, total)


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


class Contents:
    """The members of an open archive, many and small: each found by its place, without the archive's own ceremony.

    Safe from several threads. Whatever is not plain goes the archive's way, which has the words for damage.
    """

    _LOCAL = struct.Struct("<4s22x2H")                      # signature; lengths of the name and of the extra field

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self._path, self._archive = path, archive
        self._file = path.open("rb")
        self._lock = threading.Lock()

    def close(self) -> None:
        self._file.close()

    def of(self, member: zipfile.ZipInfo) -> bytes:
        """The bytes of one member. Raises DataRefusal naming it when they are damaged."""
        found = self._plain(member)
        return content(self._path, self._archive, member) if found is None else found

    def _plain(self, member: zipfile.ZipInfo) -> bytes | None:
        with self._lock:
            self._file.seek(member.header_offset)
            head = self._file.read(self._LOCAL.size)
            if len(head) < self._LOCAL.size or not head.startswith(MAGIC):
                return None
            _, name, extra = self._LOCAL.unpack(head)
            self._file.seek(name + extra, os.SEEK_CUR)
            packed = self._file.read(member.compress_size)
        if member.compress_type == zipfile.ZIP_DEFLATED:
            try:
                packed = zlib.decompressobj(-15).decompress(packed, member.file_size + 1)
            except zlib.error:
                return None
        elif member.compress_type != zipfile.ZIP_STORED:
            return None
        return packed if len(packed) == member.file_size and zlib.crc32(packed) == member.CRC else None
