"""While a dialog or a popup is open the loop goes on: coroutines are served and timers tick."""

from __future__ import annotations

import asyncio

import pytest
from PySide6.QtCore import QObject, QTimer

from studio.dialogs import ask_files, ask_folder, ask_target


class Ticks(QObject):
    """A timer of Qt that counts."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.count = 0
        self.enough: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)
        self._timer.start(1)

    def _tick(self) -> None:
        self.count += 1
        if self.count == 5:
            self._timer.stop()
            self.enough.set_result(None)


OPENED = {
    "files": lambda window: ask_files(window, "Choose", lambda _: None),
    "folder": lambda window: ask_folder(window, "Choose", lambda _: None),
    "target": lambda window: ask_target(window, "Save", ["PNG (*.png)"], "png", lambda _: None),
    "settings": lambda window: window.rooms._open_settings() or window.rooms.settings,
    "palette": lambda window: window.rooms.palette.open_palette() or window.rooms.palette,
    "rename": lambda window: window.rooms.rename.open_under(window.top.project_button, "x") or window.rooms.rename,
    "help": lambda window: window.rooms._open_help() or window.rooms.help,
}


@pytest.mark.parametrize("name", OPENED)
def test_timers_tick_and_coroutines_run_while_it_is_open(window, finish, name: str) -> None:
    async def story() -> None:
        window.new_project()
        shown = OPENED[name](window)
        assert shown.isVisible()
        ticks = Ticks(window)
        for _ in range(5):
            await asyncio.sleep(0)
        await ticks.enough
        assert shown.isVisible(), "it is open all the time"
        closing = getattr(shown, "close_popup", getattr(shown, "close_help", shown.close))
        closing()
        assert not shown.isVisible()

    finish(story(), 30)
