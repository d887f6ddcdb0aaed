"""Sweeps: how values may be written, the runs that follow, and the view in the place of the form."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from studio.panels.sweep import SweepView, ValuesChoice, ValuesField
from studio.runs.sweeps import Sweep, read_values
from tests.studio.stand_ins import words
from widgets.controls.schema import Field

PENALTY = Field("penalty", "Penalty", "number", 0.05, low=0, high=10)
STEPS = Field("steps", "Steps", "whole", 1000, unit="steps", low=1, high=100_000)
SCHEMA = {
    "properties": {
        "penalty": {"type": "number", "title": "Penalty", "default": 0.05, "minimum": 0, "maximum": 10},
        "steps": {"type": "integer", "title": "Steps", "default": 1000, "minimum": 1, "maximum": 100000},
        "noise": {"enum": ["equal", "separate"], "type": "string", "title": "Noise", "default": "equal"},
        "afresh": {"type": "boolean", "title": "Afresh", "default": False},
    }
}


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    yield
    QLocale.setDefault(before)


@pytest.mark.parametrize(
    ("text", "field", "values"),
    [
        ("0.01; 0.1", PENALTY, (0.01, 0.1)),
        ("0.01, 0.1,1", PENALTY, (0.01, 0.1, 1.0)),
        ("0.5", PENALTY, (0.5,)),
        ("0.1; 0.1; 0.2", PENALTY, (0.1, 0.2)),
        ("0 to 1 in 5", PENALTY, (0.0, 0.25, 0.5, 0.75, 1.0)),
        ("0.01 to 1 in 3 log", PENALTY, (0.01, 0.1, 1.0)),
        ("1 to 10 in 4", STEPS, (1, 4, 7, 10)),
        ("1,000", STEPS, (1000,)),
        ("1,2,3", STEPS, (1, 2, 3)),
        ("1 steps; 2 steps", STEPS, (1, 2)),
    ],
)
def test_values_are_a_list_or_a_range(text: str, field: Field, values: tuple[float, ...]) -> None:
    assert read_values(text, field) == pytest.approx(values)


@pytest.mark.parametrize(
    ("text", "field", "said"),
    [
        ("", PENALTY, "Give values, such as"), ("0.1; -1", PENALTY, "From 0 to 10."),
        ("a to b in 3", PENALTY, "number"),
        ("1 to 2 in 1", PENALTY, "From 2 to 100 values."), ("0 to 1 in 3 log", PENALTY, "more than 0"),
        ("1.5", STEPS, "Type a whole number."), ("1 to 20 in 2000", STEPS, "From 2 to 100 values."),
    ],
)
def test_what_cannot_be_says_why(text: str, field: Field, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_values(text, field)


def test_where_the_comma_is_the_decimal_mark_it_does_not_part_values() -> None:
    QLocale.setDefault(QLocale(QLocale.Language.German, QLocale.Country.Germany))
    assert read_values("0,05; 0,1", PENALTY) == (0.05, 0.1)
    assert read_values("0,05 0,1", PENALTY) == (0.05, 0.1)
    assert read_values("0,05, 0,1", PENALTY) == (0.05, 0.1)


def test_a_program_writes_values_in_no_locale() -> None:
    QLocale.setDefault(QLocale(QLocale.Language.German, QLocale.Country.Germany))
    assert read_values("0.05,0.1", PENALTY, float) == (0.05, 0.1)


def test_a_sweep_is_every_combination_with_every_seed() -> None:
    sweep = Sweep({"penalty": (0.1, 0.2), "noise": ("equal", "separate")}, (0, 1, 2))
    runs = list(sweep.variants())
    assert len(runs) == len(sweep) == 12
    assert [one.place for one in runs] == list(range(1, 13))
    assert len({(*one.settings.values(), one.seed) for one in runs}) == 12
    assert [one.seed for one in runs[:3]] == [0, 1, 2]
    assert sweep.title(runs[2]) == "3 of 12, sweep over penalty and noise and seeds"
    assert len(list(Sweep({}, (0, 1)).variants())) == 2


@pytest.fixture
def view(on_show: Callable[..., QWidget]) -> SweepView:
    made = on_show(SweepView(), 504, 500)
    made.open_for(SCHEMA, lambda sweep: f"cost of {len(sweep)}")
    return made


def typed(field: object, text: str, qtbot: QtBot) -> None:
    assert isinstance(field, ValuesField)
    field.edit().setFocus()
    field.edit().selectAll()
    qtbot.keyClicks(field.edit(), text)


def test_it_says_how_many_runs_and_what_they_cost(view: SweepView, qtbot: QtBot) -> None:
    typed(view.rows()[0].editor(), "0.01 to 0.1 in 4", qtbot)
    assert "4 values: 0.01; 0.04; 0.07; 0.1" in words(view)
    qtbot.mouseClick(view.more_button(), Qt.MouseButton.LeftButton)
    view.rows()[1].choose("noise")
    typed(view.seeds(), "3", qtbot)
    assert view.queue_button().text() == "Queue 24 runs"
    qtbot.waitUntil(lambda: "cost of 24" in words(view))
    with qtbot.waitSignal(view.queued) as queued:
        qtbot.mouseClick(view.queue_button(), Qt.MouseButton.LeftButton)
    sweep = queued.args[0]
    assert sweep.vary == {"penalty": (0.01, 0.04, 0.07, 0.1), "noise": ("equal", "separate")}
    assert sweep.seeds == (0, 1, 2)


def test_a_value_that_cannot_be_is_said_under_its_field_and_in_the_button(view: SweepView, qtbot: QtBot) -> None:
    typed(view.rows()[0].editor(), "0.1; 99", qtbot)
    assert "From 0 to 10." in words(view)
    assert view.queue_button().text() == "1 value to correct"
    assert not view.queue_button().isEnabled()
    typed(view.seeds(), "0", qtbot)
    assert view.queue_button().text() == "2 values to correct"
    assert view.sweep() is None


def test_options_are_switched_off_but_never_all(view: SweepView, qtbot: QtBot) -> None:
    view.rows()[0].choose("noise")
    editor = view.rows()[0].editor()
    assert isinstance(editor, ValuesChoice)
    qtbot.mouseClick(editor.buttons()[0], Qt.MouseButton.LeftButton)
    assert view.rows()[0].values() == ("separate",)
    qtbot.mouseClick(editor.buttons()[1], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Leave one of them on." in words(view))
    assert view.sweep() is None


def test_the_same_setting_twice_and_too_many_runs_are_refused(view: SweepView, qtbot: QtBot) -> None:
    qtbot.mouseClick(view.more_button(), Qt.MouseButton.LeftButton)
    view.rows()[1].choose("penalty")
    qtbot.waitUntil(lambda: "This setting stands there already." in words(view))
    view.rows()[1].choose("steps")
    typed(view.rows()[0].editor(), "0 to 1 in 50", qtbot)
    typed(view.rows()[1].editor(), "1 to 100 in 50", qtbot)
    assert view.queue_button().text() == "Too many runs"
    assert not view.queue_button().isEnabled()


def test_three_settings_at_most_and_the_last_one_stays(view: SweepView, qtbot: QtBot) -> None:
    for _ in range(2):
        qtbot.mouseClick(view.more_button(), Qt.MouseButton.LeftButton)
    assert len(view.rows()) == 3
    assert not view.more_button().isVisible()
    for row in view.rows()[1:]:
        row.removed.emit()
    assert len(view.rows()) == 1
    assert view.more_button().isVisible()


def test_escape_goes_back_to_the_form(view: SweepView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.left):
        qtbot.keyClick(view.seeds().edit(), Qt.Key.Key_Escape)
