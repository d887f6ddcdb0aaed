"""The runs of the project, live: states, progress, figures, results; kept in the project's store as they happen."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from engines.data.reference import DataReference
from engines.graph.graph import Graph
from engines.graph.knowledge import Knowledge
from engines.results import Result
from engines.runtime.checkpoints import Checkpoints
from engines.runtime.decisions import RunChanged
from engines.runtime.messages import (
    ENDED,
    Checkpointed,
    Events,
    Message,
    ModelReference,
    Progress,
    RunEnded,
    RunRequest,
    RunState,
    Scalar,
    Shown,
)
from studio.engine import Engines
from studio.project import Project, Recorder
from studio.runs.notes import RunNotes
from studio.runs.time_left import Stopwatch, TimeLeft

QUIET_SECONDS = 5.0
"""A run that says nothing for longer than this is said to be quiet."""
PACE = 250
"""Milliseconds between two tellings of progress: nobody reads it quicker, and each costs the window some."""
_WORKS = frozenset({RunState.RUNNING, RunState.PAUSING})


@dataclass
class RunInfo:
    """One run as the panels see it.

    Attributes:
        colour: Index of its series, kept for life.
        scalars: Points by scalar, in order of arrival: (steps, values).
        results: The last of each name.
        checkpoint: Step of the newest checkpoint, None without one.
        origin: The run that this one repeats, or None.
        place: In the queue; None outside.
        worked: Seconds that it has worked in this session, without pauses.
        quiet: Seconds since its last word while it works; 0 up to `QUIET_SECONDS`.
    """

    request: RunRequest
    title: str
    colour: int
    state: RunState = RunState.QUEUED
    phase: str = ""
    done: int = 0
    total: int | None = None
    left: TimeLeft = field(default_factory=TimeLeft)
    scalars: dict[str, tuple[list[int], list[float]]] = field(default_factory=dict)
    results: dict[str, Result] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    ended: RunEnded | None = None
    checkpoint: int | None = None
    origin: int | None = None
    place: int | None = None
    worked: float = 0.0
    quiet: float = 0.0
    heard: float = 0.0
    watch: Stopwatch = field(default_factory=Stopwatch)

    @property
    def number(self) -> int:
        return self.request.run

    @property
    def name(self) -> str:
        """As it is called everywhere: "run 15"."""
        return f"run {self.request.run}"

    @property
    def model(self) -> Path:
        """Where its model lies once it is done."""
        return Path(self.request.folder) / "model"

    def points(self) -> Iterator[tuple[str, int, float]]:
        """All points of its scalars: name, step, value."""
        for name, (steps, values) in self.scalars.items():
            for step, value in zip(steps, values, strict=True):
                yield name, step, value


class Runs(QObject):
    """Starts runs on the engine and keeps what they tell."""

    opened = Signal()                       # the runs of a project are here
    added = Signal(object)                  # RunInfo
    changed = Signal(object)                # RunInfo: state or progress
    points = Signal(object, object)         # RunInfo, tuple of Scalar
    shown = Signal(object, object)          # RunInfo, Result
    ended = Signal(object)                  # RunInfo
    renamed = Signal(object)                # RunInfo
    unwritten = Signal(object)              # str: what runs tell could not be kept; it is tried again

    def __init__(
        self, engine: Engines, parent: QObject | None = None, now: Callable[[], float] = time.monotonic,
        pace: int = PACE,
    ) -> None:
        """`now`: a steady clock, seconds. `pace`: milliseconds between two tellings of progress; 0: each at once."""
        super().__init__(parent)
        self._engine, self._now = engine, now
        self._project: Project | None = None
        self._recorder: Recorder | None = None
        self._notes: RunNotes | None = None
        self._runs: dict[int, RunInfo] = {}
        self._clock = QTimer(self)
        self._clock.setInterval(1000)
        self._clock.timeout.connect(self.tick)
        self._noting = QTimer(self)
        self._noting.setSingleShot(True)
        self._noting.setInterval(0)
        self._noting.timeout.connect(self._write_notes)
        self._moved: dict[int, RunInfo] = {}
        self._moving = QTimer(self)
        self._moving.setSingleShot(True)
        self._moving.setInterval(pace)
        self._moving.timeout.connect(self._tell_moved)
        engine.run_changed.connect(self._take_change)
        engine.events.connect(self._take_events)
        engine.run_ended.connect(self._take_end)

    def all(self) -> tuple[RunInfo, ...]:
        return tuple(self._runs.values())

    def run(self, number: int) -> RunInfo:
        return self._runs[number]

    @property
    def current(self) -> RunInfo | None:
        """The run that works now, or the one that waits next; those of another studio are none of ours."""
        if self._project is None or self._project.read_only:
            return None
        live = [info for info in self._runs.values() if info.state not in ENDED]
        working = [info for info in live if info.state is not RunState.QUEUED]
        return next(iter(working or live), None)

    def busy(self, device: str) -> bool:
        """Whether a run that is sent to this device now would have to wait."""
        return any(self._runs[number].request.device == device for number in self.live())

    @property
    def newest(self) -> RunInfo | None:
        """The run with the highest number."""
        return max(self._runs.values(), key=lambda info: info.number, default=None)

    @property
    def queued(self) -> int:
        return len(self.waiting())

    def waiting(self) -> tuple[int, ...]:
        """The runs that wait, in the order of the queue."""
        found = [info for info in self._runs.values() if info.state is RunState.QUEUED]
        last = len(self._runs)
        return tuple(
            info.number for info in sorted(found, key=lambda i: (last if i.place is None else i.place, i.number))
        )

    def live(self) -> tuple[int, ...]:
        """The runs that work, then those that wait; none of another studio's."""
        if self._project is None or self._project.read_only:
            return ()
        rest = (info for info in self._runs.values() if info.state not in ENDED)
        return (*(info.number for info in rest if info.state is not RunState.QUEUED), *self.waiting())

    def interrupted(self) -> tuple[RunInfo, ...]:
        """The runs that can be gone on with, in the order in which they worked and waited."""
        if self._project is None or self._notes is None or self._project.read_only:
            return ()
        order = {number: place for place, number in enumerate(self._notes.order())}
        found = [info for info in self._runs.values() if info.state is RunState.INTERRUPTED]
        return tuple(sorted(found, key=lambda info: (order.get(info.number, len(order)), info.number)))

    def open(self, project: Project) -> None:
        """The runs that the project's store holds; from now on what runs tell is kept there."""
        self.close()
        self._recorder = Recorder(project.store, self.unwritten.emit)
        self._project = project
        self._notes = RunNotes(project, self.unwritten.emit)
        self._runs = {}
        for record in project.store.runs():
            info = RunInfo(
                record.request, record.title or record.request.method, (record.number - 1) % 8, record.state,
                ended=record.ending, checkpoint=record.checkpoint, origin=record.origin,
                results=dict(project.store.results(record.number)), log=list(project.store.messages(record.number)),
            )
            info.done, info.total = self._notes.reached(record.number) or (0, None)
            if info.state is RunState.INTERRUPTED:          # a lane may have written one more after the studio was gone
                info.checkpoint = Checkpoints(Path(info.request.folder) / "checkpoints").newest_step()
                info.done = info.done if info.checkpoint is None else max(info.done, info.checkpoint)
            for name, series in project.store.scalars(record.number).items():
                info.scalars[name] = (series.steps.tolist(), series.values.tolist())
            self._runs[info.number] = info
        for info in self._runs.values():
            self.added.emit(info)
        self.opened.emit()

    def close(self) -> None:
        """Write what waits; the project is not used any more."""
        for clock in (self._clock, self._noting, self._moving):
            clock.stop()
        self._write_notes()
        if self._recorder is not None:
            self._recorder.close()
        self._recorder, self._project, self._notes, self._runs = None, None, None, {}

    def start(
        self,
        method: str,
        title: str,
        reference: DataReference,
        parameters: Mapping[str, Any],
        *,
        seed: int = 0,
        graph: Graph | None = None,
        knowledge: Knowledge | None = None,
        truth: Graph | None = None,
        threads: int = 1,
        model: ModelReference | None = None,
    ) -> RunInfo:
        """Queue a new run of the project."""
        assert self._project is not None
        request = self._project.new_run(
            method, reference, parameters, seed=seed, graph=graph, knowledge=knowledge, truth=truth,
            device=self._engine.device, threads=threads, title=title, model=model,
        )
        info = RunInfo(request, title, (request.run - 1) % 8)
        self._submit(info)
        return info

    def resume(self, number: int) -> RunInfo:
        """Go on with a run that was interrupted, stopped or failed, from its newest checkpoint."""
        assert self._project is not None
        request = self._project.again(number, resume=True)
        info = replace(
            self._runs[number], request=request, state=RunState.QUEUED, ended=None, left=TimeLeft(),
            watch=Stopwatch(), worked=0.0, place=None,
        )
        self._submit(info)
        return info

    def repeat(self, number: int, **changed: Any) -> RunInfo:
        """A new run made like an earlier one, which stays its origin; `changed` replaces fields of the request."""
        assert self._project is not None
        request = self._project.again(number, **changed)
        info = RunInfo(request, self._runs[number].title, (request.run - 1) % 8, origin=number)
        self._submit(info)
        return info

    def close_run(self, number: int) -> None:
        """An interrupted run is not gone on with: it counts as stopped from now on, and is offered no more."""
        info = self._runs[number]
        ended = RunEnded(number, RunState.CANCELLED, f"Run {number} was interrupted, and closed by hand.")
        if info.state is RunState.INTERRUPTED:
            self._take_end(ended)

    def rename(self, number: int, title: str) -> None:
        """Call a run otherwise, in the project too where it may be written."""
        info = self._runs[number]
        if title != info.title:
            info.title = title
            if self._project is not None and not self._project.read_only:
                self._project.store.rename_run(number, title)
            self.renamed.emit(info)
            self.changed.emit(info)

    def stop(self, *numbers: int) -> None:
        """Stop runs: those that wait at once and first, so that none of them begins meanwhile."""
        for number in sorted(numbers, key=lambda n: self._runs[n].state is not RunState.QUEUED):
            self._engine.cancel(number)

    def pause(self, number: int, on: bool) -> None:
        if on:
            self._engine.pause(number)
        else:
            self._engine.resume(number)

    def _submit(self, info: RunInfo) -> None:
        self._runs[info.number] = info
        self._engine.submit(info.request)
        self.added.emit(info)
        self._clock.start()

    @Slot(object)
    def _take_change(self, change: RunChanged) -> None:
        info = self._runs.get(change.run)
        if info is None or info.state in ENDED:
            return
        if change.state not in ENDED:
            info.state, info.place = change.state, change.place
            now = info.heard = self._now()
            info.quiet = 0.0
            info.watch.run(now, on=change.state in _WORKS)
            self._keep(change)
        self._arrange()
        self.changed.emit(info)

    def _keep(self, news: RunChanged | Events | RunEnded) -> None:
        if self._recorder is not None:
            self._recorder.take(news)

    @Slot(object)
    def _take_events(self, batch: Events) -> None:
        info = self._runs.get(batch.run)
        if info is None or info.state in ENDED:
            return
        info.heard, info.quiet = self._now(), 0.0
        info.worked = info.watch.seconds(info.heard)
        self._keep(batch)
        scalars, is_new = [], False
        for event in batch.events:
            match event:
                case Scalar(name=name, step=step, value=value):
                    steps, values = info.scalars.setdefault(name, ([], []))
                    if steps and step <= steps[-1]:         # resumed from a checkpoint: what came after it is void
                        del values[(kept := bisect_left(steps, step)) :], steps[kept:]
                    steps.append(step)
                    values.append(value)
                    scalars.append(event)
                case Progress(phase=phase, done=done, total=total):
                    is_new = is_new or phase != info.phase
                    is_longer = total != info.total
                    info.phase, info.done, info.total = phase, done, total
                    info.left.step(info.heard, done, total)
                    if is_longer:
                        self._note(info)
                case Shown(result=result):
                    info.results[result.name] = result
                    self.shown.emit(info, result)
                case Message(text=text):
                    info.log.append(text)
                    is_new = True
                case Checkpointed(step=step):
                    info.checkpoint = step
                    is_new = True
                    self._note(info)
        if scalars:
            self.points.emit(info, tuple(scalars))
        if is_new or not self._moving.interval():
            self.changed.emit(info)
            return
        self._moved[info.number] = info
        if not self._moving.isActive():
            self._moving.start()

    @Slot()
    def _tell_moved(self) -> None:
        moved, self._moved = self._moved, {}
        for info in moved.values():
            if self._runs.get(info.number) is info and info.state not in ENDED:
                self.changed.emit(info)

    @Slot(object)
    def _take_end(self, ended: RunEnded) -> None:
        info = self._runs.get(ended.run)
        if info is None:
            return
        info.state, info.ended, info.place, info.quiet = ended.state, ended, None, 0.0
        info.watch.run(self._now(), on=False)
        self._keep(ended)
        self._note(info)
        self._arrange()
        self.changed.emit(info)
        self.ended.emit(info)
        if self.current is None:
            self._clock.stop()

    def tick(self) -> None:
        """Once a second, so that no job is silent without its being said."""
        now = self._now()
        for number in self.live():
            info = self._runs[number]
            if info.state in _WORKS:
                silence = now - info.heard
                info.worked = info.watch.seconds(now)
                info.quiet = silence if silence > QUIET_SECONDS else 0.0
                self.changed.emit(info)

    # notes

    def _arrange(self) -> None:
        """The queue as it is now, to be kept once all its changes of this moment are told."""
        if self._notes is not None and self._project is not None and not self._project.read_only:
            self._notes.arrange(self.live(), [info.number for info in self.interrupted()])
            self._noting.start()

    def _note(self, info: RunInfo) -> None:
        if self._notes is None:
            return
        if info.state is RunState.DONE:
            self._notes.forget(info.number)
        elif info.total is not None:
            self._notes.note(info.number, info.done, info.total)
        self._noting.start()

    def _write_notes(self) -> None:
        if self._notes is not None:
            self._notes.write()
