"""Projects as they are begun, opened, moved and let go; one is open at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from engines.data.reference import DataReference
from engines.graph import formats
from engines.questions import Question
from engines.refusals import Refusal
from studio.intake.reader import ReadingStopped
from studio.project import Project
from studio.project.keeping import Keeper
from studio.project.recent import RecentProjects
from studio.samples.samples import Sample
from studio.workspace import Truth

if TYPE_CHECKING:
    from studio.desk import Desk


class Projects(QObject):
    """Begins and opens projects for the desk, and closes what was open before.

    Attributes:
        current: The project that is open.
        recent: Those that were open before.
    """

    def __init__(self, desk: Desk, home: Path) -> None:
        """`home`: where projects that have no name yet are kept."""
        super().__init__(desk)
        self._desk, self._home = desk, home
        self.current: Project | None = None
        self.recent = RecentProjects()
        self._keeper = Keeper(desk.workspace, desk.exploration, desk.history, self)

    def new(self, name: str = "") -> None:
        """An empty project in the documents folder, "Untitled N" without a name; the desk tells that it began.

        Raises:
            Refusal: when it cannot be written there.
        """

        def go() -> None:
            self.begin(name)
            self._desk.began.emit()

        self._desk.leaving.leave(self.tr("start a new project"), go)

    def begin(self, name: str = "") -> None:
        """As `new`, without asking about what works."""
        self._use(Project.open(_free(self._home, name)) if name else Project.untitled(self._home))

    def begin_for(self, name: str, fill: Callable[[], None]) -> None:
        """A new project of that name, filled at once; what works in this one is asked about first."""

        def go() -> None:
            self.begin(name)
            fill()

        self._desk.leaving.leave(self.tr("open {}").format(name), go)

    def need(self) -> None:
        """There is something to keep now: a project that has no name yet, when none is open.

        Raises:
            Refusal: when the project is open for reading only.
        """
        if self.current is None:
            self.begin()
        elif self.current.read_only:
            raise Refusal(
                self.tr("{} is open in another studio; nothing can be added here.").format(self.current.name),
                self.tr("Close it there, then open it here again."),
            )

    def open(self, path: Path) -> None:
        """A project of before, with all that it holds.

        Raises:
            Refusal: when it is no project, or was made by a newer studio.
        """
        if self.current is not None and not self.current.read_only and path.absolute() == self.current.folder:
            self._desk.opened.emit()
            return
        self._desk.leaving.stay()           # what was to be opened before this is let go
        project = Project.open(path)
        self._desk.leaving.leave(
            self.tr("open {}").format(project.name), partial(self.take, project), project.close
        )

    def take(self, project: Project) -> None:
        """Work on this project from now on, with all that it holds."""
        self._use(project)
        self._desk.start(self._restore())

    def let_go(self) -> None:
        """Close the files of the project; nothing is kept until another one is taken."""
        desk = self._desk
        desk.runs.close()
        desk.history.use(None)
        if (subject := desk.exploration.subject) is not None:
            desk.exploration.open(None)
            desk.engine.close_model(subject.model)
        self.close()

    def close(self) -> None:
        """Close the store of the project."""
        if self.current is not None:
            self._desk.changes.purge()
            self.current.close()
        self.current = None

    def move(self, place: Path) -> None:
        """Move the project into the folder `place`; what works is interrupted at its checkpoint and goes on there.

        Raises:
            Refusal: when something of that name is there already.
        """
        project, live, leaving = self.current, self._desk.runs.live(), self._desk.leaving
        if project is None or place == project.folder.parent:
            return
        target = place / project.folder.name
        if target.exists():
            raise Refusal(
                self.tr("{} is there already.").format(target.name), self.tr("Choose another place."),
                about=(str(target),),
            )
        leaving.leave(self.tr("move the project"), lambda: self._desk.start(self._move(project, target, live)))
        if live:
            leaving.stop()

    async def _move(self, project: Project, target: Path, live: Sequence[int]) -> None:
        before = project.folder
        self.let_go()
        try:
            project = await asyncio.to_thread(project.moved_to, target)
            self.recent.forget(before)
        except Refusal as refusal:
            self._desk.refused.emit(refusal)
        self._use(project)
        for number in live:
            self._desk.runs.resume(number)
        await self._restore()

    async def _restore(self) -> None:
        """Data, graph and question of the project, then the model that was being asked."""
        assert self.current is not None
        desk = self._desk
        desk.history.hold(True)
        desk.exploration.expect(self.current.name if self._keeper.asks(self.current) else "")
        try:
            asked = await self._keeper.restore(self.current, desk.intake.read_again, self._take_lost_data)
        except Refusal:
            desk.history.hold(False)
            desk.exploration.expect("")
            raise
        asked = desk.reopening.asked() or asked
        opened = desk.workspace.data
        if asked is not None and opened is not None and asked.folder.is_dir():
            desk.answering.ask_again(asked, opened)
        else:
            desk.exploration.expect("")
            desk.history.hold(False)
            desk.opened.emit()

    def _take_lost_data(self, _name: str, reference: DataReference, refusal: Refusal) -> None:
        """Data of the project that cannot be read now; they stay in it."""
        self._desk.intake.refuse(Path(reference.path), reference, refusal)
        self._desk.refused.emit(refusal)

    def open_sample(self, sample: Sample) -> None:
        """A sample as a project of its own: data, graph, question, and its trained model opened."""
        self.begin_for(sample.title, lambda: self._desk.start(self._fill(sample)))

    async def _fill(self, sample: Sample) -> None:
        desk, workspace = self._desk, self._desk.workspace
        desk.exploration.expect(sample.title if sample.model is not None else "")   # not first: train a model
        try:
            opened = await desk.intake.data_of(
                DataReference(str(sample.data), steps=sample.steps, roles=dict(sample.roles))
            )
        except (Refusal, ReadingStopped):
            desk.exploration.expect("")
            raise
        workspace.add_data(opened)
        if sample.graph is not None:
            workspace.adopt_graph(formats.read(sample.graph))
        if sample.truth is not None:
            workspace.set_truth(Truth(sample.truth.stem, formats.read(sample.truth)))
        workspace.set_question(Question(sample.question))
        workspace.set_method(sample.method)
        if sample.model is not None:
            desk.answering.open_model(sample.model, sample.title, opened.reference, opened.data, sample.item)
        else:
            desk.opened.emit()

    def _use(self, project: Project) -> None:
        """Everything of the desk turns to this project; nothing of the one before stays."""
        desk = self._desk
        desk.drop_work()
        desk.answering.clear()
        desk.training.clear()
        self.let_go()
        self.current = project
        desk.intake.clear()
        desk.workspace.clear()
        desk.workspace.rename(project.name)
        desk.closed.emit()
        desk.rows.clear()
        desk.reporting.use(project.folder)
        desk.changes.use(project)
        desk.runs.open(project)
        desk.room.use(None if project.read_only else project.folder)
        desk.history.use(project.store, reading=project.read_only)
        self.recent.note(project)
        desk.saved.emit(not project.read_only)


def _free(home: Path, name: str) -> Path:
    """The folder of a new project of that name; a number is added when there is one already."""
    folder, number = home / f"{name}.otherwise", 2
    while folder.exists():
        folder = home / f"{name} {number}.otherwise"
        number += 1
    return folder
