"""Measuring a model on many pictures: a few at a time, with progress and stop, while the slider goes on."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal

from engines.contract import Answer
from engines.data.kinds import Table
from engines.results import TableResult
from engines.runtime import measuring
from engines.runtime.measuring import Batch, Figure
from engines.runtime.messages import Refused
from studio.exploration.cells import AsksAndTells, Cell, Cells
from studio.exploration.exploration import Exploration, Subject


class SetMeasurement(QObject):
    """One measurement at a time of the model that is explored; another model ends it."""

    changed = Signal()                  # progress, figures, or the end
    refused = Signal(object)            # Refused: it ended before its time

    def __init__(self, engine: AsksAndTells, exploration: Exploration, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._exploration = exploration
        self._cells = Cells(engine, "measurement", self)
        self._plan: tuple[Batch, ...] = ()
        self._tables: list[Table] = []
        self._next = 0
        self._running = False
        self.what = ""
        self.pictures = 0
        self._cells.answered.connect(self._take)
        self._cells.refused.connect(self._take_refusal)
        exploration.subject_changed.connect(self._clear)

    @property
    def is_running(self) -> bool:
        return self._running

    @property
    def done(self) -> int:
        """Batches measured."""
        return len(self._tables)

    @property
    def total(self) -> int:
        return len(self._plan)

    @property
    def tables(self) -> tuple[Table, ...]:
        """The figures picture by picture, `engines.runtime.measuring.COLUMNS`."""
        return tuple(self._tables)

    def figures(self) -> tuple[Figure, ...]:
        """What they come to so far."""
        return measuring.summarised(self._tables)

    def start(self, do: Mapping[str, float | str] | None, pictures: int = measuring.PICTURES) -> None:
        """Measure held-out pictures under one intervention, or (None) with each factor set in turn."""
        subject, wish = self._exploration.subject, self._exploration.wish
        if subject is None:
            return
        ids, self.what = measuring.held_out(subject.data, subject.reference)
        items = measuring.spread_over(ids, pictures)
        self.pictures = len(items)
        self._plan = (
            measuring.in_turn(items, subject.factors, subject.data, seed=wish.seed) if do is None
            else measuring.planned(items, do)
        )
        self._tables = []
        self._next = 0
        self._running = bool(self._plan)
        self._go_on()
        self.changed.emit()

    def stop(self) -> None:
        """Ask no more; what was measured stays."""
        self._running = False
        self._cells.forget()
        self.changed.emit()

    def _go_on(self) -> None:
        subject, wish = self._exploration.subject, self._exploration.wish
        if not self._running or subject is None:
            return
        batch = self._plan[self._next]
        self._next += 1
        self._cells.ask(
            subject.model, (Cell(batch.items, batch.do),), values=wish.values, seed=wish.seed, measure=True,
        )

    def _take(self, _index: int, answer: Answer, _seconds: float) -> None:
        self._tables += [result.table for result in answer.results if isinstance(result, TableResult)]
        self._running = self._next < len(self._plan)
        self._go_on()
        self.changed.emit()

    def _take_refusal(self, _index: int, refused: Refused) -> None:
        self.stop()
        self.refused.emit(refused)

    def _clear(self, _subject: Subject | None) -> None:
        self._plan, self._tables = (), []
        self.stop()
