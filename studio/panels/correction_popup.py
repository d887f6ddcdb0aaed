"""Putting a value of a picture right: which attribute, and what it should be."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from engines.data.kinds import Column, ColumnType
from engines.data.roles import Role
from studio.bars.popup import Popup
from widgets.kit.button import Button
from widgets.kit.label import Label
from widgets.numbers import format_count, parse_number

_ORDER = (Role.LABEL, Role.TRUE_LABEL, Role.FACTOR)


class CorrectionPopup(Popup):
    """The label is offered first, else the first attribute. Enter takes the value, Escape leaves it."""

    corrected = Signal(object, str, object)     # ids, column, value

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self._items: tuple[int, ...] = ()
        self._columns: tuple[Column, ...] = ()
        self._title = Label("", "title")
        self._why = Label("", "second", "err", wrap=True)
        self._which, self._level, self._typed = QComboBox(), QComboBox(), QLineEdit()
        self._which.setAccessibleName(self.tr("Attribute"))
        self._level.setAccessibleName(self.tr("Corrected value"))
        self._typed.setAccessibleName(self.tr("Corrected value"))
        self._field = QStackedWidget()
        self._field.addWidget(self._level)
        self._field.addWidget(self._typed)
        self._field.setMinimumWidth(120)
        self.take = Button(self.tr("Correct"), "plain", "pencil")
        inner = QVBoxLayout()
        inner.setContentsMargins(16, 12, 16, 14)
        inner.setSpacing(8)
        inner.addWidget(self._title)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._which)
        row.addWidget(self._field, 1)
        row.addWidget(self.take)
        inner.addLayout(row)
        inner.addWidget(self._why)
        self.column.addLayout(inner)
        self._which.currentIndexChanged.connect(self._show_field)
        self._typed.returnPressed.connect(self._take)
        self.take.clicked.connect(self._take)
        self._why.hide()

    def open_for(self, items: tuple[int, ...], columns: Sequence[Column], corner: QPoint) -> None:
        """Ask for these pictures."""
        kept = self._which.currentText()
        self._items = items
        self._columns = tuple(sorted(columns, key=lambda c: _ORDER.index(c.role) if c.role in _ORDER else len(_ORDER)))
        what = format_count(items[0]) if len(items) == 1 else self.tr("{} items").format(format_count(len(items)))
        self._title.setText(self.tr("Correct {}").format(what))
        self._which.clear()
        self._which.addItems([column.name for column in self._columns])
        if kept:
            self._which.setCurrentText(kept)
        self._typed.clear()
        self._why.hide()
        self.open_at(corner)
        self._field.currentWidget().setFocus(Qt.FocusReason.PopupFocusReason)

    def set_value(self, column: str, value: str) -> None:
        """Choose an attribute and a value, as the hand would."""
        self._which.setCurrentText(column)
        self._level.setCurrentText(value)
        self._typed.setText(value)

    def _show_field(self, index: int) -> None:
        if not 0 <= index < len(self._columns):
            return
        column = self._columns[index]
        is_category = column.type is ColumnType.CATEGORY
        self._field.setCurrentWidget(self._level if is_category else self._typed)
        if is_category:
            self._level.clear()
            self._level.addItems(column.levels)

    def _take(self) -> None:
        column = self._columns[self._which.currentIndex()]
        text = self._level.currentText() if column.type is ColumnType.CATEGORY else self._typed.text().strip()
        value: float | str | None = parse_number(text, column.unit) if column.type is ColumnType.NUMBER else text
        if value is None or text == "":
            self._why.setText(self.tr("{} is not a number.").format(text or self.tr("Nothing")))
            self._why.show()
            self.fit()
            return
        self.close_popup()
        self.corrected.emit(self._items, column.name, value)
