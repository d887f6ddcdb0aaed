"""Many small queries of one view at once: the pictures of a traversal or a grid, the batches of a measurement.

They yield: whatever the slider asks overtakes them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal, SignalInstance, Slot

from engines.contract import Budget
from engines.runtime.messages import Answered, Refused
from studio.exploration.exploration import Asks


class AsksAndTells(Asks, Protocol):
    """The part of the engine that is needed here."""

    answered: SignalInstance
    refused: SignalInstance


@dataclass(frozen=True)
class Cell:
    """What one query is about: items and interventions."""

    items: tuple[int, ...]
    do: Mapping[str, float | str]


class Cells(QObject):
    """Asks a model about cells and tells their answers by index; what was asked before is forgotten."""

    answered = Signal(int, object, float)       # index, Answer that holds results, seconds
    refused = Signal(int, object)               # index, Refused

    def __init__(self, engine: AsksAndTells, name: str, parent: QObject | None = None) -> None:
        """`name`: of the view; no two may share one."""
        super().__init__(parent)
        self._engine, self._name = engine, name
        self._asked: dict[tuple[str, int], int] = {}
        engine.answered.connect(self._take)
        engine.refused.connect(self._take_refusal)

    def ask(
        self, model: str, cells: Sequence[Cell], *, values: Mapping[str, Any], seed: int,
        budget: Budget = Budget.PREVIEW, measure: bool = False,
    ) -> None:
        """Ask about all cells."""
        self._asked.clear()
        for index, cell in enumerate(cells):
            view = f"{self._name} {index}"
            number = self._engine.ask(
                view, model, cell.items, do=cell.do, values=values, seed=seed, budget=budget, yields=True,
                measure=measure,
            )
            self._asked[view, number] = index

    def forget(self) -> None:
        """What is still to come is not wanted any more."""
        self._asked.clear()

    @Slot(object)
    def _take(self, answered: Answered) -> None:
        index = self._asked.get((answered.view, answered.number))
        if index is not None and answered.answer.results:
            self.answered.emit(index, answered.answer, answered.seconds)

    @Slot(object)
    def _take_refusal(self, refused: Refused) -> None:
        index = self._asked.pop((refused.view, refused.number), None)
        if index is not None:
            self.refused.emit(index, refused)
