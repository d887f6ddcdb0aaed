"""The traversal: the selected factor walked through its range, as a strip under the rows and as a view of its own."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from engines.contract import Answer
from engines.data.kinds import Images
from studio.exploration.cells import AsksAndTells, Cell, Cells
from studio.exploration.exploration import Exploration
from studio.exports.exhibit import Exhibit
from studio.panels.counterfactual.values import bare_text, walk
from studio.panels.node_states import picture_of
from studio.question.wording import item_text, value_text
from widgets.animation import Frame
from widgets.pictures import StripItem, TraversalStrip
from widgets.pictures.strip import Look, PictureStrip

STEPS = 9
SETTLE = 120            # ms of rest before pictures are asked for


class Traversal(QObject):
    """Asks for the pictures and gives them to both views. They are asked for while one of them is to be seen."""

    shown = Signal()                    # all pictures of a walk are there

    def __init__(self, engine: AsksAndTells, exploration: Exploration, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._exploration = exploration
        self.strip = TraversalStrip()
        self.view = PictureStrip(140, rows=2)
        self.view.setAccessibleName(self.tr("Traversal"))
        self._cells = Cells(engine, "traversal", self)
        self._values: tuple[float | str, ...] = ()
        self._pictures: dict[int, np.ndarray] = {}
        self._answers: dict[int, Answer] = {}
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(SETTLE)
        self._rest.timeout.connect(self.ask)
        self._cells.answered.connect(self._take)
        self.strip.chosen.connect(self._jump)
        self.view.chosen.connect(self._jump)
        exploration.wish_changed.connect(self._forget)
        exploration.selected_changed.connect(lambda _name: self._rest.start())

    def clear(self) -> None:
        """Another model: nothing is there."""
        self._values = ()
        self._pictures.clear()
        self._answers.clear()

    def ask_soon(self) -> None:
        """Ask once the wish has come to rest."""
        self._rest.start()

    def ask(self) -> None:
        """Ask for all pictures, when they are to be seen."""
        subject, wish, selected = self._exploration.subject, self._exploration.wish, self._exploration.selected
        if subject is None or wish.item is None or not selected or not isinstance(subject.data, Images):
            return
        if not self.view.isVisible() and (self.strip.is_folded() or not self.strip.isVisible()):
            self._show(self.items())            # a strip that is unfolded says of what it shows the same as before
            return
        factual, wished = self._exploration.factual(selected), wish.do.get(selected)
        fixed = [factual] if wished is None else [factual, wished]
        self._values = walk(subject.control(selected), STEPS, fixed)
        cells = [Cell((wish.item,), {**wish.do, selected: value}) for value in self._values]
        self._cells.ask(subject.model, cells, values=wish.values, seed=wish.seed)

    def exhibit(self) -> Exhibit:
        """The walk as a figure, an animation (once all pictures are there) and a table."""
        subject, item, selected = self._exploration.subject, self._exploration.wish.item, self._exploration.selected
        if subject is None or item is None or not self._values:
            return Exhibit(self.view)
        control = subject.control(selected)
        asked = [f"{selected} = {value_text(value, control)}" for value in self._values]
        frames = tuple(
            Frame((shown.picture,), (shown.caption,), text, "factual" if shown.look == "factual" else "current")
            for shown, text in zip(self.items(), asked, strict=True)
        ) if len(self._pictures) == len(self._values) else ()
        sentence = self.tr("What would {} be if {} went from {} to {}?").format(
            item_text(subject.data, item), selected, value_text(self._values[0], control),
            value_text(self._values[-1], control),
        )
        return Exhibit(self.view, frames, *self.table(), sentence, {"walk": {selected: list(self._values)}})

    def table(self) -> tuple[tuple[str, ...], list[list[object]]]:
        """The values that were walked through and every factor at each of them."""
        subject = self._exploration.subject
        if subject is None or not self._answers:
            return (), []
        names = [control.name for control in subject.factors]
        rows: list[list[object]] = []
        for index, value in enumerate(self._values):
            if (answer := self._answers.get(index)) is not None:
                known = {factor.name: factor.counterfactual for factor in answer.factors}
                rows.append([value, *(known.get(name) for name in names)])
        return (f"{self._exploration.selected} set to", *names), rows

    def items(self) -> list[StripItem]:
        """The pictures that are there, with their values."""
        subject, selected = self._exploration.subject, self._exploration.selected
        if subject is None or not self._pictures:
            return []
        control = subject.control(selected)
        factual, wished = self._exploration.factual(selected), self._exploration.wish.do.get(selected)
        items = []
        for index, value in enumerate(self._values):
            if index in self._pictures:
                text = bare_text(value, control)
                caption = self.tr("{} factual").format(text) if value == factual else text
                look: Look = "current" if value == wished else "factual" if value == factual else ""
                items.append(StripItem(self._pictures[index], caption, look))
        return items

    def _take(self, index: int, answer: Answer, _seconds: float) -> None:
        picture = picture_of(answer)
        if picture is None or index >= len(self._values):
            return
        self._pictures[index], self._answers[index] = picture, answer
        if all(i in self._pictures for i in range(len(self._values))):
            items = self.items()
            self._show(items)
            self.view.setAccessibleName(self._title())
            self.view.set_items(items)
            self.shown.emit()

    def _show(self, items: list[StripItem]) -> None:
        self.strip.set_traversal(self._title(), items, self.tr("other noise held, same seed"), self._steps_text())

    def _forget(self, *_: object) -> None:
        self._cells.forget()
        self._rest.start()

    def _title(self) -> str:
        return self.tr("Traversal of {}").format(self._exploration.selected)

    def _steps_text(self) -> str:
        return self.tr("{} steps").format(len(self._values) or STEPS)

    def _jump(self, index: int) -> None:
        if index < len(self._values):
            self._exploration.set(self._exploration.selected, self._values[index])
