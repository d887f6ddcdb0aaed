"""A sample project of the start page."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.kit.control import Control
from widgets.kit.painting import painter_on, picture_in, surface, top_rounded, two_lines
from widgets.theme import Theme

Drawing = Callable[[QPainter, QRectF, Theme], None]


class SampleCard(Control):
    """A sample project: a real picture above, name and note below. 190 x 192."""

    def __init__(
        self, title: str, note: str, picture: QPixmap | Drawing | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(title, parent, ring_radius=9)
        self._note, self._picture = note, picture
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(title)
        self.setAccessibleDescription(note)

    def set_picture(self, picture: QPixmap | Drawing | None) -> None:
        """A pixmap, which fills the upper part, or a function that paints it in the theme's colours."""
        self._picture = picture
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(190, 124 + Theme.current().px(68))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.current()
        painter = painter_on(self)
        box = self.box()
        surface(painter, box, theme, 10, theme.bg2 if self.is_hovered() or self.isDown() else None)
        above = QRectF(1, 1 if theme.dark else 0.5, box.width() - 2, 123)
        painter.save()
        painter.setClipPath(top_rounded(above, 9.5))
        painter.fillRect(above, theme.bg2)
        if isinstance(self._picture, QPixmap):
            picture_in(painter, above, self._picture, fill=True)
        elif self._picture is not None:
            self._picture(painter, above, theme)
        painter.restore()
        middle = 124 + (box.height() - 124) / 2 - 4
        two_lines(
            painter, QPointF(14, middle), box.width() - 28, self.text(), self._note, theme.t1, theme.t2, small=True
        )
