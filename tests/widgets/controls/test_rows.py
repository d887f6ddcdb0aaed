"""Choice, toggle, stepper and seed rows."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit

from widgets.controls import (
    ChoiceRow,
    ChoiceState,
    SeedRow,
    StepperRow,
    StepperState,
    ToggleRow,
    ToggleState,
)
from widgets.controls.row import change_text
from widgets.kit.segmented import Segmented
from widgets.kit.switch import Switch


@pytest.fixture
def shown(qtbot, dressed):
    def show(widget, width=880):
        qtbot.addWidget(widget)
        widget.resize(width, widget.height())
        widget.show()
        qtbot.waitExposed(widget)
        return widget

    return show


def test_a_choice_tells_what_was_clicked_and_is_silent_when_set(qtbot, shown):
    row = shown(ChoiceRow())
    with qtbot.assertNotEmitted(row.chosen):
        row.set_state(ChoiceState(name="digit", options=tuple("0123456789"), value="5", factual="5"))
    segments = row.findChild(Segmented)
    assert segments.current() == 5
    third = segments.findChildren(QAbstractButton)[3]
    with qtbot.waitSignal(row.chosen) as chosen:
        qtbot.mouseClick(third, Qt.MouseButton.LeftButton)
    assert chosen.args == ["3"]


def test_many_long_options_become_a_list(qtbot, shown):
    row = shown(ChoiceRow())
    lands = tuple(f"a land with a long name {index}" for index in range(30))
    row.set_state(ChoiceState(name="land", options=lands, value=lands[3]))
    box = row.findChild(QComboBox)
    assert box.isVisible()
    assert box.currentText() == lands[3]
    assert not row.findChild(Segmented).isVisible()
    with qtbot.waitSignal(row.chosen) as chosen:
        qtbot.keyClick(box, Qt.Key.Key_Down)
    assert chosen.args == [lands[4]]


def test_backspace_and_h_reach_the_row_from_its_control(qtbot, shown):
    row = shown(ChoiceRow())
    row.set_state(ChoiceState(name="tone", options=("sad", "glad"), value="sad", factual="glad", how="do"))
    on = row.findChild(Segmented).findChildren(QAbstractButton)[0]
    with qtbot.waitSignal(row.freed):
        qtbot.keyClick(on, Qt.Key.Key_Backspace)
    with qtbot.waitSignal(row.held) as held:
        qtbot.keyClick(on, Qt.Key.Key_H)
    assert held.args == [True]


def test_a_name_that_is_cut_off_can_be_read_as_a_tooltip(shown):
    row = shown(ToggleRow())
    row.set_state(ToggleState(name="smoker", value=True))
    assert row.toolTip() == ""
    row.set_state(ToggleState(name="has smoked in the last thirty years", value=True))
    assert row.toolTip() == "has smoked in the last thirty years"


def test_a_changed_choice_says_what_it_was(shown):
    row = shown(ChoiceRow())
    row.set_state(ChoiceState(name="tone", options=("sad", "glad"), value="sad", factual="glad", how="do"))
    assert row.change() == "was glad"


def test_a_switch_turns_by_space(qtbot, shown):
    row = shown(ToggleRow())
    with qtbot.assertNotEmitted(row.toggled):
        row.set_state(ToggleState(name="smoker", value=True, factual=False, how="do"))
    with qtbot.waitSignal(row.toggled) as toggled:
        qtbot.keyClick(row.findChild(Switch), Qt.Key.Key_Space)
    assert toggled.args == [False]


def test_a_stepper_stays_within_its_ends(qtbot, shown):
    row = shown(StepperRow())
    row.set_state(StepperState(name="steps", value=25, low=1, high=30, how="setting"))
    edit = row.findChild(QLineEdit)
    with qtbot.waitSignal(row.stepped) as stepped:
        qtbot.keyClick(edit, Qt.Key.Key_Up)
    assert stepped.args == [26], "a hundredth of the range is less than one"
    row.set_state(StepperState(name="steps", value=30, low=1, high=30, how="setting"))
    less, more = row.findChildren(QAbstractButton)[1:]
    assert not more.isEnabled()
    with qtbot.waitSignal(row.stepped) as stepped:
        qtbot.mouseClick(less, Qt.MouseButton.LeftButton)
    assert stepped.args == [29]


def test_a_locked_seed_has_no_dice(qtbot, shown):
    row = shown(SeedRow(), 260)
    row.set_seed(7, locked=True)
    lock, number, dice = row.findChildren(QAbstractButton)
    assert number.text() == "Seed 7"
    assert not dice.isVisible()
    with qtbot.waitSignal(row.locked) as locked:
        qtbot.mouseClick(lock, Qt.MouseButton.LeftButton)
    assert locked.args == [False]
    row.set_seed(7, locked=False)
    with qtbot.waitSignal(row.thrown):
        qtbot.mouseClick(dice, Qt.MouseButton.LeftButton)


def test_a_seed_is_typed_in_its_place(qtbot, shown):
    row = shown(SeedRow(), 260)
    row.set_seed(7, locked=True)
    _lock, number, _dice = row.findChildren(QAbstractButton)
    edit = row.findChild(QLineEdit)
    assert not edit.isVisible()
    qtbot.mouseClick(number, Qt.MouseButton.LeftButton)
    assert edit.isVisible()
    assert not number.isVisible()
    edit.selectAll()
    with qtbot.waitSignal(row.seeded) as seeded:
        qtbot.keyClicks(edit, "42")
        qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert seeded.args == [42]
    assert number.isVisible()
    with qtbot.assertNotEmitted(row.seeded):
        qtbot.mouseClick(number, Qt.MouseButton.LeftButton)
        qtbot.keyClicks(edit, "9")
        qtbot.keyClick(edit, Qt.Key.Key_Escape)
    assert number.isVisible()


def test_a_change_below_the_decimals_is_none():
    assert change_text(2.1, 3.4, 2) == "+1.30"
    assert change_text(2.101, 2.1049, 2) == ""
    assert change_text(222, 96, 0) == "\N{MINUS SIGN}126"
