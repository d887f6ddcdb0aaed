"""The form of a method's parameters, made from their JSON schema alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from widgets.controls.field import FieldView
from widgets.controls.schema import fields_of
from widgets.kit.fold_header import FoldHeader
from widgets.theme import Theme

_WIDE = 620
"""From this width on, two columns."""


class ParameterForm(QWidget):
    """Fields in order, the advanced ones folded. Tab walks; setting schema or values fires nothing.

    Typed values count when the field is left or with Enter; `commit` takes them at once.
    """

    values_changed = Signal(object)       # dict of all values, by the user's hand
    validity_changed = Signal(int)        # how many fields hold what cannot be

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._schema: Mapping[str, Any] | None = None
        self._fields: dict[str, FieldView] = {}
        self._invalid = 0
        self._plain, self._advanced = _Columns(), _Columns()
        self._fold = FoldHeader(self.tr("Advanced"), opened=False)
        self._fold.fold(self._advanced)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for part in (self._plain, self._fold, self._advanced):
            column.addWidget(part)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def set_schema(self, schema: Mapping[str, Any], defaults: Mapping[str, Any] | None = None) -> None:
        """The parameters of another method. `defaults` overrides the schema's own, as a preset does."""
        if schema != self._schema:
            self._schema = schema
            self._build()
        for name, value in (defaults or {}).items():
            if (field := self._fields.get(name)) is not None:
                field.set_default(value)

    def values(self) -> dict[str, Any]:
        """All values, the last that may be where a field holds what may not."""
        return {name: field.value() for name, field in self._fields.items()}

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Values by name; names that the schema does not know are left."""
        for name, value in values.items():
            if (field := self._fields.get(name)) is not None:
                field.set_value(value)

    def field(self, name: str) -> FieldView | None:
        """One field, such as to put the keyboard there."""
        return self._fields.get(name)

    def fields(self) -> tuple[FieldView, ...]:
        """All fields, in order."""
        return tuple(self._fields.values())

    def invalid(self) -> int:
        """How many fields hold what cannot be."""
        return self._invalid

    def commit(self) -> None:
        """Take what is being typed, before a run starts."""
        for field in self._fields.values():
            field.commit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        wide = event.size().width() >= Theme.current().px(_WIDE)
        for part in (self._plain, self._advanced):
            part.set_columns(2 if wide else 1)
        super().resizeEvent(event)

    def _build(self) -> None:
        self._plain.clear()
        self._advanced.clear()
        self._fields = {}
        for field in fields_of(self._schema or {}):
            view = FieldView(field)
            view.edited.connect(self._tell)
            view.validity_changed.connect(self._count)
            self._fields[field.name] = view
            (self._advanced if field.advanced else self._plain).add(view)
            view.set_value(field.default)
        hidden = sum(view.field.advanced for view in self._fields.values())
        self._fold.set_note(self.tr("{} settings").format(hidden))
        self._fold.setVisible(hidden > 0)
        self._advanced.setVisible(hidden > 0 and self._fold.isChecked())
        self._count()

    def _tell(self) -> None:
        self.values_changed.emit(self.values())

    def _count(self) -> None:
        wrong = [view for view in self._fields.values() if view.error()]
        if any(view.field.advanced for view in wrong) and not self._fold.isChecked():
            self._fold.setChecked(True)
        if len(wrong) != self._invalid:
            self._invalid = len(wrong)
            self.validity_changed.emit(self._invalid)


class _Columns(QWidget):
    """Fields row by row in one or two columns."""

    def __init__(self) -> None:
        super().__init__()
        self._views: list[FieldView] = []
        self._count = 1
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(12)

    def add(self, view: FieldView) -> None:
        self._views.append(view)
        self._put(len(self._views) - 1)

    def clear(self) -> None:
        for view in self._views:
            self._grid.removeWidget(view)
            view.hide()
            view.deleteLater()
        self._views = []

    def set_columns(self, count: int) -> None:
        if count != self._count:
            self._count = count
            for index, view in enumerate(self._views):
                self._grid.removeWidget(view)
                self._put(index)
            for column in (0, 1):
                self._grid.setColumnStretch(column, 1 if column < count else 0)

    def _put(self, index: int) -> None:
        row, column = divmod(index, self._count)
        self._grid.addWidget(self._views[index], row, column)
