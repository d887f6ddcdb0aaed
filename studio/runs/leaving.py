"""Leaving a project, to close the window or for another project, without cutting off what works."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import QObject, Qt, Signal, Slot

from engines.refusals import Refusal
from studio.engine import Engines
from studio.runs.runs import Runs


class Phase(StrEnum):
    """How far leaving is."""

    STAYING = "staying"
    ASKED = "asked"                 # what works is listed; the analyst chooses
    WAITING = "waiting"             # leaves when the queue is empty
    STOPPING = "stopping"           # every run ends at its checkpoint, by force after 5 s


class Leaving(QObject):
    """Goes at once where nothing works or waits; else asks, and never blocks the window.

    Attributes:
        phase: How far it is.
        aim: Why the project is left, as a verb phrase: "close", "open Pendulum".
    """

    changed = Signal()              # phase or aim
    refused = Signal(object)        # Refusal: what was to follow cannot be done

    _ripe = Signal()

    def __init__(self, runs: Runs, engine: Engines, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runs, self._engine = runs, engine
        self.phase = Phase.STAYING
        self.aim = ""
        self._go: Callable[[], object] | None = None
        self._give_up: Callable[[], object] | None = None
        self._ripe.connect(self._look, Qt.ConnectionType.QueuedConnection)      # when all have heard of the ending
        runs.ended.connect(self._ripe)
        engine.all_ended.connect(self._all_ended)

    def leave(self, aim: str, go: Callable[[], object], give_up: Callable[[], object] | None = None) -> None:
        """Leave: call `go` when nothing works any more, or `give_up` when the analyst stays. A newer wish replaces one.

        What `go` raises at once is raised here.
        """
        self.stay()
        if not self._runs.live():
            go()
            return
        self.aim, self._go, self._give_up = aim, go, give_up
        self._turn(Phase.ASKED)

    def wait(self) -> None:
        """Leave when the queue is empty."""
        self._turn(Phase.WAITING)
        self._look()

    def stop(self) -> None:
        """Stop what works at its checkpoint, then leave; it can be gone on with next time."""
        self._turn(Phase.STOPPING)
        self._engine.end_runs()

    def stay(self) -> None:
        """Take it back; what is being stopped already still stops."""
        give_up, self._go, self._give_up = self._give_up, None, None
        self._turn(Phase.STAYING)
        if give_up is not None:
            give_up()

    def _turn(self, phase: Phase) -> None:
        if phase is not self.phase:
            self.phase = phase
            self.changed.emit()

    @Slot()
    def _all_ended(self) -> None:
        if self.phase is Phase.STOPPING and self._runs.live():
            self._engine.end_runs()         # one more was submitted meanwhile
        self._look()

    @Slot()
    def _look(self) -> None:
        """Go when nothing is left; also where nothing was answered yet, because there is nothing to ask any more."""
        if self._go is None or self._runs.live():
            return
        go, self._go, self._give_up = self._go, None, None
        self._turn(Phase.STAYING)
        try:
            go()
        except Refusal as refusal:
            self.refused.emit(refusal)
