"""How often each edge came back in resampled fits: a table to sort, a threshold to look through, edges to keep."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSlider, QVBoxLayout, QWidget

from engines.data.kinds import category_column, number_column, table_of
from engines.graph.graph import Edge
from engines.results import TableResult
from studio.dialogs import ask_target
from studio.exports.atomic import write_text
from studio.panels.graph_pages import Around
from studio.panels.graph_pages.tables import csv_text
from widgets.graph.edits import shown
from widgets.kit.button import Button
from widgets.kit.label import Label
from widgets.kit.message_bar import ErrorBar
from widgets.kit.state_view import EmptyOr, State
from widgets.kit.tool_button import ToolButton
from widgets.results.table import TableView

_NOTCHES = 100
_FREQUENCY = 1          # its column


class FrequenciesPage(QWidget):
    """A row that is chosen rings its edge; what is rarer than the threshold fades on the canvas until it is cut."""

    def __init__(self, around: Around, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._around = around
        self._sorted = (_FREQUENCY, Qt.SortOrder.DescendingOrder)
        self._edges: list[Edge] = []
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, _NOTCHES)
        self.slider.setAccessibleName(self.tr("Least frequency"))
        self._said = Label("", "second")
        self.keep = Button(self.tr("Keep these"), "plain")
        self.save = ToolButton("download", self.tr("Export the frequencies as a table"))
        self._error = ErrorBar()
        self.table = TableView(self._result())
        self.table.verticalHeader().hide()
        head = self.table.horizontalHeader()
        head.setSectionsClickable(True)
        head.setSortIndicatorShown(True)
        line = QHBoxLayout()
        line.setSpacing(8)
        for widget, stretch in ((self._said, 0), (self.slider, 1), (self.keep, 0), (self.save, 0)):
            line.addWidget(widget, stretch)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(12, 4, 8, 8)
        column.setSpacing(6)
        column.addLayout(line)
        column.addWidget(self._error)
        column.addWidget(self.table, 1)
        empty = State(
            self.tr("No edge has a frequency"),
            self.tr("Learn the graph with bootstraps to see how often each returns."), "chart-column",
        )
        self._pages = EmptyOr(content, empty)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)
        self.setFocusProxy(self.table)
        head.sectionClicked.connect(self.sort_by)
        self.slider.valueChanged.connect(self._look_through)
        self.keep.clicked.connect(self._keep)
        self.save.clicked.connect(self._export)
        self.table.rows_chosen.connect(self._show)
        around.workspace.graph_changed.connect(self._refresh)
        self._refresh()

    def sort_by(self, column: int) -> None:
        """Sort by a column; by the same one again the other way round."""
        down, up = Qt.SortOrder.DescendingOrder, Qt.SortOrder.AscendingOrder
        turned = up if self._sorted == (column, down) else down
        self._sorted = column, turned if column == self._sorted[0] else down if column else up
        self._refresh()

    def least(self) -> float:
        """The threshold."""
        return self.slider.value() / _NOTCHES

    def write(self, path: Path) -> None:
        """Write the table as CSV, sorted as it is seen."""
        rows = [(e.source, e.target, shown(e), e.frequency, "" if e.weight is None else e.weight) for e in self._edges]
        try:
            write_text(path, csv_text(("source", "target", "edge", "frequency", "weight"), rows))
        except OSError as error:
            self._error.show_message(self.tr("{} cannot be written.").format(path.name), str(error))

    def _refresh(self, *_: object) -> None:
        known = [edge for edge in self._around.workspace.graph.edges if edge.frequency is not None]
        column, order = self._sorted
        self._edges = sorted(known, key=lambda e: _key(e, column), reverse=order is Qt.SortOrder.DescendingOrder)
        self._pages.show_content(bool(known))
        self.table.set_result(self._result())
        self.table.horizontalHeader().setSortIndicator(column, order)
        self._look_through()

    def _result(self) -> TableResult:
        columns = [
            category_column("edge", [shown(edge) for edge in self._edges]),
            number_column("frequency", [edge.frequency or 0.0 for edge in self._edges]),
        ]
        if self._edges and all(edge.weight is not None for edge in self._edges):
            columns.append(number_column("weight", [edge.weight or 0.0 for edge in self._edges]))
        title = self.tr("How often each edge came back")
        return TableResult("frequencies", title, table_of("frequencies", columns))

    def _look_through(self, *_: object) -> None:
        least = self.least()
        often = sum((edge.frequency or 0.0) >= least for edge in self._edges)
        self._said.setText(self.tr("{} of {} at {} or more").format(often, len(self._edges), f"{least:.2f}"))
        self.keep.setEnabled(0 < often < len(self._edges))
        self._around.canvas.set_least_frequency(least if self._edges else 0.0)

    def _keep(self) -> None:
        """Edges that are rarer go, as an undo step; those without a frequency stay."""
        graph, least = self._around.workspace.graph, self.least()
        kept = tuple(edge for edge in graph.edges if edge.frequency is None or edge.frequency >= least)
        text = self.tr("Keep edges that came back in {} or more").format(f"{least:.2f}")
        self._around.workspace.set_graph(replace(graph, edges=kept), text)

    def _show(self, rows: tuple[int, ...]) -> None:
        if rows and rows[0] <= len(self._edges):            # ids count from 1
            self._around.canvas.show_edge(*self._edges[rows[0] - 1].pair)

    def _export(self) -> None:
        ask_target(self.window(), self.tr("Export the frequencies"), [self.tr("Table (*.csv)")], "csv", self.write)


def _key(edge: Edge, column: int) -> tuple[float | str, ...]:
    if column == 0:
        return (shown(edge),)
    value = edge.frequency if column == _FREQUENCY else edge.weight
    return (value or 0.0, shown(edge))
