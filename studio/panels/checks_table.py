"""The Checks view: what was asked of the counterfactual beside what a predictor reads off it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from engines.contract import Answer
from studio.exploration import Exploration
from widgets.line_table import Cell, LineTable
from widgets.numbers import format_number


class ChecksTable(LineTable):
    """One line a measured factor: factual, asked, measured, distance, and the predictor that measured."""

    def __init__(self, exploration: Exploration, parent: QWidget | None = None) -> None:
        super().__init__("Checks of the counterfactual", parent)
        exploration.answered.connect(self._take)

    def _take(self, answer: Answer, _seconds: float) -> None:
        head = [
            self.tr("Factor"), self.tr("Factual, measured"), self.tr("Asked"), self.tr("Measured"),
            self.tr("Off by"), self.tr("Tolerance"), self.tr("Predictor"),
        ]
        lines = []
        for m in answer.measured:
            off = abs(m.counterfactual - m.wanted)
            good = off <= m.tolerance
            lines.append(
                (
                    Cell(m.name), Cell(format_number(m.factual, m.unit, 2)), Cell(format_number(m.wanted, m.unit, 2)),
                    Cell(format_number(m.counterfactual, m.unit, 2), bold=True),
                    Cell(format_number(off, m.unit, 2), "ok" if good else "warn",
                         "circle-check" if good else "triangle-alert"),
                    Cell(format_number(m.tolerance, m.unit, 2), "t2"), Cell(m.predictor, "t2"),
                )
            )
        if lines:
            self.set_lines(head, lines)
