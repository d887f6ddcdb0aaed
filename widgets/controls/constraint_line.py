"""One line of the constraints: what a column must keep to, or what a target is to reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QWidget

from widgets.kit.button import Button
from widgets.kit.label import Label
from widgets.kit.menu import Menu
from widgets.kit.segmented import Segmented
from widgets.kit.tool_button import ToolButton
from widgets.kit.value_box import ValueBox
from widgets.numbers import format_number
from widgets.theme import Theme

_NAME = 136
_DIRECTIONS = ("", "up", "down")
_WAYS = ("allowed", "preferred")


@dataclass(frozen=True)
class ConstrainedColumn:
    """A column of the table or a target: its range in the data, or its levels."""

    name: str
    low: float | None = None
    high: float | None = None
    levels: tuple[str, ...] = ()
    unit: str = ""
    whole: bool = False
    target: bool = False


class ConstraintLine(QWidget):
    """Lock, direction and range of a number; lock and levels of a category; from, to or wanted levels of a target."""

    changed = Signal(object)      # what is said of the column now; only by the user's hand

    def __init__(self, column: ConstrainedColumn, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column, self._said = column, dict[str, Any]()
        self._stacked = False
        self._name = Label(column.name, "title", elide=True)
        self.lock = ToolButton("lock-open", self.tr("{}, lock").format(column.name), checkable=True)
        self.direction = Segmented(
            (self.tr("Any"), self.tr("Up"), self.tr("Down")), name=self.tr("{}, direction").format(column.name)
        )
        self.way = Segmented(
            (self.tr("Is one of"), self.tr("Likelier than others")), name=self.tr("{}, how").format(column.name)
        )
        self.levels = Button("", "plain", menu=True)
        self.low = self._box(self.tr("{}, from").format(column.name), column.low)
        self.high = self._box(self.tr("{}, to").format(column.name), column.high)
        self.reset = ToolButton("rotate-ccw", self.tr("Set {} free").format(column.name))
        self._menu = Menu("", self)
        self._connect()
        self._lay_out()
        self.set_value({})

    def set_value(self, said: Mapping[str, Any]) -> None:
        """Show what is said of the column; nothing: it is free."""
        self._said = dict(said)
        locked = bool(said.get("lock"))
        self.lock.setChecked(locked)
        self.lock.set_icon("lock" if locked else "lock-open")
        self.direction.set_current(_DIRECTIONS.index(said.get("direction", "")))
        self.low.set_value(said.get("low"))
        self.high.set_value(said.get("high"))
        if "preferred" in said or "allowed" in said:
            self.way.set_current(int("preferred" in said))
        chosen = self._chosen()
        count = len(self._column.levels)
        text = self.tr("Any level") if not chosen else chosen[0] if len(chosen) == 1 else (
            self.tr("{} of {} levels").format(len(chosen), count)
        )
        self.levels.set_text(text)
        self.levels.setAccessibleName(self.tr("{}, levels: {}").format(self._column.name, text))
        for part in (self.direction, self.low, self.high, self.levels):
            part.setEnabled(not locked)
        self.reset.setEnabled(bool(said))

    def level_menu(self) -> Menu:
        """The levels, those that may be checked."""
        self._menu.clear()
        for level in self._column.levels:
            self._menu.add(level, partial(self._turn, level), on=level in self._chosen())
        return self._menu

    def set_stacked(self, stacked: bool) -> None:
        """Where there is little width the range lies under the name."""
        if stacked != self._stacked:
            self._stacked = stacked
            way = QBoxLayout.Direction
            self._line.setDirection(way.TopToBottom if stacked else way.LeftToRight)
            self.updateGeometry()

    # private

    def _chosen(self) -> list[str]:
        return list(self._said.get("allowed", self._said.get("preferred", ())))

    def _say(self, **words: Any) -> None:
        """The user changed some words; None takes one back."""
        said = {word: value for word, value in {**self._said, **words}.items() if value is not None}
        if "low" in said and "high" in said and said["low"] > said["high"]:
            said["low"], said["high"] = said["high"], said["low"]
        self.set_value(said)
        self.changed.emit(said)

    def _turn(self, level: str) -> None:
        chosen = set(self._chosen()) ^ {level}
        self._say_levels([one for one in self._column.levels if one in chosen])

    def _say_levels(self, levels: list[str]) -> None:
        way = _WAYS[self.way.current()] if self._column.target else "allowed"
        self._say(**{**dict.fromkeys(_WAYS), way: levels or None})

    def _take_way(self, _index: int) -> None:
        if chosen := self._chosen():
            self._say_levels(chosen)

    def _whole(self, value: float) -> float | int:
        return round(value) if self._column.whole else value

    def _box(self, name: str, end: float | None) -> ValueBox:
        box = ValueBox(self._column.unit, name=name)
        box.set_empty(self.tr("any") if end is None else format_number(end, "", self._decimals()))
        box.set_precision(self._decimals())
        return box

    def _decimals(self) -> int | None:
        """As many as tell a hundredth of the range apart."""
        column = self._column
        if column.whole or column.low is None or column.high is None or column.high <= column.low:
            return 0 if column.whole else None
        span = column.high - column.low
        return next((digits for digits in range(6) if span * 10**digits >= 100), 6)

    def _connect(self) -> None:
        self.lock.clicked.connect(lambda on: self._say(lock=on or None))
        self.direction.chosen.connect(lambda index: self._say(direction=_DIRECTIONS[index] or None))
        self.way.chosen.connect(self._take_way)
        self.low.value_edited.connect(lambda value: self._say(low=self._whole(value)))
        self.high.value_edited.connect(lambda value: self._say(high=self._whole(value)))
        self.low.emptied.connect(lambda: self._say(low=None))
        self.high.emptied.connect(lambda: self._say(high=None))
        self.levels.clicked.connect(lambda: self.level_menu().popup_under(self.levels))
        self.reset.clicked.connect(lambda: self._say(**dict.fromkeys(self._said)))

    def _lay_out(self) -> None:
        column = self._column
        head, tail = QWidget(), QWidget()
        first, rest = QHBoxLayout(head), QHBoxLayout(tail)
        for row in (first, rest):
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(8)
        self._name.setFixedWidth(Theme.current().px(_NAME))
        first.addWidget(self._name)
        first.addWidget(self.lock)
        first.addStretch(1)
        between = Label(self.tr("to"), "second", "t2")
        parts = [self.way, self.levels] if column.levels else [self.direction, self.low, between, self.high]
        for part in parts:
            rest.addWidget(part)
        rest.addStretch(1)
        rest.addWidget(self.reset)
        self.lock.setVisible(not column.target)
        if column.levels and not column.target:
            self.way.hide()
        if column.target and not column.levels:
            self.direction.hide()
        unused = {self.way, self.levels, self.direction, self.low, self.high} - set(parts)
        for part in unused:
            part.setParent(self)
            part.hide()
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(4)
        self._line.addWidget(head)
        self._line.addWidget(tail, 1)
