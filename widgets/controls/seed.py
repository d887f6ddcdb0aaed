"""The seed of all chance in an answer: a number, a padlock that keeps it, dice that throw a new one."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from widgets.kit.button import Button
from widgets.kit.tool_button import ToolButton
from widgets.kit.value_box import ValueBox

MOST = 2**31 - 1
_ENDS = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class SeedRow(QWidget):
    """Padlock, "Seed 7", and dice while the padlock is open. A click on the number opens it for typing."""

    seeded = Signal(int)          # a seed was typed
    thrown = Signal()             # a new seed is wanted; the owner draws it
    locked = Signal(bool)         # the padlock was closed or opened

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seed, self._is_locked = 0, True
        self._lock = ToolButton("lock", "", self)
        self._number = Button("", "ghost", parent=self)
        self._box = ValueBox("", 0, self, name=self.tr("Seed"))
        self._dice = ToolButton("dices", self.tr("New seed"), self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for widget in (self._lock, self._number, self._box, self._dice):
            row.addWidget(widget)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._box.hide()
        for edit in self._box.findChildren(QLineEdit):
            edit.installEventFilter(self)
        self._lock.clicked.connect(lambda: self.locked.emit(not self._is_locked))
        self._number.clicked.connect(self._open)
        self._box.value_edited.connect(self._tell)
        self._dice.clicked.connect(self.thrown)
        self.setFocusProxy(self._number)
        self._show()

    def seed(self) -> int:
        return self._seed

    def is_locked(self) -> bool:
        return self._is_locked

    def set_seed(self, seed: int, *, locked: bool) -> None:
        self._seed, self._is_locked = seed, locked
        self._show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Typing ends with the keyboard: when it leaves, or with Escape or Enter."""
        if event.type() == QEvent.Type.FocusOut:
            self._close()
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyRelease and event.key() in _ENDS:
            self._number.setFocus(Qt.FocusReason.OtherFocusReason)
            self._close()
        return super().eventFilter(watched, event)

    def _open(self) -> None:
        self._number.hide()
        self._box.show()
        self._box.setFocus(Qt.FocusReason.OtherFocusReason)

    def _close(self) -> None:
        if not self._box.isHidden():
            self._box.hide()
            self._number.show()

    def _tell(self, value: float) -> None:
        self.seeded.emit(round(abs(value)) % MOST)

    def _show(self) -> None:
        self._box.set_value(self._seed)
        self._number.set_text(self.tr("Seed {}").format(self._seed))
        self._lock.set_icon("lock" if self._is_locked else "lock-open")
        self._lock.set_tip(self.tr("Let the seed change") if self._is_locked else self.tr("Keep this seed"))
        self._dice.setVisible(not self._is_locked)
