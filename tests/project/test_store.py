"""What a project's memory is. One class defines it; every implementation inherits all of it."""

from __future__ import annotations

import math
import random
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from engines.data.reference import DataReference
from engines.graph.graph import Graph
from engines.results import CurveResult, Line
from engines.runtime.messages import RunEnded, RunRequest, RunState, Scalar
from studio.project import Kind, Store
from studio.project.database import FileStore
from studio.project.memory import MemoryStore
from studio.project.store import STEPS

GRAPH = Graph.of(["dose", "pain"], [("dose", "pain")])
REQUEST = RunRequest(
    0, "colide", DataReference("/data/x.csv", roles={"a": "id"}), {"lambda_1": 0.05}, 7, "", GRAPH, threads=2
)


class Definition:
    """The tests that every store passes; a subclass gives the fixture `store`."""

    def test_a_run_comes_back_as_it_was_given(self, store: Store) -> None:
        number = store.add_run(REQUEST, title="first")
        record = store.run(number)
        assert record is not None
        assert (record.number, record.state, record.title, record.ending) == (number, RunState.QUEUED, "first", None)
        assert record.request.folder.endswith(f"/{number}")
        assert (record.request.method, record.request.data, record.request.parameters) == (
            REQUEST.method, REQUEST.data, REQUEST.parameters,
        )
        assert (record.request.graph, record.request.seed, record.request.threads) == (GRAPH, 7, 2)

    def test_numbers_grow_and_are_not_given_twice(self, store: Store) -> None:
        first, second = store.add_run(REQUEST), store.add_run(REQUEST, origin=1)
        store.remove_run(second)
        third = store.add_run(REQUEST, origin=first)
        assert first < second < third
        assert [record.number for record in store.runs()] == [first, third]
        assert store.runs()[1].origin == first

    def test_states_and_endings(self, store: Store) -> None:
        number = store.add_run(REQUEST)
        store.set_state(number, RunState.RUNNING)
        store.set_checkpoint(number, 400)
        ended = RunEnded(number, RunState.FAILED, "It stopped.", "Because.", ("Retry",), "trace", seconds=1.5)
        store.end_run(ended)
        record = store.run(number)
        assert record is not None
        assert (record.state, record.checkpoint, record.ending) == (RunState.FAILED, 400, ended)

    def test_a_run_that_goes_on_has_no_ending(self, store: Store) -> None:
        number = store.add_run(REQUEST)
        store.end_run(RunEnded(number, RunState.INTERRUPTED))
        store.set_state(number, RunState.QUEUED)
        record = store.run(number)
        assert record is not None
        assert record.ending is None

    def test_scalars_keep_order_units_and_what_is_no_number(self, store: Store) -> None:
        number = store.add_run(REQUEST)
        store.add_scalars(number, [Scalar("loss", 2, 0.5, "nats"), Scalar("rate", 0, 1e-3), Scalar("loss", 0, 4.0)])
        values = {1: math.nan, 3: math.inf, 4: -math.inf}
        store.add_scalars(number, [Scalar("loss", step, value) for step, value in values.items()])
        series = store.scalars(number)
        assert list(series) == ["loss", "rate"]
        assert series["loss"].unit == "nats"
        np.testing.assert_array_equal(series["loss"].steps, [0, 1, 2, 3, 4])
        np.testing.assert_array_equal(series["loss"].values, [4.0, math.nan, 0.5, math.inf, -math.inf])

    def test_a_point_at_the_same_step_replaces(self, store: Store) -> None:
        number = store.add_run(REQUEST)
        store.add_scalars(number, [Scalar("loss", 1, 1.0)])
        store.add_scalars(number, [Scalar("loss", 1, 2.0)])
        np.testing.assert_array_equal(store.scalars(number)["loss"].values, [2.0])

    def test_messages_and_results(self, store: Store) -> None:
        number = store.add_run(REQUEST)
        store.add_messages(number, ["one", "two"])
        store.add_messages(number, ["three"])
        for height in (1.0, 2.0):
            line = Line("a", np.arange(3.0), np.full(3, height))
            store.put_result(number, CurveResult("quantiles", "Quantiles", (line,)))
        assert store.messages(number) == ("one", "two", "three")
        (result,) = store.results(number).values()
        assert isinstance(result, CurveResult)
        np.testing.assert_array_equal(result.lines[0].y, [2.0, 2.0, 2.0])

    def test_removing_a_run_removes_what_it_told_and_nothing_else(self, store: Store) -> None:
        gone, kept = store.add_run(REQUEST), store.add_run(REQUEST)
        for number in (gone, kept):
            store.add_scalars(number, [Scalar("loss", 0, 1.0)])
            store.add_messages(number, ["hello"])
        store.remove_run(gone)
        assert (store.scalars(gone), store.messages(gone), store.results(gone)) == ({}, (), {})
        assert store.messages(kept) == ("hello",)
        assert list(store.scalars(kept)) == ["loss"]

    def test_documents(self, store: Store) -> None:
        store.put(Kind.SETTING, "motion", {"reduced": True})
        store.put_graph(GRAPH)
        store.put_data("x", REQUEST.data)
        store.put(Kind.LAYOUT, "docks", [1, 2.5, "ü", None])
        assert store.get(Kind.SETTING, "motion") == {"reduced": True}
        assert store.get(Kind.LAYOUT, "docks") == [1, 2.5, "ü", None]
        assert store.graph() == GRAPH
        assert store.data() == {"x": REQUEST.data}
        store.put(Kind.DATA, "x", None)
        assert store.data() == {}
        assert store.get(Kind.GRAPH, "other") is None

    def test_500_edits_undone_and_done_again_give_the_same_states(self, store: Store) -> None:
        random_ = random.Random(5)
        states = [self.state(store)]
        for number in range(500):
            kind, name = random_.choice(list(Kind)), random_.choice("abc")
            value = None if random_.random() < 0.1 else {"value": random_.randrange(10)}
            store.change(f"edit {number}", kind, name, store.get(kind, name), value)
            states.append(self.state(store))
        for expected in reversed(states[:-1]):
            assert store.undo() is not None
            assert self.state(store) == expected
        assert store.undo() is None
        for expected in states[1:]:
            assert store.redo() is not None
            assert self.state(store) == expected
        assert store.redo() is None

    def test_a_new_edit_forgets_what_was_undone(self, store: Store) -> None:
        store.change("one", Kind.GRAPH, "g", None, 1)
        store.change("two", Kind.GRAPH, "g", 1, 2)
        store.undo()
        edit = store.change("three", Kind.GRAPH, "g", 1, 3)
        assert (edit.before, edit.after) == (1, 3)
        assert (store.next_undo(), store.next_redo()) == (edit, None)
        assert store.titles() == ("three", "")
        edits, done = store.history()
        assert ([e.title for e in edits], done) == (["one", "three"], 2)
        assert store.redo() is None

    def test_a_step_that_is_passed_over_leaves_its_document(self, store: Store) -> None:
        for number in (1, 2):
            store.change(f"to {number}", Kind.WISH, "model", number - 1, number)
        assert store.undo(pass_over=True).title == "to 2"
        assert store.get(Kind.WISH, "model") == 2
        assert store.next_redo().title == "to 2"
        store.undo()
        assert store.get(Kind.WISH, "model") == 0
        assert store.redo(pass_over=True).title == "to 1"
        assert store.get(Kind.WISH, "model") == 0
        store.redo()
        assert store.get(Kind.WISH, "model") == 2

    def test_the_oldest_steps_are_forgotten_by_number_and_by_size(self, store: Store, monkeypatch) -> None:
        for number in range(STEPS + 5):
            store.change(f"{number}", Kind.GRAPH, "g", number, number + 1)
        edits, done = store.history()
        assert (len(edits), done, edits[0].title) == (STEPS, STEPS, "5")
        for module in ("database", "memory"):
            monkeypatch.setattr(f"studio.project.{module}.STEP_BYTES", 2**20)
        noise = random.Random(1).randbytes(2**18).hex()             # half of the room; it cannot be packed much
        for title in ("large", "larger", "largest"):
            store.change(title, Kind.LAYOUT, "l", noise, noise)
        assert [edit.title for edit in store.history()[0]] == ["largest"]
        assert store.get(Kind.GRAPH, "g") == STEPS + 5

    def test_several_threads_lose_nothing(self, store: Store) -> None:
        numbers: list[int] = []

        def work(thread: int) -> None:
            for step in range(25):
                numbers.append(store.add_run(REQUEST))
                store.add_scalars(1, [Scalar(f"of {thread}", step, float(step))])

        threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(set(numbers)) == len(store.runs()) == 100
        assert all(len(series.steps) == 25 for series in store.scalars(1).values())

    @staticmethod
    def state(store: Store) -> dict[tuple[str, str], object]:
        return {(str(kind), name): value for kind in Kind for name, value in store.all(kind).items()}


class TestMemoryStore(Definition):
    @pytest.fixture
    def store(self) -> Store:
        return MemoryStore()


class TestFileStore(Definition):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[Store]:
        store = FileStore(tmp_path / "project.db", tmp_path / "runs")
        yield store
        store.close()


class TestFileStoreOpenedAgain(Definition):
    """Everything is read by another connection than the one that wrote it."""

    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[Store]:
        class Twice:
            def __init__(self) -> None:
                self.writer = FileStore(tmp_path / "project.db", tmp_path / "runs")
                self.reader = FileStore(tmp_path / "project.db", tmp_path / "runs", read_only=True)

            def __getattr__(self, verb: str) -> object:
                reads = {"run", "runs", "scalars", "messages", "results", "get", "all", "graph", "data", "history"}
                reads |= {"next_undo", "next_redo", "titles"}
                return getattr(self.reader if verb in reads else self.writer, verb)

        twice = Twice()
        yield twice  # type: ignore[misc]
        twice.writer.close()
        twice.reader.close()
