"""A panel as a window of its own."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QMoveEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.homes.arrangement import Frame
from widgets.kit.drop_zone import local_paths
from widgets.kit.follow import follow_theme
from widgets.kit.panel_frame import PanelFrame
from widgets.kit.tab_order import go_on
from widgets.theme import Theme

MARGIN = 8


class FloatingPanel(QWidget):
    """Stays over the main window, whose keys work here too. Closing it is the wish to dock the panel again."""

    dock_wished = Signal()
    reframed = Signal()             # it was moved or resized
    filled = Signal(bool)           # it was made to fill its screen, or that ended
    dropped = Signal(object)        # list of paths

    def __init__(self, panel: PanelFrame, owner: QWidget) -> None:
        """`owner`: the main window. The panel becomes a child of this one until it is taken out again."""
        super().__init__(owner, Qt.WindowType.Tool)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_MacAlwaysShowToolWindow)
        self.setAcceptDrops(True)
        self.setWindowTitle(self.tr("{}, Otherwise").format(panel.header.title()))
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.addWidget(panel)
        panel.show()
        follow_theme(self._restyle)

    def frame(self) -> Frame:
        """Where it lies when it does not fill its screen."""
        box = self.normalGeometry() if self.isMaximized() else self.geometry()
        return Frame(box.x(), box.y(), box.width(), box.height())

    def set_frame(self, frame: Frame) -> None:
        """Lie there."""
        self.setGeometry(frame.x, frame.y, frame.width, frame.height)

    def set_filled(self, filled: bool) -> None:
        """Fill the screen, or end that."""
        if filled is not self.isMaximized():
            self.setWindowState(self.windowState() ^ Qt.WindowState.WindowMaximized)

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.dock_wished.emit()

    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        self._tell()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.WindowStateChange:
            self.filled.emit(self.isMaximized())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.isMaximized():
            self.set_filled(False)
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_paths(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.dropped.emit(local_paths(event.mimeData()))

    def focusNextPrevChild(self, forward: bool) -> bool:
        return go_on(self, forward=forward)

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), Theme.current().bg0)

    def _tell(self) -> None:
        if self.isVisible() and not self.isMaximized():
            self.reframed.emit()

    def _restyle(self) -> None:
        self.update()


def clamped(frame: Frame, screens: Sequence[QRect]) -> Frame:
    """The frame on a screen that exists: on the one of which it covers most, no larger than it, wholly inside.

    screens: the parts of the screens that windows may use, the main one first; without any the frame stays.
    """
    if not screens:
        return frame
    box = QRect(frame.x, frame.y, frame.width, frame.height)

    def covered(screen: QRect) -> int:
        common = screen & box
        return common.width() * common.height() if common.isValid() else 0

    screen = max(screens, key=covered)          # the first of equals: the main one when it lies on none
    size = box.size().boundedTo(QSize(screen.width(), screen.height()))
    x = min(max(box.x(), screen.left()), screen.right() + 1 - size.width())
    y = min(max(box.y(), screen.top()), screen.bottom() + 1 - size.height())
    return Frame(x, y, size.width(), size.height())
