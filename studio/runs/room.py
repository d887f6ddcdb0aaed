"""Room on the disk where the project lies: what trains is held before the disk is full, so that nothing is lost."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from engines.runtime.messages import RunState
from studio.runs.runs import Runs

LEAST_ROOM = 64_000_000
"""Bytes: with less than this left what trains is held; a checkpoint and the project's own writing must still fit."""
_LOOKED = 2000          # ms between two looks while something works


def room_at(folder: Path) -> int:
    """Bytes that are free where a folder lies; as many as are needed where the system does not tell."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return LEAST_ROOM


class DiskRoom(QObject):
    """Looks while something works, and pauses it when there is too little room."""

    scarce = Signal(object)             # int: bytes left; what trained is paused
    enough = Signal()                   # what was held goes on, or there is nothing to hold any more

    def __init__(self, runs: Runs, parent: QObject | None = None, room: Callable[[Path], int] = room_at) -> None:
        """`room`: bytes that are free where a folder lies."""
        super().__init__(parent)
        self._runs, self._room = runs, room
        self._held: set[int] = set()
        self._folder: Path | None = None
        self._clock = QTimer(self)
        self._clock.setInterval(_LOOKED)
        self._clock.timeout.connect(self.look)
        runs.changed.connect(self._follow)

    def use(self, folder: Path | None) -> None:
        """Look after the project in this folder from now on; None: after nothing."""
        self._folder = folder
        self._clock.stop()
        self._let_go()

    @Slot()
    def look(self) -> None:
        """Hold what trains when there is too little room."""
        live = [self._runs.run(number) for number in self._runs.live()]
        if self._folder is None or not live:
            self._clock.stop()
            self._let_go()
            return
        left = self._room(self._folder)
        if left >= LEAST_ROOM:
            return
        for info in live:
            if info.state is RunState.RUNNING:
                self._held.add(info.number)
                self._runs.pause(info.number, True)
        if self._held:
            self.scarce.emit(left)

    def go_on(self) -> None:
        """Let what was held go on, if there is room now; else say again how little is left."""
        if self._folder is None:
            return
        left = self._room(self._folder)
        if left < LEAST_ROOM:
            self.scarce.emit(left)
            return
        for number in self._held & set(self._runs.live()):
            self._runs.pause(number, False)
        self._let_go()

    def _let_go(self) -> None:
        if self._held:
            self._held.clear()
            self.enough.emit()

    @Slot()
    def _follow(self, *_: object) -> None:
        if self._folder is not None and not self._clock.isActive() and self._runs.live():
            self._clock.start()
            self.look()
