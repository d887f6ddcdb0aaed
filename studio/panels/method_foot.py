"""The foot of a method's form: the estimate, and the buttons that start what the form says."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from widgets.kit.button import Button
from widgets.kit.label import Hairline, Label
from widgets.theme import Theme

_WIDE = 620             # from here on the estimate stands beside the buttons, not over them


class FormFoot(QWidget):
    """An estimate and some buttons, side by side where there is room for it."""

    def __init__(self, *buttons: Button, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._estimate = Label("", "second", "t2", elide=True)
        self._main = buttons[-1]
        self._flow = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._flow.setContentsMargins(16, 6, 12, 8)
        self._flow.setSpacing(4)
        self._flow.addWidget(self._estimate, 1)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for button in buttons:
            row.addWidget(button)
        self._flow.addLayout(row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Hairline())
        column.addLayout(self._flow)

    def estimate(self) -> str:
        """What is said of time and memory."""
        return self._estimate.text()

    def set_estimate(self, text: str) -> None:
        self._estimate.setText(text)
        self._main.setToolTip(text)

    def set_low(self, low: bool) -> None:
        """Where there is very little height the estimate goes into the tooltip of the last button."""
        self._estimate.setVisible(not low)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= Theme.current().px(_WIDE)
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._flow.setDirection(across if wide else down)
