"""What is left of an estimation: the effect by every specification and estimator, and rows under another treatment.

Symbols: k estimates; effect and error (k,) in raw units of the outcome for the change of treatment that was asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from engines.contract import Answer, Budget, Choice, Control, FactorValue, How, Model, Query, Slider, Support
from engines.counterfactual_tables.average_effect.estimators import NORMAL_975
from engines.counterfactual_tables.average_effect.table import Array
from engines.data.kinds import Column, ColumnType, Table, number_column
from engines.refusals import Refusal
from engines.results import BarsResult, TableResult

_THIN = 0.05            # share of rows without counterpart from which answers lie at the edge of the data


@dataclass(frozen=True, eq=False)
class AverageEffect(Model):
    """The estimates.

    Attributes:
        treatment, outcome: Columns without rows.
        arms: Names of the two values of the treatment, lower first; empty for one in units.
        estimates: k names, "doubly robust, age"; the first is the one that the answer begins with.
        effect, error: (k,).
        condition: Under which they are effects.
        seen: Lowest, 0.5 %, 99.5 % and highest value of a treatment in units.
        thin: Share of rows that have almost no counterpart in the other arm.
    """

    treatment: Column
    outcome: Column
    arms: tuple[str, ...]
    estimates: tuple[str, ...]
    effect: Array
    error: Array
    condition: str
    seen: Array
    thin: float

    def controls(self) -> tuple[Control, ...]:
        """The treatment, and whose estimate is believed."""
        name = self.treatment.name
        least, low, high, most = (float(one) for one in self.seen)
        treatment: Control = Choice(name, self.arms, do=True) if self.arms else Slider(
            name, low, high, (least - (most - least) / 2, most + (most - least) / 2), unit=self.treatment.unit,
            decimals=_decimals(high - low),
        )
        few = "There is one estimate." if len(self.estimates) == 1 else ""
        return treatment, Choice(
            "estimate", self.estimates, self.estimates[0], help="By which estimator, adjusted for what.", neutral=few,
        )

    def claims_identity(self) -> float | None:
        """Without a change of treatment the outcome is the one that was observed."""
        return 0.0

    def answer(self, query: Query) -> Iterator[Answer]:
        """The rows with the average effect added where the treatment changes, and the mean over them."""
        table, x, y = query.factual.attributes, self.treatment.name, self.outcome.name
        k = self.estimates.index(str(query.values.get("estimate", self.estimates[0])))
        t = self._doses(table)
        wish = query.do.get(x)
        wanted = t if wish is None else np.full(len(t), self._dose(wish))
        shift, half = (wanted - t) * self.effect[k], np.abs(wanted - t) * self.error[k] * NORMAL_975
        before = table[y].values.astype(float)
        after = before + shift
        factual, changed = table, table if wish is None else table.with_column(self._column(table[x], wish))
        marks = np.zeros((len(table), len(table.columns)), dtype=bool)
        marks[:, table.names.index(x)] = wanted != t
        if not self._two_levels:
            factual = factual.with_column(number_column(y, before, self.outcome.unit))
            changed = changed.with_column(number_column(y, after, self.outcome.unit))
            marks[:, table.names.index(y)] = shift != 0
        chosen = self.estimates[k]
        share = f"Share of {y} = {self.outcome.levels[1]}" if self._two_levels else f"Mean of {y}"
        bars = BarsResult(
            "effect", f"{share} over these rows", ("as it was", "as it would have been"),
            np.array([before.mean(), after.mean()]),
            np.array([before.mean(), (after - half).mean()]), np.array([before.mean(), (after + half).mean()]),
            self.outcome.unit,
        )
        factors = [
            FactorValue(x, self._shown(t[0]), self._shown(wanted[0]), How.UNAFFECTED if wish is None else How.SET),
        ]
        if not self._two_levels:
            factors.append(FactorValue(
                y, float(before[0]), float(after[0]), How.FOLLOWS if wanted[0] != t[0] else How.UNAFFECTED,
                (float(after[0] - half[0]), float(after[0] + half[0])) if shift[0] else None,
            ))
        support, note = self._support(wanted)
        yield Answer(
            Budget.FINAL,
            (TableResult("rows", f"Rows with the average effect ({chosen})", changed, marks, factual, of_data=True),
             bars),
            tuple(factors), support=support, support_note=note,
        )

    @property
    def _two_levels(self) -> bool:
        """Of such an outcome only the chance changes on average: which level a row would have had is not known."""
        return self.outcome.type is ColumnType.CATEGORY

    def _support(self, wanted: Array) -> tuple[Support, str]:
        least, _, _, most = self.seen
        if not self.arms and ((wanted < least) | (wanted > most)).any():
            return Support.OUTSIDE, f"No row of the data had such a {self.treatment.name}."
        if self.thin > _THIN:
            return Support.EDGE, f"{self.thin:.0%} of the rows have almost no counterpart in the other arm."
        return Support.INSIDE, ""

    def _doses(self, table: Table) -> Array:
        """The treatment as the estimates count it: 0 and 1, or raw units."""
        column = table[self.treatment.name]
        if column.missing.any() or table[self.outcome.name].missing.any():
            gap = column.missing | table[self.outcome.name].missing
            raise Refusal(
                f"Row {table.row_ids[int(np.argmax(gap))]} has no treatment or no outcome.", "Choose a complete row."
            )
        if not self.arms:
            return column.values.astype(float)
        return np.array([self._dose(_label(column, row)) for row in range(len(table))])

    def _dose(self, value: float | str) -> float:
        if not self.arms:
            return float(value)
        name = value if isinstance(value, str) else f"{value:g}"
        if name not in self.arms:
            raise Refusal(
                f"{self.treatment.name} cannot be {name}.", f"It is {self.arms[0]} or {self.arms[1]}.",
                about=(self.treatment.name,),
            )
        return float(self.arms.index(name))

    def _shown(self, dose: float) -> float | str:
        return self.arms[int(dose)] if self.arms else float(dose)

    def _column(self, column: Column, wish: float | str) -> Column:
        if column.type is ColumnType.CATEGORY:
            values = np.full(len(column.values), column.levels.index(str(wish)), dtype=column.values.dtype)
        else:
            values = np.full(len(column.values), float(wish))
        return replace(column, values=values)


def _label(column: Column, row: int) -> str:
    value = column.label(row)
    return value if isinstance(value, str) else f"{value:g}"


def _decimals(span: float) -> int:
    return int(np.clip(3 - np.floor(np.log10(span)), 0, 8)) if span > 0 else 2
