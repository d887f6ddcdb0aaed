"""Writing files so that whatever happens meanwhile leaves what was there, or the new one whole."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A name beside `path` to write to; when the block ends it is flushed to the disk and takes the place of `path`.

    An error in the block, or in that, leaves what was at `path` and nothing else.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        yield part
        _flush(part)
        part.replace(path)
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


@contextlib.contextmanager
def new_folder(out: Path) -> Iterator[Path]:
    """A folder to fill; when the block ends its files are flushed, and it stands at `out`, whole or not at all.

    At `out` there must be nothing, or an empty folder.
    """
    part = out.with_name(f".{out.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        part.mkdir(parents=True)
        yield part
        for path in part.rglob("*"):
            if path.is_file():
                _flush(path)
        if out.is_dir():
            out.rmdir()             # only an empty one lets itself be removed
        part.rename(out)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
