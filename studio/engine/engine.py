"""The face of one device's engine in the GUI thread."""

from __future__ import annotations

import tempfile
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Any, assert_never

from PySide6.QtCore import QObject, Qt, Signal, Slot

from engines.contract import Budget
from engines.data.reference import DataReference
from engines.runtime.instructions import (
    AllEnded,
    Announce,
    EndLane,
    EndRuns,
    LaneChanged,
    LaneRole,
    LaneState,
    LaneWorks,
    MoveRun,
    News,
    RunChanged,
)
from engines.runtime.messages import (
    Answered,
    Ask,
    CancelRun,
    CloseModel,
    ContinueRun,
    Events,
    ModelOpened,
    OpenModel,
    PauseRun,
    Refused,
    RunEnded,
    RunRequest,
    StartRun,
    Stop,
)
from studio.engine.job import Job
from studio.engine.thread import EngineThread


class Engine(QObject):
    """Queues runs, opens models, asks them, and tells what happens.

    All signals come in the GUI thread, in the order in which things happened; their payloads are frozen values of
    `engines.runtime`. Nothing here blocks but `close`. The lanes start when they are first needed.
    """

    run_changed = Signal(object)  # RunChanged: state, and place in the queue
    events = Signal(object)  # Events: one batch of a run
    run_ended = Signal(object)  # RunEnded
    model_opened = Signal(object)  # ModelOpened
    answered = Signal(object)  # Answered
    refused = Signal(object)  # Refused: a model (view = its id, number 0) or a query
    all_ended = Signal()  # after `end_runs`: no run is left
    lane_changed = Signal(object)  # LaneChanged
    lane_works = Signal(object)  # LaneWorks
    alarmed = Signal(object)  # str: the program contradicts itself

    _woken = Signal()

    def __init__(
        self,
        device: str = "cpu",
        logs: Path | None = None,
        parent: QObject | None = None,
        numbers: dict[str, int] | None = None,
    ) -> None:
        """`logs`: folder of the lanes' logs; None: a temporary one. `numbers`: the last number of each view, where
        it is shared with other engines.
        """
        super().__init__(parent)
        self.device = device
        self.lanes: dict[LaneRole, LaneState] = dict.fromkeys(LaneRole, LaneState.DOWN)
        self.pids: dict[LaneRole, int] = {}
        self._jobs: dict[int, Job] = {}
        self._numbers = {} if numbers is None else numbers
        self._news: deque[Announce | str] = deque()
        self._awake = False
        self._stopped = self._closed = False
        self._woken.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        folder = logs or Path(tempfile.mkdtemp(prefix="otherwise-logs-"))
        self._thread = EngineThread(device, folder, self._put, self._put)
        self._thread.start()

    # runs

    def submit(self, request: RunRequest) -> Job:
        """Put a run into the queue; it starts when the work lane is free."""
        job = self._jobs[request.run] = Job(request.run)
        self._thread.tell(StartRun(request))
        return job

    def job(self, run: int) -> Job | None:
        """The job of a run that has not ended."""
        return self._jobs.get(run)

    def cancel(self, run: int) -> None:
        """Stop a run: at its next step, by force after 5 s."""
        self._thread.tell(CancelRun(run))

    def pause(self, run: int) -> None:
        """Hold a run at its next step."""
        self._thread.tell(PauseRun(run))

    def resume(self, run: int) -> None:
        """Let a paused run go on."""
        self._thread.tell(ContinueRun(run))

    def end_runs(self) -> None:
        """Interrupt every run and empty the queue, because their project is being closed; the lanes stay warm.

        Returns at once; `all_ended` comes after the last ending, so that the project can still keep them all.
        """
        self._thread.tell(EndRuns())

    def move(self, run: int, place: int) -> None:
        """Give a queued run another place; 0 is next."""
        self._thread.tell(MoveRun(run, place))

    # models

    def open_model(self, model: str, folder: Path | str, data: DataReference | None = None, threads: int = 1) -> None:
        """Load a model and the data it will be asked about; answered by `model_opened` or `refused`."""
        self._thread.tell(OpenModel(model, str(folder), data, self.device, threads))

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
    ) -> int:
        """Put a query; of each view only the newest is answered to its end. Returns its number, which grows.

        One that `yields` is overtaken by every other; with `measure` the answer is a table of what is measured in it.
        """
        number = self._numbers[view] = self._numbers.get(view, 0) + 1
        ask = Ask(view, number, model, items, dict(do or {}), dict(values or {}), seed, budget, yields, measure)
        self._thread.tell(ask)
        return number

    def close_model(self, model: str) -> None:
        """Forget a model."""
        self._thread.tell(CloseModel(model))

    # lanes

    def end_lane(self, role: LaneRole) -> None:
        """Kill a lane that hangs; a run in it fails, a query in it is refused, and it starts again when needed."""
        self._thread.tell(EndLane(role))

    def log_of(self, role: LaneRole) -> Path:
        """The log of a lane."""
        return self._thread.log_of(role)

    def stop(self) -> None:
        """Begin to close, without waiting for it; nothing more is taken."""
        if not self._stopped:
            self._stopped = True
            self._thread.tell(Stop())

    @Slot()
    def close(self, seconds: float = 10.0) -> bool:
        """End every lane and thread; what runs is interrupted, with a checkpoint where its method gives one.

        Blocks, usually for a fraction of a second and never for more than `seconds` + 2. The endings that are still
        to be told are told before it returns. Whether all ended in time.
        """
        self.stop()
        if not self._closed:
            self._closed = True
            self._thread.join(seconds)
            if self._thread.is_alive():
                self._thread.kill_all()
                self._thread.join(2.0)
            self._deliver()
        return not self._thread.is_alive()

    # news

    def _put(self, news: Announce | str) -> None:
        """From the engine thread: keep the news and wake the GUI thread, once for all that waits."""
        self._news.append(news)
        if not self._awake:
            self._awake = True
            self._woken.emit()

    @Slot()
    def _deliver(self) -> None:
        self._awake = False
        while self._news:
            match self._news.popleft():
                case str(story):
                    self.alarmed.emit(story)
                case Announce(news):
                    self._tell(news)

    def _tell(self, news: News) -> None:
        match news:
            case RunChanged(run, state, place):
                if (job := self._jobs.get(run)) is not None:
                    job.state, job.place = state, place
                self.run_changed.emit(news)
            case Events(run, _, events):
                self.events.emit(news)
                if (job := self._jobs.get(run)) is not None:
                    job.take_events(events)
            case RunEnded(run):
                self.run_ended.emit(news)
                if (job := self._jobs.pop(run, None)) is not None:
                    job.take_ending(news)
            case AllEnded():
                self.all_ended.emit()
            case LaneChanged(role, state):
                self.lanes[role] = state
                self.pids[role] = news.pid
                self.lane_changed.emit(news)
            case LaneWorks():
                self.lane_works.emit(news)
            case ModelOpened():
                self.model_opened.emit(news)
            case Answered():
                self.answered.emit(news)
            case Refused():
                self.refused.emit(news)
            case _:
                assert_never(news)
