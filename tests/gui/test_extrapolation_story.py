"""The story of a stronger dose: drop the table, say what its columns are, train, see the curve, move the dose, pick a
row.
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from engines.contract import Support
from engines.data.roles import Role
from engines.questions import Question
from engines.results import CurveResult
from tests.gui.test_discovery_story import dropped

SAMPLE = Path(str(resources.files("resources"))) / "samples" / "dosing" / "dosing.csv"
KEYS = {Qt.Key.Key_2: ["dose"], Qt.Key.Key_3: ["response"], Qt.Key.Key_4: [f"marker {j}" for j in range(1, 7)]}
SETTINGS = {"steps": 250, "outcome_steps": 250, "restarts": 1, "bootstraps": 4}


def give_roles(window) -> None:
    """As an analyst does: choose a column in the table, press the digit of its role."""
    window.show_panel("Data")
    table = window.rooms.data.table
    table.setFocus()
    names = window.desk.workspace.data.data.names
    for key, columns in KEYS.items():
        for name in columns:
            table.setCurrentIndex(table.model().index(0, names.index(name)))
            QTest.keyClick(table, key)


async def trained(analyst):
    """Drop, roles by key, question, train."""
    window, desk = analyst.window, analyst.desk
    dropped(window, SAMPLE)
    await analyst.until(lambda: desk.workspace.data is not None, desk.workspace.data_changed)
    give_roles(window)
    roles = {column.name: column.role for column in desk.workspace.data.data.columns}
    assert roles == {
        "dose": Role.TREATMENT, "response": Role.OUTCOME, **{f"marker {j}": Role.COVARIATE for j in range(1, 7)}
    }
    window.ask(Question.ROW_IF)
    desk.workspace.set_method("intervention_extrapolation")
    desk.workspace.change_settings("intervention_extrapolation", SETTINGS)
    QTest.mouseClick(window.question._main, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    info = desk.runs.current
    assert info is not None
    assert info.title == "Rep4Ex"
    await analyst.trained(info.number)
    assert info.state == "done", info
    return desk.exploration, info


@pytest.mark.robustness
def test_a_stronger_dose_is_asked_about_and_the_curve_says_how_far_it_holds(analyst, finish):
    window, desk = analyst.window, analyst.desk

    async def story() -> None:
        exploration, info = await trained(analyst)
        assert {"curve", "support", "latents", "residuals", "encoders"} <= set(info.results)
        assert "moment restriction" in info.scalars
        exploration.choose(3)
        await analyst.answered()
        panel = window.rooms.counterfactual
        side = panel._side
        assert not side.curve.isHidden()
        assert not side.row.isHidden()
        assert side.curve.difference.isHidden(), "there is no factual curve to compare with"
        shown = side.curve.result()
        dose = desk.workspace.data.data["dose"].values
        assert (shown.shaded[0].low, shown.shaded[0].high) == pytest.approx((dose.min(), dose.max()))

        row = panel._rows.row("dose")
        assert row.isVisible()
        exploration.set("dose", 78.0)
        await analyst.answered()
        answer = exploration.answer
        assert answer.support is Support.EDGE
        assert "was never tried" in answer.support_note
        values = {factor.name: factor for factor in answer.factors}
        assert values["dose"].counterfactual == 78.0
        assert values["response"].counterfactual != values["response"].factual
        assert window.question.sentence().startswith("What would row 3 have been if dose = ")

        exploration.set_value("control function", False)
        await analyst.answered()
        other = exploration.answer.factors[-1].counterfactual
        assert other != pytest.approx(values["response"].counterfactual, abs=1e-3)

        exploration.step(1)
        await analyst.answered()
        assert exploration.wish.item == 4

        desk.history.undo()
        await analyst.answered()
        curves = [result for result in exploration.answer.results if isinstance(result, CurveResult)]
        assert [curve.name for curve in curves] == ["curve", "support"]

    finish(story(), 120)


def test_the_sample_opens_with_its_roles_and_its_question(analyst, finish):
    async def story() -> None:
        desk = analyst.desk
        await analyst.open_sample("dosing")
        assert desk.workspace.data.data["dose"].role is Role.TREATMENT
        assert desk.workspace.data.data["response"].role is Role.OUTCOME
        assert desk.workspace.question is Question.ROW_IF
        assert desk.workspace.method == "intervention_extrapolation"
        announced = desk.catalogue.get(desk.workspace.method)
        assert announced.refusal(desk.workspace.data.data) is None

    finish(story(), 60)
