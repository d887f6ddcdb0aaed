"""A project without a window, everything that is edited in it, and edits drawn at random.

`python -m tests.studio.edits FOLDER DATA SEED` edits, undoes and redoes at random until it is killed, and tells the
state after each step, as one line, when the step was answered.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication

from engines.contract import Choice, Slider
from engines.data.kinds import ColumnType
from engines.data.reading import read, refer
from engines.data.reference import DataReference
from engines.data.roles import Role
from engines.graph.graph import Graph
from engines.graph.knowledge import Knowledge
from engines.refusals import Refusal
from studio.exploration.exploration import Exploration, Subject
from studio.project import Kind, Project
from studio.project.history import History
from studio.project.keeping import Keeper
from studio.workspace import OpenData, Truth, Workspace
from tests.studio.test_exploration import Recorded

NAMES = "abcd"
CONTROLS = (Slider("a", 0, 9, (0, 9)), Choice("kind", ("x", "y"), do=True), Slider("w", 0, 1, (0, 1), do=False))


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

    def fail(self, name: str, reference: DataReference, refusal: Refusal) -> None:
        raise AssertionError(f"{name} could not be read from {reference.path}") from refusal

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


def told(state: tuple[Any, ...]) -> str:
    """A state as one line."""
    return json.dumps(state, default=repr, sort_keys=True)


def main(folder: str, data: str, seed: str) -> None:
    application = QCoreApplication(sys.argv[:1])
    chance = random.Random(int(seed))
    sitting, kinds = Sitting(Path(folder), Path(data)), edits(chance)
    print(told(sitting.state()), flush=True)
    while application is not None:
        match chance.random():
            case number if number < 0.2:
                sitting.history.undo()
            case number if number < 0.3:
                sitting.history.redo()
            case _:
                kinds[chance.choice(list(kinds))](sitting)
        print(told(sitting.state()), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
