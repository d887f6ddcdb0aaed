"""Named arrays (from NPZ, NPY, HDF5) become a table, or pictures with attributes. Nothing is unpickled.

Layout for pictures: one array `pixels` (or `images`, `x`, `data`) of (n, h, w), (n, h, w, c) or (n, c, h, w), c = 1, 3
or 4; every further array of n values is an attribute of its own name. An optional text `units` holds a JSON object of
units by attribute. Parts may be told apart by `train_`, `val_` and `test_` before (or `_train` … after) the names, as
in `train_images`, `train_labels`: they are joined, and the attribute `split` says which part a picture belongs to.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from engines.data.kinds import Column, ColumnType, Images, Table
from engines.data.refusing import DataRefusal
from engines.data.roles import Role
from engines.data.types import LABELS, guessed, retyped
from engines.refusals import Refusal

PIXELS = ("pixels", "images", "image", "x", "data", "imgs", "pictures")
PARTS = ("train", "val", "valid", "test")
_BETWEEN = ("_", "/", "-", ".")        # between a part and a name; HDF5 has groups
_MOST_CLASSES = 1000
_OFFERED = 4
_ROUNDING = 0.01                         # of a grey level: what single precision leaves of a whole one


def data_of(
    file: str, name: str, arrays: Mapping[str, np.ndarray], units: Mapping[str, str] | None = None, pixels: str = ""
) -> Images | Table:
    """The data set that named arrays make up; `pixels`: the array that holds the pictures, empty finds out.

    Raises:
        Refusal: when they make up neither pictures nor a table.
    """
    arrays = dict(arrays)
    units = dict(units or {})
    if "units" in arrays and arrays["units"].ndim == 0:
        units |= _units(file, str(arrays.pop("units")))
    arrays = {key: value for key, value in arrays.items() if value.ndim > 0}
    if not arrays or not any(value.size for value in arrays.values()):
        raise Refusal(f"{file} holds no values.", "Its arrays are empty.", about=(file,))
    joined, parts = _joined(file, arrays)
    pictures = [key for key, value in joined.items() if value.ndim in (3, 4)]
    if pictures:
        return _images(file, name, joined, parts, pixels or _chosen(file, pictures), units)
    return _table(file, name, joined, parts, units)


def to_pixels(file: str, values: np.ndarray) -> np.ndarray:
    """(n, h, w), (n, h, w, c) or (n, c, h, w) of any number type to (n, h, w, c) uint8.

    Values in 0 to 255 are grey levels, in 0 to 1 and -1 to 1 they are scaled. A fourth channel (opacity) is dropped.

    Raises:
        Refusal: for values that are none of these, NaN and infinity included.
    """
    if values.ndim == 3:
        values = values[..., None]
    elif values.shape[-1] not in (1, 3, 4) and values.shape[1] in (1, 3, 4):
        values = np.moveaxis(values, 1, -1)
    if values.shape[-1] not in (1, 3, 4):
        raise Refusal(
            f"{file}: the pictures have {values.shape[-1]} channels; 1 or 3 are read.",
            f"The array has the shape {' × '.join(map(str, values.shape))}.",
            about=(file,),
        )
    values = values[..., :3] if values.shape[-1] == 4 else values
    if values.dtype == np.uint8:
        return np.ascontiguousarray(values)
    if values.dtype == bool:
        return values.astype(np.uint8) * 255
    if not np.isfinite(values).all():
        bad = np.argwhere(~np.isfinite(values))[0]
        raise Refusal(
            f"{file}: picture {int(bad[0]) + 1:,} holds a pixel that is not a number.",
            "Every pixel must have a grey level.",
            about=(file,),
        )
    low, high = float(values.min()), float(values.max())
    if values.dtype.kind == "f" and low >= 0 and high <= 1:
        return np.rint(values * 255).astype(np.uint8)
    if values.dtype.kind == "f" and low >= -1 and high <= 1:
        return np.rint((values + 1) * 127.5).astype(np.uint8)
    if low >= 0 and high <= 255:
        return np.rint(values).astype(np.uint8)
    raise Refusal(
        f"{file}: the pixels lie between {low:g} and {high:g}.",
        "They are read as 0 to 255, 0 to 1 or -1 to 1.",
        about=(file,),
    )


def attribute(name: str, values: np.ndarray, unit: str = "") -> Column:
    """An attribute of pictures: as in a table, but whole numbers called label, class or target are categories."""
    column = guessed(name, values, unit)
    if values.dtype.kind in "US" and column.type is ColumnType.NUMBER:
        return retyped(column, ColumnType.CATEGORY)         # an array says its type: text is meant as text
    if name.strip().lower() not in LABELS:
        return column
    if column.type is ColumnType.NUMBER and column.whole and len(np.unique(column.values)) <= _MOST_CLASSES:
        column = retyped(column, ColumnType.CATEGORY)
    return replace(column, role=Role.LABEL) if column.type is ColumnType.CATEGORY else column


def _one_a_row(name: str, values: np.ndarray) -> np.ndarray:
    """(n, 1) as (n,), and labels that are 1 in one of k places, else 0, as the number of the place."""
    if values.ndim == 2 and values.shape[1] == 1:
        return values[:, 0]
    if values.ndim == 2 and name.strip().lower() in LABELS and values.dtype.kind in "biuf" and (
        ((values == 0) | (values == 1)).all() and (values.sum(axis=1) == 1).all()
    ):
        return values.argmax(axis=1)
    return values


def _units(file: str, text: str) -> dict[str, str]:
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        cause = f"{error.msg} at character {error.pos + 1}."
        raise Refusal(f"{file}: the array units is not a JSON object.", cause, about=(file,)) from error
    if not isinstance(found, dict):
        raise Refusal(f"{file}: the array units is not a JSON object of units by attribute.", about=(file,))
    return {str(key): str(value) for key, value in found.items()}


def _part(key: str) -> tuple[str, str]:
    """The part and the name inside it: train_images -> (train, images); pixels -> ("", pixels)."""
    for part in PARTS:
        if key.lower().startswith(part) and key[len(part) : len(part) + 1] in _BETWEEN:
            return part, key[len(part) + 1 :]
        if key.lower().endswith(part) and key[: -len(part)][-1:] in _BETWEEN:
            return part, key[: -len(part) - 1]
    return "", key


def _joined(file: str, arrays: dict[str, np.ndarray]) -> tuple[dict[str, np.ndarray], list[tuple[str, int]]]:
    """Arrays joined over the parts, with the size of each part; no parts: as they are."""
    keyed = {key: _part(key) for key in arrays}
    parts = [part for part in PARTS if any(p == part for p, _ in keyed.values())]
    if not parts:
        return arrays, []
    by_part = {part: {name: arrays[key] for key, (p, name) in keyed.items() if p == part} for part in parts}
    names = list(by_part[parts[0]])
    joined, sizes = {}, [(part, len(next(iter(by_part[part].values())))) for part in parts]
    for name in names:
        pieces = [by_part[part].get(name) for part in parts]
        if any(piece is None for piece in pieces):
            part = next(part for part, piece in zip(parts, pieces) if piece is None)
            raise Refusal(f"{file}: the part {part} has no array {name}.", "Every part needs it.", about=(file, name))
        if len({piece.shape[1:] for piece in pieces if piece is not None}) > 1:
            raise Refusal(f"{file}: the parts of {name} have different shapes.", about=(file, name))
        joined[name] = np.concatenate([piece for piece in pieces if piece is not None])
    return joined, sizes


def _chosen(file: str, pictures: list[str]) -> str:
    if len(pictures) == 1:
        return pictures[0]
    for wanted in PIXELS:
        for key in pictures:
            if key.lower() == wanted:
                return key
    raise DataRefusal(
        f"{file} holds {len(pictures)} arrays that could be the pictures: {', '.join(pictures[:6])}.",
        "One of them is read.",
        about=tuple(pictures),
        remedies={f"Use {key}": {"step": "use_pixels", "name": key} for key in pictures[:_OFFERED]},
    )


def _images(
    file: str, name: str, arrays: dict[str, np.ndarray], parts: list[tuple[str, int]], key: str, units: dict[str, str]
) -> Images:
    if key not in arrays:
        raise Refusal(f"{file} has no array {key}.", f"It holds {', '.join(list(arrays)[:8])}.", about=(file, key))
    count = len(arrays[key])
    if not count or 0 in arrays[key].shape:
        raise Refusal(f"{file} holds no pictures: its array {key} is empty.", about=(file, key))
    columns = []
    for other, values in arrays.items():
        if other == key or values.ndim > 2:             # a second set of pictures is no attribute
            continue
        if len(values) != count:
            raise Refusal(
                f"{file}: {other} has {len(values):,} values for {count:,} pictures.",
                "There must be one for each.",
                about=(file, other),
            )
        values = _one_a_row(other, values)
        if values.ndim == 1:
            columns.append(attribute(other, values, units.get(other, "")))
        else:
            unit = units.get(other, "")
            columns += [attribute(f"{other} {i + 1}", values[:, i], unit) for i in range(values.shape[1])]
    if parts and all(column.name != "split" for column in columns):
        columns.append(_split(parts))
    pixels = to_pixels(file, arrays[key])
    return Images(name, pixels, Table(name, tuple(columns), _ids(count)), _finer(arrays[key]))


def _finer(values: np.ndarray) -> bool:
    """Whether pixels lie between two of the 256 grey levels that are kept of them."""
    if values.dtype.kind != "f" or not values.size:
        return False
    low, high = float(values.min()), float(values.max())
    levels = values * 255 if low >= 0 and high <= 1 else (values + 1) * 127.5 if low >= -1 and high <= 1 else values
    return bool(np.abs(levels - np.rint(levels)).max() > _ROUNDING)


def _table(
    file: str, name: str, arrays: dict[str, np.ndarray], parts: list[tuple[str, int]], units: dict[str, str]
) -> Table:
    if len(arrays) > 1:
        arrays = {key: values for key, values in arrays.items() if key not in ("columns", "feature_names", "names")}
    sizes = {key: len(values) for key, values in arrays.items()}
    if len(set(sizes.values())) > 1:
        (a, n), (b, m) = next((x, y) for x in sizes.items() for y in sizes.items() if x[1] != y[1])
        raise Refusal(
            f"{file}: the array {a} has {n:,} rows and {b} has {m:,}.",
            "Arrays of one table have the same length.",
            about=(file, a, b),
        )
    columns: list[Column] = []
    for key, values in arrays.items():
        if values.dtype.names:
            columns += [guessed(field, values[field], units.get(field, "")) for field in values.dtype.names]
        elif values.ndim == 1:
            columns.append(guessed(key, values, units.get(key, "")))
        elif values.ndim == 2:
            prefix = "column" if len(arrays) == 1 else key
            columns += [guessed(f"{prefix} {i + 1}", values[:, i]) for i in range(values.shape[1])]
        else:
            raise Refusal(
                f"{file}: the array {key} has {values.ndim} dimensions.",
                "Tables have 2, pictures 3 or 4.",
                about=(file, key),
            )
    if parts:
        columns.append(_split(parts))
    return Table(name, tuple(columns), _ids(next(iter(sizes.values()))))


def _split(parts: list[tuple[str, int]]) -> Column:
    codes = np.repeat(np.arange(len(parts), dtype=np.int32), [size for _, size in parts])
    return Column("split", ColumnType.CATEGORY, codes, tuple(part for part, _ in parts), role=Role.SPLIT)


def _ids(count: int) -> np.ndarray:
    return np.arange(1, count + 1, dtype=np.int64)
