"""The desk: project, workspace, engine, runs and exploration together, and what leads from one to the next.

Knows no widget. Files are read in worker threads; all else is quick. What is refused leaves by the signal `refused`
(from work that goes on by itself) or as a Refusal (from a call).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from engines import models
from engines.contract import Inputs
from engines.data.kinds import DataSet
from engines.data.reference import DataReference
from engines.graph import formats
from engines.graph.graph import Graph
from engines.questions import Question
from engines.refusals import Refusal
from engines.results import GraphResult
from engines.runtime.decisions import LaneChanged, LaneState
from engines.runtime.devices import default_threads, found_devices
from engines.runtime.messages import Answered, ModelOpened, Refused, RunState
from studio.catalogue import Announced, Catalogue
from studio.engine import Engines
from studio.exploration.exploration import Exploration, Subject, Wish
from studio.exports.atomic import write_text
from studio.exports.data_files import csv_text
from studio.intake.intake import Intake
from studio.intake.kinds import Incoming, kind_of, read_graph, recognised
from studio.intake.reader import ReadingStopped
from studio.models.changes import ModelChanges
from studio.models.export import ModelExport
from studio.project import Project
from studio.project.care import ProjectCare
from studio.project.history import History
from studio.project.keeping import Asked, Keeper
from studio.project.recent import RecentProjects
from studio.recipes.recipes import of_model
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
from studio.runs.sweeps import Sweep
from studio.samples.samples import Sample, samples
from studio.settings import Settings
from studio.workspace import OpenData, Truth, Workspace
from widgets.kit.drop_zone import Recognised


@dataclass(frozen=True)
class Step:
    """The next step that is missing, as the primary button offers it."""

    id: str
    text: str
    icon: str = "play"
    enabled: bool = True
    why: str = ""
    estimate: str = ""
    cost: str = ""                          # the estimate in full, for the tooltip


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
        self._home = home
        self.history = History(self)
        self.engine = Engines("cpu", parent=self)
        self.workspace = Workspace(self.history, self)
        self.exploration = Exploration(self.engine, self.history, self)
        self.runs = Runs(self.engine, self)
        self.leaving = Leaving(self.runs, self.engine, self)
        self.room = DiskRoom(self.runs, self)
        self.intake = Intake(self.workspace, self._start, self._need_project, self)
        self.intake.taken.connect(self.data_taken)
        self.catalogue = Catalogue(others=not safe)
        self.changes = ModelChanges(self.history, self.runs, self.catalogue, self)
        self.reporting = Reporting(self.history, self)
        self.rows = RowActions(self.history, self.workspace, self.intake, self._start, self)
        self.exporting = ModelExport(self)
        self.reopening = Reopening(self, self._start)
        self.settings = Settings(self)
        self.costs = RunCosts(self.runs, self.workspace, self.catalogue.estimates, self.threads, self)
        self.checks = CheckRuns(self.catalogue, self.threads, self)
        self.samples: tuple[Sample, ...] = samples()
        self.project: Project | None = None
        self._recent = RecentProjects()
        self.care = ProjectCare(self, self._recent)
        self._keeper = Keeper(self.workspace, self.exploration, self.history, self)
        self._wish: Wish | None = None
        self._swept: set[int] = set()           # runs of sweeps: they end without taking the graph or the view
        self._opening: dict[str, tuple[str, DataReference, DataSet, int | None]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._meter = QTimer(self)
        self._meter.setInterval(2000)
        self._meter.timeout.connect(self._measure)
        self._meter.start()
        self.engine.model_opened.connect(self._take_model)
        self.engine.refused.connect(self._take_refused)
        self.engine.answered.connect(self._take_answer)
        self.engine.lane_changed.connect(self._take_lane)
        self.runs.ended.connect(self._take_end)
        self.runs.shown.connect(self._take_shown)
        self.runs.unwritten.connect(self._take_unwritten)
        self.engine.alarmed.connect(self._take_alarm)
        self.history.refused.connect(self.refused)
        self.workspace.reading_wished.connect(self.intake.prepare_again)
        self.leaving.refused.connect(self.refused)

    # projects

    def untitled(self) -> str:
        """The name of a project that has none yet."""
        return self.project.name if self.project is not None else self.tr("Untitled")

    def new_project(self, name: str = "") -> None:
        """An empty project in the documents folder, "Untitled N" without a name; `began` follows.

        Raises:
            Refusal: when it cannot be written there.
        """

        def go() -> None:
            self._begin(name)
            self.began.emit()

        self.leaving.leave(self.tr("start a new project"), go)

    def _begin(self, name: str = "") -> None:
        self._use(Project.open(_free(self._home, name)) if name else Project.untitled(self._home))

    def open_project(self, path: Path) -> None:
        """A project of before, with all that it holds.

        Raises:
            Refusal: when it is no project, or was made by a newer studio.
        """
        if self.project is not None and not self.project.read_only and path.absolute() == self.project.folder:
            self.opened.emit()
            return
        self.leaving.stay()                 # what was to be opened before this is let go
        project = Project.open(path)

        self.leaving.leave(
            self.tr("open {}").format(project.name), partial(self.take_project, project), project.close
        )

    def take_project(self, project: Project) -> None:
        """Work on this project from now on, with all that it holds."""
        self._use(project)
        self._start(self._restore())

    def let_go(self) -> None:
        """Close the files of the project; nothing is kept until another one is taken."""
        self.runs.close()
        self.history.use(None)
        if (subject := self.exploration.subject) is not None:
            self.exploration.open(None)
            self.engine.close_model(subject.model)
        if self.project is not None:
            self.changes.purge()
            self.project.close()
        self.project = None

    def move_project(self, place: Path) -> None:
        """Move the project into the folder `place`; what works is interrupted at its checkpoint and goes on there.

        Raises:
            Refusal: when something of that name is there already.
        """
        project, live = self.project, self.runs.live()
        if project is None or place == project.folder.parent:
            return
        target = place / project.folder.name
        if target.exists():
            raise Refusal(
                self.tr("{} is there already.").format(target.name), self.tr("Choose another place."),
                about=(str(target),),
            )
        self.leaving.leave(self.tr("move the project"), lambda: self._start(self._move(project, target, live)))
        if live:
            self.leaving.stop()

    async def _move(self, project: Project, target: Path, live: Sequence[int]) -> None:
        before = project.folder
        self.let_go()
        try:
            project = await asyncio.to_thread(project.moved_to, target)
            self._recent.forget(before)
        except Refusal as refusal:
            self.refused.emit(refusal)
        self._use(project)
        for number in live:
            self.runs.resume(number)
        await self._restore()

    async def _restore(self) -> None:
        """Data, graph and question of the project, then the model that was being asked."""
        assert self.project is not None
        self.history.hold(True)
        try:
            asked = await self._keeper.restore(self.project, self.intake.read_again, self._take_lost_data)
        except Refusal:
            self.history.hold(False)
            raise
        asked = self.reopening.asked() or asked
        opened = self.workspace.data
        if asked is not None and opened is not None and asked.folder.is_dir():
            self._wish = asked.wish
            item = None if asked.wish is None else asked.wish.item
            self.open_model(asked.folder, asked.title, opened.reference, opened.data, item)
        else:
            self.history.hold(False)
            self.opened.emit()

    def _take_lost_data(self, _name: str, reference: DataReference, refusal: Refusal) -> None:
        """Data of the project that cannot be read now; they stay in it."""
        self.intake.refuse(Path(reference.path), reference, refusal)
        self.refused.emit(refusal)

    def open_sample(self, id: str) -> None:
        """A sample as a project of its own: data, graph, question, and its trained model opened."""
        chosen = next(sample for sample in self.samples if sample.id == id)

        def go() -> None:
            self._begin(chosen.title)
            self._start(self._open_sample(chosen))

        self.leaving.leave(self.tr("open {}").format(chosen.title), go)

    async def _open_sample(self, chosen: Sample) -> None:
        opened = await self.intake.data_of(
            DataReference(str(chosen.data), steps=chosen.steps, roles=dict(chosen.roles))
        )
        self.workspace.add_data(opened)
        if chosen.graph is not None:
            self.workspace.adopt_graph(formats.read(chosen.graph))
        if chosen.truth is not None:
            self.workspace.set_truth(Truth(chosen.truth.stem, formats.read(chosen.truth)))
        self.workspace.set_question(Question(chosen.question))
        self.workspace.set_method(chosen.method)
        if chosen.model is not None:
            self.open_model(chosen.model, chosen.title, opened.reference, opened.data, chosen.item)
        else:
            self.opened.emit()

    def begin_for(self, name: str, fill: Callable[[], None]) -> None:
        """A new project of that name, filled at once; what works in this one is asked about first."""

        def go() -> None:
            self._begin(name)
            fill()

        self.leaving.leave(self.tr("open {}").format(name), go)

    def ask_again(self, asked: Asked, opened: OpenData) -> None:
        """Open a model with what was asked of it before."""
        self._wish = asked.wish
        item = None if asked.wish is None else asked.wish.item
        self.open_model(asked.folder, asked.title, opened.reference, opened.data, item)

    def close(self) -> None:
        """End lanes and threads, close the store."""
        self.leaving.stay()
        self.room.use(None)
        for task in self._tasks:
            task.cancel()
        self.intake.clear()
        self._meter.stop()
        self.checks.close()
        self.exporting.close()
        self.engine.close()
        self.runs.close()
        self.history.use(None)
        if self.project is not None:
            self.changes.purge()
            self.project.close()
            self.project = None

    def _use(self, project: Project) -> None:
        for task in self._tasks:
            if task is not asyncio.current_task():
                task.cancel()
        self._opening.clear()
        self._swept.clear()
        self.let_go()
        self.project = project
        self._wish = None
        self.intake.clear()
        self.workspace.clear()
        self.workspace.rename(project.name)
        self.closed.emit()
        self.rows.clear()
        self.reporting.use(project.folder)
        self.changes.use(project)
        self.runs.open(project)
        self.room.use(None if project.read_only else project.folder)
        self.history.use(project.store, reading=project.read_only)
        self._recent.note(project)
        self.saved.emit(not project.read_only)

    # data, graphs, models that come in

    def recognise(self, paths: Sequence[Path]) -> Recognised:
        """What hovers over the window, in words."""
        return recognised(paths)

    def take(self, paths: Sequence[Path]) -> None:
        """Files or folders that were dropped or chosen: data, a graph, a model or a project."""
        self._start(self._take(list(paths)))

    async def _take(self, paths: list[Path]) -> None:
        path = paths[0]
        kind = kind_of(path)
        if kind is Incoming.PROJECT:
            self.open_project(path)
            return
        match kind:
            case Incoming.MODEL:
                await self._take_model_folder(path.parent if path.name == "model.json" else path)
            case Incoming.RECIPE:
                await self.reopening.take(path)
            case Incoming.GRAPH:
                self._take_graph(path, read_graph(path))
            case Incoming.DATA:
                await self.intake.take(paths)

    def _need_project(self) -> None:
        """There is something to keep now: a project that has no name yet, when none is open.

        Raises:
            Refusal: when the project is open for reading only.
        """
        if self.project is None:
            self._begin()
        elif self.project.read_only:
            raise Refusal(
                self.tr("{} is open in another studio; nothing can be added here.").format(self.project.name),
                self.tr("Close it there, then open it here again."),
            )

    def _take_graph(self, path: Path, graph: Graph) -> None:
        """The first graph becomes the project's; when there is one already, it is compared with."""
        if self.workspace.graph.edges:
            self.workspace.compare_with(Truth(path.stem, graph), self.tr("Compare with {}").format(path.name))
        else:
            graph.order()
            self._need_project()
            self.workspace.set_graph(graph, self.tr("Import {}").format(path.name))
        self.graph_taken.emit()

    async def _take_model_folder(self, path: Path) -> None:
        document = models.read_card(path)
        card = document.get("card", {})
        reference = models.trained_on(document)
        opened = self._of_model(reference)
        if opened is not None:
            self.workspace.choose_data(opened.name)
        elif reference is None:
            raise Refusal(f"{path.name} does not say which data it was trained on.", "Open the data first.")
        else:
            try:
                opened = await self.intake.data_of(reference)
            except Refusal as refusal:
                self.reopening.lack_data(of_model(path, document), refusal)
                return
            self._need_project()
            self.workspace.add_data(opened)
        if card.get("graph"):
            self.workspace.adopt_graph(Graph.from_json(card["graph"]))
        self.open_model(path, path.name, opened.reference, opened.data)

    def data_of_model(self, folder: Path) -> DataSet | None:
        """What a model was trained on, where that is open."""
        with suppress(Refusal):
            reference = models.trained_on(models.read_card(folder))
            if reference is not None and (opened := self._of_model(reference)) is not None:
                return opened.data
        return None

    def _of_model(self, reference: DataReference | None) -> OpenData | None:
        """What a model is to be asked about, if it is open: the data it was trained on, wherever the file lies now.

        A model that does not say its data (a shipped one) is asked about the data that are looked at.
        """
        if reference is None:
            return self.workspace.data
        asked = (reference.fingerprint, reference.types, reference.steps)
        for opened in self.workspace.datasets:
            there = opened.reference
            if there.fingerprint and (there.fingerprint, there.types, there.steps) == asked:
                return opened
        return None

    # question and training

    def look_for_devices(self) -> None:
        """Find out what can compute here; `devices_found` tells."""
        self._start(self._look_for_devices())

    async def _look_for_devices(self) -> None:
        self.devices_found.emit(await asyncio.to_thread(found_devices))

    def use_device(self, name: str) -> None:
        """New runs and models go to this device from now on; what works stays where it is."""
        self.engine.device = name
        self.engine_changed.emit(self._device_name(), "ready")

    def look_for_methods(self) -> None:
        """Describe packages of methods that are new on this machine; what cannot be used is said."""
        self._start(self._look_for_methods())

    async def _look_for_methods(self) -> None:
        known = self.catalogue.failures
        if await asyncio.to_thread(self.catalogue.look_for_more):
            self.methods_changed.emit()
            self.workspace.question_changed.emit(self.workspace.question)
        for failure in self.catalogue.failures:
            if failure not in known:
                self.refused.emit(Refusal(failure.sentence, failure.cause, about=(failure.package,)))

    def choose_question(self, question: Question) -> None:
        """Ask this question from now on; the recommended method that fits is taken."""
        if self.project is None:
            self._begin()
        self.workspace.set_question(question)
        opened = self.workspace.data
        fitting, _ = self.catalogue.sorted(question, None if opened is None else opened.data, self.workspace.graph)
        self.workspace.set_method(fitting[0].id if fitting else "")

    def missing(self) -> dict[Question, str]:
        """By question, why it cannot be asked of what is open; empty where it can."""
        opened = self.workspace.data
        data = None if opened is None else opened.data
        found = {}
        for question in Question:
            fitting, others = self.catalogue.sorted(question, data)
            if not fitting:
                found[question] = others[0].why if others else self.tr("No method for it is installed")
        return found

    def announced(self) -> Announced | None:
        """The chosen method, as it announces itself; None also where its package is not installed here."""
        return self.catalogue.find(self.workspace.method)

    def next_step(self) -> Step:
        """The one thing that is missing before an answer."""
        workspace = self.workspace
        announced = self.announced()
        if workspace.data is None:
            return Step("data", self.tr("Choose data"), "folder-open")
        if workspace.question is None:
            return Step("question", self.tr("Choose a question"), "circle-help")
        if announced is None:
            return Step(
                "question", self.tr("Choose a question"), "circle-help",
                why=self.tr("The method {} is not installed here.").format(workspace.method) if workspace.method
                else self.tr("No method answers this question with this data."),
            )
        needs_graph = announced.accepts.graph == "required"
        if needs_graph and not workspace.graph.nodes:
            return Step("graph", self.tr("Draw the graph"), "waypoints")
        busy = self.runs.busy(self.engine.device)
        learns = workspace.question is Question.CAUSES
        text = self.tr("Add to queue") if busy else self.tr("Learn graph") if learns else self.tr("Train")
        settings = {**announced.default, **workspace.settings(announced.id)}
        known, cost = self.costs.short(announced.id, settings), self.costs.words(announced.id, settings)
        return Step("train", text, "play", estimate=known, cost=cost)

    def train(self) -> RunInfo:
        """Queue a run of the chosen method on the current data.

        Raises:
            Refusal: when something is missing.
        """
        announced, opened = self._trainable()
        return self._queueing(announced, opened)({}, 0, announced.title)

    def sweep(self, sweep: Sweep) -> None:
        """Queue the runs of a sweep over the chosen method; everything is checked before the first is queued.

        They are queued one after the other while the window goes on.

        Raises:
            Refusal: when something is missing or does not fit.
        """
        announced, opened = self._trainable()
        accepts = announced.accepts
        accepts.check(Inputs(opened.data, self.workspace.graph if accepts.graph != "no" else None))
        self._start(self._queue_sweep(self._queueing(announced, opened), announced.title, sweep))

    async def _queue_sweep(
        self, queue: Callable[[Mapping[str, Any], int, str], RunInfo], title: str, sweep: Sweep
    ) -> None:
        for one in sweep.variants():
            self._swept.add(queue(one.settings, one.seed, f"{title}, {sweep.title(one)}").number)
            await asyncio.sleep(0)

    def _trainable(self) -> tuple[Announced, OpenData]:
        opened, chosen = self.workspace.data, self.workspace.method
        announced = self.catalogue.get(chosen) if chosen else None
        if opened is None:
            raise Refusal(self.tr("There is no data to train on."), self.tr("Drop a file on the window."))
        if announced is None:
            raise Refusal(self.tr("No method is chosen."), self.tr("Pick a question first."))
        return announced, opened

    def _queueing(
        self, announced: Announced, opened: OpenData
    ) -> Callable[[Mapping[str, Any], int, str], RunInfo]:
        """What queues a run (settings that differ from the form, seed, title) on things as they are now."""
        accepts = announced.accepts
        graph = self.workspace.graph if accepts.graph != "no" and self.workspace.graph.nodes else None
        truth = self.workspace.truth
        knowledge = self.workspace.knowledge if accepts.knowledge != "no" else type(self.workspace.knowledge)()
        form = {**announced.default, **self.workspace.settings(announced.id)}
        threads = self.threads()

        def queue(settings: Mapping[str, Any], seed: int, title: str) -> RunInfo:
            return self.runs.start(
                announced.id, title, opened.reference, {**form, **settings}, seed=seed, graph=graph,
                knowledge=knowledge, truth=truth.graph if truth is not None and accepts.truth != "no" else None,
                threads=threads,
            )

        return queue

    def threads(self) -> int:
        """Threads for a run or an answer: as set, else all physical cores but one."""
        return self.settings.threads or default_threads()

    def open_model(
        self, folder: Path, title: str, reference: DataReference, data: DataSet, item: int | None = None
    ) -> None:
        """Load a model into the answer lane; the exploration follows when it is there."""
        model = str(folder)
        self._opening[model] = (title, reference, data, item)
        self.exploration.expect(title)
        self.engine.open_model(model, folder, reference, self.threads())

    def choose_item(self, item: int) -> None:
        """Ask about this item of the current data, when a model for these data is open."""
        subject, opened = self.exploration.subject, self.workspace.data
        if subject is not None and opened is not None and subject.data.name == opened.name:
            self.exploration.choose(item)

    # exports

    def export_graph(self, graph: Graph, path: Path) -> None:
        """The project's graph as a file, by its suffix."""
        formats.write(graph, path)

    def export_scalars(self, info: RunInfo, path: Path) -> None:
        """All points of a run's scalars as CSV."""
        rows = [
            (name, step, value)
            for name, (steps, values) in info.scalars.items()
            for step, value in zip(steps, values, strict=True)
        ]
        write_text(path, csv_text(["name", "step", "value"], rows))

    def recipe(self, sentence: str = "") -> Mapping[str, Any]:
        """What a figure of what is asked now was made of."""
        return recipe_of_desk(self, sentence).to_json()

    # engine to desk

    @Slot(object)
    def _take_model(self, opened: ModelOpened) -> None:
        waiting = self._opening.pop(opened.model, None)
        if waiting is None:
            return
        title, reference, data, item = waiting
        announced = self.catalogue.find(opened.method)
        name = announced.title if announced is not None else opened.method
        title = title if title.startswith(name) else f"{name}, {title}"
        subject, before = Subject.of(opened, title, reference, data), self.exploration.subject
        wish, self._wish = self._wish, None
        self.exploration.open(subject, item, wish)
        self.history.hold(False)
        if before is not None and before.model != subject.model:
            self.engine.close_model(before.model)
        self.opened.emit()

    @Slot(object)
    def _take_refused(self, refused: Refused) -> None:
        if refused.number == 0:
            self._opening.pop(refused.view, None)
            self.exploration.expect("")
            self.history.hold(False)
            self.refused.emit(Refusal(refused.sentence, refused.cause, refused.offers, refused.about))
        else:
            self.exploration.take(refused)

    @Slot(object)
    def _take_answer(self, answered: Answered) -> None:
        self.exploration.take(answered)

    @Slot(object)
    def _take_lane(self, change: LaneChanged) -> None:
        state = {LaneState.DOWN: "ready", LaneState.STARTING: "starting", LaneState.UP: "ready"}[change.state]
        self.engine_changed.emit(self._device_name(), state)

    def _device_name(self) -> str:
        return "CPU" if self.engine.device == "cpu" else self.engine.device

    @Slot(object, object)
    def _take_shown(self, info: RunInfo, result: object) -> None:
        if isinstance(result, GraphResult) and info is self.runs.current:
            self.workspace.show_learning(result.graph)

    @Slot(object)
    def _take_end(self, info: RunInfo) -> None:
        self.workspace.show_learning(None)
        if info.ended is None:
            return
        if info.state is RunState.DONE and info.number in self._swept:
            return
        if info.state is RunState.DONE:
            graphs = [result for result in info.results.values() if isinstance(result, GraphResult)]
            if graphs:
                learned = self.workspace.with_places(graphs[0].graph)
                self.workspace.set_graph(learned, self.tr("Learn the graph"))
            self._start(self._open_trained(info))
        elif info.ended.refused:
            self.refused.emit(Refusal(info.ended.sentence, info.ended.cause, info.ended.offers, info.ended.about))

    @Slot(object)
    def _take_unwritten(self, why: str) -> None:
        self.refused.emit(Refusal(why))

    @Slot(object)
    def _take_alarm(self, story: str) -> None:
        self.refused.emit(Refusal(self.tr("The engine contradicts itself. Nothing finished is lost."), story))

    async def _open_trained(self, info: RunInfo) -> None:
        opened = next((d for d in self.workspace.datasets if d.reference == info.request.data), None)
        data = (opened or await self.intake.data_of(info.request.data)).data
        item = self.exploration.wish.item
        self.open_model(info.model, info.name, info.request.data, data, item)
        self.trained.emit()

    def _measure(self) -> None:
        self.memory_measured.emit(*memory(self.engine.pids()))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        """Go on in the loop; what is refused there is told by signal."""
        task = asyncio.ensure_future(self._told(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda _: work.close())      # one that was cancelled before it began

    async def _told(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except ReadingStopped:
            pass
        except Refusal as refusal:
            self.refused.emit(refusal)


def _free(home: Path, name: str) -> Path:
    """The folder of a new project of that name; a number is added when there is one already."""
    folder, number = home / f"{name}.otherwise", 2
    while folder.exists():
        folder = home / f"{name} {number}.otherwise"
        number += 1
    return folder
