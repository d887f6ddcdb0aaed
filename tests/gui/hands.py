"""What an analyst's hands do: clicks, drags, drops and keys on the real window, each counted as one."""

from __future__ import annotations

import asyncio
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAccessible, QDragEnterEvent, QDropEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QWidget

_LEFT = Qt.MouseButton.LeftButton
_NONE = Qt.KeyboardModifier.NoModifier


def spoken(widget: QWidget) -> str:
    """The name of a widget as a screen reader says it."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name).strip() if interface is not None else ""


class Hands:
    """Works on one window. `acts` counts clicks, drags, drops, keys, and texts typed in one go."""

    def __init__(self, window: QWidget) -> None:
        self.window = window
        self.acts = 0

    async def click(self, widget: QWidget, at: QPoint | None = None) -> None:
        """The left button, in the middle of the widget unless told."""
        if not widget.isVisible() or not widget.isEnabled():
            raise AssertionError(f"{widget.accessibleName() or type(widget).__name__} cannot be clicked now.")
        self.acts += 1
        QTest.mouseClick(widget, _LEFT, _NONE, at if at is not None else widget.rect().center())
        await self._see()

    async def drag(self, widget: QWidget, start: QPoint, end: QPoint) -> None:
        """Press, move, let go."""
        self.acts += 1
        QTest.mousePress(widget, _LEFT, _NONE, start)
        for step in range(1, 5):
            QTest.mouseMove(widget, start + (end - start) * step / 4)
        QTest.mouseRelease(widget, _LEFT, _NONE, end)
        await self._see()

    async def drop(self, paths: list[Path], widget: QWidget | None = None) -> None:
        """Let files fall on the window, or on one of its parts."""
        self.acts += 1
        target = widget or self.window
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        middle = target.rect().center()
        enter = QDragEnterEvent(middle, Qt.DropAction.CopyAction, data, _LEFT, _NONE)
        QApplication.sendEvent(target, enter)
        if not enter.isAccepted():
            raise AssertionError("The window does not take these files.")
        fall = QDropEvent(QPointF(middle), Qt.DropAction.CopyAction, data, _LEFT, _NONE)
        QApplication.sendEvent(target, fall)
        await self._see()

    async def key(self, text: str) -> None:
        """One key with its modifiers, as "Ctrl+O", to whatever has the keyboard: an open menu takes it first."""
        self.acts += 1
        pressed = QKeySequence(text)[0]
        target = QApplication.activePopupWidget() or QApplication.focusWidget() or self.window
        QTest.keyClick(target, pressed.key(), pressed.keyboardModifiers())
        await self._see()

    async def type(self, text: str) -> None:
        """A text in one go, to whatever has the keyboard."""
        self.acts += 1
        for letter in text:                             # a letter may move the keyboard to the field that it opens
            QTest.keyClicks(QApplication.focusWidget() or self.window, letter)
        await self._see()

    def named(self, name: str, within: QWidget | None = None) -> QWidget:
        """What is to be seen under the name that a screen reader says."""
        for widget in (within or self.window).findChildren(QWidget):
            if widget.isVisible() and spoken(widget) == name:
                return widget
        raise AssertionError(f"There is no {name} to be seen.")

    async def tab_to(self, name: str, most: int = 60) -> None:
        """Tab until the keyboard is at what a screen reader calls so (or what begins so)."""
        for _ in range(most):
            held = QApplication.focusWidget()
            if held is not None and spoken(held).startswith(name):
                return
            await self.key("Tab")
        raise AssertionError(f"Tab does not reach {name}.")

    def dialog(self) -> QFileDialog | None:
        """The file dialog that is open."""
        return next((d for d in self.window.findChildren(QFileDialog) if d.isVisible()), None)

    async def answer_dialog(self, path: Path) -> None:
        """Paste a path into the file dialog that is open, and Enter."""
        dialog = self.dialog()
        if dialog is None:
            raise AssertionError("No file dialog is open.")
        line = dialog.findChild(QLineEdit)
        line.setFocus()
        self.acts += 2
        line.selectAll()
        QApplication.clipboard().setText(str(path))
        QTest.keyClick(line, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(line, Qt.Key.Key_Return)
        self.window.activateWindow()                    # as a desktop does when a dialog is gone
        await self._see()

    async def _see(self) -> None:
        """Let the window answer before the next act: pages and popups take the keyboard a round later."""
        for _ in range(4):
            QApplication.sendPostedEvents()
            await asyncio.sleep(0)
