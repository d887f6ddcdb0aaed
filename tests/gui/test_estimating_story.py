"""From a drawn graph to the estimate: mark, choose a set, and the method stands ready with the roles given."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engines.data.roles import Role
from engines.graph.graph import Graph, Mark
from engines.questions import Question
from engines.refusals import Refusal
from tests.gui.conftest import Analyst


def drawn() -> Graph:
    graph = Graph.of(
        ["age", "kind", "treated", "outcome"],
        [("age", "treated"), ("age", "outcome"), ("kind", "outcome"), ("treated", "outcome")],
    ).placed({"age": (0, 0), "kind": (0, 200), "treated": (200, 0), "outcome": (400, 100)})
    for name, mark in (("treated", Mark.EXPOSURE), ("outcome", Mark.OUTCOME)):
        graph = graph.with_node(replace(graph.node(name), marks=frozenset({mark})))
    return graph


def study(folder: Path) -> Path:
    generator = np.random.default_rng(0)
    rows = ["age,kind,treated,outcome"]
    for _ in range(80):
        age, kind = generator.normal(), generator.normal()
        treated = int(generator.random() < 1 / (1 + np.exp(-age)))
        rows.append(f"{age:.4f},{kind:.4f},{treated},{treated + age + kind + generator.normal():.4f}")
    path = folder / "study.csv"
    path.write_text("\n".join(rows) + "\n")
    return path


def test_estimate_with_these_gives_the_roles_and_chooses_the_method(analyst: Analyst, tmp_path: Path, finish) -> None:
    async def story() -> None:
        await analyst.read([study(tmp_path)])
        desk, panel = analyst.desk, analyst.window.rooms.graph
        analyst.window.show_panel("Graph")
        desk.workspace.set_graph(drawn(), "Draw")
        panel.tray.open("effect")
        page = panel.tray.page("effect")
        await analyst.until(lambda: bool(page._list.lines()), desk.identifying.changed)
        page._list.look_at(0)
        page._estimate.click()
        table = desk.workspace.data.data.attributes
        assert (table["treated"].role, table["outcome"].role) == (Role.TREATMENT, Role.OUTCOME)
        assert Mark.ADJUSTED in desk.workspace.graph.node("age").marks
        assert desk.workspace.question is Question.ROW_IF
        method = desk.choosing.announced()
        assert {Role.TREATMENT, Role.OUTCOME} <= {need.role for need in method.accepts.columns}
        assert method.accepts.graph != "no"
        assert "Methods" in analyst.window.homes.shown()

    finish(story())


def test_without_a_mark_it_is_said_which(analyst: Analyst, tmp_path: Path, finish) -> None:
    async def story() -> None:
        await analyst.read([study(tmp_path)])
        desk = analyst.desk
        with pytest.raises(Refusal, match="No node is marked as exposure"):
            desk.estimating.estimate()
        graph = drawn()
        desk.workspace.set_graph(graph.renamed("treated", "pill"), "Rename")
        with pytest.raises(Refusal, match="The exposure pill is no column of study"):
            desk.estimating.estimate()

    finish(story())
