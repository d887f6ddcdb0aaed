"""The Jobs drawer: the engine left, the queue right; it slides up over the job strip."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from engines.refusals import Refusal
from engines.runtime.decisions import RunChanged
from engines.runtime.messages import ENDED, RunState
from studio.engine import Engine
from studio.panels.engine_column import EngineColumn
from studio.panels.inset import Inset
from studio.panels.job_row import JobRow
from studio.panels.own_keys import OwnKeys
from studio.runs import RunInfo, Runs
from widgets.kit.label import Label
from widgets.kit.message_bar import ErrorBar
from widgets.kit.panel_frame import PanelFrame
from widgets.kit.scroll_column import ScrollColumn
from widgets.kit.state_view import EmptyOr, State
from widgets.kit.tool_button import ToolButton

HEIGHT, MARGIN = 320, 8
_KEPT = 24              # ended runs that stay in the list


class JobsDrawer(PanelFrame):
    """Working runs first, then the queue in its order, then those that ended, the newest first.

    Up and down choose a row, Alt+up and down move a queued one, P pauses, Ctrl+. stops what runs, Enter unfolds,
    Escape closes.
    """

    closed = Signal()
    run_opened = Signal(int)                # "Open": show the results of a run
    log_copied = Signal(str)                # the report that went to the clipboard

    def __init__(self, runs: Runs, engine: Engine, parent: QWidget | None = None) -> None:
        super().__init__("Jobs", parent)
        self._runs, self._engine = runs, engine
        self._places: dict[int, int] = {}
        self._stale: set[int] = set()
        self._rows: dict[int, JobRow] = {}
        self._chosen: int | None = None
        self._strip: QWidget | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ringRadius", -1)
        self._device = EngineColumn(engine)
        self._error = ErrorBar()
        self._list = ScrollColumn(margins=(8, 4, 4, 8))
        self._list.column.addWidget(Inset(self._error, (8, 6, 8, 2)))
        self._list.column.addStretch(1)
        self._pages = EmptyOr(self._list, State(self.tr("Nothing is queued."), "", "list-ordered"))
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._device)
        row.addWidget(self._pages, 1)
        self.set_body(body)
        close = ToolButton("x", self.tr("Close"), keys="Esc")
        close.clicked.connect(self.close_drawer)
        self._hint = Label(self.tr("Alt with up or down moves a queued run"), "second", "t2", elide=True)
        self.add_tool(self._hint)
        self.add_tool(close)
        OwnKeys(self, {
            "P": self._pause, "Ctrl+.": self._stop_current, "Alt+Up": lambda: self._move(-1),
            "Alt+Down": lambda: self._move(1), "Up": lambda: self._step(-1), "Down": lambda: self._step(1),
            "Return": self._unfold, "Enter": self._unfold, "Esc": self.close_drawer,
        }, before=self._list)
        runs.added.connect(self._take_run)
        runs.changed.connect(self._take_run)
        runs.ended.connect(self._take_run)
        engine.run_changed.connect(self._take_place)
        for info in runs.all():
            self._take_run(info)
        self.hide()

    # public

    def attach(self, strip: QWidget) -> None:
        """Stand over the job strip, as wide as the window; the drawer becomes a child of the strip's parent."""
        self._strip = strip
        self.setParent(strip.parentWidget())
        strip.installEventFilter(self)
        self._place()

    def open_drawer(self) -> None:
        """Come up and take the keyboard."""
        self._place()
        self.show()
        self.raise_()
        first = next(iter(self._rows), None)
        self._choose(first)
        (self if first is None else self._rows[first]).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_drawer(self) -> None:
        """Go down again."""
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    def toggle(self) -> None:
        """Open when closed, close when open."""
        self.close_drawer() if self.isVisible() else self.open_drawer()

    def row(self, number: int) -> JobRow:
        """The row of a run by its number."""
        return self._rows[number]

    def order(self) -> list[int]:
        """Numbers of the runs from top to bottom."""
        return list(self._rows)

    def chosen(self) -> int | None:
        """Number of the run that keys act on."""
        return self._chosen

    def set_memory(self, used: int, total: int) -> None:
        """Memory that the studio and its lanes hold, and that the machine has; bytes."""
        self._device.set_memory(used, total)

    def clear(self) -> None:
        """No runs, as in a new project."""
        for number in list(self._rows):
            self._drop(number)
        self._places.clear()
        self._stale.clear()
        self._chosen = None
        self._error.clear()
        self._tell()

    # Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._strip and event.type() in (QEvent.Type.Move, QEvent.Type.Resize):
            self._place()
        return super().eventFilter(watched, event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        for number in self._stale & set(self._rows):
            self._rows[number].set_run(self._runs.run(number))
        self._stale.clear()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.accept()          # keys that the drawer does not use must not reach what lies below it

    # rows

    def _take_place(self, change: RunChanged) -> None:
        if change.place is None:
            self._places.pop(change.run, None)
        else:
            self._places[change.run] = change.place
        self._sort()

    def _take_run(self, info: RunInfo) -> None:
        row = self._rows.get(info.number)
        state = None if row is None else row.state()
        if state is info.state and self.isHidden():
            self._stale.add(info.number)        # progress that nobody sees costs nothing
            return
        if row is None:
            row = self._rows[info.number] = JobRow(info.number)
            row.paused.connect(lambda on, number=info.number: self._runs.pause(number, on))
            row.stopped.connect(lambda number=info.number: self._runs.stop(number))
            row.first_wished.connect(lambda number=info.number: self._engine.move(number, 0))
            row.retry_wished.connect(self._retry)
            row.resume_wished.connect(lambda number=info.number: self._guarded(lambda: self._runs.resume(number)))
            row.open_wished.connect(lambda number=info.number: self.run_opened.emit(number))
            row.report_copied.connect(self.log_copied)
            row.focused.connect(lambda number=info.number: self._choose(number))
            self._list.column.insertWidget(1, row)
        row.set_run(info)
        if state is not info.state:
            self._sort()

    def _sort(self) -> None:
        """Bring the rows into their order; a row that is there is moved, never made anew."""
        wanted = sorted(self._rows, key=self._rank)
        for number in [n for n in wanted if self._runs_state(n) in ENDED][_KEPT:]:
            self._drop(number)
            wanted.remove(number)
        if wanted != list(self._rows) or any(
            self._list.column.indexOf(self._rows[number]) != place for place, number in enumerate(wanted, start=1)
        ):
            self._rows = {number: self._rows[number] for number in wanted}
            for place, number in enumerate(wanted, start=1):
                self._list.column.insertWidget(place, self._rows[number])
        if self._chosen not in self._rows:
            self._choose(next(iter(self._rows), None))
        self._tell()

    def _rank(self, number: int) -> tuple[int, int]:
        state = self._runs_state(number)
        if state in ENDED:
            return 2, -number
        return (1, self._places.get(number, number)) if state is RunState.QUEUED else (0, number)

    def _runs_state(self, number: int) -> RunState:
        return self._rows[number].state()

    def _drop(self, number: int) -> None:
        row = self._rows.pop(number)
        row.hide()
        row.deleteLater()

    def _tell(self) -> None:
        states = [row.state() for row in self._rows.values()]
        waiting = states.count(RunState.QUEUED)
        working = sum(state not in ENDED and state is not RunState.QUEUED for state in states)
        parts = [self.tr("{} working").format(working)] if working else []
        parts += [self.tr("{} queued").format(waiting)] if waiting else []
        self.set_note(", ".join(parts))
        self._hint.setVisible(waiting > 1)
        self._pages.show_content(bool(self._rows))

    # keys

    def _choose(self, number: int | None) -> None:
        self._chosen = number
        for other, row in self._rows.items():
            row.set_chosen(other == number)

    def _step(self, step: int) -> None:
        numbers = list(self._rows)
        if numbers:
            place = numbers.index(self._chosen) + step if self._chosen in numbers else 0
            number = numbers[min(max(place, 0), len(numbers) - 1)]
            self._choose(number)
            self._rows[number].setFocus(Qt.FocusReason.TabFocusReason)
            self._list.ensureWidgetVisible(self._rows[number], 0, 8)

    def _move(self, step: int) -> None:
        """Give the chosen run another place in the queue."""
        queue = [number for number in self._rows if self._runs_state(number) is RunState.QUEUED]
        if self._chosen in queue:
            place = queue.index(self._chosen) + step
            if 0 <= place < len(queue):
                self._engine.move(self._chosen, place)

    def _pause(self) -> None:
        if self._chosen is not None:
            self._rows[self._chosen].toggle_pause()

    def _stop_current(self) -> None:
        if (info := self._runs.current) is not None:
            self._runs.stop(info.number)

    def _unfold(self) -> None:
        if self._chosen is not None:
            self._rows[self._chosen].toggle_log()

    # again

    def _retry(self, info: RunInfo, changed: dict[str, object]) -> None:
        """Queue the same run anew, with some settings changed."""
        settings = {**info.request.parameters, **changed}
        self._guarded(lambda: self._runs.repeat(info.number, parameters=settings))

    def _guarded(self, work: Callable[[], object]) -> None:
        try:
            self._error.clear()
            work()
        except Refusal as refusal:
            self._error.show_message(refusal.sentence, refusal.cause)

    def _place(self) -> None:
        if self._strip is None:
            return
        room = self._strip.geometry()
        height = min(HEIGHT, room.top() - MARGIN)
        self.setGeometry(QRect(MARGIN, room.top() - height, room.width() - 2 * MARGIN, height))
