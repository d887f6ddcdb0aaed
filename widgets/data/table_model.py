"""A table as Qt's item model, without copying a value."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from engines.data.kinds import ColumnType, Table
from widgets.data.cells import cell_text, decimals_of, is_missing

_ROLE = Qt.ItemDataRole
Index = QModelIndex | QPersistentModelIndex
_NONE = QModelIndex()


class TableModel(QAbstractTableModel):
    """Read only: text by locale, numbers to the right, row ids as the vertical header."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.table: Table | None = None
        self.decimals: tuple[int, ...] = ()
        self._changed: np.ndarray | None = None
        self._factual: Table | None = None

    def set_table(self, table: Table | None) -> None:
        self.beginResetModel()
        self.table = table
        self.decimals = tuple(decimals_of(column) for column in table.columns) if table is not None else ()
        self._changed = self._factual = None
        self.endResetModel()

    def set_columns_of(self, table: Table) -> None:
        """The same cells with other roles, units or names of levels: nothing moves, nothing is selected anew."""
        self.table = table
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(table.columns) - 1)

    def set_changed(self, changed: np.ndarray | None, factual: Table | None) -> None:
        """(n, k) bool: the cells that differ from the factual, and the factual itself."""
        self._changed, self._factual = changed, factual
        if self.rowCount() and self.columnCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))

    def is_changed(self, row: int, column: int) -> bool:
        return self._changed is not None and bool(self._changed[row, column])

    def factual_text(self, row: int, column: int) -> str:
        """What the cell held before the change; empty if that is not known."""
        if self._factual is None or self.table is None:
            return ""
        return cell_text(self._factual[self.table.columns[column].name], row, self.decimals[column])

    def text(self, row: int, column: int) -> str:
        assert self.table is not None
        return cell_text(self.table.columns[column], row, self.decimals[column])

    def is_missing(self, row: int, column: int) -> bool:
        return self.table is not None and is_missing(self.table.columns[column], row)

    def is_number(self, column: int) -> bool:
        return self.table is not None and self.table.columns[column].type is ColumnType.NUMBER

    def rowCount(self, parent: Index = _NONE) -> int:
        return 0 if parent.isValid() or self.table is None else len(self.table)

    def columnCount(self, parent: Index = _NONE) -> int:
        return 0 if parent.isValid() or self.table is None else len(self.table.columns)

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = index.row(), index.column()
        if role == _ROLE.DisplayRole:
            return self.text(row, column)
        if role == _ROLE.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if self.is_number(column) else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        if role == _ROLE.ToolTipRole and self.is_changed(row, column):
            before = self.factual_text(row, column)
            return self.tr("{} before").format(before) if before else None
        if role == _ROLE.AccessibleTextRole:
            said = self.tr("missing") if self.is_missing(row, column) else self.text(row, column)
            return self.tr("{}, changed").format(said) if self.is_changed(row, column) else said
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole) -> Any:
        if self.table is None:
            return None
        if orientation is Qt.Orientation.Vertical:
            return str(int(self.table.row_ids[section])) if role == _ROLE.DisplayRole else None
        column = self.table.columns[section]
        if role == _ROLE.DisplayRole:
            return column.name
        if role == _ROLE.AccessibleTextRole:
            return f"{column.name}, {column.type}, {column.role}"
        return None
