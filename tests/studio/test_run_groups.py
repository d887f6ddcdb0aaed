"""Runs drawn together in the Curves panel: by a setting that was swept, or over their seeds."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from engines.data.reference import DataReference
from engines.runtime.messages import RunState, Scalar
from studio.panels.curves import CurvesPanel
from studio.runs.groups import SEEDS, differing, group_of, groupings
from studio.runs.runs import RunInfo
from tests.studio.stand_ins import Bench


def started(bench: Bench, seed: int, **parameters: object) -> RunInfo:
    return bench.runs.start("colide", "CoLiDE", DataReference(str(bench.data), "9c41e07b"), parameters, seed=seed)


@pytest.fixture
def swept(bench: Bench) -> list[RunInfo]:
    """Two penalties, two seeds, each with a curve of its own height."""
    runs = [started(bench, seed, penalty=penalty, steps=10) for penalty in (0.1, 0.2) for seed in (0, 1)]
    for height, info in enumerate(runs, 1):
        bench.engine.is_in(info.number, RunState.RUNNING)
        bench.engine.tell(info.number, *[Scalar("loss", step, float(height)) for step in range(20)])
    return runs


def test_runs_are_told_apart_by_the_settings_that_differ(swept: list[RunInfo]) -> None:
    assert differing(swept) == ("penalty",)
    assert groupings(swept) == ("penalty", SEEDS)
    assert differing(swept[:2]) == ()
    assert groupings(swept[:1]) == ()
    assert group_of(swept[2], "penalty", ("penalty",)) == "0.2"
    assert group_of(swept[2], SEEDS, ("penalty",)) == "penalty 0.2"
    assert group_of(swept[2], SEEDS, ()) == "all runs"
    assert group_of(swept[2], "", ("penalty",)) == ""


def test_the_curves_are_grouped_by_the_swept_setting(
    bench: Bench, swept: list[RunInfo], on_show: Callable[..., QWidget], qtbot: QtBot
) -> None:
    panel = on_show(CurvesPanel(bench.runs), 504, 376)
    qtbot.waitUntil(panel.group_button().isVisible)
    assert len(panel.plot.read("loss", 10)) == 4
    qtbot.mouseClick(panel.group_button(), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(panel.group_menu().isVisible)
    lines = {action.text(): action for action in panel.group_menu().actions()}
    assert list(lines) == ["Each run by itself", "By penalty", "By settings, over seeds"]
    lines["By penalty"].trigger()
    panel.group_menu().close()
    assert panel.group_button().text() == "By penalty"
    read = panel.plot.read("loss", 10)
    assert {name: round(value, 6) for name, value in read.items()} == {"0.1": 1.5, "0.2": 3.5}
    alone = started(bench, 0, penalty=0.3, steps=10)
    bench.engine.is_in(alone.number, RunState.RUNNING)
    bench.engine.tell(alone.number, *[Scalar("loss", step, 9.0) for step in range(20)])
    qtbot.waitUntil(lambda: len(panel.plot.read("loss", 10)) == 3)
    panel.group_by("")
    assert len(panel.plot.read("loss", 10)) == 5
    assert np.isclose(panel.plot.read("loss", 10)[alone.name], 9.0)


def test_one_run_has_nothing_to_group_by(bench: Bench, on_show: Callable[..., QWidget]) -> None:
    started(bench, 0, penalty=0.1)
    panel = on_show(CurvesPanel(bench.runs), 504, 376)
    assert not panel.group_button().isVisible()
