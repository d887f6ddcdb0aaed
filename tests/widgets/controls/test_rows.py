"""Choice, toggle, stepper and seed rows."""

import itertools

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QSlider, QWidget

from widgets.controls import (
    ChoiceRow,
    ChoiceState,
    DoSliderRow,
    SeedRow,
    SliderState,
    StepperRow,
    StepperState,
    ToggleRow,
    ToggleState,
)
from widgets.controls.row import LEAST, change_text
from widgets.kit.segmented import Segmented
from widgets.kit.switch import Switch
from widgets.theme import Theme, appearance


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


SAID = {"name": "a rather long name", "how": "do", "status": "set by you, 2 edges cut"}
STATES = {
    DoSliderRow: SliderState(value=2.5, low=1.0, high=4.0, unit="px", factual=2.0, **SAID),
    ChoiceRow: ChoiceState(options=("the picture's own noise", "new noise"), value="new noise", **SAID),
    ToggleRow: ToggleState(value=True, factual=False, **SAID),
    StepperRow: StepperState(value=4, low=1, high=9, factual=3, **SAID),
}


@pytest.mark.parametrize("text", [100, 150])
@pytest.mark.parametrize("width", [LEAST, 380, 440, 559, 880])
def test_a_row_is_whole_however_narrow(shown, dressed, width, text):
    appearance().set_text_scale(text)
    px = Theme.current().px
    for kind, state in STATES.items():
        row = shown(kind(), px(width))
        row.set_state(state)
        parts = [part for part in row.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
                 if part.isVisible()]
        for part in parts:
            assert row.rect().contains(part.geometry()), (type(row).__name__, type(part).__name__, part.geometry())
        for one, other in itertools.combinations(parts, 2):
            knob_may_reach = row.findChild(QSlider) in (one, other)
            common = (one.geometry() & other.geometry()).size()
            assert common.isEmpty() or (knob_may_reach and common.width() <= 12), (type(row).__name__, one, other)
        assert row.middle().width() >= px(90)
        assert row.is_stacked() is (width < 420)


def test_a_row_grows_as_it_becomes_narrow_and_tells_the_ends_that_it_does_not_write(shown):
    row = shown(DoSliderRow())
    row.set_state(STATES[DoSliderRow])
    groove = row.findChild(QSlider)
    assert (row.height(), groove.toolTip()) == (60, "")
    row.resize(500, row.height())
    assert row.height() == 60
    assert "to" in groove.toolTip().split()
    row.resize(340, row.height())
    assert (row.height(), groove.toolTip()) == (98, "")
    assert groove.geometry().top() > 30
    row.resize(880, row.height())
    assert row.height() == 60
