"""The do-slider: hand, keys and box say what the analyst wants; setting a state says nothing."""

import gc
import weakref
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLineEdit, QSlider, QVBoxLayout, QWidget
from shiboken6 import isValid

from widgets.controls import DoSliderRow, SliderState
from widgets.kit.tool_button import ToolButton
from widgets.kit.value_box import ValueBox
from widgets.theme import Theme

STATE = SliderState(
    name="thickness", value=2.1, factual=2.1, low=1.0, high=6.0, bounds=(0.0, 7.5), unit="px",
    histogram=(1, 4, 9, 4, 1), status="not affected",
)
SIGNALS = ("moved", "released", "typed", "freed", "held")


@pytest.fixture
def row(qtbot, dressed):
    widget = DoSliderRow()
    qtbot.addWidget(widget)
    widget.resize(880, 60)
    widget.set_state(STATE)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def groove(row: DoSliderRow) -> QSlider:
    return row.findChild(QSlider)


def place_of(row: DoSliderRow, value: float) -> QPoint:
    """Where a value lies on the groove, found through the state's own geometry."""
    line = groove(row).width() - 24
    return QPoint(round(12 + row.state().share(value) * line), 36)


def heard(row: DoSliderRow) -> list[tuple]:
    log: list[tuple] = []
    for name in SIGNALS:
        getattr(row, name).connect(lambda *values, name=name: log.append((name, *values)))
    return log


def test_setting_a_state_fires_nothing(row):
    log = heard(row)
    row.set_state(replace(STATE, value=5.0, how="follows", status="follows age"))
    row.set_state(replace(STATE, value=5.0, how="do"))
    row.set_state(replace(STATE, value=5.0, how="do"))
    assert log == []
    assert row.state().value == 5.0


def test_the_groove_shows_the_bounds_but_never_more_than_half_a_range_beyond_the_data():
    assert STATE.span == (0.0, 7.5)
    assert replace(STATE, bounds=(-1e6, 1e6)).span == (-1.5, 8.5)
    assert replace(STATE, bounds=None).span == (1.0, 6.0)
    assert STATE.share(0.0) == 0.0
    assert STATE.share(7.5) == 1.0
    assert STATE.at(STATE.share(3.4)) == 3.4
    assert STATE.at(0.123456) == round(0.123456 * 7.5, 2)


def test_a_drag_tells_each_place_and_ends_with_a_release(qtbot, row):
    log = heard(row)
    qtbot.mousePress(groove(row), Qt.MouseButton.LeftButton, pos=place_of(row, 2.1))
    assert log == [("moved", 2.1)], "the press alone is a do at the value under the hand"
    assert row.state().how == "do"
    qtbot.mouseMove(groove(row), place_of(row, 3.4))
    qtbot.mouseRelease(groove(row), Qt.MouseButton.LeftButton, pos=place_of(row, 3.4))
    assert [name for name, _ in log] == ["moved", "moved", "released"]
    assert log[-1][1] == pytest.approx(3.4, abs=0.02)
    assert log[-1][1] == log[-2][1] == round(log[-1][1], 2)


def test_a_press_beside_the_knob_brings_it_there(qtbot, row):
    with qtbot.waitSignal(row.moved) as moved:
        qtbot.mousePress(groove(row), Qt.MouseButton.LeftButton, pos=place_of(row, 5.0))
    assert moved.args[0] == pytest.approx(5.0, abs=0.02)


def test_a_state_that_comes_while_the_hand_drags_does_not_move_the_knob(qtbot, row):
    qtbot.mousePress(groove(row), Qt.MouseButton.LeftButton, pos=place_of(row, 5.0))
    here = row.state().value
    row.set_state(replace(STATE, value=1.5, how="do", status="late"))
    assert row.state().value == here
    qtbot.mouseRelease(groove(row), Qt.MouseButton.LeftButton, pos=place_of(row, 5.0))
    row.set_state(replace(STATE, value=1.5, how="do"))
    assert row.state().value == 1.5


@pytest.mark.parametrize(
    ("key", "modifier", "expected"),
    [
        (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, 2.15),
        (Qt.Key.Key_Down, Qt.KeyboardModifier.NoModifier, 2.05),
        (Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier, 2.6),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier, 2.09),
        (Qt.Key.Key_Home, Qt.KeyboardModifier.NoModifier, 1.0),
        (Qt.Key.Key_End, Qt.KeyboardModifier.NoModifier, 6.0),
    ],
)
def test_keys_move_by_shares_of_the_data_range(qtbot, row, key, modifier, expected):
    log = heard(row)
    qtbot.keyClick(groove(row), key, modifier)
    assert log == [("moved", pytest.approx(expected)), ("released", pytest.approx(expected))]


def test_keys_stop_at_the_bounds(qtbot, row):
    row.set_state(replace(STATE, value=7.49, how="do"))
    with qtbot.waitSignal(row.released) as released:
        qtbot.keyClick(groove(row), Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert released.args == [7.5]


def test_a_digit_goes_to_the_box_and_enter_tells(qtbot, row):
    log = heard(row)
    edit = row.findChild(QLineEdit)
    groove(row).setFocus()
    qtbot.keyClicks(groove(row), "3")
    assert edit.text() == "3", "the old value was selected and is gone"
    qtbot.keyClicks(edit, ".4")
    assert log == []
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert log == [("typed", 3.4)]


def test_escape_leaves_the_value(qtbot, row):
    log = heard(row)
    edit = row.findChild(QLineEdit)
    row.open_value()
    qtbot.keyClicks(edit, "5")
    qtbot.keyClick(edit, Qt.Key.Key_Escape)
    assert log == []
    assert edit.text() == "2.10"


@pytest.mark.parametrize("text", ["9", "-1", "many", ""])
def test_what_cannot_be_is_refused_in_place(qtbot, row, text):
    log = heard(row)
    edit = row.findChild(QLineEdit)
    row.open_value()
    edit.selectAll()
    qtbot.keyClick(edit, Qt.Key.Key_Delete)
    qtbot.keyClicks(edit, text)
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert log == []
    said, colour = row.status_line(Theme.current())
    assert said == row.findChild(ValueBox).error() != ""
    assert colour == Theme.current().err
    qtbot.keyClick(edit, Qt.Key.Key_Escape)
    assert row.status_line(Theme.current())[0] == "not affected"


def test_backspace_frees_what_was_set_and_nothing_else(qtbot, row):
    log = heard(row)
    qtbot.keyClick(groove(row), Qt.Key.Key_Backspace)
    assert log == []
    row.set_state(replace(STATE, how="do", value=3.0))
    qtbot.keyClick(groove(row), Qt.Key.Key_Backspace)
    assert log == [("freed",)]


def test_h_and_the_padlock_hold_and_let_go(qtbot, row):
    log = heard(row)
    tool = row.findChild(ToolButton)
    qtbot.keyClick(groove(row), Qt.Key.Key_H)
    qtbot.mouseClick(tool, Qt.MouseButton.LeftButton)
    row.set_state(replace(STATE, how="held"))
    assert tool.icon_name() == "lock"
    qtbot.mouseClick(tool, Qt.MouseButton.LeftButton)
    row.set_state(replace(STATE, how="do"))
    assert tool.icon_name() == "rotate-ccw"
    qtbot.mouseClick(tool, Qt.MouseButton.LeftButton)
    assert log == [("held", True), ("held", True), ("held", False), ("freed",)]


def test_the_wheel_sets_nothing(qtbot, row):
    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QWheelEvent
    from PySide6.QtWidgets import QApplication

    log = heard(row)
    place = QPointF(place_of(row, 3.0))
    event = QWheelEvent(
        place, place, QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )
    QApplication.sendEvent(groove(row), event)
    assert log == []


def test_screen_readers_find_a_slider_with_name_and_value(row):
    row.set_state(replace(STATE, how="do", value=3.4))
    interface = QAccessible.queryAccessibleInterface(groove(row))
    assert interface.role() == QAccessible.Role.Slider
    assert interface.text(QAccessible.Text.Name) == "thickness, do, 3.40\N{NO-BREAK SPACE}px, factual 2.10"


def test_the_change_is_signed_and_the_status_warns_beyond_the_data(row):
    row.set_state(replace(STATE, how="do", value=3.4))
    assert row.change() == "+1.30"
    row.set_state(replace(STATE, how="do", value=0.5))
    assert row.change() == "\N{MINUS SIGN}1.60"
    assert row.status_line(Theme.current())[0] == "beyond the data"
    row.set_state(replace(STATE, value=2.1001))
    assert row.change() == ""


def test_rows_grow_with_the_text_and_shrink_when_compact(row, dressed):
    from widgets.theme import appearance

    assert row.height() == 60
    row.set_compact(True)
    assert row.height() == 54
    appearance().set_text_scale(150)
    assert row.height() == 81


def test_a_closed_row_dies(qtbot, dressed):
    window = QWidget()
    row = DoSliderRow(window)
    QVBoxLayout(window).addWidget(row)
    row.set_state(STATE)
    children = [groove(row), row.findChild(QLineEdit)]
    with qtbot.waitSignal(row.destroyed):
        window.deleteLater()
    assert not any(isValid(part) for part in (row, *children))
    dead = weakref.ref(row)
    del row, children
    gc.collect()
    assert dead() is None
