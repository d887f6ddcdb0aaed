"""The main window: bars, pages and homes, and the way from a gesture to what it starts.

It is on the screen with the start page before anything heavy is loaded; `studio.furnishing` then brings in the desk
and the panels.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from engines.questions import Question
from engines.refusals import Refusal
from studio.bars.job_strip import JobLine, JobStrip
from studio.bars.question_bar import QuestionBar
from studio.bars.top_bar import TopBar
from studio.dialogs import ask_files, ask_folder
from studio.homes import LOW, WIDE, Homes
from studio.panels.inset import Inset
from studio.panels.start import StartPage
from studio.project.earlier import states
from studio.project.lock import Holder
from studio.project.recent import RecentProjects
from studio.project.store import Unreadable
from studio.samples.pictures import picture_of
from studio.samples.samples import samples
from widgets.kit.action import Action
from widgets.kit.drop_zone import local_paths
from widgets.kit.follow import follow_theme
from widgets.kit.message_bar import AdviceBar, ErrorBar, MessageBar
from widgets.kit.tab_order import go_on
from widgets.theme import Theme, mark_icon

if TYPE_CHECKING:
    from engines.graph.graph import Graph
    from studio.desk import Desk
    from studio.exports.exhibit import Exhibit
    from studio.furnishing import Furniture
    from studio.models.shelf import ShelvedModel
    from studio.runs.runs import RunInfo

PANELS = ("Data", "Graph", "Methods", "Curves", "Counterfactual", "Results", "Models")
_SMALLEST = (1024, 640)


class MainWindow(QMainWindow):
    """Shows the desk. All that it does goes through `studio.desk.Desk`, which knows no widget."""

    appeared = Signal()                     # the first frame is on the screen

    desk: Desk
    rooms: Furniture

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("Otherwise")
        self.setWindowIcon(mark_icon(Theme.current()))
        self.setMinimumSize(*_SMALLEST)
        self.setAcceptDrops(True)
        self.top = TopBar(PANELS)
        self.question = QuestionBar()
        self.strip = JobStrip()
        self.start = StartPage()
        self.homes = Homes()
        self.notice = ErrorBar()
        self.reading = AdviceBar()
        self.said = MessageBar("ok")
        self._furnished = False
        self._lay_out()
        self.resize(1440, 900)
        follow_theme(self._fit)
        self._show_start()

    def furnish(self, desk: Desk) -> None:
        """Bring in the desk and the panels; until then only the start page can be looked at."""
        from studio.furnishing import Furniture

        self.desk = desk
        self.rooms = Furniture(self, desk)
        self._furnished = True
        self._fit()
        self.start.set_missing(desk.choosing.missing())

    # pages

    def show_panel(self, name: str) -> None:
        """Bring a panel to the front and give it the keyboard."""
        if name == "Start":
            self._show_start()
            return
        if name == "Jobs":
            self.activateWindow()
            self.rooms.jobs.open_drawer()
            return
        if name == "Data":
            self._leave_start(self.rooms.data)
            self.activateWindow()
            self.rooms.data.setFocus()
        else:
            beside = self.homes.is_floating(name) and self.page() == "Data"
            self._leave_start(self.rooms.data if beside else self.homes)
            self.homes.show(name)
            self.homes.focus(name)
        self.tell_shown()

    def show_desk(self) -> None:
        """The page with the panels, as they are arranged; the one that was used last gets the keyboard."""
        self._leave_start(self.homes)
        if last := self.homes.last():
            self.homes.focus(last)
        self.tell_shown()

    def page(self) -> str:
        """Which page is seen: Start, Data or Desk."""
        current = self.pages.currentWidget()
        return "Start" if current is self.start else "Desk" if current is self.homes else "Data"

    def _leave_start(self, page: QWidget) -> None:
        self.top.set_project(self.desk.workspace.name or self.desk.untitled())
        if self.desk.project is not None:
            self.strip.set_saved(not self.desk.project.read_only)
        self.question.setVisible(True)
        self.pages.setCurrentWidget(page)
        self.homes.set_away(False)

    def _show_start(self) -> None:
        self.pages.setCurrentWidget(self.start)
        self.homes.set_away(True)
        shipped = samples()
        pictures = {sample.id: picture_of(sample) for sample in shipped}
        self.start.set_samples(shipped, {name: picture for name, picture in pictures.items() if picture is not None})
        self.start.set_recent(RecentProjects().all())
        self.start.recovery.hide()
        if self._furnished:
            self.start.set_missing(self.desk.choosing.missing())
        self.top.set_project("")
        self.question.setVisible(False)
        self.strip.set_saved(None)

    def tell_shown(self) -> None:
        """Light up the names of the panels that are to be seen."""
        page, shown = self.page(), self.homes.shown()
        beside = [name for name in shown if self.homes.is_floating(name)]
        self.top.set_shown(shown if page == "Desk" else ["Data", *beside] if page == "Data" else [])

    def toggle(self, name: str, on: bool) -> None:
        """Show or hide a panel."""
        if on or name == "Data":
            self.show_panel(name)
        else:
            self.homes.hide_panel(name)
        self.tell_shown()

    def next_panel(self, forward: bool = True) -> None:
        """Give the keyboard to the next panel, or the one before; floating ones come after those in the window."""
        self.homes.walk(forward)

    def fill(self) -> None:
        """Fill the window with the panel that was used last, or end that."""
        last = "" if self.homes.filled() else self.homes.last()
        self.homes.fill(last)
        if last:
            self.homes.focus(last)

    # questions and steps

    def take_step(self, step: str) -> None:
        """Do what the primary button offers, by the id of the step."""
        match step:
            case "data":
                self.choose_file()
            case "graph":
                self.show_panel("Graph")
            case "predictor":
                self.guarded(self.desk.choosing.choose_predictor)
                self.show_panel("Methods")
            case "train":
                if self.rooms.methods.commit():
                    self.guarded(self.desk.train)
            case "question":
                self.show_panel("Start")

    def explain(self, model: ShelvedModel) -> None:
        """Choose the method that explains this model."""
        self.guarded(lambda: self.desk.choosing.choose_explaining(model.folder))
        self.show_panel("Methods")

    def ask(self, question: Question) -> None:
        """Ask this question from now on.

        Raises:
            Refusal: when no method answers it, or none with the data that are open.
        """
        if why := self.desk.choosing.missing().get(question, ""):
            raise Refusal(self.tr("“{}” cannot be asked here.").format(question.sentence), why)
        self.desk.choose_question(question)
        self.show_panel("Graph" if self.desk.workspace.data is not None else "Data")

    def learn(self) -> None:
        """Learn the graph from the data that are open."""
        self.desk.choose_question(Question.CAUSES)
        self.desk.train()

    def new_project(self) -> None:
        """An empty project."""
        self.guarded(self.desk.new_project)

    def take_project_wish(self, wish: str) -> None:
        """A line of the project's menu."""
        match wish:
            case "start":
                self._show_start()
            case "new":
                self.new_project()
            case "open":
                self.choose_folder()
            case "rename":
                self.rooms.rename.open_under(self.top.project_button, self.desk.workspace.name)
            case "earlier":
                self.show_earlier()

    def show_earlier(self) -> None:
        """Offer the states of the open project, on the start page."""
        if (project := self.desk.project) is not None:
            self._show_start()
            self.start.recovery.show_earlier(project.folder, states(project.folder))

    def resume(self, folder: Path, run: int) -> None:
        """Open a project and go on with a run of it that was interrupted.

        Raises:
            Refusal: when it cannot be opened, or can only be read.
        """
        self.desk.open_project(folder)
        if self.desk.project is not None and self.desk.project.folder == folder:
            self.desk.runs.resume(run)

    def forget(self, folder: Path) -> None:
        """Leave a project out of the list of recent ones."""
        recent = RecentProjects()
        recent.forget(folder)
        self.start.set_recent(recent.all())

    # files

    def choose_file(self) -> None:
        """Ask for data, a graph or a model."""
        ask_files(self, self.tr("Choose data, a graph or a model"), self.take_paths)

    def choose_folder(self) -> None:
        """Ask for a folder."""
        ask_folder(self, self.tr("Choose a folder of images, a model or a project"), self.take_paths)

    def move_project(self) -> None:
        """Ask for a place with more room, and move the project there."""
        ask_folder(
            self, self.tr("Choose where the project is to lie"),
            lambda paths: self.guarded(lambda: self.desk.projects.move(paths[0])),
        )

    def take_paths(self, paths: Sequence[Path]) -> None:
        """Files or folders that were dropped or chosen, of whatever kind."""
        self.desk.take(list(paths))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._furnished and local_paths(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self._take_mime(event.mimeData())
        event.acceptProposedAction()

    def _take_mime(self, data: QMimeData) -> None:
        if paths := local_paths(data):
            self.take_paths(paths)

    # what is said

    def tell_reading(self, *_: object) -> None:
        """Say for as long as it is so that the project can only be read, and who has it."""
        project = self.desk.project
        if project is None or project.reader_of is None:
            self.reading.clear()
            return
        holder, again = project.reader_of, partial(self.desk.open_project, project.folder)
        actions = [Action(self.tr("Try again"), lambda: self.guarded(again))]
        if holder.machine != Holder.this().machine:
            take = partial(self.desk.care.take_over, project.folder)
            actions.append(Action(self.tr("That machine is off, take it over"), lambda: self.guarded(take)))
        self.reading.show_message(
            self.tr("{} is open in another studio ({}).").format(project.name, holder),
            self.tr("Here it can be looked at and asked. Nothing is kept, and nothing can be edited or trained."),
            actions,
        )

    def tell_safe(self) -> None:
        """Say that the methods of other packages were left out."""
        self.said.show_message(
            self.tr("Started in safe mode: the methods of other packages are left out."),
            self.tr("Start without --safe to have them again."),
        )

    def take_refusal(self, refusal: Refusal) -> None:
        """A refusal stands where it concerns: on its file's card, on Start, or over the panels."""
        if self.desk.intake.has_card(refusal) and (refusal.offers or self.page() != "Start"):
            self.show_panel("Data")
            return
        if isinstance(refusal, Unreadable):
            self._show_start()
            found = states(refusal.folder)
            self.start.recovery.show_damaged(refusal.folder, refusal.sentence, refusal.cause, found)
            return
        self.start.set_opening(None)
        bar = self.start.error if self.page() == "Start" else self.notice
        from studio.intake.onnx_files import SET_ROLES  # here: it need not hold up the start

        ways = {SET_ROLES: partial(self.show_panel, "Data")}
        bar.show_message(refusal.sentence, refusal.cause, [
            Action(offer, ways[offer], "plain", "table-2") for offer in refusal.offers if offer in ways
        ])

    def show_fault(self, error: BaseException) -> None:
        """An error that nobody expected: said in the window, written in full into the log."""
        self.notice.show_message(
            self.tr("Something went wrong inside the studio. Nothing finished is lost."),
            f"{type(error).__name__}: {error}",
        )

    def guarded(self, work: Callable[[], object]) -> None:
        """Do something; a refusal is said in the window."""
        try:
            work()
        except Refusal as refusal:
            self.take_refusal(refusal)

    # jobs

    def take_run(self, info: RunInfo) -> None:
        """A run was added or has changed."""
        runs = self.desk.runs
        self.strip.set_job(JobLine.of(runs.current or info))
        self.strip.set_queue(runs.queued)
        self.rooms.methods.set_busy(runs.busy(self.desk.engine.device))

    def stop_current(self) -> None:
        """Stop the running job."""
        if (info := self.desk.runs.current) is not None:
            self.desk.runs.stop(info.number)

    def resume_last(self) -> None:
        """Go on with the run that was interrupted."""
        found = self.desk.runs.interrupted()
        if found:
            self.guarded(lambda: self.desk.runs.resume(found[0].number))

    def pause_current(self, on: bool) -> None:
        """Hold the running job, or let it go on."""
        if (info := self.desk.runs.current) is not None:
            self.desk.runs.pause(info.number, on)

    # exports

    def export(self, shown: QWidget | Exhibit) -> None:
        """Ask where to, and write a view as a figure, or whatever else it can be."""
        self.rooms.exports.export(shown)

    def export_to(self, exhibit: Exhibit, path: Path) -> None:
        """Write what the suffix names, with the sentence as its caption and the recipe in it."""
        self.rooms.exports.write(exhibit, path)

    def export_view(self, view: QWidget, path: Path) -> None:
        """Write a view to PNG, SVG or PDF with the sentence as its caption."""
        self.rooms.exports.write(view, path)

    def export_graph(self, graph: Graph) -> None:
        """Ask where to, and write a graph."""
        self.rooms.exports.graph(graph)

    def export_scalars(self) -> None:
        """Ask where to, and write the figures of the newest run."""
        self.rooms.exports.scalars()

    # the window itself

    def _lay_out(self) -> None:
        self.pages = QStackedWidget()
        self.pages.addWidget(self.start)
        self.pages.addWidget(self.homes)
        ground = _Ground()
        ground.painted.connect(self.appeared)
        self._column = column = QVBoxLayout(ground)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top)
        for widget, above in ((self.question, 0), (self.reading, 8), (self.notice, 8), (self.said, 8)):
            column.addWidget(Inset(widget, (8, above, 8, 0)))
        column.addWidget(self.pages, 1)
        column.addWidget(self.strip)
        self.setCentralWidget(ground)

    def add_bar(self, bar: QWidget) -> None:
        """A bar that comes and goes, over the pages."""
        self._column.insertWidget(self._column.indexOf(self.pages), Inset(bar, (8, 8, 8, 0)))

    def _fit(self) -> None:
        """What gives way as the window becomes small, in the order of the design."""
        px = Theme.current().px                 # large text needs the room as a small window does
        low, small = self.height() < px(LOW), self.width() < px(WIDE)
        compact = small or low
        self.top.set_compact(small)
        self.question.set_compact(compact)
        self.strip.set_compact(compact)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.WindowStateChange:
            self.updateGeometry()
        super().changeEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes as the window is laid out; Qt's own order is that in which its parts were built."""
        return go_on(self, forward=forward, over=self._drawers())

    def _drawers(self) -> tuple[QWidget, ...]:
        return (self.rooms.jobs, self.rooms.reports.drawer) if self._furnished else ()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.homes.filled():
            self.homes.fill("")
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._furnished and self.desk.runs.live():
            event.ignore()
            self.desk.leaving.leave(self.tr("close"), self.close)
            return
        if self._furnished:
            self.rooms.layout.close()
            self.homes.set_away(True)
            self.desk.close()
        super().closeEvent(event)


class _Ground(QWidget):
    """The window's own surface; tells when it was first painted."""

    painted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._first = True

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), Theme.current().bg0)
        if self._first:
            self._first = False
            QTimer.singleShot(0, self.painted.emit)
