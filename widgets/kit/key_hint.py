"""The hint that names a key."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.kit.follow import follow_theme
from widgets.kit.painting import painter_on, rounded, text_in, text_width
from widgets.theme import Theme, font


class KeyHint(QWidget):
    """The name of a key, as "Ctrl K"."""

    def __init__(self, keys: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = keys
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        follow_theme(self.updateGeometry)

    def sizeHint(self) -> QSize:
        theme = Theme.current()
        width = text_width(self._keys, font("strong_caption")) + 10
        return QSize(max(round(width), theme.px(18)), theme.px(18))

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.current()
        painter = painter_on(self)
        ground = theme.bg3 if theme.dark else theme.bg2
        rounded(painter, QRectF(self.rect()), 4, ground, None if theme.dark else theme.line, theme.border)
        centre = Qt.AlignmentFlag.AlignHCenter
        text_in(painter, QRectF(self.rect()), self._keys, font("strong_caption"), theme.t2, centre)
