"""A row before and after: factual, counterfactual and difference in three columns."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from engines.contract import FactorValue, How
from engines.data.kinds import ColumnType
from engines.results import TableResult
from widgets.line_table import Cell, LineTable
from widgets.numbers import format_change, format_number, shared_precision
from widgets.pictures.tile import MARGIN


class RowTriptych(LineTable):
    """One line a column: what was set first, then what follows, then the rest; what changed is in accent."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Factual, counterfactual and difference", parent)
        self.setContentsMargins(MARGIN, 0, MARGIN, 0)
        self._shown: tuple[TableResult, tuple[FactorValue, ...]] | None = None
        self._factual, self._difference = False, True

    def set_result(self, result: TableResult, factors: Sequence[FactorValue]) -> None:
        """Show the first row of the result; without factors, or the whole set, its own cells are compared."""
        self._shown = (result, tuple(factors))
        self._refresh()

    def shows_difference(self) -> bool:
        return self._difference

    def show_difference(self, shown: bool) -> None:
        """The columns of the difference and its spread, or not."""
        self._difference = shown
        self._refresh()

    def show_factual(self, shown: bool) -> None:
        """The factual in the counterfactual's place, as while Space is held."""
        self._factual = shown
        self._refresh()

    def _refresh(self) -> None:
        if self._shown is None:
            return
        result, factors = self._shown
        how = {factor.name: factor.how for factor in factors}
        spread = {factor.name: factor.spread for factor in factors}
        head = [
            self.tr("Column"), self.tr("Factual"), self.tr("Counterfactual"), self.tr("Difference"), self.tr("Spread"),
        ]
        spreads = any(spread.values())
        lines = []
        for column in sorted(result.table.columns, key=lambda c: _ORDER.get(how.get(c.name, How.UNAFFECTED), 2)):
            before = result.factual[column.name].label(0) if result.factual is not None else None
            after = column.label(0)
            unit = column.unit
            changed = before != after if result.changed is None else bool(
                result.changed[0, result.table.names.index(column.name)]
            )
            tone = "acc" if changed or how.get(column.name) is How.SET else "t1"
            if column.type is ColumnType.NUMBER and isinstance(before, float) and isinstance(after, float):
                decimals = shared_precision(before, after)
                change = format_change(after - before, unit, decimals) if changed else self.tr("unchanged")
                texts = (format_number(before, unit, decimals), format_number(after, unit, decimals))
            else:
                change = self.tr("changed") if changed else self.tr("unchanged")
                texts = (_said(before), _said(after))
            span = spread.get(column.name)
            wide = f"{format_number(span[0])} to {format_number(span[1])}" if span and changed else ""
            lines.append(
                (
                    Cell(column.name, tone, "scissors" if how.get(column.name) is How.SET else ""), Cell(texts[0]),
                    Cell(texts[0]) if self._factual else Cell(texts[1], tone, bold=changed),
                    Cell(change, "acc" if changed else "t3", pill=changed), Cell(wide, "t2"),
                )
            )
        kept = len(head) if spreads and self._difference else len(head) - 1 if self._difference else len(head) - 2
        self.set_lines(head[:kept], [line[:kept] for line in lines])


_ORDER = {How.SET: 0, How.FOLLOWS: 1, How.UNAFFECTED: 2}


def _said(value: str | float | None) -> str:
    if value is None:
        return "missing"
    return value if isinstance(value, str) else format_number(value)
