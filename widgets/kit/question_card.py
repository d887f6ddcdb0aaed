"""One question of the start page, as the analyst would ask it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.kit.control import Control
from widgets.kit.painting import TILE, icon_tile, painter_on, surface, two_lines
from widgets.theme import Theme, draw_icon, known_icon

_TEXT = 72
_ARROWED = 330          # px; in a narrower card the question needs the room of the arrow


class QuestionCard(Control):
    """One question: icon on a tile, the question, what it needs, an arrow. 76 high, made for a width of 392."""

    def __init__(self, icon: str, question: str, need: str, parent: QWidget | None = None) -> None:
        super().__init__(question, parent, ring_radius=9)
        self._icon = known_icon(icon)
        self._need, self._missing = need, ""
        self._low = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._name()

    def set_missing(self, missing: str) -> None:
        """Fade, and say what the data lacks for this question; "" brings it back. It can still be chosen."""
        self._missing = missing
        self._name()
        self.update()

    def set_low(self, low: bool) -> None:
        """60 instead of 76 px high, for low windows."""
        if low != self._low:
            self._low = low
            self.updateGeometry()

    def is_faded(self) -> bool:
        return bool(self._missing)

    def sizeHint(self) -> QSize:
        return QSize(392, Theme.current().px(60 if self._low else 76))

    def minimumSizeHint(self) -> QSize:
        return QSize(240, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.current()
        painter = painter_on(self)
        box = self.box()
        surface(painter, box, theme, 10, theme.bg2 if self.isDown() else None)
        awake = (self.is_hovered() or self.hasFocus()) and not self._missing
        first, second = (theme.t3, theme.t3) if self._missing else (theme.t1, theme.t2)
        middle = box.center().y() - 0.5
        icon_tile(painter, QRectF(16, middle - TILE / 2, TILE, TILE), self._icon, theme, awake, faint=self.is_faded())
        arrowed = box.width() >= _ARROWED
        width = box.width() - _TEXT - (44 if arrowed else 16)
        lines = 2 if self._low else 3
        two_lines(
            painter, QPointF(_TEXT, middle), width, self.text(), self._missing or self._need, first, second, lines=lines
        )
        if arrowed:
            arrow = "arrow-right" if awake else "chevron-right"
            draw_icon(painter, arrow, QPointF(box.right() - 26, middle), theme.t1 if awake else second)

    def _name(self) -> None:
        self.setAccessibleName(self.text())
        self.setAccessibleDescription(self._missing or self._need)
