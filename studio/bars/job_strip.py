"""The job strip: the engine, the running job with its time left, the queue, memory, saved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from engines.runtime.states import RunState
from studio.runs.words import quiet_words, time_words
from widgets.kit.button import Button
from widgets.kit.dot import Dot
from widgets.kit.follow import follow_theme
from widgets.kit.label import Divider, Label
from widgets.kit.menu import Menu
from widgets.kit.painting import painter_on
from widgets.kit.progress_bar import ProgressBar
from widgets.kit.state_view import Sign
from widgets.kit.tool_button import ToolButton
from widgets.numbers import format_bytes, format_count, format_number
from widgets.theme import Theme

if TYPE_CHECKING:
    from studio.runs.runs import RunInfo

HEIGHT, COMPACT_HEIGHT = 40, 36


@dataclass(frozen=True)
class JobLine:
    """The running (or last failed) job as the strip shows it.

    Attributes:
        colour: Index of the run's series.
        seconds_left: None while estimating or when the total is not known.
        worked: Seconds that it has worked.
        quiet: Seconds since its last word, when it is silent for long.
    """

    title: str
    state: RunState
    colour: int = 0
    phase: str = ""
    done: int = 0
    total: int | None = None
    seconds_left: float | None = None
    rate: float | None = None
    slower: bool = False
    sentence: str = ""
    worked: float = 0.0
    quiet: float = 0.0

    @staticmethod
    def of(info: RunInfo) -> JobLine | None:
        """The line of a run; None when it ended well or was stopped."""
        if info.state in (RunState.DONE, RunState.CANCELLED):
            return None
        title = f"{info.name[0].upper()}{info.name[1:]}, {info.title}"
        return JobLine(
            title, info.state, info.colour, info.phase, info.done, info.total, info.left.seconds, info.left.rate,
            info.left.slower, info.ended.sentence if info.ended is not None else "", info.worked, info.quiet,
        )


class JobStrip(QWidget):
    """Along the lower edge. A click on it opens Jobs."""

    opened = Signal()
    paused = Signal(bool)
    stopped = Signal()
    shown = Signal()                # "Show" of a failed run
    resumed = Signal()              # "Resume" of an interrupted one

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self._job: JobLine | None = None
        self._said = ("CPU", "ready")
        self._wide = True
        self._engine_dot = Dot()
        self._engine = Label("CPU", "second", weight=500)
        self._dot = Dot()
        self._sign = Sign("circle-alert", "err", 16)
        self._title = Label("", "second", weight=500, elide=True)
        self._bar = ProgressBar()
        self._bar.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._left = Label("", "second", weight=600)
        self._step = Label("", "second", "t2")
        self._rate = Label("", "second", "t2")
        self._pause = ToolButton("pause", self.tr("Pause"))
        self._stop = ToolButton("square", self.tr("Stop"), keys="Ctrl+.")
        self._pause.clicked.connect(self._toggle_pause)
        self._stop.clicked.connect(self.stopped)
        self._way_out = Button("", "plain", height=24, role="second")
        self._way_out.clicked.connect(self._take_way_out)
        self._queue = Button("", "ghost", menu=True, height=24, role="second")
        self._queue.clicked.connect(lambda: self.queue_menu().popup_under(self._queue))
        self._menu = Menu("", self)
        self._fill_menu: Callable[[Menu], object] = Menu.clear
        self._memory = Label("", "second", "t2")
        self._saved_sign = Sign("circle-check", "ok", 16)
        self._saved = Label(self.tr("Nothing leaves this machine"), "second", "t2")
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 14, 0)
        row.setSpacing(8)
        row.addWidget(self._engine_dot)
        row.addWidget(Sign("cpu", "t2", 16))
        row.addWidget(self._engine)
        row.addSpacing(4)
        self._divider = Divider()
        row.addWidget(self._divider)
        row.addSpacing(4)
        self._job_widgets = [
            self._divider, self._dot, self._title, self._bar, self._sign, self._left, self._way_out, self._step,
            self._rate, self._pause, self._stop,
        ]
        for widget in self._job_widgets[1:]:
            row.addWidget(widget)
        row.addSpacing(8)
        row.addWidget(self._queue)
        row.addStretch(1)
        row.addWidget(self._memory)
        row.addSpacing(8)
        row.addWidget(self._saved_sign)
        row.addWidget(self._saved)
        self.set_engine("CPU", "ready")
        self.set_job(None)
        self.set_queue(0)
        self.set_saved(None)
        follow_theme(self._paint_job)

    def set_engine(self, name: str, state: str) -> None:
        """Name of the device and how it is: "ready", "training", "starting", "stopped"."""
        self._engine_dot.set_colour("err" if state == "stopped" else "ok")
        self._engine.setText(f"{name} {state}" if self._job is None else name)
        self._said = (name, state)
        self._engine.setAccessibleName(f"{name}, {state}")
        self._engine.setToolTip(f"{name}, {state}")

    def set_job(self, job: JobLine | None) -> None:
        """The job to show; None: nothing runs."""
        before, self._job = self._job, job
        self._engine.setText(" ".join(self._said) if job is None else self._said[0].partition(" ")[0])
        if job is None or before is None:
            for widget in self._job_widgets:
                widget.setVisible(job is not None)
        if job is None:
            return
        if before is None or (before.state, before.colour) != (job.state, job.colour):
            self._show_state(job)
        self._title.setText(job.title)
        self._bar.set_fraction(job.done / job.total if job.total else None)
        self._left.setText(self._left_text(job))
        self._step.setText(quiet_words(job.quiet) or self._step_text(job))
        self._step.set_colour("warn" if job.quiet else "t2")
        if job.rate:
            self._rate.setText(self.tr("{} steps/s").format(format_number(job.rate, "", 1)))
        self._show_rate()
        self.setAccessibleName(f"{job.title}, {job.state}, {self._left.text()}, {self._step.text()}")

    def _show_state(self, job: JobLine) -> None:
        """What depends on how the job is, not on how far: signs, colours, which tools there are."""
        self._paint_job()
        ended = job.state in (RunState.FAILED, RunState.CANCELLED, RunState.INTERRUPTED, RunState.DONE)
        going = not ended and job.state is not RunState.QUEUED
        self._bar.setVisible(going)
        out = {RunState.FAILED: self.tr("Show"), RunState.INTERRUPTED: self.tr("Resume")}.get(job.state, "")
        colour_of = "err" if job.state is RunState.FAILED else "warn"
        self._sign.set_sign("circle-alert" if job.state is RunState.FAILED else "triangle-alert", colour_of)
        self._sign.setVisible(bool(out))
        self._left.set_colour(colour_of if out else "t1")
        self._way_out.set_text(out)
        self._way_out.setVisible(bool(out))
        self._step.setVisible(not ended)
        paused = job.state in (RunState.PAUSED, RunState.PAUSING)
        self._pause.set_icon("play" if paused else "pause")
        self._pause.set_tip(self.tr("Go on") if paused else self.tr("Pause"))
        self._pause.setVisible(going and job.state is not RunState.CANCELLING)
        self._stop.setVisible(not ended and job.state is not RunState.CANCELLING)

    def _paint_job(self) -> None:
        """The colour of the job's series, in the theme of now."""
        if self._job is not None:
            colour = Theme.current().series(self._job.colour).colour
            self._dot.set_colour(colour)
            self._bar.set_colour(colour)

    def _show_rate(self) -> None:
        job = self._job
        told = job is not None and job.state is RunState.RUNNING and job.rate is not None and self._wide
        if told is self._rate.isHidden():
            self._rate.setVisible(told)

    def set_queue(self, waiting: int) -> None:
        self._queue.set_text(self.tr("{} queued").format(waiting))
        self._queue.setVisible(waiting > 0)

    def set_queue_menu(self, fill: Callable[[Menu], object]) -> None:
        """`fill` puts the lines for the queue into the menu each time that it opens."""
        self._fill_menu = fill

    def queue_menu(self) -> Menu:
        """What the queue count opens."""
        self._fill_menu(self._menu)
        return self._menu

    def set_memory(self, used: int, total: int) -> None:
        self._memory.setText(self.tr("Memory {} of {}").format(format_bytes(used), format_bytes(total)))

    def set_saved(self, saved: bool | None) -> None:
        """True: all is on the disk. False: another studio writes the project. None: no project is open."""
        text, sign, colour = {
            None: (self.tr("Nothing leaves this machine"), "lock", "t2"),
            True: (self.tr("Saved"), "circle-check", "ok"), False: (self.tr("Reading only"), "eye", "warn"),
        }[saved]
        self._saved_sign.set_sign(sign, colour)
        self._saved.setText(text)

    def set_compact(self, compact: bool) -> None:
        self.setFixedHeight(Theme.current().px(COMPACT_HEIGHT if compact else HEIGHT))
        self._bar.setFixedWidth(150 if compact else 200)
        self._memory.setVisible(not compact)
        self._wide = not compact
        self._show_rate()

    def sizeHint(self) -> QSize:
        return QSize(1024, HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter_on(self).fillRect(0, 0, self.width(), 1, Theme.current().line)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            if self._job is not None and self._job.state is RunState.FAILED:
                self.shown.emit()
            else:
                self.opened.emit()

    def _left_text(self, job: JobLine) -> str:
        match job.state:
            case RunState.QUEUED:
                return self.tr("waiting")
            case RunState.STARTING:
                return self.tr("starting")
            case RunState.PAUSING:
                return self.tr("pausing")
            case RunState.PAUSED:
                return self.tr("paused")
            case RunState.CANCELLING:
                return self.tr("stopping, 5 s at most")
            case RunState.FAILED:
                return job.sentence or self.tr("failed")
            case RunState.CANCELLED:
                return self.tr("stopped")
            case RunState.INTERRUPTED:
                return self.tr("interrupted")
            case RunState.DONE:
                return self.tr("done")
        return time_words(job.seconds_left, job.total, job.worked, slower=job.slower)

    def _step_text(self, job: JobLine) -> str:
        if not job.phase:
            return ""
        if job.total is None:
            return job.phase
        text = self.tr("step {} of {}").format(format_count(job.done), format_count(job.total))
        return text if job.phase in ("", "training") else f"{job.phase}, {text}"

    def _take_way_out(self) -> None:
        if self._job is not None:
            (self.shown if self._job.state is RunState.FAILED else self.resumed).emit()

    def _toggle_pause(self) -> None:
        if self._job is not None:
            self.paused.emit(self._job.state not in (RunState.PAUSED, RunState.PAUSING))
