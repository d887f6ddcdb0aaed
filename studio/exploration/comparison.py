"""Other models asked what the exploration asks: the same item, the same interventions, the same seed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance, Slot

from engines.contract import Answer, Budget, Choice, Control
from engines.data.reference import DataReference
from engines.refusals import Refusal
from engines.runtime.messages import Answered, ModelOpened, Refused
from studio.exploration.cells import AsksAndTells
from studio.exploration.exploration import Exploration, Subject

MOST = 3
"""Models side by side, that which is explored included."""
_SETTLE = 150           # ms of rest before the other models refine their pictures


class OpensAndAsks(AsksAndTells, Protocol):
    """The part of the engine that a comparison needs."""

    model_opened: SignalInstance

    def open_model(
        self, model: str, folder: Path | str, data: DataReference | None = None, threads: int = 1
    ) -> None: ...

    def close_model(self, model: str) -> None: ...


@dataclass(frozen=True, eq=False)
class Rival:
    """A model that is compared with; `answer` is the newest to the wish, `trouble` why there is none."""

    model: str
    title: str
    controls: tuple[Control, ...]
    answer: Answer | None = None
    trouble: Refused | None = None


class Comparison(QObject):
    """The models beside the one that is explored. Another model or other data end the comparison."""

    changed = Signal()                          # which models are compared
    answered = Signal(str)                      # model: there is a better answer, or trouble
    refused = Signal(object)                    # Refusal: a model that cannot be compared

    def __init__(
        self, engine: OpensAndAsks, exploration: Exploration, threads: Callable[[], int], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._engine, self._exploration, self._threads = engine, exploration, threads
        self._opening: dict[str, str] = {}
        self._rivals: dict[str, Rival] = {}
        self._numbers: dict[str, int] = {}
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_SETTLE)
        self._rest.timeout.connect(lambda: self._ask(Budget.FINAL))
        engine.model_opened.connect(self._take_model)
        engine.answered.connect(self._take_answer)
        engine.refused.connect(self._take_refusal)
        exploration.subject_changed.connect(self._clear)
        exploration.wish_changed.connect(self._follow)

    @property
    def rivals(self) -> tuple[Rival, ...]:
        return tuple(self._rivals.values())

    def add(self, folder: Path, title: str) -> None:
        """Open another model beside; `refused` says why when that cannot be."""
        subject = self._exploration.subject
        model = str(folder)
        if subject is None or model == subject.model or model in self._rivals or model in self._opening:
            return
        if 1 + len(self._rivals) + len(self._opening) >= MOST:
            self.refused.emit(Refusal(
                self.tr("{} models are compared already.").format(MOST), self.tr("Take one away first.")
            ))
            return
        self._opening[model] = title
        self._engine.open_model(model, folder, subject.reference, self._threads())

    def remove(self, model: str) -> None:
        """Compare without this model."""
        if self._rivals.pop(model, None) is not None:
            self._engine.close_model(model)
            self.changed.emit()

    @Slot(object)
    def _take_model(self, opened: ModelOpened) -> None:
        title, subject = self._opening.pop(opened.model, ""), self._exploration.subject
        if not title or subject is None:
            return
        if (why := unlike(subject, opened.controls)) is not None:
            self._engine.close_model(opened.model)
            self.refused.emit(Refusal(self.tr("{} cannot be compared with {}.").format(title, subject.title), why))
            return
        self._rivals[opened.model] = Rival(opened.model, title, opened.controls)
        self.changed.emit()
        self._ask(Budget.FINAL)

    def _follow(self, *_: object) -> None:
        if self._rivals:
            self._ask(Budget.PREVIEW)
            self._rest.start()

    def _ask(self, budget: Budget) -> None:
        wish = self._exploration.wish
        if wish.item is None:
            return
        for rival in self._rivals.values():
            settings = {control.name for control in rival.controls if not control.do}
            self._numbers[rival.model] = self._engine.ask(
                _view(rival.model), rival.model, (wish.item,), do=wish.do,
                values={name: value for name, value in wish.values.items() if name in settings},
                seed=wish.seed, budget=budget, yields=True,
            )

    @Slot(object)
    def _take_answer(self, answered: Answered) -> None:
        rival = self._of(answered.view, answered.number)
        if rival is not None and answered.answer.results:
            self._rivals[rival.model] = Rival(rival.model, rival.title, rival.controls, answered.answer)
            self.answered.emit(rival.model)

    @Slot(object)
    def _take_refusal(self, refused: Refused) -> None:
        if refused.number == 0:
            if title := self._opening.pop(refused.view, ""):
                self.refused.emit(
                    Refusal(self.tr("{} could not be opened.").format(title), f"{refused.sentence} {refused.cause}")
                )
            return
        rival = self._of(refused.view, refused.number)
        if rival is not None:
            self._rivals[rival.model] = Rival(rival.model, rival.title, rival.controls, None, refused)
            self.answered.emit(rival.model)

    def _of(self, view: str, number: int) -> Rival | None:
        """The model whose newest query that is."""
        return next(
            (r for r in self._rivals.values() if _view(r.model) == view and self._numbers.get(r.model) == number), None
        )

    def _clear(self, subject: Subject | None) -> None:
        """A model that is explored now stays open."""
        kept = "" if subject is None else subject.model
        models = [model for model in (*self._rivals, *self._opening) if model != kept]
        self._rivals, self._opening, self._numbers = {}, {}, {}
        self._rest.stop()
        for model in models:
            self._engine.close_model(model)
        self.changed.emit()


def unlike(subject: Subject, controls: tuple[Control, ...]) -> str | None:
    """Why a model with these controls does not answer what the open one answers; None when it does."""
    own, others = ({c.name: c for c in known if c.do} for known in (subject.controls, controls))
    missing = [name for name in own if name not in others]
    more = [name for name in others if name not in own]
    if missing or more:
        parts = [f"it does not set {', '.join(missing)}"] * bool(missing) + [f"it sets {', '.join(more)}"] * bool(more)
        return f"They set different factors: {' and '.join(parts)}."
    for name, control in own.items():
        other = others[name]
        same = control.kind == other.kind and (
            not isinstance(control, Choice) or not isinstance(other, Choice)
            or set(control.options) == set(other.options)
        )
        if not same:
            return f"They mean different things by {name}."
    return None


def _view(model: str) -> str:
    return f"comparison {model}"
