"""The run's context: batches, progress, pause, cancel, checkpoints and randomness, without any process."""

from __future__ import annotations

import contextlib
import random
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from engines.results import CurveResult, Span, TextResult
from engines.runtime.checkpoints import Checkpoint, Checkpoints
from engines.runtime.context import Cancelled, RunContext, TimeUp, Token
from engines.runtime.messages import Checkpointed, Event, Message, Progress, Scalar, Shown
from engines.runtime.randomness import Fork, Generators


class Told(list[Event]):
    """Collects batches; `context` makes a run that tells it all."""

    def __init__(self) -> None:
        super().__init__()
        self.batches = 0

    def take(self, events: tuple[Event, ...]) -> None:
        self.batches += 1
        self.extend(events)

    def context(self, **how: Any) -> RunContext:
        return RunContext(self.take, **how)

    def of(self, kind: type[Event]) -> list[Any]:
        return [event for event in self if isinstance(event, kind)]


@pytest.fixture
def told() -> Told:
    return Told()


# events and progress


def test_every_scalar_arrives_once_in_order_in_few_batches(told: Told) -> None:
    run = told.context(batch_seconds=3600.0)
    for step in range(1000):
        run.scalar("loss", 1 / (step + 1), step, "nats")
    run.flush()
    assert told.of(Scalar) == [Scalar("loss", step, 1 / (step + 1), "nats") for step in range(1000)]
    assert told.batches == 2  # the first at once, so that something is seen
    assert run.figures == {"loss": 1 / 1000}


def test_scalars_from_torch_and_numpy_are_plain_numbers(told: Told) -> None:
    run = told.context()
    run.scalar("a", torch.tensor(0.5, requires_grad=True), np.int64(3))
    run.scalar("b", np.float32(0.25), 0)
    run.flush()
    assert told == [Scalar("a", 3, 0.5), Scalar("b", 0, 0.25)]
    assert all(type(s.value) is float and type(s.step) is int for s in told.of(Scalar))


def test_of_results_of_one_name_only_the_last_in_a_batch_is_sent(told: Told) -> None:
    run = told.context(batch_seconds=None)
    for i in range(5):
        run.show(TextResult("text", str(i), (Span("x"),)))
        run.show(CurveResult("curve", str(i), ()))
    run.flush()
    assert [(e.result.name, e.result.title) for e in told.of(Shown)] == [("text", "4"), ("curve", "4")]
    assert run.results["text"].title == "4"


def test_nobody_is_told_anything_twice_when_another_thread_flushes(told: Told) -> None:
    run = told.context(batch_seconds=None)
    stop = threading.Event()

    def flush() -> None:
        while not stop.is_set():
            run.flush()

    flusher = threading.Thread(target=flush)
    flusher.start()
    for step in run.steps(20_000, "work"):
        run.scalar("loss", 0.0, step)
    stop.set()
    flusher.join()
    run.flush()
    assert [s.step for s in told.of(Scalar)] == list(range(20_000))
    done = [p.done for p in told.of(Progress)]
    assert done == sorted(done)
    assert done[-1] == 20_000


def test_progress_counts_what_is_done(told: Told) -> None:
    run = told.context(batch_seconds=0.0)
    assert list(run.steps(["a", "b"], "letters")) == ["a", "b"]
    assert list(run.steps(5, "numbers", start=3)) == [3, 4]
    assert list(run.steps((i for i in range(1)), "unknown")) == [0]
    run.flush()
    assert told.of(Progress) == [
        Progress("letters", 0, 2), Progress("letters", 1, 2),
        Progress("numbers", 3, 5), Progress("numbers", 4, 5),
        Progress("unknown", 0, None), Progress("unknown", 1, None),
    ]


def test_of_steps_inside_steps_the_outer_ones_are_the_progress(told: Told) -> None:
    run = told.context(batch_seconds=0.0)
    for _ in run.steps(2, "epochs"):
        for _ in run.steps(3, "batches"):
            pass
    run.flush()
    assert {p.phase for p in told.of(Progress)} == {"epochs"}


# pause and cancel


def test_cancel_ends_the_run_at_its_next_step() -> None:
    token = Token()
    seen = []

    def work(run: RunContext) -> None:
        for step in run.steps(10, "work"):
            seen.append(step)
            if step == 3:
                token.cancel()

    with pytest.raises(Cancelled):
        work(RunContext(token=token))
    assert seen == [0, 1, 2, 3]


def test_cancel_at_the_last_step_counts() -> None:
    token = Token()

    def work(run: RunContext) -> None:
        for _ in run.steps(1, "work"):
            token.cancel()

    with pytest.raises(Cancelled):
        work(RunContext(token=token))


def test_a_method_cannot_swallow_a_cancel_by_accident() -> None:
    token = Token()
    token.cancel()

    def work(run: RunContext) -> None:
        with contextlib.suppress(Exception):
            list(run.steps(3, "work"))

    with pytest.raises(Cancelled):
        work(RunContext(token=token))


def test_a_paused_run_holds_until_it_goes_on_or_is_cancelled() -> None:
    for end, outcome in ((Token.go_on, [0, 1, 2]), (Token.cancel, [0])):
        token = Token()
        held = threading.Event()
        run = RunContext(token=token, on_pause=held.set)
        seen: list[int] = []

        def work(run: RunContext = run, seen: list[int] = seen, token: Token = token) -> None:
            try:
                for step in run.steps(3, "work"):
                    seen.append(step)
                    if step == 0:
                        token.pause()
            except Cancelled:
                pass

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        assert held.wait(30)
        assert seen == [0]
        end(token)
        thread.join(30)
        assert seen == outcome


def test_a_pause_that_follows_at_once_is_told_again() -> None:
    token = Token()
    holds = threading.Semaphore(0)
    run = RunContext(token=token, on_pause=holds.release)
    token.pause()
    seen: list[int] = []
    thread = threading.Thread(target=lambda: [seen.append(step) for step in run.steps(2, "work")], daemon=True)
    thread.start()
    assert holds.acquire(timeout=30)
    token.go_on()
    token.pause()
    assert holds.acquire(timeout=30)
    assert seen == []
    token.go_on()
    thread.join(30)
    assert not thread.is_alive()


def test_the_fuse_ends_what_takes_too_long() -> None:
    run = RunContext(time_limit=0.0)
    with pytest.raises(TimeUp):
        list(run.steps(3, "work"))


# checkpoints


def draws(run: RunContext) -> list[float]:
    """One number of every kind of generator."""
    return [
        run.generator.random(), float(torch.rand((), generator=run.torch_generator)), float(torch.rand(())),
        float(np.random.random()), random.random(),  # noqa: NPY002
    ]


def walk(run: RunContext, steps: int = 6) -> list[list[float]]:
    """Draw some numbers for weights, then some at each step; go on where the run was stopped."""
    draws(run)
    drawn: list[list[float]] = [list(row) for row in run.resumed["drawn"]] if run.resumed else []
    for _ in run.steps(steps, "walk", start=len(drawn)):
        drawn.append(draws(run))
        run.checkpoint(lambda: {"drawn": drawn})
    return drawn


def test_a_resumed_run_draws_what_the_whole_run_draws(tmp_path: Path) -> None:
    with Fork(5):
        whole = walk(RunContext(seed=5))
    token = Token()
    stopping: Callable[[tuple[Event, ...]], None] = lambda events: token.cancel() if _at(events, 3) else None  # noqa: E731
    run = RunContext(stopping, seed=5, token=token, checkpoints=Checkpoints(tmp_path), batch_seconds=0.0)
    with pytest.raises(Cancelled), Fork(5):
        walk(run)
    checkpoint = Checkpoints(tmp_path).newest()
    assert checkpoint is not None
    assert 3 <= checkpoint.step < 6
    with Fork(5):
        resumed = walk(RunContext(seed=5, checkpoints=Checkpoints(tmp_path), resumed=checkpoint))
    assert resumed == whole


def _at(events: tuple[Event, ...], done: int) -> bool:
    return any(isinstance(event, Progress) and event.done == done for event in events)


def test_a_checkpoint_is_written_when_due_and_two_are_kept(tmp_path: Path, told: Told) -> None:
    run = told.context(checkpoints=Checkpoints(tmp_path), checkpoint_seconds=0.0)
    made = 0

    def state() -> dict[str, Any]:
        nonlocal made
        made += 1
        return {"made": made}

    for _ in run.steps(5, "work"):
        run.checkpoint(state)
    run.flush()
    assert made == 5
    assert [event.step for event in told.of(Checkpointed)] == [1, 2, 3, 4, 5]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["000004", "000005"]


def test_a_state_is_not_made_before_it_is_due(tmp_path: Path) -> None:
    run = RunContext(checkpoints=Checkpoints(tmp_path), checkpoint_seconds=3600.0)
    for _ in run.steps(5, "work"):
        run.checkpoint(lambda: pytest.fail("made too early"))


def test_a_checkpoint_that_cannot_be_written_is_said_and_the_run_goes_on(tmp_path: Path, told: Told) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    run = told.context(checkpoints=Checkpoints(tmp_path / "file"), checkpoint_seconds=0.0)
    for _ in run.steps(2, "work"):
        run.checkpoint(lambda: {"a": 1})
    run.flush()
    (message, _) = told.of(Message)
    assert message.text.startswith("A checkpoint could not be written")
    assert not told.of(Checkpointed)


def test_states_come_back_with_shapes_types_and_nesting(tmp_path: Path) -> None:
    network = torch.nn.Linear(3, 2)
    optimiser = torch.optim.Adam(network.parameters(), lr=0.1)
    network(torch.ones(1, 3)).sum().backward()
    optimiser.step()
    state = {
        "network": network.state_dict(), "optimiser": optimiser.state_dict(), "best": 0.5, "none": None,
        "rows": np.arange(6, dtype=np.int64).reshape(2, 3), "scalar": torch.tensor(2.0), "flags": (True, "x"),
    }
    Checkpoints(tmp_path).write(Checkpoint(7, "work", state, Generators(0).state()))
    back = Checkpoints(tmp_path).newest()
    assert back is not None
    assert (back.step, back.phase, back.state["best"], back.state["none"]) == (7, "work", 0.5, None)
    assert back.state["flags"] == (True, "x")
    assert back.state["scalar"].shape == ()
    np.testing.assert_array_equal(back.state["rows"], state["rows"])
    other = torch.nn.Linear(3, 2)
    other.load_state_dict(back.state["network"])
    again = torch.optim.Adam(other.parameters(), lr=0.9)
    again.load_state_dict(dict(back.state["optimiser"]))
    for one, two in ((network, optimiser), (other, again)):
        two.zero_grad()
        one(torch.ones(1, 3)).pow(2).sum().backward()
        two.step()
    assert torch.equal(network.weight, other.weight)


def test_a_damaged_checkpoint_falls_back_to_the_one_before(tmp_path: Path) -> None:
    checkpoints = Checkpoints(tmp_path)
    for step in (1, 2):
        checkpoints.write(Checkpoint(step, "work", {"step": step}, Generators(0).state()))
    (tmp_path / "000002" / "tensors.safetensors").write_bytes(b"\x10")
    newest = checkpoints.newest()
    assert newest is not None
    assert newest.step == 1
    (tmp_path / "000001" / "state.json").write_text("{", encoding="utf-8")
    assert checkpoints.newest() is None


# randomness


def test_a_fork_is_seeded_inside_and_leaves_no_trace_outside() -> None:
    outside = [random.getstate(), torch.get_rng_state().tolist(), np.random.get_state(legacy=False)["state"]["pos"]]  # noqa: NPY002
    drawn = []
    for _ in range(2):
        with Fork(3):
            drawn.append((random.random(), float(torch.rand(())), float(np.random.random())))  # noqa: NPY002
    assert drawn[0] == drawn[1]
    after = [random.getstate(), torch.get_rng_state().tolist(), np.random.get_state(legacy=False)["state"]["pos"]]  # noqa: NPY002
    assert after == outside


def test_a_fork_entered_again_goes_on() -> None:
    with Fork(3):
        together = [random.random(), random.random()]
    fork = Fork(3)
    apart = []
    for _ in range(2):
        with fork:
            apart.append(random.random())
        random.random()
    assert apart == together
