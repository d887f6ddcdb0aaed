"""Two engines at once. Torch's second name for the processor, "cpu:0", stands in for a graphics card: a run on it
works beside one on "cpu". Nothing here runs on a GPU.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from engines.data.reference import DataReference
from engines.runtime.instructions import LaneRole
from engines.runtime.messages import RunEnded, RunRequest, RunState
from studio.engine import Engines
from tests.installing import install

Make = Callable[..., RunRequest]
PATIENCE = 30_000
CARD = "cpu:0"


@pytest.fixture
def engines(qtbot: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engines]:
    """The engines of two devices, begun by what is sent to them; all ended after the test."""
    install(Path(__file__).parent / "troubled_package", tmp_path / "site", monkeypatch)
    engines = Engines("cpu", tmp_path / "logs")
    alarms: list[str] = []
    engines.alarmed.connect(alarms.append)
    yield engines
    assert engines.close()
    assert not alarms


def test_runs_of_two_devices_work_at_the_same_time_in_processes_of_their_own(
    qtbot: QtBot, engines: Engines, request_for: Make
) -> None:
    states: dict[int, RunState] = {}
    engines.run_changed.connect(lambda change: states.update({change.run: change.state}))
    one, waits, other = (request_for("patient", steps=10**6) for _ in range(3))
    other = replace(other, device=CARD)
    for request in (one, waits, other):
        engines.submit(request)
    qtbot.waitUntil(
        lambda: (states.get(one.run), states.get(other.run)) == (RunState.RUNNING, RunState.RUNNING), timeout=PATIENCE
    )
    assert states[waits.run] is RunState.QUEUED
    assert len(set(engines.pids())) == 2
    assert [engine.device for engine in engines.all()] == ["cpu", CARD]
    assert engines.log_of(LaneRole.WORK, CARD).exists()
    assert engines.log_of(LaneRole.WORK, CARD) != engines.log_of(LaneRole.WORK, "cpu")
    with qtbot.waitSignal(engines.run_ended, timeout=PATIENCE) as ended:
        engines.cancel(other.run)
    assert (ended.args[0].run, ended.args[0].state) == (other.run, RunState.CANCELLED)
    assert states[one.run] is RunState.RUNNING


def test_leaving_interrupts_the_runs_of_every_device_and_says_so_once(
    qtbot: QtBot, engines: Engines, request_for: Make
) -> None:
    ended: list[RunEnded] = []
    said: list[int] = []
    engines.run_ended.connect(ended.append)
    engines.all_ended.connect(lambda: said.append(len(ended)))
    requests = [request_for("patient", steps=10**6), replace(request_for("patient", steps=10**6), device=CARD)]
    running: set[int] = set()
    engines.run_changed.connect(lambda c: running.add(c.run) if c.state is RunState.RUNNING else None)
    for request in requests:
        engines.submit(request)
    qtbot.waitUntil(lambda: len(running) == 2, timeout=PATIENCE)
    with qtbot.waitSignal(engines.all_ended, timeout=PATIENCE):
        engines.end_runs()
    assert said == [2]
    assert {e.state for e in ended} == {RunState.INTERRUPTED}


def test_a_model_opened_again_on_another_device_is_asked_there_and_numbers_grow(
    qtbot: QtBot, engines: Engines, request_for: Make, data: DataReference
) -> None:
    request = request_for("good")
    with qtbot.waitSignal(engines.run_ended, timeout=PATIENCE):
        engines.submit(request)
    numbers = []
    for device in ("cpu", CARD):
        engines.device = device
        with qtbot.waitSignal(engines.model_opened, timeout=PATIENCE):
            engines.open_model("m", Path(request.folder) / "model", data)
        with qtbot.waitSignal(engines.answered, timeout=PATIENCE) as answered:
            numbers.append(engines.ask("view", "m"))
        assert answered.args[0].number == numbers[-1]
    assert numbers == [1, 2]
    assert all(engine.pids.get(LaneRole.ANSWER) for engine in engines.all())
