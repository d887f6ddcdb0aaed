"""The frame of every row under "Do": name and status left, change and one small tool right, the control between."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.kit.follow import follow_theme
from widgets.kit.painting import painter_on, rounded, text_in, text_width
from widgets.kit.tool_button import ToolButton
from widgets.numbers import format_change
from widgets.theme import Theme, font, line_height

_WHOLE, _TIGHT = 560, 420       # px of a row below which the ends of the groove give way, and the control goes under
_UNDER = 38                     # px by which it lies lower then
LEAST = 300                     # px of the narrowest row
How = Literal["do", "held", "follows", "free", "setting"]
"""Set by the analyst; held at its factual value (a do as well); follows from what was set; as it was; not a factor."""


@dataclass(frozen=True, kw_only=True)
class RowState:
    """What every row shows: its name, why it has its value, and a few words about that."""

    name: str
    how: How = "free"
    status: str = ""

    @property
    def intervened(self) -> bool:
        return self.how in ("do", "held")


class ControlRow(QWidget):
    """Base of the rows. Backspace sets the factor free, H holds it at its factual value or lets it go.

    A subclass places its control in `middle()` and gives `state` and, if it has one, `change`.
    """

    freed = Signal()              # the user wants the factor to be as it was
    held = Signal(bool)           # the user closed (True) or opened the padlock
    selected = Signal()           # the row got the keyboard or a click
    change_width = 68
    beside = 204                  # px right of the name that value, change and tool take where the control lies below

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._compact = False
        self._high = 0                  # as laid out last, px
        self._tool = ToolButton("lock-open", "", self)
        self._tool.clicked.connect(self._use_tool)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def state(self) -> RowState:
        """What is shown now; a subclass gives its own."""
        return RowState(name="")

    def change(self) -> str:
        """The signed change to the right, empty if there is none."""
        return ""

    def is_compact(self) -> bool:
        return self._compact

    def set_compact(self, compact: bool) -> None:
        """Rows of 54 instead of 60 px, for low windows."""
        if compact != self._compact:
            self._compact = compact
            self._restyle()

    # Geometry, in px from the left edge; LOOK gives the widths.

    def is_tight(self) -> bool:
        """Whether there is too little room for all of it in one line."""
        return self.width() < Theme.current().px(_WHOLE)

    def is_stacked(self) -> bool:
        """Whether there is so little room that the control lies under the name."""
        return self.width() < Theme.current().px(_TIGHT)

    def middle(self) -> QRect:
        """Where the control lies: between name and value box, or under both."""
        px = Theme.current().px
        if self.is_stacked():
            left, right, top = *self._under(px), px(_UNDER)
        elif self.is_tight():
            left, right, top = px(124), px(self._right_of_control()), 0
        else:
            left, right, top = px(162 if self._compact else 180), px(240), 0
        return QRect(left, top, max(self.width() - right - left, 1), self.height() - top)

    def value_place(self) -> QRect:
        """Where the value box lies, 92 x 28."""
        px = Theme.current().px
        return QRect(self.width() - px(196), px(10), px(92), px(28))

    def sizeHint(self) -> QSize:
        return QSize(Theme.current().px(800), self._row_height())

    def minimumSizeHint(self) -> QSize:
        return QSize(Theme.current().px(LEAST), self._row_height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self._row_height() != self._high:
            self._restyle()
        self._place()
        super().resizeEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.selected.emit()
        super().mousePressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.selected.emit()
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.handle_key(event):
            super().keyPressEvent(event)

    def handle_key(self, event: QKeyEvent) -> bool:
        """The keys that all rows know; a control passes on what it does not use itself."""
        state = self.state()
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier or state.how == "setting":
            return False
        if event.key() == Qt.Key.Key_Backspace and state.intervened:
            self.freed.emit()
            return True
        if event.key() == Qt.Key.Key_H:
            self.held.emit(state.how != "held")
            return True
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = painter_on(self)
        theme = Theme.current()
        self.paint_head(painter, theme)
        self.paint_change(painter, theme)
        self.paint_middle(painter, theme)

    def paint_head(self, painter: QPainter, theme: Theme) -> None:
        """Name with the do tag, and the status under it; one line in the middle where there is no status."""
        state = self.state()
        status, colour = self.status_line(theme)
        x, width = 0.0, self._name_room(theme)
        top = self._head_top(theme, bool(status))
        line = line_height("title")
        if state.intervened:
            x = paint_do_tag(painter, 0, top + line / 2, theme, self.tr("do")) + 7
        text_in(painter, QRectF(x, top, width - x, line), state.name, font("title"), theme.t1)
        if status:
            place = QRectF(0, top + line - theme.px(1), self.status_room(theme), line_height("caption"))
            text_in(painter, place, status, font("caption"), colour)

    def status_room(self, theme: Theme) -> float:
        """How wide the status may be before it meets the control."""
        return self._name_room(theme) + theme.px(0 if self.is_tight() else 14)

    def status_line(self, theme: Theme) -> tuple[str, QColor]:
        """Text and colour of the status."""
        state = self.state()
        return state.status, theme.acc if state.intervened else theme.t2

    def paint_change(self, painter: QPainter, theme: Theme) -> None:
        state = self.state()
        if state.how == "setting":
            return
        text = self.change()
        face = font("title") if text else font("second")
        right = self._tool.x() - theme.px(6)
        middle = self._tool.geometry().center().y() + 0.5
        width = theme.px(self.change_width)
        box = QRectF(right - width, middle - theme.px(10), width, theme.px(20))
        colour = theme.acc if text else theme.t2
        text_in(painter, box, text or self.tr("unchanged"), face, colour, Qt.AlignmentFlag.AlignRight)

    def paint_middle(self, painter: QPainter, theme: Theme) -> None:
        """What a subclass paints round its control."""

    def refresh(self) -> None:
        """Show the state that has just changed."""
        state = self.state()
        icon, tip = {
            "do": ("rotate-ccw", self.tr("Set {} free again")),
            "held": ("lock", self.tr("Let {} follow again")),
            "follows": ("lock-open", self.tr("Hold {} at its factual value")),
            "free": ("lock-open", self.tr("Hold {} at its factual value")),
            "setting": ("lock-open", "{}"),
        }[state.how]
        self._tool.set_icon(icon)
        self._tool.set_tip(tip.format(state.name))
        self._tool.setVisible(state.how != "setting")
        self._tell_name()
        self.update()

    def _tell_name(self) -> None:
        """A name or a status that is cut off can be read whole as a tooltip."""
        state, theme = self.state(), Theme.current()
        room = self._name_room(theme) - (34 if state.intervened else 0)
        status, _ = self.status_line(theme)
        cut = [state.name] if text_width(state.name, font("title")) > room else []
        cut += [status] if text_width(status, font("caption")) > self.status_room(theme) else []
        self.setToolTip(", ".join(cut))

    def _name_room(self, theme: Theme) -> int:
        if self.is_stacked():
            return self.width() - theme.px(self.beside)
        return theme.px(118 if self._compact or self.is_tight() else 136)

    def _row_height(self) -> int:
        lower = _UNDER if self.is_stacked() else 0
        return Theme.current().px((54 if self._compact else 60) + lower)

    def _right_of_control(self) -> int:
        """Px of value, change and tool where there is no room for the ends of the groove."""
        return 214

    def _under(self, px: Callable[[float], int]) -> tuple[int, int]:
        """Px left and right of a control that lies under the name."""
        return px(44), px(44)

    def _head_top(self, theme: Theme, with_status: bool) -> int:
        return theme.px(7) if with_status else theme.px(14)

    def _tool_middle(self) -> int:
        return Theme.current().px(24)

    def _place(self) -> None:
        side = self._tool.sizeHint()
        self._tool.setGeometry(
            self.width() - side.width(), self._tool_middle() - side.height() // 2, side.width(), side.height()
        )

    def _restyle(self) -> None:
        self._high = self._row_height()
        self.setFixedHeight(self._high)
        self.updateGeometry()
        self._place()
        self.update()

    def _use_tool(self) -> None:
        how = self.state().how
        if how == "do":
            self.freed.emit()
        else:
            self.held.emit(how != "held")

    def _follow_theme(self) -> None:
        """Called last by a subclass's constructor, when all its parts are there."""
        follow_theme(self._restyle)


class LowRow(ControlRow):
    """A row whose control needs no groove: choices, switches, whole numbers."""

    change_width = 180
    beside = 224

    def _row_height(self) -> int:
        lower = _UNDER if self.is_stacked() else 0
        return Theme.current().px((38 if self._compact else 44) + lower)

    def _right_of_control(self) -> int:
        return 224 if self.state().how != "setting" else 6

    def _under(self, px: Callable[[float], int]) -> tuple[int, int]:
        return px(6), px(6)

    def _control_middle(self) -> int:
        """Height at which the middle of the control lies."""
        return self.middle().top() + self._tool_middle()

    def _head_top(self, theme: Theme, with_status: bool) -> int:
        return theme.px(0 if with_status else 8)

    def _tool_middle(self) -> int:
        return Theme.current().px(16 if self._compact else 18)


def change_text(before: float, after: float, decimals: int) -> str:
    """The signed change, as +1.30 or −126; empty if nothing can be seen to change at these decimals."""
    change = round(after, decimals) - round(before, decimals)
    if not math.isfinite(change) or abs(change) < 0.5 * 10.0**-decimals:
        return ""
    return format_change(change, "", decimals)


def paint_do_tag(painter: QPainter, left: float, middle: float, theme: Theme, word: str) -> float:
    """The filled accent tag before the name of what was set. Returns its right edge."""
    face = font("strong_caption", weight=600, scale=theme.scale)
    width = text_width(word, face) + 2 * theme.px(5)
    height = theme.px(16)
    tag = QRectF(left, round(middle - height / 2), round(width), height)
    rounded(painter, tag, 4, theme.acc)
    text_in(painter, tag, word, face, theme.on_acc, Qt.AlignmentFlag.AlignHCenter)
    return tag.right()
