"""Room round a bar that comes and goes; without the bar there is none."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QVBoxLayout, QWidget


class Inset(QWidget):
    """Holds one widget with margins (left, top, right, bottom) that vanish while it is hidden."""

    def __init__(self, content: QWidget, margins: tuple[int, int, int, int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._margins = margins
        self._column = QVBoxLayout(self)
        self._column.addWidget(content)
        self._follow(not content.isHidden())
        content.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self._follow(event.type() == QEvent.Type.ShowToParent)
        return super().eventFilter(watched, event)

    def _follow(self, shown: bool) -> None:
        self._column.setContentsMargins(*(self._margins if shown else (0, 0, 0, 0)))
