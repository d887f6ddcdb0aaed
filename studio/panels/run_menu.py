"""Choosing a run: a button that names it and opens the list of all, and the words for how a run is."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QWidget

from engines.runtime.messages import RunState
from studio.runs.runs import RunInfo, Runs
from widgets.kit.button import Button
from widgets.kit.menu import Menu


def run_title(info: RunInfo) -> str:
    """"Run 15, CausalDiffAE"."""
    return f"{info.name[0].upper()}{info.name[1:]}, {info.title}"


def state_words(info: RunInfo) -> str:
    """How the run is, in a word or two."""
    return {
        RunState.QUEUED: _tr("queued"), RunState.STARTING: _tr("starting"),
        RunState.RUNNING: info.phase or _tr("training"),
        RunState.PAUSING: _tr("pausing"), RunState.PAUSED: _tr("paused"),
        RunState.CANCELLING: _tr("stopping, 5 s at most"), RunState.DONE: _tr("done"), RunState.FAILED: _tr("failed"),
        RunState.CANCELLED: _tr("stopped"), RunState.INTERRUPTED: _tr("interrupted"),
    }[info.state]


class RunButton(Button):
    """Names a run; a click lists all of them, the newest first."""

    chosen = Signal(int)            # number of the run

    def __init__(self, runs: Runs, parent: QWidget | None = None) -> None:
        super().__init__("", "ghost", "", parent, menu=True)
        self._runs = runs
        self._listed = Menu("", self)
        self._number: int | None = None
        self.clicked.connect(self._open)
        self.hide()

    def set_run(self, info: RunInfo | None) -> None:
        """The run that is shown; None: there is none to choose."""
        self._number = None if info is None else info.number
        text = "" if info is None else run_title(info)
        if text != self.text():
            self.set_text(text)
        self.setVisible(info is not None)

    def listed(self) -> Menu:
        """What a click opens."""
        return self._listed

    def _open(self) -> None:
        self._listed.clear()
        for info in reversed(self._runs.all()):
            self._listed.add(
                f"{run_title(info)}: {state_words(info)}", partial(self.chosen.emit, info.number),
                on=info.number == self._number,
            )
        self._listed.popup_under(self)


def _tr(text: str) -> str:
    return QCoreApplication.translate("runs", text)
