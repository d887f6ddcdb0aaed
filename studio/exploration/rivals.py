"""From models side by side in a table to the same models side by side in pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Slot

from engines.models import MODEL
from engines.refusals import Refusal
from engines.runtime.messages import Refused
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
        desk.engine.refused.connect(self._take_refused)

    def ask(self, models: Sequence[ShelvedModel]) -> None:
        """Ask these models the same; at most as many as stand side by side in pictures.

        Raises:
            Refusal: when a model is not where it was, and no two are left.
        """
        here = [model for model in models if (model.folder / MODEL).is_file()]
        gone = [f"{model.title}, {model.name}" for model in models if model not in here]
        if gone:
            why = Refusal(
                self.tr("{} cannot be asked: its files are gone.").format(gone[0]),
                self.tr("It lay in {}.").format(next(m.folder for m in models if m not in here)), about=tuple(gone),
            )
            if len(here) < 2:
                raise why
            self._desk.refused.emit(why)
        self._first, self._waiting = here[0].folder, tuple(here[1:MOST])
        subject = self._desk.exploration.subject
        if subject is not None and Path(subject.model) == self._first:
            self._take_subject(subject)
        else:
            self._desk.take([self._first])

    @Slot(object)
    def _take_refused(self, refused: Refused) -> None:
        """The first model cannot be opened: nothing is compared, now or when it is opened another time."""
        if refused.number == 0 and refused.view == str(self._first):
            self._first, self._waiting = None, ()

    def _take_subject(self, subject: Subject | None) -> None:
        if subject is None or self._first is None or Path(subject.model) != self._first:
            return
        waiting, self._waiting, self._first = self._waiting, (), None
        for model in waiting:
            self._comparison.add(model.folder, f"{model.title}, {model.name}")
        self._show()
