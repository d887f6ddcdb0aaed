"""The field that finds things and commands: 268 wide, with the hint of its key."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QSize
from PySide6.QtGui import QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from widgets.kit.follow import follow_theme
from widgets.kit.key_hint import KeyHint
from widgets.kit.painting import painter_on
from widgets.theme import Theme, draw_icon, font


class SearchField(QLineEdit):
    """A line edit with a magnifier; the key hint goes while something is typed. Signals are those of QLineEdit."""

    def __init__(self, placeholder: str, keys: str = "", parent: QWidget | None = None, *, width: int = 268) -> None:
        super().__init__(parent)
        self._width = width
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._hint = KeyHint(keys, self)
        self._hint.setVisible(bool(keys))
        self._keys = bool(keys)
        self.textChanged.connect(self._clear_way)
        follow_theme(self._restyle)

    def sizeHint(self) -> QSize:
        theme = Theme.current()
        return QSize(theme.px(self._width), theme.px(28))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_hint()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:         # in another window it lost font and colour
            self._restyle()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        draw_icon(painter_on(self), "search", QPointF(16, self.height() / 2), Theme.current().t2, 14)

    def _clear_way(self, text: str) -> None:
        self._hint.setVisible(self._keys and not text)

    def _place_hint(self) -> None:
        self._hint.resize(self._hint.sizeHint())
        self._hint.move(self.width() - self._hint.width() - 7, (self.height() - self._hint.height()) // 2)

    def _restyle(self) -> None:
        self.setFont(font("second"))
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.PlaceholderText, Theme.current().t2)
        self.setPalette(palette)
        self.setTextMargins(20, 0, self._hint.sizeHint().width() if self._keys else 0, 0)
        self._place_hint()
        self.updateGeometry()
