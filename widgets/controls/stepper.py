"""The row of a whole number: minus, the value, plus."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QRect, Signal
from PySide6.QtWidgets import QWidget

from widgets.controls.row import LowRow, RowState, change_text
from widgets.kit.tool_button import ToolButton
from widgets.kit.value_box import ValueBox
from widgets.numbers import format_number
from widgets.theme import Theme


@dataclass(frozen=True, kw_only=True)
class StepperState(RowState):
    """A whole number within its ends; `factual` is None for a setting."""

    value: int
    low: int
    high: int
    unit: str = ""
    factual: int | None = None


class StepperRow(LowRow):
    """A whole number. Up and down move by a hundredth of the range and at least by one."""

    stepped = Signal(int)         # a new value, by the user's hand

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = StepperState(name="", value=0, low=0, high=1)
        self._less = ToolButton("minus", self.tr("One less"), self)
        self._more = ToolButton("plus", self.tr("One more"), self)
        self._box = ValueBox("", 0, self)
        self._less.clicked.connect(lambda: self._step(-1))
        self._more.clicked.connect(lambda: self._step(1))
        self._box.value_edited.connect(self._type)
        for button in (self._less, self._more):
            button.setAutoRepeat(True)
        self.setTabOrder(self._less, self._box)
        self.setTabOrder(self._box, self._more)
        self.setTabOrder(self._more, self._tool)
        self.setFocusProxy(self._box)
        self._follow_theme()

    def state(self) -> StepperState:
        return self._state

    def set_state(self, state: StepperState) -> None:
        if state == self._state:
            return
        self._state = state
        said = ", ".join((state.name, format_number(state.value, state.unit, 0)))
        self.setAccessibleName(said)
        self._box.set_name(said)
        self._box.set_unit(state.unit)
        self._box.set_range(state.low, state.high)
        self._box.set_state("do" if state.intervened else "plain")
        self._box.set_value(state.value)
        self._less.setEnabled(state.value > state.low)
        self._more.setEnabled(state.value < state.high)
        self.refresh()

    def change(self) -> str:
        return "" if self._state.factual is None else change_text(self._state.factual, self._state.value, 0)

    def _type(self, value: float) -> None:
        """A typed value, or a step of the box, which may be a fraction: at least one in its direction."""
        self._tell(math.ceil(value) if value > self._state.value else math.floor(value))

    def _step(self, by: int) -> None:
        self._tell(min(max(self._state.value + by, self._state.low), self._state.high))

    def _tell(self, value: int) -> None:
        self.selected.emit()
        if value != self._state.value:
            self.stepped.emit(value)

    def _place(self) -> None:
        super()._place()
        px = Theme.current().px
        x, top = self.middle().left(), self._control_middle() - px(14)
        side = self._less.sizeHint().width()
        self._less.setGeometry(QRect(x - px(6), top, side, px(28)))
        self._box.setGeometry(QRect(x - px(6) + side + 4, top, px(92), px(28)))
        self._more.setGeometry(QRect(x - px(6) + side + 4 + px(92) + 4, top, side, px(28)))
