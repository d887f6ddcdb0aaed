"""A project that was opened before."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.kit.button import Button
from widgets.kit.control import Control
from widgets.kit.painting import TILE, hairline, icon_tile, painter_on, picture_in, rounded, two_lines
from widgets.theme import Theme, known_icon

_TEXT = 72


class RecentRow(Control):
    """A project opened before: picture or icon, name, what happened last; 66 high. With `action` a button beside.

    One that is `gone` is grey and only its button can be pressed.
    """

    acted = Signal()            # the button beside was pressed

    def __init__(
        self, title: str, note: str, icon: str = "folder", picture: QPixmap | None = None,
        parent: QWidget | None = None, *, action: str = "", warns: bool = False, last: bool = False, gone: bool = False,
    ) -> None:
        super().__init__(title, parent, ring_radius=6)
        self._note, self._icon, self._picture = note, known_icon(icon), picture
        self._warns, self._last, self._gone, self._busy = warns, last, gone, False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(title)
        self.setAccessibleDescription(note)
        if gone:
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._action = Button(action, parent=self) if action else None
        if self._action is not None:
            self._action.clicked.connect(self.acted)

    def set_opening(self, opening: bool) -> None:
        """While the project opens the row says so, under a bar of ink."""
        self._busy = opening
        self.setAccessibleDescription(self.tr("Opening") if opening else self._note)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(372, Theme.current().px(66))

    def minimumSizeHint(self) -> QSize:
        return QSize(220, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._action is not None:
            self._action.resize(self._action.sizeHint())
            self._action.move(self.width() - self._action.width() - 16, (self.height() - self._action.height()) // 2)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.current()
        painter = painter_on(self)
        box = self.box()
        if (self.is_hovered() or self.isDown()) and not self._gone:
            rounded(painter, box.adjusted(4, 3, -4, -3), 6, self.ground(theme))
        middle = box.center().y() - 0.5
        tile = QRectF(16, middle - TILE / 2, TILE, TILE)
        if self._picture is not None:
            picture_in(painter, tile, self._picture, fill=True)
        else:
            icon_tile(painter, tile, self._icon, theme, False, faint=True)
        room = box.width() - _TEXT - 16 - (self._action.width() + 8 if self._action is not None else 0)
        note = self.tr("Opening") if self._busy else self._note
        colour = theme.warn if self._warns and not self._busy else theme.t2
        title = theme.t3 if self._gone else theme.t1
        two_lines(painter, QPointF(_TEXT, middle), room, self.text(), note, title, colour, small=True)
        if not self._last:
            hairline(painter, _TEXT - 4, box.right(), box.bottom() - 1, theme)
        if self._busy:
            painter.fillRect(QRectF(0, box.bottom() - 2, box.width(), 2), theme.ink)
