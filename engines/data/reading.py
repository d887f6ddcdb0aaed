"""From files to data sets, and back to exactly the same values by reference.

`recognise` looks (for the hover), `refer` remembers, `read` reads. What cannot be read is refused with a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

from engines.data import splits, steps
from engines.data.content import forbidden, looked_at, reader_for
from engines.data.files import blocks_of, files_below, printable, size_of
from engines.data.kinds import ColumnType, DataKind, DataSet, Images, Table
from engines.data.labels import joined
from engines.data.readers import Watch, _pictures, idx
from engines.data.reference import DataReference
from engines.data.refusing import READ_AGAIN, DataRefusal
from engines.data.roles import Role
from engines.data.types import retyped
from engines.refusals import Refusal


@dataclass(frozen=True)
class Recognised:
    """What dropped files are, as far as a look tells.

    Attributes:
        kind: TABLE or IMAGES; None when refused.
        rows: About how many rows or pictures; None if only a full reading would tell.
        refusal: Why it cannot be read; None if it can.
        exact: The number of rows is stated in the file, not estimated.
        over: There are more than `rows`.
        labels: The dropped file that holds the labels of the pictures, or None.
        data: The dropped file or folder that holds the data; the folder of pictures that were dropped one by one.
        steps: What must be prepared for it to be just what was dropped.
    """

    kind: DataKind | None
    rows: int | None = None
    refusal: Refusal | None = None
    exact: bool = False
    labels: Path | None = None
    data: Path | None = None
    steps: tuple[Mapping[str, Any], ...] = ()
    over: bool = False

    @property
    def sentence(self) -> str:
        """One line for the hover, such as "Table, about 7,500 rows"."""
        if self.refusal is not None:
            return self.refusal.sentence
        what, items = ("Images", "pictures") if self.kind is DataKind.IMAGES else ("Table", "rows")
        if self.rows is None:
            return what
        if self.over:
            return f"{what}, over {self.rows:,} {items}"
        return f"{what}, {self.rows:,} {items}" if self.exact else f"{what}, about {_rounded(self.rows):,} {items}"


def recognise(paths: Sequence[str | Path]) -> Recognised:
    """What the paths are, by a look at their first bytes; never raises for what they hold.

    Several paths are one data set when they are a set of pictures and one table of labels, or pictures of one folder,
    or the four files of MNIST; else the first is meant.
    """
    try:
        together, others = _one_by_one([Path(path) for path in paths])
        if together is not None:
            table = next((path for path in others if looked_at(path).kind is DataKind.TABLE), None)
            return Recognised(
                DataKind.IMAGES, len(together.files), None, True, table, together.folder, together.steps
            )
        data, labels = _sorted_out(others)
        found = looked_at(data)
        return Recognised(found.kind, found.rows, None, found.exact, labels, data, over=found.over)
    except Refusal as refusal:
        return Recognised(None, refusal=refusal)


def refer(path: str | Path, labels: str | Path | None = None) -> DataReference:
    """A reference to a file or folder as it is now, fingerprint included.

    `labels` is a second file with the attributes of pictures; without it, the one that by custom lies beside the file.

    Raises:
        Refusal: when it is not there, or a look tells that it cannot be read.
    """
    whole = Path(path).expanduser().absolute()
    if not whole.exists():
        raise _gone(whole)
    looked_at(whole)                                   # what is seen to be unreadable, or too large, is not hashed
    beside = labels or reader_for(whole).companion(whole)
    second = str(Path(beside).expanduser().absolute()) if beside else ""
    return DataReference(str(whole), _fingerprints(whole, second), second)


def opened(reference: DataReference, watch: Watch | None = None) -> tuple[DataReference, DataSet]:
    """The data set, with its reference: one without a fingerprint gets that of the files as they are now.

    Raises:
        Refusal: as `refer` and `read`.
    """
    if reference.fingerprint:
        return reference, read(reference, watch)
    found = refer(reference.path, reference.labels or None)
    data = read(replace(reference, labels=found.labels), watch)
    return replace(reference, fingerprint=found.fingerprint, labels=found.labels), data


def renewed(reference: DataReference) -> DataReference:
    """The same reference with the fingerprint of the files as they are now, for after "Read again"."""
    return replace(reference, fingerprint=_fingerprints(Path(reference.path), reference.labels))


def read(reference: DataReference, watch: Watch | None = None) -> DataSet:
    """The data set: fingerprint checked, read, typed, roles given, steps applied, the part taken.

    `watch` is called with (rows or pictures done, all of them) while a text table, a folder or a ZIP is read; an
    exception that it raises ends the reading.

    Raises:
        Refusal: with what happened, to which file or column, and the ways out.
    """
    path = Path(reference.path)
    if reference.fingerprint and _fingerprints(path, reference.labels) != reference.fingerprint:
        raise DataRefusal(
            f"{path.name} has changed since it was chosen.",
            "Its bytes are not those that the fingerprint was taken of. Read it again to use it as it is now.",
            (READ_AGAIN,),
            (path.name,),
        )
    wishes = steps.wishes(reference.steps, reference.labels)
    data = _guarded(path, replace(wishes, watch=watch) if watch is not None else wishes)
    data = _typed(data, reference)
    parts = splits.parts(data.attributes, reference.split)
    of_row = None if parts is None else dict(zip(data.row_ids.tolist(), parts))
    training = None if parts is None else data.row_ids[parts == "train"]
    data = steps.apply(data, reference.steps, training if training is not None and len(training) else None)
    return data if not reference.part else _part(data, of_row, reference.part)


def fingerprint(path: str | Path) -> str:
    """32 hexadecimal digits of the bytes of a file, or of names and bytes of all files of a folder (BLAKE2b).

    Raises:
        Refusal: when it is not there or may not be read.
    """
    path = Path(path)
    if not path.exists():
        raise _gone(path)
    digest = blake2b(digest_size=16)
    try:
        for name in files_below(path) if path.is_dir() else ("",):
            file = f"{path}/{name}" if name else str(path)
            if name:
                digest.update(f"{name}\0{size_of(file)}\0".encode(errors="surrogateescape"))
            for block in blocks_of(file):
                digest.update(block)
    except OSError as error:
        raise _unreadable(path, error) from error
    return digest.hexdigest()


def _fingerprints(path: Path, labels: str) -> str:
    if not labels:
        return fingerprint(path)
    return blake2b(f"{fingerprint(path)} {fingerprint(labels)}".encode(), digest_size=16).hexdigest()


def _guarded(path: Path, wishes: steps.Wishes) -> DataSet:
    """Read, and turn whatever the system says into a sentence."""
    if not path.exists():
        raise _gone(path)
    try:
        data = reader_for(path).read(path, wishes)
        return data if wishes.labels is None else _labelled(path, data, wishes.labels, wishes)
    except OSError as error:
        raise _unreadable(path, error) from error
    except MemoryError as error:
        raise Refusal(
            f"{path.name} does not fit into memory.", "Take a part of it, or close other programs.", about=(path.name,)
        ) from error


def _labelled(path: Path, data: DataSet, labels: Path, wishes: steps.Wishes) -> DataSet:
    if not isinstance(data, Images):
        raise Refusal(f"{path.name} is a table; labels belong to pictures.", about=(labels.name,))
    table = _guarded(labels, replace(wishes, labels=None))
    if not isinstance(table, Table):
        raise Refusal(f"{labels.name} holds pictures, not labels.", about=(labels.name,))
    return joined(data, table, labels.name, wishes)


def _gone(path: Path) -> Refusal:
    return DataRefusal(
        f"{path.name} is not there any more.", f"It was looked for in {path.parent}.", (READ_AGAIN,), (path.name,)
    )


def _unreadable(path: Path, error: OSError) -> Refusal:
    if isinstance(error, PermissionError):
        return forbidden(path)
    reason = error.strerror or str(error) or type(error).__name__
    return DataRefusal(f"{path.name} could not be read to its end: {reason.lower()}.", "", (READ_AGAIN,), (path.name,))


def _typed(data: DataSet, reference: DataReference) -> DataSet:
    table = data.attributes
    for name, wanted in reference.types.items():
        table = table.with_column(retyped(table[name], ColumnType(wanted)))
    for name, role in reference.roles.items():
        table = table.with_role(name, Role(role))
    return table if isinstance(data, Table) else replace(data, attributes=table)


def _part(data: DataSet, of_row: dict[int, str] | None, part: str) -> DataSet:
    if of_row is None:
        raise Refusal(f"{data.name} is not split, so it has no part {part}.", "Split it first.")
    keep = np.array([of_row[row] == part for row in data.row_ids.tolist()], dtype=bool)
    if not keep.any():
        known = ", ".join(sorted({str(p) for p in of_row.values() if p}))
        raise Refusal(f"{data.name} has no row in the part {part}.", f"Its parts are {known}.")
    return data.rows(np.flatnonzero(keep))


def _sorted_out(paths: list[Path]) -> tuple[Path, Path | None]:
    """Which of the dropped paths is the data, and which its labels."""
    if not paths:
        raise Refusal("Nothing was dropped.")
    for path in paths:
        if not path.exists():
            raise _gone(path)
    if len(paths) == 2:
        kinds = [looked_at(path).kind for path in paths]
        if set(kinds) == {DataKind.TABLE, DataKind.IMAGES}:
            first = kinds.index(DataKind.IMAGES)
            return paths[first], paths[1 - first]
    return paths[0], None


@dataclass(frozen=True)
class _Together:
    """Pictures that were dropped one by one out of one folder."""

    folder: Path
    files: tuple[str, ...]

    @property
    def steps(self) -> tuple[Mapping[str, Any], ...]:
        """None when they are all that the folder has."""
        whole = [name for name in files_below(self.folder) if _pictures.is_picture(name)]
        return () if len(whole) == len(self.files) else ({"step": "only_files", "files": list(self.files)},)


def _one_by_one(paths: list[Path]) -> tuple[_Together | None, list[Path]]:
    """Pictures among dropped files as what they are together, and the other paths."""
    pictures = [path for path in paths if _pictures.is_picture(path.name) and path.is_file()]
    folders = {path.parent for path in pictures}
    if len(pictures) < 2 or len(folders) > 1:
        packed = [path for path in paths if idx.is_idx(path)] if len(paths) > 2 else []
        alone = len(packed) == len(paths) and len({path.parent for path in paths}) == 1
        return None, [paths[0].parent] if alone else paths
    names = tuple(sorted(printable(path.name) for path in pictures))
    return _Together(folders.pop(), names), [path for path in paths if path not in set(pictures)]


def _rounded(count: int) -> int:
    """Two digits: 7,466 is about 7,500."""
    step = 10 ** max(len(str(count)) - 2, 0)
    return round(count / step) * step
