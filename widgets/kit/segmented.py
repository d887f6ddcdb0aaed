"""One of a few, side by side: arrow keys and clicks choose."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from widgets.kit.control import OFF_OPACITY, Control
from widgets.kit.follow import follow_theme
from widgets.kit.painting import painter_on, rounded, text_in, text_width
from widgets.theme import Theme, font

_INSET = 3


class Segmented(QWidget):
    """A row of choices of which one is on. Segments share the width as their words need it."""

    chosen = Signal(int)            # index; only by the user's hand

    def __init__(self, options: Sequence[str] = (), parent: QWidget | None = None, *, name: str = "") -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._group.idClicked.connect(self.chosen)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self.set_options(options)
        follow_theme(self._restyle)

    def options(self) -> list[str]:
        return [button.text() for button in self._group.buttons()]

    def set_options(self, options: Sequence[str]) -> None:
        """New choices; the first is on."""
        if list(options) == self.options():
            return
        for button in self._group.buttons():
            self._group.removeButton(button)
            self._row.removeWidget(button)
            button.deleteLater()
        for index, text in enumerate(options):
            segment = _Segment(text, self)
            self._group.addButton(segment, index)
            self._row.addWidget(segment)
        self.set_current(0)
        self._restyle()

    def current(self) -> int:
        """Index of the choice that is on, -1 without choices."""
        return self._group.checkedId()

    def set_current(self, index: int) -> None:
        if (button := self._group.button(index)) is not None:
            button.setChecked(True)
            self._reach()

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = painter_on(self)
        painter.setOpacity(1 if self.isEnabled() else OFF_OPACITY)
        rounded(painter, QRectF(self.rect()), 6, Theme.current().bg3)

    def _reach(self) -> None:
        """Tab enters at the choice that is on; arrows do the rest."""
        for button in self._group.buttons():
            on = button.isChecked()
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if on else Qt.FocusPolicy.ClickFocus)

    def _restyle(self) -> None:
        for index, segment in enumerate(self._group.buttons()):
            self._row.setStretch(index, segment.sizeHint().width())
        self.updateGeometry()
        self.update()


class _Segment(Control):
    def __init__(self, text: str, parent: Segmented) -> None:
        super().__init__(text, parent, ring_radius=5)
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.toggled.connect(parent._reach)

    def sizeHint(self) -> QSize:
        return self._size(24)

    def minimumSizeHint(self) -> QSize:
        return self._size(8)            # the words whole, with little room beside them

    def _size(self, beside: int) -> QSize:
        width = text_width(self.text(), font("button", weight=600)) + beside
        return QSize(round(width + 0.5), Theme.current().px(28))

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.current()
        painter = painter_on(self)
        painter.setOpacity(1 if self.isEnabled() else OFF_OPACITY)
        inner = self.box().adjusted(_INSET, _INSET, -_INSET, -_INSET)
        on = self.isChecked()
        if on or self.isDown():
            rounded(painter, inner, 5, theme.bg4 if theme.dark or not on else theme.bg1)
        colour = theme.t1 if on or self.is_hovered() else theme.t2
        face = font("button", weight=600 if on else 500)
        text_in(painter, self.box(), self.text(), face, colour, Qt.AlignmentFlag.AlignHCenter)
