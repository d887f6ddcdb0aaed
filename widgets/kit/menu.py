"""A menu with round corners in the theme's colours."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from widgets.theme import icon


class Menu(QMenu):
    """Like QMenu, with round corners on every platform; `add` makes one line of it."""

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.setProperty("round", True)
        self.setWindowFlags(
            self.windowFlags() | Qt.WindowType.FramelessWindowHint | Qt.WindowType.NoDropShadowWindowHint
        )
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setToolTipsVisible(True)

    def add(
        self, text: str, run: Callable[[], object] | None = None, *, sign: str = "", keys: str = "",
        on: bool | None = None, off_because: str = "",
    ) -> QAction:
        """A line that does something. `on` makes it checkable; `off_because` switches it off and says why in a tooltip.

        The key is only shown; the window's own shortcut does the work.
        """
        action = QAction(text, self)
        if sign:
            action.setIcon(icon(sign))
        if keys:
            action.setText(f"{text}\t{QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)}")
        if on is not None:
            action.setCheckable(True)
            action.setChecked(on)
        action.setEnabled(not off_because)
        action.setToolTip(off_because or text)
        if run is not None:
            action.triggered.connect(lambda: run())
        self.addAction(action)
        return action

    def add_menu(self, title: str) -> Menu:
        """A menu within this one."""
        inner = Menu(title, self)
        super().addMenu(inner)
        return inner

    def popup_under(self, widget: QWidget) -> None:
        """Open at the lower left corner of what was clicked."""
        self.popup(widget.mapToGlobal(widget.rect().bottomLeft()))
