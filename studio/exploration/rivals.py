"""From models side by side in a table to the same models side by side in pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject

from studio.desk import Desk
from studio.exploration.comparison import MOST, Comparison
from studio.exploration.exploration import Subject
from studio.models.shelf import ShelvedModel


class Rivals(QObject):
    """Asks the first of the models, and the others beside it as soon as it is open."""

    def __init__(
        self, desk: Desk, comparison: Comparison, show: Callable[[], object], parent: QObject | None = None
    ) -> None:
        """`show`: brings the answers to the front."""
        super().__init__(parent)
        self._desk, self._comparison, self._show = desk, comparison, show
        self._first: Path | None = None
        self._waiting: tuple[ShelvedModel, ...] = ()
        desk.exploration.subject_changed.connect(self._take_subject)

    def ask(self, models: Sequence[ShelvedModel]) -> None:
        """Ask these models the same; at most as many as stand side by side in pictures."""
        self._first, self._waiting = models[0].folder, tuple(models[1:MOST])
        subject = self._desk.exploration.subject
        if subject is not None and Path(subject.model) == self._first:
            self._take_subject(subject)
        else:
            self._desk.take([self._first])

    def _take_subject(self, subject: Subject | None) -> None:
        if subject is None or self._first is None or Path(subject.model) != self._first:
            return
        waiting, self._waiting, self._first = self._waiting, (), None
        for model in waiting:
            self._comparison.add(model.folder, f"{model.title}, {model.name}")
        self._show()
