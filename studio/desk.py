"""The desk: project, workspace, engine, runs and exploration together, and what leads from one to the next.

Knows no widget. Files are read in worker threads; all else is quick. What is refused leaves by the signal `refused`
(from work that goes on by itself) or as a Refusal (from a call). What leads on lies in the rooms: `projects`,
`arrivals`, `choosing`, `training`, `answering`; the desk joins them and tells the window what happened.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from engines.questions import Question
from engines.refusals import Refusal
from engines.runtime.decisions import LaneChanged, LaneState
from engines.runtime.devices import default_threads, found_devices
from studio.catalogue import Catalogue
from studio.engine import Engines
from studio.exploration.answering import Answering
from studio.exploration.exploration import Exploration
from studio.identifying.identifying import Identifying
from studio.intake.arrivals import Arrivals
from studio.intake.intake import Intake
from studio.intake.onnx_files import OnnxFiles
from studio.intake.reader import ReadingStopped
from studio.intake.simulating import Simulating
from studio.models.changes import ModelChanges
from studio.models.export import ModelExport
from studio.project import Project
from studio.project.care import ProjectCare
from studio.project.history import History
from studio.project.projects import Projects
from studio.question.choosing import Choosing
from studio.question.estimating import Estimating
from studio.question.explaining import Explaining
from studio.recipes.recording import recipe_of_desk
from studio.recipes.reopening import Reopening
from studio.report.contents import Reporting
from studio.runs.checks import CheckRuns
from studio.runs.costs import RunCosts
from studio.runs.leaving import Leaving
from studio.runs.machine import memory
from studio.runs.room import DiskRoom
from studio.runs.row_actions import RowActions
from studio.runs.runs import RunInfo, Runs
from studio.runs.training import Training
from studio.samples.samples import Sample, samples
from studio.settings import Settings
from studio.workspace import Workspace


class Desk(QObject):
    """One open project and everything that works on it."""

    opened = Signal()
    began = Signal()                        # an empty project was made by hand
    closed = Signal()                       # another project takes the place: what panels keep of runs goes
    data_taken = Signal()
    graph_taken = Signal()
    trained = Signal()
    refused = Signal(object)                # Refusal
    saved = Signal(object)                  # bool, or None
    engine_changed = Signal(str, str)
    memory_measured = Signal(object, object)
    devices_found = Signal(object)          # tuple of Device
    methods_changed = Signal()              # packages of methods were found

    def __init__(self, home: Path, parent: QObject | None = None, *, safe: bool = False) -> None:
        """`home`: where projects that have no name yet are kept; `safe`: without the methods of other packages."""
        super().__init__(parent)
        self._tasks: set[asyncio.Task[Any]] = set()
        self.history = History(self)
        self.engine = Engines("cpu", parent=self)
        self.workspace = Workspace(self.history, self)
        self.exploration = Exploration(self.engine, self.history, self)
        self.runs = Runs(self.engine, self)
        self.identifying = Identifying(self.workspace, self.exploration, self)
        self.leaving = Leaving(self.runs, self.engine, self)
        self.room = DiskRoom(self.runs, self)
        self.projects = Projects(self, home)
        self.care = ProjectCare(self, self.projects)
        self.intake = Intake(self.workspace, self.start, self.projects.need, self)
        self.arrivals = Arrivals(self)
        self.catalogue = Catalogue(others=not safe)
        self.changes = ModelChanges(self.history, self.runs, self.catalogue, self)
        self.reporting = Reporting(self.history, self)
        self.rows = RowActions(self.history, self.workspace, self.intake, self.start, self)
        self.exporting = ModelExport(self)
        self.reopening = Reopening(self, self.start)
        self.settings = Settings(self)
        self.costs = RunCosts(self.runs, self.workspace, self.catalogue.estimates, self.threads, self)
        self.checks = CheckRuns(self.catalogue, self.threads, self)
        self.choosing = Choosing(self)
        self.estimating = Estimating(self)
        self.simulating = Simulating(self)
        self.explaining = Explaining(self.runs, self.changes, self.engine, self.history, self)
        self.training = Training(self)
        self.onnx = OnnxFiles(self)
        self.answering = Answering(self)
        self.samples: tuple[Sample, ...] = samples()
        self._meter = QTimer(self)
        self._meter.setInterval(2000)
        self._meter.timeout.connect(self._measure)
        self._meter.start()
        self.intake.taken.connect(self.data_taken)
        self.engine.lane_changed.connect(self._take_lane)
        self.engine.alarmed.connect(self._take_alarm)
        self.runs.unwritten.connect(self._take_unwritten)
        self.history.refused.connect(self.refused)
        self.workspace.reading_wished.connect(self.intake.prepare_again)
        self.leaving.refused.connect(self.refused)

    @property
    def project(self) -> Project | None:
        """The project that is open."""
        return self.projects.current

    # what the window asks for most; the rest is asked of the rooms

    def untitled(self) -> str:
        """The name of a project that has none yet."""
        return self.project.name if self.project is not None else self.tr("Untitled")

    def new_project(self, name: str = "") -> None:
        """See `Projects.new`."""
        self.projects.new(name)

    def open_project(self, path: Path) -> None:
        """See `Projects.open`."""
        self.projects.open(path)

    def open_sample(self, id: str) -> None:
        """See `Projects.open_sample`."""
        self.projects.open_sample(next(sample for sample in self.samples if sample.id == id))

    def take(self, paths: Sequence[Path]) -> None:
        """See `Arrivals.take`."""
        self.arrivals.take(paths)

    def choose_question(self, question: Question) -> None:
        """See `Choosing.choose_question`."""
        self.choosing.choose_question(question)

    def train(self) -> RunInfo:
        """See `Training.train`."""
        return self.training.train()

    def recipe(self, sentence: str = "") -> Mapping[str, Any]:
        """What a figure of what is asked now was made of."""
        return recipe_of_desk(self, sentence).to_json()

    def close(self) -> None:
        """End lanes and threads, close the store."""
        self.leaving.stay()
        self.room.use(None)
        for task in self._tasks:
            task.cancel()
        self.intake.clear()
        self._meter.stop()
        self.checks.close()
        self.identifying.close()
        self.exporting.close()
        self.engine.close()
        self.runs.close()
        self.history.use(None)
        self.projects.close()

    # the machine and the methods on it

    def look_for_devices(self) -> None:
        """Find out what can compute here; `devices_found` tells."""
        self.start(self._look_for_devices())

    async def _look_for_devices(self) -> None:
        self.devices_found.emit(await asyncio.to_thread(found_devices))

    def use_device(self, name: str) -> None:
        """New runs and models go to this device from now on; what works stays where it is."""
        self.engine.device = name
        self.engine_changed.emit(self._device_name(), "ready")

    def threads(self) -> int:
        """Threads for a run or an answer: as set, else all physical cores but one."""
        return self.settings.threads or default_threads()

    def look_for_methods(self) -> None:
        """Describe packages of methods that are new on this machine; what cannot be used is said."""
        self.start(self._look_for_methods())

    async def _look_for_methods(self) -> None:
        known = self.catalogue.failures
        if await asyncio.to_thread(self.catalogue.look_for_more):
            self.methods_changed.emit()
            self.workspace.question_changed.emit(self.workspace.question)
        for failure in self.catalogue.failures:
            if failure not in known:
                self.refused.emit(Refusal(failure.sentence, failure.cause, about=(failure.package,)))

    # engine to desk

    @Slot(object)
    def _take_lane(self, change: LaneChanged) -> None:
        state = {LaneState.DOWN: "ready", LaneState.STARTING: "starting", LaneState.UP: "ready"}[change.state]
        self.engine_changed.emit(self._device_name(), state)

    def _device_name(self) -> str:
        return "CPU" if self.engine.device == "cpu" else self.engine.device

    @Slot(object)
    def _take_unwritten(self, why: str) -> None:
        self.refused.emit(Refusal(why))

    @Slot(object)
    def _take_alarm(self, story: str) -> None:
        self.refused.emit(Refusal(self.tr("The engine contradicts itself. Nothing finished is lost."), story))

    def _measure(self) -> None:
        self.memory_measured.emit(*memory(self.engine.pids()))

    # work in the loop

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Go on in the loop; what is refused there is told by signal."""
        task = asyncio.ensure_future(self._told(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda _: work.close())      # one that was cancelled before it began

    def drop_work(self) -> None:
        """Cancel what goes on in the loop, but for the work that asks for it."""
        for task in self._tasks:
            if task is not asyncio.current_task():
                task.cancel()

    async def _told(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except ReadingStopped:
            pass
        except Refusal as refusal:
            self.refused.emit(refusal)
