"""One run in the Jobs drawer: a line of 44, below it the cause of a failure and, unfolded, the log."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from engines.runtime.messages import ENDED, RunState
from studio.panels.inset import Inset
from studio.panels.run_menu import run_title, state_words
from studio.runs.account import report
from studio.runs.explained import explained_words
from studio.runs.runs import RunInfo
from studio.runs.words import quiet_words, time_words
from widgets.kit.action import Action
from widgets.kit.button import Button
from widgets.kit.dot import Dot
from widgets.kit.follow import follow_theme
from widgets.kit.label import Label
from widgets.kit.menu import Menu
from widgets.kit.message_bar import MessageBar
from widgets.kit.painting import hairline, painter_on
from widgets.kit.painting import rounded as box
from widgets.kit.progress_bar import ProgressBar
from widgets.kit.state_view import Sign
from widgets.kit.tool_button import ToolButton
from widgets.numbers import format_count, format_duration
from widgets.theme import Theme, fixed_font

LINE = 44
_LOG = 132
_NAME = 180
_WORKS = (RunState.RUNNING, RunState.PAUSING, RunState.PAUSED)
_SIGNS = {
    RunState.DONE: ("circle-check", "ok"), RunState.FAILED: ("circle-alert", "err"),
    RunState.INTERRUPTED: ("triangle-alert", "warn"), RunState.CANCELLED: ("circle-stop", "t2"),
}


class JobRow(QWidget):
    """Shows one run as it is now; `set_run` again changes only what changed.

    A double click unfolds the log; a queued run is dragged to another place.
    """

    paused = Signal(bool)
    stopped = Signal()
    first_wished = Signal()
    retry_wished = Signal(object, object)       # RunInfo, the settings to change
    resume_wished = Signal()
    close_wished = Signal()                     # an interrupted run is not gone on with
    origin_wished = Signal(int)                 # show the run that this one repeats
    alone_wished = Signal()                     # stop all others
    dragged = Signal(int)                       # y on the screen, while a queued run is dragged
    open_wished = Signal()
    report_copied = Signal(str)
    focused = Signal()

    def __init__(self, number: int, log: Path, parent: QWidget | None = None) -> None:
        """`log`: where the lane that trains logs, for the report."""
        super().__init__(parent)
        self._number, self._log_path = number, log
        self._info: RunInfo | None = None
        self._state = RunState.QUEUED
        self._told = ""
        self._lines = 0
        self._is_chosen = False
        self._pressed: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ringRadius", 6)
        self._dot = Dot()
        self._name = Label("", "body", weight=500, elide=True)
        self._name.setMinimumWidth(_NAME)
        self._origin = Button("", "ghost", height=24, role="second")
        self._origin.clicked.connect(self._show_origin)
        self._origin.hide()
        self._explained = Label("", "second", "t2", elide=True)
        self._phase = Label("", "second", "t2", elide=True)
        self._sign = Sign("", "t2", 16)
        self._bar = ProgressBar()
        self._bar.setMinimumWidth(60)
        self._bar.setMaximumWidth(200)
        self._left = Label("", "second", weight=600)
        self._step = Label("", "second", "t2", elide=True)
        self._pause = ToolButton("pause", self.tr("Pause"), keys="P")
        self._stop = ToolButton("square", self.tr("Stop"))
        self._more = ToolButton("ellipsis", self.tr("More"))
        self._fold = ToolButton("chevron-right", self.tr("Show the log"), keys="Enter")
        self._menu = Menu("", self)
        self._failure = MessageBar("err", closable=False)
        self._resume = MessageBar("warn", closable=False)
        self._log = QPlainTextEdit()
        self._log.setReadOnly(True)
        self._log.setFixedHeight(_LOG)
        self._log.setAccessibleName(self.tr("Log"))
        self._log.hide()
        self._lay_out()
        self._pause.clicked.connect(self.toggle_pause)
        self._stop.clicked.connect(self.stopped)
        self._more.clicked.connect(self._open_menu)
        self._fold.clicked.connect(self.toggle_log)
        follow_theme(self._restyle)

    # public

    def state(self) -> RunState:
        return self._state

    def set_run(self, info: RunInfo) -> None:
        """The run as it is now."""
        self._info, self._state = info, info.state
        theme = Theme.current()
        colour = theme.series(info.colour).colour
        ended, works = info.state in ENDED, info.state in _WORKS
        self._dot.set_colour(colour)
        self._bar.set_colour(colour)
        self._name.setText(run_title(info))
        if info.origin is not None:
            self._origin.set_text(self.tr("again after run {}").format(info.origin))
        self._origin.setVisible(info.origin is not None)
        self._explained.setText(explained_words(info))
        self._explained.setVisible(bool(self._explained.text()))
        self._phase.setText(self._phase_words(info))
        sign, sign_colour = _SIGNS.get(info.state, ("", "t2"))
        self._sign.set_sign(sign, sign_colour)
        self._sign.setVisible(bool(sign))
        self._bar.setVisible(not ended and info.state is not RunState.QUEUED)
        self._bar.set_fraction(info.done / info.total if info.total else None)
        self._left.setText(self._left_words(info))
        self._left.setVisible(bool(self._left.text()))
        self._step.setText(quiet_words(info.quiet) or self._step_words(info))
        self._step.set_colour("warn" if info.quiet else "t2")
        self._step.setVisible(bool(self._step.text()))
        held = info.state in (RunState.PAUSED, RunState.PAUSING)
        self._pause.set_icon("play" if held else "pause")
        self._pause.set_tip(self.tr("Go on") if held else self.tr("Pause"))
        self._pause.setVisible(works)
        self._stop.setVisible(not ended and info.state is not RunState.CANCELLING)
        self._stop.set_tip(self.tr("Take out of the queue") if info.state is RunState.QUEUED else self.tr("Stop"))
        self._tell_ending(info)
        if not self._log.isHidden():
            self._write_log(info)
        words = (run_title(info), self._explained.text(), state_words(info), self._left.text(), self._step.text())
        self.setAccessibleName(", ".join(word for word in words if word))

    def set_chosen(self, chosen: bool) -> None:
        """Whether keys act on this row."""
        if chosen != self._is_chosen:
            self._is_chosen = chosen
            self.update()

    def words(self) -> str:
        """Phase, time left and step as they are written."""
        return ", ".join(part for part in (self._phase.text(), self._left.text(), self._step.text()) if part)

    def failure(self) -> MessageBar:
        """What stands below a run that failed."""
        return self._failure

    def log(self) -> str:
        """The log as it is shown; empty while it is folded."""
        return "" if self._log.isHidden() else self._log.toPlainText()

    def menu(self) -> Menu:
        """What "More" opens."""
        self._fill_menu()
        return self._menu

    def buttons(self) -> tuple[ToolButton, ToolButton, ToolButton]:
        """Pause, stop, more."""
        return self._pause, self._stop, self._more

    def toggle_pause(self) -> None:
        """Pause what works, let go on what is paused."""
        if self._state in _WORKS:
            self.paused.emit(self._state is RunState.RUNNING)

    def toggle_log(self) -> None:
        """Unfold the log, or fold it."""
        unfolded = self._log.isHidden()
        self._log.setVisible(unfolded)
        self._fold.set_icon("chevron-down" if unfolded else "chevron-right")
        self._fold.set_tip(self.tr("Hide the log") if unfolded else self.tr("Show the log"))
        if unfolded and self._info is not None:
            self._lines = 0
            self._log.clear()
            self._write_log(self._info)

    # Qt

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.focused.emit()
        self._pressed = event.globalPosition().toPoint().y()
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A queued run follows the pointer, place by place."""
        y = event.globalPosition().toPoint().y()
        if self._state is not RunState.QUEUED or self._pressed is None:
            return
        if self.cursor().shape() is not Qt.CursorShape.ClosedHandCursor:
            if abs(y - self._pressed) < QApplication.startDragDistance():
                return
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        self.dragged.emit(y)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._pressed = None
        self.unsetCursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.toggle_log()
        event.accept()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, painter = Theme.current(), painter_on(self)
        if self._is_chosen:
            box(painter, QRectF(0, 2, self.width(), theme.px(LINE) - 4), 6, theme.bg3)
        hairline(painter, 8, self.width() - 8, self.height() - 1, theme)

    # words

    def _phase_words(self, info: RunInfo) -> str:
        if info.state is RunState.DONE and info.ended is not None:
            seconds = info.ended.seconds
            return self.tr("done in {}").format(format_duration(seconds)) if seconds else self.tr("done")
        return state_words(info)

    def _left_words(self, info: RunInfo) -> str:
        if info.state is not RunState.RUNNING:
            return ""
        return time_words(info.left.seconds, info.total, info.worked, slower=info.left.slower)

    def _step_words(self, info: RunInfo) -> str:
        if info.state in ENDED or info.total is None or not info.phase:
            return ""
        return self.tr("step {} of {}").format(format_count(info.done), format_count(info.total))

    def _tell_ending(self, info: RunInfo) -> None:
        """The cause, and what can be done about it."""
        told = f"{info.state} {info.ended.sentence if info.ended else ''} {info.checkpoint}"
        if told == self._told:
            return
        self._told = told
        self._failure.clear()
        self._resume.clear()
        if info.ended is None:
            return
        if info.state is RunState.FAILED:
            cause = info.ended.cause or (info.log[-1] if info.log else "")
            self._failure.show_message(info.ended.sentence, cause, self._ways_out(info))
        elif info.state is RunState.INTERRUPTED:
            go_on = self.tr("Resume") if info.checkpoint is not None else self.tr("Run it again")
            self._resume.show_message(info.ended.sentence, "", [
                Action(go_on, self.resume_wished.emit), Action(self.tr("Close it"), self.close_wished.emit, "ghost"),
            ])

    def _ways_out(self, info: RunInfo) -> list[Action]:
        assert info.ended is not None
        ways = []
        if info.checkpoint is not None:
            text = self.tr("Resume from {}").format(format_count(info.checkpoint))
            ways.append(Action(text, self.resume_wished.emit))
        ways.append(Action(self.tr("Retry"), lambda: self.retry_wished.emit(info, {})))
        ways += [
            Action(offer, partial(self.retry_wished.emit, info, changed))
            for offer in info.ended.offers
            if (changed := _settings_in(offer, info.request.parameters)) is not None
        ]
        ways.append(Action(self.tr("Copy the report"), self._copy_report, "ghost", "copy"))
        return ways

    # menu, log

    def _fill_menu(self) -> None:
        info = self._info
        self._menu.clear()
        if info is None:
            return
        if info.state is RunState.QUEUED:
            self._menu.add(self.tr("Run first"), self.first_wished.emit, sign="arrow-up")
        if info.state not in ENDED:
            self._menu.add(self.tr("Stop all but this one"), self.alone_wished.emit, sign="square")
        if info.state in ENDED:
            self._menu.add(
                self.tr("Retry"), lambda: self.retry_wished.emit(info, {}), sign="refresh-cw",
            )
            if info.state is not RunState.DONE and info.checkpoint is not None:
                text = self.tr("Resume from {}").format(format_count(info.checkpoint))
                self._menu.add(text, self.resume_wished.emit, sign="play")
        self._menu.add(self.tr("Open the results"), self.open_wished.emit, sign="layout-grid")
        self._menu.add(self.tr("Copy the report"), self._copy_report, sign="copy")

    def _open_menu(self) -> None:
        self._fill_menu()
        self._menu.popup_under(self._more)

    def _copy_report(self) -> None:
        if self._info is not None:
            text = report(self._info, self._log_path)
            QGuiApplication.clipboard().setText(text)
            self.report_copied.emit(text)

    def _show_origin(self) -> None:
        if self._info is not None and self._info.origin is not None:
            self.origin_wished.emit(self._info.origin)

    def _write_log(self, info: RunInfo) -> None:
        """Add the lines that are new."""
        for line in info.log[self._lines :]:
            self._log.appendPlainText(line)
        if not info.log and not self._log.toPlainText():
            self._log.setPlaceholderText(self.tr("The run has said nothing yet."))
        self._lines = len(info.log)
        trace = info.ended.trace.rstrip() if info.ended is not None else ""
        if trace and not self._log.toPlainText().endswith(trace):
            self._log.appendPlainText(trace)

    # construction

    def _lay_out(self) -> None:
        self._line = QWidget()
        row = QHBoxLayout(self._line)
        row.setContentsMargins(4, 0, 8, 0)
        row.setSpacing(8)
        row.addWidget(self._fold)
        row.addWidget(self._dot)
        row.addWidget(self._name)
        row.addWidget(self._origin)
        row.addWidget(self._explained)
        row.addSpacing(4)
        row.addWidget(self._sign)
        row.addWidget(self._phase)
        row.addStretch(1)
        row.addWidget(self._bar, 1)
        for widget in (self._left, self._step, self._pause, self._stop, self._more):
            row.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._line)
        for below in (self._failure, self._resume, self._log):
            column.addWidget(Inset(below, (36, 0, 8, 6)))

    def _restyle(self) -> None:
        self._line.setFixedHeight(Theme.current().px(LINE))
        self._log.setFont(fixed_font())
        if self._info is not None:
            self.set_run(self._info)


def _settings_in(offer: str, parameters: Any) -> dict[str, Any] | None:
    """The setting that an offer such as "Retry with batch 32" names, when the run has it; else None."""
    found = re.fullmatch(r"Retry with (\w+) (\d+)", offer)
    if found is None:
        return None
    word, value = found[1], int(found[2])
    names = [name for name, old in parameters.items() if word in name and isinstance(old, int)]
    return {names[0]: value} if names else None
