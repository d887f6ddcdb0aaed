"""The main window: bars, pages and homes, and the way from a gesture to what it starts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, Qt
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from engines.contract import Slider
from engines.data.kinds import Images
from engines.graph.graph import Graph
from engines.questions import Question
from engines.refusals import Refusal
from engines.runtime.messages import RunState
from studio.bars.help import TOPIC, HelpView
from studio.bars.job_strip import JobLine, JobStrip
from studio.bars.palette import Command, CommandPalette
from studio.bars.question_bar import QuestionBar
from studio.bars.settings import SettingsPopup
from studio.bars.top_bar import TopBar
from studio.desk import Desk
from studio.dialogs import ask_files, ask_folder, ask_target
from studio.exports.figures import export_view
from studio.homes import LOW, WIDE, Home, Homes
from studio.panels.counterfactual import CounterfactualPanel
from studio.panels.curves import CurvesPanel
from studio.panels.data import DataPage
from studio.panels.graph import GraphPanel
from studio.panels.jobs import JobsDrawer
from studio.panels.methods import MethodsPanel
from studio.panels.models import ModelsPanel
from studio.panels.results import ResultsPanel
from studio.panels.start import StartPage
from studio.runs import RunInfo
from studio.wording import Part, question_about, what_if
from widgets.kit.drop_zone import local_paths
from widgets.kit.message_bar import ErrorBar
from widgets.kit.tab_order import go_on
from widgets.numbers import parse_number
from widgets.pictures import image_of
from widgets.theme import Theme, mark_icon

PANELS = ("Data", "Graph", "Methods", "Curves", "Counterfactual", "Results", "Models")
_BY_NUMBER = ("Start", "Data", "Graph", "Methods", "Curves", "Counterfactual", "Jobs", "Models", "Results")
_SMALLEST = (1024, 640)


class MainWindow(QMainWindow):
    """Shows the desk. All that it does goes through `studio.desk.Desk`, which knows no widget."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.setWindowTitle("Otherwise")
        self.setWindowIcon(mark_icon(Theme.current()))
        self.setMinimumSize(*_SMALLEST)
        self.setAcceptDrops(True)
        self.resize(1440, 900)
        workspace, exploration, runs = desk.workspace, desk.exploration, desk.runs
        self.top = TopBar(PANELS, workspace.undo)
        self.question = QuestionBar()
        self.strip = JobStrip()
        self.start = StartPage()
        self.data = DataPage(desk)
        self.graph = GraphPanel(workspace, exploration)
        self.methods = MethodsPanel(workspace, desk.catalogue)
        self.curves = CurvesPanel(runs)
        self.counterfactual = CounterfactualPanel(exploration)
        self.results = ResultsPanel(runs, desk.catalogue)
        self.jobs = JobsDrawer(runs, desk.engine)
        self.palette_popup = CommandPalette(self)
        self.settings_popup = SettingsPopup(desk.settings, self)
        self.help = HelpView(self)
        self.models = ModelsPanel(desk)
        self.homes = Homes()
        self._lay_out()
        self._connect()
        self._keys()
        self._refresh_question()
        self._show_start()

    # pages

    def show_panel(self, name: str) -> None:
        """Bring a panel to the front and give it the keyboard."""
        if name == "Start":
            self._show_start()
            return
        if name == "Jobs":
            self.jobs.open_drawer()
            return
        self.top.set_project(self.desk.workspace.name or self.desk.untitled())
        self.question.setVisible(True)
        if name == "Data":
            self._pages.setCurrentWidget(self.data)
            self.data.setFocus()
        else:
            self._pages.setCurrentWidget(self.homes)
            self.homes.show(name)
            self.homes.panel(name).setFocus()
        self._tell_shown()

    def page(self) -> str:
        """Which page is seen: Start, Data or Desk."""
        current = self._pages.currentWidget()
        return "Start" if current is self.start else "Data" if current is self.data else "Desk"

    def _show_start(self) -> None:
        self._pages.setCurrentWidget(self.start)
        self.start.set_samples(self.desk.samples, self.desk.sample_pictures())
        self.start.set_recent(self.desk.recent())
        self.start.set_missing(self.desk.missing())
        self.top.set_project("")
        self.question.setVisible(False)
        self.strip.set_saved(None)

    def _tell_shown(self) -> None:
        self.top.set_shown(["Data"] if self.page() == "Data" else self.homes.shown() if self.page() == "Desk" else [])

    def _toggle(self, name: str, on: bool) -> None:
        if on or self.page() != "Desk" or name == "Data":
            self.show_panel(name)
        else:
            self.homes.hide_panel(name)
        self._tell_shown()

    # what is asked

    def _refresh_question(self, *_: object) -> None:
        desk, workspace = self.desk, self.desk.workspace
        subject, wish = desk.exploration.subject, desk.exploration.wish
        asks_if = subject is not None and wish.item is not None and workspace.question in (
            Question.IMAGE_IF, Question.ROW_IF, None
        )
        if subject is not None and wish.item is not None and (asks_if or wish.do):
            controls = {control.name: control for control in subject.controls}
            self.question.set_sentence(what_if(subject.data, wish.item, wish.do, controls), can_add=True)
            if isinstance(subject.data, Images):
                pixels = subject.data.pixels[subject.position(wish.item)]
                self.question.set_picture(QPixmap.fromImage(image_of(pixels)))
            else:
                self.question.set_picture(QPixmap())
            self.question.set_method(subject.title, "box")
        elif workspace.question is not None:
            name = workspace.data.name if workspace.data is not None else None
            self.question.set_sentence(question_about(workspace.question, name))
            announced = desk.announced()
            self.question.set_method(announced.title if announced is not None else "", "box")
        else:
            self.question.set_sentence([Part(self.tr("What do you want to know?"))])
            self.question.set_method("")
        step = desk.next_step()
        self.question.set_main(step.text, step.icon, step.enabled, step.why)
        self.question.set_estimate(step.estimate)

    def _main_action(self) -> None:
        step = self.desk.next_step()
        match step.id:
            case "data":
                self._choose_file()
            case "graph":
                self.show_panel("Graph")
            case "train":
                if self.methods.commit():
                    self._guarded(self.desk.train)
            case "question":
                self.show_panel("Start")

    def _type_do(self, name: str, text: str) -> None:
        """A chip of the sentence was typed over: "thickness = 3.4 px" or just the value."""
        subject = self.desk.exploration.subject
        if subject is None:
            return
        value = text.rpartition("=")[2].strip()
        control = subject.control(name)
        if isinstance(control, Slider):
            number = parse_number(value, control.unit)
            if number is not None:
                low, high = control.bounds
                self.desk.exploration.set(name, min(max(number, low), high))
        else:
            self.desk.exploration.set(name, value)
        self._refresh_question()

    def _add_intervention(self) -> None:
        """Hold the first factor that is free, so that its row can be moved."""
        exploration = self.desk.exploration
        if exploration.subject is None:
            return
        free = [c.name for c in exploration.subject.factors if c.name not in exploration.wish.do]
        if free:
            exploration.hold(free[0])

    # files

    def _choose_file(self) -> None:
        ask_files(self, self.tr("Choose data, a graph or a model"), self.take_paths)

    def _choose_folder(self) -> None:
        ask_folder(self, self.tr("Choose a folder of images, a model or a project"), self.take_paths)

    def take_paths(self, paths: Sequence[Path]) -> None:
        """Files or folders that were dropped or chosen, of whatever kind."""
        self.desk.take(list(paths))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_paths(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self._take_mime(event.mimeData())
        event.acceptProposedAction()

    def _take_mime(self, data: QMimeData) -> None:
        if paths := local_paths(data):
            self.take_paths(paths)

    def _take_refusal(self, refusal: Refusal) -> None:
        """A refusal stands where it concerns: on Start, on Data, or over the graph."""
        if self.page() == "Start":
            self.start.error.show_message(refusal.sentence, refusal.cause)
        else:
            self.notice.show_message(refusal.sentence, refusal.cause)

    def show_fault(self, error: BaseException) -> None:
        """An error that nobody expected: said in the window, written in full into the log."""
        self.notice.show_message(
            self.tr("Something went wrong inside the studio. Nothing finished is lost."),
            f"{type(error).__name__}: {error}",
        )

    def _guarded(self, work: Callable[[], object]) -> None:
        try:
            work()
        except Refusal as refusal:
            self._take_refusal(refusal)

    # jobs

    def _take_run(self, info: RunInfo) -> None:
        current = self.desk.runs.current or info
        self.strip.set_job(self._job_line(current))
        self.strip.set_queue(self.desk.runs.queued)
        self.methods.set_busy(self.desk.runs.current is not None)
        self._refresh_question()

    def _job_line(self, info: RunInfo) -> JobLine | None:
        if info.state in (RunState.DONE, RunState.CANCELLED):
            return None
        title = f"{info.name[0].upper()}{info.name[1:]}, {info.title}"
        return JobLine(
            title, info.state, info.colour, info.phase, info.done, info.total, info.left.seconds, info.left.rate,
            info.left.slower, info.ended.sentence if info.ended is not None else "",
        )

    def _stop_current(self) -> None:
        if (info := self.desk.runs.current) is not None:
            self.desk.runs.stop(info.number)

    def _pause_current(self, on: bool) -> None:
        if (info := self.desk.runs.current) is not None:
            self.desk.runs.pause(info.number, on)

    def _open_run(self, number: int) -> None:
        self.show_panel("Results")
        self.results.show_run(number)

    def _clear(self) -> None:
        """Another project takes the place: what panels keep of its runs goes."""
        self.curves.clear()
        self.results.clear()
        self.jobs.clear()
        self.models.clear()
        self.strip.set_job(None)
        self.notice.clear()
        self.start.error.clear()

    def _took_data(self) -> None:
        self.show_panel("Data")

    # exports

    def _export(self, view: QWidget) -> None:
        ask_target(
            self, self.tr("Export the figure"),
            (self.tr("PNG picture (*.png)"), self.tr("SVG drawing (*.svg)"), self.tr("PDF (*.pdf)")), "png",
            lambda path: self._guarded(lambda: self.export_view(view, path)),
        )

    def export_view(self, view: QWidget, path: Path) -> None:
        """Write a view to PNG, SVG or PDF with the sentence as its caption."""
        export_view(view, path, self.question.sentence(), self.desk.recipe())

    def _export_graph(self, graph: Graph) -> None:
        ask_target(
            self, self.tr("Export the graph"), ("DOT (*.dot)", "GraphML (*.graphml)", "JSON (*.json)", "CSV (*.csv)"),
            "dot", lambda path: self._guarded(lambda: self.desk.export_graph(graph, path)),
        )

    def _export_scalars(self) -> None:
        if (info := self.desk.runs.newest) is not None:
            ask_target(
                self, self.tr("Export the figures of {}").format(info.name), ("CSV (*.csv)",), "csv",
                lambda path: self._guarded(lambda: self.desk.export_scalars(info, path)),
            )

    # construction

    def _lay_out(self) -> None:
        self.notice = ErrorBar()
        for name, panel, home in (
            ("Graph", self.graph, Home.TOP_LEFT), ("Methods", self.methods, Home.TOP_LEFT),
            ("Curves", self.curves, Home.BOTTOM_LEFT), ("Counterfactual", self.counterfactual, Home.RIGHT),
            ("Results", self.results, Home.RIGHT), ("Models", self.models, Home.RIGHT),
        ):
            self.homes.add(name, panel, home)
        self.start.setProperty(TOPIC, "Start")
        self.data.setProperty(TOPIC, "Data")
        self._pages = QStackedWidget()
        for page in (self.start, self.data, self.homes):
            self._pages.addWidget(page)
        central = _Ground()
        column = QVBoxLayout(central)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top)
        asked = QHBoxLayout()
        asked.setContentsMargins(8, 0, 8, 0)
        asked.addWidget(self.question)
        column.addLayout(asked)
        said = QHBoxLayout()
        said.setContentsMargins(8, 0, 8, 0)
        said.addWidget(self.notice)
        column.addLayout(said)
        column.addWidget(self._pages, 1)
        column.addWidget(self.strip)
        self.setCentralWidget(central)
        self.jobs.attach(self.strip)

    def _connect(self) -> None:
        desk, exploration, workspace = self.desk, self.desk.exploration, self.desk.workspace
        self.top.panel_toggled.connect(self._toggle)
        self.top.project_wished.connect(self._project_wish)
        self.question.main_wished.connect(self._main_action)
        self.question.do_typed.connect(self._type_do)
        self.question.do_removed.connect(exploration.free)
        self.question.add_wished.connect(self._add_intervention)
        self.question.data_wished.connect(lambda: self.show_panel("Data"))
        self.question.item_wished.connect(lambda _text: self.show_panel("Data"))
        self.question.method_wished.connect(lambda: self.show_panel("Methods"))
        self.start.set_recogniser(desk.recognise)
        self.start.question_chosen.connect(lambda question: self._guarded(lambda: self._ask(question)))
        self.start.sample_chosen.connect(lambda name: self._guarded(lambda: desk.open_sample(name)))
        self.start.recent_chosen.connect(lambda path: self._guarded(lambda: desk.open_project(path)))
        self.start.dropped.connect(self.take_paths)
        self.start.file_asked.connect(self._choose_file)
        self.start.folder_asked.connect(self._choose_folder)
        self.start.open_asked.connect(self._choose_folder)
        self.data.dropped.connect(self.take_paths)
        self.data.add_asked.connect(self._choose_file)
        self.data.item_chosen.connect(desk.choose_item)
        self.graph.learn_wished.connect(lambda: self._guarded(lambda: self._learn()))
        self.graph.import_wished.connect(self._choose_file)
        self.graph.export_wished.connect(self._export_graph)
        self.curves.train_wished.connect(self._main_action)
        self.curves.export_wished.connect(self._export)
        self.curves.resume_wished.connect(desk.runs.resume)
        self.methods.train_wished.connect(lambda: self._guarded(desk.train))
        self.counterfactual.train_wished.connect(self._main_action)
        self.counterfactual.model_wished.connect(lambda: self.show_panel("Models"))
        self.counterfactual.export_wished.connect(self._export)
        self.results.export_wished.connect(self._export)
        self.results.train_wished.connect(self._main_action)
        self.models.asked.connect(lambda: self.show_panel("Counterfactual"))
        self.methods.question_wished.connect(lambda: self.show_panel("Start"))
        self.methods.help_wished.connect(self.help.show_method)
        self.jobs.run_opened.connect(self._open_run)
        self.curves.log_wished.connect(lambda _info: self.jobs.open_drawer())
        self.start.keys_asked.connect(self.help.show_keys)
        self.top.command_wished.connect(self.palette_popup.open_palette)
        self.top.settings_wished.connect(self._open_settings)
        self.top.help_wished.connect(self._open_help)
        self.palette_popup.set_commands(self.commands)
        self.strip.opened.connect(self.jobs.toggle)
        self.strip.stopped.connect(self._stop_current)
        self.strip.paused.connect(self._pause_current)
        self.strip.shown.connect(lambda: self.show_panel("Curves"))
        self.homes.shown_changed.connect(self._tell_shown)
        desk.data_taken.connect(self._took_data)
        desk.graph_taken.connect(lambda: self.show_panel("Graph"))
        desk.opened.connect(lambda: self._opened())
        desk.refused.connect(self._take_refusal)
        desk.saved.connect(self.strip.set_saved)
        desk.memory_measured.connect(self.strip.set_memory)
        desk.memory_measured.connect(self.jobs.set_memory)
        desk.closed.connect(self._clear)
        desk.trained.connect(lambda: self.show_panel("Counterfactual"))
        desk.runs.added.connect(self._take_run)
        desk.runs.changed.connect(self._take_run)
        desk.engine_changed.connect(self.strip.set_engine)
        desk.methods_changed.connect(lambda: self.start.set_missing(desk.missing()))
        for signal in (
            exploration.subject_changed, exploration.wish_changed, workspace.question_changed, workspace.data_changed,
            workspace.graph_changed, workspace.method_changed,
        ):
            signal.connect(self._refresh_question)
        workspace.name_changed.connect(self.top.set_project)

    def commands(self) -> list[Command]:
        """All that can be done from the keyboard, as the palette lists it now."""
        desk, undo = self.desk, self.desk.workspace.undo
        current = desk.runs.current
        idle = "" if current is not None else self.tr("Nothing runs")
        asked = "" if desk.exploration.subject is not None else self.tr("No model is open")
        rows: list[Command] = [
            Command(desk.next_step().text, self._main_action, "Ctrl+Return", "play"),
            Command(self.tr("Open a file"), self._choose_file, "Ctrl+O", "folder-open"),
            Command(self.tr("Open a folder"), self._choose_folder, "", "folder-open"),
            Command(self.tr("New project"), self._new_project, "Ctrl+N", "file-plus"),
            Command(self.tr("Undo"), undo.undo, "Ctrl+Z", "undo-2", undo.undoText()),
            Command(self.tr("Redo"), undo.redo, "Ctrl+Shift+Z", "redo-2", undo.redoText()),
            Command(self.tr("Stop the running job"), self._stop_current, "Ctrl+.", "square", off_because=idle),
            Command(self.tr("Export the figure"), self.counterfactual.export_figure, "Ctrl+E", "download",
                    off_because=asked),
            Command(self.tr("Export the graph"), lambda: self._export_graph(desk.workspace.graph), "", "download"),
            Command(self.tr("Export the run's figures"), self._export_scalars, "", "download"),
            Command(self.tr("Reset all interventions"), desk.exploration.free_all, "", "rotate-ccw", off_because=asked),
            Command(self.tr("Next panel"), self._next_panel, "F6"),
            Command(self.tr("Fill the window with this panel"), self._fill, "Ctrl+\\", "maximize"),
            Command(self.tr("Reset the layout"), self.homes.reset),
            Command(self.tr("Settings"), self._open_settings, "", "settings"),
            Command(self.tr("See the keys"), self.help.show_keys, "", "keyboard"),
            Command(self.tr("Help"), self._open_help, "F1", "circle-help"),
        ]
        rows += [
            Command(self.tr("Show {}").format(name), partial(self.show_panel, name), f"Ctrl+{i}")
            for i, name in enumerate(_BY_NUMBER, start=1)
        ]
        return rows

    def _keys(self) -> None:
        for command in self.commands():
            if command.keys:
                shortcut = QShortcut(QKeySequence(command.keys), self)
                shortcut.activated.connect(command.run)
        palette = QShortcut(QKeySequence("Ctrl+K"), self)
        palette.activated.connect(self.palette_popup.open_palette)

    def _open_settings(self) -> None:
        self.settings_popup.open_under(self.top.settings_button)

    def _open_help(self) -> None:
        announced = self.desk.announced()
        if announced is None:
            self.help.show_for(self.focusWidget())
        else:
            self.help.show_for(self.focusWidget(), announced.id, announced.title)

    def _next_panel(self) -> None:
        shown = list(self.homes.shown())
        if self.page() == "Desk" and shown:
            held = [name for name in shown if self.homes.panel(name).isAncestorOf(self.focusWidget() or self)]
            following = shown[(shown.index(held[0]) + 1) % len(shown)] if held else shown[0]
            self.homes.panel(following).setFocus(Qt.FocusReason.TabFocusReason)

    def _fill(self) -> None:
        shown = [n for n in self.homes.shown() if self.homes.panel(n).isAncestorOf(self.focusWidget() or self)]
        self.homes.fill("" if self.homes.filled() else (shown[0] if shown else "Counterfactual"))

    def _new_project(self) -> None:
        self._guarded(self.desk.new_project)
        self.show_panel("Data")

    def _project_wish(self, wish: str) -> None:
        match wish:
            case "start":
                self._show_start()
            case "new":
                self._new_project()
            case "open":
                self._choose_folder()

    def _ask(self, question: Question) -> None:
        if why := self.desk.missing().get(question, ""):
            raise Refusal(self.tr("“{}” cannot be asked here.").format(question.sentence), why)
        self.desk.choose_question(question)
        self.show_panel("Graph" if self.desk.workspace.data is not None else "Data")

    def _learn(self) -> None:
        self.desk.choose_question(Question.CAUSES)
        self.desk.train()

    def _opened(self) -> None:
        self.show_panel("Counterfactual" if self.desk.exploration.subject is not None else "Graph")
        self._refresh_question()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        compact = self.width() < WIDE or self.height() < LOW
        self.top.set_compact(self.width() < WIDE)
        self.question.set_compact(compact)
        self.strip.set_compact(compact)
        self.counterfactual.set_compact(self.height() < LOW)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.WindowStateChange:
            self.updateGeometry()
        super().changeEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes as the window is laid out; Qt's own order is that in which its parts were built."""
        return go_on(self, forward=forward)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.desk.close()
        super().closeEvent(event)


class _Ground(QWidget):
    """The window's own surface."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), Theme.current().bg0)
