"""The states of a project that can be opened, where its own cannot, or on wish: what each holds, and the way to it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QDateTime, QLocale, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.project.earlier import State
from widgets.kit.laid_out import widgets_in
from widgets.kit.message_bar import MessageBar
from widgets.kit.recent_row import RecentRow
from widgets.kit.surface import Surface
from widgets.numbers import format_count


class RecoveryView(QWidget):
    """A message over a list of states; hidden until there are some. Closing the message closes it."""

    chosen = Signal(object, object)         # folder of the project, State

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._damaged, self._asked = MessageBar("err"), MessageBar("info")
        self._list = Surface()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for bar in (self._damaged, self._asked):
            bar.closed.connect(self.hide)
            column.addWidget(bar)
        column.addWidget(self._list)
        self.hide()

    def show_damaged(self, folder: Path, sentence: str, cause: str, states: Sequence[State]) -> None:
        """A project that cannot be opened as it is."""
        ways = self.tr("An earlier state can be opened; the file that is there now is kept beside it.")
        self._show(self._damaged, folder, sentence, f"{cause} {ways}" if states else cause, states)

    def show_earlier(self, folder: Path, states: Sequence[State]) -> None:
        """A project that is whole."""
        sentence = self.tr("Earlier states of {}").format(folder.stem)
        cause = self.tr("The state of now is kept beside the one that you open, and can be opened again.")
        self._show(self._asked, folder, sentence, cause, states)

    def sentence(self) -> str:
        return (self._damaged if self._asked.isHidden() else self._asked).sentence()

    def rows(self) -> list[RecentRow]:
        """One for each state, in order."""
        return [row for row in widgets_in(self._list.column) if isinstance(row, RecentRow)]

    def _show(self, bar: MessageBar, folder: Path, sentence: str, cause: str, states: Sequence[State]) -> None:
        for other in (self._damaged, self._asked):
            other.clear()
        for row in self.rows():
            self._list.column.removeWidget(row)
            row.hide()
            row.deleteLater()
        for i, state in enumerate(states):
            can = state.holding is not None
            row = RecentRow(
                self._title(state), self._note(state), "folder" if state.in_use else "history",
                action=self.tr("Open this one") if can else "", warns=not can, last=i == len(states) - 1, gone=not can,
            )
            if can:
                for signal in (row.clicked, row.acted):
                    signal.connect(partial(self._choose, folder, state))
            self._list.column.addWidget(row)
        self._list.setVisible(bool(states))
        self.show()
        bar.show_message(sentence, cause)
        if first := next((row for row, state in zip(self.rows(), states) if state.holding is not None), None):
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose(self, folder: Path, state: State, *_: object) -> None:
        self.hide()
        self.chosen.emit(folder, state)

    def _title(self, state: State) -> str:
        time = QLocale().toString(QDateTime.fromSecsSinceEpoch(round(state.made)), self.tr("d MMMM yyyy, hh:mm"))
        if state.in_use:
            return self.tr("As it is now, {}").format(time)
        return (self.tr("Replaced after {}") if state.replaced else self.tr("As it was when opened, {}")).format(time)

    def _note(self, state: State) -> str:
        size = QLocale().formattedDataSize(state.size, 0, QLocale.DataSizeFormat.DataSizeSIFormat)
        if state.holding is None:
            return f"{state.trouble} {size}"
        held = state.holding
        count = len(held.runs)
        several = self.tr("{} runs").format(format_count(count)) if count else self.tr("no runs")
        runs = self.tr("1 run") if count == 1 else several
        data = self.tr("data {}").format(", ".join(held.data[:3])) if held.data else self.tr("no data")
        if len(held.data) > 3:
            data += self.tr(" and {} more").format(len(held.data) - 3)
        graph = self.tr("graph of {} nodes").format(held.nodes) if held.nodes else self.tr("no graph")
        return f"{data}, {graph}, {runs}, {size}"
