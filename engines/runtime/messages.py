"""Everything that passes between the application and a lane, and the events of a run.

Closed unions of frozen values, matched with `match`. `engines.runtime.wire` turns them into bytes. Data travel by
reference (path, fingerprint, steps), never by value; results and answers carry arrays as raw buffers.

What may be lost: a scalar, a progress, a shown result that a later one of the same name replaces. What may not: an
ending, a refusal, an answer that is final.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engines.contract import Answer, Budget, Control
from engines.data.reference import DataReference
from engines.graph.graph import Graph
from engines.graph.knowledge import Knowledge
from engines.results import Result
from engines.runtime.states import ENDED as ENDED
from engines.runtime.states import RunState as RunState

# ---------------------------------------------------------------------------------------------------------- events


@dataclass(frozen=True)
class Scalar:
    """One point of a live curve."""

    name: str
    step: int
    value: float
    unit: str = ""


@dataclass(frozen=True)
class Progress:
    """Where the run is: `done` of `total` steps of a phase; total None when unknown."""

    phase: str
    done: int
    total: int | None


@dataclass(frozen=True, eq=False)
class Shown:
    """A result as it stands now; the last of each name is the run's."""

    result: Result


@dataclass(frozen=True)
class Message:
    """One line for the log."""

    text: str


@dataclass(frozen=True)
class Checkpointed:
    """A checkpoint was written; the run can go on from there."""

    step: int


Event = Scalar | Progress | Shown | Message | Checkpointed

# ---------------------------------------------------------------------------------------------- application to lane


@dataclass(frozen=True)
class ModelReference:
    """A model that a run explains: its folder, a fingerprint of its files, what it is called in sentences, and when it
    was made (ISO 8601, empty where its card does not say).
    """

    folder: str
    fingerprint: str = ""
    title: str = ""
    made: str = ""


@dataclass(frozen=True)
class RunRequest:
    """All that a run is made of; stored with it, and enough to repeat it.

    Attributes:
        run: Id of the run, unique in the project.
        method: Id of the method.
        parameters: Plain values; validated again by the lane with the method's own model.
        folder: Where the run writes: `model/`, `checkpoints/`, `results/`.
        resume: Go on from the newest checkpoint in `folder`.
        model: The model that the run explains, by reference.
    """

    run: int
    method: str
    data: DataReference
    parameters: Mapping[str, Any]
    seed: int
    folder: str
    graph: Graph | None = None
    knowledge: Knowledge = Knowledge()
    truth: Graph | None = None
    device: str = "cpu"
    threads: int = 1
    resume: bool = False
    model: ModelReference | None = None


@dataclass(frozen=True)
class StartRun:
    request: RunRequest


@dataclass(frozen=True)
class CancelRun:
    run: int


@dataclass(frozen=True)
class PauseRun:
    run: int


@dataclass(frozen=True)
class ContinueRun:
    run: int


@dataclass(frozen=True)
class OpenModel:
    """Load a model and the data it will be asked about; answered by ModelOpened or Refused."""

    model: str
    folder: str
    data: DataReference | None
    device: str = "cpu"
    threads: int = 1


@dataclass(frozen=True)
class Ask:
    """A query of a view. Of each view only the newest waits.

    Attributes:
        view: Which view asks.
        number: Grows with each query of that view.
        items: Row ids of the factual items; empty for the whole set.
        yields: Every other query overtakes this one, also while it is being answered.
        measure: Not the answer is wanted but what is measured in it: a table of `engines.runtime.measuring`.
    """

    view: str
    number: int
    model: str
    items: tuple[int, ...]
    do: Mapping[str, float | str] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 0
    budget: Budget = Budget.FINAL
    yields: bool = False
    measure: bool = False


@dataclass(frozen=True)
class CloseModel:
    model: str


@dataclass(frozen=True)
class Stop:
    """End the lane after what it does now."""


ToLane = StartRun | CancelRun | PauseRun | ContinueRun | OpenModel | Ask | CloseModel | Stop

# ---------------------------------------------------------------------------------------------- lane to application


@dataclass(frozen=True)
class LaneReady:
    """The lane is up: its process id and the versions that count."""

    pid: int
    versions: Mapping[str, str]


@dataclass(frozen=True)
class RunStarted:
    run: int


@dataclass(frozen=True)
class RunPaused:
    run: int


@dataclass(frozen=True, eq=False)
class Events:
    """A batch of events of one run; `sequence` grows by one a batch, so that a late one is recognised.

    Events of one kind are in the order in which they happened; on the way from a lane scalars come before the others.
    """

    run: int
    sequence: int
    events: tuple[Event, ...]


@dataclass(frozen=True)
class RunEnded:
    """How a run ended. May not be lost.

    Attributes:
        state: DONE, FAILED or CANCELLED.
        sentence, cause: For the analyst; empty when done.
        offers: What can be done next.
        trace: The full trace of a failure.
        refused: The input was refused before any work.
        seconds, cpu_seconds: Wall and CPU time of the fit.
        memory: Peak resident memory, bytes.
    """

    run: int
    state: RunState
    sentence: str = ""
    cause: str = ""
    offers: tuple[str, ...] = ()
    trace: str = ""
    refused: bool = False
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    memory: int = 0
    about: tuple[str, ...] = ()


@dataclass(frozen=True)
class ModelOpened:
    """A model is ready to be asked."""

    model: str
    method: str
    controls: tuple[Control, ...]
    graph: Graph | None
    card: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Answered:
    """One answer to query `number` of `view`."""

    view: str
    number: int
    answer: Answer
    seconds: float


@dataclass(frozen=True)
class Refused:
    """A model or a query that was refused; `view` and `number` are those of the query, or the model's id and 0."""

    view: str
    number: int
    sentence: str
    cause: str = ""
    offers: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    trace: str = ""


FromLane = LaneReady | RunStarted | RunPaused | Events | RunEnded | ModelOpened | Answered | Refused
