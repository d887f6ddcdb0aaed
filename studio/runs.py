"""The runs of the project, live: states, progress, figures, results; kept in the project's store as they happen."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from engines.data.reference import DataReference
from engines.graph.graph import Graph
from engines.graph.knowledge import Knowledge
from engines.results import Result
from engines.runtime.decisions import RunChanged
from engines.runtime.messages import (
    ENDED,
    Checkpointed,
    Events,
    Message,
    Progress,
    RunEnded,
    RunRequest,
    RunState,
    Scalar,
    Shown,
)
from studio.engine import Engine
from studio.project import Project, Recorder
from studio.time_left import TimeLeft


@dataclass
class RunInfo:
    """One run as the panels see it.

    Attributes:
        colour: Index of its series, kept for life.
        scalars: Points by scalar, in order of arrival: (steps, values).
        results: The last of each name.
        checkpoint: Step of the newest checkpoint, None without one.
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


class Runs(QObject):
    """Starts runs on the engine and keeps what they tell."""

    added = Signal(object)                  # RunInfo
    changed = Signal(object)                # RunInfo: state or progress
    points = Signal(object, object)         # RunInfo, tuple of Scalar
    shown = Signal(object, object)          # RunInfo, Result
    ended = Signal(object)                  # RunInfo
    unwritten = Signal(object)              # str: what runs tell could not be kept; it is tried again

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._project: Project | None = None
        self._recorder: Recorder | None = None
        self._runs: dict[int, RunInfo] = {}
        self._clock = QTimer(self)
        self._clock.setInterval(1000)
        self._clock.timeout.connect(self._tick)
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

    @property
    def newest(self) -> RunInfo | None:
        """The run with the highest number."""
        return max(self._runs.values(), key=lambda info: info.number, default=None)

    @property
    def queued(self) -> int:
        return sum(info.state is RunState.QUEUED for info in self._runs.values())

    def open(self, project: Project) -> None:
        """The runs that the project's store holds; from now on what runs tell is kept there."""
        self.close()
        self._recorder = Recorder(project.store, self.unwritten.emit)
        self._project = project
        self._runs = {}
        for record in project.store.runs():
            info = RunInfo(
                record.request, record.title or record.request.method, (record.number - 1) % 8, record.state,
                ended=record.ending, checkpoint=record.checkpoint,
                results=dict(project.store.results(record.number)), log=list(project.store.messages(record.number)),
            )
            for name, series in project.store.scalars(record.number).items():
                info.scalars[name] = (series.steps.tolist(), series.values.tolist())
            self._runs[info.number] = info
        for info in self._runs.values():
            self.added.emit(info)

    def close(self) -> None:
        """Write what waits; the project is not used any more."""
        self._clock.stop()
        if self._recorder is not None:
            self._recorder.close()
        self._recorder, self._project, self._runs = None, None, {}

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
    ) -> RunInfo:
        """Queue a new run of the project."""
        assert self._project is not None
        request = self._project.new_run(
            method, reference, parameters, seed=seed, graph=graph, knowledge=knowledge, truth=truth,
            device=self._engine.device, threads=threads, title=title,
        )
        info = RunInfo(request, title, (request.run - 1) % 8)
        self._submit(info)
        return info

    def resume(self, number: int) -> RunInfo:
        """Go on with a run that was interrupted, stopped or failed, from its newest checkpoint."""
        assert self._project is not None
        request = self._project.again(number, resume=True)
        info = replace(self._runs[number], request=request, state=RunState.QUEUED, ended=None, left=TimeLeft())
        self._submit(info)
        return info

    def repeat(self, number: int, **changed: Any) -> RunInfo:
        """A new run made like an earlier one, which stays its origin; `changed` replaces fields of the request."""
        assert self._project is not None
        request = self._project.again(number, **changed)
        info = RunInfo(request, self._runs[number].title, (request.run - 1) % 8)
        self._submit(info)
        return info

    def stop(self, number: int) -> None:
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
            info.state = change.state
            self._keep(change)
        self.changed.emit(info)

    def _keep(self, news: RunChanged | Events | RunEnded) -> None:
        if self._recorder is not None:
            self._recorder.take(news)

    @Slot(object)
    def _take_events(self, batch: Events) -> None:
        info = self._runs.get(batch.run)
        if info is None:
            return
        self._keep(batch)
        scalars = []
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
                    info.phase, info.done, info.total = phase, done, total
                    info.left.step(time.monotonic(), done, total)
                case Shown(result=result):
                    info.results[result.name] = result
                    self.shown.emit(info, result)
                case Message(text=text):
                    info.log.append(text)
                case Checkpointed(step=step):
                    info.checkpoint = step
        if scalars:
            self.points.emit(info, tuple(scalars))
        self.changed.emit(info)

    @Slot(object)
    def _take_end(self, ended: RunEnded) -> None:
        info = self._runs.get(ended.run)
        if info is None:
            return
        info.state, info.ended = ended.state, ended
        self._keep(ended)
        self.changed.emit(info)
        self.ended.emit(info)
        if self.current is None:
            self._clock.stop()

    def _tick(self) -> None:
        """Once a second, so that no job is silent."""
        if (info := self.current) is not None:
            self.changed.emit(info)
