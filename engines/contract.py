"""What a method is: parameters, announcement, inputs, the run it talks to, the model it leaves, and answers.

Read `Method` first, then `Run`, then `Model`. No torch here: the window reads announcements as plain data, and lanes
import the method modules themselves.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar, overload

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from engines.abilities import Predictor
from engines.controls import Choice, Constraints, Control, Limits, Slider, Stepper, Toggle
from engines.data.kinds import DataSet, Images
from engines.graph.graph import Graph
from engines.inputs import Accepts, Columns, Inputs, Need
from engines.questions import Question
from engines.refusals import Refusal
from engines.results import Result

if TYPE_CHECKING:
    import torch

T = TypeVar("T")

# ---------------------------------------------------------------------------------------------------- parameters


class MethodParameters(BaseModel):
    """Base of every method's parameter model: form, flags, stored JSON and errors all come from it."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())


def parameter(
    default: Any,
    *,
    help: str,
    title: str = "",
    unit: str = "",
    advanced: bool = False,
    ge: float | None = None,
    gt: float | None = None,
    le: float | None = None,
    lt: float | None = None,
) -> Any:
    """One parameter: default, bounds, unit and one line of help, said here and nowhere else."""
    return Field(
        default,
        title=title or None,
        description=help,
        ge=ge,
        gt=gt,
        le=le,
        lt=lt,
        json_schema_extra={"unit": unit, "advanced": advanced},
    )


def validated(model: type[MethodParameters], values: Mapping[str, Any]) -> MethodParameters:
    """The parameters built from plain values.

    Raises:
        Refusal: naming the parameter, what is allowed and what was given.
    """
    try:
        return model(**values)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"]) or "the settings"
        if first["type"] == "extra_forbidden":
            known = ", ".join(model.model_fields)
            raise Refusal(f"There is no setting {name}.", f"Settings are {known}.", about=(name,)) from error
        raise Refusal(
            f"{name} cannot be {first['input']!r}: {first['msg'][0].lower()}{first['msg'][1:]}.", about=(name,)
        ) from error


# ------------------------------------------------------------------------------------------------------------- run


class Run(Protocol):
    """The only way out of a method: events, progress, checkpoints, randomness, device."""

    device: str
    """A torch device name such as "cpu" or "cuda:0"."""
    threads: int
    """How many threads the method may use."""
    generator: np.random.Generator
    """Seeded; its state travels with checkpoints."""

    @property
    def torch_generator(self) -> torch.Generator:
        """Seeded, on the CPU; its state travels with checkpoints."""

    @property
    def resumed(self) -> Mapping[str, Any] | None:
        """The state of the last checkpoint when the run goes on from one, else None."""

    def scalar(self, name: str, value: float, step: int, unit: str = "") -> None:
        """One point of a live curve. NaN and infinities are kept and shown as such."""

    def show(self, result: Result) -> None:
        """A picture, table, graph, matrix …; a later one of the same name takes its place. The last of each
        announced name is the run's result.
        """

    def message(self, text: str) -> None:
        """One line for the log, in the analyst's words."""

    @overload
    def steps(self, work: int, phase: str, *, start: int = 0) -> Iterator[int]: ...

    @overload
    def steps(self, work: Iterable[T], phase: str, *, start: int = 0) -> Iterator[T]: ...

    def steps(self, work: Any, phase: str, *, start: int = 0) -> Iterator[Any]:
        """Iterate with progress, pause and cancel between items. `work` is a total or an iterable; with a total,
        `start` is the first index (for a run that goes on from a checkpoint).
        """

    def checkpoint(self, state: Callable[[], Mapping[str, Any]]) -> None:
        """Offer a state to go on from: nested dicts of arrays, tensors and plain values. Called between steps;
        the engine decides whether one is due and only then calls `state`.
        """


# ----------------------------------------------------------------------------------------------- query and answer


class Budget(StrEnum):
    """How far an answer is to be refined."""

    VALUES = "values"
    PREVIEW = "preview"
    FINAL = "final"


@dataclass(frozen=True, eq=False)
class Query:
    """A question put to a model.

    Attributes:
        factual: The items asked about (one, a selection or the whole set), roles as in training.
        do: Interventions by factor name: raw units or a level's name.
        values: Control values by control name; those absent take their default.
        seed: Of all randomness in the answer.
        budget: Where to stop.
    """

    factual: DataSet
    do: Mapping[str, float | str] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 0
    budget: Budget = Budget.FINAL


class How(StrEnum):
    """Why a factor has its counterfactual value."""

    SET = "set"
    FOLLOWS = "follows"
    UNAFFECTED = "unaffected"


@dataclass(frozen=True)
class FactorValue:
    """A factor before and after, raw units or level; `spread` is a 90 % interval of the counterfactual, or None."""

    name: str
    factual: float | str
    counterfactual: float | str
    how: How
    spread: tuple[float, float] | None = None


@dataclass(frozen=True)
class Measured:
    """A factor as a named predictor reads it off the factual and the counterfactual; `tolerance` in raw units."""

    name: str
    factual: float
    counterfactual: float
    wanted: float
    tolerance: float
    predictor: str
    unit: str = ""


@dataclass(frozen=True, eq=False)
class Reading:
    """A factor as a named predictor reads it off n pictures.

    Attributes:
        values: (n,) raw units, or an object array of level names.
        tolerance: 95 % of its errors are below, raw units; 0 for a choice.
        predictor: What reads it, in words.
        independent: Nothing in it was learned together with the model.
    """

    factor: str
    values: np.ndarray
    tolerance: float
    predictor: str
    unit: str = ""
    independent: bool = False


class Support(StrEnum):
    """Where the question lies with respect to the training data."""

    INSIDE = "inside the data"
    EDGE = "at the edge of the data"
    OUTSIDE = "outside the data"


@dataclass(frozen=True, eq=False)
class Answer:
    """A complete answer, better than the one before it.

    Attributes:
        stage: VALUES (factors only), PREVIEW or FINAL.
        results: As announced; empty at stage VALUES.
        factors: Of the first factual item.
        step, total: Of the refinement.
    """

    stage: Budget
    results: tuple[Result, ...]
    factors: tuple[FactorValue, ...] = ()
    measured: tuple[Measured, ...] = ()
    support: Support = Support.INSIDE
    support_note: str = ""
    step: int = 1
    total: int = 1


# ---------------------------------------------------------------------------------------------------------- model


@dataclass(frozen=True, eq=False)
class Exportable:
    """A network of a model as other programs are to run it; `engines.model_formats` writes and checks it.

    Attributes:
        name: A short slug, the file's name.
        says: What it computes and how it is used, in words.
        network: A torch module in evaluation; no choice in it depends on the values of its inputs.
        inputs: A tensor by name, in the order of `network.forward`. Their first axis counts items and stays free; the
            values are those that the written file is checked with.
        outputs: Names of what it returns, in order.
        tolerance: How far an output of the written file may lie from ours, largest absolute difference.
        facts: What else is needed to use it, as plain JSON.
    """

    name: str
    says: str
    network: torch.nn.Module
    inputs: Mapping[str, torch.Tensor]
    outputs: tuple[str, ...]
    tolerance: float = 1e-4
    facts: Mapping[str, Any] = field(default_factory=dict)


class Model(ABC):
    """The trained artefact: a frozen dataclass whose fields are its whole state.

    Fields may be arrays, tensors, plain values, tuples and dicts of these, graphs, parameter models, tables without
    text, and torch modules of a class in `networks` that keep their constructor arguments in `settings`.
    `engines.models` saves and loads it; nothing is written here.
    """

    networks: ClassVar[tuple[type, ...]] = ()

    @abstractmethod
    def controls(self) -> tuple[Control, ...]:
        """What the analyst can set, in order: factors first."""

    @abstractmethod
    def answer(self, query: Query) -> Iterator[Answer]:
        """Answers, each complete and better than the one before; the last is final. Changes nothing."""

    def causal_graph(self, values: Mapping[str, Any]) -> Graph | None:  # noqa: ARG002 - most models have none
        """The graph that the model was given or has learned, at these control values (those absent take their
        default); None when it stands on none.
        """
        return None

    def readings(self, pixels: np.ndarray) -> tuple[Reading, ...]:  # noqa: ARG002 - most models have no reader
        """The factors as a predictor of the model's own reads them off pictures (n, h, w, c); none without one."""
        return ()

    def predictor(self) -> Predictor | None:
        """What other methods can explain of the model; None when it predicts no column of a table."""
        return None

    def claims_identity(self) -> float | None:
        """How far the answer to an empty `do` may lie from the factual (mean absolute difference in raw units or
        grey levels), or None when no identity is claimed.
        """
        return None

    def exports(self, factual: DataSet | None) -> tuple[Exportable, ...]:  # noqa: ARG002 - most models have none
        """The networks that other programs can run, enough to repeat an answer outside; none where the model has none.

        `factual`: items to check the written files with, roles as in training; None: the model draws its own.

        Raises:
            Refusal: when the items do not fit.
        """
        return ()


# ---------------------------------------------------------------------------------------------------- announcement


@dataclass(frozen=True)
class Produces:
    """A result that is announced: its name, kind and title."""

    name: str
    kind: str
    title: str


@dataclass(frozen=True)
class Trial:
    """Tiny inputs and settings with which the conformance suite tries the method within seconds.

    Attributes:
        inputs: Makes the inputs; no files are needed.
        parameters: Settings small enough for a second or two.
        refusals: By the start of the card's sentence: inputs that must be refused with it.
    """

    inputs: Callable[[], Inputs]
    parameters: MethodParameters
    refusals: Mapping[str, Callable[[], Inputs]] = field(default_factory=dict)


@dataclass(frozen=True)
class Method:
    """The announcement of a method; the public value `method` of its module.

    Attributes:
        title: The method's name as in the paper.
        sentence: What it tells the analyst, one line under its question.
        question: One of the ten.
        source: Authors, year, venue, identifier.
        accepts: What data it takes.
        parameters: The parameter model.
        presets: Named settings; the first is the default of "Train".
        fit: (inputs, parameters, run) -> model. Gets checked inputs only.
        model: The class that `fit` returns.
        produces: The results of a run, in the order they are shown.
        answers: The results of an answer.
        refuse: Checks beyond `accepts`, before any work; raises Refusal.
        extras: Optional dependencies needed, by extra name.
        reconstruction: What had to be reconstructed from an abstract; empty if nothing.
        uninterruptible: A library call that cannot be interrupted, in words; empty if none.
        trial: For the conformance suite.
    """

    title: str
    sentence: str
    question: Question
    source: str
    accepts: Accepts
    parameters: type[MethodParameters]
    presets: Mapping[str, MethodParameters]
    fit: Callable[[Inputs, Any, Run], Model]
    model: type[Model]
    produces: tuple[Produces, ...]
    answers: tuple[Produces, ...]
    trial: Trial
    refuse: Callable[[Inputs, Any], None] | None = None
    extras: tuple[str, ...] = ()
    reconstruction: str = ""
    uninterruptible: str = ""

    def check(self, inputs: Inputs, parameters: MethodParameters) -> None:
        """Everything that can be refused, refused now.

        Raises:
            Refusal: with a sentence for the analyst.
        """
        self.accepts.check(inputs)
        if self.refuse is not None:
            self.refuse(inputs, parameters)

    def describe(self, id: str) -> dict[str, Any]:
        """The announcement as one JSON document; `id` is the module's name."""
        return {
            "format": 1,
            "id": id,
            "title": self.title,
            "sentence": self.sentence,
            "question": self.question.value,
            "source": self.source,
            "accepts": self.accepts.to_json(),
            "parameters": self.parameters.model_json_schema(),
            "presets": {name: p.model_dump(mode="json") for name, p in self.presets.items()},
            "produces": [vars(p) for p in self.produces],
            "answers": [vars(p) for p in self.answers],
            "extras": list(self.extras),
            "reconstruction": self.reconstruction,
            "uninterruptible": self.uninterruptible,
            "predicts": self.model.predictor is not Model.predictor,
        }


__all__ = [
    "Accepts", "Answer", "Budget", "Choice", "Columns", "Constraints", "Control", "Exportable", "FactorValue", "How",
    "Images", "Inputs", "Limits", "Measured", "Method", "MethodParameters", "Model", "Need", "Produces", "Query",
    "Reading", "Run", "Slider", "Stepper", "Support", "Toggle", "Trial", "parameter", "validated",
]
