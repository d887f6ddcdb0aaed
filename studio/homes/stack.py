"""A home: panels on top of each other, of which one is seen."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QStackedWidget, QWidget


class HomeStack(QStackedWidget):
    """Asks for the room of the panel that is seen; those behind it ask for none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.currentChanged.connect(self.updateGeometry)

    def hold(self, panel: QWidget) -> None:
        """Put a panel in, behind those that are here, from wherever it is."""
        if panel.parentWidget() is not self:
            self.addWidget(panel)

    def minimumSizeHint(self) -> QSize:
        current = self.currentWidget()
        return QSize(0, 0) if current is None else current.minimumSizeHint().expandedTo(current.minimumSize())
