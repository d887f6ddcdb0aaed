"""The other run of a comparison: which one it is, its result beside the chosen one, and what differs between both."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engines.results import Result
from studio.catalogue import Announced
from studio.exports.exhibit import exhibit_of
from studio.panels.result_stage import Enlarged
from studio.panels.run_menu import run_title
from studio.runs.comparing import compare_runs, difference_sentence, graph_difference
from studio.runs.runs import RunInfo, Runs
from widgets.cards import CompareTable, figure_of
from widgets.kit.fold_header import FoldHeader
from widgets.kit.menu import Menu
from widgets.kit.scroll_column import ScrollColumn
from widgets.kit.segmented import Segmented
from widgets.kit.tool_button import ToolButton

_MOST = 300             # px that the table of differences takes of the panel


class RunComparison(QObject):
    """`tool` starts and ends it; `differences` stands under the two results."""

    changed = Signal()

    def __init__(self, runs: Runs, parent: QWidget) -> None:
        super().__init__(parent)
        self._runs = runs
        self._shown: int | None = None
        self._number: int | None = None
        self.tool = ToolButton("columns-2", self.tr("Compare with another run"), checkable=True)
        self.others_menu = Menu("", parent)
        self.differences = Differences()
        self.differences.hide()
        self.tool.clicked.connect(self._turn)

    def number(self) -> int | None:
        """Number of the run that is compared with, None for no comparison."""
        return self._number

    def compare_with(self, number: int | None) -> None:
        """Compare with that run; None ends it."""
        self._number = number
        self.tool.setChecked(number is not None)
        self.tool.set_tip(self.tr("Compare with another run") if number is None else self.tr("End the comparison"))
        self.changed.emit()

    def set_shown(self, number: int | None) -> None:
        """The run whose results are shown; it cannot be compared with itself."""
        self._shown = number
        if number is not None and number == self._number:
            self.compare_with(None)

    def others(self) -> list[int]:
        """Numbers of the runs that gave results and are not shown, the newest first."""
        return [info.number for info in reversed(self._runs.all()) if info.results and info.number != self._shown]

    def is_possible(self) -> bool:
        """Whether there is a comparison, or a run to begin one with."""
        return self._number is not None or bool(self.others())

    def beside(self, name: str) -> Enlarged | None:
        """The result of that name of the other run, None without a comparison."""
        if self._number is None:
            return None
        other = self._runs.run(self._number)
        found = other.results.get(name)
        figure = figure_of(found) if found is not None else ""
        return Enlarged(run_title(other), figure, found, self.tr("This run did not give it."))

    def tell(self, info: RunInfo, result: Result | None, announced: Announced | None) -> None:
        """Say what differs between the run that is shown and the other one."""
        if self._number is None:
            self.differences.hide()
            return
        other = self._runs.run(self._number)
        found = None if result is None else other.results.get(result.name)
        self.differences.show_difference(info, other, announced, graph_difference(result, found))
        self.differences.show()

    def _turn(self) -> None:
        """The tool: choose the other run, or end the comparison."""
        if self._number is not None:
            self.compare_with(None)
            return
        self.tool.setChecked(False)
        self.others_menu.clear()
        for number in self.others():
            self.others_menu.add(run_title(self._runs.run(number)), partial(self.compare_with, number))
        self.others_menu.popup_under(self.tool)


class Differences(QWidget):
    """What differs between two runs, under a heading that folds it."""

    export_wished = Signal(object)          # Exhibit

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sentence = ""
        self.head = FoldHeader(self.tr("What differs"))
        self.table = CompareTable(self.tr("What differs"))
        self.table.set_only_differing(True)
        self._choice = Segmented((self.tr("Differences"), self.tr("All")), name=self.tr("Shown"))
        self._choice.chosen.connect(lambda index: self.table.set_only_differing(index == 0))
        scroll = ScrollColumn(margins=(8, 0, 12, 8))
        choice = QHBoxLayout()
        choice.addWidget(self._choice)
        choice.addStretch(1)
        self.export = ToolButton("download", self.tr("Export what differs"))
        self.export.clicked.connect(lambda: self.export_wished.emit(exhibit_of(self.table, self._sentence)))
        choice.addWidget(self.export)
        scroll.column.addLayout(choice)
        scroll.column.addWidget(self.table)
        scroll.column.addStretch(1)
        scroll.setMaximumHeight(_MOST)
        scroll.setMinimumHeight(160)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 0, 4, 4)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(scroll)
        self.head.fold(scroll)

    def show_difference(self, here: RunInfo, there: RunInfo, announced: Announced | None, graphs: str) -> None:
        """Two runs; `graphs`: how their graphs differ, where both have one."""
        sections = compare_runs(here, there, announced)
        self.table.set_content((run_title(here), run_title(there)), sections)
        self._sentence = " ".join(part for part in (f"{difference_sentence(sections)}.", graphs) if part)
        self.head.set_note(self._sentence)
