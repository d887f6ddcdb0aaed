"""Renaming a node in place: the field over the node, and what becomes of its text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from engines.refusals import Refusal
from widgets.graph import edits
from widgets.theme import font

if TYPE_CHECKING:
    from widgets.graph.canvas import GraphCanvas


class Renaming:
    """At most one open name on a canvas. Enter and leaving take the name, Esc gives up."""

    def __init__(self, canvas: GraphCanvas) -> None:
        self._canvas = canvas
        self._field: NameField | None = None

    def open(self, name: str) -> None:
        """Open the name of a node."""
        self.close()
        field = NameField(name, self._canvas.box_on_screen(name), self._canvas.viewport())
        field.entered.connect(self._entered)
        field.left.connect(self.close)
        field.given_up.connect(self._drop)
        self._field = field

    def close(self) -> None:
        """Take the name if it can be taken, and put the field away."""
        if self._field is not None:
            field = self._field
            self._drop()
            self._take(field)

    def _entered(self) -> None:
        field = self._field
        if field is None:
            return
        refusal = self._take(field)
        if refusal is None:
            self._drop()
        else:
            field.refuse(refusal.sentence)
            self._canvas.name_refused.emit(refusal)

    def _take(self, field: NameField) -> Refusal | None:
        canvas = self._canvas
        try:
            edit = edits.rename(canvas.graph(), field.name, field.text())
        except Refusal as refusal:
            return refusal
        if edit is not None:
            new = edit.graph.names[canvas.graph().names.index(field.name)]
            canvas.wish(edit)
            if new in canvas.graph():
                canvas.set_selection(new)
        return None

    def _drop(self) -> None:
        field, self._field = self._field, None
        if field is not None:
            field.hide()
            field.deleteLater()
            self._canvas.setFocus()


class NameField(QLineEdit):
    """The field. A refused name stays, marked, with the sentence as tooltip."""

    entered = Signal()
    left = Signal()
    given_up = Signal()

    def __init__(self, name: str, box: QRect, parent: QWidget) -> None:
        super().__init__(name, parent)
        self.name = name
        self.setFont(font("title"))
        self.setAccessibleName(self.tr("Name of the node {}").format(name))
        height = self.sizeHint().height()
        width = max(box.width(), 120)
        self.setGeometry(box.center().x() - width // 2, box.center().y() - height // 2, width, height)
        self.textEdited.connect(lambda: self._mark(""))
        self.selectAll()
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def refuse(self, sentence: str) -> None:
        """Show that the name cannot be taken."""
        self._mark(sentence)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        else:
            super().keyPressEvent(event)
            event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self.isVisible() and event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.left.emit()

    def _mark(self, sentence: str) -> None:
        self.setToolTip(sentence)
        self.setAccessibleDescription(sentence)
        self.setProperty("error", bool(sentence))
        self.style().unpolish(self)
        self.style().polish(self)
