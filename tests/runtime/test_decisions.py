"""What an engine decides, as lists of messages. After each test the invariants of the core are checked."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator

import pytest

from engines.contract import Answer, Budget
from engines.data.reference import DataReference
from engines.runtime.decisions import AT_LANE, GRACE_SECONDS, PERMITTED, Decisions, WrongStep
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
    Scalar,
    StartRun,
    Stop,
)

WORK, ANSWER = LaneRole.WORK, LaneRole.ANSWER
S = RunState


def start(run: int) -> StartRun:
    return StartRun(RunRequest(run, "colide", DataReference("/x.csv"), {}, 0, f"/runs/{run}", threads=3))


def ready(role: LaneRole, life: int = 1) -> LaneSaid:
    return LaneSaid(role, life, LaneReady(100 + life, {}))


def work(message: object, life: int = 1) -> LaneSaid:
    return LaneSaid(WORK, life, message)  # type: ignore[arg-type]


def answer(view: str, number: int, stage: Budget = Budget.FINAL, life: int = 1) -> LaneSaid:
    return LaneSaid(ANSWER, life, Answered(view, number, Answer(stage, ()), 0.1))


def ask(number: int, view: str = "view", budget: Budget = Budget.FINAL) -> Ask:
    return Ask(view, number, "m", (), budget=budget)


OPEN = OpenModel("m", "/model", None)
OPENED = LaneSaid(ANSWER, 1, ModelOpened("m", "colide", (), None, {}))


class Watched(Decisions):
    """A core that remembers what it told and is checked after each message."""

    def __init__(self) -> None:
        super().__init__()
        self.alarms: list[str] = []

    def feed(self, *messages: Taken) -> list[Instruction]:
        """All instructions that follow from the messages."""
        out = [instruction for message in messages for instruction in self._watched(message)]
        self.alarms += [i.story for i in out if isinstance(i, Alarm)]
        return out

    def _watched(self, message: Taken) -> list[Instruction]:
        out = self.take(message)
        self.check()
        return out

    def check(self) -> None:
        living = [run for run in self.runs.values() if run.state not in ENDED]
        queued = [number for number, run in self.runs.items() if run.state is S.QUEUED]
        assert sorted(self.queue) == sorted(queued)
        assert {run.request.run for run in living} == {*self.queue, *([] if self.active is None else [self.active])}
        for number, run in self.runs.items():
            if run.state in {S.RUNNING, S.PAUSING, S.PAUSED, S.CANCELLING}:
                assert number == self.active
                assert run.sent
                assert self.lanes[WORK].state is LaneState.UP
        for view in self.views.values():
            assert len(view.at_lane) <= AT_LANE
            if view.waiting is not None:
                down = self.lanes[ANSWER].state is not LaneState.UP or self.lanes[ANSWER].killed
                assert down or len(view.at_lane) == AT_LANE
                assert all(ask.number < view.waiting.number for ask in view.at_lane)
        assert self.sent_models <= set(self.models)
        assert self.known_models <= set(self.models)
        if self.closing:
            assert not self.queue
        for lane in self.lanes.values():
            assert not (lane.killed and lane.state is LaneState.DOWN)


@pytest.fixture
def core() -> Iterator[Watched]:
    core = Watched()
    yield core
    core.check()
    assert not core.alarms


def states(out: Iterable[Instruction], run: int = 1) -> list[RunState]:
    news = [i.news for i in out if isinstance(i, Announce)]
    return [n.state for n in news if isinstance(n, RunChanged) and n.run == run]


def endings(out: Iterable[Instruction]) -> list[RunEnded]:
    return [i.news for i in out if isinstance(i, Announce) and isinstance(i.news, RunEnded)]


def refusals(out: Iterable[Instruction]) -> list[Refused]:
    return [i.news for i in out if isinstance(i, Announce) and isinstance(i.news, Refused)]


def sent(out: Iterable[Instruction], role: LaneRole = WORK) -> list[object]:
    return [i.message for i in out if isinstance(i, Send) and i.role is role]


def running(core: Watched, run: int = 1) -> None:
    core.feed(start(run), ready(WORK), work(RunStarted(run)))


def asking(core: Watched) -> None:
    core.feed(OPEN, ready(ANSWER), OPENED)


# runs


def test_a_run_spawns_its_lane_then_goes_to_it_then_ends(core: Watched) -> None:
    out = core.feed(start(1))
    assert [i for i in out if isinstance(i, Spawn)] == [Spawn(WORK, 1, 3)]
    assert sent(out) == []
    assert sent(core.feed(ready(WORK))) == [start(1)]
    assert states(core.feed(work(RunStarted(1)))) == [S.RUNNING]
    out = core.feed(work(RunEnded(1, S.DONE)))
    assert states(out) == [S.DONE]
    assert endings(out) == [RunEnded(1, S.DONE)]


def test_a_warm_lane_is_used_again(core: Watched) -> None:
    running(core)
    core.feed(work(RunEnded(1, S.DONE)))
    out = core.feed(start(2))
    assert sent(out) == [start(2)]
    assert not [i for i in out if isinstance(i, Spawn)]


def test_runs_wait_in_order_and_can_be_moved(core: Watched) -> None:
    running(core)
    core.feed(start(2), start(3), start(4), MoveRun(4, 0))
    assert core.queue == [4, 2, 3]
    assert sent(core.feed(work(RunEnded(1, S.DONE)))) == [start(4)]
    places = [i.news for i in core.feed(MoveRun(3, 0)) if isinstance(i, Announce)]
    assert places == [RunChanged(3, S.QUEUED, 0), RunChanged(2, S.QUEUED, 1)]


def test_cancelling_a_waiting_run_leaves_the_running_one(core: Watched) -> None:
    running(core)
    core.feed(start(2))
    out = core.feed(CancelRun(2))
    assert states(out, 2) == [S.CANCELLED]
    assert sent(out) == []
    assert core.runs[1].state is S.RUNNING


def test_a_run_cancelled_while_its_lane_starts_never_reaches_it(core: Watched) -> None:
    core.feed(start(1))
    assert states(core.feed(CancelRun(1))) == [S.CANCELLED]
    assert sent(core.feed(ready(WORK))) == []


def test_a_run_cancelled_while_it_is_being_taken(core: Watched) -> None:
    """The lane has it, but has not said so yet."""
    core.feed(start(1), ready(WORK))
    out = core.feed(CancelRun(1))
    assert states(out) == [S.CANCELLING]
    assert sent(out) == [CancelRun(1)]
    out = core.feed(work(RunStarted(1)), work(RunEnded(1, S.CANCELLED)))
    assert states(out) == [S.CANCELLED]


def test_cancel_is_cooperative_within_its_grace_then_by_force(core: Watched) -> None:
    running(core)
    out = core.feed(CancelRun(1))
    timer = Timer(WORK, 1, 1)
    assert StartTimer(GRACE_SECONDS, timer) in out
    assert Kill(WORK) in core.feed(Due(timer))
    assert core.feed(Due(timer)) == []  # killed once
    (ended,) = endings(core.feed(LaneGone(WORK, 1, -9, "SIGKILL")))
    assert ended.state is S.CANCELLED
    assert "by force" in ended.sentence


def test_a_grace_that_runs_out_after_the_ending_kills_nobody(core: Watched) -> None:
    running(core)
    core.feed(CancelRun(1), work(RunEnded(1, S.CANCELLED)), start(2), work(RunStarted(2)))
    assert core.feed(Due(Timer(WORK, 1, 1))) == []


def test_a_run_that_was_done_before_the_cancel_reached_it_is_done(core: Watched) -> None:
    running(core)
    assert states(core.feed(CancelRun(1), work(RunEnded(1, S.DONE)))) == [S.CANCELLING, S.DONE]


def test_cancelling_twice_asks_once(core: Watched) -> None:
    running(core)
    assert sent(core.feed(CancelRun(1), CancelRun(1))) == [CancelRun(1)]


def test_pause_and_continue(core: Watched) -> None:
    running(core)
    out = core.feed(PauseRun(1), work(RunPaused(1)), ContinueRun(1))
    assert states(out) == [S.PAUSING, S.PAUSED, S.RUNNING]
    assert sent(out) == [PauseRun(1), ContinueRun(1)]


def test_a_pause_taken_back_before_it_held_is_not_paused(core: Watched) -> None:
    running(core)
    core.feed(PauseRun(1), ContinueRun(1), work(RunPaused(1)))
    assert core.runs[1].state is S.RUNNING


def test_a_paused_run_can_be_cancelled(core: Watched) -> None:
    running(core)
    core.feed(PauseRun(1), work(RunPaused(1)))
    assert states(core.feed(CancelRun(1), work(RunEnded(1, S.CANCELLED)))) == [S.CANCELLING, S.CANCELLED]


def test_commands_that_come_too_late_do_nothing(core: Watched) -> None:
    running(core)
    core.feed(work(RunEnded(1, S.DONE)))
    for late in (CancelRun(1), PauseRun(1), ContinueRun(1), MoveRun(1, 0), CancelRun(99)):
        assert core.feed(late) == []


def test_events_pass_once_and_in_order_and_not_after_the_end(core: Watched) -> None:
    running(core)

    def told(sequence: int) -> LaneSaid:
        return work(Events(1, sequence, (Scalar("loss", sequence, 0.0),)))

    out = core.feed(told(0), told(1), told(1), told(0), told(4))
    news = [i.news for i in out if isinstance(i, Announce)]
    assert [batch.sequence for batch in news if isinstance(batch, Events)] == [0, 1, 4]
    core.feed(work(RunEnded(1, S.DONE)))
    assert core.feed(told(5)) == []


def test_a_run_that_ended_can_be_submitted_again(core: Watched) -> None:
    running(core)
    core.feed(work(RunEnded(1, S.FAILED)))
    assert states(core.feed(start(1))) == [S.QUEUED, S.STARTING]

    refused = core.take(start(1))  # but not while it lives
    assert [type(i) for i in refused] == [Alarm]


# lanes that go


@pytest.mark.parametrize(
    ("gone", "sentence", "cause"),
    [
        (LaneGone(WORK, 1, -9, "SIGKILL"), "failed: the engine stopped", "most often the system does this"),
        (LaneGone(WORK, 1, -9, "SIGKILL", out_of_memory=True), "lack of memory", "no memory left"),
        (LaneGone(WORK, 1, -11, "SIGSEGV"), "failed: the engine stopped", "SIGSEGV, an error in native code"),
        (LaneGone(WORK, 1, 7, log="enough"), "failed: the engine stopped", "exit code 7"),
    ],
)
def test_a_dead_lane_is_a_failed_run_with_its_reason_and_the_next_run_gets_a_new_lane(
    core: Watched, gone: LaneGone, sentence: str, cause: str
) -> None:
    running(core)
    core.feed(start(2))
    out = core.feed(gone)
    (ended,) = endings(out)
    assert ended.state is S.FAILED
    assert sentence in ended.sentence
    assert "Nothing finished is lost." in ended.sentence
    assert cause in ended.cause
    assert ended.trace == gone.log
    assert Spawn(WORK, 2, 3) in out
    assert sent(core.feed(ready(WORK, 2))) == [start(2)]


def test_what_a_dead_lane_still_says_is_not_heard(core: Watched) -> None:
    running(core)
    core.feed(LaneGone(WORK, 1, -9, "SIGKILL"), start(2))
    assert core.feed(work(RunEnded(2, S.DONE)), LaneGone(WORK, 1, 0)) == []
    assert core.runs[2].state is S.STARTING


def test_a_lane_that_does_not_start_fails_its_run_and_is_tried_once_a_run(core: Watched) -> None:
    core.feed(start(1), start(2))
    out = core.feed(LaneGone(WORK, 1, 1, log="ImportError"))
    assert [ended.run for ended in endings(out)] == [1]
    assert "did not start" in endings(out)[0].sentence
    out = core.feed(LaneGone(WORK, 2, 1))
    assert [ended.run for ended in endings(out)] == [2]
    assert not [i for i in out if isinstance(i, Spawn)]


def test_a_lane_that_never_gets_ready_is_killed(core: Watched) -> None:
    out = core.feed(start(1))
    (timer,) = [i.timer for i in out if isinstance(i, StartTimer)]
    assert core.feed(Due(timer)) == [Kill(WORK)]
    assert core.feed(ready(WORK)) == []  # too late
    assert endings(core.feed(LaneGone(WORK, 1, -9, "SIGKILL")))[0].state is S.FAILED


def test_an_idle_lane_may_die_unmourned(core: Watched) -> None:
    running(core)
    core.feed(work(RunEnded(1, S.DONE)))
    out = core.feed(LaneGone(WORK, 1, 0))
    (told,) = out
    assert isinstance(told, Announce)
    assert told.news == LaneChanged(WORK, LaneState.DOWN, note="It ended with exit code 0.")


def test_a_lane_can_be_ended_from_outside(core: Watched) -> None:
    running(core)
    assert core.feed(EndLane(WORK)) == [Kill(WORK)]
    assert core.feed(EndLane(ANSWER)) == []
    assert endings(core.feed(LaneGone(WORK, 1, -9, "SIGKILL")))[0].state is S.FAILED


def test_a_run_that_comes_while_its_lane_is_being_killed_gets_the_next_one(core: Watched) -> None:
    running(core)
    core.feed(work(RunEnded(1, S.DONE)), EndLane(WORK))
    assert sent(core.feed(start(2))) == []
    out = core.feed(LaneGone(WORK, 1, -9, "SIGKILL"))
    assert Spawn(WORK, 2, 3) in out
    assert not endings(out)
    assert sent(core.feed(ready(WORK, 2))) == [start(2)]


# models and queries


def test_of_many_queries_two_are_at_the_lane_and_the_newest_waits(core: Watched) -> None:
    asking(core)
    out = core.feed(*[ask(n) for n in range(1, 50)])
    assert sent(out, ANSWER) == [ask(1), ask(2)]
    out = core.feed(answer("view", 1, Budget.VALUES))
    assert sent(out, ANSWER) == []
    out = core.feed(answer("view", 2, Budget.VALUES))
    assert sent(out, ANSWER) == [ask(49)]
    core.feed(answer("view", 49))
    assert core.views["view"].at_lane == []


def test_a_query_is_over_at_the_stage_that_its_budget_names(core: Watched) -> None:
    asking(core)
    core.feed(ask(1, budget=Budget.VALUES), answer("view", 1, Budget.VALUES))
    assert core.views["view"].at_lane == []
    core.feed(ask(2), answer("view", 2, Budget.PREVIEW))
    assert [a.number for a in core.views["view"].at_lane] == [2]


def test_views_do_not_hold_each_other_up(core: Watched) -> None:
    asking(core)
    out = core.feed(*[ask(n, view) for n in (1, 2, 3) for view in ("a", "b")])
    assert sent(out, ANSWER) == [ask(1, "a"), ask(1, "b"), ask(2, "a"), ask(2, "b")]


def test_an_answer_that_comes_after_a_newer_one_is_dropped(core: Watched) -> None:
    asking(core)
    core.feed(ask(1), ask(2))
    assert len(core.feed(answer("view", 2, Budget.PREVIEW))) == 1
    assert core.feed(answer("view", 1)) == []


def test_queries_wait_for_the_lane_and_the_newest_goes(core: Watched) -> None:
    out = core.feed(OPEN, *[ask(n) for n in range(1, 9)])
    assert sent(out, ANSWER) == []
    assert sent(core.feed(ready(ANSWER)), ANSWER) == [OPEN, ask(8)]


def test_a_query_of_a_model_that_is_not_open_is_refused(core: Watched) -> None:
    (refused,) = refusals(core.feed(ask(1)))
    assert (refused.view, refused.number) == ("view", 1)


def test_a_refused_model_is_not_asked(core: Watched) -> None:
    core.feed(OPEN, ready(ANSWER))
    assert refusals(core.feed(LaneSaid(ANSWER, 1, Refused("m", 0, "It is a pickle."))))
    assert refusals(core.feed(ask(1)))


def test_a_dead_answer_lane_refuses_what_it_had_and_opens_the_model_again_when_asked(core: Watched) -> None:
    asking(core)
    core.feed(ask(1), ask(2), ask(3))
    out = core.feed(LaneGone(ANSWER, 1, -11, "SIGSEGV"))
    assert [(r.view, r.number) for r in refusals(out)] == [("view", 3)]
    assert not [i for i in out if isinstance(i, Spawn)]  # not until somebody asks
    core.feed(ask(4))
    assert sent(core.feed(ready(ANSWER, 2)), ANSWER) == [OPEN, ask(4)]


def test_a_model_that_ends_the_lane_while_it_is_opened_is_given_up(core: Watched) -> None:
    core.feed(OPEN, ready(ANSWER))
    (refused,) = refusals(core.feed(LaneGone(ANSWER, 1, -9, "SIGKILL")))
    assert (refused.view, refused.number) == ("m", 0)
    assert refusals(core.feed(ask(1)))


def test_a_dead_work_lane_leaves_queries_alone(core: Watched) -> None:
    asking(core)
    running(core)
    core.feed(ask(1), LaneGone(WORK, 1, -9, "SIGKILL"))
    assert [a.number for a in core.views["view"].at_lane] == [1]


def test_a_closed_model_is_forgotten(core: Watched) -> None:
    asking(core)
    assert sent(core.feed(CloseModel("m")), ANSWER) == [CloseModel("m")]
    assert refusals(core.feed(ask(1)))


# closing


def test_closing_interrupts_and_finishes_when_the_lanes_are_gone(core: Watched) -> None:
    asking(core)
    running(core)
    core.feed(start(2))
    out = core.feed(Stop())
    assert [(e.run, e.state) for e in endings(out)] == [(2, S.INTERRUPTED)]
    assert sent(out) == [CancelRun(1), Stop()]
    assert sent(out, ANSWER) == [Stop()]
    (ended,) = endings(core.feed(work(RunEnded(1, S.CANCELLED, "stopped"))))
    assert ended.state is S.INTERRUPTED
    assert Finish() not in core.feed(LaneGone(WORK, 1, 0))
    assert Finish() in core.feed(LaneGone(ANSWER, 1, 0))


def test_leaving_a_project_interrupts_its_runs_and_keeps_the_lanes(core: Watched) -> None:
    asking(core)
    running(core)
    core.feed(start(2))
    out = core.feed(EndRuns())
    assert [(e.run, e.state) for e in endings(out)] == [(2, S.INTERRUPTED)]
    assert sent(out) == [CancelRun(1)]
    out = core.feed(work(RunEnded(1, S.CANCELLED)))
    assert endings(out)[0].state is S.INTERRUPTED
    assert any(isinstance(i, Announce) and i.news == AllEnded() for i in out)
    assert sent(core.feed(start(1))) == [start(1)]  # the next project has a run 1 of its own
    assert core.feed(work(RunStarted(1)), work(RunEnded(1, S.DONE)))


def test_leaving_with_nothing_there_is_done_at_once(core: Watched) -> None:
    (told,) = core.feed(EndRuns())
    assert isinstance(told, Announce)
    assert told.news == AllEnded()


def test_a_run_that_comes_while_a_project_is_left_is_not_begun(core: Watched) -> None:
    running(core)
    core.feed(EndRuns())
    assert [(e.run, e.state) for e in endings(core.feed(start(2)))] == [(2, S.INTERRUPTED)]
    out = core.feed(work(RunEnded(1, S.CANCELLED)))
    assert any(isinstance(i, Announce) and i.news == AllEnded() for i in out)
    assert core.active is None


def test_what_a_lane_does_is_told_when_it_changes(core: Watched) -> None:
    def told(*messages: Taken) -> list[LaneWorks]:
        news = [i.news for i in core.feed(*messages) if isinstance(i, Announce)]
        return [n for n in news if isinstance(n, LaneWorks)]

    assert told(start(1)) == []
    assert told(ready(WORK)) == [LaneWorks(WORK, True)]
    assert told(work(RunStarted(1)), start(2)) == []
    assert told(work(RunEnded(1, S.DONE))) == []        # the next is there already
    assert told(work(RunStarted(2)), work(RunEnded(2, S.DONE))) == [LaneWorks(WORK, False)]
    assert told(OPEN, ready(ANSWER)) == [LaneWorks(ANSWER, True)]
    assert told(OPENED) == [LaneWorks(ANSWER, False)]
    assert told(ask(1)) == [LaneWorks(ANSWER, True)]
    assert told(LaneGone(ANSWER, 1, -9, "SIGKILL")) == [LaneWorks(ANSWER, False)]


def test_leaving_ends_a_deaf_run_by_force(core: Watched) -> None:
    running(core)
    core.feed(EndRuns(), Due(Timer(WORK, 1, 1)))
    out = core.feed(LaneGone(WORK, 1, -9, "SIGKILL"))
    assert endings(out)[0].state is S.INTERRUPTED
    assert any(isinstance(i, Announce) and i.news == AllEnded() for i in out)


def test_closing_with_nothing_there_finishes_at_once(core: Watched) -> None:
    assert core.feed(Stop()) == [Finish()]


def test_closing_kills_what_does_not_end_in_its_grace(core: Watched) -> None:
    running(core)
    timers = [i.timer for i in core.feed(Stop()) if isinstance(i, StartTimer)]
    killed = [i for timer in timers for i in core.feed(Due(timer)) if isinstance(i, Kill)]
    assert killed == [Kill(WORK)]
    out = core.feed(LaneGone(WORK, 1, -9, "SIGKILL"))
    assert endings(out)[0].state is S.INTERRUPTED
    assert Finish() in out


def test_closing_kills_a_lane_that_is_only_starting(core: Watched) -> None:
    core.feed(start(1))
    out = core.feed(Stop())
    assert endings(out)[0].state is S.INTERRUPTED
    assert Kill(WORK) in out


def test_nothing_begins_after_closing(core: Watched) -> None:
    core.feed(Stop())
    for late in (start(1), OPEN, ask(1)):
        assert not [i for i in core.feed(late) if not isinstance(i, Finish)]


# the table of steps


def test_no_state_leads_out_of_an_ending_and_every_other_leads_to_one() -> None:
    assert all(not PERMITTED[state] for state in ENDED)
    assert set(PERMITTED) == set(RunState)
    for state in set(RunState) - ENDED:
        assert PERMITTED[state] & ENDED


def test_a_wrong_step_names_the_run_and_its_whole_story() -> None:
    core = Watched()
    running(core)
    core.feed(work(RunEnded(1, S.DONE)))
    with pytest.raises(WrongStep, match="Run 1 cannot go from done to running") as wrong:
        core._step(core.runs[1], S.RUNNING)
    assert "submitted, starting, running, done" in str(wrong.value)


def test_a_contradiction_from_a_lane_is_an_alarm_not_an_exception() -> None:
    core = Watched()
    running(core)
    (alarm,) = core.take(work(RunEnded(1, S.QUEUED)))
    assert isinstance(alarm, Alarm)
    assert "Run 1 cannot go from running to queued" in alarm.story


def test_any_order_of_messages_keeps_the_invariants() -> None:
    """Thousands of random messages, those a lane could send and those a person could."""
    for seed in range(40):
        rng = random.Random(seed)
        core = Watched()
        for _ in range(150):
            core.feed(_any_message(core, rng))
        core.feed(Stop())
        for role in LaneRole:
            if core.lanes[role].state is not LaneState.DOWN:
                core.feed(LaneGone(role, core.lanes[role].life, 0))
        assert core.active is None
        assert not core.queue
        assert all(run.state in ENDED for run in core.runs.values())
        assert not core.alarms, seed


def _any_message(core: Watched, rng: random.Random) -> Taken:
    run = rng.randint(1, 6)
    lane = core.lanes[WORK]
    alive = run in core.runs and core.runs[run].state not in ENDED
    choices: list[Taken] = [
        CancelRun(run) if alive else start(run), EndRuns(), CancelRun(run), PauseRun(run), ContinueRun(run),
        MoveRun(run, rng.randint(0, 3)), OPEN,
        _next_ask(core), CloseModel("m"),
        LaneGone(WORK, rng.randint(0, 5), -9, "SIGKILL"), LaneGone(ANSWER, rng.randint(0, 5), -9, "SIGKILL"),
        Due(Timer(rng.choice(list(LaneRole)), rng.randint(0, 5), rng.choice([None, run]))),
    ]
    if lane.state is LaneState.STARTING:
        choices += [ready(WORK, lane.life)] * 3
    if lane.state is LaneState.UP and core.active is not None and core.runs[core.active].sent:
        active = core.runs[core.active]
        said: list[object] = [RunStarted(core.active), Events(core.active, rng.randint(0, 9), ())]
        if active.state is S.PAUSING:
            said.append(RunPaused(core.active))
        if active.state is S.CANCELLING:
            said.append(RunEnded(core.active, S.CANCELLED))
        if active.state in {S.RUNNING, S.CANCELLING}:
            said.append(RunEnded(core.active, rng.choice([S.DONE, S.FAILED])))
        choices += [work(message, lane.life) for message in said]
    other = core.lanes[ANSWER]
    if other.state is LaneState.STARTING:
        choices += [ready(ANSWER, other.life)] * 3
    for view in core.views.values():
        choices += [answer("view", a.number, rng.choice(list(Budget)), other.life) for a in view.at_lane]
    return rng.choice(choices)


def _next_ask(core: Watched) -> Ask:
    view = core.views.get("view")
    known = [] if view is None else [*view.at_lane, *([view.waiting] if view.waiting else [])]
    return ask(max([view.shown if view else 0, *(a.number for a in known)]) + 1)
