"""The Methods panel: the methods that fit the question and the data, and the form of the one that is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engines.graph.graph import Graph
from engines.questions import Question
from studio.bars.help import TOPIC
from studio.catalogue import Announced, Catalogue
from studio.panels.method_list import MethodList
from studio.workspace import Workspace
from widgets.controls.form import ParameterForm
from widgets.dates import format_day
from widgets.kit.action import Action
from widgets.kit.button import Button
from widgets.kit.follow import follow_theme
from widgets.kit.label import Hairline, Label
from widgets.kit.menu import Menu
from widgets.kit.panel_frame import PanelFrame
from widgets.kit.pill import Pill
from widgets.kit.scroll_column import ScrollColumn
from widgets.kit.segmented import Segmented
from widgets.kit.state_view import EmptyOr, State
from widgets.kit.tool_button import ToolButton
from widgets.theme import Theme

_LEAST, _WIDE = 480, 860         # below the first the list is a menu, from the second on it is 300 wide
_LIST, _WIDE_LIST = 172, 300


class MethodsPanel(PanelFrame):
    """Bound to the workspace: question and data decide what fits; the form changes the settings."""

    train_wished = Signal()
    question_wished = Signal()
    help_wished = Signal(str)               # id of the method

    def __init__(self, workspace: Workspace, catalogue: Catalogue, parent: QWidget | None = None) -> None:
        super().__init__("Methods", parent)
        self._workspace, self._catalogue = workspace, catalogue
        self._shown = ""
        self._reasons: dict[str, str] = {}
        self._is_busy = False
        self._has_graph = False
        self.setProperty(TOPIC, "method")
        self.setProperty("ringRadius", -1)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._list = MethodList()
        self._form = ParameterForm()
        self._title = Label("", "card", elide=True)
        self._chooser = Button("", "ghost", menu=True, role="card")
        self._menu = Menu("", self)
        self._badge = Pill("")
        self._help = ToolButton("book-open", self.tr("Help for this method"), keys="F1")
        self._sentence = Label("", "second", "t2", wrap=True)
        self._reason = Label("", "second", "t1", wrap=True)
        self._presets = Segmented(name=self.tr("Presets"))
        self._preset_head = Label(self.tr("Preset"), "title")
        self._changed = Label("", "second", "t2", elide=True)
        self._reset = ToolButton("rotate-ccw", self.tr("Back to the preset"))
        self._source = Label("", "caption", "t2", wrap=True)
        self._estimate = Label("", "second", "t2", elide=True)
        self._train = Button(self.tr("Train"), "plain", "play")
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
        announced = self._catalogue.find(self._workspace.method)
        if not busy and announced is not None:      # a run that has ended was measured
            self._tell_estimate(announced, {**announced.default, **self._workspace.settings(announced.id)})

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

    def train_button(self) -> Button:
        """Train, or add to the queue."""
        return self._train

    def presets(self) -> Segmented:
        """The named settings."""
        return self._presets

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
            self._right.show_state(
                State(self.tr("No method fits {}").format(name), others[0][1], "triangle-alert", kind="refused")
            )
            return
        self._right.show_content()
        if self._workspace.method not in [announced.id for announced in fitting]:
            self._workspace.set_method(fitting[0].id)
        self._show_method(self._workspace.method)

    def _unasked(self) -> State:
        """Without a question: the three methods that fit the data best, each with its question."""
        opened = self._workspace.data
        data = None if opened is None else opened.data
        fitting = [announced for announced in self._catalogue.all() if announced.refusal(data) is None][:3]
        actions = tuple(
            Action(announced.title, lambda announced=announced: self._take_up(announced.question, announced.id))  # type: ignore[misc]
            for announced in fitting
        )
        said = self.tr("These fit best:") if fitting and data is not None else ""
        return State(self.tr("Pick a question first"), said, "circle-help", actions)

    def _take_up(self, question: Question, method: str) -> None:
        self._workspace.set_method(method)
        self._workspace.set_question(question)

    # the chosen one

    def _show_method(self, method: str) -> None:
        announced = self._catalogue.find(method)
        if announced is None:
            return
        self._shown = method
        self._list.set_current(method)
        self._title.setText(announced.title)
        self._chooser.set_text(announced.title)
        self._sentence.setText(announced.sentence)
        reason = self._reasons.get(method, "")
        self._reason.setText(self.tr("Recommended. {}").format(reason) if reason else "")
        self._reason.setVisible(bool(reason))
        source = announced.source
        if announced.reconstruction:
            source = self.tr("{} Reconstructed: {}").format(source, announced.reconstruction)
        self._source.setText(source)
        self._tell_badge(announced)
        values = {**announced.default, **self._workspace.settings(method)}
        self._presets.set_options([name.replace("_", " ").capitalize() for name in announced.presets])
        for part in (self._presets, self._preset_head):
            part.setVisible(len(announced.presets) > 1)
        place, changed = _nearest(announced, values)
        self._presets.set_current(place)
        self._changed.setText(self.tr("{} changed").format(changed) if changed else "")
        self._reset.setVisible(changed > 0)
        self._form.set_schema(announced.parameters, list(announced.presets.values())[place])
        self._form.set_values(values)
        self._tell_estimate(announced, values)
        self._tell_button()

    def _tell_badge(self, announced: Announced) -> None:
        if announced.checked is not None:
            text, kind = self.tr("checked {}").format(format_day(announced.checked)), "ok"
        elif announced.reconstruction:
            text, kind = self.tr("reconstructed"), "warn"
        else:
            text, kind = self.tr("not checked here"), "grey"
        self._badge.set_kind(kind)  # type: ignore[arg-type]
        self._badge.set_text(text)

    def _tell_estimate(self, announced: Announced, values: Mapping[str, Any]) -> None:
        opened = self._workspace.data
        known = self._catalogue.estimate(announced.id, len(opened.data), values) if opened is not None else ""
        self._estimate.setText(self.tr("{} on CPU").format(known) if known else self.tr("not measured yet"))

    def _tell_button(self) -> None:
        wrong = self._form.invalid()
        ready = self.tr("Add to queue") if self._is_busy else self.tr("Train")
        text = self.tr("{} values to correct") if wrong > 1 else self.tr("{} value to correct")
        self._train.set_text(text.format(wrong) if wrong else ready)
        self._train.setEnabled(wrong == 0 and self._workspace.data is not None)
        self._train.setToolTip("" if self._workspace.data is not None else self.tr("Choose data first"))

    def _take_values(self, values: Mapping[str, Any]) -> None:
        announced = self._catalogue.get(self._shown)
        changed = {name: value for name, value in values.items() if announced.default.get(name) != value}
        self._workspace.change_settings(announced.id, changed)

    def _take_preset(self, place: int) -> None:
        self._take_values(list(self._catalogue.get(self._shown).presets.values())[place])

    def _wish_training(self) -> None:
        if self.commit() and self._train.isEnabled():
            self.train_wished.emit()

    # construction

    def _connect(self) -> None:
        workspace = self._workspace
        self._list.chosen.connect(workspace.set_method)
        self._form.values_changed.connect(self._take_values)
        self._form.validity_changed.connect(lambda _count: self._tell_button())
        self._presets.chosen.connect(self._take_preset)
        self._reset.clicked.connect(lambda: self._take_preset(self._presets.current()))
        self._train.clicked.connect(self._wish_training)
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
        """Where there is no room beside the form the list becomes a menu."""
        px = Theme.current().px
        narrow = self.width() < px(_LEAST)
        self._list.setVisible(not narrow)
        self._title.setVisible(not narrow)
        self._chooser.setVisible(narrow)
        self._list.setFixedWidth(px(_WIDE_LIST if self.width() >= px(_WIDE) else _LIST))

    def _take_graph(self, graph: Graph) -> None:
        """Only whether there is one decides the order: edits of it need no new look at the data."""
        if bool(graph.nodes) != self._has_graph:
            self._refresh()

    def _take_settings(self, method: str) -> None:
        if method == self._shown:
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
        scroll = ScrollColumn(margins=(16, 0, 12, 12))
        inner = scroll.column
        inner.addWidget(self._sentence)
        inner.addSpacing(4)
        inner.addWidget(self._reason)
        inner.addSpacing(10)
        line = QHBoxLayout()
        line.addWidget(self._preset_head)
        line.addStretch(1)
        line.addWidget(self._changed)
        line.addWidget(self._reset)
        inner.addLayout(line)
        inner.addSpacing(4)
        presets = QHBoxLayout()
        presets.addWidget(self._presets)
        presets.addStretch(1)
        inner.addLayout(presets)
        inner.addSpacing(14)
        inner.addWidget(self._form)
        inner.addSpacing(14)
        inner.addWidget(self._source)
        inner.addStretch(1)
        column.addWidget(scroll, 1)
        column.addWidget(Hairline())
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 8, 12, 8)
        foot.setSpacing(8)
        foot.addWidget(self._estimate)
        foot.addStretch(1)
        foot.addWidget(self._train)
        column.addLayout(foot)
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


def _nearest(announced: Announced, values: Mapping[str, Any]) -> tuple[int, int]:
    """Place of the preset that the values are nearest to, and how many of them differ from it."""
    differing = [
        sum(values.get(name) != value for name, value in preset.items()) for preset in announced.presets.values()
    ]
    fewest = min(differing, default=0)
    return (differing.index(fewest) if differing else 0), fewest
