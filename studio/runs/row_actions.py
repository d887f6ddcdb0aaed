"""What the analyst says of rows, pictures and texts among the results of a run, and data sets made of it.

One plain document a result, kept in the project; each change of it is an undo step with a name.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from PySide6.QtCore import QObject, Signal

from engines.data.kinds import Column, DataSet
from engines.data.reading import read
from engines.data.reference import DataReference
from engines.data.roles import Role
from engines.refusals import Refusal
from engines.results import ImageGridResult, Result, TableResult
from studio.intake.intake import Intake
from studio.project import Kind
from studio.project.history import History
from studio.workspace import Workspace
from widgets.decisions import Decisions, Value, Verdict
from widgets.numbers import format_count

_RUN = "run "           # how the names of the documents begin: "run 15/labels"


class Use(StrEnum):
    """Which items of a result become the next data set."""

    ACCEPTED = "accepted"
    NOT_DROPPED = "not dropped"
    CORRECTED = "corrected"


@dataclass(frozen=True)
class Made:
    """What a data set is made of: the steps that come after those of its origin, and what is said after its name."""

    steps: tuple[Mapping[str, Any], ...]
    suffix: str


class RowActions(QObject):
    """The decisions on all results of the open project."""

    changed = Signal(int, str)              # number of the run, name of the result

    def __init__(
        self, history: History, workspace: Workspace, intake: Intake,
        start: Callable[[Coroutine[Any, Any, None]], None], parent: QObject | None = None,
    ) -> None:
        """`start`: goes on with a coroutine in the loop and tells of refusals."""
        super().__init__(parent)
        self._history, self._workspace, self._intake, self._start = history, workspace, intake, start
        self._known: dict[str, Decisions] = {}
        history.register(Kind.ROWS, _RUN, self._show)

    def clear(self) -> None:
        """As in a new project."""
        self._known = {}

    def of(self, run: int, result: str) -> Decisions:
        """What was said of a result's items."""
        return self._known.get(_name(run, result), Decisions())

    def columns(self, reference: DataReference) -> tuple[Column, ...]:
        """The attributes of a run's data that can be put right; none while the data are not open."""
        opened = next((o.data for o in self._workspace.datasets if o.reference == reference), None)
        if opened is None:
            return ()
        return tuple(c for c in opened.attributes.columns if c.role not in (Role.ID, Role.SPLIT))

    # by the analyst: undo steps

    def judge(self, run: int, result: str, items: Sequence[int], verdict: Verdict) -> None:
        """Accept or drop; items that all have the verdict already are open again."""
        before = self.of(run, result)
        taken_back = all(before.of(item).verdict is verdict for item in items)
        verbs = {Verdict.ACCEPTED: self.tr("Accept {}"), Verdict.DROPPED: self.tr("Drop {}")}
        text = (self.tr("Open {} again") if taken_back else verbs[verdict]).format(self._words(items))
        self._change(run, result, before.with_verdict(items, None if taken_back else verdict), text)

    def correct(self, run: int, result: str, items: Sequence[int], column: str, value: Value) -> None:
        """Put the value of a column right."""
        text = self.tr("Correct {} of {}").format(column, self._words(items))
        self._change(run, result, self.of(run, result).with_value(items, column, value), text)

    def mark(self, run: int, result: str, items: Sequence[int]) -> None:
        """Mark items; those that are all marked are so no more."""
        before = self.of(run, result)
        is_on = not all(before.of(item).marked for item in items)
        text = (self.tr("Mark {}") if is_on else self.tr("Take the mark off {}")).format(self._words(items))
        self._change(run, result, before.with_mark(items, is_on), text)

    def _words(self, items: Sequence[int]) -> str:
        if len(items) == 1:
            return self.tr("item {}").format(format_count(items[0]))
        return self.tr("{} items").format(format_count(len(items)))

    def _change(self, run: int, result: str, after: Decisions, text: str) -> None:
        before = self.of(run, result)
        if after != before:
            self._history.change(text, Kind.ROWS, _name(run, result), before.to_json(), after.to_json())

    def _show(self, name: str, plain: Any) -> None:
        self._known[name] = Decisions.from_json(plain)
        run, _, result = name.removeprefix(_RUN).partition("/")
        self.changed.emit(int(run), result)

    # rows as input

    def derive(self, reference: DataReference, result: Result, decisions: Decisions, use: Use) -> None:
        """Read the data set that the decisions make of a run's data, and make it the one that is looked at."""
        self._start(self._derive(reference, result, decisions, use))

    async def _derive(self, reference: DataReference, result: Result, decisions: Decisions, use: Use) -> None:
        opened = next((o.data for o in self._workspace.datasets if o.reference == reference), None)
        data = opened if opened is not None else await asyncio.to_thread(read, reference)
        made = made_of(data, result, decisions, use)
        taken = {other.name for other in self._workspace.datasets}
        name = free_name(f"{data.name}, {made.suffix}", taken)
        steps = (*reference.steps, *made.steps, {"step": "set_name", "name": name})
        await self._intake.read_in(replace(reference, steps=steps))


def is_of_data(result: Result) -> bool:
    """Whether the items of a result are rows or pictures of the data."""
    match result:
        case TableResult(of_data=of_data):
            return of_data
        case ImageGridResult(row_ids=ids):
            return ids is not None
    return False


def made_of(data: DataSet, result: Result, decisions: Decisions, use: Use) -> Made:
    """The steps that make of data what was decided on a result's rows.

    Raises:
        Refusal: when the rows are not those of the data, or nothing was decided that can be used.
    """
    known = set(data.row_ids.tolist())
    if not is_of_data(result) or not set(decisions.by_id) <= known:
        raise Refusal(
            f"The items of {result.title} are not rows of {data.name}.", "They cannot be used as input of another run."
        )
    corrected, accepted, dropped = (
        decisions.having(verdict) for verdict in (Verdict.CORRECTED, Verdict.ACCEPTED, Verdict.DROPPED)
    )
    by_column: dict[str, dict[str, Value]] = {}
    for item in corrected:
        for column, value in decisions.of(item).values.items():
            by_column.setdefault(column, {})[str(item)] = value
    missing = [column for column in by_column if column not in data.attributes]
    if missing and use is Use.CORRECTED and len(missing) == len(by_column):
        raise Refusal(
            f"{data.name} has no column {missing[0]}, so what was corrected there cannot be used.",
            f"Its columns are {', '.join(data.attributes.names)}.", about=tuple(missing),
        )
    steps: list[Mapping[str, Any]] = [
        {"step": "correct_values", "column": column, "values": values}
        for column, values in by_column.items() if column in data.attributes
    ]
    match use:
        case Use.ACCEPTED:
            kept = sorted({*accepted, *corrected})
            steps.append({"step": "keep_rows", "rows": kept})
            suffix = f"{len(kept):,} accepted"
        case Use.NOT_DROPPED:
            steps.append({"step": "drop_rows", "rows": list(dropped)})
            suffix = f"without {len(dropped):,}"
        case Use.CORRECTED:
            suffix = f"{len(corrected):,} corrected"
    return Made(tuple(steps), suffix)


def free_name(name: str, taken: set[str]) -> str:
    """The name, or the first one with a number after it that is free."""
    found, number = name, 2
    while found in taken:
        found = f"{name} ({number})"
        number += 1
    return found


def _name(run: int, result: str) -> str:
    return f"{_RUN}{run}/{result}"
