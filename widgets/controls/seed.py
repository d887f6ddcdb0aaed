"""The seed of all chance in an answer: a number, a padlock that keeps it, dice that throw a new one."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from widgets.kit.label import Label
from widgets.kit.tool_button import ToolButton
from widgets.kit.value_box import ValueBox

MOST = 2**31 - 1


class SeedRow(QWidget):
    """While the padlock is closed the seed stays as it is and the dice are off. The box takes a number."""

    seeded = Signal(int)          # a seed was typed
    thrown = Signal()             # a new seed is wanted; the owner draws it
    locked = Signal(bool)         # the padlock was closed or opened

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seed, self._is_locked = 0, True
        self._box = ValueBox("", 0, self, name=self.tr("Seed"))
        self._lock = ToolButton("lock", "", self, checkable=True)
        self._dice = ToolButton("dices", self.tr("New seed"), self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for widget in (self._lock, Label(self.tr("Seed"), "button"), self._box, self._dice):
            row.addWidget(widget)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._box.value_edited.connect(lambda value: self.seeded.emit(round(abs(value)) % MOST))
        self._dice.clicked.connect(self.thrown)
        self._lock.clicked.connect(self.locked)
        self.setFocusProxy(self._box)
        self._show()

    def seed(self) -> int:
        return self._seed

    def is_locked(self) -> bool:
        return self._is_locked

    def set_seed(self, seed: int, *, locked: bool) -> None:
        self._seed, self._is_locked = seed, locked
        self._show()

    def _show(self) -> None:
        self._box.set_value(self._seed)
        with QSignalBlocker(self._lock):
            self._lock.setChecked(self._is_locked)
        self._lock.set_icon("lock" if self._is_locked else "lock-open")
        self._lock.set_tip(self.tr("Let the seed change") if self._is_locked else self.tr("Keep this seed"))
        self._dice.setEnabled(not self._is_locked)
