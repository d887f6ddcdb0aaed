"""Which reader a file belongs to: by its content first, by its name second; when they differ, the refusal says so."""

from __future__ import annotations

import zipfile
from pathlib import Path

from engines.data.readers import Estimate, Reader, all_readers
from engines.refusals import Refusal

_HEAD = 4096

_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "one PNG picture"),
    (b"\xff\xd8\xff", "one JPEG picture"),
    (b"GIF8", "one GIF picture"),
    (b"BM", "one BMP picture"),
    (b"%PDF", "a PDF document"),
    (b"{\\rtf", "an RTF document"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ", "an XZ file"),
    (b"(\xb5/\xfd", "a Zstandard file"),
    (b"RDX", "an R data file"),
    (b"MATLAB 5.0", "a MATLAB file"),
    (b"$FL2", "an SPSS file"),
    (b"<!DOCTYPE html", "a web page"),
    (b"<html", "a web page"),
    (b"\x1f\x8b", "a gzip file"),
)


_TEXTUAL = tuple((start, what) for start, what in _OTHERS if start[:1] in (b"%", b"<", b"{"))
"""Those that are text themselves: a table that happens to begin with BM is not one of them."""


def looked_at(path: Path) -> Estimate:
    """A quick look at what a file or folder holds.

    Raises:
        Refusal: when it is seen already that it cannot be read.
    """
    try:
        return reader_for(path).estimate(path)
    except PermissionError as error:
        raise forbidden(path) from error
    except OSError as error:
        raise Refusal(f"{path.name} cannot be read.", error.strerror or "", about=(path.name,)) from error


def reader_for(path: Path) -> Reader:
    """The reader of a file or folder.

    Raises:
        Refusal: for what no reader knows, and for content that is not what the name says.
    """
    if path.is_dir():
        return next(reader for reader in all_readers() if reader.folder)
    if not path.is_file():
        raise Refusal(f"{path.name} is neither a file nor a folder.", about=(path.name,))
    with path.open("rb") as file:
        head = file.read(_HEAD)
    name = path.name.lower()
    named = [reader for reader in all_readers() if name.endswith(reader.suffixes)]
    if not head:
        raise Refusal(f"{path.name} is empty.", "It has no bytes.", about=(path.name,))
    if danger := _runs_code(path, head):
        raise Refusal(
            f"{path.name} is {danger}, which can run code when it is read.",
            "It is not opened. Ask for plain data: CSV, Parquet, NPZ, or safetensors for models.",
            about=(path.name,),
        )
    what = "" if b"\0" in head else _other(head, _TEXTUAL)
    for reader in named:
        if not what and reader.owns(path, head):
            return reader
    for reader in all_readers():
        if reader.signed and not reader.folder and reader.owns(path, head):
            if not named:
                return reader
            raise Refusal(
                f"{path.name} is {reader.name}, not {named[0].name}.",
                f"Rename it so that it ends in {reader.suffixes[0]}.",
                about=(path.name,),
            )
    what = what or _other(head, _OTHERS)
    if named and named[0].signed and not what:
        raise Refusal(
            f"{path.name} is not {named[0].name}, or its beginning is damaged.",
            "Its first bytes are not those of such a file.",
            about=(path.name,),
        )
    if what:
        raise Refusal(
            f"{path.name} is {what}, not {named[0].name if named else 'a data set'}.",
            "Choose a table, or a folder of pictures.",
            about=(path.name,),
        )
    if named:
        raise Refusal(
            f"{path.name} is not {named[0].name}: it holds bytes that are no text.",
            "It is a file of another kind, or it is damaged.",
            about=(path.name,),
        )
    raise Refusal(
        f"{path.name} is of no kind that is known here.",
        "Tables: CSV, TSV, Parquet, Feather, Excel, Stata, NPZ, HDF5. Pictures: folder, ZIP, NPZ, IDX, HDF5.",
        about=(path.name,),
    )


def forbidden(path: Path) -> Refusal:
    """What the analyst is told about a file without permission."""
    return Refusal(f"{path.name} may not be read by you.", "Ask its owner, or copy it.", about=(path.name,))


def _other(head: bytes, kinds: tuple[tuple[bytes, str], ...]) -> str:
    start = head.lstrip()[:64].lower()
    return next((what for mark, what in kinds if start.startswith(mark.lower())), "")


def _runs_code(path: Path, head: bytes) -> str:
    """What it is, if it is a pickle in some dress; else empty."""
    if len(head) > 1 and head[0] == 0x80 and head[1] in range(2, 6):
        return "a pickle"
    if head.startswith((b"cposix\n", b"cos\n", b"c__builtin", b"(dp0\n", b"(lp0\n", b"(ios\n")):
        return "a pickle"
    if head.startswith(b"PK\x03\x04"):
        try:
            with zipfile.ZipFile(path) as archive:
                names = archive.namelist()
        except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError):
            return ""
        if any(name == "data.pkl" or name.endswith("/data.pkl") for name in names):
            return "a torch file that holds a pickle"
        if any(name.endswith((".pkl", ".pickle")) for name in names):
            return "an archive that holds a pickle"
    return ""
