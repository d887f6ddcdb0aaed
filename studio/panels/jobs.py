"""The Jobs drawer: the engine left, the queue right; it slides up over the job strip."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from engines.refusals import Refusal
from engines.runtime.devices import Device
from engines.runtime.instructions import LaneRole
from engines.runtime.messages import ENDED, RunState
from studio.engine import Engines
from studio.panels.engine_column import EngineColumn
from studio.panels.inset import Inset
from studio.panels.job_row import JobRow
from studio.panels.own_keys import OwnKeys
from studio.panels.queue_menu import fill_queue_menu
from studio.runs.runs import RunInfo, Runs
from widgets.kit.action import Action
from widgets.kit.button import Button
from widgets.kit.label import Label
from widgets.kit.menu import Menu
from widgets.kit.message_bar import ErrorBar, MessageBar
from widgets.kit.panel_frame import PanelFrame
from widgets.kit.scroll_column import ScrollColumn
from widgets.kit.state_view import EmptyOr, State
from widgets.kit.tool_button import ToolButton

HEIGHT, MARGIN = 320, 8
_KEPT = 24              # ended runs that stay in the list
_BARS = 2               # what stands above the rows


class JobsDrawer(PanelFrame):
    """Working runs first, then the queue in its order, then those that ended, the newest first.

    Up and down choose a row, Alt+up and down or a drag move a queued one, P pauses, Ctrl+. stops what runs, Enter
    unfolds, Escape closes. "Queue" stops many at once, which can be taken back.
    """

    closed = Signal()
    run_opened = Signal(int)                # "Open": show the results of a run
    device_chosen = Signal(str)             # new runs and models go there from now on
    log_copied = Signal(str)                # the report that went to the clipboard

    def __init__(self, runs: Runs, engine: Engines, parent: QWidget | None = None) -> None:
        super().__init__("Jobs", parent)
        self._runs, self._engine = runs, engine
        self._places: dict[int, int | None] = {}
        self._asked_place: tuple[int, int] | None = None
        self._kept: set[int] = set()            # ended runs that are listed although they are old
        self._stopping: set[int] = set()        # stopped together; once they have ended it can be taken back
        self._stopped: tuple[int, ...] = ()
        self._stale: set[int] = set()
        self._rows: dict[int, JobRow] = {}
        self._chosen: int | None = None
        self._strip: QWidget | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ringRadius", -1)
        self._device = EngineColumn(engine, runs)
        self._device.chosen.connect(self.device_chosen)
        self._news = MessageBar("info")
        self._error = ErrorBar()
        self._list = ScrollColumn(margins=(8, 4, 4, 8))
        self._list.column.addWidget(Inset(self._error, (8, 6, 8, 2)))
        self._list.column.addWidget(Inset(self._news, (8, 6, 8, 2)))
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
        self._hint = Label(self.tr("Drag a queued run, or Alt with up or down"), "second", "t2", elide=True)
        self._queue = Button(self.tr("Queue"), "ghost", menu=True)
        self._menu = Menu("", self)
        self._queue.clicked.connect(lambda: self.queue_menu().popup_under(self._queue))
        self.add_tool(self._hint)
        self.add_tool(self._queue)
        self.add_tool(close)
        OwnKeys(self, {
            "P": self._pause, "Ctrl+.": self._stop_current, "Alt+Up": lambda: self._move(-1),
            "Alt+Down": lambda: self._move(1), "Up": lambda: self._step(-1), "Down": lambda: self._step(1),
            "Return": self._unfold, "Enter": self._unfold, "Esc": self.close_drawer,
        }, before=self._list)
        runs.added.connect(self._take_run)
        runs.changed.connect(self._take_run)
        runs.ended.connect(self._take_run)
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

    def set_devices(self, devices: Sequence[Device]) -> None:
        """What can compute here."""
        self._device.set_devices(devices)

    def set_memory(self, used: int, total: int) -> None:
        """Memory that the studio and its lanes hold, and that the machine has; bytes."""
        self._device.set_memory(used, total)

    def queue_menu(self) -> Menu:
        """What "Queue" opens."""
        fill_queue_menu(self._menu, self._runs, self._chosen, self.stop_runs)
        return self._menu

    def fill_queue_menu(self, menu: Menu) -> None:
        """The same verbs for another place; the drawer comes up when one is taken, since there it is taken back."""

        def stop(numbers: tuple[int, ...]) -> None:
            self.open_drawer()
            self.stop_runs(numbers)

        fill_queue_menu(menu, self._runs, None, stop)

    def stop_runs(self, numbers: tuple[int, ...]) -> None:
        """Stop many at once; a bar then offers to take it back."""
        self._stopping, self._stopped = set(numbers), numbers
        self._runs.stop(*numbers)

    def show_run(self, number: int) -> None:
        """Choose a run's row and bring it into view, however old it is."""
        self._kept.add(number)
        self._take_run(self._runs.run(number))
        self._sort()
        self._choose(number)
        row = self._rows[number]
        row.setFocus(Qt.FocusReason.OtherFocusReason)
        self._list.ensureWidgetVisible(row, 0, 8)

    def clear(self) -> None:
        """No runs, as in a new project."""
        for number in list(self._rows):
            self._drop(number)
        for numbers in (self._places, self._stale, self._kept, self._stopping):
            numbers.clear()
        self._stopped = ()
        self._news.clear()
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

    def _take_run(self, info: RunInfo) -> None:
        row = self._rows.get(info.number)
        state = None if row is None else row.state()
        moved = state is not info.state or self._places.get(info.number) != info.place
        self._places[info.number] = info.place
        if not moved and self.isHidden():
            self._stale.add(info.number)        # progress that nobody sees costs nothing
            return
        if row is None:
            row = self._rows[info.number] = JobRow(info.number, self._engine.log_of(LaneRole.WORK, info.request.device))
            row.paused.connect(lambda on, number=info.number: self._runs.pause(number, on))
            row.stopped.connect(lambda number=info.number: self._runs.stop(number))
            row.first_wished.connect(lambda number=info.number: self._engine.move(number, 0))
            row.retry_wished.connect(self._retry)
            row.resume_wished.connect(lambda number=info.number: self._guarded(lambda: self._runs.resume(number)))
            row.close_wished.connect(lambda number=info.number: self._guarded(lambda: self._runs.close_run(number)))
            row.alone_wished.connect(
                lambda number=info.number: self.stop_runs(tuple(n for n in self._runs.live() if n != number))
            )
            row.origin_wished.connect(self.show_run)
            row.dragged.connect(lambda y, number=info.number: self._drag(number, y))
            row.open_wished.connect(lambda number=info.number: self.run_opened.emit(number))
            row.report_copied.connect(self.log_copied)
            row.focused.connect(lambda number=info.number: self._choose(number))
            self._list.column.insertWidget(_BARS, row)
        row.set_run(info)
        if moved:
            self._sort()
        if info.state in ENDED and info.number in self._stopping:
            self._stopping.discard(info.number)
            self._offer_back()

    def _sort(self) -> None:
        """Bring the rows into their order; a row that is there is moved, never made anew."""
        wanted = sorted(self._rows, key=self._rank)
        old = [n for n in wanted if self._runs_state(n) in ENDED and self._runs_state(n) is not RunState.INTERRUPTED]
        for number in [n for n in old[_KEPT:] if n not in self._kept]:
            self._drop(number)
            wanted.remove(number)
        if wanted != list(self._rows) or any(
            self._list.column.indexOf(self._rows[number]) != place for place, number in enumerate(wanted, start=_BARS)
        ):
            self._rows = {number: self._rows[number] for number in wanted}
            for place, number in enumerate(wanted, start=_BARS):
                self._list.column.insertWidget(place, self._rows[number])
        if self._chosen not in self._rows:
            self._choose(next(iter(self._rows), None))
        self._tell()

    def _rank(self, number: int) -> tuple[int, int]:
        state = self._runs_state(number)
        if state is RunState.INTERRUPTED:
            return 2, [info.number for info in self._runs.interrupted()].index(number)
        if state in ENDED:
            return 3, -number
        place = self._places.get(number)
        return (1, number if place is None else place) if state is RunState.QUEUED else (0, number)

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
        queue = [] if self._chosen is None else self._queue_with(self._chosen)
        if self._chosen in queue:
            place = queue.index(self._chosen) + step
            if 0 <= place < len(queue):
                self._engine.move(self._chosen, place)

    def _queue_with(self, number: int) -> list[int]:
        """The queue that a run stands in: those that wait for the same device, in their order."""
        device = self._runs.run(number).request.device
        return [
            n for n in self._rows
            if self._runs_state(n) is RunState.QUEUED and self._runs.run(n).request.device == device
        ]

    def _drag(self, number: int, y: int) -> None:
        """A queued run was dragged to a height on the screen: it takes the place that lies there."""
        queue = self._queue_with(number)
        others = [self._rows[n] for n in queue if n != number]
        place = sum(row.mapToGlobal(row.rect().center()).y() < y for row in others)
        if queue[place] == number:
            self._asked_place = None
        elif self._asked_place != (number, place):
            self._asked_place = number, place
            self._engine.move(number, place)

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

    def _offer_back(self) -> None:
        """All that were stopped together have ended."""
        if not self._stopping and self._stopped:
            count = len(self._stopped)
            said = self.tr("1 run was stopped.") if count == 1 else self.tr("{} runs were stopped.").format(count)
            self._news.show_message(said, "", [Action(self.tr("Queue again"), self._take_back, icon="undo-2")])

    def _take_back(self) -> None:
        """Put what was stopped together into the queue again, each from its checkpoint."""
        numbers, self._stopped = self._stopped, ()
        self._news.clear()
        for number in numbers:
            if self._runs.run(number).state is RunState.CANCELLED:
                self._guarded(partial(self._runs.resume, number))

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
