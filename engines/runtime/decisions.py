"""What an engine decides, apart from how it acts: one message in, the instructions that follow out.

Holds the queue of runs, their states, the two lanes and the waiting queries of one device. Knows no clock, thread,
process or pipe: time arrives as `Due`, the end of a process as `LaneGone`. The shell carries the instructions out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import assert_never

from engines.contract import Answer, Budget
from engines.runtime.instructions import (
    Alarm,
    AllEnded,
    Announce,
    Due,
    EndLane,
    EndRuns,
    Finish,
    Instruction,
    Kill,
    LaneChanged,
    LaneGone,
    LaneRole,
    LaneSaid,
    LaneState,
    LaneWorks,
    MoveRun,
    News,
    RunChanged,
    Send,
    Spawn,
    StartTimer,
    Taken,
    Timer,
)
from engines.runtime.messages import (
    ENDED,
    Answered,
    Ask,
    CancelRun,
    CloseModel,
    ContinueRun,
    Events,
    FromLane,
    LaneReady,
    ModelOpened,
    OpenModel,
    PauseRun,
    Refused,
    RunEnded,
    RunPaused,
    RunRequest,
    RunStarted,
    RunState,
    StartRun,
    Stop,
    ToLane,
)

S = RunState
PERMITTED: dict[RunState, frozenset[RunState]] = {
    S.QUEUED: frozenset({S.STARTING, S.CANCELLED, S.INTERRUPTED}),
    S.STARTING: frozenset({S.RUNNING, S.CANCELLING, S.CANCELLED, S.FAILED, S.INTERRUPTED}),
    S.RUNNING: frozenset({S.PAUSING, S.CANCELLING, S.DONE, S.FAILED, S.INTERRUPTED}),
    S.PAUSING: frozenset({S.PAUSED, S.RUNNING, S.CANCELLING, S.DONE, S.FAILED, S.INTERRUPTED}),
    S.PAUSED: frozenset({S.RUNNING, S.CANCELLING, S.FAILED, S.INTERRUPTED}),
    S.CANCELLING: frozenset({S.CANCELLED, S.DONE, S.FAILED, S.INTERRUPTED}),
    **{state: frozenset() for state in ENDED},
}
"""The steps that a run's state may take."""

GRACE_SECONDS = 5.0
"""From asking a run to stop until its lane is killed."""
START_SECONDS = 60.0
"""For a lane to say that it is ready."""
AT_LANE = 2
"""Queries of one view that the lane holds: one that it answers, one that makes it stop."""


class WrongStep(Exception):
    """A step of a run's state outside the table, with all that the run went through."""



@dataclass
class _Run:
    request: RunRequest
    state: RunState = S.QUEUED
    sent: bool = False
    sequence: int = -1
    forced: bool = False
    story: list[str] = field(default_factory=list)


@dataclass
class _Lane:
    state: LaneState = LaneState.DOWN
    life: int = 0
    killed: bool = False
    works: bool = False


@dataclass
class _View:
    """The queries of one view: those at the lane, and the one that waits."""

    at_lane: list[Ask] = field(default_factory=list)
    waiting: Ask | None = None
    shown: int = -1


class Decisions:
    """The core of one engine. `take` is its only door; everything else is for looking."""

    def __init__(self) -> None:
        self.runs: dict[int, _Run] = {}
        self.queue: list[int] = []
        self.active: int | None = None
        self.lanes = {role: _Lane() for role in LaneRole}
        self.models: dict[str, OpenModel] = {}
        self.sent_models: set[str] = set()
        self.known_models: set[str] = set()
        self.views: dict[str, _View] = {}
        self.leaving = False
        self.closing = False
        self._out: list[Instruction] = []

    def take(self, message: Taken) -> list[Instruction]:
        """The instructions that follow from a message. Never raises; what may not happen comes out as an Alarm."""
        self._out = []
        try:
            self._take(message)
            self._dispatch()
            self._tell_work()
        except WrongStep as error:
            self._out.append(Alarm(str(error)))
        return self._out

    def _take(self, message: Taken) -> None:
        match message:
            case StartRun(request):
                self._submit(request)
            case CancelRun(run):
                self._with(run, self._cancel, message)
            case PauseRun(run):
                self._with(run, self._pause, message)
            case ContinueRun(run):
                self._with(run, self._continue, message)
            case MoveRun(run, place):
                self._move(run, place)
            case OpenModel():
                self._open(message)
            case Ask():
                self._ask(message)
            case CloseModel(model):
                self._close(model)
            case EndRuns():
                self.leaving = True
                self._end_runs()
            case EndLane(role):
                self._kill(role)
            case Stop():
                self._stop()
            case LaneSaid(role, life, said):
                if life == self.lanes[role].life:
                    self._heard(role, said)
            case LaneGone():
                if message.life == self.lanes[message.role].life:
                    self._gone(message)
            case Due(timer):
                self._due(timer)
            case _:
                assert_never(message)

    # runs

    def _submit(self, request: RunRequest) -> None:
        known = self.runs.get(request.run)
        if self.closing:
            return
        if known is not None and known.state not in ENDED:
            raise WrongStep(f"Run {request.run} was submitted while it lives. Its story: {', '.join(known.story)}.")
        self.runs[request.run] = _Run(request, story=["submitted"])
        self.queue.append(request.run)
        self._tell_queue()
        if self.leaving:
            self._end_runs()

    def _move(self, run: int, place: int) -> None:
        if run in self.queue:
            self.queue.remove(run)
            self.queue.insert(max(0, place), run)
            self._tell_queue()

    def _with(self, number: int, act: Callable[[_Run], None], message: object) -> None:
        """Act on a run that has not ended; a command that comes too late does nothing."""
        run = self.runs.get(number)
        if run is not None and run.state not in ENDED:
            run.story.append(type(message).__name__)
            act(run)

    def _cancel(self, run: _Run) -> None:
        number = run.request.run
        if run.state is S.QUEUED or (run.state is S.STARTING and not run.sent):
            self._end(run, RunEnded(number, S.CANCELLED, f"Run {number} was stopped before it began."))
        elif run.state is not S.CANCELLING:
            self._step(run, S.CANCELLING)
            self._send(LaneRole.WORK, CancelRun(number))
            self._timer(LaneRole.WORK, GRACE_SECONDS, number)

    def _pause(self, run: _Run) -> None:
        if run.state is S.RUNNING:
            self._step(run, S.PAUSING)
            self._send(LaneRole.WORK, PauseRun(run.request.run))

    def _continue(self, run: _Run) -> None:
        if run.state in {S.PAUSING, S.PAUSED}:
            self._step(run, S.RUNNING)
            self._send(LaneRole.WORK, ContinueRun(run.request.run))

    def _step(self, run: _Run, state: RunState) -> None:
        number = run.request.run
        if state not in PERMITTED[run.state]:
            story = ", ".join(run.story)
            raise WrongStep(f"Run {number} cannot go from {run.state} to {state}. Its story: {story}.")
        run.state = state
        run.story.append(str(state))
        self._announce(RunChanged(number, state))

    def _end(self, run: _Run, ended: RunEnded) -> None:
        self._step(run, ended.state)
        number = run.request.run
        if number in self.queue:
            self.queue.remove(number)
            self._tell_queue()
        if self.active == number:
            self.active = None
        self._announce(ended)

    def _dispatch(self) -> None:
        """Start what can start: the next run when the work lane is free; lanes for whoever waits."""
        if self.leaving and self.active is None:
            self.leaving = False
            self._announce(AllEnded())
        if self.closing:
            return self._finish()
        if self.active is None and self.queue:
            self.active = self.queue.pop(0)
            self._step(self.runs[self.active], S.STARTING)
            self._tell_queue()
        if self.active is not None and not (run := self.runs[self.active]).sent:
            lane = self.lanes[LaneRole.WORK]
            if lane.state is LaneState.UP and not lane.killed:
                run.sent = True
                self._send(LaneRole.WORK, StartRun(run.request))
            elif lane.state is LaneState.DOWN:
                self._spawn(LaneRole.WORK, run.request.threads)
        return None

    def _tell_work(self) -> None:
        """Which lanes have something to do, where that has changed."""
        run = None if self.active is None else self.runs[self.active]
        opens = self.sent_models - self.known_models
        works = {
            LaneRole.WORK: run is not None and run.sent,
            LaneRole.ANSWER: bool(opens) or any(view.at_lane for view in self.views.values()),
        }
        for role, lane in self.lanes.items():
            if lane.works != works[role]:
                lane.works = works[role]
                self._announce(LaneWorks(role, lane.works))

    def _tell_queue(self) -> None:
        for place, number in enumerate(self.queue):
            self._announce(RunChanged(number, S.QUEUED, place))

    # models and queries

    def _open(self, message: OpenModel) -> None:
        if self.closing:
            return
        self.models[message.model] = message
        self.sent_models.discard(message.model)
        self.known_models.discard(message.model)
        if self._answers(message.threads):
            self._send_model(message)

    def _ask(self, ask: Ask) -> None:
        if self.closing:
            return
        if ask.model not in self.models:
            self._announce(Refused(ask.view, ask.number, "This model is not open.", offers=("Open a model",)))
            return
        view = self.views.setdefault(ask.view, _View())
        view.waiting = ask  # only the newest waits
        if self._answers(self.models[ask.model].threads):
            self._send_query(view)

    def _send_query(self, view: _View) -> None:
        ask = view.waiting
        if ask is None or len(view.at_lane) >= AT_LANE:
            return
        if ask.model not in self.sent_models:
            self._send_model(self.models[ask.model])
        view.waiting = None
        view.at_lane.append(ask)
        self._send(LaneRole.ANSWER, ask)

    def _send_model(self, message: OpenModel) -> None:
        self.sent_models.add(message.model)
        self._send(LaneRole.ANSWER, message)

    def _close(self, model: str) -> None:
        self.models.pop(model, None)
        self.known_models.discard(model)
        for view in self.views.values():
            if view.waiting is not None and view.waiting.model == model:
                view.waiting = None
        if model in self.sent_models:
            self.sent_models.discard(model)
            self._send(LaneRole.ANSWER, CloseModel(model))

    def _answers(self, threads: int) -> bool:
        """Whether the answer lane is up; started when it is down."""
        lane = self.lanes[LaneRole.ANSWER]
        if lane.state is LaneState.DOWN:
            self._spawn(LaneRole.ANSWER, threads)
        return lane.state is LaneState.UP and not lane.killed

    def _reached(self, name: str, number: int, answer: Answer | None) -> bool:
        """The lane is at query `number` of a view, so those before it are over. False for one that comes too late."""
        view = self.views.get(name)
        if view is None or number < view.shown:
            return False
        view.shown = number
        view.at_lane = [ask for ask in view.at_lane if ask.number >= number and not _over(ask, number, answer)]
        self._send_query(view)
        return True

    # lanes

    def _heard(self, role: LaneRole, said: FromLane) -> None:
        lane = self.lanes[role]
        match said:
            case LaneReady(pid, _):
                if lane.killed:
                    return
                lane.state = LaneState.UP
                self._announce(LaneChanged(role, lane.state, pid))
                if role is LaneRole.ANSWER:
                    self._answer_lane_up()
            case RunStarted(number):
                run = self._active(number)
                if run is not None and run.state is S.STARTING:
                    self._step(run, S.RUNNING)
            case RunPaused(number):
                run = self._active(number)
                if run is not None and run.state is S.PAUSING:
                    self._step(run, S.PAUSED)
            case Events(number, sequence, _):
                run = self._active(number)
                if run is not None and sequence > run.sequence:
                    run.sequence = sequence
                    self._announce(said)
            case RunEnded(number):
                run = self._active(number)
                if run is not None:
                    self._end(run, self._as_closed(run, said))
            case ModelOpened(model):
                if model in self.models:
                    self.known_models.add(model)
                    self._announce(said)
            case Answered(view, number, answer, _):
                if self._reached(view, number, answer):
                    self._announce(said)
            case Refused(view, number):
                if view in self.models and number == 0:
                    del self.models[view]
                    self.sent_models.discard(view)
                    self._announce(said)
                elif self._reached(view, number, None):
                    self._announce(said)
            case _:
                assert_never(said)

    def _answer_lane_up(self) -> None:
        for message in self.models.values():
            if message.model not in self.known_models:
                self._send_model(message)
        for view in self.views.values():
            self._send_query(view)

    def _active(self, number: int) -> _Run | None:
        return self.runs[number] if number == self.active else None

    def _as_closed(self, run: _Run, ended: RunEnded) -> RunEnded:
        """What was stopped because its project is closed can be gone on with: it is interrupted, not cancelled."""
        if (self.closing or self.leaving) and ended.state is S.CANCELLED:
            sentence = f"Run {run.request.run} was interrupted when its project was closed."
            return replace(ended, state=S.INTERRUPTED, sentence=sentence, offers=("Resume",))
        return ended

    def _gone(self, gone: LaneGone) -> None:
        lane = self.lanes[gone.role]
        was_starting, was_killed = lane.state is LaneState.STARTING, lane.killed
        lane.state, lane.killed = LaneState.DOWN, False
        reason = _reason(gone, was_killed)
        self._announce(LaneChanged(gone.role, lane.state, note=reason))
        if gone.role is LaneRole.WORK:
            self._work_lane_gone(gone, reason, was_starting)
        else:
            self._answer_lane_gone(gone, reason)

    def _work_lane_gone(self, gone: LaneGone, reason: str, was_starting: bool) -> None:
        run = self.runs[self.active] if self.active is not None else None
        if run is None or not (run.sent or was_starting):
            return
        number = run.request.run
        run.story.append(f"lane gone: {reason}")
        if run.state is S.CANCELLING:
            ended = RunEnded(number, S.CANCELLED, f"Run {number} was stopped by force.", reason, trace=gone.log)
        elif was_starting:
            sentence = f"Run {number} could not begin: the engine did not start."
            ended = RunEnded(number, S.FAILED, sentence, reason, ("Retry", "Show log"), gone.log)
        elif gone.out_of_memory:
            sentence = f"Run {number} was ended by the system for lack of memory. Nothing finished is lost."
            ended = RunEnded(number, S.FAILED, sentence, reason, ("Resume", "Use less memory"), gone.log)
        else:
            sentence = f"Run {number} failed: the engine stopped. Nothing finished is lost."
            ended = RunEnded(number, S.FAILED, sentence, reason, ("Resume", "Show log"), gone.log)
        self._end(run, self._as_closed(run, ended))

    def _answer_lane_gone(self, gone: LaneGone, reason: str) -> None:
        """Every query that the lane had is refused. Models are opened again when they are next asked; one during
        whose opening the lane ended is given up, so that it cannot end the next one.
        """
        unopened = self.sent_models - self.known_models
        self.sent_models.clear()
        for model in sorted(unopened):
            del self.models[model]
            if not self.closing:
                said = "The engine stopped while it was opening the model."
                self._announce(Refused(model, 0, said, reason, ("Open it again", "Show log"), trace=gone.log))
        sentence = "The engine stopped while it was answering. The model is kept."
        for name, view in self.views.items():
            lost = [ask.number for ask in (*view.at_lane, view.waiting) if ask is not None]
            view.at_lane, view.waiting = [], None
            if lost and not self.closing:
                view.shown = max(lost)
                self._announce(Refused(name, max(lost), sentence, reason, ("Ask again", "Show log"), trace=gone.log))

    def _due(self, timer: Timer) -> None:
        lane = self.lanes[timer.about]
        if timer.life != lane.life:
            return
        if timer.run is None:
            if lane.state is LaneState.STARTING or self.closing:
                self._kill(timer.about)
        elif timer.run == self.active and self.runs[timer.run].state is S.CANCELLING:
            self._kill(timer.about)

    # closing

    def _stop(self) -> None:
        if self.closing:
            return
        self.closing = True
        for view in self.views.values():
            view.waiting = None
        self._end_runs()
        for role, lane in self.lanes.items():
            if lane.state is LaneState.UP:
                self._send(role, Stop())
                self._timer(role, GRACE_SECONDS)
            elif lane.state is LaneState.STARTING:
                self._kill(role)

    def _end_runs(self) -> None:
        """Interrupt what runs and what waits."""
        for number in (*self.queue, *([self.active] if self.active is not None else [])):
            run = self.runs[number]
            if run.sent:
                self._cancel(run)
            else:
                sentence = f"Run {number} had not begun when its project was closed."
                self._end(run, RunEnded(number, S.INTERRUPTED, sentence, offers=("Resume",)))

    def _finish(self) -> None:
        if all(lane.state is LaneState.DOWN for lane in self.lanes.values()):
            self._out.append(Finish())

    # instructions

    def _spawn(self, role: LaneRole, threads: int) -> None:
        lane = self.lanes[role]
        lane.life += 1
        lane.state = LaneState.STARTING
        self._announce(LaneChanged(role, lane.state))
        self._out.append(Spawn(role, lane.life, threads))
        self._timer(role, START_SECONDS)

    def _kill(self, role: LaneRole) -> None:
        lane = self.lanes[role]
        if lane.state is not LaneState.DOWN and not lane.killed:
            lane.killed = True
            self._out.append(Kill(role))

    def _send(self, role: LaneRole, message: ToLane) -> None:
        self._out.append(Send(role, message))

    def _timer(self, role: LaneRole, seconds: float, run: int | None = None) -> None:
        self._out.append(StartTimer(seconds, Timer(role, self.lanes[role].life, run)))

    def _announce(self, news: News) -> None:
        self._out.append(Announce(news))


def _over(ask: Ask, number: int, answer: Answer | None) -> bool:
    """Whether this answer to query `number`, or its refusal (None), is the last that `ask` gets."""
    if ask.number != number or answer is None:
        return ask.number == number
    stages = list(Budget)
    return stages.index(answer.stage) >= stages.index(ask.budget) and answer.step >= answer.total


def _reason(gone: LaneGone, was_killed: bool) -> str:
    """Why a lane ended, in words."""
    if was_killed:
        return "It did not stop in time and was ended by force."
    if gone.out_of_memory:
        return "The system had no memory left and ended it."
    if gone.signal == "SIGKILL":
        return "It was killed (SIGKILL); most often the system does this when memory runs out."
    if gone.signal:
        return f"It was ended by {gone.signal}, an error in native code." if gone.signal in _CRASHES else (
            f"It was ended by {gone.signal}."
        )
    return f"It ended with exit code {gone.code}."


_CRASHES = frozenset({"SIGSEGV", "SIGABRT", "SIGBUS", "SIGFPE", "SIGILL"})
