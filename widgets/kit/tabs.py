"""Tabs in a header: names side by side, the current one strong; clicks and arrow keys choose."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from widgets.kit.control import OFF_OPACITY, Control
from widgets.kit.painting import painter_on, rounded, text_in, text_width
from widgets.theme import Theme, font

_PADDING = 8


class Tabs(QWidget):
    """Names of which one is current. It stays current until its owner says otherwise: a click only tells the wish."""

    chosen = Signal(int)            # index; only by the user's hand

    def __init__(self, parent: QWidget | None = None, *, name: str = "") -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._tabs: list[_Tab] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)

    def titles(self) -> list[str]:
        return [tab.text() for tab in self._tabs]

    def set_titles(self, titles: Sequence[str], current: int) -> None:
        """The names, and which of them is current."""
        if list(titles) != self.titles():
            for tab in self._tabs:
                self._row.removeWidget(tab)
                tab.hide()
                tab.deleteLater()
            self._tabs = [_Tab(title, self) for title in titles]
            for index, tab in enumerate(self._tabs):
                tab.clicked.connect(lambda _on, index=index: self._choose(index))
                self._row.addWidget(tab)
        for index, tab in enumerate(self._tabs):
            tab.set_current(index == current)
        self.updateGeometry()

    def tab(self, index: int) -> Control:
        """The button of a name."""
        return self._tabs[index]

    def current(self) -> int:
        """Index of the current name, -1 without names."""
        return next((i for i, tab in enumerate(self._tabs) if tab.isChecked()), -1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if step and self._tabs:
            self.chosen.emit((self.current() + step) % len(self._tabs))
        else:
            super().keyPressEvent(event)

    def _choose(self, index: int) -> None:
        if index != self.current():
            self.chosen.emit(index)


class _Tab(Control):
    """Tab enters at the current one; the arrows do the rest."""

    def __init__(self, text: str, parent: Tabs) -> None:
        super().__init__(text, parent, ring_radius=5)
        self.setCheckable(True)

    def set_current(self, current: bool) -> None:
        self.setChecked(current)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if current else Qt.FocusPolicy.ClickFocus)

    def nextCheckState(self) -> None:
        """A click changes nothing by itself: the owner makes another one current, or does not."""

    def sizeHint(self) -> QSize:
        return QSize(round(text_width(self.text(), font("title")) + 2 * _PADDING + 0.5), Theme.current().px(28))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down):
            event.ignore()          # the row of tabs takes the arrows
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, current = Theme.current(), self.isChecked()
        painter = painter_on(self)
        painter.setOpacity(1 if self.isEnabled() else OFF_OPACITY)
        if not current:
            rounded(painter, self.box(), 5, self.ground(theme))
        face = font("title", weight=600 if current else 500)
        colour = theme.t1 if current or self.is_hovered() else theme.t2
        text_in(painter, self.box(), self.text(), face, colour, Qt.AlignmentFlag.AlignHCenter)
