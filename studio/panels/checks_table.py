"""The Checks view: what was asked of the counterfactual beside what a predictor reads off it."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from engines.contract import Answer
from studio.exploration import Exploration
from studio.wording import value_text
from widgets.kit.label import Label
from widgets.kit.state_view import EmptyOr, State
from widgets.line_table import Cell, LineTable
from widgets.pictures.tile import MARGIN


class ChecksTable(EmptyOr):
    """One line a measured factor: factual, asked, measured, distance; below them the predictor that measured."""

    def __init__(self, exploration: Exploration, parent: QWidget | None = None) -> None:
        content = QWidget()
        super().__init__(content, State(""), parent)
        self.show_state(State(
            self.tr("Nothing measures this counterfactual"),
            self.tr("A check stands here as soon as a predictor reads the factors off the picture."), "circle-check",
        ))
        self._exploration = exploration
        self._table = LineTable("Checks of the counterfactual")
        self._predictor = Label("", "second", "t2", wrap=True)
        column = QVBoxLayout(content)
        column.setContentsMargins(MARGIN, 0, MARGIN, 0)
        column.addWidget(self._table, 1)
        column.addWidget(self._predictor)
        exploration.answered.connect(self._take)

    def _take(self, answer: Answer, _seconds: float) -> None:
        self.show_content(bool(answer.measured))
        subject = self._exploration.subject
        if not answer.measured or subject is None:
            return
        head = [
            self.tr("Factor"), self.tr("Factual, measured"), self.tr("Asked"), self.tr("Measured"),
            self.tr("Off by"), self.tr("Tolerance"),
        ]
        lines = []
        for m in answer.measured:
            off = abs(m.counterfactual - m.wanted)
            good = off <= m.tolerance
            factual, wanted, measured, distance, tolerance = (
                value_text(value, subject.control(m.name))
                for value in (m.factual, m.wanted, m.counterfactual, off, m.tolerance)
            )
            lines.append(
                (
                    Cell(m.name), Cell(factual), Cell(wanted), Cell(measured, bold=True),
                    Cell(distance, "ok" if good else "warn", "circle-check" if good else "triangle-alert"),
                    Cell(tolerance, "t2"),
                )
            )
        self._table.set_lines(head, lines)
        predictors = dict.fromkeys(m.predictor for m in answer.measured)
        self._predictor.setText(self.tr("Measured by {}.").format(", ".join(predictors)))
