"""The history: 500 edits of every kind undone and done again, with restarts at any moment; what cannot be taken."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engines.contract import Choice, Slider
from engines.data.kinds import ColumnType
from engines.data.reading import read, refer
from engines.data.reference import DataReference
from engines.data.roles import Role
from engines.graph.graph import Graph
from engines.graph.knowledge import Knowledge
from studio.exploration import Exploration, Subject
from studio.history import History
from studio.keeping import Keeper
from studio.project import Kind, Project
from studio.workspace import OpenData, Truth, Workspace
from tests.studio.test_exploration import Recorded

NAMES = "abcd"
CONTROLS = (Slider("a", 0, 9, (0, 9)), Choice("kind", ("x", "y"), do=True), Slider("w", 0, 1, (0, 1), do=False))


@pytest.fixture
def cells(tmp_path: Path) -> Path:
    path = tmp_path / "cells.csv"
    path.write_text("a,b,kind\n" + "".join(f"{i},{i % 3},{'xy'[i % 2]}\n" for i in range(12)), "utf-8")
    return path


async def read_soon(reference: DataReference):
    return read(reference)


class Sitting:
    """A project opened once: everything that is edited in it, without a window."""

    def __init__(self, folder: Path, data: Path) -> None:
        self.project = Project.open(folder)
        self.model = str(self.project.model_folder(1))
        self.said: list[object] = []
        self.steps: list[object] = []
        self.rows: dict[str, Any] = {}
        self.history = History()
        self.history.refused.connect(self.said.append)
        self.history.register(Kind.ROWS, "run ", self.rows.__setitem__)
        self.workspace = Workspace(self.history)
        self.workspace.reading_wished.connect(lambda r: self.workspace.take_reading(OpenData(r, read(r))))
        self.exploration = Exploration(Recorded(), self.history)
        self.keeper = Keeper(self.workspace, self.exploration, self.history)
        self.history.use(self.project.store, reading=self.project.read_only)
        asked = asyncio.run(self.keeper.restore(self.project, read_soon, self.fail))
        if self.workspace.data is None:
            reference = refer(data)
            self.workspace.add_data(OpenData(reference, read(reference)))
        opened = self.workspace.data
        assert opened is not None
        self.subject = Subject(self.model, "Model", "toy", CONTROLS, None, {}, opened.reference, opened.data)
        self.exploration.open(self.subject, wish=None if asked is None else asked.wish)
        self.history.changed.connect(lambda: self.steps.append(self.history.undo_text()))

    def fail(self, name: str, *_: object) -> None:
        pytest.fail(f"{name} could not be read")

    def state(self) -> tuple[Any, ...]:
        opened = self.workspace.data
        assert opened is not None
        columns = tuple((c.name, c.type, c.role) for c in opened.data.attributes.columns)
        settings = {method: dict(self.workspace.settings(method)) for method in ("plain", "other")}
        kept = {f"{k}/{n}": v for k in Kind for n, v in self.project.store.all(k).items() if k is not Kind.MODEL}
        rows = {name: plain for name, plain in self.rows.items() if plain is not None}
        return (
            self.workspace.graph, self.workspace.truth, self.workspace.knowledge, settings, opened.reference, columns,
            self.exploration.wish, rows, kept,
        )

    def close(self) -> None:
        self.history.use(None)
        self.project.close()


def edits(chance: random.Random) -> dict[str, Callable[[Sitting], None]]:
    """What an analyst may do, each with something that is drawn."""

    def graph() -> Graph:
        names = chance.sample(NAMES, chance.randint(1, 4))
        pairs = [(one, two) for i, one in enumerate(names) for two in names[i + 1 :] if chance.random() < 0.5]
        return Graph.of(names, pairs).placed({names[0]: (chance.random(), 3.0)})

    def retype(sitting: Sitting) -> None:
        opened = sitting.workspace.data
        assert opened is not None
        wanted = str(chance.choice((ColumnType.NUMBER, ColumnType.CATEGORY)))
        after = replace(opened.reference, types={**opened.reference.types, "b": wanted})
        sitting.workspace.replace_data(OpenData(after, read(after)), f"Read b as {wanted}")

    def rows(sitting: Sitting) -> None:
        name = f"run {chance.randint(1, 2)}/labels"
        before = sitting.history.document(Kind.ROWS, name)
        sitting.history.change("Drop a row", Kind.ROWS, name, before, [*(before or ()), chance.randint(1, 99)])

    return {
        "graph": lambda s: s.workspace.set_graph(graph(), "Draw"),
        "truth": lambda s: s.workspace.compare_with(chance.choice((None, Truth("t", graph()))), "Compare"),
        "knowledge": lambda s: s.workspace.set_knowledge(
            Knowledge(frozenset({tuple(chance.sample(NAMES, 2))}), tiers=(("a", "b"), ("c",))), "Require"
        ),
        "role": lambda s: s.workspace.set_role(chance.choice(("a", "b", "kind")), chance.choice(list(Role))),
        "type": retype,
        "settings": lambda s: s.workspace.change_settings(
            chance.choice(("plain", "other")), {"steps": chance.randint(1, 9), "way": chance.choice("xy")}
        ),
        "item": lambda s: s.exploration.step(chance.choice((-2, 1, 3))),
        "do": lambda s: s.exploration.set("a", round(chance.uniform(0, 9), 3)),
        "choice": lambda s: s.exploration.set("kind", chance.choice("xy")),
        "free": lambda s: s.exploration.free("a"),
        "control": lambda s: s.exploration.set_value("w", chance.random()),
        "seed": lambda s: s.exploration.set_seed(chance.randint(1, 999)),
        "rows": rows,
    }


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
