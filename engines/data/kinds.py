"""The kinds of data set: Table, and Images with a table of attributes.

Symbols: n items (rows or images), h x w pixels, c channels (1 or 3).
Everything here is immutable: arrays are made read-only, changes return a new value.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from engines.data.roles import Role
from engines.refusals import Refusal


class DataKind(StrEnum):
    """The kind of a data set, as methods announce it."""

    TABLE = "table"
    IMAGES = "images"


class ColumnType(StrEnum):
    """How the values of a column are to be read."""

    NUMBER = "number"
    CATEGORY = "category"
    TEXT = "text"


@dataclass(frozen=True, eq=False)
class Column:
    """One typed column.

    Attributes:
        name: As in the file.
        type: NUMBER, CATEGORY or TEXT.
        values: (n,) NUMBER: float64 in raw units, NaN = missing. CATEGORY: int32 index into `levels`, -1 = missing.
            TEXT: object array of str, None = missing.
        levels: The names of the categories, in order; empty unless CATEGORY.
        unit: Raw unit, such as "px"; empty if not given.
        role: What the column is for.
        whole: Only whole numbers occur.
    """

    name: str
    type: ColumnType
    values: np.ndarray
    levels: tuple[str, ...] = ()
    unit: str = ""
    role: Role = Role.FACTOR
    whole: bool = False

    def __post_init__(self) -> None:
        self.values.flags.writeable = False

    @property
    def missing(self) -> np.ndarray:
        """(n,) True where the value is missing."""
        match self.type:
            case ColumnType.NUMBER:
                return np.isnan(self.values)
            case ColumnType.CATEGORY:
                return self.values < 0
            case ColumnType.TEXT:
                return np.array([value is None for value in self.values], dtype=bool)

    @property
    def constant(self) -> bool:
        """At most one distinct value among those that are not missing."""
        present = self.values[~self.missing]
        return len(present) == 0 or bool(np.all(present == present[0]))

    def label(self, index: int) -> str | float | None:
        """The value of row `index` as the analyst reads it; None if missing."""
        value = self.values[index]
        match self.type:
            case ColumnType.NUMBER:
                return None if np.isnan(value) else float(value)
            case ColumnType.CATEGORY:
                return None if value < 0 else self.levels[int(value)]
            case ColumnType.TEXT:
                return None if value is None else str(value)

    def rows(self, indices: np.ndarray | Sequence[int] | slice) -> Column:
        """The same column at the given row positions."""
        return replace(self, values=self.values[indices])


@dataclass(frozen=True, eq=False)
class Table:
    """A table of typed columns with a stable row id.

    Attributes:
        name: Shown to the analyst, usually the file's stem.
        columns: In the file's order; names are unique.
        row_ids: (n,) int64, kept by selection and shuffling; 1 for the first row of the file.
    """

    name: str
    columns: tuple[Column, ...]
    row_ids: np.ndarray

    def __post_init__(self) -> None:
        self.row_ids.flags.writeable = False

    def __len__(self) -> int:
        return len(self.row_ids)

    def __getitem__(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise Refusal(
            f"There is no column {name} in {self.name}.", f"Its columns are {', '.join(self.names)}.", about=(name,)
        )

    def __contains__(self, name: str) -> bool:
        return any(column.name == name for column in self.columns)

    @property
    def kind(self) -> DataKind:
        return DataKind.TABLE

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def attributes(self) -> Table:
        """The table itself, so that every kind has its attributes under one name."""
        return self

    def having(self, *roles: Role) -> tuple[Column, ...]:
        """The columns that have one of the roles, in order."""
        return tuple(column for column in self.columns if column.role in roles)

    def numbers(self, names: Iterable[str]) -> np.ndarray:
        """(n, d) float64 in raw units; categories as their index. Missing stays NaN (categories: -1)."""
        return np.column_stack([self[name].values.astype(np.float64) for name in names])

    def with_column(self, column: Column) -> Table:
        """The column of that name replaced, or added at the end."""
        if column.name in self:
            return replace(self, columns=tuple(column if c.name == column.name else c for c in self.columns))
        return replace(self, columns=(*self.columns, column))

    def with_role(self, name: str, role: Role) -> Table:
        """The same table with the role of one column changed."""
        return self.with_column(replace(self[name], role=role))

    def select(self, names: Iterable[str]) -> Table:
        """Only the named columns, in the given order."""
        return replace(self, columns=tuple(self[name] for name in names))

    def rows(self, indices: np.ndarray | Sequence[int] | slice) -> Table:
        """The rows at the given positions."""
        return Table(self.name, tuple(column.rows(indices) for column in self.columns), self.row_ids[indices])


@dataclass(frozen=True, eq=False)
class Images:
    """Pictures of one size with a table of attributes, one row a picture.

    Attributes:
        name: Shown to the analyst.
        pixels: (n, h, w, c) uint8.
        attributes: n rows; its row ids are the ids of the pictures.
        rounded: Its file held finer values than 8 bits, which were rounded.
    """

    name: str
    pixels: np.ndarray
    attributes: Table
    rounded: bool = False

    def __post_init__(self) -> None:
        self.pixels.flags.writeable = False

    def __len__(self) -> int:
        return len(self.pixels)

    @property
    def kind(self) -> DataKind:
        return DataKind.IMAGES

    @property
    def row_ids(self) -> np.ndarray:
        return self.attributes.row_ids

    def rows(self, indices: np.ndarray | Sequence[int] | slice) -> Images:
        """The pictures at the given positions."""
        return replace(self, pixels=self.pixels[indices], attributes=self.attributes.rows(indices))

    def with_role(self, name: str, role: Role) -> Images:
        """The same pictures with the role of one attribute changed."""
        return replace(self, attributes=self.attributes.with_role(name, role))


DataSet = Table | Images


def number_column(name: str, values: Sequence[float] | np.ndarray, unit: str = "", role: Role = Role.FACTOR) -> Column:
    """A NUMBER column from plain values."""
    numbers = np.array(values, dtype=np.float64)
    finite = numbers[np.isfinite(numbers)]
    whole = bool(len(finite)) and bool(np.all(finite == np.round(finite)))
    return Column(name, ColumnType.NUMBER, numbers, unit=unit, role=role, whole=whole)


def category_column(name: str, values: Sequence[object] | np.ndarray, role: Role = Role.FACTOR) -> Column:
    """A CATEGORY column from plain values; levels in sorted order (numbers by size). None is missing."""
    present = sorted({v for v in values if v is not None}, key=lambda v: (isinstance(v, str), v))
    index = {value: i for i, value in enumerate(present)}
    codes = np.array([-1 if v is None else index[v] for v in values], dtype=np.int32)
    return Column(name, ColumnType.CATEGORY, codes, levels=tuple(str(v) for v in present), role=role)


def table_of(name: str, columns: Iterable[Column]) -> Table:
    """A table whose row ids are 1..n."""
    kept = tuple(columns)
    return Table(name, kept, np.arange(1, len(kept[0].values) + 1, dtype=np.int64))
