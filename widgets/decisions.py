"""What the analyst said of the items of a result: accepted, corrected or dropped, and marked besides.

Items are rows, pictures or texts, told apart by their row ids. All values are immutable and plain.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from widgets.kit.painting import text_in, text_width
from widgets.numbers import format_count
from widgets.theme import FontRole, Theme, draw_icon, font

Value = float | str


class Verdict(StrEnum):
    """What is to become of an item."""

    ACCEPTED = "accepted"
    CORRECTED = "corrected"
    DROPPED = "dropped"


class Shown(StrEnum):
    """Which items are to be seen."""

    ALL = "all"
    OPEN = "open"
    ACCEPTED = "accepted"
    CORRECTED = "corrected"
    DROPPED = "dropped"
    MARKED = "marked"


class Act(StrEnum):
    """What can be done to the chosen items."""

    ACCEPT = "accept"
    CORRECT = "correct"
    DROP = "drop"
    MARK = "mark"


KEYS = {Qt.Key.Key_A: Act.ACCEPT, Qt.Key.Key_C: Act.CORRECT, Qt.Key.Key_X: Act.DROP, Qt.Key.Key_M: Act.MARK}
"""The key of each act, in every view of items."""

SIGNS: Mapping[str, tuple[str, str]] = {
    Verdict.ACCEPTED: ("check", "ok"), Verdict.CORRECTED: ("pencil", "info"), Verdict.DROPPED: ("x", "err"),
    Shown.MARKED: ("flag", "warn"),
}
"""Icon and colour of each word."""


@dataclass(frozen=True)
class Decision:
    """What was said of one item; `values` holds the corrected ones by column."""

    verdict: Verdict | None = None
    values: Mapping[str, Value] = field(default_factory=dict)
    marked: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """What was said, as `SIGNS` names it."""
        marked = (Shown.MARKED.value,) if self.marked else ()
        return (self.verdict.value, *marked) if self.verdict is not None else marked


_NOTHING = Decision()


@dataclass(frozen=True)
class Decisions:
    """The decisions on one result, by the item's id."""

    by_id: Mapping[int, Decision] = field(default_factory=dict)

    def of(self, item: int) -> Decision:
        return self.by_id.get(item, _NOTHING)

    def with_verdict(self, items: Iterable[int], verdict: Verdict | None) -> Decisions:
        """The items accepted or dropped, or open again; corrected values of theirs are gone."""
        return self._with({item: replace(self.of(item), verdict=verdict, values={}) for item in items})

    def with_value(self, items: Iterable[int], column: str, value: Value) -> Decisions:
        """The items corrected: `column` holds `value`."""
        return self._with({
            item: replace(
                self.of(item), verdict=Verdict.CORRECTED, values={**self.of(item).values, column: value}
            )
            for item in items
        })

    def with_mark(self, items: Iterable[int], on: bool) -> Decisions:
        return self._with({item: replace(self.of(item), marked=on) for item in items})

    def having(self, verdict: Verdict) -> tuple[int, ...]:
        """Ids of the items with that verdict, in order."""
        return tuple(sorted(item for item, decision in self.by_id.items() if decision.verdict is verdict))

    @property
    def marked(self) -> tuple[int, ...]:
        """Ids of the marked items, in order."""
        return tuple(sorted(item for item, decision in self.by_id.items() if decision.marked))

    def shows(self, item: int, shown: Shown) -> bool:
        """Whether an item is among those that are to be seen."""
        decision = self.of(item)
        match shown:
            case Shown.ALL:
                return True
            case Shown.OPEN:
                return decision.verdict is None
            case Shown.MARKED:
                return decision.marked
        return decision.verdict == shown.value

    def places(self, items: Sequence[int], shown: Shown) -> list[int]:
        """Where the items that are to be seen stand among all."""
        return [place for place, item in enumerate(items) if self.shows(item, shown)]

    def sentence(self) -> str:
        """"12 accepted, 3 corrected, 5 dropped"; empty when nothing was said."""
        counts = [(word(verdict), len(self.having(verdict))) for verdict in Verdict]
        counts.append((word(Shown.MARKED), len(self.marked)))
        return ", ".join(f"{format_count(count)} {said}" for said, count in counts if count)

    def to_json(self) -> dict[str, Any] | None:
        """A plain document; None when nothing was said."""
        plain = {}
        for item, decision in sorted(self.by_id.items()):
            said: dict[str, Any] = {}
            if decision.verdict is not None:
                said["verdict"] = decision.verdict.value
            if decision.values:
                said["values"] = dict(decision.values)
            if decision.marked:
                said["marked"] = True
            plain[str(item)] = said
        return plain or None

    @staticmethod
    def from_json(plain: Mapping[str, Any] | None) -> Decisions:
        """The inverse of `to_json`."""
        return Decisions({
            int(item): Decision(
                Verdict(said["verdict"]) if "verdict" in said else None, said.get("values", {}),
                said.get("marked", False),
            )
            for item, said in (plain or {}).items()
        })

    def _with(self, changed: Mapping[int, Decision]) -> Decisions:
        whole = {**self.by_id, **changed}
        return Decisions({item: decision for item, decision in whole.items() if decision != _NOTHING})


def word(said: str) -> str:
    """A verdict, or that an item is marked, as the analyst reads it."""
    return {
        "accepted": _tr("accepted"), "corrected": _tr("corrected"), "dropped": _tr("dropped"),
        "marked": _tr("marked"), "all": _tr("all"), "open": _tr("open"),
    }[said]


def decision_width(theme: Theme) -> float:
    """Room for the longest word with its sign and the sign of a mark, px."""
    face = font("second", weight=500, scale=theme.scale)
    return max(text_width(word(verdict), face) for verdict in Verdict) + 20 + 28


def paint_decision(
    decision: Decision, painter: QPainter, box: QRectF, theme: Theme, role: FontRole = "second"
) -> None:
    """Signs and words from the left of a box. A mark beside a verdict is its sign alone."""
    face = font(role, weight=500, scale=theme.scale)
    x = box.left()
    for said in decision.words:
        icon, colour = SIGNS[said]
        draw_icon(painter, icon, QPointF(x + 7, box.center().y()), theme.colour(colour), 14)
        x += 18
        if said == Shown.MARKED.value and decision.verdict is not None:
            continue
        text_in(painter, QRectF(x, box.top(), max(box.right() - x, 0), box.height()), word(said), face, theme.t1)
        x += text_width(word(said), face) + 8


def _tr(text: str) -> str:
    return QCoreApplication.translate("decisions", text)
