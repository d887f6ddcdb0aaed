"""The grid: items by values of a factor, or two factors of one item; every picture a counterfactual."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from engines.contract import Answer, Choice, Control, Slider
from engines.data.kinds import Images
from studio.exploration.cells import AsksAndTells, Cell, Cells
from studio.exploration.exploration import Exploration, Subject, Wish
from studio.exports.exhibit import Exhibit
from studio.panels.counterfactual.traversal import SETTLE
from studio.panels.counterfactual.values import bare_text, walk
from studio.panels.node_states import picture_of
from studio.question.wording import item_text, value_text
from widgets.animation import Frame
from widgets.kit.label import Label
from widgets.kit.segmented import Segmented
from widgets.pictures.cross import Crossing, CrossTable, Heading
from widgets.pictures.tile import MARGIN

COLUMNS, ROWS = 7, 4    # at most
_APART = 20             # px between rows, with their share of the headings
_ITEMS, _FACTORS = range(2)


@dataclass(frozen=True)
class Plan:
    """What the grid shows: cells by row and column, and their headings."""

    key: Hashable
    across: str
    rows: tuple[Heading, ...]
    columns: tuple[Heading, ...]
    corner: str
    about: str
    cells: tuple[tuple[Cell, ...], ...]


class GridMode(QWidget):
    """Follows the wish and the selected factor; a click on a picture makes it the wish."""

    def __init__(self, engine: AsksAndTells, exploration: Exploration, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._exploration = exploration
        self._cells = Cells(engine, "grid", self)
        self._plan: Plan | None = None
        self._answers: dict[int, Answer] = {}
        self._items: tuple[int, ...] = ()
        self._kind = Segmented((self.tr("Items by values"), self.tr("Two factors")), name=self.tr("What crosses what"))
        self._across, self._down = QComboBox(), QComboBox()
        self._across.setAccessibleName(self.tr("Factor of the columns"))
        self._down.setAccessibleName(self.tr("Factor of the rows"))
        self._across_label = Label(self.tr("Columns"), "second", "t2")
        self._down_label = Label(self.tr("Rows"), "second", "t2")
        self.table = CrossTable()
        self.table.setAccessibleName(self.tr("Grid of counterfactuals"))
        self._lay_out()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(SETTLE)
        self._rest.timeout.connect(self._ask)
        self._kind.chosen.connect(self._turn)
        self._across.activated.connect(lambda _: exploration.select(self._across.currentText()))
        self._down.activated.connect(self._turn)
        self.table.chosen.connect(self._take_up)
        self._cells.answered.connect(self._take)
        exploration.subject_changed.connect(self._take_subject)
        exploration.wish_changed.connect(self._follow)
        exploration.selected_changed.connect(self._follow)
        self._take_subject(exploration.subject)

    def exhibit(self) -> Exhibit:
        """The grid as a figure, an animation of its columns (once all pictures are there) and a table."""
        crossing, plan, subject = self.table.crossing(), self._plan, self._exploration.subject
        if plan is None or subject is None:
            return Exhibit(self.table)
        control = subject.control(plan.across)
        values = [cell.do[plan.across] for cell in plan.cells[0]]
        rows = range(len(crossing.rows))
        frames = tuple(
            Frame(
                tuple(crossing.pictures[row, column] for row in rows), tuple(heading.text for heading in crossing.rows),
                f"{control.name} = {value_text(value, control)}",
            )
            for column, value in enumerate(values)
        ) if len(crossing.pictures) == len(crossing.rows) * len(crossing.columns) else ()
        sentence = self.tr("What would {} be if {} went from {} to {}?").format(
            plan.about, control.name, value_text(values[0], control), value_text(values[-1], control)
        )
        cells = [[{"items": list(cell.items), "do": dict(cell.do)} for cell in row] for row in plan.cells]
        return Exhibit(self.table, frames, *self.rows(), sentence, {"grid": cells})

    def rows(self) -> tuple[tuple[str, ...], list[list[object]]]:
        """Item, interventions and every factor of each picture that is there."""
        subject, plan = self._exploration.subject, self._plan
        if subject is None or plan is None:
            return (), []
        names = [control.name for control in subject.factors]
        found: list[list[object]] = []
        for index, answer in sorted(self._answers.items()):
            cell = plan.cells[index // len(plan.columns)][index % len(plan.columns)]
            known = {factor.name: factor.counterfactual for factor in answer.factors}
            said = ", ".join(f"{name} = {value}" for name, value in cell.do.items())
            found.append([cell.items[0], said, *(known.get(name) for name in names)])
        return ("item", "do", *names), found

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._rest.start()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(MARGIN, 0, MARGIN, 0)
        head.setSpacing(8)
        head.addWidget(self._kind)
        head.addSpacing(8)
        for part in (self._across_label, self._across, self._down_label, self._down):
            head.addWidget(part)
        head.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self.table, 1)

    def _take_subject(self, subject: Subject | None) -> None:
        self._plan, self._items = None, ()
        self._answers.clear()
        self._cells.forget()
        self.table.set_crossing(Crossing())
        names = [] if subject is None else [c.name for c in subject.factors if isinstance(c, (Slider, Choice))]
        for box in (self._across, self._down):
            box.clear()
            box.addItems(names)
        if len(names) > 1:
            self._down.setCurrentIndex(1)
        self._kind.setEnabled(len(names) > 1)
        self._turn()

    def _turn(self, *_: object) -> None:
        two = self._kind.current() == _FACTORS
        self._down.setVisible(two)
        self._down_label.setVisible(two)
        self._follow()

    def _follow(self, *_: object) -> None:
        selected = self._exploration.selected
        if selected and self._across.findText(selected) >= 0:
            self._across.setCurrentText(selected)
        if self._across.currentText() == self._down.currentText():
            other = next((i for i in range(self._down.count()) if i != self._across.currentIndex()), -1)
            self._down.setCurrentIndex(other)
        self._mark()
        if self.isVisible():
            self._rest.start()

    def _ask(self) -> None:
        subject, wish = self._exploration.subject, self._exploration.wish
        plan = self._planned()
        if subject is None or plan is None or not self.isVisible():
            return
        if self._plan is not None and plan.key == self._plan.key:
            return                              # the pictures do not depend on what is crossed
        self._plan = plan
        self._answers.clear()
        self._show()
        cells = [cell for row in plan.cells for cell in row]
        self._cells.ask(subject.model, cells, values=wish.values, seed=wish.seed)

    def _planned(self) -> Plan | None:
        subject, wish = self._exploration.subject, self._exploration.wish
        across = self._across.currentText()
        if subject is None or wish.item is None or not across or not isinstance(subject.data, Images):
            return None
        columns = self._values(subject.control(across), COLUMNS)
        two = self._kind.current() == _FACTORS and self._down.currentText() != across
        crossed = {across, self._down.currentText()} if two else {across}
        others = {name: value for name, value in wish.do.items() if name not in crossed}
        if two:
            down = self._down.currentText()
            rows = self._values(subject.control(down), self._rows_that_fit(subject))
            cells = tuple(
                tuple(Cell((wish.item,), {**others, down: row, across: column}) for column in columns) for row in rows
            )
            heads = tuple(Heading(f"{down} = {value_text(row, subject.control(down))}") for row in rows)
            about = item_text(subject.data, wish.item)
        else:
            self._items = self._some_items(subject, wish)
            cells = tuple(
                tuple(Cell((item,), {**others, across: column}) for column in columns) for item in self._items
            )
            heads = tuple(Heading(item_text(subject.data, item), False) for item in self._items)
            about = ", ".join(heading.text for heading in heads)
        control = subject.control(across)
        asked = wish.item if two else self._items
        key = (
            subject.model, wish.seed, repr(sorted(wish.values.items())), repr(sorted(others.items())), across,
            self._down.currentText() if two else "", asked,
        )
        named = tuple(Heading(bare_text(value, control)) for value in columns)
        return Plan(key, across, heads, named, _named(control), about, cells)

    def _values(self, control: Control, count: int) -> tuple[float | str, ...]:
        """Evenly over the range, through what is wished now; choices of many levels are cut to as many as fit."""
        wished = self._exploration.wish.do.get(control.name)
        values = walk(control, count, [] if wished is None else [wished])
        if len(values) <= count + 3:
            return values
        return tuple(values[i] for i in np.linspace(0, len(values) - 1, count).astype(int))

    def _some_items(self, subject: Subject, wish: Wish) -> tuple[int, ...]:
        """The item that is asked about and those after it; the same ones while it is among them."""
        if wish.item in self._items or wish.item is None:
            return self._items
        ids = subject.data.row_ids
        count = self._rows_that_fit(subject)
        first = min(subject.position(wish.item), max(len(ids) - count, 0))
        return tuple(int(item) for item in ids[first:first + count])

    def _rows_that_fit(self, subject: Subject) -> int:
        """Fewer in low windows, so that a pixel is at least two px."""
        pixels = subject.data.pixels.shape[1] if isinstance(subject.data, Images) else 1
        return min(max(int(self.table.height() // (2 * pixels + _APART)), 2), ROWS)

    def _take(self, index: int, answer: Answer, _seconds: float) -> None:
        if self._plan is not None:
            self._answers[index] = answer
            self._show()

    def _show(self) -> None:
        plan, subject = self._plan, self._exploration.subject
        if plan is None or subject is None or not isinstance(subject.data, Images):
            return
        pictures = {}
        for index, answer in self._answers.items():
            if (picture := picture_of(answer)) is not None:
                pictures[divmod(index, len(plan.columns))] = picture
        height, width = subject.data.pixels.shape[1:3]
        self.table.set_crossing(
            Crossing(plan.rows, plan.columns, plan.corner, pictures, self._current(plan), (int(height), int(width)))
        )

    def _mark(self) -> None:
        if self._plan is not None:
            self._show()

    def _current(self, plan: Plan) -> tuple[int, int] | None:
        wish = self._exploration.wish
        for row, cells in enumerate(plan.cells):
            for column, cell in enumerate(cells):
                if cell.items == (wish.item,) and dict(cell.do) == dict(wish.do):
                    return row, column
        return None

    def _take_up(self, row: int, column: int) -> None:
        if self._plan is not None:
            cell = self._plan.cells[row][column]
            self._exploration.take_up(cell.items[0], _do(cell.do))


def _do(do: Mapping[str, float | str]) -> dict[str, float | str]:
    return {name: value if isinstance(value, str) else float(value) for name, value in do.items()}


def _named(control: Control) -> str:
    unit = control.unit if isinstance(control, Slider) and not control.unit.startswith("of ") else ""
    return f"{control.name}, {unit}" if unit else control.name
