"""The engine thread: carries out what `decisions` says, and turns what happens into its messages. No policy here."""

from __future__ import annotations

import heapq
import itertools
import logging
import queue
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import assert_never

from engines.runtime.decisions import Decisions
from engines.runtime.instructions import (
    Alarm,
    Announce,
    Due,
    Finish,
    Instruction,
    Kill,
    LaneGone,
    LaneRole,
    Send,
    Spawn,
    StartTimer,
    Taken,
    Timer,
)
from studio.engine.lanes import LaneProcess

_log = logging.getLogger(__name__)


def log_file(folder: Path, device: str, role: LaneRole) -> Path:
    """Where the lane of that role and device logs."""
    return folder / f"{device.replace(':', '_')}-{role}.log"


class EngineThread(threading.Thread):
    """Owns the lanes of one device.

    Args:
        announce: Gets the news, from this thread.
        alarm: Gets the story of a contradiction in the program, from this thread.
        logs: Folder of the lanes' logs.
    """

    def __init__(
        self, device: str, logs: Path, announce: Callable[[Announce], None], alarm: Callable[[str], None]
    ) -> None:
        super().__init__(name=f"engine {device}", daemon=True)
        self._device = device
        self._logs = logs
        self._announce = announce
        self._alarm = alarm
        self._inbox: queue.SimpleQueue[Taken] = queue.SimpleQueue()
        self._core = Decisions()
        self._lanes: dict[LaneRole, LaneProcess] = {}
        self._timers: list[tuple[float, int, Timer]] = []
        self._count = itertools.count()
        self._finished = False

    def tell(self, message: Taken) -> None:
        """Hand a message to the core; from any thread."""
        self._inbox.put(message)

    def log_of(self, role: LaneRole) -> Path:
        """Where the lane of that role logs."""
        return log_file(self._logs, self._device, role)

    def kill_all(self) -> None:
        """End what is left by force; for a thread that did not end in time."""
        for lane in list(self._lanes.values()):
            lane.kill()

    def run(self) -> None:
        while not self._finished:
            try:
                for instruction in self._core.take(self._next()):
                    self._carry_out(instruction)
            except Exception:  # noqa: BLE001 - one contradiction must not take the other runs along
                story = traceback.format_exc()
                _log.error(story)
                self._alarm(story)
        for lane in self._lanes.values():
            lane.join(1.0)

    def _next(self) -> Taken:
        while True:
            wait = self._timers[0][0] - time.monotonic() if self._timers else None
            try:
                return self._inbox.get(timeout=None if wait is None else max(0.0, wait))
            except queue.Empty:
                return Due(heapq.heappop(self._timers)[2])

    def _carry_out(self, instruction: Instruction) -> None:
        match instruction:
            case Spawn(role, life, threads):
                try:
                    self._lanes[role] = LaneProcess(role, life, threads, self.log_of(role), self.tell)
                except OSError as error:
                    self.tell(LaneGone(role, life, 127, log=str(error)))
            case Send(role, message):
                self._lanes[role].send(message)
            case Kill(role):
                if role in self._lanes:
                    self._lanes[role].kill()
            case StartTimer(seconds, timer):
                heapq.heappush(self._timers, (time.monotonic() + seconds, next(self._count), timer))
            case Announce():
                self._announce(instruction)
            case Alarm(story):
                _log.error(story)
                self._alarm(story)
            case Finish():
                self._finished = True
            case _:
                assert_never(instruction)
