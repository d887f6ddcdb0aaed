"""A number field of 92 x 28 with its unit inside; written and read by locale."""

from __future__ import annotations

import math
from typing import Literal

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from widgets.kit.control import OFF_OPACITY
from widgets.kit.follow import follow_theme
from widgets.kit.label import Label
from widgets.kit.painting import painter_on, rounded, text_width
from widgets.numbers import format_number, format_range, parse_number
from widgets.theme import Theme, faded, font

ValueState = Literal["plain", "do", "follows"]


class ValueBox(QWidget):
    """One number. `do` frames it in accent, `follows` writes it in accent.

    Enter or leaving the field takes what was typed; Escape brings the old value back; up and down step by 1 % of the
    range, with Shift by 10 %. What is not a number, or outside the range, is refused with a red frame and a sentence.
    """

    value_edited = Signal(float)        # only by the user's hand, within the range
    emptied = Signal()                  # the user took the number away, where that means something
    refused = Signal(str)               # why the text was not taken, "" when it is right again

    def __init__(
        self, unit: str = "", precision: int | None = None, parent: QWidget | None = None, *, name: str = ""
    ) -> None:
        super().__init__(parent)
        self._value: float | None = None
        self._precision = precision
        self._low, self._high = -math.inf, math.inf
        self._state: ValueState = "plain"
        self._error = ""
        self._field = QLineEdit(self)
        self._field.setProperty("bare", True)
        self._field.setProperty("ringRadius", -1)
        self._field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._field.installEventFilter(self)
        self._field.editingFinished.connect(self._take)
        self._unit = Label(unit, "second", "t2")
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 0, 8, 0)
        row.setSpacing(3)
        row.addWidget(self._field, 1)
        row.addWidget(self._unit)
        self._unit.setVisible(bool(unit))
        self.setFocusProxy(self._field)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_name(name)
        follow_theme(self._restyle)

    def set_name(self, name: str) -> None:
        """What the number is, for screen readers."""
        self.setAccessibleName(name)
        self._field.setAccessibleName(name)

    def value(self) -> float | None:
        return self._value

    def set_value(self, value: float | None) -> None:
        """Show a number; None leaves the field empty. What the hand is typing at the moment is not disturbed."""
        self._value = value
        if not (self._field.hasFocus() and self._field.isModified()):
            self._write()

    def set_empty(self, meaning: str) -> None:
        """What an empty field means, in grey; from now on the field may be emptied."""
        self._field.setPlaceholderText(meaning)

    def set_unit(self, unit: str) -> None:
        """The unit, or "of 255"."""
        self._unit.setText(unit)
        self._unit.setVisible(bool(unit))
        self.updateGeometry()

    def set_precision(self, precision: int | None) -> None:
        self._precision = precision
        self._write()

    def set_range(self, low: float, high: float) -> None:
        """What may be typed, both ends included."""
        self._low, self._high = low, high

    def set_state(self, state: ValueState) -> None:
        if state != self._state:
            self._state = state
            self._restyle()

    def error(self) -> str:
        """Why what was typed was not taken, or ""."""
        return self._error

    def sizeHint(self) -> QSize:
        theme = Theme.current()
        text = self._field.text() or "0"
        needed = text_width(text, font("title")) + text_width(self._unit.text(), font("second")) + 24
        return QSize(max(theme.px(92), math.ceil(needed)), theme.px(28))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:         # in another window the field lost font and colour
            self._restyle()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.current()
        painter = painter_on(self)
        painter.setOpacity(1 if self.isEnabled() else OFF_OPACITY)
        edge, width = faded(theme.strong, 1 if theme.high_contrast else 0.75), float(theme.border)
        if self._error:
            edge, width = theme.err, 2
        elif self._field.hasFocus():
            edge, width = theme.ink, 2
        elif self._state == "do":
            edge, width = theme.acc, 1.5
        rounded(painter, QRectF(self.rect()), 6, theme.bg2 if theme.dark else theme.bg1, edge, width)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QFocusEvent):
            self.update()
            if event.type() == QEvent.Type.FocusIn and event.reason() != Qt.FocusReason.MouseFocusReason:
                self._field.selectAll()
        if isinstance(event, QKeyEvent) and event.type() in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride):
            return self._key(event)
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        press = event.type() == QEvent.Type.KeyPress
        if event.key() == Qt.Key.Key_Escape and (self._field.isModified() or self._error):
            if press:
                self._write()
            else:
                event.accept()
            return True
        way = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()), 0)
        span = self._high - self._low
        if not press or not way or self._value is None or not math.isfinite(span):
            return False
        share = 0.1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 0.01
        self._tell(min(max(self._value + way * share * span, self._low), self._high))
        return True

    def _take(self) -> None:
        if not self._field.isModified():
            return
        number = parse_number(self._field.text(), self._unit.text())
        if not self._field.text().strip() and self._field.placeholderText():
            self._value = None
            self._write()
            self.emptied.emit()
        elif number is None:
            self._refuse(self.tr("{} is not a number.").format(self._field.text().strip() or self.tr("Nothing")))
        elif not self._low <= number <= self._high:
            span = format_range(self._low, self._high, "", self._precision)
            self._refuse(self.tr("The value must lie in {}.").format(span))
        else:
            self._tell(number)

    def _tell(self, number: float) -> None:
        changed = number != self._value
        self._value = number
        self._write()
        if changed:
            self.value_edited.emit(number)

    def _refuse(self, why: str) -> None:
        self._error = why
        self.setToolTip(why)
        self.setAccessibleDescription(why)
        self.update()
        self.refused.emit(why)

    def _write(self) -> None:
        text = "" if self._value is None else format_number(self._value, "", self._precision)
        self._field.setText(text)
        self._field.setModified(False)
        self.updateGeometry()
        if self._error:
            self._error = ""
            self.setToolTip("")
            self.setAccessibleDescription("")
            self.refused.emit("")
        self.update()

    def _restyle(self) -> None:
        theme = Theme.current()
        self._field.setFont(font("title"))
        palette = self._field.palette()
        palette.setColor(QPalette.ColorRole.Text, theme.acc if self._state == "follows" else theme.t1)
        self._field.setPalette(palette)
        self.updateGeometry()
        self.update()
