"""What the `…` menu of every panel holds beside the panel's own lines: where it stands, and its export."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from shiboken6 import isValid

from studio.homes.arrangement import Home
from widgets.kit.menu import Menu
from widgets.kit.panel_frame import PanelFrame


class PanelMenu(QObject):
    """Keeps its lines at the end of the menu, whatever the panel fills it with as it opens."""

    float_wished = Signal(bool)         # to float; else to dock
    home_wished = Signal(object)        # Home
    fill_wished = Signal(bool)
    hide_wished = Signal()

    def __init__(
        self, panel: PanelFrame, homes: Callable[[], tuple[Home, ...]], export: Callable[[], object] | None = None
    ) -> None:
        """`homes`: those that are open to panels now. `export`: writes the panel's figure, where there is one."""
        super().__init__(panel)
        self._homes = homes
        self._floats = self._fills = False
        self._home = Home.RIGHT
        self._menu = panel.header.menu()
        self._export = export
        self._lines: list[QAction] = []
        self._move = Menu(self.tr("Move to"), panel)
        self._menu.aboutToShow.connect(self._append)
        self._move.aboutToShow.connect(self._list_homes)

    def set_state(self, home: Home, *, floats: bool, fills: bool) -> None:
        """Where the panel stands now."""
        self._home, self._floats, self._fills = home, floats, fills

    def _append(self) -> None:
        """The lines anew: a panel that cleared its menu took the old ones along."""
        menu, floats, fills = self._menu, self._floats, self._fills
        for action in filter(isValid, self._lines):
            menu.removeAction(action)
        before = len(menu.actions())
        if before:
            menu.addSeparator()
        if self._export is not None:
            menu.add(self.tr("Export the figure"), self._export, keys="Ctrl+E")
            menu.addSeparator()
        menu.add(self.tr("Dock") if floats else self.tr("Float"), lambda: self.float_wished.emit(not floats))
        menu.addMenu(self._move)
        menu.add(
            self.tr("End filling the window") if fills else self.tr("Fill the window"),
            lambda: self.fill_wished.emit(not fills), keys="Ctrl+\\",
        )
        menu.add(self.tr("Hide"), self.hide_wished.emit)
        self._lines = menu.actions()[before:]

    def _list_homes(self) -> None:
        words = {
            Home.TOP_LEFT: self.tr("Left top"), Home.BOTTOM_LEFT: self.tr("Left bottom"),
            Home.RIGHT: self.tr("Right"), Home.FAR_RIGHT: self.tr("Far right"),
        }
        self._move.clear()
        for home in self._homes():
            here = home is self._home and not self._floats
            self._move.add(
                words[home], partial(self.home_wished.emit, home), on=here,
                off_because=self.tr("The panel is there") if here else "",
            )

