"""The Curves panel: every run's figures while it trains and afterwards."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from engines.runtime.messages import ENDED, RunState, Scalar
from studio.runs.explained import explained_line
from studio.runs.groups import differing, group_of, grouping_text, groupings
from studio.runs.runs import RunInfo, Runs
from widgets.curves import CurvePlot, CurveRun
from widgets.kit.action import Action
from widgets.kit.button import Button
from widgets.kit.label import Label
from widgets.kit.menu import Menu
from widgets.kit.message_bar import ErrorBar
from widgets.kit.panel_frame import PanelFrame
from widgets.kit.state_view import EmptyOr, State
from widgets.kit.tool_button import ToolButton
from widgets.numbers import format_number

_SMOOTHINGS = (0.0, 0.6, 0.85, 0.95, 0.99)


class CurvesPanel(PanelFrame):
    """Bound to the runs: one plot a scalar of the newest run's method, older runs of it overlaid."""

    train_wished = Signal()
    export_wished = Signal(object)          # the CurvePlot
    log_wished = Signal(object)             # RunInfo
    resume_wished = Signal(int)

    def __init__(self, runs: Runs, parent: QWidget | None = None) -> None:
        super().__init__("Curves", parent)
        self._runs = runs
        self._method = ""
        self._hidden: set[str] = set()
        self._by = ""                       # what runs are grouped by
        self._differing: tuple[str, ...] = ()
        self._next = (self.tr("Train"), "play")
        self._plot = CurvePlot()
        self._error = ErrorBar()
        self._explained = Label("", "second", "t2", elide=True)
        self._explained.hide()
        self._log = Button(self.tr("Log"), "toggle")
        self._log.setChecked(self._plot.log())
        self._smoothing = Button("", "ghost", menu=True)
        menu = QMenu(self._smoothing)
        for weight in _SMOOTHINGS:
            text = self.tr("Smoothing {}").format(format_number(weight, "", 2)) if weight else self.tr("No smoothing")
            menu.addAction(text, lambda weight=weight: self._smooth(weight))
        self._smoothing.clicked.connect(
            lambda: menu.popup(self._smoothing.mapToGlobal(self._smoothing.rect().bottomLeft()))
        )
        self._group = Button("", "ghost", menu=True)
        self._group_menu = Menu("", self._group)
        self._group.clicked.connect(self._open_groups)
        self._regrouping = QTimer(self)
        self._regrouping.setSingleShot(True)
        self._regrouping.timeout.connect(self._regroup)
        export = ToolButton("download", self.tr("Export the curves"))
        export.clicked.connect(lambda: self.export_wished.emit(self._plot))
        self.add_tool(self._log)
        self.add_tool(self._smoothing)
        self.add_tool(self._group)
        self.add_divider()
        self.add_tool(export)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(0)
        bars = QVBoxLayout()
        bars.setContentsMargins(12, 0, 12, 0)
        bars.addWidget(self._error)
        bars.addWidget(self._explained)
        column.addLayout(bars)
        column.addWidget(self._plot, 1)
        self._pages = EmptyOr(content, self._empty())
        self.set_body(self._pages)
        self._log.clicked.connect(self._plot.set_log)
        self._plot.log_changed.connect(self._log.setChecked)
        self._plot.smoothing_changed.connect(lambda _weight: self._tell_smoothing())
        self._plot.run_toggled.connect(self._toggle)
        runs.added.connect(self._add)
        runs.points.connect(self._take_points)
        runs.changed.connect(self._take_change)
        runs.ended.connect(self._take_end)
        self._smooth(0.85)
        self._tell_grouping()
        for info in runs.all():
            self._add(info)

    @property
    def plot(self) -> CurvePlot:
        return self._plot

    def group_button(self) -> Button:
        """Opens the menu of what runs can be grouped by; there when there is something."""
        return self._group

    def group_menu(self) -> Menu:
        """What the runs can be grouped by."""
        return self._group_menu

    def group_by(self, by: str) -> None:
        """Draw runs with the same value of a setting as one line with a band; "" draws each by itself."""
        self._by = by
        self._regroup()

    def offer(self, text: str, icon: str) -> None:
        """The next step, as the place of the curves offers it while there are none."""
        self._next = (text, icon)
        self._wait()

    def clear(self) -> None:
        """Nothing to show, as in a new project."""
        self._plot.clear()
        self._method = self._by = ""
        self._tell_grouping()
        self._hidden.clear()
        self._error.clear()
        self._pages.show_state(self._empty())

    def _add(self, info: RunInfo) -> None:
        if info.request.method != self._method:
            self._plot.clear()
            self._method, self._by = info.request.method, ""
            for older in self._runs.all():
                if older.request.method == self._method and older is not info:
                    self._put(older)
        self._error.clear()
        self._put(info)
        self._regrouping.start(0)           # once, however many runs of a sweep come

    def _put(self, info: RunInfo) -> None:
        self._plot.set_run(self._look(info))
        for name, (steps, values) in info.scalars.items():
            self._plot.append(info.name, name, steps, values)
        if info.scalars:
            self._pages.show_content()
        self._wait()
        self.set_note(self._plot.summary())

    def _take_points(self, info: RunInfo, points: tuple[Scalar, ...]) -> None:
        if info.request.method != self._method:
            return
        by_name: dict[str, tuple[list[int], list[float]]] = {}
        for point in points:
            steps, values = by_name.setdefault(point.name, ([], []))
            steps.append(point.step)
            values.append(point.value)
        for name, (steps, values) in by_name.items():
            self._plot.append(info.name, name, steps, values)
        if not self._pages.shows_content():
            self._pages.show_content()
        self.set_note(self._plot.summary())

    def _take_change(self, info: RunInfo) -> None:
        if info.request.method == self._method:
            self._plot.set_run(self._look(info))

    def _take_end(self, info: RunInfo) -> None:
        if info.state is RunState.FAILED and info.ended is not None:
            actions = [Action(self.tr("Show log"), lambda: self.log_wished.emit(info))]
            if info.checkpoint is not None:
                text = self.tr("Resume from {}").format(info.checkpoint)
                actions.insert(0, Action(text, lambda: self.resume_wished.emit(info.number)))
            self._pages.show_content()
            self._error.show_message(info.ended.sentence, info.ended.cause, actions)
        self._wait()

    def _look(self, info: RunInfo) -> CurveRun:
        live = info.state not in ENDED and info.state is not RunState.QUEUED
        note = {RunState.RUNNING: self.tr("training"), RunState.PAUSED: self.tr("paused")}.get(info.state, "")
        return CurveRun(
            info.name, info.name, info.colour, shown=info.name not in self._hidden, live=live, note=note,
            group=group_of(info, self._by, self._differing),
        )

    def _toggle(self, key: str, shown: bool) -> None:
        self._hidden.discard(key) if shown else self._hidden.add(key)
        for info in self._runs.all():
            if info.name == key:
                self._plot.set_run(self._look(info))
        self.set_note(self._plot.summary())

    def _mine(self) -> list[RunInfo]:
        return [info for info in self._runs.all() if info.request.method == self._method]

    def _regroup(self) -> None:
        runs = self._mine()
        self._differing = differing(runs)
        if self._by and self._by not in groupings(runs):
            self._by = ""
        self._plot.set_grouped(bool(self._by))
        for info in runs:
            self._plot.set_run(self._look(info))
        self._tell_grouping()
        self._explained.setText(explained_line(runs))
        self._explained.setVisible(bool(self._explained.text()))

    def _tell_grouping(self) -> None:
        self._group.set_text(self.tr("By {}").format(grouping_text(self._by)) if self._by else self.tr("Group"))
        self._group.setVisible(bool(self._by) or bool(groupings(self._mine())))

    def _open_groups(self) -> None:
        self._group_menu.clear()
        self._group_menu.add(self.tr("Each run by itself"), partial(self.group_by, ""), on=not self._by)
        for by in groupings(self._mine()):
            text = self.tr("By {}").format(grouping_text(by))
            self._group_menu.add(text, partial(self.group_by, by), on=by == self._by)
        self._group_menu.popup_under(self._group)

    def _smooth(self, weight: float) -> None:
        self._plot.set_smoothing(weight)
        self._tell_smoothing()

    def _tell_smoothing(self) -> None:
        weight = self._plot.smoothing()
        text = self.tr("Smoothing {}").format(format_number(weight, "", 2)) if weight else self.tr("No smoothing")
        self._smoothing.set_text(text)

    def _wait(self) -> None:
        """While there are no curves: say what they wait for."""
        if not self._pages.shows_content():
            self._pages.show_state(self._empty())

    def _empty(self) -> State:
        if (live := self._runs.current) is not None:
            sentence = self.tr("Curves of {} appear with its first steps").format(live.name)
            return State(sentence, "", "chart-line")
        text, icon = self._next
        return State(
            self.tr("Curves appear here as soon as a run starts"), "", "chart-line",
            (Action(text, self.train_wished.emit, "plain", icon),),
        )
