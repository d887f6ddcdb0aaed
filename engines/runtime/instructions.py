"""What an engine's core takes beside the messages of lane and application, and the instructions that it gives."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engines.runtime.messages import (
    Answered,
    Events,
    FromLane,
    ModelOpened,
    Refused,
    RunEnded,
    RunState,
    ToLane,
)


class LaneRole(StrEnum):
    """What a lane is for."""

    WORK = "work"
    ANSWER = "answer"


class LaneState(StrEnum):
    """Whether a lane's process is there."""

    DOWN = "down"
    STARTING = "starting"
    UP = "up"


# ------------------------------------------------------------------------------------------------------ messages in


@dataclass(frozen=True)
class MoveRun:
    """Give a queued run another place; 0 is next."""

    run: int
    place: int


@dataclass(frozen=True)
class EndRuns:
    """Interrupt every run and empty the queue, because their project is left; AllEnded follows."""


@dataclass(frozen=True)
class EndLane:
    """Kill a lane, whatever it does."""

    role: LaneRole


@dataclass(frozen=True)
class LaneSaid:
    """A message from a lane; `life` counts the processes that the role has had."""

    role: LaneRole
    life: int
    message: FromLane


@dataclass(frozen=True)
class LaneGone:
    """A lane's process has ended.

    Attributes:
        code: Exit code; negative: the signal that ended it.
        signal: The signal's name, or empty.
        out_of_memory: The system says that it ended a process for lack of memory meanwhile.
        log: The last lines of its log.
    """

    role: LaneRole
    life: int
    code: int
    signal: str = ""
    out_of_memory: bool = False
    log: str = ""


@dataclass(frozen=True)
class Timer:
    """A grace time of a run or of a starting lane."""

    about: LaneRole
    life: int
    run: int | None = None


@dataclass(frozen=True)
class Due:
    """A timer has run out."""

    timer: Timer


Taken = ToLane | MoveRun | EndRuns | EndLane | LaneSaid | LaneGone | Due

# ----------------------------------------------------------------------------------------------- instructions out


@dataclass(frozen=True)
class Spawn:
    """Start the lane's process."""

    role: LaneRole
    life: int
    threads: int


@dataclass(frozen=True)
class Send:
    role: LaneRole
    message: ToLane


@dataclass(frozen=True)
class Kill:
    """End the lane's process by force; LaneGone follows."""

    role: LaneRole


@dataclass(frozen=True)
class StartTimer:
    seconds: float
    timer: Timer


@dataclass(frozen=True)
class RunChanged:
    """A run has another state; `place` is its place in the queue, None outside."""

    run: int
    state: RunState
    place: int | None = None


@dataclass(frozen=True)
class LaneChanged:
    """A lane came up or went down, with its process id and why."""

    role: LaneRole
    state: LaneState
    pid: int = 0
    note: str = ""


@dataclass(frozen=True)
class LaneWorks:
    """A lane has begun to work (`on`), or has nothing to do any more."""

    role: LaneRole
    on: bool


@dataclass(frozen=True)
class AllEnded:
    """After EndRuns: no run is left."""


News = RunChanged | AllEnded | LaneChanged | LaneWorks | Events | RunEnded | ModelOpened | Answered | Refused


@dataclass(frozen=True, eq=False)
class Announce:
    """Tell the application."""

    news: News


@dataclass(frozen=True)
class Alarm:
    """The program contradicts itself: what, and the run's whole story."""

    story: str


@dataclass(frozen=True)
class Finish:
    """Everything has ended; the shell may go."""


Instruction = Spawn | Send | Kill | StartTimer | Announce | Alarm | Finish
