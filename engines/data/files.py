"""The files below a folder, without ever waiting for one that is no file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

_BLOCK = 1 << 18


def files_below(folder: Path) -> list[str]:
    """Paths of all regular files below a folder, relative to it, with forward slashes, sorted.

    Hidden folders, links to folders, pipes and devices are passed over.
    """
    return sorted(below(folder))


def below(folder: Path) -> Iterator[str]:
    """The same, one by one and in no order."""
    return _below(str(folder), "")


def _below(folder: str, prefix: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_file():
                yield prefix + entry.name
            elif entry.is_dir(follow_symlinks=False) and not entry.name.startswith((".", "__MACOSX")):
                yield from _below(entry.path, f"{prefix}{entry.name}/")


def printable(name: str) -> str:
    """A file name as it can be shown and stored, whatever bytes it has on the disk."""
    return name.encode(errors="surrogateescape").decode(errors="replace")


def content_of(path: str) -> bytes:
    """All bytes of a file."""
    return b"".join(blocks_of(path))


def blocks_of(path: str) -> Iterator[bytes]:
    """The bytes of a file in blocks, with as few calls of the system as can be: folders hold many small files."""
    file = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        while block := os.read(file, _BLOCK):
            yield block
    finally:
        os.close(file)


def size_of(path: str) -> int:
    """Bytes in a file."""
    return os.stat(path).st_size            # noqa: PTH116  a Path would cost more than the look, for each of many files
