"""The engine with real processes: what is killed, hangs or floods ends in a sentence, and the window lives."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from qasync import QEventLoop

from engines.contract import Budget
from engines.data.reference import DataReference
from engines.runtime.instructions import LaneChanged, LaneRole, LaneState, RunChanged
from engines.runtime.messages import Answered, Progress, RunEnded, RunRequest, RunState, Scalar
from studio.engine import Engine, Job

Make = Callable[..., RunRequest]
PATIENCE = 60_000  # ms; far more than needed on a loaded machine, never waited for


def ending(qtbot: QtBot, engine: Engine, request: RunRequest) -> RunEnded:
    with qtbot.waitSignal(engine.run_ended, timeout=PATIENCE) as ended:
        engine.submit(request)
    return ended.args[0]


def begun(qtbot: QtBot, engine: Engine, request: RunRequest) -> None:
    """Submit and wait until its first events are there."""
    with qtbot.waitSignal(engine.events, timeout=PATIENCE):
        engine.submit(request)


def lane_pid(engine: Engine, pids: dict[LaneRole, int]) -> None:
    def note(change: LaneChanged) -> None:
        if change.state is LaneState.UP:
            pids[change.role] = change.pid

    engine.lane_changed.connect(note)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_run_is_queued_starts_tells_and_ends(qtbot: QtBot, engine: Engine, request_for: Make) -> None:
    states, scalars, progress = [], [], []
    engine.run_changed.connect(lambda change: states.append(change.state))
    engine.events.connect(
        lambda batch: (
            scalars.extend(e for e in batch.events if isinstance(e, Scalar)),
            progress.extend(e for e in batch.events if isinstance(e, Progress)),
        )
    )
    request = request_for("good")
    ended = ending(qtbot, engine, request)
    assert ended.state is RunState.DONE
    assert states == [RunState.QUEUED, RunState.STARTING, RunState.RUNNING, RunState.DONE]
    assert [s.step for s in scalars] == [0, 1, 2, 3, 4]
    assert progress[-1] == Progress("work", 5, 5)
    assert (Path(request.folder) / "model" / "model.json").exists()


@pytest.mark.parametrize(
    ("way", "words"),
    [("crash", "SIGSEGV"), ("exit", "exit code 7"), ("wrong", "no such number")],
)
def test_a_run_that_breaks_is_named_and_the_next_one_runs(
    qtbot: QtBot, engine: Engine, request_for: Make, way: str, words: str
) -> None:
    ended = ending(qtbot, engine, request_for(way))
    assert ended.state is RunState.FAILED
    assert ended.sentence
    assert words in ended.cause
    if way == "exit":
        assert "I have had enough" in ended.trace
    assert ending(qtbot, engine, request_for("good")).state is RunState.DONE


def test_out_of_memory_offers_a_smaller_batch(qtbot: QtBot, engine: Engine, request_for: Make) -> None:
    request = request_for("greedy")
    request = RunRequest(**{**vars(request), "parameters": {"way": "greedy", "batch_size": 64}})
    ended = ending(qtbot, engine, request)
    assert ended.sentence == "The engine ran out of memory at batch 64. Nothing finished is lost."
    assert ended.offers == ("Retry with batch 32",)
    assert ending(qtbot, engine, request_for("good")).state is RunState.DONE


def test_a_killed_lane_is_a_failed_run_and_the_answer_lane_lives(
    qtbot: QtBot, engine: Engine, request_for: Make, data: DataReference
) -> None:
    pids: dict[LaneRole, int] = {}
    lane_pid(engine, pids)
    request = request_for("good")
    ending(qtbot, engine, request)
    with qtbot.waitSignal(engine.model_opened, timeout=PATIENCE):
        engine.open_model("m", Path(request.folder) / "model", data)
    begun(qtbot, engine, request_for("patient", steps=10**6))
    with qtbot.waitSignal(engine.run_ended, timeout=PATIENCE) as ended:
        os.kill(pids[LaneRole.WORK], signal.SIGKILL)
    assert ended.args[0].state is RunState.FAILED
    assert "SIGKILL" in ended.args[0].cause
    assert "Resume" in ended.args[0].offers
    with qtbot.waitSignal(engine.answered, timeout=PATIENCE):
        engine.ask("view", "m")
    assert engine.lanes == {LaneRole.WORK: LaneState.DOWN, LaneRole.ANSWER: LaneState.UP}


def test_cancel_is_cooperative_and_leaves_no_model(qtbot: QtBot, engine: Engine, request_for: Make) -> None:
    pids: dict[LaneRole, int] = {}
    lane_pid(engine, pids)
    request = request_for("patient", steps=10**6)
    begun(qtbot, engine, request)
    with qtbot.waitSignal(engine.run_ended, timeout=PATIENCE) as ended:
        engine.cancel(request.run)
    assert ended.args[0].state is RunState.CANCELLED
    assert not (Path(request.folder) / "model").exists()
    assert alive(pids[LaneRole.WORK])
    assert engine.lanes[LaneRole.WORK] is LaneState.UP


def test_a_deaf_run_is_stopped_by_force(qtbot: QtBot, engine: Engine, request_for: Make) -> None:
    request = request_for("deaf")
    begun(qtbot, engine, request)
    with qtbot.waitSignal(engine.run_ended, timeout=PATIENCE) as ended:
        engine.cancel(request.run)
    assert ended.args[0].state is RunState.CANCELLED
    assert "by force" in ended.args[0].sentence
    assert ending(qtbot, engine, request_for("good")).state is RunState.DONE


def test_pause_holds_and_resume_goes_on(qtbot: QtBot, engine: Engine, request_for: Make) -> None:
    request = request_for("patient", steps=10**6)
    begun(qtbot, engine, request)

    def is_(state: RunState) -> Callable[[RunChanged], bool]:
        return lambda change: change.state is state

    with qtbot.waitSignal(engine.run_changed, timeout=PATIENCE, check_params_cb=is_(RunState.PAUSED)):
        engine.pause(request.run)
    with qtbot.waitSignal(engine.events, timeout=PATIENCE):
        engine.resume(request.run)
    assert (Path(request.folder) / "checkpoints").exists()  # one was written at the pause
    with qtbot.waitSignal(engine.run_ended, timeout=PATIENCE):
        engine.cancel(request.run)


def test_a_cancelled_run_resumes_to_the_same_figures(qtbot: QtBot, engine: Engine, request_for: Make) -> None:
    totals: dict[int, dict[int, float]] = {}
    engine.events.connect(
        lambda batch: totals.setdefault(batch.run, {}).update(
            {e.step: e.value for e in batch.events if isinstance(e, Scalar)}
        )
    )
    whole = request_for("good", steps=300)
    ending(qtbot, engine, whole)
    broken = request_for("patient", steps=300)
    begun(qtbot, engine, broken)
    with qtbot.waitSignal(engine.run_ended, timeout=PATIENCE):
        engine.cancel(broken.run)
    reached = max(totals[broken.run])
    assert reached < 299
    ended = ending(qtbot, engine, request_for("good", steps=300, run=broken.run, resume=True))
    assert ended.state is RunState.DONE
    assert totals[broken.run] == totals[whole.run]


def test_a_flood_neither_blocks_nor_breaks(qtbot: QtBot, engine: Engine, request_for: Make) -> None:
    batches = []
    engine.events.connect(lambda batch: batches.append(len(batch.events)))
    ended = ending(qtbot, engine, request_for("flood", steps=10))
    assert ended.state is RunState.DONE
    assert sum(batches) >= 100_000
    assert len(batches) < 40 * max(ended.seconds, 1)
    assert "stray output" in engine.log_of(LaneRole.WORK).read_text(encoding="utf-8")


def test_of_one_view_only_the_newest_query_is_answered_to_its_end(
    qtbot: QtBot, engine: Engine, request_for: Make, data: DataReference
) -> None:
    request = request_for("good")
    ending(qtbot, engine, request)
    finals: list[Answered] = []
    engine.answered.connect(lambda a: finals.append(a) if a.answer.stage is Budget.FINAL else None)
    engine.open_model("m", Path(request.folder) / "model", data)
    with qtbot.waitSignal(engine.answered, timeout=PATIENCE):
        engine.ask("view", "m", values={"steps": 10**6})
    numbers = [engine.ask("view", "m", values={"steps": 10**6}) for _ in range(50)]
    last = engine.ask("view", "m", (2,), values={"shift": 1.0})
    qtbot.waitUntil(lambda: bool(finals), timeout=PATIENCE)
    assert [a.number for a in finals] == [last]
    assert last == numbers[-1] + 1


def test_a_crash_in_an_answer_is_refused_and_the_model_answers_again(
    qtbot: QtBot, engine: Engine, request_for: Make, data: DataReference
) -> None:
    request = request_for("good")
    ending(qtbot, engine, request)
    with qtbot.waitSignal(engine.model_opened, timeout=PATIENCE):
        engine.open_model("m", Path(request.folder) / "model", data)
    with qtbot.waitSignal(engine.refused, timeout=PATIENCE) as refused:
        engine.ask("view", "m", values={"way": "crash"})
    assert "The model is kept." in refused.args[0].sentence
    with qtbot.waitSignal(engine.answered, timeout=PATIENCE):
        engine.ask("view", "m")


def test_a_hanging_answer_can_be_ended_from_outside(
    qtbot: QtBot, engine: Engine, request_for: Make, data: DataReference
) -> None:
    request = request_for("good")
    ending(qtbot, engine, request)
    with qtbot.waitSignal(engine.model_opened, timeout=PATIENCE):
        engine.open_model("m", Path(request.folder) / "model", data)
    engine.ask("view", "m", values={"way": "deaf"})
    with qtbot.waitSignal(engine.refused, timeout=PATIENCE):
        engine.end_lane(LaneRole.ANSWER)


def test_a_refused_input_ends_before_work(qtbot: QtBot, engine: Engine, request_for: Make) -> None:
    request = request_for("good")
    Path(request.data.path).unlink()
    ended = ending(qtbot, engine, request)
    assert ended.refused
    assert "three.csv" in ended.sentence


def test_closing_interrupts_what_runs_and_ends_every_process_and_thread(
    qtbot: QtBot, engine: Engine, request_for: Make, data: DataReference
) -> None:
    pids: dict[LaneRole, int] = {}
    lane_pid(engine, pids)
    done = request_for("good")
    ending(qtbot, engine, done)
    with qtbot.waitSignal(engine.model_opened, timeout=PATIENCE):
        engine.open_model("m", Path(done.folder) / "model", data)
    begun(qtbot, engine, request_for("patient", steps=10**6))
    engine.submit(request_for("good"))
    endings: list[RunEnded] = []
    engine.run_ended.connect(endings.append)
    assert engine.close()
    assert {ended.state for ended in endings} == {RunState.INTERRUPTED}
    assert len(endings) == 2
    assert not any(alive(pid) for pid in pids.values())
    assert not [t for t in threading.enumerate() if "lane" in t.name or "engine" in t.name]


def test_a_job_is_awaited_and_tells_its_events(engine: Engine, request_for: Make, qt_loop: QEventLoop) -> None:
    request = request_for("good")

    async def run() -> tuple[list[int], RunEnded, RunEnded]:
        job = engine.submit(request)
        steps = [event.step async for event in job if isinstance(event, Scalar)]
        ended = await job
        assert [event async for event in job] == []  # nothing comes after the end
        return steps, ended, await job

    steps, ended, again = qt_loop.run_until_complete(asyncio.wait_for(run(), PATIENCE / 1000))
    assert steps == [0, 1, 2, 3, 4]
    assert ended.state is RunState.DONE
    assert again == ended
    assert engine.job(request.run) is None


def test_several_wait_for_one_job_and_leaving_early_harms_nobody(
    engine: Engine, request_for: Make, qt_loop: QEventLoop
) -> None:
    request = request_for("patient", steps=10**6)

    async def first_event() -> None:
        async for _ in job:
            return

    async def run() -> list[RunEnded]:
        waiting = [asyncio.ensure_future(_wait(job)) for _ in range(2)]
        given_up = asyncio.ensure_future(_wait(job))
        await first_event()
        given_up.cancel()
        engine.cancel(request.run)
        return await asyncio.gather(*waiting)

    job = engine.submit(request)
    endings = qt_loop.run_until_complete(asyncio.wait_for(run(), PATIENCE / 1000))
    assert [ended.state for ended in endings] == [RunState.CANCELLED] * 2


async def _wait(job: Job) -> RunEnded:
    return await job


def test_leaving_a_project_interrupts_its_runs_and_tells_when_all_have_ended(
    qtbot: QtBot, engine: Engine, request_for: Make
) -> None:
    running, waiting = request_for("patient", steps=10**6), request_for("good")
    begun(qtbot, engine, running)
    engine.submit(waiting)
    endings: list[RunEnded] = []
    engine.run_ended.connect(endings.append)
    with qtbot.waitSignal(engine.all_ended, timeout=PATIENCE):
        engine.end_runs()
        assert not endings, "it does not wait"
    assert [(ended.run, ended.state) for ended in endings] == [
        (waiting.run, RunState.INTERRUPTED), (running.run, RunState.INTERRUPTED),
    ]
    assert ending(qtbot, engine, request_for("good", run=running.run)).state is RunState.DONE
    with qtbot.waitSignal(engine.all_ended, timeout=PATIENCE):
        engine.end_runs()


APPLICATION = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from engines.data.reference import DataReference
from engines.runtime.messages import RunRequest
from studio.engine import Engine

application = QCoreApplication([])
engine = Engine(logs=Path(sys.argv[1]) / "logs")
engine.lane_changed.connect(lambda change: change.pid and print(change.pid, flush=True))
engine.events.connect(lambda batch: print("working", flush=True))
data = DataReference(sys.argv[2], types={"x": "number"}, roles={"x": "factor"})
engine.submit(RunRequest(1, "troubled", data, {"way": sys.argv[3], "steps": 10**6}, 0, sys.argv[1] + "/run"))
application.exec()
"""


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs a way to wait for a process that is no child")
@pytest.mark.parametrize("way", ["patient", "deaf"])
def test_a_killed_application_leaves_no_lane_behind(
    engine: Engine, data: DataReference, tmp_path: Path, way: str
) -> None:
    command = [sys.executable, "-c", APPLICATION, str(tmp_path / "application"), data.path, way]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as application:
        assert application.stdout is not None
        lane = os.pidfd_open(int(application.stdout.readline()))
        assert application.stdout.readline() == "working\n"
        application.kill()
    try:
        ended, _, _ = select.select([lane], [], [], PATIENCE / 1000)
        assert ended
    finally:
        os.close(lane)
