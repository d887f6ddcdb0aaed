"""The cells of a table of results: what Qt reads of them, how they are painted, and the field that corrects one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractItemModel, QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QComboBox, QLineEdit, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from engines.data.kinds import Column, ColumnType
from engines.results import TableResult
from widgets.decisions import Decisions, Shown, Verdict, paint_decision, word
from widgets.kit.painting import text_in
from widgets.numbers import format_count, parse_number
from widgets.results.table_paint import (
    alignment,
    cell_text,
    factual_text,
    head_text,
    is_changed,
    paint_change,
    paint_instead,
    value_text,
)
from widgets.theme import Theme, font

if TYPE_CHECKING:
    from widgets.results.table import TableView

Index = QModelIndex | QPersistentModelIndex

_PAD = 11
"""Between the edge of a cell and its text, as the style sheet and Qt leave it, px."""


class Cells(QAbstractTableModel):
    """The rows that are to be seen. With decisions there is one more column, the last, which tells them."""

    def __init__(self, result: TableResult) -> None:
        super().__init__()
        self.result = result
        self.decisions: Decisions | None = None
        self._shown = Shown.ALL
        self._places = list(range(len(result.table)))

    def set_result(self, result: TableResult) -> None:
        self.beginResetModel()
        self.result = result
        self._places = self._to_be_seen()
        self.endResetModel()

    def set_decisions(self, decisions: Decisions, shown: Shown) -> bool:
        """Take them; whether the same rows are to be seen as before."""
        is_new, self.decisions, self._shown = self.decisions is None, decisions, shown
        places = self._to_be_seen()
        if places == self._places and not is_new:
            whole = self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1)
            self.dataChanged.emit(*whole)
            return True
        self.beginResetModel()
        self._places = places
        self.endResetModel()
        return False

    def place(self, row: int) -> int:
        """Where a row that is seen stands in the table."""
        return self._places[row]

    def row_id(self, row: int) -> int:
        return int(self.result.table.row_ids[self._places[row]])

    def corrected_text(self, row: int, column: int) -> str:
        """What the analyst put into a cell; empty for one that stands as it is."""
        if self.decisions is None or column >= len(self.result.table.columns):
            return ""
        meant = self.result.table.columns[column]
        value = self.decisions.of(self.row_id(row)).values.get(meant.name)
        return "" if value is None else value_text(meant, value)

    # Qt

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's signature)
        return 0 if parent.isValid() else len(self._places)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.result.table.columns) + (self.decisions is not None)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        if self.decisions is not None and index.column() < len(self.result.table.columns):
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if index.column() == len(self.result.table.columns):
            return self._decision_text(index.row()) if role in _READ else None
        column, place = self.result.table.columns[index.column()], self.place(index.row())
        if role == Qt.ItemDataRole.DisplayRole:
            return self.corrected_text(index.row(), index.column()) or cell_text(column, place)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return alignment(column) | Qt.AlignmentFlag.AlignVCenter
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            if self.corrected_text(index.row(), index.column()):
                return self.tr("was {}").format(cell_text(column, place))
            before = factual_text(self.result, place, index.column())
            return self.tr("factual {}").format(before) if before else None
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation == Qt.Orientation.Vertical:
            return format_count(self.row_id(section))
        if section == len(self.result.table.columns):
            return self.tr("Decision")
        return head_text(self.result.table.columns[section])

    def _decision_text(self, row: int) -> str:
        assert self.decisions is not None
        return ", ".join(word(said) for said in self.decisions.of(self.row_id(row)).words)

    def _to_be_seen(self) -> list[int]:
        if self.decisions is None:
            return list(range(len(self.result.table)))
        return self.decisions.places(self.result.table.row_ids.tolist(), self._shown)


_READ = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)


class CellDelegate(QStyledItemDelegate):
    """Paints a changed cell as the factual struck through and the new value in accent, a corrected one in ink, a
    dropped row struck through, and the decision as a sign with its word. Gives the field that corrects a cell.
    """

    def __init__(self, view: TableView) -> None:
        super().__init__(view)
        self._view = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        cells = self._cells(index)
        result, place, column = cells.result, cells.place(index.row()), index.column()
        box, theme = QRectF(option.rect).adjusted(_PAD, 0, -_PAD, 0), Theme.current()
        decision = cells.decisions.of(cells.row_id(index.row())) if cells.decisions is not None else None
        if decision is not None and column == len(result.table.columns):
            self._paint_ground(painter, option, index)
            paint_decision(decision, painter, box, theme)
        elif corrected := cells.corrected_text(index.row(), column):
            self._paint_ground(painter, option, index)
            meant = result.table.columns[column]
            paint_instead(cell_text(meant, place), corrected, theme.t1, alignment(meant), painter, box, theme)
        elif decision is not None and decision.verdict is Verdict.DROPPED:
            self._paint_ground(painter, option, index)
            face, meant = font("body"), result.table.columns[column]
            face.setStrikeOut(True)
            text_in(painter, box, cell_text(meant, place), face, theme.t3, alignment(meant))
        elif is_changed(result, place, column):
            self._paint_ground(painter, option, index)
            paint_change(result, place, column, painter, box, theme)
        else:
            super().paint(painter, option, index)

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        column = self._column(index)
        if column.type is ColumnType.CATEGORY:
            choice = QComboBox(parent)
            choice.addItems(column.levels)
            choice.activated.connect(lambda: self._commit(choice))
            editor: QWidget = choice
        else:
            editor = QLineEdit(parent)
        editor.setAccessibleName(self.tr("Correct {}").format(head_text(column)))
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        text = str(index.data() or "")
        if isinstance(editor, QComboBox):
            editor.setCurrentText(text)
        elif isinstance(editor, QLineEdit):
            editor.setText(text)
            editor.selectAll()

    def setModelData(self, editor: QWidget, _model: QAbstractItemModel, index: Index) -> None:
        """Nothing is written into the cell: the view tells what was typed or picked."""
        column = self._column(index)
        text = editor.currentText() if isinstance(editor, QComboBox) else ""
        text = editor.text().strip() if isinstance(editor, QLineEdit) else text
        if text == str(index.data() or "") or not text:
            return
        value: float | str | None = text
        if column.type is ColumnType.NUMBER:
            value = parse_number(text, column.unit)
        if value is None:
            self._view.refused.emit(self.tr("{} is not a number; {} stays as it is.").format(text, column.name))
        else:
            self._view.take_correction(index, value)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, _index: Index) -> None:
        box = option.rect
        width = max(box.width(), editor.sizeHint().width() if isinstance(editor, QComboBox) else box.width())
        editor.setGeometry(box.x(), box.y(), width, box.height())

    def _commit(self, editor: QWidget) -> None:
        self.commitData.emit(editor)
        self.closeEditor.emit(editor)

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        blank = QStyleOptionViewItem(option)
        self.initStyleOption(blank, index)
        blank.text = ""
        style = blank.widget.style()
        style.drawControl(style.ControlElement.CE_ItemViewItem, blank, painter, blank.widget)

    def _column(self, index: Index) -> Column:
        return self._cells(index).result.table.columns[index.column()]

    @staticmethod
    def _cells(index: Index) -> Cells:
        cells = index.model()
        assert isinstance(cells, Cells)
        return cells
