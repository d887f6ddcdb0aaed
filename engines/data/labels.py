"""Matching pictures with a table of labels: by file name where a column holds names, else row by row."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from engines.data.kinds import Column, ColumnType, Images, Table
from engines.data.readers import Wishes
from engines.data.refusing import DataRefusal
from engines.data.roles import Role
from engines.data.types import LABELS, retyped
from engines.refusals import Refusal

FILE = "file"
"""Name of the attribute that holds the file names of pictures."""

OF_FOLDERS = (FILE, "folder", "split")
"""Attributes that pictures have from their names and folders."""

_IDS = {"id", "index", "number", "no", "nr", "image", "picture", "file", "scan", "key"}
"""Words in the name of a column whose numbers may be those of pictures."""

_WORD = re.compile(r"[a-z]+")
_NUMBER = re.compile(r"\d+$", re.ASCII)


def joined(images: Images, labels: Table, file: str, wishes: Wishes) -> Images:
    """The pictures with the columns of the labels as attributes.

    Args:
        images: Where `images.attributes` has a column `file`, rows are matched by it; else by order.
        labels: One row a picture.
        file: Name of the labels' file, for the sentences.
        wishes: Use only what matches (else whatever does not is refused), or match in order.

    Raises:
        DataRefusal: with what does not match, and "Use the ... that match".
    """
    if FILE not in images.attributes or wishes.in_order:
        return _by_order(images, labels, file)
    names = [str(images.attributes[FILE].label(i)) for i in range(len(images))]
    key = key_column(labels, names)
    if key is None:
        if len(labels) == len(images):
            raise DataRefusal(
                f"{file} has no column with the names of the images.",
                f"One column must hold names such as {names[0]}. It has one row for each image.",
                about=(file,),
                remedies={"Match in order": {"step": "match_in_order"}},
            )
        raise Refusal(
            f"{file}: none of its {len(labels):,} rows names one of the {len(images):,} images.",
            f"One column must hold names such as {names[0]}.",
            about=(file,),
        )
    rows = _matches(file, key, _spelled(names, key))
    found = np.array([name in rows for name in names])
    orphans = set(rows) - {name for name in names if name in rows}
    if (orphans or not found.all()) and not wishes.matching_only:
        raise _mismatch(file, names, found, sorted(orphans), key)
    kept = np.flatnonzero(found)
    order = np.array([rows[names[i]] for i in kept], dtype=np.int64)
    return _together(images.rows(kept), labels.rows(order), key.name)


def as_label(column: Column) -> Column:
    """A column called label, class or target, of whole numbers or categories, gets the role "label"."""
    if column.name.strip().lower() not in LABELS or column.type is ColumnType.TEXT:
        return column
    if column.type is ColumnType.NUMBER:
        if not column.whole or np.isnan(column.values).any():
            return column
        column = replace(retyped(column, ColumnType.CATEGORY), unit="")
    return replace(column, role=Role.LABEL)


def _together(images: Images, labels: Table, key: str) -> Images:
    own = [column for column in images.attributes.columns if column.name not in labels or column.name == FILE]
    new = [as_label(column) for column in labels.columns if column.name not in (key, FILE)]
    return replace(images, attributes=Table(images.name, (*own, *new), images.row_ids))


def _by_order(images: Images, labels: Table, file: str) -> Images:
    if len(labels) != len(images):
        raise Refusal(
            f"{file} has {len(labels):,} rows for {len(images):,} images.",
            "There must be one row for each, in their order.",
            about=(file,),
        )
    return _together(images, labels, "")


def key_column(labels: Table, names: list[str]) -> Column | None:
    """The column that names most pictures: by their file names, or, if it is called so, by the numbers in them."""
    numbered = [column for column in labels.columns if _IDS & set(_WORD.findall(column.name.lower()))]
    for known, asked in ((_by_name(names), labels.columns), (_by_number(names), numbered)):
        best, choice = 0, None
        for column in asked:
            hits = sum(any(v in known for v in _variants(text)) for text in _texts(column) if text)
            if hits > best:
                best, choice = hits, column
        if choice is not None:
            return choice
    return None


def names_pictures(images: Images, labels: Table) -> bool:
    """Whether a table belongs to pictures: a column names half of the rows or of the pictures (by numbers: of both), or
    there is one row for each picture.
    """
    if FILE not in images.attributes:
        return len(labels) == len(images)
    names = [str(name) for name in images.attributes[FILE].values]
    key = key_column(labels, names)
    if key is None:
        return len(labels) == len(images)
    spelled = _spelled(names, key)
    hits = sum(any(v in spelled for v in _variants(text)) for text in _texts(key) if text)
    by_name = spelled.keys() >= set(names)
    return 2 * hits >= (min if by_name else max)(len(labels), len(images))


def _spelled(names: list[str], key: Column) -> dict[str, str]:
    """Picture name by the spelling that the key column uses."""
    by_name = _by_name(names)
    used = any(v in by_name for text in _texts(key) if text for v in _variants(text))
    return by_name if used else _by_number(names)


def _by_name(names: list[str]) -> dict[str, str]:
    """Picture name by each of its spellings that no other picture has."""
    found: dict[str, str] = {}
    several = set()
    for name in names:
        for variant in set(_variants(name)):
            if found.setdefault(variant, name) != name:
                several.add(variant)
    return {variant: name for variant, name in found.items() if variant not in several or variant == name}


def _by_number(names: list[str]) -> dict[str, str]:
    """Picture name by the number at its end: scan_0012.png is 12. Nothing unless all have one, each its own."""
    ends = [_NUMBER.search(_variants(name)[2]) for name in names]
    found = {str(int(end.group())): name for end, name in zip(ends, names) if end is not None}
    return found if len(found) == len(names) else {}


def _matches(file: str, key: Column, spelled: dict[str, str]) -> dict[str, int]:
    """Row of the labels by picture name; rows that name no picture stand under their own text."""
    rows: dict[str, int] = {}
    for row, text in enumerate(_texts(key)):
        if not text:
            continue
        name = next((spelled[v] for v in _variants(text) if v in spelled), text)
        if name in rows:
            raise Refusal(
                f"{file} has two rows for {name}: {rows[name] + 1:,} and {row + 1:,}.",
                "An image has one row of labels.",
                about=(file, name),
            )
        rows[name] = row
    return rows


def _texts(column: Column) -> list[str]:
    match column.type:
        case ColumnType.NUMBER:
            if not column.whole:
                return []
            return ["" if np.isnan(v) else str(int(v)) for v in column.values]
        case ColumnType.CATEGORY:
            return ["" if code < 0 else column.levels[code] for code in column.values]
        case ColumnType.TEXT:
            return ["" if value is None else str(value) for value in column.values]


def _variants(name: str) -> tuple[str, ...]:
    """Spellings under which a name is looked for: with and without folders and ending."""
    plain = name.replace("\\", "/").strip()
    last = plain.rsplit("/", 1)[-1]
    stem = last.rsplit(".", 1)[0] if "." in last else last
    return (plain, last, stem)


def _mismatch(file: str, names: list[str], found: np.ndarray, orphans: list[str], key: Column) -> DataRefusal:
    without = [name for name, there in zip(names, found) if not there]
    told = []
    if orphans:
        told.append(f"{len(orphans):,} label{'s have' if len(orphans) > 1 else ' has'} no image")
    if without:
        told.append(f"{len(without):,} image{'s have' if len(without) > 1 else ' has'} no label")
    good = int(found.sum())
    return DataRefusal(
        f"{file}: {' and '.join(told)}.",
        f"They are matched by the column {key.name}.",
        ("Show both lists",) if orphans and without else ("Show the list",),
        (*without[:10], *orphans[:10]),
        remedies={f"Use the {good:,} that match": {"step": "use_matching"}} if good else {},
        lists={
            heading: tuple(found_names[:10_000])
            for heading, found_names in (("Labels without an image", orphans), ("Images without a label", without))
            if found_names
        },
    )
