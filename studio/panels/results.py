"""The Results panel: what a run gave back, in announced order as cards, the chosen one enlarged beside them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from engines.contract import Produces
from engines.results import Result
from engines.runtime.messages import ENDED, RunState
from studio.catalogue import Catalogue
from studio.panels.inset import Inset
from studio.panels.own_keys import OwnKeys
from studio.panels.result_stage import Enlarged, ResultStage
from studio.panels.row_bar import RowBar
from studio.panels.run_comparison import RunComparison
from studio.panels.run_menu import RunButton, run_title, state_words
from studio.runs.explained import explained_line
from studio.runs.row_actions import RowActions
from studio.runs.runs import RunInfo, Runs
from widgets.cards import ResultCard
from widgets.kit.action import Action
from widgets.kit.label import Label
from widgets.kit.message_bar import AdviceBar, ErrorBar
from widgets.kit.panel_frame import PanelFrame
from widgets.kit.scroll_column import ScrollColumn
from widgets.kit.state_view import EmptyOr, State
from widgets.kit.tool_button import ToolButton

NARROW = 620
_CARDS = 280 + 16 + 10          # a card, the margin before it, the scroll bar after it


class ResultsPanel(PanelFrame):
    """Bound to the runs: shows the newest, or the one chosen in the header, live while it works."""

    export_wished = Signal(object)          # QWidget: the enlarged view
    train_wished = Signal()
    ask_wished = Signal()                   # to the answers of the model that is asked
    card_wished = Signal(object)            # Path: to the page of that model
    project_wished = Signal(object)         # Path of the project whose run made it
    report_wished = Signal(object, object)  # RunInfo, Result: into the report, or shown there

    def __init__(
        self, runs: Runs, catalogue: Catalogue | None = None, rows: RowActions | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """`catalogue`: tells what a run will give; None: what the manifests say now. `rows`: what was said of rows."""
        super().__init__("Results", parent)
        self.setProperty("ringRadius", -1)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._runs = runs
        self._catalogue = catalogue or Catalogue()
        self._run: int | None = None
        self._cards: dict[str, ResultCard] = {}
        self._chosen = ""
        self._next = (self.tr("Train"), "play")
        self._opened: tuple[str, Path] | None = None
        self._chooser = RunButton(runs)
        self._error, self._advice = ErrorBar(closable=False), AdviceBar(closable=True)
        self._explained = Label("", "second", "t2", elide=True)
        self._explained.hide()
        self._list = ScrollColumn(margins=(16, 12, 6, 12))
        self._list.column.setSpacing(8)
        self._list.column.addStretch(1)
        self._rows = RowBar(rows) if rows is not None else None
        self._stage = ResultStage(self._rows)
        self._comparison = RunComparison(runs, self)
        self._report = ToolButton("clipboard-list", self.tr("Add to report"), checkable=True)
        self._reported: set[tuple[int, str]] = set()
        self._export = ToolButton("download", self.tr("Export the result"), keys="Ctrl+E")
        self._lay_out()
        self._export.clicked.connect(self.export_result)
        self._report.clicked.connect(self.report_result)
        self._chooser.chosen.connect(self.show_run)
        self._comparison.changed.connect(self._enlarge)
        if self._rows is not None:
            self._rows.refused.connect(self._advise)
            self._rows.counted.connect(self._stage.set_said)
        OwnKeys(self, {"Ctrl+E": self.export_result})
        runs.added.connect(self._take_run)
        runs.shown.connect(self._take_result)
        runs.changed.connect(self._take_change)
        runs.ended.connect(self._take_end)
        if runs.all():
            self.show_run(runs.all()[-1].number)
        else:
            self._show_empty()

    # public

    def run(self) -> int | None:
        """Number of the run that is shown."""
        return self._run

    def show_run(self, number: int) -> None:
        """Show the results of a run; those that are still to come stand there in grey."""
        info = self._runs.run(number)
        if number != self._run:
            self._run = number
            self._chosen = ""
            self._drop_stage()
        self._comparison.set_shown(number)
        self._chooser.set_run(info)
        self._rebuild(info)

    def choose(self, name: str) -> None:
        """Enlarge a result by its name."""
        self._chosen = name
        for other, card in self._cards.items():
            card.setChecked(other == name)
            card.setFocusPolicy(Qt.FocusPolicy.StrongFocus if other == name else Qt.FocusPolicy.ClickFocus)
        self._list.ensureWidgetVisible(self._cards[name], 0, 12)
        self._enlarge()

    def chosen(self) -> str:
        """Name of the result that is enlarged."""
        return self._chosen

    def compare_with(self, number: int | None) -> None:
        """Put the same result of another run beside the chosen one; None ends it."""
        self._comparison.compare_with(number)

    def comparison(self) -> RunComparison:
        """Which run is compared with, and how it differs."""
        return self._comparison

    def stage(self) -> ResultStage:
        """Where the chosen result stands enlarged."""
        return self._stage

    def row_bar(self) -> RowBar | None:
        """What is said of the rows of the enlarged result."""
        return self._rows

    def card(self, name: str) -> ResultCard:
        """The card of a result by its name."""
        return self._cards[name]

    def view(self) -> Any:
        """The enlarged result, None while there is none."""
        return self._stage.view()

    def offer(self, text: str, icon: str) -> None:
        """The next step, as the panel offers it while there was no run."""
        self._next = (text, icon)
        if self._run is None:
            self._show_empty()

    def set_opened(self, title: str, model: Path | None) -> None:
        """The model that is asked, and where it lies: while there is no run, what is known of it is offered."""
        self._opened = None if model is None else (title, model)
        if self._run is None:
            self._show_empty()

    def export_result(self) -> None:
        """Ask for a file for the enlarged result."""
        if self.view() is not None:
            self.export_wished.emit(self.view())

    def report_result(self) -> None:
        """Put the enlarged result into the report."""
        if self._run is not None and self.view() is not None:
            self.report_wished.emit(self._runs.run(self._run), self.view().result())
        self._tell_reported()

    def set_reported(self, reported: set[tuple[int, str]]) -> None:
        """Which results stand in the report, by run and name."""
        self._reported = reported
        self._tell_reported()

    def clear(self) -> None:
        """Nothing to show, as in a new project."""
        self._run = None
        self._chosen = ""
        self._set_cards(())
        self.compare_with(None)
        self._drop_stage()
        self._show_empty()

    # Qt

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if (card := self._cards.get(self._chosen)) is not None:
            card.setFocus(Qt.FocusReason.TabFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._turn()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        step = steps.get(Qt.Key(event.key()))
        if step is None or event.modifiers() or not self._cards:
            super().keyPressEvent(event)
        else:
            self._step(step)

    # runs

    def _take_run(self, info: RunInfo) -> None:
        if self._comparison.number() not in {None, *(other.number for other in self._runs.all())}:
            self.compare_with(None)
        shown = None if self._run is None else self._runs.run(self._run)
        if shown is None or shown.state in (*ENDED, RunState.QUEUED):   # one that works keeps its place
            self.show_run(info.number)

    def _take_result(self, info: RunInfo, result: Result) -> None:
        if info.number == self._comparison.number() and result.name == self._chosen:
            self._enlarge()
        if info.number != self._run:
            return
        if result.name not in self._cards:
            self._rebuild(info)
            return
        self._cards[result.name].set_result(result)
        if not self._chosen:
            self.choose(result.name)
        elif result.name == self._chosen:
            self._enlarge()
        self._tell(info)

    def _take_change(self, info: RunInfo) -> None:
        if info.number == self._run:
            self._tell_waiting(info)
            self._tell(info)

    def _take_end(self, info: RunInfo) -> None:
        if info.number == self._run:
            self._rebuild(info)

    # cards

    def _rebuild(self, info: RunInfo) -> None:
        """Cards in announced order, then what came unannounced; cards that are there are kept."""
        method = self._catalogue.find(info.request.method)
        announced = [Produces(**plain) for plain in method.produces] if method is not None else []
        known = {produces.name for produces in announced}
        announced += [Produces(r.name, r.kind, r.title) for r in info.results.values() if r.name not in known]
        if info.state is RunState.DONE:         # some come of some data or settings only
            announced = [produces for produces in announced if produces.name in info.results] or announced
        self._set_cards(announced)
        waiting, is_over = self._why_not_there(info)
        for produces in announced:
            card = self._cards[produces.name]
            if (result := info.results.get(produces.name)) is not None:
                card.set_result(result)
            else:
                card.set_waiting(waiting, missing=is_over)
        if self._chosen not in self._cards:
            ready = [name for name in self._cards if name in info.results]
            self._chosen = (ready or list(self._cards) or [""])[0]
        self._tell(info)
        if self._cards:
            self.choose(self._chosen)

    def _tell_waiting(self, info: RunInfo) -> None:
        """The cards that wait say for what, which changes as the run goes on."""
        waiting, is_over = self._why_not_there(info)
        others = [name for name, card in self._cards.items() if card.state() != "ready" and card.figure() != waiting]
        for name in others:
            self._cards[name].set_waiting(waiting, missing=is_over)
        if self._chosen in others:
            self._enlarge()

    def _set_cards(self, announced: Sequence[Produces]) -> None:
        if [produces.name for produces in announced] == list(self._cards):
            return
        old, self._cards = self._cards, {}
        for place, produces in enumerate(announced):
            card = old.pop(produces.name, None) or self._new_card(produces)
            self._cards[produces.name] = card
            self._list.column.insertWidget(place, card)
        for card in old.values():
            card.hide()
            card.deleteLater()

    def _new_card(self, produces: Produces) -> ResultCard:
        card = ResultCard(produces.title, produces.kind)
        card.clicked.connect(lambda _=False, name=produces.name: self.choose(name))
        card.stepped.connect(self._step)
        return card

    def _step(self, step: int) -> None:
        names = list(self._cards)
        place = names.index(self._chosen) if self._chosen in names else 0
        name = names[min(max(place + step, 0), len(names) - 1)]
        self.choose(name)
        self._cards[name].setFocus(Qt.FocusReason.TabFocusReason)

    def _enlarge(self) -> None:
        self._comparison.tool.setEnabled(self._comparison.is_possible())
        card = self._cards.get(self._chosen)
        if card is None:
            self._export.setEnabled(False)
            self._tell_reported()
            return
        result, title = card.result(), card.text()
        self._export.setEnabled(result is not None)
        beside = self._comparison.beside(self._chosen)
        self._stage.set_beside(beside)
        title = title if beside is None else self._chooser.text()
        self._stage.set_main(Enlarged(title, card.figure() if result is not None else "", result, card.figure()))
        self._tell_reported()
        if self._run is not None:
            info = self._runs.run(self._run)
            self._comparison.tell(info, result, self._catalogue.find(info.request.method))
            if self._rows is not None:
                self._rows.set_target(self._stage.view(), info, result)

    def _drop_stage(self) -> None:
        self._stage.drop()
        self._advice.clear()
        if self._rows is not None:
            self._rows.set_target(None, None, None)

    # words

    def _tell(self, info: RunInfo) -> None:
        """Note, error bar, and the state in the place of cards where there are none."""
        done = sum(card.state() == "ready" for card in self._cards.values())
        works = info.state not in ENDED
        count = self.tr("{} of {} results").format(done, len(self._cards)) if works else ""
        self.set_note(", ".join(part for part in (state_words(info), count) if part))
        self._chooser.set_run(info)
        self._explained.setText(explained_line((info,)))
        self._explained.setVisible(bool(self._explained.text()))
        if info.state in (RunState.FAILED, RunState.INTERRUPTED) and info.ended is not None:
            if self._error.sentence() != info.ended.sentence or self._error.isHidden():
                self._error.show_message(info.ended.sentence, info.ended.cause)
        else:
            self._error.clear()
        if self._cards:
            self._pages.show_content()
        elif works:
            fraction = info.done / info.total if info.total else None
            sentence = self.tr("{} works; its results appear here").format(run_title(info))
            self._pages.show_state(State(sentence, info.phase, kind="busy", fraction=fraction))
        elif info.state is RunState.FAILED and info.ended is not None:
            self._pages.show_state(State(info.ended.sentence, info.ended.cause, kind="failed"))
        else:
            self._pages.show_state(State(self.tr("{} gave no results").format(run_title(info)), icon="layout-grid"))

    def _tell_reported(self) -> None:
        """The tool is lit while the enlarged result stands in the report."""
        inside = (self._run, self._chosen) in self._reported
        self._report.setEnabled(self.view() is not None)
        self._report.setChecked(inside)
        self._report.set_tip(self.tr("Show it in the report") if inside else self.tr("Add to report"))

    def _advise(self, why: str) -> None:
        if why:
            self._advice.show_message(why)
        else:
            self._advice.clear()

    def _why_not_there(self, info: RunInfo) -> tuple[str, bool]:
        match info.state:
            case RunState.FAILED:
                return self.tr("Not reached: the run failed"), True
            case RunState.CANCELLED | RunState.INTERRUPTED:
                return self.tr("Not reached: the run was stopped"), True
            case RunState.DONE:
                return self.tr("The run gave none"), True
            case RunState.QUEUED:
                return self.tr("Comes when the run starts"), False
        return self.tr("Still to come"), False

    def _show_empty(self) -> None:
        self.set_note("")
        self._chooser.set_run(None)
        for tool in (self._comparison.tool, self._export, self._report):
            tool.setEnabled(False)
        self._pages.show_state(self._empty())

    def _empty(self) -> State:
        text, icon = self._next
        step = Action(text, self.train_wished.emit, "plain", icon)
        if self._opened is None:
            return State(self.tr("Results of a run appear here"), "", "layout-grid", (step,))
        title, model = self._opened
        ask = Action(self.tr("Ask it"), self.ask_wished.emit, "plain", "circle-help")
        card = Action(self.tr("Show its figures"), lambda: self.card_wished.emit(model), "plain", "box")
        sentence = self.tr("{} came trained: the results of its run are not here").format(title)
        home = next((above for above in model.parents if above.suffix == ".otherwise"), None)
        if home is None:
            help_ = self.tr("Only its last figures came with it. A run of your own has all results.")
            return State(sentence, help_, "layout-grid", (ask, card, step))
        there = Action(self.tr("Open its project"), lambda: self.project_wished.emit(home), "plain", "folder-open")
        help_ = self.tr("They are in the project {}, which trained it.").format(home.stem)
        return State(sentence, help_, "layout-grid", (there, ask, card))

    # construction

    def _lay_out(self) -> None:
        self.add_head(self._chooser)
        self.add_tool(self._comparison.tool)
        self.add_tool(self._report)
        self.add_tool(self._export)
        content = QWidget()
        outer = QVBoxLayout(content)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        for bar in (self._error, self._advice):
            outer.addWidget(Inset(bar, (16, 12, 16, 0)))
        outer.addWidget(Inset(self._explained, (16, 12, 16, 0)))
        self._flow = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._flow.setSpacing(0)
        self._flow.addWidget(self._list)
        self._flow.addWidget(self._stage, 1)
        outer.addLayout(self._flow, 1)
        outer.addWidget(self._comparison.differences)
        self._pages = EmptyOr(content, State(self.tr("Results of a run appear here"), "", "layout-grid"))
        self.set_body(self._pages)

    def _turn(self) -> None:
        """Under a narrow width cards and the enlarged one stand in one column."""
        narrow = self.width() < NARROW
        down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._flow.setDirection(down if narrow else across)
        self._flow.setStretch(0, 1 if narrow else 0)
        if narrow:
            self._list.setMinimumWidth(0)
            self._list.setMaximumWidth(16777215)
        else:
            self._list.setFixedWidth(_CARDS)
