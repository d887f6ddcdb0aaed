"""Buttons with a word: one primary in a window, plain ones, ghosts without a box, and toggles for the top bar."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from widgets.kit.control import OFF_OPACITY, Control, mixed
from widgets.kit.painting import painter_on, rounded, text_in, text_width
from widgets.theme import FontRole, Theme, draw_icon, faded, font, known_icon

ButtonKind = Literal["primary", "plain", "ghost", "toggle"]

_GAP = 7
_CHEVRON = 14


class Button(Control):
    """A verb that says what happens. With `menu` it carries a chevron; checkable ghosts and toggles stay lit.

    Heights: primary 32, the others 28, or `height`. The text is the accessible name.
    """

    def __init__(
        self, text: str, kind: ButtonKind = "plain", icon: str = "", parent: QWidget | None = None, *,
        menu: bool = False, height: int = 0, role: FontRole = "button",
    ) -> None:
        super().__init__(text, parent)
        self._kind = kind
        self._icon = known_icon(icon)
        self._menu = menu
        self._height = height or (32 if kind == "primary" else 28)
        self._role = role
        self.setCheckable(kind == "toggle")

    def kind(self) -> ButtonKind:
        return self._kind

    def set_kind(self, kind: ButtonKind) -> None:
        self._kind = kind
        self._restyle()

    def set_text(self, text: str) -> None:
        self.setText(text)
        self._restyle()

    def set_icon(self, icon: str) -> None:
        self._icon = known_icon(icon)
        self._restyle()

    def sizeHint(self) -> QSize:
        theme = Theme.current()
        width = 2 * self._padding() + text_width(self.text(), font(self._role, weight=600))
        width += (16 + _GAP if self._icon else 0) + (_CHEVRON + 4 if self._menu else 0)
        return QSize(round(width + 0.5), theme.px(self._height))

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.current()
        painter = painter_on(self)
        painter.setOpacity(1 if self.isEnabled() else OFF_OPACITY)
        box = self.box()
        ink = self._paint_ground(painter, theme, box)
        weight = 600 if self._kind == "primary" or self.isChecked() else None
        face = font(self._role, weight=weight)
        extra = (16 + _GAP if self._icon else 0) + (_CHEVRON + 4 if self._menu else 0)
        room = max(box.width() - 2 * self._padding() - extra, 0)
        used = min(text_width(self.text(), face), room)
        x = (box.width() - used - extra) / 2
        if self._icon:
            tint = ink if self._kind in ("primary", "plain") or self.isChecked() else theme.t2
            draw_icon(painter, self._icon, QPointF(x + 8, box.center().y()), tint)
            x += 16 + _GAP
        text_in(painter, QRectF(x, 0, used + 1, box.height()), self.text(), face, ink)
        if self._menu:
            centre = QPointF(x + used + 4 + _CHEVRON / 2, box.center().y())
            draw_icon(painter, "chevron-down", centre, theme.t2, _CHEVRON)

    def _padding(self) -> int:
        return {"primary": 14, "plain": 12, "ghost": 8, "toggle": 10}[self._kind]

    def _paint_ground(self, painter: QPainter, theme: Theme, box: QRectF) -> QColor:
        if self._kind == "primary":
            ground = theme.ink
            if self.isDown() or self.is_hovered():
                ground = mixed(theme.ink, theme.bg1, 0.24 if self.isDown() else 0.12)
            rounded(painter, box, 6, ground)
            return theme.on_ink
        if self._kind == "plain":
            edge = theme.strong if theme.high_contrast else faded(theme.strong, 0.55)
            rounded(painter, box, 6, self.ground(theme, theme.bg1, on=theme.bg3), edge, theme.border)
            return theme.t1
        on = theme.bg4 if self._kind == "toggle" and not theme.dark else theme.bg3
        rounded(painter, box, 6, self.ground(theme, on=on))
        return theme.t1 if self._kind == "ghost" or self.isChecked() else theme.t2
