"""The lines between parts of a window: dragged with the mouse, or moved with the arrow keys."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSplitter, QSplitterHandle, QWidget

_STEP = 16              # px of an arrow key; Shift takes ten times as much


class Splitter(QSplitter):
    """A splitter whose lines can have the keyboard. Its parts never vanish by being made small."""

    def __init__(self, orientation: Qt.Orientation, gap: int, name: str, parent: QWidget | None = None) -> None:
        """`gap`: px between the parts. `name`: what its lines are, for screen readers."""
        super().__init__(orientation, parent)
        self.setAccessibleName(name)
        self.setHandleWidth(gap)
        self.setChildrenCollapsible(False)

    def createHandle(self) -> QSplitterHandle:
        return _Handle(self.orientation(), self)


class _Handle(QSplitterHandle):
    def __init__(self, orientation: Qt.Orientation, splitter: Splitter) -> None:
        super().__init__(orientation, splitter)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty("ringRadius", 2)
        self.setAccessibleName(splitter.accessibleName())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        across = self.orientation() is Qt.Orientation.Horizontal
        back, on = (Qt.Key.Key_Left, Qt.Key.Key_Right) if across else (Qt.Key.Key_Up, Qt.Key.Key_Down)
        way = {back: -_STEP, on: _STEP}.get(Qt.Key(event.key()), 0)
        if not way:
            super().keyPressEvent(event)
            return
        far = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        self.moveSplitter((self.x() if across else self.y()) + way * far)
