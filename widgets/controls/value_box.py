"""A number with its unit in a box: a click, a digit or Enter opens it for typing."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from widgets.controls.numbers import number_of, number_text
from widgets.controls.row import How
from widgets.kit.follow import follow_theme
from widgets.kit.painting import painter_on, rounded, text_in, text_width
from widgets.theme import Theme, faded, font


class ValueBox(QWidget):
    """Shows a value; while open, Enter tells what was typed, Escape leaves it as it was.

    A value that cannot be is refused in place: the box stays open with the border of an error, and `refused` says why.
    """

    entered = Signal(float)       # a value within the limits was typed
    refused = Signal(str)         # why what was typed cannot be; empty when that is over
    closed = Signal()             # typing ended by key, with or without a value

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value, self._decimals, self._unit = 0.0, 2, ""
        self._limits = (-float("inf"), float("inf"))
        self._how: How = "free"
        self._wrong = False
        self._edit = QLineEdit(self)
        self._edit.setProperty("bare", True)
        self._edit.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._edit.setVisible(False)
        self._edit.installEventFilter(self)
        self._edit.textEdited.connect(self._forgive)
        self._edit.returnPressed.connect(self._commit)
        self.setProperty("ringRadius", 6.0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        follow_theme(self._restyle)

    def value(self) -> float:
        return self._value

    def is_open(self) -> bool:
        return not self._edit.isHidden()

    def set_value(
        self, value: float, decimals: int, unit: str, limits: tuple[float, float], how: How = "free"
    ) -> None:
        """What is shown. While the box is open, what is being typed stays."""
        self._value, self._decimals, self._unit = value, decimals, unit
        self._limits, self._how = limits, how
        self._edit.setAccessibleName(self.accessibleName())
        self._place()
        self.update()

    def open(self, text: str = "") -> None:
        """Begin typing, with `text` instead of the value if given."""
        self._edit.setText(text or number_text(self._value, self._decimals))
        self._edit.show()
        self._edit.setFocus(Qt.FocusReason.OtherFocusReason)
        if not text:
            self._edit.selectAll()
        self.update()

    def sizeHint(self) -> QSize:
        px = Theme.current().px
        return QSize(px(92), px(28))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._edit and self.is_open():
            if event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:  # type: ignore[attr-defined]
                self._close()
                return True
            if event.type() == QEvent.Type.FocusOut:
                self._leave()
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.open()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = event.text()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self.open()
        elif starts_number(text):
            self.open(text)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()
        super().resizeEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.current()
        painter = painter_on(self)
        box = QRectF(self.rect())
        intervened = self._how in ("do", "held")
        edge = theme.strong if theme.high_contrast else faded(theme.strong, 0.55)
        if self._wrong:
            edge = theme.err
        elif intervened:
            edge = theme.acc
        elif self.is_open():
            edge = theme.ink
        width = 2 if theme.high_contrast else (1.5 if intervened or self.is_open() else 1)
        rounded(painter, box, 6, theme.bg2 if theme.dark else theme.bg1, edge, width)
        inner = box.adjusted(theme.px(8), 0, -theme.px(10), 0)
        used = self._unit_width()
        if self._unit:
            text_in(painter, inner, self._unit, font("second"), theme.t2, Qt.AlignmentFlag.AlignRight)
        if not self.is_open():
            place = inner.adjusted(0, 0, -used, 0)
            face = font("body", weight=500 if self._how in ("free", "setting") else 600)
            colour = theme.acc if self._how == "follows" else theme.t1
            text_in(
                painter, place, number_text(self._value, self._decimals), face, colour, Qt.AlignmentFlag.AlignRight
            )

    def _unit_width(self) -> float:
        return text_width(self._unit, font("second")) + 4 if self._unit else 0.0

    def _place(self) -> None:
        px = Theme.current().px
        right = self.width() - px(10) - round(self._unit_width())
        self._edit.setGeometry(QRect(px(6), 2, max(right - px(6) + 1, 8), self.height() - 4))

    def _commit(self) -> None:
        value = number_of(self._edit.text())
        low, high = self._limits
        if value is None:
            self._refuse(self.tr("Type a number"))
        elif not low <= value <= high:
            ends = (number_text(low, self._decimals), number_text(high, self._decimals))
            self._refuse(self.tr("From {} to {}").format(*ends))
        else:
            self._close()
            self.entered.emit(value)

    def _leave(self) -> None:
        """The keyboard went elsewhere: a good value counts, anything else is dropped."""
        value = number_of(self._edit.text())
        low, high = self._limits
        changed = value is not None and round(value, self._decimals) != round(self._value, self._decimals)
        self._close()
        if value is not None and changed and low <= value <= high:
            self.entered.emit(value)

    def _close(self) -> None:
        self._forgive()
        had_keyboard = self._edit.hasFocus()
        self._edit.hide()
        self.update()
        if had_keyboard:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            self.closed.emit()

    def _refuse(self, why: str) -> None:
        self._wrong = True
        self._edit.selectAll()
        self.refused.emit(why)
        self.update()

    def _forgive(self) -> None:
        if self._wrong:
            self._wrong = False
            self.refused.emit("")
            self.update()

    def _restyle(self) -> None:
        self._edit.setFont(font("body", weight=600))
        self.updateGeometry()
        self._place()
        self.update()


def starts_number(text: str) -> bool:
    """Whether a typed character begins a number."""
    return len(text) == 1 and (text.isdigit() or text in "-+.,\N{MINUS SIGN}")
