"""The bar over the pages that offers to go on with what was interrupted when the project was last closed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Signal, Slot
from PySide6.QtWidgets import QWidget

from engines.refusals import Refusal
from engines.runtime.messages import RunState
from studio.runs.runs import RunInfo, Runs
from widgets.kit.action import Action
from widgets.kit.message_bar import AdviceBar
from widgets.numbers import format_count


class InterruptedBar(AdviceBar):
    """Comes when a project with interrupted runs is opened; goes when each is resumed or closed, or by its cross."""

    shown_wished = Signal()         # "Show": list them
    refused = Signal(object)        # Refusal

    def __init__(self, runs: Runs, parent: QWidget | None = None) -> None:
        super().__init__(parent, closable=True)
        self._runs = runs
        self._told = ""
        runs.opened.connect(self._open)
        for signal in (runs.added, runs.ended):
            signal.connect(self._refresh)

    @Slot()
    def _open(self) -> None:
        self._told = ""
        self._tell()

    @Slot()
    def _refresh(self, *_: object) -> None:
        if not self.isHidden():
            self._tell()

    def _tell(self) -> None:
        found = self._runs.interrupted()
        if not found:
            self.clear()
            return
        sentence, ways = self._one(found[0]) if len(found) == 1 else self._several(found)
        if sentence != self._told or self.isHidden():
            self._told = sentence
            self.show_message(sentence, "", ways)

    def _one(self, info: RunInfo) -> tuple[str, list[Action]]:
        go_on = self.tr("Resume") if info.checkpoint is not None else self.tr("Run it again")
        return interruption(info), [
            Action(go_on, self._guarded(lambda: self._runs.resume(info.number))),
            Action(self.tr("Close it"), self._guarded(lambda: self._runs.close_run(info.number)), "ghost"),
        ]

    def _several(self, found: tuple[RunInfo, ...]) -> tuple[str, list[Action]]:
        def all_of_them() -> None:
            for info in found:
                if info.state is RunState.INTERRUPTED:
                    self._runs.resume(info.number)

        return self.tr("{} runs were interrupted.").format(format_count(len(found))), [
            Action(self.tr("Resume all"), self._guarded(all_of_them)),
            Action(self.tr("Show"), self.shown_wished.emit, "ghost"),
        ]

    def _guarded(self, work: Callable[[], object]) -> Callable[[], None]:
        def run() -> None:
            try:
                work()
            except Refusal as refusal:
                self.refused.emit(refusal)

        return run


def interruption(info: RunInfo) -> str:
    """"Run 15 was interrupted at step 1,200 of 1,500."."""
    name = f"{info.name[0].upper()}{info.name[1:]}"
    if info.checkpoint is None:
        if info.done or info.scalars:
            return _tr("{} was interrupted before its first checkpoint.").format(name)
        return _tr("{} had not begun when the studio ended.").format(name)
    step = format_count(info.checkpoint)
    if info.total is None:
        return _tr("{} was interrupted at step {}.").format(name, step)
    return _tr("{} was interrupted at step {} of {}.").format(name, step, format_count(info.total))


def _tr(text: str) -> str:
    return QCoreApplication.translate("interrupted", text)
