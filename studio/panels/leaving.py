"""The bar that stands over the pages while a project is left and something still works in it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from engines.runtime.messages import RunState
from studio.panels.run_menu import run_title, state_words
from studio.runs.leaving import Leaving, Phase
from studio.runs.runs import RunInfo, Runs
from studio.runs.words import quiet_words, time_words
from widgets.kit.action import Action
from widgets.kit.dot import Dot
from widgets.kit.label import Label
from widgets.kit.painting import painter_on, surface
from widgets.kit.state_view import Sign
from widgets.theme import Theme

_MOST = 4               # runs that are named; the rest is counted


class LeavingBar(QWidget):
    """Names what works and waits, and offers three ways: wait, stop, keep working. Escape keeps working.

    While it waits it shows what is left and can be taken back; while it stops it says what ends.
    """

    def __init__(self, leaving: Leaving, runs: Runs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._leaving, self._runs = leaving, runs
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._sign = Sign("hourglass", "t1", 16)
        self._sentence = Label("", "card", wrap=True)
        self._help = Label("", "second", "t2", wrap=True)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        self._lines = [_RunLine() for _ in range(_MOST)]
        self._more = Label("", "second", "t2")
        text = QVBoxLayout()
        text.setSpacing(0)
        text.addWidget(self._sentence)
        text.addWidget(self._help)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(text, 1)
        head.addLayout(self._buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 14)
        column.setSpacing(4)
        column.addLayout(head)
        column.addSpacing(4)
        for line in (*self._lines, self._more):
            column.addWidget(line)
        self.hide()
        leaving.changed.connect(self._turn)
        for signal in (runs.changed, runs.added, runs.ended):
            signal.connect(self._refresh)

    def sentence(self) -> str:
        return self._sentence.text()

    def lines(self) -> list[str]:
        """What is said of each run that is named."""
        return [line.words() for line in self._lines if not line.isHidden()]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._leaving.phase is not Phase.STOPPING:
            self._leaving.stay()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        surface(painter_on(self), self.rect().toRectF(), Theme.current(), 10)

    @Slot()
    def _turn(self) -> None:
        """Another phase: other buttons, and the keyboard on the first of them."""
        leaving = self._leaving
        while (item := self._buttons.takeAt(0)) is not None:
            if (button := item.widget()) is not None:
                button.hide()
                button.deleteLater()
        if leaving.phase is Phase.STAYING:
            self.hide()
            return
        buttons = [action.button(self) for action in self._ways()]
        for button in buttons:
            self._buttons.addWidget(button)
            button.show()
        self._refresh()
        self.show()
        if buttons:
            buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def _ways(self) -> list[Action]:
        leaving = self._leaving
        stop = Action(self.tr("Stop and {}").format(leaving.aim), leaving.stop)
        keep = Action(self.tr("Keep working"), leaving.stay, "ghost")
        if leaving.phase is Phase.ASKED:
            return [Action(self.tr("Wait, then {}").format(leaving.aim), leaving.wait), stop, keep]
        return [stop, keep] if leaving.phase is Phase.WAITING else []

    @Slot()
    def _refresh(self, *_: object) -> None:
        if self._leaving.phase is Phase.STAYING:
            return
        live = [self._runs.run(number) for number in self._runs.live()]
        for line, info in zip(self._lines, live, strict=False):
            line.set_run(info)
        for place, line in enumerate(self._lines):
            line.setVisible(place < len(live))
        rest = len(live) - _MOST
        self._more.setText(self.tr("and {} more").format(rest))
        self._more.setVisible(rest > 0)
        self._sentence.setText(self._say(live))
        self._help.setText(self._explain(live))
        self._help.setVisible(bool(self._help.text()))
        self.setAccessibleName(f"{self._sentence.text()} {self._help.text()}".strip())

    def _say(self, live: list[RunInfo]) -> str:
        working = [info for info in live if info.state is not RunState.QUEUED]
        waiting = len(live) - len(working)
        if self._leaving.phase is Phase.STOPPING:
            if not working:
                return self.tr("Stopping")
            return self.tr("Stopping {} at its checkpoint").format(working[0].name)
        if self._leaving.phase is Phase.WAITING:
            left = self.tr("1 run is left") if len(live) == 1 else self.tr("{} runs are left").format(len(live))
            return self.tr("Waiting to {}: {}").format(self._leaving.aim, left)
        waits = self.tr("1 run waits") if waiting == 1 else self.tr("{} runs wait").format(waiting)
        if not working:
            return f"{waits}."
        works = self.tr("{} still works").format(_capital(working[0].name))
        return self.tr("{}, and {}.").format(works, waits) if waiting else f"{works}."

    def _explain(self, live: list[RunInfo]) -> str:
        if self._leaving.phase is Phase.STOPPING:
            return self.tr("By force after 5 s. It can be resumed from its checkpoint.")
        if any(info.state is RunState.PAUSED for info in live):
            return self.tr("A paused run is waited for until it goes on.")
        if self._leaving.phase is Phase.ASKED:
            return self.tr("What is stopped can be resumed from its checkpoint when the project is opened again.")
        return ""


class _RunLine(QWidget):
    """One run that works or waits: dot, name, how it is, time left."""

    def __init__(self) -> None:
        super().__init__()
        self._dot = Dot()
        self._name = Label("", "second", weight=500, elide=True)
        self._state = Label("", "second", "t2", elide=True)
        self._left = Label("", "second", weight=600)
        row = QHBoxLayout(self)
        row.setContentsMargins(30, 0, 0, 0)
        row.setSpacing(8)
        for widget in (self._dot, self._name, self._state, self._left):
            row.addWidget(widget)
        row.addStretch(1)

    def words(self) -> str:
        return ", ".join(text for text in (self._name.text(), self._state.text(), self._left.text()) if text)

    def set_run(self, info: RunInfo) -> None:
        self._dot.set_colour(Theme.current().series(info.colour).colour)
        self._name.setText(run_title(info))
        self._state.setText(quiet_words(info.quiet) or state_words(info))
        left = ""
        if info.state is RunState.RUNNING:
            left = time_words(info.left.seconds, info.total, info.worked, slower=info.left.slower)
        self._left.setText(left)
        self._left.setVisible(bool(left))


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
