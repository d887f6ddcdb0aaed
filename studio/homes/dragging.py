"""Dragging a panel by its header to another home, or out of the window."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from studio.homes.arrangement import Home
from widgets.kit.painting import painter_on, rounded
from widgets.kit.panel_frame import RADIUS
from widgets.kit.panel_header import PanelHeader
from widgets.theme import Theme, faded

Places = Callable[[], Mapping[Home, QRect]]


class PanelDrag(QObject):
    """Watches headers. While a panel is dragged, the home under the pointer is tinted; Escape ends the drag."""

    dropped = Signal(str, object)           # panel, Home
    thrown = Signal(str, object)            # panel, QPoint on the desktop: dropped outside the window
    clicked = Signal(str)                   # panel whose header was clicked

    def __init__(self, area: QWidget, places: Places) -> None:
        """`area` holds the homes; `places` gives where they lie in it, or would lie when all are open."""
        super().__init__(area)
        self._area, self._places = area, places
        self._tint = _DropPlace(area)
        self._names: dict[QWidget, str] = {}
        self._pressed: QWidget | None = None
        self._start = QPoint()
        self._dragging = False

    def watch(self, name: str, header: PanelHeader) -> None:
        """Let a panel be dragged by its header; call it again when the header's tabs have changed."""
        for grip in [grip for grip, held in self._names.items() if held == name]:
            del self._names[grip]
        for grip in header.grips():
            self._names[grip] = name
            grip.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._dragging and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape and event.type() is not QEvent.Type.KeyRelease:
                self._end()
            event.accept()
            return True
        if not isinstance(event, QMouseEvent) or not isinstance(watched, QWidget) or watched not in self._names:
            return False
        here = event.globalPosition().toPoint()
        match event.type():
            case QEvent.Type.MouseButtonPress if event.button() == Qt.MouseButton.LeftButton:
                self._pressed, self._start = watched, here
                return not isinstance(watched, QAbstractButton)
            case QEvent.Type.MouseMove if watched is self._pressed:
                self._move(here)
                return self._dragging
            case QEvent.Type.MouseButtonRelease if watched is self._pressed:
                return self._release(here)
        return False

    def _move(self, here: QPoint) -> None:
        if not self._dragging:
            if (here - self._start).manhattanLength() < QApplication.startDragDistance():
                return
            self._begin()
        home = self._home_at(here)
        self._tint.show_at(None if home is None else self._places()[home])

    def _begin(self) -> None:
        self._dragging = True
        if isinstance(self._pressed, QAbstractButton):
            self._pressed.setDown(False)
        QApplication.setOverrideCursor(Qt.CursorShape.ClosedHandCursor)
        if (application := QApplication.instance()) is not None:
            application.installEventFilter(self)

    def _release(self, here: QPoint) -> bool:
        grip, dragging = self._pressed, self._dragging
        assert grip is not None
        name = self._names[grip]
        self._end()
        if not dragging:
            if isinstance(grip, QAbstractButton):
                return False
            self.clicked.emit(name)
        elif (home := self._home_at(here)) is not None:
            self.dropped.emit(name, home)
        elif not self._area.window().frameGeometry().contains(here):
            self.thrown.emit(name, here)
        return True

    def _end(self) -> None:
        if self._dragging:
            QApplication.restoreOverrideCursor()
            if (application := QApplication.instance()) is not None:
                application.removeEventFilter(self)
        self._pressed, self._dragging = None, False
        self._tint.show_at(None)

    def _home_at(self, here: QPoint) -> Home | None:
        """The home at a point of the desktop, if the area is to be seen there."""
        if not self._area.isVisible():
            return None
        point = self._area.mapFromGlobal(here)
        return next((home for home, box in self._places().items() if box.contains(point)), None)


class _DropPlace(QWidget):
    """Where a panel would come to lie."""

    def __init__(self, area: QWidget) -> None:
        super().__init__(area)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_at(self, place: QRect | None) -> None:
        """Tint a place of the area; None: nothing."""
        if place is not None:
            self.setGeometry(place)
            self.raise_()
        self.setVisible(place is not None)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.current()
        rounded(painter_on(self), QRectF(self.rect()), RADIUS, faded(theme.ink, 0.12), theme.ink, 2)
