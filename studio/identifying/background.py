"""A thread for questions about the graph: only the newest wish counts, its parts are told one by one."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from engines.graph.fuse import SECONDS, Burnt, Fuse
from engines.refusals import Refusal

Part = Callable[[Fuse], object]
"""One part of a wish: pure, asks the fuse between its steps, and touches nothing of the window."""


@dataclass(frozen=True, eq=False)
class _Wish:
    parts: Mapping[str, Part]
    seconds: float


class Background(QObject):
    """Works off one wish after the other. A newer one burns the fuse of the one before, of which nothing more is told.

    The thread is there only while there is work. What a part refuses, and a fuse that burns within it, comes as the
    Refusal; what breaks in it is raised here, where all errors are shown.
    """

    found = Signal(str, object)             # name of the part, what it gave
    finished = Signal()                     # the newest wish has no part left
    _woken = Signal()                       # from the thread: something lies in the box

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._newest: _Wish | None = None
        self._next: _Wish | None = None
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._box: queue.SimpleQueue[tuple[_Wish, str, object]] = queue.SimpleQueue()
        self._woken.connect(self._take)

    @property
    def busy(self) -> bool:
        return self._newest is not None

    def ask(self, parts: Mapping[str, Part], seconds: float = SECONDS) -> None:
        """Work on these parts, in their order, each with a fuse of so many seconds; an older wish is dropped."""
        with self._lock:
            self._newest = self._next = _Wish(dict(parts), seconds)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="about the graph")
                self._thread.start()

    def drop(self) -> None:
        """Nobody waits any more; nothing of the wish is told from now on."""
        with self._lock:
            self._newest = self._next = None

    def close(self) -> None:
        """Drop the wish and wait until the thread has gone."""
        self.drop()
        thread = self._thread
        if thread is not None:
            thread.join()

    def _work(self) -> None:
        while True:
            with self._lock:
                wish, self._next = self._next, None
                if wish is None:
                    self._thread = None
                    return
            for name, part in wish.parts.items():
                value = self._result(wish, part)
                if wish is not self._newest:
                    break
                self._box.put((wish, name, value))
                self._woken.emit()
            else:
                self._box.put((wish, "", None))
                self._woken.emit()

    def _result(self, wish: _Wish, part: Part) -> object:
        try:
            return part(Fuse(wish.seconds, lambda: wish is not self._newest))
        except Burnt:
            return Refusal(f"The search was ended after {wish.seconds:.0f} s.", "Nothing was found until then.")
        except Exception as error:  # noqa: BLE001 - handed to the thread of the window, which raises it
            return error

    @Slot()
    def _take(self) -> None:
        while not self._box.empty():
            wish, name, value = self._box.get()
            if wish is not self._newest:
                continue
            if not name:
                self._newest = None
                self.finished.emit()
            elif isinstance(value, Exception) and not isinstance(value, Refusal):
                raise value
            else:
                self.found.emit(name, value)
