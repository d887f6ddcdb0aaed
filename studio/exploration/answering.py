"""Models as they are loaded to be asked, and the engine's answers as they come."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from engines.data.kinds import DataSet
from engines.data.reference import DataReference
from engines.refusals import Refusal
from engines.runtime.messages import Answered, ModelOpened, Refused
from studio.exploration.exploration import Subject, Wish
from studio.project.keeping import Asked
from studio.workspace import OpenData

if TYPE_CHECKING:
    from studio.desk import Desk


class Answering(QObject):
    """Opens models for the exploration, and leads the answers of the engine to it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._wish: Wish | None = None
        self._opening: dict[str, tuple[str, DataReference, DataSet, int | None]] = {}
        desk.engine.model_opened.connect(self._take_model)
        desk.engine.refused.connect(self._take_refused)
        desk.engine.answered.connect(self._take_answer)

    def open_model(
        self, folder: Path, title: str, reference: DataReference, data: DataSet, item: int | None = None
    ) -> None:
        """Load a model into the answer lane; the exploration follows when it is there."""
        model = str(folder)
        self._opening[model] = (title, reference, data, item)
        self._desk.exploration.expect(title)
        self._desk.engine.open_model(model, folder, reference, self._desk.threads())

    def ask_again(self, asked: Asked, opened: OpenData) -> None:
        """Open a model with what was asked of it before."""
        self._wish = asked.wish
        item = None if asked.wish is None else asked.wish.item
        self.open_model(asked.folder, asked.title, opened.reference, opened.data, item)

    def choose_item(self, item: int) -> None:
        """Ask about this item of the current data, when a model for these data is open."""
        subject, opened = self._desk.exploration.subject, self._desk.workspace.data
        if subject is not None and opened is not None and subject.data.name == opened.name:
            self._desk.exploration.choose(item)

    def clear(self) -> None:
        """As in a new project: models that are still being opened are not waited for."""
        self._opening.clear()
        self._wish = None
        self._desk.exploration.expect("")

    @Slot(object)
    def _take_model(self, opened: ModelOpened) -> None:
        waiting = self._opening.pop(opened.model, None)
        if waiting is None:
            return
        desk = self._desk
        title, reference, data, item = waiting
        announced = desk.catalogue.find(opened.method)
        name = announced.title if announced is not None else opened.method
        title = title if title.startswith(name) else f"{name}, {title}"
        subject, before = Subject.of(opened, title, reference, data), desk.exploration.subject
        wish, self._wish = self._wish, None
        if before is not None and before.model != subject.model:
            desk.engine.close_model(before.model)       # first: who hears of the new one may compare it with that one
        desk.exploration.open(subject, item, wish)
        desk.history.hold(False)
        desk.opened.emit()

    @Slot(object)
    def _take_refused(self, refused: Refused) -> None:
        if refused.number == 0:
            self._opening.pop(refused.view, None)
            self._desk.exploration.expect("")
            self._desk.history.hold(False)
            self._desk.refused.emit(Refusal(refused.sentence, refused.cause, refused.offers, refused.about))
        else:
            self._desk.exploration.take(refused)

    @Slot(object)
    def _take_answer(self, answered: Answered) -> None:
        self._desk.exploration.take(answered)
