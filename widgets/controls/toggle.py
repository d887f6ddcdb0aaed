"""The row of a factor or setting that is on or off."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from widgets.controls.row import LowRow, RowState
from widgets.kit.switch import Switch


@dataclass(frozen=True, kw_only=True)
class ToggleState(RowState):
    """On or off; `factual` is None for a setting."""

    value: bool
    factual: bool | None = None


class ToggleRow(LowRow):
    """A switch. Space turns it; Backspace frees, H holds."""

    toggled = Signal(bool)        # by the user's hand

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = ToggleState(name="", value=False)
        self._switch = Switch("", self)
        self._switch.clicked.connect(self._tell)
        self.setTabOrder(self._switch, self._tool)
        self.setFocusProxy(self._switch)
        self._follow_theme()

    def state(self) -> ToggleState:
        return self._state

    def set_state(self, state: ToggleState) -> None:
        if state == self._state:
            return
        self._state = state
        with QSignalBlocker(self._switch):
            self._switch.setChecked(state.value)
        word = self.tr("on") if state.value else self.tr("off")
        said = ", ".join(part for part in (state.name, self.tr("do") if state.intervened else "", word) if part)
        self.setAccessibleName(said)
        self._switch.setAccessibleName(said)
        self.refresh()

    def change(self) -> str:
        state = self._state
        if state.factual is None or state.factual == state.value:
            return ""
        return self.tr("was on") if state.factual else self.tr("was off")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.handle_key(event):
            super().keyPressEvent(event)

    def _tell(self, on: bool) -> None:
        self.selected.emit()
        self.toggled.emit(on)

    def _place(self) -> None:
        super()._place()
        size = self._switch.sizeHint()
        self._switch.setGeometry(
            self.middle().left(), self._control_middle() - size.height() // 2, size.width(), size.height()
        )
