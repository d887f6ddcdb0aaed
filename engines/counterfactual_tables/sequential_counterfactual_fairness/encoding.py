"""From a table to numbers and back: columns standardised on the source periods, attribute and label as 0 and 1.

Symbols: n rows, p columns, T periods.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from engines.counterfactual_tables.sequential_counterfactual_fairness.mathematics import Array
from engines.data.kinds import Column, ColumnType, Table
from engines.data.roles import Role
from engines.refusals import Refusal


@dataclass(frozen=True, eq=False)
class Encoding:
    """Fitted on the source periods.

    Attributes:
        columns: Of the rows (factors and covariates), then the attribute, the label and the period, without rows.
        centre, scale: (p,) of the columns.
    """

    columns: tuple[Column, ...]
    centre: Array
    scale: Array

    @classmethod
    def fitted(cls, table: Table) -> "Encoding":
        """From the rows of the source periods."""
        features = table.having(Role.FACTOR, Role.COVARIATE)
        others = (table.having(role)[0] for role in (Role.SENSITIVE, Role.LABEL, Role.TIME))
        raw = table.numbers([c.name for c in features])
        scale = raw.std(axis=0)
        kept = tuple(column.rows([]) for column in (*features, *others))
        return cls(kept, raw.mean(axis=0), np.where(scale > 0, scale, 1.0))

    @property
    def features(self) -> tuple[Column, ...]:
        return self.columns[:-3]

    @property
    def sensitive(self) -> Column:
        return self.columns[-3]

    @property
    def label(self) -> Column:
        return self.columns[-2]

    def raw(self, table: Table) -> Array:
        """Columns (n, p) in raw units.

        Raises:
            Refusal: when one has a gap.
        """
        for column in self.features:
            if (gaps := table[column.name].missing).any():
                raise Refusal(
                    f"Row {table.row_ids[int(np.argmax(gaps))]} has no value in {column.name}.",
                    "Choose a complete row, or fill the gap.", about=(column.name,),
                )
        return table.numbers([c.name for c in self.features])

    def x(self, raw: Array) -> Tensor:
        """Standardised (n, p), of raw units."""
        return torch.from_numpy(((raw - self.centre) / self.scale).astype(np.float32))

    def a(self, table: Table) -> Array:
        """The attribute (n,): 0 and 1.

        Raises:
            Refusal: when a row has none.
        """
        found = two_valued(table[self.sensitive.name], self.sensitive)
        if (gaps := np.isnan(found)).any():
            raise Refusal(f"Row {table.row_ids[int(np.argmax(gaps))]} has no {self.sensitive.name} that is known.",
                          "Choose another row.", about=(self.sensitive.name,))
        return found

    def y(self, table: Table) -> Array:
        """The label (n,): 0 and 1, NaN where missing."""
        return two_valued(table[self.label.name], self.label)


def levels(column: Column) -> tuple[str, str]:
    """The two values as the analyst reads them."""
    return (column.levels[0], column.levels[1]) if column.type is ColumnType.CATEGORY else ("0", "1")


def two_valued(found: Column, known: Column) -> Array:
    """0 and 1 in float64, by the levels of `known`; NaN where missing or never seen."""
    if known.type is ColumnType.NUMBER:
        return np.where(np.isin(found.values, (0.0, 1.0)), found.values, np.nan)
    place = [float(known.levels.index(name)) if name in known.levels else np.nan for name in found.levels]
    return np.array([*place, np.nan])[found.values]


def ordered(table: Table) -> tuple[list[str], np.ndarray]:
    """Names of the periods in order, and the place (n,) of each row's period."""
    column = table.having(Role.TIME)[0]
    values, places = np.unique(column.values, return_inverse=True)
    if column.type is ColumnType.CATEGORY:
        return [column.levels[int(v)] for v in values], places
    return [f"{v:g}" for v in values], places


def source_count(periods: int, wish: int) -> int:
    """How many of the periods are learnt from: as wished, or two thirds where the wish is 0."""
    return min(periods, wish) if wish else max(LEAST_PERIODS, -(-2 * periods // 3))


LEAST_PERIODS = 3
