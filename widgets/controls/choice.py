"""The row of a factor that is one of a few: a segmented row, or a list where the names do not fit side by side."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QSignalBlocker, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QWidget

from widgets.controls.row import LowRow, RowState
from widgets.kit.painting import text_width
from widgets.kit.segmented import Segmented
from widgets.theme import Theme, font


@dataclass(frozen=True, kw_only=True)
class ChoiceState(RowState):
    """A category: what it can be, what it was (None for a setting) and what it is."""

    options: tuple[str, ...]
    value: str
    factual: str | None = None


class ChoiceRow(LowRow):
    """One of a few options. Click, or arrow keys; Backspace frees, H holds."""

    chosen = Signal(str)          # an option, by the user's hand

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = ChoiceState(name="", options=(), value="")
        self._segments = Segmented((), self)
        self._list = QComboBox(self)
        self._segments.chosen.connect(self._tell)
        self._list.activated.connect(self._tell)
        self.setTabOrder(self._segments, self._list)
        self.setTabOrder(self._list, self._tool)
        self._follow_theme()

    def state(self) -> ChoiceState:
        return self._state

    def set_state(self, state: ChoiceState) -> None:
        if state == self._state:
            return
        options_changed = state.options != self._state.options
        self._state = state
        with QSignalBlocker(self._segments), QSignalBlocker(self._list):
            if options_changed:
                self._segments.set_options(state.options)
                self._list.clear()
                self._list.addItems(list(state.options))
            if state.value in state.options:
                self._segments.set_current(state.options.index(state.value))
                self._list.setCurrentIndex(state.options.index(state.value))
        self._place()
        said = self._spoken()
        for widget in (self, self._segments, self._list):
            widget.setAccessibleName(said)
        self.refresh()

    def change(self) -> str:
        state = self._state
        return "" if state.factual in (None, state.value) else self.tr("was {}").format(state.factual)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.handle_key(event):
            super().keyPressEvent(event)

    def _spoken(self) -> str:
        state = self._state
        parts = [state.name, self.tr("do") if state.intervened else "", state.value]
        if state.factual is not None:
            parts.append(self.tr("factual {}").format(state.factual))
        return ", ".join(part for part in parts if part)

    def _tell(self, index: int) -> None:
        self.selected.emit()
        self.chosen.emit(self._state.options[index])

    def _needed(self) -> float:
        """Width of the segments: all are as wide as the widest."""
        face = font("button", weight=600)
        return len(self._state.options) * max((text_width(text, face) + 20 for text in self._state.options), default=0)

    def _place(self) -> None:
        super()._place()
        px = Theme.current().px
        middle = self.middle()
        place = QRect(middle.left(), middle.top() + px(2 if self._compact else 4), middle.width(), px(28))
        fits = self._needed() <= place.width()
        self._segments.setGeometry(place)
        self._list.setGeometry(place)
        self._segments.setVisible(fits)
        self._list.setVisible(not fits)
        self.setFocusProxy(self._segments if fits else self._list)
