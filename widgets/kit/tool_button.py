"""A tool: 28 x 28 to hit, a Lucide icon of 16, a sentence as tooltip and name."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from widgets.kit.control import OFF_OPACITY, Control
from widgets.kit.painting import painter_on, rounded
from widgets.theme import Theme, draw_icon, known_icon


class ToolButton(Control):
    """An icon that does something. `tip` says what, in words; `keys` is added to the tooltip.

    A checkable tool stays grey while on; with `strong` it turns ink, for the one tool in hand.
    """

    def __init__(
        self, icon: str, tip: str, parent: QWidget | None = None, *,
        checkable: bool = False, strong: bool = False, keys: str = "",
    ) -> None:
        super().__init__("", parent)
        self._icon = known_icon(icon)
        self._strong = strong
        self._keys = keys
        self.setCheckable(checkable)
        self.set_tip(tip)

    def icon_name(self) -> str:
        return self._icon

    def set_icon(self, icon: str) -> None:
        self._icon = known_icon(icon)
        self.update()

    def set_tip(self, tip: str) -> None:
        self.setAccessibleName(tip)
        self.setToolTip(f"{tip}  {self._keys}" if self._keys else tip)

    def sizeHint(self) -> QSize:
        side = max(Theme.current().px(28), 24)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.current()
        painter = painter_on(self)
        painter.setOpacity(1 if self.isEnabled() else OFF_OPACITY)
        lit = self.isChecked()
        rounded(painter, self.box(), 6, self.ground(theme, on=theme.ink if self._strong else theme.bg3))
        ink = (theme.on_ink if self._strong and not self.isDown() else theme.t1) if lit else theme.t2
        draw_icon(painter, self._icon, self.box().center(), ink if self.isEnabled() else theme.t3)
