"""A table of typed cells; what differs from the factual is in accent, with the factual struck through before it."""

from __future__ import annotations

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QRectF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from engines.results import TableResult
from widgets.decisions import KEYS, Decisions, Shown, decision_width
from widgets.kit.follow import follow_theme
from widgets.results.table_cells import CellDelegate, Cells, Index
from widgets.results.table_paint import column_widths, paint_table, table_size
from widgets.theme import Theme

_ROW = 28


class TableView(QTableView):
    """Rows with their ids. Arrows move, Shift and Ctrl choose several, Ctrl+C copies the chosen rows as text.

    Once it is given decisions, each row tells its own in a first column; A, C, X and M ask for another, and a value
    is corrected where it stands.
    """

    rows_chosen = Signal(object)                # tuple of row ids; by the user's hand, as are all below
    acted = Signal(object)                      # Act
    corrected = Signal(object, str, object)     # row ids, column, value
    refused = Signal(str)                       # why a value was not taken

    def __init__(self, result: TableResult, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cells = Cells(result)
        self.setModel(self._cells)
        self.setItemDelegate(CellDelegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.horizontalHeader().setHighlightSections(False)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setProperty("ringRadius", -1.0)
        self.selectionModel().selectionChanged.connect(self._tell)
        follow_theme(self._restyle)
        self.setAccessibleName(result.title)

    def result(self) -> TableResult:
        return self._cells.result

    def set_result(self, result: TableResult) -> None:
        """Another table; the same one again does nothing, and nothing fires."""
        if result is self._cells.result:
            return
        with QSignalBlocker(self.selectionModel()):
            self._cells.set_result(result)
        self.setAccessibleName(result.title)
        self._restyle()

    # rows and what was said of them

    def items(self) -> tuple[int, ...]:
        """Ids of all rows."""
        return tuple(int(row) for row in self._cells.result.table.row_ids)

    def chosen_items(self) -> tuple[int, ...]:
        """Ids of the chosen rows, in the order in which they stand."""
        rows = sorted({index.row() for index in self.selectionModel().selectedRows()})
        return tuple(self._cells.row_id(row) for row in rows)

    def choose_items(self, items: tuple[int, ...]) -> None:
        """Choose rows by their ids; those that are not to be seen are passed over."""
        wanted = set(items)
        places = [row for row in range(self._cells.rowCount()) if self._cells.row_id(row) in wanted]
        self._select(places)

    def decisions(self) -> Decisions | None:
        return self._cells.decisions

    def set_decisions(self, decisions: Decisions, shown: Shown = Shown.ALL) -> None:
        """What was said of the rows, and which of them are to be seen. Chosen rows stay chosen while they are seen."""
        is_first = self._cells.decisions is None
        chosen, current = self.chosen_items(), max(self.currentIndex().row(), 0)
        at = self.currentIndex().column()
        with QSignalBlocker(self.selectionModel()):
            is_same = self._cells.set_decisions(decisions, shown)
        if is_first:
            self.horizontalHeader().moveSection(self._cells.columnCount() - 1, 0)
            self._restyle()
        if not is_same:
            self.choose_items(chosen)
            if not self.chosen_items() and chosen and self._cells.rowCount():
                self._select([min(current, self._cells.rowCount() - 1)])
            if chosen:
                row = self.selectionModel().selectedRows()[0].row() if self.chosen_items() else 0
                index = self._cells.index(row, max(at, 0))
                self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        self.viewport().update()

    def begin_correction(self) -> None:
        """Put the cell that has the keyboard into a field; the first of its row when that one cannot be changed."""
        index = self.currentIndex()
        if not index.isValid():
            return
        if not self._cells.flags(index) & Qt.ItemFlag.ItemIsEditable:
            index = self._cells.index(index.row(), 0)
            self.setCurrentIndex(index)
        self.edit(index)

    def take_correction(self, index: Index, value: float | str) -> None:
        """A value that was typed or picked in a cell; it counts for all chosen rows when the cell is in one of them."""
        here, chosen = self._cells.row_id(index.row()), self.chosen_items()
        column = self._cells.result.table.columns[index.column()].name
        self.corrected.emit(chosen if here in chosen else (here,), column, value)

    # drawing

    def paint(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        paint_table(self._cells.result, painter, rect, theme)

    def figure_size(self) -> tuple[float, float]:
        return table_size(self._cells.result)

    # Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        act = KEYS.get(Qt.Key(event.key()))
        if act is not None and self.decisions() is not None and not event.modifiers():
            self.acted.emit(act)
        else:
            super().keyPressEvent(event)

    # private

    def _select(self, rows: list[int]) -> None:
        chosen = QItemSelection()
        last = self._cells.columnCount() - 1
        for row in rows:
            chosen.select(self._cells.index(row, 0), self._cells.index(row, last))
        with QSignalBlocker(self.selectionModel()):
            self.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            if rows:
                self.selectionModel().setCurrentIndex(
                    self._cells.index(rows[0], max(self.currentIndex().column(), 0)),
                    QItemSelectionModel.SelectionFlag.NoUpdate,
                )
        self.viewport().update()

    def _tell(self, _on: QItemSelection, _off: QItemSelection) -> None:
        self.rows_chosen.emit(self.chosen_items())

    def _restyle(self) -> None:
        theme = Theme.current()
        self.verticalHeader().setDefaultSectionSize(theme.px(_ROW))
        for column, width in enumerate(column_widths(self._cells.result, theme)[1:]):
            self.setColumnWidth(column, round(width))
        if self.decisions() is not None:
            self.setColumnWidth(self._cells.columnCount() - 1, round(decision_width(theme)) + 16)
        self.viewport().update()
