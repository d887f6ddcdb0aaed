"""Readers: one module a format, each with a public value `reader`. Adding a format adds a file here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from engines.data.kinds import DataKind, DataSet

Watch = Callable[[int, int], None]


@dataclass(frozen=True)
class Wishes:
    """What the recorded steps ask of a reader, because it must know while it reads.

    Attributes:
        leave_out: Names of files in a folder or archive that are not read.
        only: Names of the only files in a folder that are read; empty reads all.
        size: (height, width) to which every picture is brought, or None.
        channels: 1 for grey, 3 for colour, or None to find out.
        eight_bits: Pictures of 16 bits may lie among those of 8, and are brought to 8.
        pixels: Name of the array that holds the pictures; empty finds out.
        uneven_rows: "" refuses rows that are too long or too short, "drop" leaves them out.
        number_names: Tell columns of the same name apart by a number.
        sheet: Name of the sheet or of the data set inside the file; empty takes the only or the first one.
        matching_only: Use only the pictures and labels that have each other.
        in_order: Labels belong to the pictures in their order, whatever they are called.
        labels: Second file with the attributes of images, or None.
        watch: Called with (rows or pictures done, all of them) while it reads; what it raises ends the reading.
    """

    leave_out: frozenset[str] = frozenset()
    only: frozenset[str] = frozenset()
    size: tuple[int, int] | None = None
    channels: int | None = None
    eight_bits: bool = False
    pixels: str = ""
    uneven_rows: str = ""
    number_names: bool = False
    sheet: str = ""
    matching_only: bool = False
    in_order: bool = False
    labels: Path | None = None
    watch: Watch = lambda _done, _all: None


@dataclass(frozen=True)
class Estimate:
    """What a look at the beginning of a file tells.

    Attributes:
        kind: TABLE or IMAGES.
        rows: About how many rows or pictures, or None when only a full reading would tell.
        exact: The number is stated in the file.
        over: There are more; looking on would take too long.
    """

    kind: DataKind
    rows: int | None = None
    exact: bool = False
    over: bool = False


@dataclass(frozen=True)
class Reader:
    """One format.

    Attributes:
        name: As the analyst calls it, with its article, such as "a Parquet file".
        suffixes: File name endings, lower case, with the dot.
        owns: (path, its first bytes) -> whether the content is of this format. For formats without a signature it is
            asked only when the suffix fits.
        estimate: A quick look, no more than some milliseconds.
        read: The whole content. Raises Refusal.
        signed: The content alone tells the format.
        folder: It reads folders.
        companion: The file with the labels that by custom lies beside the given one, or None.
    """

    name: str
    suffixes: tuple[str, ...]
    owns: Callable[[Path, bytes], bool]
    estimate: Callable[[Path], Estimate]
    read: Callable[[Path, Wishes], DataSet]
    signed: bool = True
    folder: bool = False
    companion: Callable[[Path], Path | None] = lambda _: None


@cache
def all_readers() -> tuple[Reader, ...]:
    """Every reader found in this folder, by module name."""
    names = sorted(module.name for module in iter_modules(__path__) if not module.name.startswith("_"))
    return tuple(import_module(f"{__name__}.{name}").reader for name in names)
