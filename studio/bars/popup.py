"""A small surface over the window that goes with Escape, with a click beside it, or when the keyboard leaves it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QMouseEvent, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from shiboken6 import isValid

from widgets.kit.painting import painter_on, rounded
from widgets.theme import Theme, faded

_SHADOW = 12


class Popup(QWidget):
    """Not modal and no window of its own: a child over its host. Add content to `column`."""

    closed = Signal()

    def __init__(self, host: QWidget | None = None) -> None:
        super().__init__(host)
        self._before: QWidget | None = None
        self._opener: QWidget | None = None
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setProperty("ringRadius", -1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(_SHADOW, _SHADOW - 4, _SHADOW, _SHADOW + 4)
        outer.setSpacing(0)
        self.column = QVBoxLayout()
        self.column.setContentsMargins(1, 1, 1, 1)
        self.column.setSpacing(0)
        outer.addLayout(self.column)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._focus_moved)
        self.hide()

    def open_at(self, corner: QPoint, opener: QWidget | None = None) -> None:
        """Show with the upper left corner of the surface at a point of the host; kept inside the host.

        `opener`: a button for which a click while this is open means close.
        """
        self._opener = opener
        self._before = QApplication.focusWidget()
        self.fit()
        host = self.parentWidget()
        x, y = corner.x() - _SHADOW, corner.y() - _SHADOW + 4
        if host is not None:
            x = min(max(x, -_SHADOW + 8), max(host.width() - self.width() + _SHADOW - 8, -_SHADOW))
            y = min(max(y, -_SHADOW + 8), max(host.height() - self.height() + _SHADOW - 8, -_SHADOW))
        self.move(x, y)
        self.show()
        self.raise_()
        self.window().activateWindow()      # the wish may have come from a floating panel

    def fit(self) -> None:
        """Take the size that the content asks for now."""
        if (layout := self.layout()) is not None:
            layout.activate()
        self.adjustSize()

    def close_popup(self) -> None:
        """Go, and give the keyboard back to where it was."""
        if self.isHidden():
            return
        had_focus = self._holds(QApplication.focusWidget())
        self.hide()
        before, self._before = self._before, None
        if had_focus and before is not None and isValid(before) and before.isVisible():
            before.window().activateWindow()
            before.setFocus(Qt.FocusReason.PopupFocusReason)
        self.closed.emit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if (application := QApplication.instance()) is not None:
            application.installEventFilter(self)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if (application := QApplication.instance()) is not None:
            application.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseButtonPress and isinstance(watched, QWidget) and self._is_beside(watched):
            self.close_popup()
        is_escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if is_escape and event.type() == QEvent.Type.ShortcutOverride and self._holds(watched):
            event.accept()          # Escape closes the nearest small thing, and that is this
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_popup()
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, painter = Theme.current(), painter_on(self)
        box = QRectF(self.rect()).adjusted(_SHADOW, _SHADOW - 4, -_SHADOW, -_SHADOW - 4)
        for spread in (10, 7, 4, 2):
            under = box.adjusted(-spread, -spread + 4, spread, spread + 4)
            rounded(painter, under, 10 + spread, faded(theme.shadow, 0.035))
        rounded(painter, box, 10, theme.bg1, faded(theme.strong, 0.7), theme.border)

    def _holds(self, widget: QObject | None) -> bool:
        return isinstance(widget, QWidget) and (widget is self or self.isAncestorOf(widget))

    def _is_beside(self, widget: QWidget) -> bool:
        """In the same window, outside this surface, and not the button that opened it."""
        return widget.window() is self.window() and not self._holds(widget) and widget is not self._opener

    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        if self.isVisible() and new is not None and self._is_beside(new):
            self.close_popup()
