"""Bars that say something at the place concerned: errors stay till solved or closed, advice offers a choice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from widgets.kit.action import Action
from widgets.kit.label import Label
from widgets.kit.painting import painter_on, rounded
from widgets.kit.state_view import Sign
from widgets.kit.tool_button import ToolButton
from widgets.theme import Theme

MessageKind = Literal["err", "warn", "ok", "info"]

_SIGNS: dict[MessageKind, str] = {"err": "circle-alert", "warn": "triangle-alert", "ok": "circle-check", "info": "info"}
_NARROW = 560           # below it the buttons stand under the text


class MessageBar(QWidget):
    """A tinted bar: sign, sentence, cause, next steps. `kind` gives tint and sign; hidden until it has a message."""

    closed = Signal()               # by the user's hand

    def __init__(self, kind: MessageKind, parent: QWidget | None = None, *, closable: bool = True) -> None:
        super().__init__(parent)
        self._kind = kind
        self._under = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._sentence = Label("", "second", wrap=True, weight=600)
        self._cause = Label("", "second", wrap=True)
        self._steps = QWidget()
        self._buttons = QHBoxLayout(self._steps)
        self._buttons.setContentsMargins(0, 0, 0, 0)
        self._buttons.setSpacing(8)
        text = QVBoxLayout()
        text.setSpacing(0)
        text.addStretch(1)
        text.addWidget(self._sentence)
        text.addWidget(self._cause)
        text.addStretch(1)
        self._cells = QGridLayout(self)
        self._cells.setContentsMargins(11, 7, 7, 7)
        self._cells.setSpacing(8)
        self._cells.setColumnStretch(1, 1)
        self._cells.addLayout(text, 0, 1)
        self._cells.addWidget(self._steps, 0, 2)
        sign = Sign(_SIGNS[kind], kind, 16)
        sign.setFixedHeight(28)
        self._cells.addWidget(sign, 0, 0, Qt.AlignmentFlag.AlignTop)
        self._close = ToolButton("x", self.tr("Close"), self)
        self._close.setVisible(closable)
        self._close.clicked.connect(self._dismiss)
        self._cells.addWidget(self._close, 0, 3, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def sentence(self) -> str:
        return self._sentence.text()

    def show_message(self, sentence: str, cause: str = "", actions: Sequence[Action] = ()) -> None:
        """Say it and appear; a screen reader announces it."""
        self._sentence.setText(sentence)
        self._cause.setText(cause)
        self._cause.setVisible(bool(cause))
        self.setAccessibleName(f"{sentence} {cause}".strip())
        while (item := self._buttons.takeAt(0)) is not None:
            if (button := item.widget()) is not None:
                button.hide()
                button.deleteLater()
        for action in actions:
            button = action.button(self)
            self._buttons.addWidget(button)
            button.show()           # now, not with the next event
        self._buttons.addStretch(1)
        self._turn()
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def clear(self) -> None:
        """The matter is solved."""
        self.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._turn()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.current()
        border = theme.colour(self._kind) if theme.high_contrast else None
        rounded(painter_on(self), QRectF(self.rect()), 6, theme.colour(f"{self._kind}t"), border, theme.border)

    def _turn(self) -> None:
        """The steps stand beside the words, or under all of them where the bar is narrow."""
        narrow = self.width() < Theme.current().px(_NARROW) and self._buttons.count() > 1
        self._steps.setVisible(self._buttons.count() > 1)
        if narrow is not self._under:
            self._under = narrow
            self._cells.removeWidget(self._steps)
            if narrow:
                self._cells.addWidget(self._steps, 1, 1, 1, 3)
            else:
                self._cells.addWidget(self._steps, 0, 2)

    def _dismiss(self) -> None:
        self.hide()
        self.closed.emit()


class ErrorBar(MessageBar):
    """What went wrong, where, and what to do next."""

    def __init__(self, parent: QWidget | None = None, *, closable: bool = True) -> None:
        super().__init__("err", parent, closable=closable)


class AdviceBar(MessageBar):
    """Something in the data that the analyst should decide."""

    def __init__(self, parent: QWidget | None = None, *, closable: bool = False) -> None:
        super().__init__("warn", parent, closable=closable)
