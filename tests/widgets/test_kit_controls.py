"""Buttons, segments, switches, folds: what the hand does is told, what the program does is not."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from widgets.kit import Action, Button, FoldHeader, RecentRow, Segmented, Switch, ToolButton
from widgets.theme import Theme


def shown(qtbot, widget):
    qtbot.addWidget(widget)
    widget.show()
    widget.activateWindow()
    qtbot.waitUntil(widget.isActiveWindow)
    return widget


def test_sizes_are_those_of_the_design(qtbot, dressed):
    assert Button("Train", "primary").sizeHint().height() == 32
    assert Button("Choose file").sizeHint().height() == 28
    tool = ToolButton("x", "Close").sizeHint()
    assert (tool.width(), tool.height()) == (28, 28)
    assert Segmented(["a", "b"]).sizeHint().height() == 28


def test_the_primary_button_is_ink_and_no_button_wears_the_accent(qtbot, dressed):
    theme = Theme.current()
    for kind in ("primary", "plain", "ghost", "toggle"):
        button = shown(qtbot, Button("Train", kind, "play"))
        image = button.grab().toImage()
        colours = {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}
        assert theme.acc.rgb() not in colours
        assert (image.pixelColor(6, 16).lightness() < 80) == (kind == "primary")


def test_an_action_makes_a_button_that_does_it(qtbot, dressed):
    done = []
    button = Action("Resume", lambda: done.append(1)).button()
    qtbot.addWidget(button)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert done == [1]


def test_an_unknown_icon_is_refused_when_the_button_is_made(dressed):
    with pytest.raises(LookupError):
        ToolButton("no-such-icon", "Nothing")


def test_a_tool_names_its_key_in_the_tooltip(dressed):
    tool = ToolButton("scissors", "Do view", keys="Ctrl+D")
    assert tool.accessibleName() == "Do view"
    assert "Ctrl+D" in tool.toolTip()


def test_choosing_a_segment_by_program_is_silent(qtbot, dressed):
    row = shown(qtbot, Segmented(["Side by side", "Traversal", "Grid"]))
    with qtbot.assertNotEmitted(row.chosen):
        row.set_current(2)
    assert row.current() == 2


def test_choosing_a_segment_by_mouse_is_told(qtbot, dressed):
    row = shown(qtbot, Segmented(["Side by side", "Traversal", "Grid"]))
    with qtbot.waitSignal(row.chosen) as told:
        qtbot.mouseClick(row._group.button(1), Qt.MouseButton.LeftButton)
    assert told.args == [1]
    assert row.current() == 1


def test_arrows_choose_among_segments_and_tab_enters_at_the_chosen(qtbot, dressed):
    row = shown(qtbot, Segmented(["Side by side", "Traversal", "Grid"]))
    row._group.button(0).setFocus()
    with qtbot.waitSignal(row.chosen) as told:
        qtbot.keyClick(row._group.button(0), Qt.Key.Key_Right)
    assert told.args == [1]
    policies = [button.focusPolicy() == Qt.FocusPolicy.StrongFocus for button in row._group.buttons()]
    assert policies == [False, True, False]


def test_segments_share_a_stretched_width(qtbot, dressed):
    row = shown(qtbot, Segmented([str(digit) for digit in range(10)]))
    row.resize(460, 28)
    widths = {button.width() for button in row._group.buttons()}
    assert max(widths) - min(widths) <= 1


def test_new_options_replace_the_old(qtbot, dressed):
    row = shown(qtbot, Segmented(["a", "b"]))
    row.set_current(1)
    row.set_options(["c", "d", "e"])
    assert row.options() == ["c", "d", "e"]
    assert row.current() == 0


def test_a_switch_tells_only_the_hand(qtbot, dressed):
    switch = shown(qtbot, Switch("Whole numbers only"))
    told = []
    switch.clicked.connect(lambda on: told.append(on))
    switch.setChecked(True)
    assert told == []
    qtbot.mouseClick(switch, Qt.MouseButton.LeftButton)
    assert told == [False]


def test_a_fold_shows_and_hides_its_body(qtbot, dressed):
    place = QWidget()
    column = QVBoxLayout(place)
    header, body = FoldHeader("Advanced", opened=False), QLabel("body")
    column.addWidget(header)
    column.addWidget(body)
    header.fold(body)
    shown(qtbot, place)
    assert not body.isVisible()
    qtbot.keyClick(header, Qt.Key.Key_Space)
    assert body.isVisible()


def test_a_recent_row_tells_its_button_apart_from_itself(qtbot, dressed):
    row = shown(qtbot, RecentRow("Shoulder x-rays", "Interrupted at step 800", action="Resume"))
    row.resize(372, 66)
    with qtbot.waitSignal(row.acted), qtbot.assertNotEmitted(row.clicked):
        qtbot.mouseClick(row.findChild(Button), Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(row.clicked), qtbot.assertNotEmitted(row.acted):
        qtbot.mouseClick(row, Qt.MouseButton.LeftButton, pos=QPoint(100, 33))
