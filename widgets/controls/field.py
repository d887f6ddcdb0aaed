"""One field of a form: label over it, unit inside, help or error under it; a dot and a reset once it was changed."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from widgets.controls.schema import Field
from widgets.kit.follow import follow_theme
from widgets.kit.label import Label
from widgets.kit.painting import text_in, text_width
from widgets.kit.segmented import Segmented
from widgets.kit.switch import Switch
from widgets.kit.tool_button import ToolButton
from widgets.theme import Theme, font

_MOST_SEGMENTS = 4
_MOST_LETTERS = 20


class FieldView(QWidget):
    """Shows one parameter. `edited` tells a value that may be; what may not be is said under the field."""

    edited = Signal()                         # a valid value, by the user's hand
    validity_changed = Signal()               # an error came or went

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self._value: Any = field.default
        self._default: Any = field.default
        self._error = ""
        self._label = _Marked(field.title)
        self._reset = ToolButton("rotate-ccw", self.tr("Back to {}").format(field.text(field.default)), self)
        self._reset.clicked.connect(self._restore)
        self._help = Label(field.help, "second", "t2", wrap=True)
        self._editor = self._build()
        self._editor.setAccessibleName(field.title)
        self._editor.setAccessibleDescription(field.help)
        self._lay_out()
        follow_theme(self._restyle)
        self._show()

    def value(self) -> Any:
        """The last value that may be."""
        return self._value

    def set_value(self, value: Any) -> None:
        """Another value. What is being typed at the moment is not disturbed."""
        if isinstance(value, tuple):
            value = list(value)
        self._value = value
        if not self._is_typing():
            self._write()
        self._show()

    def set_default(self, value: Any) -> None:
        """What the reset goes back to."""
        self._default = list(value) if isinstance(value, tuple) else value
        self._reset.set_tip(self.tr("Back to {}").format(self.field.text(self._default)))
        self._show()

    def error(self) -> str:
        """Why the text in the field cannot be, or ""."""
        return self._error

    def is_changed(self) -> bool:
        return bool(self._value != self._default)

    def commit(self) -> None:
        """Take what is being typed."""
        if isinstance(self._editor, UnitEdit) and self._editor.isModified():
            self._take()

    def _build(self) -> QWidget:
        field = self.field
        match field.kind:
            case "toggle":
                switch = Switch(field.title)
                switch.clicked.connect(self._tell)
                return switch
            case "choice":
                names = [str(option) for option in field.options]
                if len(names) <= _MOST_SEGMENTS and sum(map(len, names)) <= _MOST_LETTERS and not field.optional:
                    segments = Segmented(names, name=field.title)
                    segments.chosen.connect(lambda index: self._tell(field.options[index]))
                    return segments
                box = QComboBox()
                box.addItems(([self.tr("none")] if field.optional else []) + names)
                box.activated.connect(self._tell_choice)
                box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
                return box
        edit = UnitEdit(field.unit)
        edit.textEdited.connect(self._check)
        edit.editingFinished.connect(self.commit)
        return edit

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(8)
        if isinstance(self._editor, Switch):
            head.addWidget(self._editor)
        head.addWidget(self._label)
        head.addStretch(1)
        head.addWidget(self._reset)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(head)
        if not isinstance(self._editor, Switch):
            column.addWidget(self._editor)
        column.addWidget(self._help)
        column.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setFocusProxy(self._editor)

    def _is_typing(self) -> bool:
        edit = self._editor
        return isinstance(edit, UnitEdit) and edit.isModified() and (edit.hasFocus() or bool(self._error))

    def _write(self) -> None:
        field, editor = self.field, self._editor
        with QSignalBlocker(editor):
            match editor:
                case Switch():
                    editor.setChecked(bool(self._value))
                case Segmented():
                    if self._value in field.options:
                        editor.set_current(field.options.index(self._value))
                case QComboBox():
                    offset = 1 if field.optional else 0
                    known = self._value in field.options
                    editor.setCurrentIndex(field.options.index(self._value) + offset if known else 0)
                case UnitEdit():
                    editor.setText(field.text(self._value))
                    editor.setModified(False)
        self._say("")

    def _check(self, text: str) -> None:
        try:
            self.field.read(text)
        except ValueError as error:
            self._say(str(error))
        else:
            self._say("")

    def _take(self) -> None:
        editor = self._editor
        assert isinstance(editor, UnitEdit)
        try:
            value = self.field.read(editor.text())
        except ValueError as error:
            self._say(str(error))
            return
        editor.setModified(False)
        if value != self._value:
            self._tell(value)
        self._write()

    def _tell_choice(self, index: int) -> None:
        options = ((None,) if self.field.optional else ()) + self.field.options
        self._tell(options[index])

    def _tell(self, value: Any) -> None:
        self._value = value
        self._show()
        self.edited.emit()

    def _restore(self) -> None:
        self._value = self._default
        self._write()
        self._show()
        self.edited.emit()

    def _say(self, error: str) -> None:
        if error == self._error:
            return
        self._error = error
        self._help.setText(error or self.field.help)
        self._help.set_colour("err" if error else "t2")
        self._help.setVisible(bool(self._help.text()))
        self._editor.setAccessibleDescription(error or self.field.help)
        self._editor.setProperty("error", bool(error))
        self._editor.style().unpolish(self._editor)
        self._editor.style().polish(self._editor)
        self.validity_changed.emit()

    def _show(self) -> None:
        changed = self.is_changed()
        self._label.set_marked(changed)
        self._reset.setVisible(changed)
        self._help.setVisible(bool(self._help.text()))

    def _restyle(self) -> None:
        self._label.setFixedHeight(Theme.current().px(28))
        if isinstance(self._editor, QComboBox | UnitEdit):
            self._editor.setMaximumWidth(Theme.current().px(360))


class UnitEdit(QLineEdit):
    """A line to type in, with the unit at its right end."""

    def __init__(self, unit: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._unit = unit
        follow_theme(self._restyle)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._unit:
            painter = QPainter(self)
            box = QRectF(self.rect()).adjusted(0, 0, -10, 0)
            text_in(painter, box, self._unit, font("second"), Theme.current().t2, Qt.AlignmentFlag.AlignRight)

    def _restyle(self) -> None:
        room = round(text_width(self._unit, font("second"))) + 6 if self._unit else 0
        self.setTextMargins(0, 0, room, 0)


class _Marked(Label):
    """A label with a dot of ink behind it once its field was changed."""

    def __init__(self, text: str) -> None:
        super().__init__(text, "title")
        self._marked = False
        self.setContentsMargins(0, 0, 14, 0)

    def set_marked(self, marked: bool) -> None:
        self._marked = marked
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._marked:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(Theme.current().ink)
            painter.drawEllipse(QPointF(self.width() - 7, self.height() / 2 + 0.5), 3, 3)
