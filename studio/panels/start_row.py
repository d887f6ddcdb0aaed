"""What can be done first, in a row above what lies ready: a sentence, a hint, and buttons."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from widgets.kit.action import Action
from widgets.kit.label import Label


class StartRow(QWidget):
    """A state that leaves the place below it to be worked in."""

    def __init__(self, sentence: str, hint: str, actions: Sequence[Action], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(sentence)
        words = QHBoxLayout()
        words.setSpacing(8)
        words.addWidget(Label(sentence, "card"))
        words.addWidget(Label(hint, "second", "t2", elide=True))
        words.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(4)
        for action in actions:
            buttons.addWidget(action.button(self))
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 8, 0)
        column.setSpacing(8)
        column.addLayout(words)
        column.addLayout(buttons)
