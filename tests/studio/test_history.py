"""The history: 500 edits of every kind undone and done again, with restarts at any moment; what cannot be taken."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engines.data.roles import Role
from engines.graph.graph import Graph
from studio.project import Kind
from tests.studio.edits import Sitting, edits


@pytest.fixture
def cells(tmp_path: Path) -> Path:
    path = tmp_path / "cells.csv"
    path.write_text("a,b,kind\n" + "".join(f"{i},{i % 3},{'xy'[i % 2]}\n" for i in range(12)), "utf-8")
    return path


@pytest.fixture
def sit(qapp, tmp_path: Path, cells: Path) -> Iterator[Callable[[], Sitting]]:
    """`sit()`: the project, opened; the last sitting is closed first."""
    sittings: list[Sitting] = []

    def again() -> Sitting:
        if sittings:
            sittings.pop().close()
        sittings.append(Sitting(tmp_path / "study.otherwise", cells))
        return sittings[-1]

    yield again
    sittings.pop().close()


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.robustness) for seed in range(2, 9))])
def test_500_edits_of_all_kinds_undone_and_done_again_with_restarts_between(sit, seed: int) -> None:
    chance = random.Random(seed)
    kinds = edits(chance)
    sitting = sit()
    states, titles, seen = [sitting.state()], [], set()
    while len(titles) < 500:
        name = chance.choice(list(kinds))
        kinds[name](sitting)
        if sitting.steps:
            sitting.steps.clear()
            titles.append(sitting.history.undo_text())
            states.append(sitting.state())
            seen.add(name)
        if chance.random() < 0.02:
            sitting = sit()
            assert sitting.state() == states[-1]
    assert seen == set(kinds)
    for number in reversed(range(500)):
        assert sitting.history.undo_text() == titles[number]
        sitting.history.undo()
        assert sitting.state() == states[number]
        if chance.random() < 0.02:
            sitting = sit()
            assert sitting.state() == states[number]
    assert sitting.history.undo_text() == ""
    for number in range(500):
        assert sitting.history.redo_text() == titles[number]
        sitting.history.redo()
        assert sitting.state() == states[number + 1]
        if chance.random() < 0.02:
            sitting = sit()
            assert sitting.state() == states[number + 1]
    assert sitting.history.redo_text() == ""
    assert sitting.said == []


def test_steps_of_a_data_set_that_is_closed_are_passed_over_together(sit) -> None:
    sitting = sit()
    sitting.workspace.set_graph(Graph.of("ab"), "Draw")
    for role in (Role.LABEL, Role.OUTCOME):
        sitting.workspace.set_role("a", role)
    sitting.workspace.remove_data("cells")
    sitting.history.undo()
    (refusal,) = sitting.said
    assert refusal.sentence.startswith("“Give a the role outcome” and 1 more could not be taken here")
    assert refusal.cause == "The data set cells is closed."
    assert sitting.workspace.graph == Graph.of("ab")
    assert sitting.project.store.data() == {}
    sitting.history.undo()
    assert sitting.workspace.graph == Graph()


def test_a_reader_may_ask_but_not_edit_and_is_told(sit, tmp_path: Path, cells: Path) -> None:
    writer = sit()
    writer.workspace.set_graph(Graph.of("ab"), "Draw")
    reader = Sitting(tmp_path / "study.otherwise", cells)
    assert reader.workspace.graph == Graph.of("ab")
    reader.workspace.set_graph(Graph(), "Empty")
    (refusal,) = reader.said
    assert "can only be read" in refusal.sentence
    assert reader.workspace.graph == Graph.of("ab")
    assert reader.history.undo_text() == ""
    reader.exploration.set("a", 4.0)
    assert reader.exploration.wish.do == {"a": 4.0}
    assert writer.project.store.get(Kind.WISH, writer.model)["do"] == {}
    reader.history.undo()
    assert reader.exploration.wish.do == {}
    assert len(reader.said) == 1
    reader.close()


def test_what_cannot_be_written_is_not_done(sit) -> None:
    sitting = sit()
    connection = sitting.project.store._connection
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")
    shown = []
    sitting.workspace.graph_changed.connect(shown.append)
    sitting.workspace.set_graph(Graph.of([f"a node with a long name {i}" for i in range(2000)]), "Draw")
    assert "The disk is full" in sitting.said[0].sentence
    assert sitting.workspace.graph == shown[-1] == Graph()
    assert sitting.history.undo_text() == ""
    connection.execute("PRAGMA max_page_count = 1000000")


def test_nothing_is_taken_back_while_a_project_opens(sit) -> None:
    sitting = sit()
    sitting.exploration.set("a", 4.0)
    sitting.history.hold(True)
    sitting.history.undo()
    assert sitting.exploration.wish.do == {"a": 4.0}
    assert sitting.history.undo_text() == ""
    sitting.history.hold(False)
    sitting.history.undo()
    assert sitting.exploration.wish.do == {}


def test_the_steps_of_a_model_go_with_a_project_that_is_moved(sit, tmp_path: Path, cells: Path) -> None:
    sitting = sit()
    sitting.exploration.set("a", 4.0)
    sitting.close()
    (tmp_path / "study.otherwise").rename(tmp_path / "named.otherwise")
    moved = Sitting(tmp_path / "named.otherwise", cells)
    assert moved.exploration.wish.do == {"a": 4.0}
    moved.history.undo()
    assert moved.exploration.wish.do == {}
    assert moved.said == []
    moved.close()
    sit()
