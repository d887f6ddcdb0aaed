"""Text in a role and a colour of the theme, and the lines between things."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from widgets.kit.follow import follow_theme
from widgets.kit.painting import painter_on, text_in
from widgets.theme import FontRole, Theme, font, worded


class Label(QLabel):
    """Plain text. With `wrap` it breaks lines; with `elide` it gives way and shows the whole text as its tooltip."""

    _colour = "t1"

    def __init__(
        self, text: str = "", role: FontRole = "body", colour: str = "t1", parent: QWidget | None = None, *,
        wrap: bool = False, elide: bool = False, weight: int | None = None,
    ) -> None:
        super().__init__(parent)
        self._role: FontRole = role
        self._colour = colour
        self._weight = weight
        self._elide = elide
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        if elide:
            self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.setText(text)
        follow_theme(self._restyle)

    def setText(self, text: str) -> None:
        if text != self.text():
            super().setText(text)
            self._choose_font()

    def set_role(self, role: FontRole, weight: int | None = None) -> None:
        self._role, self._weight = role, weight
        self._restyle()

    def set_colour(self, colour: str) -> None:
        """By its name in the theme."""
        if colour != self._colour:
            self._colour = colour
            self._restyle()

    def changeEvent(self, event: QEvent) -> None:
        """Another parent hands its palette and font down; the label keeps its own."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._choose_font()
        elif event.type() is QEvent.Type.PaletteChange:
            wrong = self.palette().windowText().color() != Theme.current().colour(self._colour)
            if wrong:
                self._restyle()

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        return QSize(0, hint.height()) if self._elide else hint

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._elide:
            super().paintEvent(_event)
            return
        cut = self.fontMetrics().horizontalAdvance(self.text()) > self.width()
        self.setToolTip(self.text() if cut else "")
        text_in(painter_on(self), QRectF(self.rect()), self.text(), self.font(), Theme.current().colour(self._colour))

    def _restyle(self) -> None:
        self._choose_font()
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, Theme.current().colour(self._colour))
        self.setPalette(palette)
        self.updateGeometry()

    def _choose_font(self) -> None:
        face = worded(font(self._role, weight=self._weight), self.text())
        if face != self.font():
            self.setFont(face)


class Hairline(QWidget):
    """A horizontal line of 1 px; it has no meaning."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter_on(self).fillRect(self.rect(), Theme.current().line)


class Divider(QWidget):
    """A short vertical line between groups of tools."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(9, 16)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter_on(self).fillRect(QRectF(4, 1, 1, self.height() - 2), Theme.current().line)
