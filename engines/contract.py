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

from engines.data.kinds import Column, ColumnType, DataKind, DataSet, Images, Table
from engines.data.roles import Role
from engines.graph.graph import Graph
from engines.graph.knowledge import Knowledge
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


# ------------------------------------------------------------------------------------------------- what is accepted


class Need(StrEnum):
    """Whether an input is used."""

    NO = "no"
    OPTIONAL = "optional"
    REQUIRED = "required"


@dataclass(frozen=True)
class Columns:
    """Columns of one role that a method asks for: how many of them; `fewest` to `most_values` different values each."""

    role: Role
    types: tuple[ColumnType, ...] = (ColumnType.NUMBER,)
    least: int = 1
    most: int | None = None
    constant: bool = False
    missing: bool = False
    fewest: int = 1
    most_values: int | None = None


@dataclass(frozen=True)
class Accepts:
    """What a method accepts, as plain data.

    Attributes:
        kind: The kind of `data`.
        columns: What it asks of the columns (of the attributes, for images).
        least_items: Fewest rows or pictures that make sense.
        graph: A causal graph over the factor columns; `acyclic` asks for a DAG.
        knowledge: Required and forbidden edges, tiers.
        truth: A graph to score against, never used for fitting.
        long_tails: Columns with a long tail do as well as others; else the analyst is offered their logarithm.
    """

    kind: DataKind
    columns: tuple[Columns, ...] = ()
    least_items: int = 2
    graph: Need = Need.NO
    acyclic: bool = True
    knowledge: Need = Need.NO
    truth: Need = Need.NO
    long_tails: bool = True

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": str(self.kind),
            "columns": [
                {
                    "role": str(c.role),
                    "types": [str(t) for t in c.types],
                    "least": c.least,
                    "most": c.most,
                    "constant": c.constant,
                    "missing": c.missing,
                    "fewest": c.fewest,
                    "most_values": c.most_values,
                }
                for c in self.columns
            ],
            "least_items": self.least_items,
            "graph": str(self.graph),
            "acyclic": self.acyclic,
            "knowledge": str(self.knowledge),
            "truth": str(self.truth),
            "long_tails": self.long_tails,
        }

    @staticmethod
    def from_json(plain: Mapping[str, Any]) -> Accepts:
        """The inverse of `to_json`, so that the window can ask `refusal` of a manifest."""
        return Accepts(
            DataKind(plain["kind"]),
            tuple(
                Columns(
                    Role(c["role"]),
                    tuple(ColumnType(t) for t in c["types"]),
                    c["least"],
                    c["most"],
                    c["constant"],
                    c["missing"],
                    c.get("fewest", 1),
                    c.get("most_values"),
                )
                for c in plain["columns"]
            ),
            plain["least_items"],
            Need(plain["graph"]),
            plain["acyclic"],
            Need(plain["knowledge"]),
            Need(plain["truth"]),
            plain.get("long_tails", True),
        )

    def check(self, inputs: Inputs) -> None:
        """Refuse inputs that do not fit.

        Raises:
            Refusal: with what is missing and how to give it.
        """
        _check_inputs(self, inputs)


@dataclass(frozen=True, eq=False)
class Inputs:
    """What a run gets. Fields that `accepts` does not name are None."""

    data: DataSet
    graph: Graph | None = None
    knowledge: Knowledge = Knowledge()
    truth: Graph | None = None

    @property
    def table(self) -> Table:
        """The table of attributes, whatever the kind."""
        return self.data.attributes


_ITEMS = {DataKind.TABLE: "rows", DataKind.IMAGES: "images"}


def _check_inputs(accepts: Accepts, inputs: Inputs) -> None:
    data, table = inputs.data, inputs.table
    if data.kind is not accepts.kind:
        raise Refusal(
            f"{data.name} holds {_ITEMS[data.kind]}; this method needs {_ITEMS[accepts.kind]}.",
            "Choose another data set or another method.",
        )
    if len(data) < accepts.least_items:
        items = _ITEMS[data.kind].removesuffix("s" if len(data) == 1 else "")
        raise Refusal(
            f"{data.name} has {len(data)} {items}; at least {accepts.least_items} are needed.",
            "Add data, or choose another method.",
        )
    for need in accepts.columns:
        _check_columns(need, table)
    if accepts.graph is Need.REQUIRED and inputs.graph is None:
        raise Refusal("This method needs a causal graph.", "Draw one, learn one or import one.", ("Draw the graph",))
    for graph, called in ((inputs.graph, "graph"), (inputs.truth, "true graph")):
        if graph is None:
            continue
        factors = {c.name for c in table.having(Role.FACTOR)}
        for name in graph.names:
            if name not in factors:
                raise Refusal(
                    f"The {called} has a node {name}, which is not a factor of {data.name}.",
                    f"Its factors are {', '.join(sorted(factors))}. Rename or remove the node.",
                    about=(name,),
                )
        if accepts.acyclic and called == "graph":
            graph.order()
    inputs.knowledge.checked(table.names)


def _check_columns(need: Columns, table: Table) -> None:
    found = table.having(need.role)
    if len(found) < need.least:
        have = f"{len(found)} {'is' if len(found) == 1 else 'are'} there" if found else "none is there"
        raise Refusal(
            f"At least {need.least} column{'s' if need.least > 1 else ''} with the role {need.role} "
            f"{'are' if need.least > 1 else 'is'} needed in {table.name}; {have}.",
            "Give more columns that role.",
        )
    if need.most is not None and len(found) > need.most:
        raise Refusal(
            f"At most {need.most} column{'s' if need.most > 1 else ''} may have the role {need.role}; "
            f"{len(found)} have it: {', '.join(c.name for c in found)}.",
            about=tuple(c.name for c in found),
        )
    for column in found:
        if column.type not in need.types:
            allowed = " or ".join(need.types)
            raise Refusal(
                f"Column {column.name} is {column.type}; this method needs {allowed} for the role {need.role}.",
                "Change its type or leave it out.",
                ("Leave it out",),
                (column.name,),
            )
        missing = int(column.missing.sum())
        if missing and not need.missing:
            raise Refusal(
                f"Column {column.name} has {missing} missing values: impute or drop them.",
                f"{missing} of {len(table)} rows have no value there.",
                ("Drop these rows", "Leave the column out"),
                (column.name,),
            )
        if column.type is ColumnType.NUMBER and np.isinf(column.values).any():
            where = int(table.row_ids[int(np.argmax(np.isinf(column.values)))])
            raise Refusal(
                f"Column {column.name} has an infinite value in row {where}: drop the row or the column.",
                offers=("Drop these rows", "Leave the column out"),
                about=(column.name,),
            )
        if column.constant and not need.constant:
            raise Refusal(
                f"Column {column.name} never varies; remove it.",
                f"It holds one value in all {len(table)} rows, so it cannot cause anything.",
                ("Leave it out",),
                (column.name,),
            )
        _check_values(need, column)


def _check_values(need: Columns, column: Column) -> None:
    """Refuse a column of too few, or too many, different values; the first rows usually tell."""
    if need.fewest <= 1 and need.most_values is None:
        return
    for values in (column.values[:1000], column.values):
        count = len(np.unique(values))
        if need.most_values is not None and count > need.most_values:
            raise Refusal(
                f"Column {column.name} takes more than {need.most_values} values; this method needs at most "
                f"{need.most_values} for the role {need.role}.",
                "Choose another column, another method, or the rows of fewer values.",
                about=(column.name,),
            )
        if count >= need.fewest and need.most_values is None:
            return
    if count < need.fewest:
        raise Refusal(
            f"Column {column.name} takes only {count} values; this method needs at least {need.fewest} for the role "
            f"{need.role}.",
            "Choose another column, or another method.",
            about=(column.name,),
        )


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


# -------------------------------------------------------------------------------------------------------- controls


@dataclass(frozen=True)
class Slider:
    """A number. With `do`, the factor of that name is set; else the query's value of that name.

    Attributes:
        low, high: The range of the data (0.5 % to 99.5 %), raw units.
        bounds: How far it may go at all; beyond low..high is beyond the data.
        default: None for a factor: its factual value.
        live: Acts while dragged; else on release.
        neutral: Why moving it need not change any result; empty if it must.
    """

    kind: ClassVar[str] = "slider"
    name: str
    low: float
    high: float
    bounds: tuple[float, float]
    do: bool = True
    default: float | None = None
    unit: str = ""
    decimals: int = 2
    live: bool = True
    help: str = ""
    neutral: str = ""


@dataclass(frozen=True)
class Stepper:
    """A whole number."""

    kind: ClassVar[str] = "stepper"
    name: str
    low: int
    high: int
    default: int
    do: bool = False
    unit: str = ""
    live: bool = False
    help: str = ""
    neutral: str = ""


@dataclass(frozen=True)
class Choice:
    """One of a few options. default None for a factor: its factual value."""

    kind: ClassVar[str] = "choice"
    name: str
    options: tuple[str, ...]
    default: str | None = None
    do: bool = False
    live: bool = True
    help: str = ""
    neutral: str = ""


@dataclass(frozen=True)
class Toggle:
    """On or off."""

    kind: ClassVar[str] = "toggle"
    name: str
    default: bool
    do: bool = False
    live: bool = True
    help: str = ""
    neutral: str = ""


Control = Slider | Stepper | Choice | Toggle

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
        }


__all__ = [
    "Accepts", "Answer", "Budget", "Choice", "Columns", "Control", "Exportable", "FactorValue", "How", "Images",
    "Inputs", "Measured", "Method", "MethodParameters", "Model", "Need", "Produces", "Query", "Reading", "Run",
    "Slider", "Stepper", "Support", "Toggle", "Trial", "parameter", "validated",
]
