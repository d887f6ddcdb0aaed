"""The row of a factor or setting that is on or off, and the switch itself."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QWidget

from widgets.controls.row import LowRow, RowState
from widgets.kit.control import OFF_OPACITY, Control
from widgets.kit.painting import painter_on, rounded
from widgets.theme import Theme


@dataclass(frozen=True, kw_only=True)
class ToggleState(RowState):
    """On or off; `factual` is None for a setting."""

    value: bool
    factual: bool | None = None


class Switch(Control):
    """28 x 16, the knob right and the track filled when on. Space turns it. With `accent` on is a do."""

    def __init__(self, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__("", parent, ring_radius=8)
        self.setAccessibleName(name)
        self.setCheckable(True)
        self._accent = False

    def set_accent(self, accent: bool) -> None:
        self._accent = accent
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(32, 24)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.current()
        painter = painter_on(self)
        painter.setOpacity(1 if self.isEnabled() else OFF_OPACITY)
        track = QRectF(2, (self.height() - 16) / 2, 28, 16)
        on = self.isChecked()
        filled = theme.acc if self._accent else theme.ink
        rounded(painter, track, 8, filled if on else theme.bg3, None if on else theme.strong)
        x = track.right() - 8 if on else track.left() + 8
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush((theme.on_acc if self._accent else theme.on_ink) if on else theme.t2)
        painter.drawEllipse(QPointF(x, track.center().y()), 5, 5)


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
        self._switch.set_accent(state.intervened)
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
            self.middle().left() - 2, self._tool_middle() - size.height() // 2, size.width(), size.height()
        )
