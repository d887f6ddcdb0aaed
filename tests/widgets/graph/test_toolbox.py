"""The tools: one is in hand, a click takes another, setting tells nothing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from widgets.graph.toolbox import Toolbox
from widgets.graph.tools import Tool
from widgets.kit.tool_button import ToolButton


@pytest.fixture
def toolbox(dressed: QApplication, qtbot: QtBot) -> Toolbox:
    box = Toolbox()
    qtbot.addWidget(box)
    with qtbot.waitExposed(box):
        box.show()
    return box


def test_a_click_takes_a_tool_and_setting_tells_nothing(toolbox: Toolbox) -> None:
    told: list[Tool] = []
    toolbox.tool_chosen.connect(told.append)
    assert toolbox.tool() is Tool.SELECT
    toolbox.set_tool(Tool.ROLES)
    assert toolbox.tool() is Tool.ROLES
    assert told == []
    buttons = toolbox.findChildren(ToolButton)
    QTest.mouseClick(buttons[2], Qt.MouseButton.LeftButton)
    assert told == [Tool.DIRECTED]
    assert toolbox.tool() is Tool.DIRECTED
    assert sum(button.isChecked() for button in buttons) == 1


def test_each_tool_has_a_name_its_key_and_room_to_hit(toolbox: Toolbox) -> None:
    buttons = toolbox.findChildren(ToolButton)
    assert [button.toolTip().rpartition("  ")[2] for button in buttons] == list("VNEBUORK")
    assert all(button.accessibleName() for button in buttons)
    assert all(button.width() >= 28 and button.height() >= 28 for button in buttons)
