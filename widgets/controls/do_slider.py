"""The row of a factor that can be set: drag the knob, or use the keys, and see what follows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QCoreApplication, QRectF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QLineEdit, QSlider, QWidget

from widgets.controls.groove import paint_groove
from widgets.controls.row import ControlRow, change_text
from widgets.controls.slider_state import SliderState
from widgets.kit.painting import painter_on, text_in, text_width
from widgets.kit.value_box import ValueBox
from widgets.numbers import MINUS, format_number, format_range
from widgets.theme import Theme, font

_MARGIN = 12
"""Room left and right of the groove, so that knob and focus ring are whole at its ends."""
_GROOVE_Y = 36
_END, _BESIDE_BOX = 32, 28
"""Room for the high end beside the groove, and what of it decimals may fill: they are not to touch the value box."""
_NOTCHES = 1000
_OPENS = f"0123456789+-{MINUS}"
"""What begins a number opens the value box."""


class DoSliderRow(ControlRow):
    """A number on a groove. Press or drag to set it; the round arrow frees it, the padlock holds it.

    Keys: arrows move by 1 % of the data's range, Shift ten times that, Alt a tenth; Home and End go to the ends of the
    data; a digit opens the value box; Backspace frees, H holds. While the hand is on the knob it shows where the hand
    is, whatever is set meanwhile; setting a state never fires a signal.
    """

    moved = Signal(float)         # while dragging, from the press on, raw units
    released = Signal(float)      # the hand let go
    typed = Signal(float)         # a value from the box or from an assistive tool

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = SliderState(name="", value=0.0, low=0.0, high=1.0)
        self._refusal = ""
        self._groove = _Groove(self)
        self._box = ValueBox("", 2, self)
        self._field: Any = self._box.findChild(QLineEdit)
        self._groove.moved.connect(self._move)
        self._groove.released.connect(self._release)
        self._groove.stepped_to.connect(self._type)
        self._groove.focused.connect(self.selected)
        self._box.value_edited.connect(self._type)
        self._box.refused.connect(self._refuse)
        self.setTabOrder(self._groove, self._box)
        self.setTabOrder(self._box, self._tool)
        self.setFocusProxy(self._groove)
        self._follow_theme()

    def state(self) -> SliderState:
        """What is shown now; while dragged, with the value under the hand."""
        return self._groove.state()

    def set_state(self, state: SliderState) -> None:
        if state == self._state and not self._groove.differs():
            return
        self._state = state
        self._groove.set_state(state)
        self._refresh()

    def open_value(self) -> None:
        """Put the keyboard into the value box, its number selected."""
        self._box.setFocus(Qt.FocusReason.OtherFocusReason)

    def change(self) -> str:
        state = self.state()
        return "" if state.factual is None else change_text(state.factual, state.value, state.decimals)

    def handle_key(self, event: QKeyEvent) -> bool:
        if event.text() and event.text() in _OPENS and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.open_value()
            QCoreApplication.sendEvent(self._field, event)
            return True
        return super().handle_key(event)

    def status_line(self, theme: Theme) -> tuple[str, QColor]:
        state = self.state()
        if self._refusal:
            return self._refusal, theme.err
        if state.beyond(state.value):
            return self.tr("beyond the data"), theme.acc if state.intervened else theme.t2
        return super().status_line(theme)

    def status_room(self, theme: Theme) -> float:
        """Up to the low end of the groove, where that stands on the same line."""
        room = super().status_room(theme)
        if self.is_tight() or self.is_stacked():
            return room
        low, _ = self._ends(theme)
        return min(room, self.middle().left() - theme.px(10) - text_width(low, font("caption")) - theme.px(6))

    def _ends(self, theme: Theme) -> tuple[str, str]:
        state = self.state()
        rooms = theme.px(_END), theme.px(_BESIDE_BOX)
        low, high = (_end_text(end, state.decimals, room) for end, room in zip(state.span, rooms, strict=True))
        return low, high

    def paint_middle(self, painter: QPainter, theme: Theme) -> None:
        middle, (low, high) = self.middle(), self._ends(theme)
        if self.is_tight() and not self.is_stacked():
            return
        y, height = middle.top() + theme.px(_GROOVE_Y) - theme.px(9), theme.px(18)
        left = QRectF(middle.left() - theme.px(10) - theme.px(56), y, theme.px(56), height)
        text_in(painter, left, low, font("caption"), theme.t2, Qt.AlignmentFlag.AlignRight)
        right = QRectF(middle.right() + 1 + theme.px(9), y, theme.px(_END), height)
        text_in(painter, right, high, font("caption"), theme.t2)

    def _place(self) -> None:
        super()._place()
        middle = self.middle()
        self._groove.setGeometry(middle.adjusted(-_MARGIN, 0, _MARGIN, 0))
        self._box.setGeometry(self.value_place())
        self._tell_ends()

    def _tell_ends(self) -> None:
        """Where the ends of the groove are not written, they can be read as its tooltip."""
        state, hidden = self.state(), self.is_tight() and not self.is_stacked()
        self._groove.setToolTip(format_range(*state.span, state.unit, state.decimals) if hidden else "")

    def _refresh(self) -> None:
        state = self.state()
        self._box.set_name(self.tr("{}, value").format(state.name))
        self._box.set_unit(state.unit)
        self._box.set_precision(state.decimals)
        self._box.set_range(*state.limits)
        self._box.set_state("do" if state.intervened else ("follows" if state.how == "follows" else "plain"))
        self._box.set_value(state.value)
        said = self._spoken(state)
        self.setAccessibleName(said)
        self._groove.setAccessibleName(said)
        self._tell_ends()
        self.refresh()
        self._groove.update()

    def _spoken(self, state: SliderState) -> str:
        how = {
            "do": self.tr("do"), "held": self.tr("do, held"), "follows": self.tr("follows"), "free": self.tr("free"),
            "setting": "",
        }[state.how]
        parts = [state.name, how, format_number(state.value, state.unit, state.decimals)]
        if state.factual is not None:
            parts.append(self.tr("factual {}").format(format_number(state.factual, "", state.decimals)))
        if state.beyond(state.value):
            parts.append(self.tr("beyond the data"))
        return ", ".join(part for part in parts if part)

    def _move(self, value: float) -> None:
        self._refresh()
        self.moved.emit(value)

    def _release(self, value: float) -> None:
        self._refresh()
        self.released.emit(value)

    def _type(self, value: float) -> None:
        if self._field.hasFocus():
            self._groove.setFocus(Qt.FocusReason.OtherFocusReason)
        self.typed.emit(self._state.held(value))

    def _refuse(self, why: str) -> None:
        self._refusal = why
        self.update()


def _end_text(value: float, decimals: int, room: float) -> str:
    """An end of the groove with as many decimals as have room."""
    exact = [places for places in range(decimals) if value == round(value, places)]
    texts = [format_number(value, "", places) for places in (decimals, *exact, *range(decimals, -1, -1))]
    return next((text for text in texts if text_width(text, font("caption")) <= room), texts[-1])


class _Groove(QSlider):
    """The part that takes hand and keys. A QSlider, so that screen readers find a slider with a value."""

    moved = Signal(float)
    released = Signal(float)
    stepped_to = Signal(float)
    focused = Signal()

    def __init__(self, row: DoSliderRow) -> None:
        super().__init__(Qt.Orientation.Horizontal, row)
        self._row = row
        self._state = SliderState(name="", value=0.0, low=0.0, high=1.0)
        self._by_hand: float | None = None
        self._pressed = False
        self._grip = 0.0
        self._key_down = False
        self.setRange(0, _NOTCHES)
        self.setProperty("ringRadius", -1.0)      # the knob wears its own
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.valueChanged.connect(self._assisted)

    def state(self) -> SliderState:
        if self._by_hand is None:
            return self._state
        how = "do" if self._state.how in ("free", "follows", "held") else self._state.how
        return replace(self._state, value=self._by_hand, how=how, spread=None)

    def differs(self) -> bool:
        """Whether something else than the last state is shown."""
        return self._by_hand is not None and not self._pressed

    def set_state(self, state: SliderState) -> None:
        self._state = state
        if not self._pressed:
            self._by_hand = None
        self._announce()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self._pressed = True
        x = event.position().x()
        knob = self._line().left() + self._state.share(self._state.value) * self._line().width()
        on_knob = abs(knob - x) <= 10
        self._grip = knob - x if on_knob else 0.0
        self._take(self._state.held(self._state.value) if on_knob else self._value_at(x))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed:
            self._take(self._value_at(event.position().x() + self._grip))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed and event.button() == Qt.MouseButton.LeftButton:
            self._pressed = False
            self.released.emit(self.state().value)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()            # rows scroll under the pointer; a wheel must not set anything

    def keyPressEvent(self, event: QKeyEvent) -> None:
        target = self._target(event)
        if target is not None:
            self._key_down = True
            self._take(self._state.held(target))
        elif not self._row.handle_key(event):
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if self._key_down and not event.isAutoRepeat() and self._target(event) is not None:
            self._key_down = False
            self.released.emit(self.state().value)
            return
        super().keyReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if self._key_down:
            self._key_down = False
            self.released.emit(self.state().value)
        super().focusOutEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = painter_on(self)
        paint_groove(painter, self._line(), self.state(), Theme.current(), focused=self.hasFocus())

    def _line(self) -> QRectF:
        y = Theme.current().px(_GROOVE_Y)
        return QRectF(_MARGIN, y - 1.5, self.width() - 2 * _MARGIN, 3)

    def _value_at(self, x: float) -> float:
        line = self._line()
        return self._state.at(min(max((x - line.left()) / max(line.width(), 1), 0.0), 1.0))

    def _target(self, event: QKeyEvent) -> float | None:
        """Where a key leads, None if it leads nowhere."""
        state = self.state()
        ends = {Qt.Key.Key_Home: state.low, Qt.Key.Key_End: state.high}
        if event.key() in ends:
            return ends[Qt.Key(event.key())]
        signs = {Qt.Key.Key_Right: 1, Qt.Key.Key_Up: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: -1}
        sign = signs.get(Qt.Key(event.key()))
        if sign is None:
            return None
        step = 0.01 * (state.high - state.low)
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            step *= 10
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            step /= 10
        return state.value + sign * max(step, 10.0**-state.decimals)

    def _take(self, value: float) -> None:
        self._by_hand = value
        self._announce()
        self.update()
        self.moved.emit(value)

    def _announce(self) -> None:
        state = self.state()
        with QSignalBlocker(self):
            self.setValue(round(state.share(state.value) * _NOTCHES))

    def _assisted(self, notch: int) -> None:
        """An assistive tool moved the slider."""
        self._by_hand = self._state.at(notch / _NOTCHES)
        self.update()
        self.stepped_to.emit(self._by_hand)
