"""The card of one result: title, small drawing, one figure; grey while the result is still to come."""

from __future__ import annotations

from typing import Any, Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engines.results import Result
from widgets.cards.drawings import Drawing, drawing_of
from widgets.cards.figures import figure_of
from widgets.kit.control import Control
from widgets.kit.painting import painter_on, rounded, text_in
from widgets.theme import Theme, draw_icon, faded, font, line_height

CardState = Literal["ready", "coming", "missing"]

WIDTH = 280
_HEAD, _DRAWING, _FOOT, _PAD = 36, 112, 32, 14
_ICONS = {
    "curve": "chart-line", "table": "table-2", "images": "images", "graph": "waypoints", "matrix": "grid-2x2",
    "scatter": "chart-scatter", "histogram": "chart-column", "bars": "chart-column", "parallel": "sliders-horizontal",
    "text": "file-text",
}
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1}


class ResultCard(Control):
    """Checked means chosen. A click chooses; the arrow keys ask for the card before or after (`stepped`).

    A new result replaces the one that is shown; the drawing is made when it is first painted.
    """

    stepped = Signal(int)           # -1 or 1; only by the user's hand

    def __init__(self, title: str, kind: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent, ring_radius=10)
        self._icon = _ICONS.get(kind, "file")
        self._result: Any = None
        self._drawing: Drawing | None = None
        self._state: CardState = "coming"
        self._figure = ""
        self.setCheckable(True)
        self.setAutoExclusive(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_waiting("")

    def result(self) -> Result | None:
        return self._result

    def state(self) -> CardState:
        return self._state

    def figure(self) -> str:
        """The line under the drawing."""
        return self._figure

    def set_result(self, result: Result) -> None:
        """Show a result, or a newer one of the same name."""
        if result is self._result:
            return
        self._result, self._drawing = result, None
        self._state, self._figure = "ready", figure_of(result)
        self.setText(result.title)
        self._name()

    def set_waiting(self, why: str, *, missing: bool = False) -> None:
        """No result yet, and why; `missing`: it will not come."""
        self._result, self._drawing = None, None
        self._state, self._figure = "missing" if missing else "coming", why
        self._name()

    def sizeHint(self) -> QSize:
        px = Theme.current().px
        return QSize(WIDTH, px(_HEAD) + _DRAWING + px(_FOOT))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    def nextCheckState(self) -> None:
        """A click chooses; it never unchooses."""
        self.setChecked(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        else:
            self.stepped.emit(step)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, painter = Theme.current(), painter_on(self)
        box = self.box()
        card_ground(painter, box, theme, chosen=self.isChecked(), awake=self.is_hovered())
        head, foot = theme.px(_HEAD), theme.px(_FOOT)
        ready = self._state == "ready"
        left, width = _PAD, box.width() - 2 * _PAD
        sign = QPointF(box.right() - _PAD - 7, 8 + line_height("title") / 2)
        draw_icon(painter, self._icon, sign, theme.t2 if ready else theme.t3, 14)
        title = QRectF(left, 8, width - 24, line_height("title"))
        text_in(painter, title, self.text(), font("title"), theme.t1 if ready else theme.t3)
        place = QRectF(left, head, width, _DRAWING)
        if self._result is not None:
            if self._drawing is None:
                self._drawing = drawing_of(self._result)
            painter.save()
            self._drawing(painter, place, theme)
            painter.restore()
        else:
            rounded(painter, place, 6, theme.bg2)
            draw_icon(painter, self._icon, place.center(), faded(theme.t3, 0.7), 24)
        line = QRectF(left, head + _DRAWING + 4, width, foot - 10)
        text_in(painter, line, self._figure, font("second"), theme.t2 if ready else theme.t3)

    def _name(self) -> None:
        self.setAccessibleName(self.text())
        self.setAccessibleDescription(self._figure)
        self.update()


def card_ground(painter: QPainter, box: QRectF, theme: Theme, *, chosen: bool, awake: bool) -> None:
    """A card that lies on a panel: a hairline round it, an ink edge at its left while it is chosen."""
    rounded(painter, box, 10, theme.bg3 if chosen else theme.bg2 if awake else theme.bg1, theme.line, theme.border)
    if chosen:
        rounded(painter, QRectF(0, 12, 3, box.height() - 24), 1.5, theme.ink)
