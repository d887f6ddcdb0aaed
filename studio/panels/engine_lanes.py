"""The two lanes of one engine: how each is, its process, and the way to end it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engines.runtime.decisions import LaneRole, LaneState
from engines.runtime.instructions import LaneWorks
from engines.runtime.messages import ENDED, RunState
from studio.engine import Engine
from studio.runs.machine import resident
from studio.runs.runs import RunInfo, Runs
from studio.runs.words import quiet_words
from widgets.kit.button import Button
from widgets.kit.label import Label
from widgets.kit.state_view import Sign
from widgets.numbers import format_bytes, format_count

_MEASURED = 2000        # ms between two looks at the memory of the lanes


class EngineLanes(QWidget):
    """A lane's process that hangs can be ended here; what that costs is said before it is done."""

    def __init__(self, engine: Engine, runs: Runs) -> None:
        super().__init__()
        self._engine, self._runs = engine, runs
        self._works: set[LaneRole] = set()
        self._lanes = {role: LaneBlock(role, self._consequence(role)) for role in LaneRole}
        self._meter = QTimer(self)
        self._meter.setInterval(_MEASURED)
        self._meter.timeout.connect(self._measure)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for role, block in self._lanes.items():
            block.ended.connect(partial(self._end, role))
            column.addWidget(block)
        engine.lane_changed.connect(self._refresh)
        engine.lane_works.connect(self._take_work)
        runs.changed.connect(self._take_run)
        self._refresh()

    def lane(self, role: LaneRole) -> LaneBlock:
        """What stands for a lane."""
        return self._lanes[role]

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()
        self._meter.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._meter.stop()

    def _end(self, role: LaneRole, _checked: bool = False) -> None:
        self._engine.end_lane(role)

    def _current(self) -> RunInfo | None:
        """The run that works in this engine, if one does."""
        live = (
            info for info in self._runs.all()
            if info.state not in ENDED and info.state is not RunState.QUEUED
            and info.request.device == self._engine.device
        )
        return next(live, None)

    @Slot(object)
    def _take_work(self, told: LaneWorks) -> None:
        (self._works.add if told.on else self._works.discard)(told.role)
        self._refresh()

    @Slot(object)
    def _take_run(self, _info: RunInfo) -> None:
        if self.isVisible():
            self._refresh()

    @Slot()
    def _refresh(self, *_: object) -> None:
        current = self._current()
        for role, block in self._lanes.items():
            quiet = current.quiet if current is not None and role is LaneRole.WORK else 0.0
            block.set_state(self._engine.lanes[role], works=role in self._works, quiet=quiet)
        self._measure()

    @Slot()
    def _measure(self) -> None:
        for role, block in self._lanes.items():
            pid = self._engine.pids.get(role, 0)
            block.set_process(pid, resident(pid) if pid and self.isVisible() else 0)

    def _consequence(self, role: LaneRole) -> Callable[[], str]:
        """What ending the lane would cost now."""

        def say() -> str:
            if role is LaneRole.ANSWER:
                return self.tr("A question that it works on is lost. Models are kept; it starts again when you ask.")
            info = self._current()
            if info is None or role not in self._works:
                return self.tr("Nothing runs in it. It starts again with the next run.")
            name = f"{info.name[0].upper()}{info.name[1:]}"
            if info.checkpoint is None:
                return self.tr("{} in it fails, and has no checkpoint to go on from.").format(name)
            step = format_count(info.checkpoint)
            return self.tr("{} in it fails, and can be resumed from step {}.").format(name, step)

        return say


class LaneBlock(QWidget):
    """What a lane is for, how it is, its process, and the way to end it: asked once, in its place."""

    def __init__(self, role: LaneRole, consequence: Callable[[], str]) -> None:
        super().__init__()
        self._consequence = consequence
        self._sign = Sign("circle-dashed", "t3", 14)
        name = self.tr("Trains") if role is LaneRole.WORK else self.tr("Answers")
        self._name = Label(name, "second", weight=500)
        self._words = Label("", "second", "t2", elide=True)
        self._process = Label("", "second", "t2")
        self.end = Button(self.tr("End it"), "ghost", height=24, role="second")
        self.end.setAccessibleName(self.tr("End the process that trains") if role is LaneRole.WORK else self.tr(
            "End the process that answers"
        ))
        self._asked = QWidget()
        self._cost = Label("", "second", wrap=True)
        self.sure = Button(self.tr("End it by force"), "plain", height=24, role="second")
        self.leave = Button(self.tr("Leave it"), "ghost", height=24, role="second")
        self.ended = self.sure.clicked
        row = QHBoxLayout()
        row.setSpacing(8)
        for widget in (self._sign, self._name, self._words):
            row.addWidget(widget)
        row.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(4)
        buttons.addWidget(self.sure)
        buttons.addWidget(self.leave)
        buttons.addStretch(1)
        asked = QVBoxLayout(self._asked)
        asked.setContentsMargins(22, 2, 0, 4)
        asked.setSpacing(4)
        asked.addWidget(self._cost)
        asked.addLayout(buttons)
        below = QHBoxLayout()
        below.setContentsMargins(22, 0, 0, 0)
        below.addWidget(self._process)
        below.addStretch(1)
        below.addWidget(self.end)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addLayout(below)
        column.addWidget(self._asked)
        self._asked.hide()
        self.end.clicked.connect(self._ask)
        for button in (self.sure, self.leave):
            button.clicked.connect(self._asked.hide)

    def words(self) -> str:
        return self._words.text()

    def process_words(self) -> str:
        """Process id and memory as they are written; empty where there is no process."""
        return self._process.text()

    def cost(self) -> str:
        """What ending it would cost; empty while nobody asks."""
        return "" if self._asked.isHidden() else self._cost.text()

    def set_state(self, state: LaneState, *, works: bool, quiet: float) -> None:
        sign, colour, words = {
            LaneState.UP: ("circle-check", "ok", self.tr("working") if works else self.tr("ready")),
            LaneState.STARTING: ("hourglass", "t2", self.tr("starting")),
            LaneState.DOWN: ("circle-dashed", "t3", self.tr("starts when needed")),
        }[state]
        if quiet and state is LaneState.UP:
            sign, colour, words = "triangle-alert", "warn", quiet_words(quiet)
        self._sign.set_sign(sign, colour)
        self._words.setText(words)
        self.end.setVisible(state is not LaneState.DOWN)
        if state is LaneState.DOWN:
            self._asked.hide()

    def set_process(self, pid: int, memory: int) -> None:
        """Its process id, 0 where there is none, and the bytes that it holds, 0 where the system does not tell."""
        words = self.tr("process {}").format(pid)
        self._process.setText(f"{words}, {format_bytes(memory)}" if memory else words)
        self._process.setVisible(bool(pid))
        if not pid:
            self._process.setText("")

    @Slot()
    def _ask(self) -> None:
        self._cost.setText(self._consequence())
        self._asked.show()
        self.leave.setFocus()
