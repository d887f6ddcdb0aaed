"""The menu: lines that act, lines that are switched off and say why."""

from PySide6.QtCore import QPoint

from widgets.kit import Menu


def test_a_line_acts(qtbot, dressed):
    done = []
    menu = Menu()
    qtbot.addWidget(menu)
    menu.add("Float", lambda: done.append("float"), sign="download", keys="Ctrl+F")
    menu.actions()[0].trigger()
    assert done == ["float"]
    assert "Ctrl+F" in menu.actions()[0].text()


def test_a_line_that_is_off_says_why(qtbot, dressed):
    menu = Menu()
    qtbot.addWidget(menu)
    line = menu.add("Export", off_because="There is no result yet.")
    assert not line.isEnabled()
    assert line.toolTip() == "There is no result yet."


def test_checkable_lines_and_menus_within(qtbot, dressed):
    menu = Menu()
    qtbot.addWidget(menu)
    assert menu.add("Log", on=True).isChecked()
    inner = menu.add_menu("Export")
    inner.add("PNG")
    assert menu.actions()[1].menu() is inner


def test_its_corners_are_round(qtbot, dressed):
    menu = Menu()
    qtbot.addWidget(menu)
    menu.add("Float")
    menu.popup(QPoint(0, 0))
    qtbot.waitUntil(menu.isVisible)
    image = menu.grab().toImage()
    assert image.pixelColor(0, 0).alpha() == 0
    assert image.pixelColor(image.width() // 2, 3).alpha() == 255
    menu.close()
