"""A dot of 8 px that stands for a run, a data set or a state by its colour."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPaintEvent
from PySide6.QtWidgets import QWidget

from widgets.kit.painting import painter_on
from widgets.theme import Theme


class Dot(QWidget):
    """Shows one colour: one of its own, or by its name in the theme."""

    def __init__(self, colour: QColor | str = "ok", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colour = colour
        self.setFixedSize(8, 8)

    def set_colour(self, colour: QColor | str) -> None:
        if colour != self._colour:
            self._colour = colour
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = painter_on(self)
        painter.setPen(Qt.PenStyle.NoPen)
        colour = Theme.current().colour(self._colour) if isinstance(self._colour, str) else self._colour
        painter.setBrush(colour)
        painter.drawEllipse(QRectF(self.rect()))
