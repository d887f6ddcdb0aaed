"""What a method talks to while it runs: events out, progress, pause and cancel, checkpoints, randomness.

A scalar or a step costs a few hundred nanoseconds: it goes into a queue, and batches leave by deadline. In a lane
another thread calls `flush`, so that a method never waits for the pipe; in-process the method's own calls do.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from typing import TYPE_CHECKING, Any

import numpy as np

from engines.results import Result
from engines.runtime.checkpoints import Checkpoint, Checkpoints
from engines.runtime.messages import Checkpointed, Event, Message, Progress, Scalar, Shown
from engines.runtime.randomness import Generators

if TYPE_CHECKING:
    import torch

BATCH_SECONDS = 0.04
CHECKPOINT_SECONDS = 30.0
KEPT_POINTS = 4096
"""Scalars that a checkpoint holds: those of the last moments, which may not have reached anybody."""
LAST_STEPS_SECONDS = 1.0
"""How long a run that is to stop may go on until its method next offers a checkpoint."""

Emit = Callable[[tuple[Event, ...]], None]


class Cancelled(BaseException):
    """The run was cancelled. Not an Exception, so that no method catches it by accident."""


class TimeUp(BaseException):
    """The run took longer than it was allowed to. Not an Exception, for the same reason."""


class Token:
    """Cancel and pause of one run: set from any thread, read by the run between steps. Never used for a second run."""

    def __init__(self) -> None:
        self.wanted = False
        """Whether anything is asked of the run; read at every step, so it is a plain attribute."""
        self._changed = threading.Condition()
        self._pause = False
        self._cancel = False
        self._rounds = 0

    @property
    def cancelled(self) -> bool:
        return self._cancel

    @property
    def paused(self) -> bool:
        return self._pause

    def cancel(self) -> None:
        """End the run at its next step; also while it is paused."""
        self._set(cancel=True)

    def pause(self) -> None:
        """Hold the run at its next step."""
        self._set(pause=True)

    def go_on(self) -> None:
        """Let a paused run go on."""
        self._rounds += 1
        self._set(pause=False)

    def wait(self) -> None:
        """Wait for the next `go_on` or `cancel`; a pause that follows at once does not hide it."""
        with self._changed:
            seen = self._rounds
            self._changed.wait_for(lambda: self._cancel or not self._pause or self._rounds != seen)

    def _set(self, pause: bool | None = None, cancel: bool | None = None) -> None:
        with self._changed:
            self._pause = self._pause if pause is None else pause
            self._cancel = self._cancel if cancel is None else cancel
            self.wanted = self._pause or self._cancel
            self._changed.notify_all()


class RunContext:
    """The `Run` of `engines.contract`.

    Args:
        emit: Gets every batch, from the thread that flushes; None: events are dropped.
        seed: Of the run's generators.
        token: Cancel and pause.
        checkpoints: Where checkpoints go; None: none are written.
        resumed: The checkpoint to go on from.
        on_pause: Called when the run holds.
        batch_seconds: Between batches; None: another thread calls `flush`.
        time_limit: Seconds after which the next step raises TimeUp.
    """

    def __init__(
        self,
        emit: Emit | None = None,
        *,
        seed: int = 0,
        device: str = "cpu",
        threads: int = 1,
        token: Token | None = None,
        checkpoints: Checkpoints | None = None,
        resumed: Checkpoint | None = None,
        on_pause: Callable[[], None] | None = None,
        batch_seconds: float | None = BATCH_SECONDS,
        checkpoint_seconds: float = CHECKPOINT_SECONDS,
        time_limit: float | None = None,
    ) -> None:
        self.device = device
        self.threads = threads
        self.results: dict[str, Result] = {}
        """The last result of each name."""
        self.figures: dict[str, float] = {}
        """The last value of each scalar."""
        self._emit = emit
        self._generators = Generators(seed)
        self.generator: np.random.Generator = self._generators.own
        self._token = token or Token()
        self._checkpoints = checkpoints
        self._resumed = resumed
        self._to_restore = resumed
        self._on_pause = on_pause
        self._batch_seconds = batch_seconds
        self._checkpoint_seconds = checkpoint_seconds
        now = time.monotonic()
        self._next_batch = now if batch_seconds is not None else float("inf")
        self._next_checkpoint = now + checkpoint_seconds
        self._fuse = now + time_limit if time_limit is not None else float("inf")
        self._offers_checkpoints = False
        self._written_for_request = False
        self._waited_for_checkpoint = 0.0
        self._phases: list[str] = []
        self._progress: tuple[str, int, int | None] | None = None
        self._told: tuple[str, int, int | None] | None = None
        self._waiting: deque[Any] = deque(() if resumed is None else resumed.scalars)
        self._points: deque[tuple[str, int, float, str]] = deque(self._waiting, maxlen=KEPT_POINTS)
        self._flushing = threading.Lock()

    # what a method calls

    @property
    def torch_generator(self) -> torch.Generator:
        return self._generators.own_torch

    @property
    def resumed(self) -> Mapping[str, Any] | None:
        return None if self._resumed is None else self._resumed.state

    def scalar(self, name: str, value: float, step: int, unit: str = "") -> None:
        number = value if type(value) is float else float(value.item() if hasattr(value, "item") else value)
        self.figures[name] = number
        point = (name, int(step), number, unit)
        self._waiting.append(point)
        self._points.append(point)
        if time.monotonic() >= self._next_batch:
            self.flush()

    def show(self, result: Result) -> None:
        self.results[result.name] = result
        self._waiting.append(Shown(result))
        if time.monotonic() >= self._next_batch:
            self.flush()

    def message(self, text: str) -> None:
        self._waiting.append(Message(text))
        if time.monotonic() >= self._next_batch:
            self.flush()

    def steps(self, work: int | Iterable[Any], phase: str, *, start: int = 0) -> Iterator[Any]:
        if isinstance(work, int):
            total: int | None = work
            items: Iterable[Any] = range(start, work)
        else:
            total = len(work) if isinstance(work, Sized) else None
            items = work
        outermost = not self._phases
        self._phases.append(phase)
        done, began = start, time.monotonic()
        token, fuse = self._token, self._fuse
        try:
            self._restore_at(phase)
            for item in items:
                if outermost:
                    self._progress = (phase, done, total)
                now = time.monotonic()
                if token.wanted and not self._awaits_checkpoint(now - began):
                    self._obey()
                    now = time.monotonic()
                began = now
                if now >= self._next_batch:
                    self.flush()
                if now >= fuse:
                    raise TimeUp
                yield item
                done += 1
            if outermost:
                self._progress = (phase, done, total)
            if token.wanted:
                self._obey()
        finally:
            self._phases.pop()

    def checkpoint(self, state: Callable[[], Mapping[str, Any]]) -> None:
        if self._checkpoints is None:
            return
        self._offers_checkpoints = True
        asked = self._token.wanted and not self._written_for_request
        if not asked and time.monotonic() < self._next_checkpoint:
            return
        self._written_for_request = self._token.wanted
        step = self._progress[1] + 1 if self._progress else 0
        phase = self._phases[0] if self._phases else ""
        try:
            self._checkpoints.write(Checkpoint(step, phase, state(), self._generators.state(), tuple(self._points)))
        except OSError as error:
            self.message(f"A checkpoint could not be written: {error.strerror or error}. The run goes on without it.")
        else:
            self._waiting.append(Checkpointed(step))
        self._next_checkpoint = time.monotonic() + self._checkpoint_seconds

    # what the engine calls

    def flush(self) -> None:
        """Send what waits, as one batch. From any thread; nothing is sent twice or out of order."""
        with self._flushing:
            if self._batch_seconds is not None:
                self._next_batch = time.monotonic() + self._batch_seconds
            taken: list[Any] = []
            while self._waiting:
                taken.append(self._waiting.popleft())
            last = {event.result.name: event for event in taken if isinstance(event, Shown)}
            batch: list[Event] = []
            for event in taken:
                match event:
                    case (name, step, value, unit):
                        batch.append(Scalar(name, step, value, unit))
                    case Shown(result) if last[result.name] is not event:
                        continue
                    case _:
                        batch.append(event)
            progress = self._progress
            if progress is not None and progress != self._told:
                self._told = progress
                batch.append(Progress(*progress))
            if batch and self._emit:
                self._emit(tuple(batch))

    def _obey(self) -> None:
        self.flush()
        while self._token.paused and not self._token.cancelled:
            if self._on_pause:
                self._on_pause()
            self._token.wait()
        if self._token.cancelled:
            raise Cancelled
        self._written_for_request, self._waited_for_checkpoint = False, 0.0
        self._next_checkpoint = time.monotonic() + self._checkpoint_seconds

    def _awaits_checkpoint(self, seconds: float) -> bool:
        """Whether a run that was asked to hold or stop comes round once more, so that its method can offer a state.

        Only where it offers any and its steps are quick; `seconds` is how long the last one took.
        """
        self._waited_for_checkpoint += seconds
        wanted = self._offers_checkpoints and not self._written_for_request
        return wanted and self._waited_for_checkpoint < LAST_STEPS_SECONDS

    def _restore_at(self, phase: str) -> None:
        """Put the generators where they were, once, when the phase of the checkpoint begins again.

        What was drawn before it, for weights that the checkpoint replaces, does not count.
        """
        if self._to_restore is not None and phase == self._to_restore.phase:
            self._generators.restore(self._to_restore.generators)
            self._to_restore = None
