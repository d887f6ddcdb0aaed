"""The story of explaining a model: none is there, a predictor is trained, then explained within constraints."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engines.data.roles import Role
from engines.questions import Question
from tests.installing import install
from widgets.controls import ConstraintsRow

LEFT = Qt.MouseButton.LeftButton
PACKAGE = Path(__file__).parent.parent / "explaining_package"


@pytest.fixture(autouse=True)
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The package as if pip had put it there, before the window is built."""
    install(PACKAGE, tmp_path / "site", monkeypatch)
    monkeypatch.setattr("platformdirs.user_state_path", lambda *a, **k: tmp_path / "state")


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    """80 rows: score = a + 2 b."""
    a, b = np.random.default_rng(5).normal(size=(2, 80))
    path = tmp_path / "rows.csv"
    lines = [f"{x:.4f},{y:.4f},{x + 2 * y:.4f}" for x, y in zip(a, b)]
    path.write_text("\n".join(["a,b,score", *lines]) + "\n", encoding="utf-8")
    return path


def test_a_predictor_is_trained_then_explained_within_constraints(window, analyst, rows, finish):
    desk, methods = analyst.desk, window.rooms.methods

    async def story() -> None:
        found: list[bool] = []
        desk.methods_changed.connect(lambda: found.append(True))
        desk.look_for_methods()
        await analyst.until(lambda: bool(found), desk.methods_changed)
        await analyst.read([rows])
        desk.workspace.set_role("score", Role.OBJECTIVE)
        window.ask(Question.TARGETS)
        desk.workspace.set_method("nudge")
        window.show_panel("Methods")

        row = methods.model_row()           # no model yet: the reason, and the way on
        assert row.isVisible()
        assert not row.list.isVisible()
        assert row.said() == "No model of this project predicts a column yet."
        assert methods.train_button().text() == "Train a predictor"
        assert desk.choosing.next_step().id == "predictor"
        assert not methods.sweep_button().isEnabled()
        QTest.mouseClick(row.train, LEFT)
        assert desk.workspace.method == "plain_predictor"
        assert not row.isVisible()
        desk.workspace.change_settings("plain_predictor", {"kind": "linear"})
        QTest.mouseClick(methods.train_button(), LEFT)
        first = desk.runs.current
        await analyst.trained(first.number)

        models = window.rooms.models        # the shelf says what it can do
        window.show_panel("Models")
        models.choose(first.model)
        assert dict(models.page().facts()["Made of"])["Can do"] == "Predicts score, with gradients"
        QTest.mouseClick(models.page().explain, LEFT)
        assert desk.catalogue.get(desk.workspace.method).accepts.model is not None
        desk.workspace.set_method("nudge")
        assert row.list.currentText() == "Plain predictor, run 1"
        assert row.said() == "Predicts score, with gradients"
        assert methods.train_button().text() == "Train"
        QTest.mouseClick(methods.train_button(), LEFT)
        second = desk.runs.current
        assert second.request.model.title == "Plain predictor, run 1"
        assert Path(second.request.model.folder) == first.model
        await analyst.trained(second.number)
        assert second.state == "done", second.ended
        models.choose(second.model)
        assert dict(models.page().facts()["Made of"])["Explains"] == "Plain predictor, run 1"
        assert not models.page().explain.isVisibleTo(models)

        window.show_panel("Counterfactual")
        await analyst.answered()
        limits = window.rooms.counterfactual.findChild(ConstraintsRow)
        assert limits is not None
        limits.set_open(True)
        assert {factor.name for factor in desk.exploration.answer.factors} == {"a", "b"}
        QTest.mouseClick(limits.line("a").lock, LEFT)
        await analyst.answered()
        assert desk.exploration.wish.values == {"constraints": {"a": {"lock": True}}}
        assert {factor.name for factor in desk.exploration.answer.factors} == {"b"}
        assert desk.history.undo_text() == "Change the constraints"
        desk.history.undo()
        assert not limits.line("a").lock.isChecked()
        desk.history.redo()
        assert limits.line("a").lock.isChecked()
        assert limits.summary() == "1 locked"

        desk.changes.remove(first.model, "run 1")       # off the shelf: it is not offered any more
        assert not row.list.isVisibleTo(methods)
        desk.history.undo()
        assert row.list.isVisibleTo(methods)
        shutil.rmtree(first.model)                      # and gone from the disk: the run says so
        refused: list[object] = []
        desk.refused.connect(refused.append)
        third = desk.runs.repeat(second.number)
        await analyst.until(lambda: third.ended is not None, desk.runs.ended)
        assert third.ended.refused
        assert str(third.ended.sentence) == "Plain predictor, run 1 is not there any more."

    finish(story(), 120)
