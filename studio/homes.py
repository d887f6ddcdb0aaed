"""Where panels live: three homes (left top, left bottom, right) with splitters in the gaps between them.

Sizes are those of the design: the left column takes 35 % of a window from 1440 px up (at most 640), 424 px below, and
300 below 1180, where Graph and Curves share one home.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

GAP = 8
NARROW, WIDE, LOW = 1180, 1440, 800
_NARROWEST = 300        # px of the left column, whatever its panels would like


class Home(StrEnum):
    """A place for panels; each shows one of its panels at a time."""

    TOP_LEFT = "top left"
    BOTTOM_LEFT = "bottom left"
    RIGHT = "right"


class Homes(QWidget):
    """Holds panels by name. A panel that is shown takes the place of the one that its home showed before."""

    shown_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stacks = {home: QStackedWidget() for home in Home}
        self._panels: dict[str, QWidget] = {}
        self._home: dict[str, Home] = {}
        self._hidden: set[str] = set()
        self._filled = ""
        self._narrow = False
        self._left = QSplitter(Qt.Orientation.Vertical)
        self._all = QSplitter(Qt.Orientation.Horizontal)
        for splitter in (self._left, self._all):
            splitter.setHandleWidth(GAP)
            splitter.setChildrenCollapsible(False)
        self._left.addWidget(self._stacks[Home.TOP_LEFT])
        self._left.addWidget(self._stacks[Home.BOTTOM_LEFT])
        self._left.setMinimumWidth(_NARROWEST)
        self._all.addWidget(self._left)
        self._all.addWidget(self._stacks[Home.RIGHT])
        self._all.setStretchFactor(0, 0)
        self._all.setStretchFactor(1, 1)
        self._moved = False
        self._all.splitterMoved.connect(self._keep)
        self._left.splitterMoved.connect(self._keep)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP, GAP, GAP, GAP)
        column.addWidget(self._all)

    def add(self, name: str, panel: QWidget, home: Home) -> None:
        """Put a panel into a home; the first one there is shown."""
        self._panels[name] = panel
        self._home[name] = home
        self._stacks[self._place(name)].addWidget(panel)

    def shown(self) -> Sequence[str]:
        """The panels that are to be seen now."""
        seen = []
        for name, panel in self._panels.items():
            stack = self._stacks[self._place(name)]
            if stack.currentWidget() is panel and not stack.isHidden() and name not in self._hidden:
                seen.append(name)
        return seen

    def show(self, name: str | None = None) -> None:
        """Show a panel in its home; without a name, show the homes themselves."""
        if name is None:
            super().show()
            return
        self._hidden.discard(name)
        stack = self._stacks[self._place(name)]
        stack.setCurrentWidget(self._panels[name])
        if self._filled and name != self._filled:
            self.fill("")
        self._arrange()
        self.shown_changed.emit()

    def hide_panel(self, name: str) -> None:
        """Hide a panel; the next one in its home takes its place, or the home closes."""
        self._hidden.add(name)
        stack = self._stacks[self._place(name)]
        rest = [n for n in self._panels if self._place(n) is self._place(name) and n not in self._hidden]
        if rest:
            stack.setCurrentWidget(self._panels[rest[0]])
        self._arrange()
        self.shown_changed.emit()

    def panel(self, name: str) -> QWidget:
        return self._panels[name]

    def fill(self, name: str) -> None:
        """Fill the window with one panel; an empty name ends it."""
        self._filled = name
        if name:
            self._stacks[self._place(name)].setCurrentWidget(self._panels[name])
        self._arrange()
        self.shown_changed.emit()

    def filled(self) -> str:
        return self._filled

    def reset(self) -> None:
        """As the design has it."""
        self._moved, self._filled = False, ""
        self._hidden.clear()
        for home in Home:
            first = next((n for n in self._panels if self._home[n] is home), None)
            if first is not None:
                self._stacks[self._place(first)].setCurrentWidget(self._panels[first])
        self._arrange()
        self.shown_changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < NARROW
        if narrow != self._narrow:
            self._narrow = narrow
            for name, home in self._home.items():
                if home is Home.BOTTOM_LEFT:
                    panel = self._panels[name]
                    self._stacks[self._place(name)].addWidget(panel)
            self._arrange()
            self.shown_changed.emit()
        self._arrange()

    def _place(self, name: str) -> Home:
        home = self._home[name]
        return Home.TOP_LEFT if self._narrow and home is Home.BOTTOM_LEFT else home

    def _arrange(self) -> None:
        wanted = {}
        for home, stack in self._stacks.items():
            here = [n for n in self._panels if self._place(n) is home and n not in self._hidden]
            wanted[stack] = bool(here) and (not self._filled or self._filled in here)
        for stack, visible in wanted.items():
            stack.setVisible(visible)
        self._left.setVisible(any(wanted[self._stacks[h]] for h in (Home.TOP_LEFT, Home.BOTTOM_LEFT)))
        if self._moved or self._filled:
            return
        width, height = self.width() - 2 * GAP, self.height() - 2 * GAP
        if self.width() >= WIDE:
            left = min(round(0.35 * self.width()), 640)
        else:
            left = 424 if self.width() >= NARROW else _NARROWEST
        self._all.setSizes([left, max(width - left - GAP, 1)])
        low = self.window().height() < LOW
        top = int((0.54 if low else 0.49) * height)
        self._left.setSizes([top, max(height - GAP - top, 1)])

    def _keep(self) -> None:
        self._moved = True
