"""The Methods panel: the methods that fit the question and the data, and the form of the one that is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from engines.contract import Need
from engines.graph.graph import Graph
from engines.questions import Question
from studio.bars.help import TOPIC
from studio.catalogue import Announced, Catalogue, Misfit, WayOut
from studio.panels.check_badge import CheckBadge
from studio.panels.method_foot import FormFoot
from studio.panels.method_form import MethodForm
from studio.panels.method_list import MethodList, way_text
from studio.panels.model_row import ModelRow
from studio.panels.sweep import SweepView
from studio.question.explaining import Explaining
from studio.runs.checks import CheckRuns
from studio.runs.costs import RunCosts
from studio.runs.sweeps import Sweep
from studio.workspace import Workspace
from widgets.controls.form import ParameterForm
from widgets.kit.action import Action
from widgets.kit.button import Button
from widgets.kit.follow import follow_theme
from widgets.kit.label import Label
from widgets.kit.menu import Menu
from widgets.kit.panel_frame import PanelFrame
from widgets.kit.segmented import Segmented
from widgets.kit.state_view import EmptyOr, State
from widgets.kit.tool_button import ToolButton
from widgets.theme import Theme

_LEAST, _WIDE = 480, 860         # below the first the list is a menu, from the second on it is 300 wide
_LIST, _WIDE_LIST = 172, 300
_LOW, _LOWEST = 340, 260         # below the first what the method is goes, below the second the estimate


class MethodsPanel(PanelFrame):
    """Bound to the workspace: question and data decide what fits; the form changes the settings."""

    train_wished = Signal()
    sweep_wished = Signal(object)           # Sweep
    question_wished = Signal()
    data_wished = Signal()
    columns_wished = Signal()
    graph_wished = Signal()
    predictor_wished = Signal()             # a model to explain is to be trained first
    model_file_wished = Signal()            # a model to explain is to be opened
    help_wished = Signal(str)               # id of the method
    check_wished = Signal(str)              # id of the method whose check is to be shown

    def __init__(
        self, workspace: Workspace, catalogue: Catalogue, costs: RunCosts, checks: CheckRuns,
        explaining: Explaining, parent: QWidget | None = None,
    ) -> None:
        super().__init__("Methods", parent)
        self._workspace, self._catalogue, self._costs, self._checks = workspace, catalogue, costs, checks
        self._explaining = explaining
        self._shown = ""
        self._reasons: dict[str, str] = {}
        self._is_busy = False
        self._has_graph = False
        self.setProperty(TOPIC, "method")
        self.setProperty("ringRadius", -1)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._list = MethodList()
        self._page = MethodForm()
        self._form = self._page.form
        self._title = Label("", "card", elide=True)
        self._chooser = Button("", "ghost", menu=True, role="card")
        self._menu = Menu("", self)
        self._badge = CheckBadge(catalogue, checks)
        self._help = ToolButton("book-open", self.tr("Help for this method"), keys="F1")
        self._train = Button(self.tr("Train"), "plain", "play")
        self._start_sweep = Button(self.tr("Sweep"), "plain", "sliders-horizontal")
        self._foot = FormFoot(self._start_sweep, self._train)
        self._sweep = SweepView()
        self._lay_out()
        self._connect()
        follow_theme(self._turn)
        self._refresh()

    # public

    def parameters(self) -> Mapping[str, Any]:
        """The settings of the chosen method: its first preset with the analyst's changes."""
        announced = self._catalogue.get(self._workspace.method)
        return {**announced.default, **self._workspace.settings(announced.id)}

    def set_busy(self, busy: bool) -> None:
        """Whether the engine works: a run then waits in the queue, and the button says so."""
        if busy is self._is_busy:
            return
        self._is_busy = busy
        self._tell_button()

    def open_sweep(self) -> None:
        """Put the sweep in the place of the form, when a run could start."""
        if self.commit() and self._can_train():
            self._work.setCurrentWidget(self._sweep)
            self._sweep.open_for(self._catalogue.get(self._shown).parameters, self._sweep_cost)

    def commit(self) -> bool:
        """Take what is being typed in the form. Whether every value can be used."""
        self._form.commit()
        return self._form.invalid() == 0

    def form(self) -> ParameterForm:
        """The form of the chosen method."""
        return self._form

    def chooser(self) -> Button:
        """Stands for the list where there is no room for it."""
        return self._chooser

    def list(self) -> MethodList:
        """The methods, those that fit first."""
        return self._list

    def model_row(self) -> ModelRow:
        """The model that the chosen method explains."""
        return self._page.model

    def train_button(self) -> Button:
        """Train, or add to the queue."""
        return self._train

    def sweep_button(self) -> Button:
        """Opens the sweep in the place of the form."""
        return self._start_sweep

    def sweep(self) -> SweepView:
        """The sweep."""
        return self._sweep

    def badge(self) -> CheckBadge:
        """Whether the claim of the chosen method was checked here."""
        return self._badge

    def estimate(self) -> str:
        """What a run as the form says will take, in words."""
        return self._foot.estimate()

    def presets(self) -> Segmented:
        """The named settings."""
        return self._page.presets

    # Qt

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self._list.isVisible():
            self._list.take_focus()
        else:
            self._chooser.setFocus(event.reason())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._turn()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        control = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        if (step := steps.get(Qt.Key(event.key()))) is not None and not event.modifiers():
            self._list.step(step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and event.modifiers() == control:
            self._wish_training()
        else:
            super().keyPressEvent(event)

    # what fits

    def _refresh(self, *_: object) -> None:
        question, opened = self._workspace.question, self._workspace.data
        data = None if opened is None else opened.data
        if question is None:
            self.set_note("")
            self._pages.show_state(self._unasked())
            return
        graph = self._workspace.graph
        self._has_graph = bool(graph.nodes)
        fitting, others = self._catalogue.sorted(question, data, graph)
        if not fitting and not others:
            self._pages.show_state(
                State(
                    self.tr("No method answers this question yet"), question.sentence, "circle-help",
                    (Action(self.tr("Pick another question"), self.question_wished.emit),),
                )
            )
            return
        best = self._catalogue.recommended(question, data, graph)
        self._list.set_methods(fitting, others)
        self._reasons = {best[0].id: best[1]} if best is not None else {}
        self.set_note(question.sentence)
        self._pages.show_content()
        if not fitting:
            name = opened.name if opened is not None else self.tr("this data")
            self._right.show_state(self._unfit(name, others))
            return
        self._right.show_content()
        if self._workspace.method not in [announced.id for announced in fitting]:
            self._workspace.set_method(fitting[0].id)
        self._show_method(self._workspace.method)

    def _unfit(self, name: str, others: tuple[Misfit, ...]) -> State:
        """No method for the question fits the data: why, and what helps, each way once."""
        ways = {misfit.way: misfit for misfit in reversed(others)}
        actions = tuple(Action(way_text(way), partial(self._take_way, misfit)) for way, misfit in ways.items())
        said = "\n".join(f"{misfit.method.title}: {misfit.why}" for misfit in others[:3])
        return State(
            self.tr("No method fits {}").format(name), others[0].why if len(others) == 1 else said, "triangle-alert",
            (*actions, Action(self.tr("Pick another question"), self.question_wished.emit, "ghost")), kind="refused",
        )

    def _take_way(self, misfit: Misfit) -> None:
        if misfit.way is WayOut.INSTALL:
            QGuiApplication.clipboard().setText(misfit.line)
        else:
            (self.data_wished if misfit.way is WayOut.DATA else self.columns_wished).emit()

    def _unasked(self) -> State:
        """Without a question: the three methods that fit the data best, each with its question."""
        opened = self._workspace.data
        data = None if opened is None else opened.data
        fitting = self._catalogue.best(data, self._workspace.graph)[:3]
        actions = [Action(one.title, partial(self._take_up, one.question, one.id)) for one in fitting]
        actions.append(Action(self.tr("See the questions"), self.question_wished.emit, "ghost"))
        said = self.tr("These fit best:") if data is not None else self.tr("Or begin with a method:")
        return State(self.tr("Pick a question first"), said if fitting else "", "circle-help", tuple(actions))

    def _take_up(self, question: Question, method: str) -> None:
        self._workspace.set_method(method)
        self._workspace.set_question(question)

    # the chosen one

    def _show_method(self, method: str) -> None:
        announced = self._catalogue.find(method)
        if announced is None:
            return
        if method != self._shown:
            self._leave_sweep()
        self._shown = method
        self._list.set_current(method)
        self._title.setText(announced.title)
        self._chooser.set_text(announced.title)
        self._badge.set_method(method)
        values = {**announced.default, **self._workspace.settings(method)}
        self._page.show_method(announced, values, self._reasons.get(method, ""))
        self._tell_models(announced)
        self._tell_estimate()
        self._tell_button()

    def _tell_models(self, announced: Announced) -> None:
        """The models that the method could explain."""
        asked, opened = announced.accepts.model, self._workspace.data
        if asked is not None:
            data = None if opened is None else opened.data
            found = self._explaining.found(asked, data)
            chosen = self._explaining.chosen(asked, data)
            self._page.model.set_models(found, chosen, "" if found else self._explaining.why_none(asked, data))

    def _take_models(self) -> None:
        if (announced := self._catalogue.find(self._shown)) is not None and announced.accepts.model is not None:
            self._tell_models(announced)
            self._tell_button()

    def _lacks_model(self) -> bool:
        """Whether the method needs a model to explain, and there is none."""
        announced, opened = self._catalogue.find(self._shown), self._workspace.data
        if announced is None or announced.accepts.model is None or opened is None:
            return False
        return self._explaining.chosen(announced.accepts.model, opened.data) is None

    def _tell_estimate(self) -> None:
        announced = self._catalogue.find(self._shown)
        if announced is not None:
            settings = {**announced.default, **self._workspace.settings(announced.id)}
            self._foot.set_estimate(self._costs.words(announced.id, settings))
            self._sweep.refresh()

    def _tell_button(self) -> None:
        """The button says the next step that is missing; off only while something in the form must be corrected."""
        wrong = self._form.invalid()
        text = self.tr("{} values to correct") if wrong > 1 else self.tr("{} value to correct")
        ready, icon = self._next()
        self._train.set_text(text.format(wrong) if wrong else ready)
        self._train.set_icon("" if wrong else icon)
        self._train.setEnabled(wrong == 0)
        self._start_sweep.setEnabled(wrong == 0 and self._can_train())

    def _next(self) -> tuple[str, str]:
        if self._workspace.data is None:
            return self.tr("Choose data"), "folder-open"
        if self._lacks_model():
            return self.tr("Train a predictor"), "box"
        if not self._can_train():
            return self.tr("Draw the graph"), "waypoints"
        return (self.tr("Add to queue"), "list-ordered") if self._is_busy else (self.tr("Train"), "play")

    def _can_train(self) -> bool:
        announced = self._catalogue.find(self._shown)
        if announced is None or self._workspace.data is None or self._lacks_model():
            return False
        return announced.accepts.graph is not Need.REQUIRED or bool(self._workspace.graph.nodes)

    def _take_values(self, values: Mapping[str, Any]) -> None:
        announced = self._catalogue.get(self._shown)
        changed = {name: value for name, value in values.items() if announced.default.get(name) != value}
        self._workspace.change_settings(announced.id, changed)

    def _wish_training(self) -> None:
        if not self.commit() or not self._train.isEnabled():
            return
        if self._workspace.data is None:
            self.data_wished.emit()
        elif self._lacks_model():
            self.predictor_wished.emit()
        elif self._can_train():
            self.train_wished.emit()
        else:
            self.graph_wished.emit()

    # the sweep

    def _sweep_cost(self, sweep: Sweep) -> str:
        form = self.parameters()
        return self._costs.sweep_words(self._shown, [{**form, **variant.settings} for variant in sweep.variants()])

    def _leave_sweep(self) -> None:
        if self._work.currentWidget() is self._sweep:
            self._work.setCurrentIndex(0)
            self._start_sweep.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take_sweep(self, sweep: Sweep) -> None:
        self._leave_sweep()
        self.sweep_wished.emit(sweep)

    # construction

    def _connect(self) -> None:
        workspace = self._workspace
        self._list.chosen.connect(workspace.set_method)
        self._page.values_changed.connect(self._take_values)
        self._page.validity_changed.connect(self._tell_button)
        self._page.model.chosen.connect(self._explaining.choose)
        self._page.model.train_wished.connect(self.predictor_wished)
        self._page.model.open_wished.connect(self.model_file_wished)
        self._explaining.changed.connect(self._take_models)
        self._train.clicked.connect(self._wish_training)
        self._start_sweep.clicked.connect(self.open_sweep)
        self._sweep.left.connect(self._leave_sweep)
        self._sweep.queued.connect(self._take_sweep)
        self._list.way_wished.connect(self._take_way)
        self._badge.shown_wished.connect(self.check_wished)
        self._costs.changed.connect(self._tell_estimate)
        self._checks.changed.connect(self._take_check)
        self._chooser.clicked.connect(self._open_list)
        self._help.clicked.connect(lambda: self.help_wished.emit(self._shown))
        workspace.question_changed.connect(self._refresh)
        workspace.data_changed.connect(self._refresh)
        workspace.graph_changed.connect(self._take_graph)
        workspace.method_changed.connect(self._show_method)
        workspace.settings_changed.connect(self._take_settings)

    def _open_list(self) -> None:
        self._list.fill(self._menu)
        self._menu.popup_under(self._chooser)

    def _turn(self) -> None:
        """Where there is no room beside the form the list becomes a menu; where it is low, words give way."""
        px = Theme.current().px
        narrow = self.width() < px(_LEAST)
        self._list.setVisible(not narrow)
        self._title.setVisible(not narrow)
        self._chooser.setVisible(narrow)
        self._page.set_low(self.height() < px(_LOW))
        self._foot.set_low(self.height() < px(_LOWEST))
        self._list.setFixedWidth(px(_WIDE_LIST if self.width() >= px(_WIDE) else _LIST))

    def _take_graph(self, graph: Graph) -> None:
        """Only whether there is one decides the order: edits of it need no new look at the data."""
        if bool(graph.nodes) != self._has_graph:
            self._refresh()
            self._tell_button()

    def _take_check(self, _method: str) -> None:
        if not self._checks.running:        # a verdict may have come: it decides the order
            self._refresh()

    def _take_settings(self, method: str) -> None:
        if method == self._shown == self._workspace.method:
            self._show_method(method)

    def _lay_out(self) -> None:
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(16, 8, 8, 4)
        head.setSpacing(8)
        head.addWidget(self._title)
        head.addWidget(self._chooser)
        head.addWidget(self._badge)
        head.addStretch(1)
        head.addWidget(self._help)
        column.addLayout(head)
        form = QWidget()
        rest = QVBoxLayout(form)
        rest.setContentsMargins(0, 0, 0, 0)
        rest.setSpacing(0)
        rest.addWidget(self._page, 1)
        rest.addWidget(self._foot)
        self._work = QStackedWidget()
        self._work.addWidget(form)
        self._work.addWidget(self._sweep)
        column.addWidget(self._work, 1)
        self._right = EmptyOr(right, State(""))
        self._right.show_content()
        content = QWidget()
        row = QHBoxLayout(content)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._list.setFixedWidth(_LIST)
        row.addWidget(self._list)
        row.addWidget(self._right, 1)
        self._pages = EmptyOr(content, State(self.tr("Pick a question first"), "", "circle-help"))
        self.set_body(self._pages)
