"""A table of data: typed columns under tall heads, row ids at the left."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRectF,
    QSignalBlocker,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from engines.data.kinds import Column, Table
from engines.data.roles import Role
from engines.data.summary import ColumnSummary
from engines.results import TableResult
from widgets.data.cells import cell_text
from widgets.data.column_head import INSET, ColumnHead, chip_width
from widgets.data.roles import is_type_key, role_for_key, role_menu, type_after
from widgets.data.table_model import TableModel
from widgets.kit.follow import follow_theme
from widgets.kit.painting import painter_on, text_in, text_width
from widgets.results.table_paint import paint_table, table_size
from widgets.theme import Theme, faded, font, worded

ROW = 28
_LEAST, _MOST = 82, 240
_LOOK = 200


class DataTableView(QTableView):
    """Shows a Table. Arrows move, digits 1 to 6 give the column its role, T changes its type, Ctrl+F asks to find.

    A click on a head chooses the column, on its chip opens the roles, on a cell chooses column and row. Counterfactual
    tables show the changed cells in the accent.
    """

    column_chosen = Signal(str)              # by the user's hand, as are all below
    rows_chosen = Signal(object)             # (m,) int64 row ids, in the table's order
    role_chosen = Signal(str, object)        # name, Role
    type_chosen = Signal(str, object)        # name, ColumnType
    find_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = TableModel(self)
        self._head = ColumnHead(self)
        self._corner = _Corner(self)
        self.setModel(self._model)
        self.setHorizontalHeader(self._head)
        self.setVerticalHeader(_RowHead(self))
        self.setItemDelegate(_CellPainter(self))
        self.setCornerButtonEnabled(False)
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrap(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setAccessibleName(self.tr("Table"))
        self._head.column_clicked.connect(self._click_column)
        self._head.role_clicked.connect(self._open_roles)
        self.selectionModel().currentColumnChanged.connect(self._current_moved)
        self.selectionModel().selectionChanged.connect(self._selection_moved)
        self._quiet = False
        follow_theme(self._restyle)

    # ------------------------------------------------------------------------------------------ public interface

    def table(self) -> Table | None:
        return self._model.table

    def set_table(self, table: Table | None, summaries: Sequence[ColumnSummary] = ()) -> None:
        """Show a table, or nothing. When only roles, units or types differ, selection and place stay."""
        old = self._model.table
        self._quiet = True
        if table is not None and old is not None and _same_cells(old, table):
            self._model.set_columns_of(table)
        elif table is not old:
            column = self.column()
            self._model.set_table(table)
            self._fit_widths()
            if table is not None and column in table:
                self.set_column(column)
            else:
                self._head.set_selected(-1)
        self._quiet = False
        self._head.set_columns(table.columns if table is not None else (), summaries)
        self.setAccessibleName(table.name if table is not None else self.tr("Table"))
        self._restyle()

    def paint(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """The rows in sight into any place, for exports: all columns, whatever the window shows of them."""
        if (result := self._in_sight()) is not None:
            paint_table(result, painter, rect, theme)

    def figure_size(self) -> tuple[float, float]:
        """Width and height as a figure, px."""
        result = self._in_sight()
        return (float(self.width()), float(ROW)) if result is None else table_size(result)

    def _in_sight(self) -> TableResult | None:
        """The rows that are seen, as a result."""
        table = self._model.table
        if table is None or not len(table):
            return None
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        rows = np.arange(max(first, 0), (last if last >= 0 else len(table) - 1) + 1)
        return TableResult("rows", table.name, table.rows(rows))

    def set_summaries(self, summaries: Sequence[ColumnSummary]) -> None:
        """Histograms and warnings of the heads, once they are computed."""
        table = self._model.table
        self._head.set_columns(table.columns if table is not None else (), summaries)

    def set_changed(self, changed: np.ndarray | None, factual: Table | None = None) -> None:
        """(n, k) bool: cells in the accent; `factual` gives what they held before, for the tooltip."""
        self._model.set_changed(changed, factual)

    def column(self) -> str:
        """The selected column's name; empty if none."""
        index = self.currentIndex()
        table = self._model.table
        return table.columns[index.column()].name if table is not None and index.isValid() else ""

    def set_column(self, name: str) -> None:
        """Select a column and scroll it into view."""
        table = self._model.table
        if table is None or name not in table or name == self.column():
            return
        self._quiet = True
        place = table.names.index(name)
        row = max(self.currentIndex().row(), 0) if self.currentIndex().isValid() else max(self.rowAt(0), 0)
        self.selectionModel().setCurrentIndex(
            self._model.index(row, place), QItemSelectionModel.SelectionFlag.NoUpdate
        )
        self._quiet = False

    def rows(self) -> np.ndarray:
        """(m,) int64 ids of the selected rows, in the table's order."""
        table = self._model.table
        if table is None:
            return np.empty(0, dtype=np.int64)
        chosen = self.selectionModel().selection()
        spans = [chosen.at(i) for i in range(chosen.count())]
        found = [np.arange(span.top(), span.bottom() + 1) for span in spans]
        places = np.unique(np.concatenate(found)) if found else np.empty(0, dtype=np.int64)
        return table.row_ids[places]

    def set_rows(self, row_ids: Sequence[int] | np.ndarray) -> None:
        """Select rows by id and scroll to the first; ids that are not there are passed over."""
        table = self._model.table
        if table is None:
            return
        self._quiet = True
        places = np.flatnonzero(np.isin(table.row_ids, np.asarray(row_ids, dtype=np.int64)))
        chosen = QItemSelection()
        last = len(table.columns) - 1
        for run in np.split(places, np.flatnonzero(np.diff(places) != 1) + 1) if len(places) else ():
            chosen.select(self._model.index(int(run[0]), 0), self._model.index(int(run[-1]), last))
        self.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if len(places):
            self.scrollTo(self._model.index(int(places[0]), max(self.currentIndex().column(), 0)))
        self._quiet = False

    def find_text(self, text: str) -> bool:
        """Go to the next cell, or column name, that holds the text; whether there is one. Starts over at the end."""
        table = self._model.table
        wanted = text.strip().casefold()
        if table is None or not wanted:
            return False
        for place, name in enumerate(table.names):
            if wanted in name.casefold() and place != self.currentIndex().column():
                self._click_column(place)
                return True
        start = self.currentIndex().row() * len(table.columns) + self.currentIndex().column() + 1
        total = len(table) * len(table.columns)
        for step in range(total):
            row, place = divmod((start + step) % total, len(table.columns))
            if wanted in cell_text(table.columns[place], row, self._model.decimals[place]).casefold():
                self.setCurrentIndex(self._model.index(row, place))
                return True
        return False

    # ---------------------------------------------------------------------------------------------- Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        table = self._model.table
        name = self.column()
        if event.matches(QKeySequence.StandardKey.Find):
            self.find_asked.emit()
        elif table is not None and name and (role := role_for_key(event)) is not None:
            if table[name].role is not role:
                self.role_chosen.emit(name, role)
        elif table is not None and name and is_type_key(event):
            self.type_chosen.emit(name, type_after(table[name].type))
        elif name and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F4):
            self._open_roles(self.currentIndex().column())
        else:
            super().keyPressEvent(event)

    def updateGeometries(self) -> None:
        super().updateGeometries()
        self._corner.setGeometry(0, 0, self.verticalHeader().width(), self._head.height())
        self._corner.raise_()

    # --------------------------------------------------------------------------------------------- private slots

    def _click_column(self, section: int) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        row = max(self.currentIndex().row() if self.currentIndex().isValid() else self.rowAt(0), 0)
        self.selectionModel().setCurrentIndex(
            self._model.index(row, section), QItemSelectionModel.SelectionFlag.NoUpdate
        )

    def _open_roles(self, section: int) -> None:
        table = self._model.table
        assert table is not None
        column = table.columns[section]
        menu = role_menu(column.role, lambda role: self._give(column, role), self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._head.viewport().mapToGlobal(self._head.chip(section).bottomLeft() + QPoint(0, 2)))

    def _give(self, column: Column, role: Role) -> None:
        if role is not column.role:
            self.role_chosen.emit(column.name, role)

    def _current_moved(self, current: QModelIndex, _previous: QModelIndex) -> None:
        self._head.set_selected(current.column())
        self.viewport().update()
        if not self._quiet and current.isValid():
            self.column_chosen.emit(self.column())

    def _selection_moved(self) -> None:
        self.viewport().update()
        self.verticalHeader().viewport().update()
        if not self._quiet:
            self.rows_chosen.emit(self.rows())

    def _fit_widths(self) -> None:
        """Wide enough for name, chip and the first 200 values, within bounds."""
        table = self._model.table
        if table is None:
            return
        theme = Theme.current()
        body = font("body")
        with QSignalBlocker(self._head):
            for place, column in enumerate(table.columns):
                texts = [cell_text(column, row, self._model.decimals[place]) for row in range(min(len(table), _LOOK))]
                longest = max(texts, key=len, default="")
                width = max(
                    text_width(column.name, font("title")) + 2 * INSET,
                    text_width(longest, body) + 2 * INSET + 2,
                    chip_width(column) + 16,
                )
                self._head.resizeSection(place, round(min(max(width, theme.px(_LEAST)), theme.px(_MOST))))
        self.updateGeometries()

    def _restyle(self) -> None:
        theme = Theme.current()
        rows = self.verticalHeader()
        rows.setMinimumSectionSize(theme.px(ROW))
        rows.setDefaultSectionSize(theme.px(ROW))
        table = self._model.table
        last = int(table.row_ids.max()) if table is not None and len(table) else 0
        rows.setFixedWidth(max(theme.px(48), round(text_width(str(last), font("second")) + 20)))
        self._fit_widths()
        self.viewport().update()


class _CellPainter(QStyledItemDelegate):
    """Paints one cell: numbers to the right, what is missing as a faint dash, changes in the accent."""

    def __init__(self, view: DataTableView) -> None:
        super().__init__(view)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        theme = Theme.current()
        view = self.parent()
        assert isinstance(view, DataTableView)
        model = view._model
        box = QRectF(option.rect)
        row, column = index.row(), index.column()
        current = view.currentIndex()
        if view.selectionModel().isRowSelected(row):
            painter.fillRect(box, theme.bg3)
        elif current.isValid() and column == current.column():
            painter.fillRect(box, faded(theme.bg3, 0.7))
        changed = model.is_changed(row, column)
        if changed:
            painter.fillRect(box, theme.acc_tint)
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), theme.line)
        colour = theme.acc if changed else theme.t3 if model.is_missing(row, column) else theme.t1
        text = model.text(row, column)
        face = worded(font("body", weight=500 if changed else None), text)
        side = Qt.AlignmentFlag.AlignRight if model.is_number(column) else Qt.AlignmentFlag.AlignLeft
        text_in(painter, box.adjusted(INSET, 0, -INSET, 0), text, face, colour, side)
        if index == current and view.hasFocus():
            painter.setPen(Qt.PenStyle.NoPen)
            for edge in (
                QRectF(box.left(), box.top(), box.width(), 2), QRectF(box.left(), box.bottom() - 2, box.width(), 2),
                QRectF(box.left(), box.top(), 2, box.height()), QRectF(box.right() - 2, box.top(), 2, box.height()),
            ):
                painter.fillRect(edge, theme.ink)


class _RowHead(QHeaderView):
    """Row ids, at the right of their column; a click chooses the row."""

    def __init__(self, view: DataTableView) -> None:
        super().__init__(Qt.Orientation.Vertical, view)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)

    def paintSection(self, painter: QPainter, rect: object, logicalIndex: int) -> None:
        theme = Theme.current()
        box = QRectF(rect)                       # type: ignore[call-overload]
        chosen = self.selectionModel().isRowSelected(logicalIndex)
        painter.fillRect(box, theme.bg3 if chosen else theme.bg1)
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), theme.line)
        text = str(self.model().headerData(logicalIndex, Qt.Orientation.Vertical))
        colour = theme.t1 if chosen else theme.t3
        text_in(painter, box.adjusted(0, 0, -INSET, 0), text, font("second"), colour, Qt.AlignmentFlag.AlignRight)


class _Corner(QWidget):
    """The word "row" over the ids."""

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.current()
        painter = painter_on(self)
        painter.fillRect(self.rect(), theme.bg2)
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), theme.line)
        text_in(painter, QRectF(11, theme.px(8), self.width(), theme.px(20)), self.tr("row"), font("second"), theme.t2)


def _same_cells(old: Table, new: Table) -> bool:
    """Whether two tables hold the very same values, column by column."""
    return len(old.columns) == len(new.columns) and old.row_ids is new.row_ids and all(
        a.name == b.name and a.type is b.type and a.values is b.values for a, b in zip(old.columns, new.columns)
    )
