"""Keys that belong to a panel while it has the keyboard, although the window has a shortcut for the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget


class OwnKeys(QObject):
    """Runs an action for a key that was pressed in a widget or one of its children and that none of them used."""

    def __init__(
        self, widget: QWidget, actions: Mapping[str, Callable[[], object]], before: QWidget | None = None
    ) -> None:
        """`actions` by key, written as "Ctrl+E". Lives as long as the widget.

        `before`: a scroll area inside it that would take the arrow keys first.
        """
        super().__init__(widget)
        self._actions = {QKeySequence(keys).toString(): action for keys, action in actions.items()}
        widget.installEventFilter(self)
        if before is not None:
            before.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent):
            return False
        action = self._actions.get(QKeySequence(event.keyCombination()).toString())
        if action is None:
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress:
            action()
            event.accept()
            return True
        return False
