"""The table as the estimators take it: treatment, outcome, and any set of other columns as numbers.

Symbols: n rows; t (n,) the treatment, 0 and 1 where it has two values, raw units else; y (n,) the outcome, 0 and 1
where it has two levels; X (n, p) covariates, categories as one column a level but the first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engines.data.kinds import Column, ColumnType, Table
from engines.data.roles import Role

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Asked:
    """Whose effect on what. `low`, `high`: what 0 and 1 of the treatment stand for; empty for a treatment in units."""

    treatment: str
    outcome: str
    low: str
    high: str
    unit: str
    t: Array
    y: Array

    @property
    def binary(self) -> bool:
        return bool(self.high)

    def change(self) -> str:
        """What is done, in words."""
        return f"{self.treatment} = {self.high} instead of {self.low}" if self.binary else f"one more {self.treatment}"


def asked(table: Table) -> Asked:
    """Treatment and outcome, which `refuse` has let pass."""
    treatment, outcome = table.having(Role.TREATMENT)[0], table.having(Role.OUTCOME)[0]
    values = two_values(treatment)
    t = treatment.values.astype(float)
    if values:
        t = (t == t.max()).astype(float)
    low, high = values or ("", "")
    return Asked(treatment.name, outcome.name, low, high, outcome.unit, t, outcome.values.astype(float))


def two_values(column: Column) -> tuple[str, str] | None:
    """The names of a column's two values, the lower first; None when it has more."""
    if column.type is ColumnType.CATEGORY:
        there = np.unique(column.values)
        return (column.levels[there[0]], column.levels[there[1]]) if len(there) == 2 else None
    there = np.unique(column.values)
    return (f"{there[0]:g}", f"{there[1]:g}") if len(there) == 2 else None


def encoded(table: Table, names: Iterable[str]) -> tuple[Array, list[str]]:
    """The columns as numbers and what each is called. Returns (n, p), p names."""
    parts: list[Array] = []
    called: list[str] = []
    for name in names:
        column = table[name]
        if column.type is ColumnType.NUMBER:
            parts.append(column.values.astype(float))
            called.append(name)
            continue
        for code, level in enumerate(column.levels[1:], 1):
            if (column.values == code).any():
                parts.append((column.values == code).astype(float))
                called.append(f"{name} = {level}")
    return (np.column_stack(parts) if parts else np.empty((len(table), 0))), called
