"""A run from request to ending in this process, and the lane's own logic without a process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import weakref
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engines import models
from engines.contract import Answer, Budget, Inputs, Query
from engines.data.reading import read
from engines.data.reference import DataReference
from engines.refusals import Refusal
from engines.runtime import execution, local, memory
from engines.runtime.answering import Models
from engines.runtime.context import Cancelled, Token
from engines.runtime.devices import check_device, default_threads
from engines.runtime.lane import Inbox
from engines.runtime.messages import (
    Answered,
    Ask,
    CancelRun,
    CloseModel,
    ContinueRun,
    Event,
    Message,
    ModelOpened,
    OpenModel,
    PauseRun,
    Progress,
    Refused,
    RunRequest,
    RunState,
    Scalar,
    StartRun,
    Stop,
)
from tests.installing import install

TESTS = Path(__file__).parent.parent
ROLES = {"group": "treatment", "pain": "outcome"}


@pytest.fixture(autouse=True)
def _installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(TESTS / "third_party_method", tmp_path / "site", monkeypatch)
    install(TESTS / "engine" / "troubled_package", tmp_path / "troubled", monkeypatch)


@pytest.fixture
def data(tmp_path: Path) -> DataReference:
    generator = np.random.default_rng(1)
    rows = [f"control,{x:.4f}" for x in generator.normal(size=30)]
    rows += [f"treated,{x + 3:.4f}" for x in generator.normal(size=40)]
    path = tmp_path / "trial.csv"
    path.write_text("group,pain\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return DataReference(str(path), types={"group": "category", "pain": "number"}, roles=ROLES)


@pytest.fixture
def request_(tmp_path: Path, data: DataReference) -> RunRequest:
    return RunRequest(3, "rank_transport", data, {"points": 11, "resamples": 8}, 5, str(tmp_path / "run"))


def changed(request: RunRequest, **fields: Any) -> RunRequest:
    return RunRequest(**{**vars(request), **fields})


def test_a_run_leaves_model_card_results_and_events(request_: RunRequest, tmp_path: Path) -> None:
    events: list[Event] = []
    ended = local.run(request_, events.extend)
    assert (ended.state, ended.sentence, ended.run) == (RunState.DONE, "", 3)
    assert ended.seconds > 0
    assert ended.memory > 1 << 20
    document = models.read_card(tmp_path / "run" / "model")
    card = document["card"]
    assert document["method"] == "rank_transport"
    assert card["parameters"] == {"points": 11, "resamples": 8, "smoothing": 0.0}
    assert (card["seed"], card["threads"], card["data"]["items"], card["run"]) == (5, 1, 70, 3)
    assert {"python", "numpy"} <= card["versions"].keys()
    last = [event for event in events if isinstance(event, Scalar)][-1]
    assert card["figures"] == {last.name: last.value}
    assert list(execution.read_results(tmp_path / "run")) == ["quantiles", "medians"]
    assert [event for event in events if isinstance(event, Progress)][-1] == Progress("resampling", 8, 8)
    assert not list((tmp_path / "run").rglob("*.part"))


def test_fitting_in_memory_gives_the_same_model_as_a_request(request_: RunRequest, tmp_path: Path) -> None:
    local.run(request_)
    method = execution.catalogue.load("rank_transport")
    stored = models.load(tmp_path / "run" / "model", method)
    fitted = local.fit("rank_transport", Inputs(read(request_.data)), request_.parameters, seed=5)
    np.testing.assert_array_equal(fitted.model.deviation, stored.deviation)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"method": "nonsense"}, "There is no method nonsense."),
        ({"parameters": {"points": 1}}, "points cannot be 1"),
        ({"parameters": {"pionts": 9}}, "There is no setting pionts."),
        ({"device": "cuda:77"}, "cuda:77 is not there."),
    ],
)
def test_what_cannot_be_used_is_refused_before_any_work(
    request_: RunRequest, tmp_path: Path, fields: dict[str, Any], words: str
) -> None:
    ended = local.run(changed(request_, **fields))
    assert (ended.state, ended.refused, ended.trace) == (RunState.FAILED, True, "")
    assert ended.sentence.startswith(words)
    assert not (tmp_path / "run").exists()


def test_roles_that_are_missing_are_refused_with_the_way_out(request_: RunRequest) -> None:
    data = DataReference(request_.data.path, types=request_.data.types, roles={"group": "id", "pain": "outcome"})
    ended = local.run(changed(request_, data=data))
    assert ended.refused
    assert "role treatment" in ended.sentence
    assert ended.cause


def test_an_error_in_a_method_is_told_with_its_trace_and_cause(request_: RunRequest, data: DataReference) -> None:
    reference = DataReference(data.path, types=data.types, roles={"group": "left out", "pain": "factor"})
    request = changed(request_, method="troubled", data=reference, parameters={"way": "wrong"})
    ended = local.run(request)
    assert (ended.state, ended.refused) == (RunState.FAILED, False)
    assert ended.sentence == "Run 3 stopped by an error in troubled."
    assert ended.cause == "ZeroDivisionError: no such number"
    assert "in fit" in ended.trace


def test_memory_is_given_back_after_it_ran_out(request_: RunRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[weakref.ref[np.ndarray]] = []
    free_when_given_back: list[bool] = []

    def greedy(inputs: Inputs, parameters: object, run: object) -> None:
        most_of_it = np.ones(1000)
        held.append(weakref.ref(most_of_it))
        np.empty(1 << 50, dtype=np.uint8)

    method = replace(execution.catalogue.load("rank_transport"), fit=greedy)
    monkeypatch.setattr(execution.catalogue, "load", lambda name: method)
    monkeypatch.setattr(execution, "give_memory_back", lambda: free_when_given_back.append(held[0]() is None))
    ended = local.run(request_)
    assert ended.sentence == "The engine ran out of memory. Nothing finished is lost."
    assert free_when_given_back == [True]


@pytest.mark.parametrize(
    ("error", "out"),
    [
        (MemoryError(), True),
        (RuntimeError("[enforce fail at alloc_cpu.cpp:117] DefaultCPUAllocator: can't allocate memory"), True),
        (RuntimeError("CUDA error: out of memory"), True),
        (RuntimeError("shapes do not match"), False),
        (ValueError("out of memory"), False),
    ],
)
def test_what_counts_as_out_of_memory(error: Exception, out: bool) -> None:
    assert memory.ran_out_of_memory(error) is out


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="the system tells only the peak of a life")
def test_the_peak_is_that_of_the_run() -> None:
    held = np.ones(50 << 20, dtype=np.uint8)
    before = memory.peak_memory()
    del held
    memory.forget_peak()
    assert memory.peak_memory() < before - (40 << 20)


def test_a_run_without_a_checkpoint_to_go_on_from_says_so(request_: RunRequest) -> None:
    events: list[Event] = []
    assert local.run(changed(request_, resume=True), events.extend).state is RunState.DONE
    assert [event.text for event in events if isinstance(event, Message)] == [
        "There is no checkpoint to go on from; the run begins again."
    ]


def test_a_full_disk_is_named(request_: RunRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: object, **named: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(models, "save", full)
    ended = local.run(request_)
    assert ended.state is RunState.FAILED
    assert ended.sentence.startswith("The disk is full")


def test_a_limit_on_time_ends_the_run_with_a_sentence(request_: RunRequest) -> None:
    ended = local.run(request_, time_limit=0.0)
    assert ended.sentence == "Run 3 took longer than the 0 s it was given."


def test_cancel_leaves_no_model(request_: RunRequest, tmp_path: Path) -> None:
    token = Token()
    ended = local.run(request_, lambda events: token.cancel(), token)
    assert ended.state is RunState.CANCELLED
    assert not (tmp_path / "run" / "model").exists()
    with pytest.raises(Cancelled):
        local.fit("rank_transport", Inputs(read(request_.data)), token=token)


def test_a_device_that_does_not_exist_is_refused_with_ways_out() -> None:
    check_device("cpu")
    for device in ("cuda:99", "mps:5", "tpu", "cuda:x"):
        with pytest.raises(Refusal) as refused:
            check_device(device)
        assert refused.value.offers == ("Use CPU", "Choose a device")


def test_some_core_is_left_to_the_window() -> None:
    assert 1 <= default_threads() <= max(1, (os.cpu_count() or 1) - 1)


# answers


def test_answers_stop_at_the_budget_and_the_last_is_given(request_: RunRequest) -> None:
    inputs = Inputs(read(request_.data))
    model = local.fit("rank_transport", inputs).model
    query = Query(inputs.data.rows([0]), {"group": "treated"}, budget=Budget.VALUES)
    assert [answer.stage for answer in local.answers(model, query)] == [Budget.VALUES]
    assert local.answered(model, Query(query.factual, query.do)).stage is Budget.FINAL


def test_a_model_that_draws_from_global_state_answers_the_same_again_and_leaves_it_alone() -> None:
    class Dice:
        def answer(self, query: Query) -> Iterator[Answer]:
            for step in range(3):
                yield Answer(Budget.FINAL, (), step=step, total=int(np.random.randint(10**6)))  # noqa: NPY002

    query = Query(None, seed=4)  # type: ignore[arg-type]
    before = np.random.get_state(legacy=False)["state"]["pos"]  # noqa: NPY002
    first = local.answered(Dice(), query)  # type: ignore[arg-type]
    assert local.answered(Dice(), query).total == first.total  # type: ignore[arg-type]
    assert np.random.get_state(legacy=False)["state"]["pos"] == before  # noqa: NPY002


def test_models_are_opened_asked_and_closed(request_: RunRequest, tmp_path: Path) -> None:
    local.run(request_)
    held = Models()
    opened = held.open(OpenModel("m", str(tmp_path / "run" / "model"), request_.data))
    assert isinstance(opened, ModelOpened)
    assert opened.method == "rank_transport"
    assert [control.name for control in opened.controls] == ["group", "way"]
    said = list(held.ask(Ask("v", 1, "m", (2,), {"group": "treated"})))
    assert all(isinstance(answer, Answered) for answer in said)
    (refused,) = held.ask(Ask("v", 2, "m", (999,)))
    assert isinstance(refused, Refused)
    assert refused.sentence == "trial has no row 999."
    held.close("m")
    (refused,) = held.ask(Ask("v", 3, "m", (2,)))
    assert isinstance(refused, Refused)
    assert refused.sentence == "This model is not open."


def test_a_pickle_offered_as_a_model_is_refused_unread(tmp_path: Path) -> None:
    trap = tmp_path / "sprung"
    pickle = b"\x80\x04c" + b"os\nmkdir\n(V" + str(trap).encode() + b"\ntR."
    (tmp_path / "model.pkl").write_bytes(pickle)
    refused = Models().open(OpenModel("m", str(tmp_path / "model.pkl"), None))
    assert isinstance(refused, Refused)
    assert "is a pickle, which can run code" in refused.sentence
    assert not trap.exists()


@pytest.mark.parametrize("harm", ["cut", "gone", "other"])
def test_a_damaged_model_is_refused_with_a_sentence(request_: RunRequest, tmp_path: Path, harm: str) -> None:
    local.run(request_)
    folder = tmp_path / "run" / "model"
    if harm == "cut":
        tensors = folder / "tensors.safetensors"
        tensors.write_bytes(tensors.read_bytes()[:-20])
    elif harm == "gone":
        (folder / "tensors.safetensors").unlink()
    else:
        document = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        document["fields"]["unknown"] = 1
        (folder / "model.json").write_text(json.dumps(document), encoding="utf-8")
    refused = Models().open(OpenModel("m", str(folder), None))
    assert isinstance(refused, Refused)
    assert refused.sentence.endswith(".")
    assert refused.number == 0


# the lane's inbox


def ask(number: int, view: str = "v") -> Ask:
    return Ask(view, number, "m", ())


def test_cancel_and_pause_overtake_what_waits(request_: RunRequest) -> None:
    inbox = Inbox()
    inbox.put(StartRun(request_))
    inbox.put(PauseRun(3))
    assert inbox.token(3).paused
    inbox.put(ContinueRun(3))
    assert not inbox.token(3).wanted
    inbox.put(CancelRun(3))
    assert inbox.token(3).cancelled
    assert inbox.next() == StartRun(request_)
    inbox.forget(3)
    for late in (CancelRun(3), PauseRun(3), ContinueRun(3)):
        inbox.put(late)


def test_a_newer_query_of_the_same_view_ends_the_older_one() -> None:
    inbox = Inbox()
    assert not inbox.superseded(ask(1))
    inbox.put(ask(2, "another view"))
    inbox.put(CloseModel("other"))
    assert not inbox.superseded(ask(1))
    inbox.put(ask(2))
    assert inbox.superseded(ask(1))


def test_stopping_ends_runs_and_answers(request_: RunRequest) -> None:
    inbox = Inbox()
    inbox.put(StartRun(request_))
    inbox.put(Stop())
    assert inbox.token(3).cancelled
    assert inbox.superseded(ask(1))


def test_a_lane_whose_application_is_gone_ends_by_itself() -> None:
    command = [sys.executable, "-m", "engines.runtime.lane", "--role", "work"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as lane:
        assert lane.stdout is not None
        assert lane.stdin is not None
        assert lane.stdout.read(8)  # it is up
        lane.stdin.close()
        watchdog = threading.Timer(60, lane.kill)
        watchdog.start()
        assert lane.wait() == 0
        watchdog.cancel()
        watchdog.join()
        lane.stdin = None


def test_a_lane_loads_no_torch_before_a_method_needs_it() -> None:
    code = "import sys, engines.runtime.lane; sys.exit('torch' in sys.modules or 'sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
