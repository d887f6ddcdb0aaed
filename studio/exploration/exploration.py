"""What is being asked of the open model: the factual item, the interventions, the answer so far.

The one place that knows the current wish. Panels and the question bar set it and follow its signals; the engine gets
one query for each change and drops those that a newer one overtakes.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal, Slot

from engines.contract import Answer, Budget, Choice, Constraints, Control, Slider, Stepper
from engines.data.kinds import DataSet
from engines.data.reference import DataReference
from engines.graph.graph import Graph
from engines.refusals import Refusal
from engines.results import GraphResult
from engines.runtime.messages import Answered, ModelOpened, Refused
from studio.project.history import History
from studio.project.store import Kind
from studio.question.wording import set_sentence

VIEW = "counterfactual"


class Asks(Protocol):
    """The part of the engine that an exploration needs."""

    def ask(
        self,
        view: str,
        model: str,
        items: tuple[int, ...] = (),
        *,
        do: Mapping[str, float | str] | None = None,
        values: Mapping[str, Any] | None = None,
        seed: int = 0,
        budget: Budget = Budget.FINAL,
        yields: bool = False,
        measure: bool = False,
    ) -> int: ...


@dataclass(frozen=True, eq=False)
class Subject:
    """A model together with the data it is asked about."""

    model: str
    title: str
    method: str
    controls: tuple[Control, ...]
    graph: Graph | None
    card: Mapping[str, Any]
    reference: DataReference
    data: DataSet

    @property
    def factors(self) -> tuple[Control, ...]:
        """The controls that set a factor."""
        return tuple(control for control in self.controls if control.do)

    @property
    def settings(self) -> tuple[Control, ...]:
        """The controls that set anything else."""
        return tuple(control for control in self.controls if not control.do)

    def control(self, name: str) -> Control:
        return next(control for control in self.controls if control.name == name)

    def has(self, item: int | None) -> bool:
        """Whether there is an item with that row id."""
        return item is not None and bool((self.data.row_ids == item).any())

    def takes(self, wish: Wish) -> bool:
        """Whether all that is wished can be asked of this model: it may come from a file."""
        controls = {control.name: control for control in self.controls}
        wished = [(name, value, True) for name, value in wish.do.items()]
        wished += [(name, value, False) for name, value in wish.values.items()]
        return self.has(wish.item) and all(
            name in controls and controls[name].do is sets and accepts(controls[name], value)
            for name, value, sets in wished
        )

    def position(self, item: int) -> int:
        """Where the item with that row id stands in the data."""
        found = (self.data.row_ids == item).nonzero()[0]
        if not len(found):
            raise KeyError(item)
        return int(found[0])

    @staticmethod
    def of(opened: ModelOpened, title: str, reference: DataReference, data: DataSet) -> Subject:
        return Subject(
            opened.model, title, opened.method, opened.controls, opened.graph, opened.card, reference, data
        )


@dataclass(frozen=True)
class Wish:
    """What is asked: an item, interventions, control values, a seed."""

    item: int | None = None
    do: Mapping[str, float | str] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 7


def accepts(control: Control, value: Any) -> bool:
    """Whether a control can be set to a value."""
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    match control:
        case Slider(bounds=(low, high)):
            return number and low <= value <= high
        case Stepper(low=low, high=high):
            return isinstance(value, int) and number and low <= value <= high
        case Choice(options=options):
            return value in options
        case Constraints():
            with suppress(Refusal):
                control.checked(value)
                return True
            return False
    return isinstance(value, bool)


class Exploration(QObject):
    """The wish, its undo steps and the newest answer to it."""

    subject_changed = Signal(object)
    expected_changed = Signal(str)
    wish_changed = Signal(object)
    selected_changed = Signal(str)
    answered = Signal(object, float)
    refused = Signal(object)

    def __init__(self, engine: Asks, history: History, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._history = history
        history.register(Kind.WISH, "", self._show, self._why_not)
        self._subject: Subject | None = None
        self._wish = Wish()
        self._grabbed: Wish | None = None       # as it was when a control that moves now was taken hold of
        self._answer: Answer | None = None
        self._selected = ""
        self._number = 0
        self._expected = ""

    @property
    def subject(self) -> Subject | None:
        return self._subject

    @property
    def expected(self) -> str:
        """Title of the model that is being opened; empty while none is."""
        return self._expected

    def expect(self, title: str) -> None:
        """A model of that title is being opened; empty: it does not come."""
        self._expected = title
        self.expected_changed.emit(title)

    @property
    def wish(self) -> Wish:
        return self._wish

    @property
    def answer(self) -> Answer | None:
        return self._answer

    @property
    def graph(self) -> Graph | None:
        """The graph that the answer stands on: that of the newest answer, else the model's."""
        results = self._answer.results if self._answer is not None else ()
        learned = next((result.graph for result in results if isinstance(result, GraphResult)), None)
        return learned if learned is not None or self._subject is None else self._subject.graph

    @property
    def selected(self) -> str:
        """The factor that is selected everywhere, or an empty name."""
        return self._selected

    def open(self, subject: Subject | None, item: int | None = None, wish: Wish | None = None) -> None:
        """Ask about another model, with nothing set; from its first item when its data have no such `item`.

        `wish`: what was asked of it before, which goes on.
        """
        self._subject = subject
        self._answer = None
        self._expected = ""
        if subject is not None and not subject.has(item) and len(subject.data):
            item = int(subject.data.row_ids[0])
        if subject is None or wish is None or not subject.takes(wish):
            wish = Wish(item=item if subject else None, seed=self._wish.seed)
        self._wish = wish
        if subject is not None:
            self._history.put(Kind.WISH, subject.model, _plain(wish))
        self._selected = next((c.name for c in subject.factors), "") if subject else ""
        self.subject_changed.emit(subject)
        self.selected_changed.emit(self._selected)
        self._publish(Budget.FINAL)

    def select(self, name: str) -> None:
        """Select a factor everywhere."""
        if name != self._selected:
            self._selected = name
            self.selected_changed.emit(name)

    def choose(self, item: int) -> None:
        """Ask about another item; interventions stay."""
        if item != self._wish.item:
            self._push(replace(self._wish, item=item), self.tr("Choose {}").format(item))

    def step(self, by: int) -> None:
        """The item `by` places further on, within the data."""
        if self._subject is None or self._wish.item is None:
            return
        ids = self._subject.data.row_ids
        place = min(max(self._subject.position(self._wish.item) + by, 0), len(ids) - 1)
        self.choose(int(ids[place]))

    def drag(self, name: str, value: float | str) -> None:
        """Set a factor while the knob is moving: a preview is asked for, no undo step is made."""
        self._wish = replace(self._wish, do={**self._wish.do, name: value})
        self.select(name)
        self._publish(Budget.PREVIEW)

    def set(self, name: str, value: float | str, before: Mapping[str, float | str] | None = None) -> None:
        """Set a factor: one undo step. `before` is what was set when a drag began."""
        self.select(name)
        start = self._wish if before is None else replace(self._wish, do=before)
        self._push(
            replace(self._wish, do={**self._wish.do, name: value}),
            set_sentence(name, value, self._control(name)),
            start,
        )

    def free(self, name: str) -> None:
        """Take an intervention back."""
        if name in self._wish.do:
            do = {k: v for k, v in self._wish.do.items() if k != name}
            self._push(replace(self._wish, do=do), self.tr("Free {}").format(name))

    def free_all(self) -> None:
        """Back to the factual; of a model that lets no factor be set, back to its settings as announced."""
        if self.is_set:
            values = self._wish.values if self._wish.do else {}
            self._push(replace(self._wish, do={}, values=values), self.tr("Reset all"))

    @property
    def is_set(self) -> bool:
        """Whether there is something that `free_all` takes back."""
        return bool(self._wish.do) or bool(self._wish.values and self._subject and not self._subject.factors)

    def hold(self, name: str) -> None:
        """Hold a factor at its factual value: an intervention as well."""
        self.set(name, self.factual(name))

    def set_value(self, name: str, value: Any) -> None:
        """Set a control that is not a factor."""
        self._push(
            replace(self._wish, values={**self._wish.values, name: value}),
            set_sentence(name, value, self._control(name)), self._grabbed,
        )

    def drag_value(self, name: str, value: Any) -> None:
        """Set such a control while it moves; `set_value` then makes one step of it all."""
        self._grabbed = self._grabbed or self._wish
        self._wish = replace(self._wish, values={**self._wish.values, name: value})
        self._publish(Budget.PREVIEW)

    def set_seed(self, seed: int) -> None:
        self._push(replace(self._wish, seed=seed), self.tr("Seed {}").format(seed))

    def factual(self, name: str) -> float | str:
        """The factual value of a factor of the chosen item, raw units or level; NaN where it is missing.

        Where a column of numbers is set by a choice (a treatment of 0 and 1), it is the option that is that number.
        """
        if self._subject is None or self._wish.item is None:
            return float("nan")
        place = self._subject.position(self._wish.item)
        label = self._subject.data.attributes[name].label(place)
        control = next((one for one in self._subject.factors if one.name == name), None)
        if isinstance(control, Choice) and isinstance(label, float):
            return f"{label:g}" if f"{label:g}" in control.options else label
        return float("nan") if label is None else label

    def take_up(self, item: int, do: Mapping[str, float | str]) -> None:
        """Ask about an item under these interventions: one undo step."""
        said = [set_sentence(name, do[name], self._control(name)) for name in do if self._wish.do.get(name) != do[name]]
        chosen = [self.tr("Choose {}").format(item)] if item != self._wish.item else []
        if chosen or dict(do) != dict(self._wish.do):
            self._push(replace(self._wish, item=item, do=dict(do)), ", ".join([*chosen, *said]) or self.tr("Reset"))

    @Slot(object)
    def take(self, message: object) -> None:
        """An answer or a refusal from the engine; late ones are dropped."""
        match message:
            case Answered(view=view, answer=answer, seconds=seconds, number=number):
                if view == VIEW and number == self._number:
                    self._answer = answer
                    self.answered.emit(answer, seconds)
            case Refused(view=view, number=number):
                if view == VIEW and number == self._number:
                    self.refused.emit(message)

    def _control(self, name: str) -> Slider | Choice | Any:
        if self._subject is None:
            raise KeyError(name)
        return self._subject.control(name)

    def _push(self, wish: Wish, text: str, start: Wish | None = None) -> None:
        self._grabbed = None
        if self._subject is not None:
            self._history.change(text, Kind.WISH, self._subject.model, _plain(start or self._wish), _plain(wish))

    def apply(self, wish: Wish) -> None:
        """Take a whole wish (a stored recipe) and ask it to the end."""
        if self._subject is not None:
            self._history.put(Kind.WISH, self._subject.model, _plain(wish))
        self._take_wish(wish)

    def _take_wish(self, wish: Wish) -> None:
        self._wish = wish
        self._publish(Budget.FINAL)

    def _show(self, _model: str, plain: Any) -> None:
        self._take_wish(Wish(**plain))

    def _why_not(self, model: str, plain: Any) -> str:
        """What is asked of a model means nothing to another one, nor to other data."""
        if self._subject is None or self._subject.model != model:
            return self.tr("The model that it was asked of is not open.")
        if not self._subject.has(plain["item"]):
            return self.tr("The data have no item {} any more.").format(plain["item"])
        return ""

    def _publish(self, budget: Budget) -> None:
        self.wish_changed.emit(self._wish)
        subject, wish = self._subject, self._wish
        if subject is not None and wish.item is not None:
            self._number = self._engine.ask(
                VIEW, subject.model, (wish.item,), do=wish.do, values=wish.values, seed=wish.seed, budget=budget
            )


def _plain(wish: Wish) -> dict[str, Any]:
    """A wish as its document has it."""
    return {**asdict(wish), "do": dict(wish.do), "values": dict(wish.values)}
