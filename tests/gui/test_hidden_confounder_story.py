"""The story with a treatment: drop a table, give roles by key, train, flip a row's treatment, see what it stands on."""

from __future__ import annotations

import csv
from importlib import resources
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from engines.contract import How
from engines.data.roles import Role
from engines.questions import Question
from engines.results import BarsResult, TextResult

PATIENTS = Path(str(resources.files("resources"))) / "samples" / "recovery_programme" / "patients.csv"
SMALL = {"epochs": 3, "restarts": 1, "bootstraps": 4, "sensitivity": False, "hidden": 8, "draws": 20}
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def numbered(tmp_path: Path) -> Path:
    """The patients with a programme of 0 and 1."""
    with PATIENTS.open(newline="") as file:
        head, *rows = csv.reader(file)
    at = head.index("programme")
    path = tmp_path / "numbered.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows([*row[:at], "1" if row[at] == "yes" else "0", *row[at + 1 :]] for row in rows)
    return path


def give_roles(window, roles: dict[str, Qt.Key]) -> None:
    """By the digits, a column at a time, as the keyboard does."""
    table = window.rooms.data.table
    table.setFocus()
    for name, key in roles.items():
        place = table.model().table.names.index(name)
        table.setCurrentIndex(table.model().index(0, place))
        QTest.keyClick(table, key)


async def asked(analyst, path: Path) -> None:
    """Drop, give roles, choose the question and, of the methods that answer it, the one for a single row."""
    window, desk = analyst.window, analyst.desk
    await analyst.read([path])
    window.show_panel("Data")
    assert "role treatment" in why_not(desk), "without roles it says what it needs"
    digits = dict.fromkeys(("age", "pain", "strength", "weight", "steps"), Qt.Key.Key_4)
    give_roles(window, {**digits, "programme": Qt.Key.Key_2, "walking": Qt.Key.Key_3})
    await analyst.until(
        lambda: desk.workspace.data.data.attributes["walking"].role is Role.OUTCOME
        and not why_not(desk),
        desk.workspace.data_changed,
    )
    window.ask(Question.ROW_IF)
    desk.workspace.set_method("vluci")


def why_not(desk) -> str:
    """Why the method does not fit the data as they are; empty when it does."""
    _, others = desk.catalogue.sorted(Question.ROW_IF, desk.workspace.data.data)
    return next((misfit.why for misfit in others if misfit.method.id == "vluci"), "")


async def trained(analyst) -> int:
    """Train by a click; the number of the run."""
    desk = analyst.desk
    desk.workspace.change_settings("vluci", SMALL)
    QTest.mouseClick(analyst.window.question._main, LEFT, pos=QPoint(10, 10))
    info = desk.runs.current
    assert info is not None
    await analyst.trained(info.number)
    assert desk.runs.run(info.number).state == "done"
    await analyst.answered()
    return info.number


def test_a_dropped_table_is_asked_about_the_other_treatment(analyst, finish):
    window, desk = analyst.window, analyst.desk
    exploration = desk.exploration

    async def story() -> None:
        await asked(analyst, PATIENTS)
        number = await trained(analyst)
        shown = set(desk.runs.run(number).results)
        assert {"verdict", "average", "individual", "confounder"} <= shown

        exploration.choose(1)
        await analyst.answered()
        by_name = {factor.name: factor for factor in exploration.answer.factors}
        assert by_name["walking"].counterfactual == by_name["walking"].factual == 304.2

        panel = window.rooms.counterfactual
        choice = panel._rows.row("programme")
        choice.chosen.emit("yes")
        await analyst.answered()
        by_name = {factor.name: factor for factor in exploration.answer.factors}
        assert by_name["programme"].how is How.SET
        assert by_name["walking"].how is How.FOLLOWS
        assert by_name["walking"].counterfactual != 304.2
        assert window.question.sentence() == "What would row 1 have been if programme = yes?"

        warning = "The data do not reveal a hidden confounder"
        assert warning in panel._advice.accessibleName()
        further = {type(result): result for result in panel._further.results()}
        assert further[TextResult].spans[0].text.startswith(warning)
        assert further[BarsResult].labels == ("with U", "without U")

        desk.history.undo()
        await analyst.answered()
        assert exploration.answer.factors[1].counterfactual == pytest.approx(304.2)

    finish(story(), 120)


def test_a_treatment_of_nought_and_one_is_flipped_and_held(analyst, numbered, finish):
    exploration = analyst.desk.exploration

    async def story() -> None:
        await asked(analyst, numbered)
        await trained(analyst)
        assert exploration.factual("programme") == "0"
        exploration.hold("programme")
        await analyst.answered()
        assert exploration.wish.do == {"programme": "0"}
        assert exploration.answer.factors[1].counterfactual == 304.2
        exploration.set("programme", "1")
        await analyst.answered()
        assert not np.isclose(exploration.answer.factors[1].counterfactual, 304.2)

    finish(story(), 120)
