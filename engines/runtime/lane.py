"""A lane: the process that trains, or the one that answers. `python -m engines.runtime.lane --role work|answer`.

Messages come in on standard input and go out on standard output as frames; whatever else a library prints goes to the
log, which is standard error. One thread reads, so that cancel, pause and a newer query reach a busy fit or answer; one
sends the batches of events; the main thread works.
"""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import os
import signal
import sys
import threading
import traceback
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, assert_never

from engines.runtime.answering import Models
from engines.runtime.context import BATCH_SECONDS, RunContext, Token
from engines.runtime.execution import execute, versions
from engines.runtime.frames import FrameWriter, read_message
from engines.runtime.messages import (
    Ask,
    CancelRun,
    CloseModel,
    ContinueRun,
    Event,
    Events,
    FromLane,
    LaneReady,
    OpenModel,
    PauseRun,
    RunPaused,
    RunRequest,
    RunStarted,
    StartRun,
    Stop,
    ToLane,
)

ROLES = ("work", "answer")
_LAST_WORDS_SECONDS = 5.0
"""From losing the application, or being told to stop, until the process ends by itself, whatever it does."""

Work = StartRun | OpenModel | Ask | CloseModel | Stop


class Inbox:
    """What the main thread is to do, in order; and the tokens of runs, so that a cancel overtakes the queue."""

    def __init__(self) -> None:
        self._tokens: dict[int, Token] = {}
        self._waiting: deque[Work] = deque()
        self._changed = threading.Condition()

    def put(self, message: ToLane) -> None:
        """Take a message from the reader."""
        with self._changed:
            match message:
                case StartRun(request):
                    self._tokens[request.run] = Token()
                    self._waiting.append(message)
                case CancelRun(run):
                    if run in self._tokens:
                        self._tokens[run].cancel()
                case PauseRun(run):
                    if run in self._tokens:
                        self._tokens[run].pause()
                case ContinueRun(run):
                    if run in self._tokens:
                        self._tokens[run].go_on()
                case Stop():
                    for token in self._tokens.values():
                        token.cancel()
                    self._waiting.append(message)
                case OpenModel() | Ask() | CloseModel():
                    self._waiting.append(message)
                case _:
                    assert_never(message)
            self._changed.notify()

    def next(self) -> Work:
        """The next thing to do; waits for it. A query that yields goes behind what came after it."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting)
            return self._first() or self._waiting.popleft()

    def overtaking(self) -> Work | None:
        """What is to be done before a query that yields goes on."""
        with self._changed:
            return self._first()

    def _first(self) -> Work | None:
        """The first thing that waits and does not yield; models are opened and closed in the order of their queries."""
        for work in self._waiting:
            if isinstance(work, (StartRun, Stop)):
                return None
            if not (isinstance(work, Ask) and work.yields):
                self._waiting.remove(work)
                return work
        return None

    def token(self, run: int) -> Token:
        return self._tokens[run]

    def forget(self, run: int) -> None:
        """The run has ended; what is still asked of it is ignored."""
        with self._changed:
            del self._tokens[run]

    def superseded(self, ask: Ask) -> bool:
        """Whether a newer query of the same view waits, or the lane is to stop."""
        with self._changed:
            return any(
                isinstance(other, Stop) or (isinstance(other, Ask) and other.view == ask.view)
                for other in self._waiting
            )


class Lane:
    """The process side of one lane."""

    def __init__(self, incoming: BinaryIO, outgoing: BinaryIO) -> None:
        self._incoming = incoming
        self._writer = FrameWriter(outgoing)
        self._inbox = Inbox()
        self._models = Models()
        self._context: RunContext | None = None
        self._watched = threading.Condition()

    def serve(self) -> None:
        """Work until told to stop."""
        threading.Thread(target=self._read, name="reader", daemon=True).start()
        threading.Thread(target=self._pump, name="events", daemon=True).start()
        self._send(LaneReady(os.getpid(), versions()))
        while self._do(self._inbox.next()):
            pass

    def _do(self, work: Work) -> bool:
        """Do one thing; False when there is nothing more to be done."""
        match work:
            case StartRun(request):
                self._run(request)
            case OpenModel() as message:
                self._send(self._models.open(message))
            case Ask() as ask:
                self._answer(ask)
            case CloseModel(model):
                self._models.close(model)
            case Stop():
                return False
        return True

    def _read(self) -> None:
        try:
            while (message := read_message(self._incoming)) is not None:
                self._inbox.put(message)
                if isinstance(message, Stop):
                    break
        except ValueError:
            traceback.print_exc()
        self._inbox.put(Stop())  # the application is gone, or says so: what runs may still write its checkpoint
        last_words = threading.Timer(_LAST_WORDS_SECONDS, os._exit, (3,))
        last_words.daemon = True
        last_words.start()

    def _pump(self) -> None:
        """Send what the running method told, many times a second, so that it never waits for the pipe."""
        while True:
            with self._watched:
                self._watched.wait(None if self._context is None else BATCH_SECONDS)
                context = self._context
            if context is not None:
                try:
                    context.flush()
                except TypeError:  # a result holds what cannot travel; the run itself will say so when it is saved
                    traceback.print_exc()

    def _run(self, request: RunRequest) -> None:
        sequence = 0

        def emit(events: tuple[Event, ...]) -> None:
            nonlocal sequence
            self._send(Events(request.run, sequence, events))
            sequence += 1

        def started(context: RunContext) -> None:
            self._send(RunStarted(request.run))
            self._watch(context)

        def paused() -> None:
            self._send(RunPaused(request.run))

        ended = execute(
            request, emit, self._inbox.token(request.run), on_started=started, on_pause=paused, batch_seconds=None
        )
        self._watch(None)
        self._inbox.forget(request.run)
        self._send(ended)

    def _watch(self, context: RunContext | None) -> None:
        with self._watched:
            self._context = context
            self._watched.notify()

    def _answer(self, ask: Ask) -> None:
        for said in self._models.ask(ask):
            self._send(said)
            if self._inbox.superseded(ask):
                return
            while ask.yields and (other := self._inbox.overtaking()) is not None:
                self._do(other)

    def _send(self, message: FromLane) -> None:
        with contextlib.suppress(OSError):  # nobody listens any more: the reader has seen it too, and ends the lane
            self._writer.send(message)


def main(arguments: Sequence[str] | None = None) -> None:
    """Set the process up, then serve."""
    parser = argparse.ArgumentParser(prog="engines.runtime.lane")
    parser.add_argument("--role", choices=ROLES, required=True)
    role = parser.parse_args(arguments).role
    incoming, outgoing = _private_pipes()
    faulthandler.enable()
    os.environ["HF_HUB_OFFLINE"] = "1"
    for ignored in ("SIGINT", "SIGHUP"):
        if hasattr(signal, ignored):
            signal.signal(getattr(signal, ignored), signal.SIG_IGN)  # the application decides when a lane ends
    if role == "work":
        _offer_to_the_memory_killer()
    Lane(incoming, outgoing).serve()
    sys.stderr.flush()
    os._exit(0)  # all is written; taking torch down piece by piece would keep a window that closes waiting for seconds


def _private_pipes() -> tuple[BinaryIO, BinaryIO]:
    """The pipes to the application; what libraries read or print by themselves is led elsewhere."""
    incoming, outgoing = os.dup(0), os.dup(1)
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return os.fdopen(incoming, "rb"), os.fdopen(outgoing, "wb")


def _offer_to_the_memory_killer() -> None:
    """Where memory runs out, the training is to go first, not the analyst's window."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500")


if __name__ == "__main__":
    main()
