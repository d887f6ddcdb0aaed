"""From columns to numbers and back: covariates standardised, categories one column a level, treatment 0 and 1.

Symbols: n rows, p encoded covariates.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from engines.data.kinds import Column, ColumnType, Table
from engines.data.roles import Role
from engines.refusals import Refusal

Array = np.ndarray


@dataclass(frozen=True, eq=False)
class Encoding:
    """Fitted on the rows that are trained on.

    Attributes:
        columns: Covariates, treatment and outcome without rows: names, types, levels, units, roles.
        centre, scale: (p,) of the encoded covariates.
        outcome: Centre and scale of the outcome; 0 and 1 where it has two values.
        binary: Whether the outcome has two values.
    """

    columns: tuple[Column, ...]
    centre: Array
    scale: Array
    outcome: tuple[float, float]
    binary: bool

    @classmethod
    def fitted(cls, table: Table) -> "Encoding":
        """From the rows at hand."""
        columns = table.having(Role.COVARIATE, Role.TREATMENT, Role.OUTCOME)
        raw = _raw(table, [c for c in columns if c.role is Role.COVARIATE])
        scale = raw.std(axis=0)
        y = table.having(Role.OUTCOME)[0]
        binary = two_valued(y)
        outcome = (0.0, 1.0) if binary else (float(y.values.mean()), float(y.values.std()))
        described = tuple(column.rows([]) for column in columns)
        return cls(described, raw.mean(axis=0), np.where(scale > 0, scale, 1.0), outcome, binary)

    @property
    def covariates(self) -> tuple[Column, ...]:
        return tuple(c for c in self.columns if c.role is Role.COVARIATE)

    @property
    def treatment(self) -> Column:
        return next(c for c in self.columns if c.role is Role.TREATMENT)

    @property
    def target(self) -> Column:
        """The outcome's column."""
        return next(c for c in self.columns if c.role is Role.OUTCOME)

    @property
    def names(self) -> tuple[str, ...]:
        """(p,) the covariate that each encoded column belongs to."""
        return tuple(c.name for c in self.covariates for _ in range(max(1, len(c.levels) - 1)))

    def x(self, table: Table) -> Tensor:
        """Covariates (n, p), standardised.

        Raises:
            Refusal: when one is missing.
        """
        for column in self.covariates:
            found = table[column.name]
            if (gaps := found.missing).any():
                raise Refusal(
                    f"Row {table.row_ids[int(np.argmax(gaps))]} has no value in {column.name}.",
                    "Choose a complete row, or fill the gap.", about=(column.name,),
                )
        return torch.from_numpy(((_raw(table, self.covariates) - self.centre) / self.scale).astype(np.float32))

    def t(self, table: Table) -> Tensor:
        """Treatment (n,): 0 and 1, NaN where missing."""
        return torch.from_numpy(_two(table[self.treatment.name], self.treatment).astype(np.float32))

    def y(self, table: Table) -> Tensor:
        """Outcome (n,), standardised or 0 and 1; NaN where missing."""
        centre, scale = self.outcome
        return torch.from_numpy(((self.observed(table) - centre) / scale).astype(np.float32))

    def observed(self, table: Table) -> Array:
        """The outcome (n,) in raw units, or 0 and 1; NaN where missing."""
        found = table[self.target.name]
        return _two(found, self.target) if self.binary else found.values

    def arm(self, value: float | str) -> int:
        """The arm that a wish names: 0 or 1.

        Raises:
            Refusal: when there is no such level.
        """
        names = levels(self.treatment)
        for k, name in enumerate(names):
            if value == name or (self.treatment.type is ColumnType.NUMBER and _is(value, k)):
                return k
        raise Refusal(f"{self.treatment.name} cannot be set to {value}.", f"It is {names[0]} or {names[1]}.")


def levels(column: Column) -> tuple[str, str]:
    """The two values of a treatment or two-valued outcome, as the analyst reads them."""
    return (column.levels[0], column.levels[1]) if column.type is ColumnType.CATEGORY else ("0", "1")


def two_valued(column: Column) -> bool:
    """Whether it has two levels, or holds nothing but 0 and 1."""
    if column.type is ColumnType.CATEGORY:
        return len(column.levels) == 2
    return bool(np.isin(column.values[~column.missing], (0.0, 1.0)).all())


def _is(value: float | str, k: int) -> bool:
    try:
        return float(value) == k
    except ValueError:
        return False


def _two(found: Column, known: Column) -> Array:
    """0 and 1 in float64, NaN where missing; levels by name, for other data may order them otherwise."""
    if known.type is ColumnType.NUMBER:
        return found.values
    return np.where(found.missing, np.nan, _codes(found, known).astype(float))


def _codes(found: Column, known: Column) -> Array:
    """Levels of `found` as numbers of `known`'s; -1 for one that was never seen, or missing."""
    place = np.array([known.levels.index(name) if name in known.levels else -1 for name in (*found.levels, "")])
    return place[found.values]


def _raw(table: Table, columns: list[Column] | tuple[Column, ...]) -> Array:
    """(n, p) float64: numbers as they are, a column of 0 and 1 for each level but the first of a category."""
    parts = []
    for column in columns:
        found = table[column.name]
        if column.type is ColumnType.NUMBER:
            parts.append(found.values[:, None])
        else:
            parts.append((_codes(found, column)[:, None] == np.arange(1, len(column.levels))).astype(float))
    return np.concatenate(parts, axis=1)
