"""A method from outside: its package announces it, and form, curves, slider, answers and results are there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from engines.contract import How
from engines.data.roles import Role
from engines.questions import Question
from tests.installing import install
from widgets.controls import ChoiceRow, DoSliderRow

TESTS = Path(__file__).parent.parent
METHOD = "rank_transport"


@pytest.fixture(autouse=True)
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The package as if pip had put it there, before the window is built; this machine has never seen it."""
    install(TESTS / "third_party_method", tmp_path / "site", monkeypatch)
    monkeypatch.setattr("platformdirs.user_state_path", lambda *a, **k: tmp_path / "state")


@pytest.fixture
def groups(tmp_path: Path) -> Path:
    """Pain in two groups of one shape, the treated 3 mm higher."""
    generator = np.random.default_rng(5)
    pain = generator.normal(20, 4, 120)
    lines = [f"{'treated' if i % 2 else 'control'},{pain[i] + 3 * (i % 2):.4f}" for i in range(120)]
    path = tmp_path / "groups.csv"
    path.write_text("\n".join(["group,pain", *lines]) + "\n")
    return path


def test_a_method_from_outside_is_offered_trained_and_asked(window, analyst, groups, finish):
    desk = analyst.desk

    async def story() -> None:
        assert desk.catalogue.find(METHOD) is None
        found: list[bool] = []
        desk.methods_changed.connect(lambda: found.append(True))
        desk.look_for_methods()
        await analyst.until(lambda: bool(found), desk.methods_changed)
        await analyst.read([groups])
        desk.workspace.set_role("group", Role.TREATMENT)
        desk.workspace.set_role("pain", Role.OUTCOME)
        window.ask(Question.ROW_IF)
        assert desk.workspace.method == METHOD

        window.show_panel("Methods")
        form = window.rooms.methods.form()
        for name, text in (("points", "2"), ("points", "21")):
            editor = form.field(name)._editor
            editor.selectAll()
            QTest.keyClicks(editor, text)
            QTest.keyClick(editor, Qt.Key.Key_Return)
            assert bool(form.field(name).error()) is (text == "2")
        assert desk.workspace.settings(METHOD) == {"points": 21}

        drawn: list[int] = []
        desk.runs.points.connect(lambda info, scalars: drawn.append(len(scalars)))
        QTest.mouseClick(window.rooms.methods.train_button(), Qt.MouseButton.LeftButton)
        info = desk.runs.current
        await analyst.trained(info.number)
        assert info.request.parameters["points"] == 21
        assert sum(drawn) == 50
        steps, values = info.scalars["width of the interval"]
        assert len(steps) == 50
        assert all(value >= 0 for value in values)
        assert set(info.results) == {"quantiles", "medians"}
        medians = info.results["medians"]
        assert medians.values[1] - medians.values[0] == pytest.approx(3, abs=1.5)

        await analyst.answered()
        asked(window)
        await analyst.answered()
        factors = {factor.name: factor for factor in desk.exploration.answer.factors}
        assert factors["group"].counterfactual == "treated"
        assert factors["pain"].how is How.FOLLOWS
        whole = factors["pain"].counterfactual - factors["pain"].factual
        assert whole == pytest.approx(3, abs=2.5)

        shown = window.rooms.counterfactual._side               # the row, and the curves that its answer holds
        assert [line[0].text for line in shown.row.lines()] == ["group", "pain"]
        assert shown.row.isVisible()
        assert shown.curve.isVisible()
        assert {line.role for line in shown.curve.overlay.result().lines} == {"factual", "counterfactual"}
        _, between = shown.curve.difference.result().lines
        assert float(between.y.mean()) == pytest.approx(3, abs=1.5)

        half_way(window)
        await analyst.answered()
        half = {f.name: f for f in desk.exploration.answer.factors}["pain"]
        way = desk.exploration.wish.values["way"]
        assert half.counterfactual - half.factual == pytest.approx(way * whole, rel=1e-6)

        window.rooms._open_run(info.number)
        assert window.rooms.results.isVisible()

    finish(story(), 90)


def asked(window) -> None:
    """Choose the other group in its row."""
    row = window.rooms.counterfactual._rows.row("group")
    assert isinstance(row, ChoiceRow)
    assert window.rooms.counterfactual._rows.row("pain") is None
    QTest.mouseClick(row._segments._group.button(1), Qt.MouseButton.LeftButton)


def half_way(window) -> None:
    """Press on the middle of the slider's groove."""
    row = window.rooms.counterfactual._rows.row("way")
    assert isinstance(row, DoSliderRow)
    groove = row._groove
    QTest.mouseClick(groove, Qt.MouseButton.LeftButton, pos=QPoint(groove.width() // 2, groove.height() // 2))
