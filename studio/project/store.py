"""What a project keeps, as a closed list of verbs. Two implementations: a file, and memory for what is not kept.

What may be lost when the program is killed: the last second of scalars, messages and shown results. What may not: a
run that was submitted, an ending, and every edit that was answered.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np

from engines.data.reference import DataReference
from engines.graph.graph import Graph
from engines.refusals import Refusal
from engines.results import Result
from engines.runtime import wire
from engines.runtime.messages import RunEnded, RunRequest, RunState, Scalar


class Kind(StrEnum):
    """What a named document is."""

    GRAPH = "graph"
    DATA = "data"
    METHOD = "method"           # the settings of a method; its id is the name
    MODEL = "model"
    WISH = "wish"               # what is asked of a model; its folder is the name
    ROWS = "rows"               # what the analyst did with the rows of a result: "run 15/labels"
    LAYOUT = "layout"
    SETTING = "setting"
    REPORT = "report"           # what stands in the report


STEPS = 1000
"""Undo steps that a project keeps; the oldest are forgotten."""
STEP_BYTES = 64 * 2**20
"""Room for the documents of these steps; where it does not suffice the oldest are forgotten too, but for the last."""


@dataclass(frozen=True)
class RunRecord:
    """A run as it is kept.

    Attributes:
        title: The analyst's name for it, or empty.
        origin: The run that this one repeats or goes on from, or None.
        created: Seconds since 1970.
        ending: None while it has not ended.
        checkpoint: The step of the newest checkpoint, or None.
    """

    request: RunRequest
    state: RunState
    title: str
    origin: int | None
    created: float
    ending: RunEnded | None
    checkpoint: int | None

    @property
    def number(self) -> int:
        return self.request.run


@dataclass(frozen=True, eq=False)
class Series:
    """One scalar of a run: steps (m,) int64 in order, values (m,) float64."""

    name: str
    unit: str
    steps: np.ndarray
    values: np.ndarray


@dataclass(frozen=True)
class Edit:
    """One undo step: a document before and after, as plain data; None where it was not there."""

    title: str
    kind: Kind
    name: str
    before: Any
    after: Any


class Unreadable(Refusal):
    """The database of a project is damaged, or of a newer format. `folder`: the project's."""

    def __init__(self, folder: Path, sentence: str, cause: str) -> None:
        super().__init__(sentence, cause, about=(str(folder),))
        self.folder = folder


class Store(ABC):
    """A project's memory. Safe to use from several threads.

    Verbs that change something raise Refusal, and have then changed nothing, in a project that is open for reading only
    and when it cannot be written (a full disk). Verbs that read raise it where the project is damaged.
    """

    # runs

    @abstractmethod
    def add_run(self, request: RunRequest, *, title: str = "", origin: int | None = None) -> int:
        """Keep a queued run; its number, which replaces the one in the request."""

    @abstractmethod
    def set_state(self, run: int, state: RunState) -> None:
        """Keep the state; one that is no ending forgets the ending (a run that goes on)."""

    @abstractmethod
    def end_run(self, ended: RunEnded) -> None:
        """Keep the ending, on the disk when this returns."""

    @abstractmethod
    def set_checkpoint(self, run: int, step: int) -> None: ...

    @abstractmethod
    def rename_run(self, run: int, title: str) -> None: ...

    @abstractmethod
    def remove_run(self, run: int) -> None:
        """Forget a run with its scalars, messages and shown results."""

    @abstractmethod
    def runs(self) -> tuple[RunRecord, ...]:
        """All runs by number."""

    def run(self, number: int) -> RunRecord | None:
        return next((record for record in self.runs() if record.number == number), None)

    # what runs tell

    @abstractmethod
    def add_scalars(self, run: int, scalars: Iterable[Scalar]) -> None:
        """Keep points; one at a step that is there replaces it (a run that goes on from a checkpoint)."""

    @abstractmethod
    def scalars(self, run: int) -> dict[str, Series]:
        """By name, in the order in which they first came."""

    @abstractmethod
    def add_messages(self, run: int, texts: Sequence[str]) -> None: ...

    @abstractmethod
    def messages(self, run: int) -> tuple[str, ...]: ...

    @abstractmethod
    def put_result(self, run: int, result: Result) -> None:
        """Keep a shown result; a later one of the same name takes its place."""

    @abstractmethod
    def results(self, run: int) -> dict[str, Result]:
        """By name, in the order in which they first came."""

    # documents and their history

    @abstractmethod
    def put(self, kind: Kind, name: str, plain: Any) -> None:
        """Keep a JSON document, without an undo step; None removes it."""

    @abstractmethod
    def get(self, kind: Kind, name: str) -> Any:
        """A document, or None."""

    @abstractmethod
    def all(self, kind: Kind) -> dict[str, Any]:
        """The documents of a kind by name, in the order in which they first came."""

    @abstractmethod
    def change(self, title: str, kind: Kind, name: str, before: Any, after: Any) -> Edit:
        """Keep a document as an undo step; steps that were undone are forgotten, and those beyond `STEPS`."""

    @abstractmethod
    def next_undo(self) -> Edit | None:
        """The step that `undo` takes back, or None."""

    @abstractmethod
    def next_redo(self) -> Edit | None:
        """The step that `redo` does again, or None."""

    @abstractmethod
    def titles(self) -> tuple[str, str]:
        """Names of the steps that `undo` and `redo` take; empty where there is none."""

    @abstractmethod
    def undo(self, *, pass_over: bool = False) -> Edit | None:
        """Take back the last step; None when there is none. `pass_over`: its document stays as it is."""

    @abstractmethod
    def redo(self, *, pass_over: bool = False) -> Edit | None:
        """Do the last step that was undone again; None when there is none. `pass_over` as in `undo`."""

    @abstractmethod
    def history(self) -> tuple[tuple[Edit, ...], int]:
        """All steps in order, and how many of them are done."""

    @abstractmethod
    def close(self) -> None: ...

    # documents in their own types

    def put_graph(self, graph: Graph, name: str = "graph") -> None:
        """Keep a graph without an undo step."""
        self.put(Kind.GRAPH, name, graph.to_json())

    def graph(self, name: str = "graph") -> Graph | None:
        plain = self.get(Kind.GRAPH, name)
        return None if plain is None else Graph.from_json(plain)

    def put_data(self, name: str, reference: DataReference) -> None:
        """Keep a data reference, with its roles, types, steps and split, without an undo step."""
        self.put(Kind.DATA, name, wire.to_plain(reference))

    def data(self) -> dict[str, DataReference]:
        """The data references by name."""
        return {name: wire.from_plain(plain) for name, plain in self.all(Kind.DATA).items()}


def request_to_plain(request: RunRequest) -> Any:
    """JSON data of a request, without its number and folder, which follow from where it is kept."""
    plain: dict[str, Any] = wire.to_plain(request)
    return {name: value for name, value in plain.items() if name not in {"run", "folder"}}


def request_from_plain(plain: Mapping[str, Any], run: int, folder: str) -> RunRequest:
    """The inverse of `request_to_plain`."""
    request: RunRequest = wire.from_plain({**plain, "run": run, "folder": folder})
    return request
