"""Chips: the words of the question that can be changed."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPaintEvent, QPixmap
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from widgets.kit.control import OFF_OPACITY, Control, mixed
from widgets.kit.painting import painter_on, picture_in, rounded, text_in, text_width
from widgets.theme import FontRole, Theme, draw_icon, faded, font, known_icon

ChipKind = Literal["grey", "flat", "accent"]

_PICTURE = 20
_SIGN = 14
_GAP = 7


class Chip(Control):
    """A chosen thing: grey for the factual, accent for an intervention, flat (no border) for a model or method.

    A click or Space emits `clicked` (open the menu). An editable chip turns into a field instead: type, Enter emits
    `edited`, Escape leaves it. Backspace or Delete on a removable chip emits `removed`. In the sentence of the question
    bar chips have the role "card".
    """

    edited = Signal(str)
    removed = Signal()

    def __init__(
        self, text: str, kind: ChipKind = "grey", parent: QWidget | None = None, *, icon: str = "",
        menu: bool = False, editable: bool = False, removable: bool = False, role: FontRole = "button",
    ) -> None:
        super().__init__(text, parent, ring_radius=5)
        self._kind = kind
        self._icon = known_icon(icon)
        self._picture = QPixmap()
        self._menu = menu
        self._editable = editable
        self._removable = removable
        self._role: FontRole = role
        self._field = _Field(self)
        self._field.returnPressed.connect(self._commit)
        self._field.left.connect(self._stop_editing)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._start_editing)

    def set_text(self, text: str) -> None:
        self.setText(text)
        self._restyle()

    def set_picture(self, picture: QPixmap) -> None:
        """A picture of the thing before its name; shown 20 x 20."""
        self._picture = picture
        self._restyle()

    def set_icon(self, icon: str) -> None:
        self._icon = known_icon(icon)
        self._restyle()

    def is_editing(self) -> bool:
        return not self._field.isHidden()

    def sizeHint(self) -> QSize:
        left, right = self._sides()
        width = left + text_width(self.text(), font(self._role, weight=self._weight())) + right
        return QSize(round(width + 0.5), Theme.current().px(28))

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), 64), self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._removable and event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self.removed.emit()
            return
        super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.current()
        painter = painter_on(self)
        painter.setOpacity(1 if self.isEnabled() else OFF_OPACITY)
        box = self.box()
        edge = theme.strong if theme.high_contrast else faded(theme.strong, 0.55)
        if self._kind == "accent":
            lift = 0.12 if self.isDown() else 0.06 if self.is_hovered() else 0.0
            border = theme.acc if theme.high_contrast or self.is_editing() else None
            rounded(painter, box, 5, mixed(theme.acc_tint, theme.acc, lift), border, theme.border)
            ink = theme.acc
        else:
            border = edge if self._kind == "grey" else None
            rounded(painter, box, 5, self.ground(theme, theme.bg2), border, theme.border)
            ink = theme.t1
        left, right = self._sides()
        middle = box.center().y()
        if not self._picture.isNull():
            picture_in(painter, QRectF(4, middle - _PICTURE / 2, _PICTURE, _PICTURE), self._picture, fill=True)
        elif self._icon:
            draw_icon(painter, self._icon, QPointF(10 + _SIGN / 2, middle), theme.t2, _SIGN)
        if self._menu:
            draw_icon(painter, "chevron-down", QPointF(box.right() - 8 - _SIGN / 2, middle), theme.t2, _SIGN)
        if not self.is_editing():
            inner = box.adjusted(left, 0, -right, 0)
            text_in(painter, inner, self.text(), font(self._role, weight=self._weight()), ink)

    def _weight(self) -> int:
        return 600 if self._kind == "accent" else 500

    def _sides(self) -> tuple[int, int]:
        left = 4 + _PICTURE + _GAP if not self._picture.isNull() else 10 + _SIGN + _GAP if self._icon else 10
        return left, 8 + _SIGN + 5 if self._menu else 10

    def _start_editing(self) -> None:
        if not self._editable:
            return
        left, right = self._sides()
        self._field.setFont(font(self._role, weight=self._weight()))
        self._field.setGeometry(self.rect().adjusted(left - 2, 0, 2 - min(right, 10), 0))
        self._field.setText(self.text())
        self._field.setAccessibleName(self.accessibleName() or self.text())
        self._field.show()
        self._field.setFocus()
        self._field.selectAll()
        self.update()

    def _commit(self) -> None:
        text = self._field.text().strip()
        self._stop_editing()
        self.setFocus()
        if text and text != self.text():
            self.edited.emit(text)

    def _stop_editing(self) -> None:
        self._field.hide()
        self.update()


class _Field(QLineEdit):
    """The bare field inside a chip; says when it is left without Enter."""

    left = Signal()

    def __init__(self, chip: QWidget) -> None:
        super().__init__(chip)
        self.setProperty("bare", True)
        self.setProperty("ringRadius", -1)
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        event.accept()          # what the field does not use must not reach the chip, which would open it again

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                chip: QObject | None = self.parent()
                self.left.emit()
                if isinstance(chip, QWidget):
                    chip.setFocus()
                return True
        return super().event(event)


class AddChip(Control):
    """A dashed plus that adds a word to the question."""

    def __init__(self, tip: str, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setAccessibleName(tip)
        self.setToolTip(tip)

    def sizeHint(self) -> QSize:
        side = Theme.current().px(28)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.current()
        painter = painter_on(self)
        painter.setOpacity(1 if self.isEnabled() else OFF_OPACITY)
        rounded(painter, self.box(), 6, self.ground(theme), faded(theme.strong, 0.8), theme.border, dash=(3, 2.5))
        draw_icon(painter, "plus", self.box().center(), theme.t2)
