"""A ground like a card for rows that belong together."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from widgets.kit.painting import painter_on, surface
from widgets.theme import Theme


class Surface(QWidget):
    """Rounded and raised; add rows to `column`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(1, 1, 1, 2)
        self.column.setSpacing(0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        surface(painter_on(self), QRectF(self.rect()), Theme.current())
