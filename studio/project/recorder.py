"""Writes what runs tell into the store as it happens, on a thread of its own so that a slow disk holds up nobody."""

from __future__ import annotations

import logging
import queue
import sqlite3
import threading
import time
from collections.abc import Callable

from engines.refusals import Refusal
from engines.results import Result
from engines.runtime.instructions import RunChanged
from engines.runtime.messages import Checkpointed, Events, Message, Progress, RunEnded, RunState, Scalar, Shown
from studio.project.store import Store

_log = logging.getLogger(__name__)

BATCH_SECONDS = 0.25
"""From the first thing that waits until all that waits is written: well within the second that may be lost."""
RETRY_SECONDS = 2.0
"""From a failed writing until the next try, when nothing new comes meanwhile."""

News = RunChanged | Events | RunEnded


class Recorder:
    """Takes the engine's news and writes it, endings at once, the rest in batches.

    Args:
        on_error: Told, on the recorder's thread, when something could not be written (a full disk); it is kept and
            tried again.
    """

    def __init__(self, store: Store, on_error: Callable[[str], None] | None = None) -> None:
        self._store = store
        self._on_error = on_error
        self._inbox: queue.SimpleQueue[News | threading.Event | None] = queue.SimpleQueue()
        self._waiting: list[News] = []
        self._thread = threading.Thread(target=self._work, name="recorder", daemon=True)
        self._thread.start()

    def take(self, news: News) -> None:
        """Keep the news; returns at once."""
        self._inbox.put(news)

    def flush(self, seconds: float = 10.0) -> bool:
        """Wait until all that was taken is written; whether it was in time."""
        done = threading.Event()
        self._inbox.put(done)
        return done.wait(seconds)

    def close(self, seconds: float = 10.0) -> bool:
        """Write what waits and end the thread; whether it ended in time."""
        self._inbox.put(None)
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _work(self) -> None:
        deadline: float | None = None
        while True:
            try:
                news = self._inbox.get(timeout=None if deadline is None else max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                deadline = self._write()
                continue
            match news:
                case None:
                    self._write()
                    return
                case threading.Event():
                    deadline = self._write()
                    news.set()
                case RunEnded():
                    self._waiting.append(news)
                    deadline = self._write()
                case _:
                    self._waiting.append(news)
                    deadline = deadline or time.monotonic() + BATCH_SECONDS

    def _write(self) -> float | None:
        """Write what waits; when to try again, if it could not be written."""
        try:
            self._write_all()
        except (Refusal, sqlite3.Error, OSError) as error:
            _log.exception("The project could not be written")
            if self._on_error:
                self._on_error(str(error))
            return time.monotonic() + RETRY_SECONDS
        self._waiting.clear()
        return None

    def _write_all(self) -> None:
        """Write what waits, one transaction a kind and run; writing it again after an error does no harm."""
        for run in dict.fromkeys(news.run for news in self._waiting):
            mine = [news for news in self._waiting if news.run == run]
            events = [event for news in mine if isinstance(news, Events) for event in news.events]
            scalars: list[Scalar] = []
            messages: list[str] = []
            results: dict[str, Result] = {}
            checkpoint: int | None = None
            for event in events:
                match event:
                    case Scalar():
                        scalars.append(event)
                    case Message(text):
                        messages.append(text)
                    case Shown(result):
                        results[result.name] = result
                    case Checkpointed(step):
                        checkpoint = step
                    case Progress():
                        pass
            if scalars:
                self._store.add_scalars(run, scalars)
            for result in results.values():
                self._store.put_result(run, result)
            if checkpoint is not None:
                self._store.set_checkpoint(run, checkpoint)
            states = [news.state for news in mine if isinstance(news, RunChanged)]
            if states and states[-1] is not RunState.QUEUED:
                self._store.set_state(run, states[-1])
            if messages:
                self._store.add_messages(run, messages)
            for news in mine:
                if isinstance(news, RunEnded):
                    self._store.end_run(news)
