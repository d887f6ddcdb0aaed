"""The tray of the Graph panel: pages that open above its bottom bar, or beside the canvas where there is room."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from studio.panels.graph_pages import Around, Page
from widgets.kit.button import Button
from widgets.kit.label import Hairline
from widgets.kit.menu import Menu
from widgets.kit.splitter import Splitter
from widgets.kit.tabs import Tabs
from widgets.kit.tool_button import ToolButton
from widgets.theme import Theme

_BESIDE = 860           # px; from this width on the tray stands right of the canvas
_LEAST = 150            # px; of the tray and of the canvas


class GraphTray(QWidget):
    """One page at a time under a row of their titles. Escape closes it; it opens where it was left."""

    turned = Signal(str)                    # id of the page that is open now, empty when closed

    def __init__(self, pages: Sequence[Page], around: Around, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("About the graph"))
        self._pages, self._around = tuple(pages), around
        self._made: dict[str, QWidget] = {}
        self._last = self._pages[0].id
        self._tabs = Tabs(self, name=self.accessibleName())
        self._tabs.chosen.connect(self._turn_to)
        self._choice = Button("", "ghost", menu=True)       # in the place of the tabs where these are too wide
        self._choice.clicked.connect(self._choose)
        close = ToolButton("x", self.tr("Close"), keys="Esc")
        close.clicked.connect(self.close_page)
        self._stack = QStackedWidget()
        head = QHBoxLayout()
        head.setContentsMargins(8, 2, 8, 2)
        head.addWidget(self._tabs)
        head.addWidget(self._choice)
        head.addStretch(1)
        head.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Hairline())
        column.addLayout(head)
        column.addWidget(self._stack, 1)
        self.hide()

    @property
    def is_open(self) -> bool:
        return not self.isHidden()

    def current(self) -> str:
        """Id of the page that is open, empty when the tray is closed."""
        return self._last if self.is_open else ""

    def page(self, id: str) -> QWidget:
        """The page, made when nobody has asked for it before."""
        if id not in self._made:
            found = next(page for page in self._pages if page.id == id)
            self._made[id] = found.make(self._around)
            self._stack.addWidget(self._made[id])
        return self._made[id]

    def open(self, id: str = "") -> None:
        """Open a page, or the one that was open last."""
        wanted = id or self._last
        self._stack.setCurrentWidget(self.page(wanted))
        changed, self._last = wanted != self.current(), wanted
        self.show()
        self._title()
        if changed:
            self.turned.emit(wanted)

    def close_page(self) -> None:
        if self.is_open:
            self.hide()
            self.turned.emit("")

    def toggle(self) -> None:
        if self.is_open:
            self.close_page()
        else:
            self.open()

    def sizeHint(self) -> QSize:
        theme = Theme.current()
        return QSize(theme.px(360), theme.px(210))

    def minimumSizeHint(self) -> QSize:
        return QSize(_LEAST, _LEAST)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._title()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._title()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.is_open:
            self.close_page()
            self._around.canvas.setFocus()
        else:
            super().keyPressEvent(event)

    def _title(self) -> None:
        """Tabs where all of them fit, else the title of the page with the others in a menu."""
        place = next(i for i, page in enumerate(self._pages) if page.id == self._last)
        self._tabs.set_titles([page.title for page in self._pages], place)
        fit = self._tabs.sizeHint().width() + 60 <= self.width()
        self._tabs.setVisible(fit)
        self._choice.setVisible(not fit)
        self._choice.set_text(self._pages[place].title)

    def _turn_to(self, index: int) -> None:
        self.open(self._pages[index].id)

    def _choose(self) -> None:
        menu = Menu(parent=self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for page in self._pages:
            menu.add(page.title, partial(self.open, page.id), on=page.id == self._last)
        menu.popup_under(self._choice)


class TrayHost(Splitter):
    """The canvas with the tray under it; right of it where the panel is wide."""

    def __init__(self, drawing: QWidget, tray: GraphTray, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, 8, "", parent)
        self.setAccessibleName(self.tr("Between the graph and what is told of it"))
        self._tray = tray
        drawing.setMinimumHeight(120)
        self.addWidget(drawing)
        self.addWidget(tray)
        self.setStretchFactor(0, 1)
        self.setStretchFactor(1, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        beside = event.size().width() >= _BESIDE
        wanted = Qt.Orientation.Horizontal if beside else Qt.Orientation.Vertical
        if self.orientation() is not wanted:
            self.setOrientation(wanted)
            hint = self._tray.sizeHint()
            room, part = (self.width(), hint.width()) if beside else (self.height(), hint.height())
            self.setSizes([max(room - part, _LEAST), part])
        super().resizeEvent(event)
