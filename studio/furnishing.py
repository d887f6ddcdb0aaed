"""Furnishing the window: the panels, made and connected to the desk once the window is on the screen."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication

from engines.runtime.states import RunState
from studio.bars.help import TOPIC, HelpView
from studio.bars.palette import Command, CommandPalette
from studio.bars.rename import RenamePopup
from studio.bars.settings import SettingsPopup
from studio.bars.simulate import SimulatePopup
from studio.desk import Desk
from studio.exploration.rivals import Rivals
from studio.exports.by_hand import FigureExports
from studio.homes import Home
from studio.homes.keeping import LayoutKeeper
from studio.intake.kinds import recognised
from studio.panels.check_view import CheckView
from studio.panels.counterfactual import CounterfactualPanel
from studio.panels.curves import CurvesPanel
from studio.panels.data import DataPage
from studio.panels.graph import GraphPanel
from studio.panels.interrupted import InterruptedBar
from studio.panels.jobs import JobsDrawer
from studio.panels.leaving import LeavingBar
from studio.panels.methods import MethodsPanel
from studio.panels.models import ModelsPanel
from studio.panels.results import ResultsPanel
from studio.panels.room import RoomBar
from studio.project.recent import RecentProjects
from studio.question.asking import Asking
from studio.recipes.reopened import Reopened
from studio.report.ways import Reports
from studio.runs.runs import RunInfo
from studio.runs.sweeps import Sweep
from studio.window import MainWindow
from widgets.kit.action import Action
from widgets.kit.follow import follow_theme
from widgets.theme import Theme

_WITH_TRAY = 0.76       # of the left column is the Graph panel's while its tray is open
_LOW_PANEL = 652        # px of a panel's height in a window of 800
_BY_NUMBER = ("Start", "Data", "Graph", "Methods", "Curves", "Counterfactual", "Jobs", "Models", "Results")


class Furniture(QObject):
    """All panels and popups of a window, by name."""

    def __init__(self, window: MainWindow, desk: Desk) -> None:
        super().__init__(window)
        self._window, self._desk = window, desk
        self._simulation = SimulatePopup(desk.simulating.simulate, window)
        workspace, exploration, runs = desk.workspace, desk.exploration, desk.runs
        self.data = DataPage(desk)
        self.graph = GraphPanel(workspace, exploration, runs, desk.identifying, desk.start)
        self.methods = MethodsPanel(workspace, desk.catalogue, desk.costs, desk.checks, desk.explaining)
        self.curves = CurvesPanel(runs)
        self.models = ModelsPanel(desk)
        self.counterfactual = CounterfactualPanel(exploration, desk.engine, self._models_at_hand, desk.threads)
        self.results = ResultsPanel(runs, desk.catalogue, desk.rows)
        self.rivals = Rivals(desk, self.counterfactual.comparison, partial(window.show_panel, "Counterfactual"), self)
        self.reports = Reports(window, desk, self.results, self.models)
        self.jobs = JobsDrawer(runs, desk.engine)
        self.leaving = LeavingBar(desk.leaving, runs)
        self.interrupted = InterruptedBar(runs)
        self.room = RoomBar(desk.room)
        self.palette = CommandPalette(window)
        self.rename = RenamePopup(desk.care.rename, window)
        self.settings = SettingsPopup(desk.settings, window)
        self.help = HelpView(window, CheckView(desk.catalogue, desk.checks))
        self.exports = FigureExports(window, self)
        self.reopened = Reopened(window, desk, self.exports.show)
        self.asking = Asking(window.question, desk, self)
        self.layout = LayoutKeeper(window.homes, desk, window.page, self)
        self._place()
        self._connect_hand()
        self._connect_desk()
        self._keys()
        self.asking.refresh()

    def commands(self) -> list[Command]:
        """All that can be done from the keyboard, as the palette lists it now."""
        window, desk, history = self._window, self._desk, self._desk.history
        homes, last = window.homes, window.homes.last()
        idle = "" if desk.runs.current is not None else self.tr("Nothing runs")
        closed = "" if desk.project is not None else self.tr("No project is open")
        asked = "" if desk.exploration.subject is not None else self.tr("No model is open")
        announced = desk.choosing.announced()
        unchecked = self.tr("No method is chosen") if announced is None else ""
        if announced is not None and announced.check is None:
            unchecked = self.tr("This method brings no check")
        rows = [
            Command(desk.choosing.next_step().text, self.asking.step, "Ctrl+Return", "play"),
            Command(self.tr("Open a file"), window.choose_file, "Ctrl+O", "folder-open"),
            Command(self.tr("Open a folder"), window.choose_folder, "", "folder-open"),
            Command(self.tr("Open a model file"), self.models.choose_import, "", "upload"),
            Command(self.tr("New project"), window.new_project, "Ctrl+N", "file-plus"),
            *(
                Command(text, partial(window.take_project_wish, wish), "", icon, off_because=closed)
                for text, wish, icon in (
                    (self.tr("Rename the project"), "rename", "pencil"),
                    (self.tr("Open an earlier state of the project"), "earlier", "history"),
                )
            ),
            Command(self.tr("Undo"), history.undo, "Ctrl+Z", "undo-2", history.undo_text()),
            Command(self.tr("Redo"), history.redo, "Ctrl+Shift+Z", "redo-2", history.redo_text()),
            Command(self.tr("Stop the running job"), window.stop_current, "Ctrl+.", "square", off_because=idle),
            Command(
                self.tr("Export the figure"), self.counterfactual.export_figure, "Ctrl+E", "download",
                off_because=asked,
            ),
            Command(
                self.tr("Export as a script"), self.exports.script, "", "terminal",
                off_because=self.tr("There is nothing to repeat") if asked and desk.runs.newest is None else "",
            ),
            Command(self.tr("Export the graph"), lambda: window.export_graph(desk.workspace.graph), "", "download"),
            Command(self.tr("Export the run's figures"), window.export_scalars, "", "download"),
            Command(self.tr("Show the report"), self.reports.drawer.toggle, "", "clipboard-list"),
            Command(self.tr("Add the result to the report"), self.results.report_result, "", "clipboard-list"),
            Command(
                self.tr("Add the counterfactual to the report"), self.counterfactual.report_wished.emit, "",
                "clipboard-list", off_because=asked,
            ),
            Command(
                self.tr("Add the curves to the report"), lambda: self.reports.add_view(self.curves.plot), "",
                "clipboard-list", off_because="" if desk.runs.all() else self.tr("There are no runs yet"),
            ),
            Command(self.tr("Reset all interventions"), desk.exploration.free_all, "", "rotate-ccw", off_because=asked),
            Command(self.tr("Sweep over settings"), self._open_sweep, "", "sliders-horizontal"),
            Command(self.tr("Run the method's check"), self._check, "", "list-checks", off_because=unchecked),
            Command(self.tr("Next panel"), window.next_panel, "F6"),
            Command(self.tr("Previous panel"), partial(window.next_panel, False), "Shift+F6"),
            Command(self.tr("Fill the window with this panel"), window.fill, "Ctrl+\\", "maximize"),
            Command(
                self.tr("Dock this panel") if homes.is_floating(last) else self.tr("Float this panel"),
                homes.turn_last, "", "picture-in-picture-2",
                off_because="" if last else self.tr("No panel is shown"),
            ),
            Command(self.tr("Reset the layout"), homes.reset),
            Command(self.tr("Settings"), self._open_settings, "", "settings"),
            Command(self.tr("See the keys"), self.help.show_keys, "", "keyboard"),
            Command(self.tr("Help"), self._open_help, "F1", "circle-help"),
            Command(self.tr("Close Otherwise"), window.close, "Ctrl+Q", "x"),
        ]
        rows += [
            Command(
                self.tr("Resume {}").format(info.name), partial(window.guarded, partial(desk.runs.resume, info.number)),
                "", "play",
            )
            for info in desk.runs.interrupted()
        ]
        rows += [
            Command(
                self.tr("Open the sample {}").format(sample.title),
                partial(window.guarded, partial(desk.open_sample, sample.id)), "", "folder-open",
            )
            for sample in desk.samples
        ]
        rows += [
            Command(
                self.tr("Open {}").format(recent.title),
                partial(window.guarded, partial(desk.open_project, recent.path)), "", "folder-open", recent.note,
            )
            for recent in RecentProjects().all()
        ]
        rows += [
            Command(self.tr("Show {}").format(name), partial(window.show_panel, name), f"Ctrl+{i}")
            for i, name in enumerate(_BY_NUMBER, start=1)
        ]
        return rows

    def _place(self) -> None:
        window = self._window
        homes, curves = window.homes, self.curves
        homes.add("Graph", self.graph, Home.TOP_LEFT)
        homes.add("Methods", self.methods, Home.TOP_LEFT)
        homes.add("Curves", curves, Home.BOTTOM_LEFT, export=lambda: curves.export_wished.emit(curves.plot))
        homes.add("Counterfactual", self.counterfactual, Home.RIGHT, width=640)
        homes.add("Results", self.results, Home.RIGHT, export=self.results.export_result)
        homes.add("Models", self.models, Home.RIGHT)
        window.start.setProperty(TOPIC, "Start")
        self.data.setProperty(TOPIC, "Data")
        window.pages.addWidget(self.data)
        window.add_bar(self.leaving)
        window.add_bar(self.interrupted)
        window.add_bar(self.room)
        self.jobs.attach(window.strip)
        window.top.set_history(self._desk.history)

    def _connect_hand(self) -> None:
        """Gestures to what they start."""
        window, desk, step = self._window, self._desk, self.asking.step
        start, top, strip, question = window.start, window.top, window.strip, window.question
        self.asking.stepped.connect(window.take_step)
        for panel in (self.curves, self.counterfactual, self.results):
            self.asking.offered.connect(panel.offer)
        top.panel_toggled.connect(window.toggle)
        top.project_wished.connect(window.take_project_wish)
        top.command_wished.connect(self.palette.open_palette)
        top.settings_wished.connect(self._open_settings)
        top.help_wished.connect(self._open_help)
        question.data_wished.connect(partial(window.show_panel, "Data"))
        question.item_wished.connect(lambda _text: window.show_panel("Data"))
        question.method_wished.connect(partial(window.show_panel, "Methods"))
        start.set_recogniser(recognised)
        start.question_chosen.connect(lambda chosen: window.guarded(lambda: window.ask(chosen)))
        start.sample_chosen.connect(lambda name: window.guarded(lambda: desk.open_sample(name)))
        start.recent_chosen.connect(lambda path: window.guarded(lambda: desk.open_project(path)))
        start.recent_dropped.connect(window.forget)
        start.resume_wished.connect(lambda path, run: window.guarded(lambda: window.resume(path, run)))
        start.recovery.chosen.connect(lambda path, state: window.guarded(lambda: desk.care.open_earlier(path, state)))
        start.dropped.connect(window.take_paths)
        start.file_asked.connect(window.choose_file)
        start.folder_asked.connect(window.choose_folder)
        start.open_asked.connect(window.choose_folder)
        start.keys_asked.connect(self.help.show_keys)
        self.data.dropped.connect(window.take_paths)
        self.data.add_asked.connect(window.choose_file)
        self.data.folder_asked.connect(window.choose_folder)
        self.data.export_wished.connect(window.export)
        self.data.item_chosen.connect(desk.answering.choose_item)
        self.data.item_opened.connect(self._open_item)
        self.graph.learn_wished.connect(lambda: window.guarded(window.learn))
        self.graph.simulate_wished.connect(self._simulate)
        self.graph.estimate_wished.connect(lambda: window.guarded(self._estimate))
        self.graph.import_wished.connect(window.choose_file)
        self.graph.export_wished.connect(window.export_graph)
        self.methods.train_wished.connect(lambda: window.guarded(desk.train))
        self.methods.sweep_wished.connect(lambda sweep: window.guarded(lambda: self._sweep(sweep)))
        self.methods.question_wished.connect(partial(window.show_panel, "Start"))
        self.methods.help_wished.connect(self.help.show_method)
        self.methods.check_wished.connect(self.help.show_check)
        self.methods.data_wished.connect(window.choose_file)
        self.methods.columns_wished.connect(partial(window.show_panel, "Data"))
        self.methods.graph_wished.connect(partial(window.show_panel, "Graph"))
        self.methods.predictor_wished.connect(partial(window.take_step, "predictor"))
        self.models.explain_wished.connect(window.explain)
        self.methods.model_file_wished.connect(self.models.choose_import)
        self.curves.train_wished.connect(step)
        self.curves.export_wished.connect(window.export)
        self.curves.resume_wished.connect(desk.runs.resume)
        self.curves.log_wished.connect(lambda _info: self.jobs.open_drawer())
        self.counterfactual.train_wished.connect(step)
        self.counterfactual.model_wished.connect(partial(window.show_panel, "Models"))
        self.counterfactual.export_wished.connect(window.export)
        self.counterfactual.copy_wished.connect(
            lambda exhibit: exhibit.copy(window.question.sentence(), desk.recipe())
        )
        self.results.export_wished.connect(window.export)
        self.results.train_wished.connect(step)
        self.results.ask_wished.connect(partial(window.show_panel, "Counterfactual"))
        self.results.card_wished.connect(self._show_card)
        self.results.project_wished.connect(lambda path: window.guarded(lambda: desk.open_project(path)))
        self.counterfactual.report_wished.connect(
            lambda: self.reports.add_counterfactual(self.counterfactual.figure(), self.counterfactual.sentence())
        )
        self.models.acts.comparison.pictures_wished.connect(
            lambda models: window.guarded(lambda: self.rivals.ask(models))
        )
        self.models.acts.comparison.export_wished.connect(window.export)
        self.results.comparison().differences.export_wished.connect(window.export)
        self.models.asked.connect(partial(window.show_panel, "Counterfactual"))
        self.jobs.run_opened.connect(self._open_run)
        self.interrupted.shown_wished.connect(self.jobs.open_drawer)
        self.interrupted.refused.connect(window.take_refusal)
        self.room.move_wished.connect(window.move_project)
        self.palette.set_commands(self.commands)
        strip.opened.connect(self.jobs.toggle)
        strip.set_queue_menu(self.jobs.fill_queue_menu)
        strip.resumed.connect(window.resume_last)
        strip.stopped.connect(window.stop_current)
        strip.paused.connect(window.pause_current)
        strip.shown.connect(partial(window.show_panel, "Curves"))

    def _connect_desk(self) -> None:
        """What happens at the desk to what is shown."""
        window, desk = self._window, self._desk
        window.homes.shown_changed.connect(window.tell_shown)
        window.pages.currentChanged.connect(self.layout.note)
        window.homes.laid_out.connect(self._fit)
        self.graph.tray.turned.connect(lambda page: window.homes.wish_height(_WITH_TRAY if page else 0.0))
        window.homes.dropped.connect(window.take_paths)
        self.layout.refused.connect(window.take_refusal)
        follow_theme(self._fit)
        desk.data_taken.connect(partial(window.show_panel, "Data"))
        desk.graph_taken.connect(partial(window.show_panel, "Graph"))
        desk.intake.lingers.connect(partial(window.show_panel, "Data"))
        desk.opened.connect(self._opened)
        desk.exploration.subject_changed.connect(lambda subject: self.results.set_opened(
            *(("", None) if subject is None else (subject.title, Path(subject.model)))))
        desk.began.connect(partial(window.show_panel, "Data"))
        desk.trained.connect(partial(window.show_panel, "Counterfactual"))
        desk.closed.connect(self._clear)
        desk.refused.connect(window.take_refusal)
        desk.saved.connect(window.strip.set_saved)
        desk.saved.connect(window.tell_reading)
        desk.memory_measured.connect(window.strip.set_memory)
        desk.memory_measured.connect(self.jobs.set_memory)
        desk.engine_changed.connect(window.strip.set_engine)
        desk.devices_found.connect(self.jobs.set_devices)
        self.jobs.device_chosen.connect(desk.use_device)
        desk.methods_changed.connect(lambda: window.start.set_missing(desk.choosing.missing()))
        for signal in (desk.runs.added, desk.runs.changed):
            signal.connect(window.take_run)
            signal.connect(self.asking.take_run)
        desk.runs.ended.connect(self._tell_failed)
        desk.workspace.name_changed.connect(window.top.set_project)

    def _keys(self) -> None:
        for command in self.commands():
            if command.keys:
                shortcut = QShortcut(QKeySequence(command.keys), self._window)
                shortcut.activated.connect(command.run)
        palette = QShortcut(QKeySequence("Ctrl+K"), self._window)
        palette.activated.connect(self.palette.open_palette)

    def _models_at_hand(self) -> list[tuple[Path, str]]:
        """Folder and title of the models that can be compared with."""
        return [(model.folder, f"{model.title}, {model.name}") for model in self.models.shelf().all()]

    def _fit(self) -> None:
        """What panels with little room leave out."""
        self.counterfactual.set_compact(self._window.homes.room("Counterfactual") < Theme.current().px(_LOW_PANEL))

    def _open_settings(self) -> None:
        self.settings.open_under(self._window.top.settings_button)

    def _open_help(self) -> None:
        announced, focused = self._desk.choosing.announced(), QApplication.focusWidget() or self._window.focusWidget()
        self._window.activateWindow()
        if announced is None:
            self.help.show_for(focused)
        else:
            self.help.show_for(focused, announced.id, announced.title)

    def _simulate(self) -> None:
        """Ask what to simulate from the graph, over its panel."""
        self._simulation.open_over(self.graph)

    def _estimate(self) -> None:
        self._desk.estimating.estimate()
        self._window.show_panel("Methods")

    def _open_sweep(self) -> None:
        self._window.show_panel("Methods")
        self.methods.open_sweep()

    def _check(self) -> None:
        self._desk.checks.start(self._desk.workspace.method)
        self.help.show_check(self._desk.workspace.method)

    def _sweep(self, sweep: Sweep) -> None:
        self._desk.training.sweep(sweep)
        self._window.show_panel("Curves")

    def _tell_failed(self, info: RunInfo) -> None:
        """A failure while the next run works already, and the curves with their bar are not to be seen."""
        ended, window = info.ended, self._window
        if info.state is not RunState.FAILED or ended is None or ended.refused:
            return
        if self._desk.runs.current is None or self.curves.isVisible():
            return

        def show() -> None:
            window.notice.clear()
            window.show_panel("Curves")

        window.notice.show_message(ended.sentence, ended.cause, [Action(self.tr("Show"), show)])

    def _open_run(self, number: int) -> None:
        self._window.show_panel("Results")
        self.results.show_run(number)

    def _open_item(self, item: int) -> None:
        self._desk.answering.choose_item(item)
        if self._desk.exploration.subject is not None:
            self._window.show_panel("Counterfactual")

    def _show_card(self, model: Path) -> None:
        self._window.show_panel("Models")
        self.models.choose(model)

    def _opened(self) -> None:
        if (model := self._desk.onnx.fresh()) is not None:
            self._show_card(model)
            return
        refused = self._desk.workspace.data is None and self._desk.intake.refused
        asked = self._desk.exploration.subject is not None
        kept = self.layout.page()
        if kept == "Desk" and not refused:
            self._window.show_desk()
        else:
            at_data = refused or kept == "Data"
            self._window.show_panel("Data" if at_data else "Counterfactual" if asked else "Graph")

    def _clear(self) -> None:
        """Another project takes the place: what panels keep of its runs goes."""
        for panel in (self.curves, self.results, self.jobs, self.models):
            panel.clear()
        self._window.strip.set_job(None)
        self._window.notice.clear()
        self._window.start.error.clear()
