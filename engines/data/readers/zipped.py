"""A ZIP of pictures, with or without a text table of labels; or a ZIP that holds one text table."""

from __future__ import annotations

import zipfile
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path

from engines.data.kinds import DataKind, DataSet, Table
from engines.data.readers import Estimate, Reader, Wishes, _pictures, _zip
from engines.data.readers._pictures import Source
from engines.data.readers.delimited import table_of_text
from engines.data.readers.folder import images_of
from engines.refusals import Refusal

_TABLES = (".csv", ".tsv", ".txt")


def read(path: Path, wishes: Wishes) -> DataSet:
    """Pictures in the order of their names, unfolded one by one."""
    with ExitStack() as stack:
        archive = stack.enter_context(_zip.opened(path))
        pictures, tables = _members(archive)
        _zip.check(path, [*pictures, *tables])
        if not pictures and len(tables) == 1:
            content = _zip.content(path, archive, tables[0])
            return table_of_text(path.name, path.stem, content, wishes)
        if not pictures:
            raise _nothing(path, archive)
        root = _root([member.filename for member in pictures])
        contents = stack.enter_context(closing(_zip.Contents(path, archive)))
        sources = [
            Source(member.filename[len(root) :], member.file_size, partial(contents.of, member)) for member in pictures
        ]

        def labels() -> tuple[str, Table]:
            name = Path(tables[0].filename)
            return name.name, table_of_text(name.name, name.stem, _zip.content(path, archive, tables[0]), wishes)

        return images_of(path.stem, sources, wishes, labels if len(tables) == 1 and wishes.labels is None else None)


def _members(archive: zipfile.ZipFile) -> tuple[list[zipfile.ZipInfo], list[zipfile.ZipInfo]]:
    files = [m for m in sorted(archive.infolist(), key=lambda m: m.filename) if m.filename and not m.is_dir()]
    files = [m for m in files if "__MACOSX" not in m.filename and not m.filename.rsplit("/", 1)[-1].startswith(".")]
    return (
        [m for m in files if _pictures.is_picture(m.filename)],
        [m for m in files if m.filename.lower().endswith(_TABLES)],
    )


def _root(names: list[str]) -> str:
    """The folder that all pictures share, with its slash."""
    first = names[0].split("/")[:-1]
    for depth in range(len(first), 0, -1):
        root = "/".join(first[:depth]) + "/"
        if all(name.startswith(root) for name in names):
            return root
    return ""


def _nothing(path: Path, archive: zipfile.ZipFile) -> Refusal:
    names = [name for name in archive.namelist() if not name.endswith("/")]
    if not names:
        return Refusal(f"{path.name} is empty.", "The archive holds no files.", about=(path.name,))
    return Refusal(
        f"{path.name} holds no pictures.", f"It holds {', '.join(names[:4])}. Unpack it first.", about=(path.name,)
    )


def _estimate(path: Path) -> Estimate:
    with _zip.opened(path) as archive:
        pictures, tables = _members(archive)
        _zip.check(path, [*pictures, *tables])
        if pictures:
            return Estimate(DataKind.IMAGES, len(pictures), exact=True)
        if len(tables) == 1:
            return Estimate(DataKind.TABLE)
        raise _nothing(path, archive)


def _owns(path: Path, head: bytes) -> bool:
    return path.suffix.lower() == ".zip" and head.startswith((_zip.MAGIC, b"PK\x05\x06"))


reader = Reader("a ZIP archive", (".zip",), _owns, _estimate, read)
