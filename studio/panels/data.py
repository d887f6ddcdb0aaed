"""The Data page: the data sets, the table or the pictures, and the column that is looked at."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio.workspace import Workspace


class DataPage(QWidget):
    """Placeholder."""

    dropped = Signal(list)

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        QHBoxLayout(self)
