"""A folder of pictures. Subfolders name classes; one text table in it holds labels; MNIST's IDX files are known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np

from engines.data.files import below, content_of, files_below, printable
from engines.data.kinds import Column, ColumnType, DataKind, DataSet, Images, Table
from engines.data.labels import FILE
from engines.data.readers import Estimate, Reader, Wishes, _arrays, _pictures, idx
from engines.data.readers._pictures import Source
from engines.data.readers.delimited import table_of_text
from engines.data.roles import Role
from engines.data.splits import part_name
from engines.data.types import PART_NAMES
from engines.refusals import Refusal

_TABLES = (".csv", ".tsv")
_LOOK = 10_000          # files that a look goes over, some milliseconds


def read(path: Path, wishes: Wishes) -> DataSet:
    """The pictures of the folder and of those inside it, in the order of their names."""
    names = files_below(path)
    pictures = [name for name in names if _pictures.is_picture(name)]
    if not pictures:
        if arrays := _idx_arrays(path, names):
            return _arrays.data_of(path.name, path.name, arrays)
        raise _nothing(path, names)
    sources = [Source(printable(name), 0, partial(content_of, f"{path}/{name}")) for name in pictures]
    return images_of(path.name, sources, wishes, _table_inside(path, names, wishes))


def images_of(
    name: str, sources: Sequence[Source], wishes: Wishes, labels: Callable[[], tuple[str, Table]] | None
) -> Images:
    """Pictures from their sources, with file name, class by folder, and labels as attributes."""
    from engines.data.labels import joined

    pixels, kept, rounded = _pictures.gathered(name, sources, wishes)
    names = [sources[i].name for i in kept]
    ids = np.array(kept, dtype=np.int64) + 1
    columns = [Column(FILE, ColumnType.TEXT, np.array(names, dtype=object), role=Role.ID)]
    columns += _of_folders([tuple(file.split("/")[:-1]) for file in names])
    images = Images(name, pixels, Table(name, tuple(columns), ids), rounded)
    if labels is None:
        return images
    file, table = labels()
    return joined(images, table, file, wishes)


def _of_folders(places: list[tuple[str, ...]]) -> list[Column]:
    """What the folders say: parts such as train and test become a split, all else is a class."""
    depth = next(
        (i for i in range(min(map(len, places))) if len({place[i] for place in places}) > 1
         and {place[i].lower() for place in places} <= PART_NAMES), None
    )
    columns = []
    if depth is not None:
        columns.append(_category("split", [part_name(place[depth]) for place in places], Role.SPLIT))
        places = [place[:depth] + place[depth + 1 :] for place in places]
    if len(set(places)) > 1:
        columns.append(_category("folder", ["/".join(place) for place in places], Role.LABEL))
    return columns


def _category(name: str, values: list[str], role: Role) -> Column:
    levels = tuple(sorted(set(values)))
    code = {level: i for i, level in enumerate(levels)}
    return Column(name, ColumnType.CATEGORY, np.array([code[v] for v in values], np.int32), levels, role=role)


def _table_inside(path: Path, names: list[str], wishes: Wishes) -> Callable[[], tuple[str, Table]] | None:
    tables = [name for name in names if name.lower().endswith(_TABLES) and "/" not in name]
    if wishes.labels is not None or len(tables) != 1:
        return None
    file = path / tables[0]
    return lambda: (file.name, table_of_text(file.name, file.stem, file.read_bytes(), wishes))


def _idx_arrays(path: Path, names: list[str]) -> dict[str, np.ndarray]:
    """MNIST as it is distributed: train-images, train-labels, t10k-images, t10k-labels."""
    arrays = {}
    for name in names:
        if name.lower().endswith(idx.SUFFIXES) and idx.is_idx(path / name):
            part = "test" if name.startswith(("t10k", "test")) else "train"
            arrays[f"{part}_{'images' if 'images' in name or 'idx3' in name else 'labels'}"] = idx.array(path / name)
    return arrays


def _nothing(path: Path, names: list[str]) -> Refusal:
    if not names:
        return Refusal(f"The folder {path.name} is empty.", about=(path.name,))
    if (path / "project.db").is_file():
        return Refusal(f"{path.name} is a project, not a data set.", "Open it with Ctrl+O.", about=(path.name,))
    endings = sorted({Path(name).suffix.lower() or "no ending" for name in names})
    return Refusal(
        f"The folder {path.name} holds no pictures.",
        f"Its {len(names):,} files end in {', '.join(endings[:5])}. Drop a single table instead.",
        about=(path.name,),
    )


def _estimate(path: Path) -> Estimate:
    names = list(islice(below(path), _LOOK))
    count = sum(map(_pictures.is_picture, names))
    if count:
        return Estimate(DataKind.IMAGES, count, exact=len(names) < _LOOK, over=len(names) == _LOOK)
    names = files_below(path)
    count = sum(map(_pictures.is_picture, names))
    if not count:
        files = [path / name for name in names if name.lower().endswith(idx.SUFFIXES)]
        counts = [found.rows or 0 for found in map(idx.reader.estimate, filter(idx.is_idx, files))
                  if found.kind is DataKind.IMAGES]
        if not counts:
            raise _nothing(path, names)
        return Estimate(DataKind.IMAGES, sum(counts), exact=True)
    return Estimate(DataKind.IMAGES, count, exact=True)


reader = Reader("a folder of pictures", (), lambda path, _: path.is_dir(), _estimate, read, folder=True)
