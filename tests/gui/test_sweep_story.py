"""A sweep from the form to the curves: two penalties with two seeds, queued together, and the analyst's graph stays."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engines.questions import Question
from studio.panels.sweep import ValuesField


def chain(path: Path) -> Path:
    generator = np.random.default_rng(0)
    a = generator.normal(size=200)
    b = 2 * a + generator.normal(size=200)
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["a", "b", "c"])
        writer.writerows(np.column_stack([a, b, -b + generator.normal(size=200)]).round(6).tolist())
    return path


def test_a_sweep_is_queued_run_and_drawn_together(window, analyst, finish, tmp_path) -> None:
    desk, panel = analyst.desk, window.rooms.methods

    async def story() -> None:
        await analyst.read([chain(tmp_path / "chain.csv")])
        window.ask(Question.CAUSES)
        window.show_panel("Methods")
        desk.workspace.change_settings(
            "colide", {"warm": 200, "last": 300, "stages": 2, "bootstraps": 0, "check_every": 100}
        )
        graph = desk.workspace.graph
        QTest.mouseClick(panel.sweep_button(), Qt.MouseButton.LeftButton)
        sweep = panel.sweep()
        sweep.rows()[0].choose("penalty")
        values = sweep.rows()[0].editor()
        assert isinstance(values, ValuesField)
        values.edit().setText("0.01; 0.1")
        sweep.seeds().edit().setText("2")
        assert sweep.queue_button().text() == "Queue 4 runs"
        QTest.mouseClick(sweep.queue_button(), Qt.MouseButton.LeftButton)
        await analyst.until(lambda: len(desk.runs.all()) == 4, desk.runs.added)
        assert [(info.request.parameters["penalty"], info.request.seed) for info in desk.runs.all()] == [
            (0.01, 0), (0.01, 1), (0.1, 0), (0.1, 1)
        ]
        assert desk.runs.run(2).title == "CoLiDE, 2 of 4, sweep over penalty and seeds"
        await analyst.until(lambda: all(info.ended is not None for info in desk.runs.all()), desk.runs.ended)
        assert {info.state for info in desk.runs.all()} == {"done"}
        assert desk.workspace.graph == graph
        assert desk.exploration.subject is None
        window.rooms.curves.group_by("penalty")
        assert len(window.rooms.curves.plot.read("objective", 100)) == 2
        assert panel.estimate().startswith(("about", "under"))

    finish(story(), 90)
