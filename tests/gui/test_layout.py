"""The layout of the studio's own panels: floating ones work as docked ones do, and the project keeps what is where."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from studio.app import build
from studio.exports.exhibit import Exhibit
from studio.homes import Home
from studio.project import Kind, Project
from widgets.theme import appearance

OTHERS = ("Graph", "Methods", "Curves", "Results", "Models")
CONTROL = Qt.KeyboardModifier.ControlModifier


def settled() -> None:
    for _ in range(5):
        QCoreApplication.sendPostedEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A key for whatever has the keyboard."""
    QTest.keyClick(QApplication.focusWidget() or QApplication.activeWindow(), key, modifiers)
    settled()


@pytest.fixture
def lived_in(window, analyst, finish):
    """The sample open, its model asked."""

    async def story() -> None:
        await analyst.open_sample("morpho_digits")
        exploration = analyst.desk.exploration
        await analyst.until(lambda: exploration.subject is not None, exploration.subject_changed)
        await analyst.answered()

    finish(story(), 60)
    window.activateWindow()
    settled()
    return window


@pytest.fixture
def bare(window):
    """A new project, its panels on show."""
    window.new_project()
    window.show_panel("Counterfactual")
    window.activateWindow()
    settled()
    return window


def opened_again(window, tmp_path: Path, finish, project: Path) -> QWidget:
    """The project in a fresh window, after the first one was closed."""
    window.close()
    fresh = build(tmp_path)
    fresh.resize(window.size())
    fresh.show()

    async def story() -> None:
        from tests.gui.conftest import Analyst

        seen: list[bool] = []
        fresh.desk.opened.connect(lambda: seen.append(True))
        fresh.desk.open_project(project)
        await Analyst(fresh).until(lambda: bool(seen), fresh.desk.opened)

    finish(story(), 60)
    settled()
    return fresh


def test_the_project_keeps_the_layout(bare, tmp_path, finish):
    homes = bare.homes
    project = bare.desk.project.folder
    homes.dock("Methods", Home.BOTTOM_LEFT)
    homes.float_panel("Curves")
    homes.panel("Curves").window().setGeometry(40, 60, 500, 300)
    homes._all.moveSplitter(560, 1)
    homes.show("Results")
    homes.hide_panel("Models")
    settled()
    shown, where = homes.shown(), QRect(homes.panel("Graph").mapTo(bare, QPoint()), homes.panel("Graph").size())
    fresh = opened_again(bare, tmp_path, finish, project)
    try:
        again = fresh.homes
        assert again.shown() == shown == ["Graph", "Methods", "Results", "Curves"]
        assert again.home("Methods") is Home.BOTTOM_LEFT
        assert again.panel("Curves").window().geometry() == QRect(40, 60, 500, 300)
        assert again.panel("Curves").window().isVisible()
        graph = again.panel("Graph")
        assert QRect(graph.mapTo(fresh, QPoint()), graph.size()) == where
        assert fresh.page() == "Desk"
        again.reset()
        settled()
        assert again.shown() == ["Graph", "Curves", "Counterfactual"]
    finally:
        fresh.close()
        fresh.deleteLater()


def test_the_page_and_what_fills_the_window_come_back(bare, tmp_path, finish):
    project = bare.desk.project.folder
    bare.homes.fill("Graph")
    bare.show_panel("Data")
    fresh = opened_again(bare, tmp_path, finish, project)
    try:
        assert fresh.page() == "Data"
        assert fresh.homes.filled() == "Graph"
        fresh.show_panel("Graph")
        assert fresh.homes.shown() == ["Graph"]
    finally:
        fresh.close()
        fresh.deleteLater()


def test_a_damaged_layout_opens_as_the_design_has_it_and_a_new_project_too(bare, tmp_path, finish):
    project = bare.desk.project.folder
    bare.homes.hide_panel("Graph")
    bare.close()
    store = Project.open(project)
    store.store.put(Kind.LAYOUT, "layout", {"format": 1, "page": 7, "homes": "nowhere"})
    store.close()
    fresh = opened_again(bare, tmp_path, finish, project)
    try:
        assert set(fresh.homes.shown()) == {"Graph", "Curves", "Counterfactual"}
        fresh.homes.float_panel("Graph")
        fresh.new_project()
        assert not fresh.homes.is_floating("Graph")
    finally:
        fresh.close()
        fresh.deleteLater()


def test_floating_panels_are_raised_by_their_key_and_stand_beside_the_data(bare, qtbot):
    homes = bare.homes
    homes.float_panel("Curves")
    bare.show_panel("Data")
    qtbot.waitUntil(lambda: QApplication.activeWindow() is bare)
    assert homes.panel("Curves").isVisible()
    assert [name for name, toggle in bare.top._toggles.items() if toggle.isChecked()] == ["Data", "Curves"]
    press(Qt.Key.Key_5, CONTROL)
    qtbot.waitUntil(lambda: homes.held() == "Curves")
    assert bare.page() == "Data"
    press(Qt.Key.Key_6, CONTROL)                # from the floating window: back to the desk
    qtbot.waitUntil(lambda: homes.held() == "Counterfactual")
    assert bare.page() == "Desk"
    for name in ("Curves", "Graph", "Counterfactual"):
        press(Qt.Key.Key_F6)
        qtbot.waitUntil(lambda name=name: homes.held() == name)
    press(Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: homes.held() == "Graph")
    bare.show_panel("Start")
    assert not homes.panel("Curves").isVisible()
    bare.toggle("Curves", True)
    bare.toggle("Curves", False)
    assert not homes.panel("Curves").isVisible()


def test_filling_by_key_and_escape(bare, qtbot):
    homes = bare.homes
    bare.show_panel("Graph")
    press(Qt.Key.Key_Backslash, CONTROL)
    assert homes.shown() == ["Graph"]
    press(Qt.Key.Key_Escape)
    assert len(homes.shown()) == 3
    bare.show_panel("Counterfactual")
    press(Qt.Key.Key_Backslash, CONTROL)
    assert homes.shown() == ["Counterfactual"]
    press(Qt.Key.Key_Backslash, CONTROL)
    assert len(homes.shown()) == 3
    homes.float_panel("Curves")
    qtbot.waitUntil(lambda: homes.held() == "Curves")
    press(Qt.Key.Key_Backslash, CONTROL)
    qtbot.waitUntil(homes.panel("Curves").window().isMaximized)
    press(Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not homes.panel("Curves").window().isMaximized())


def test_a_floating_counterfactual_answers_its_keys_and_exports(lived_in, tmp_path, qtbot, monkeypatch):
    homes, exploration = lived_in.homes, lived_in.desk.exploration
    asked: list[Exhibit] = []
    monkeypatch.setattr("studio.exports.by_hand.ask_target", lambda *_: None)
    lived_in.rooms.counterfactual.export_wished.connect(asked.append)
    homes.float_panel("Counterfactual")
    panel = homes.panel("Counterfactual")
    qtbot.waitUntil(lambda: homes.held() == "Counterfactual")
    before = exploration.wish.item
    press(Qt.Key.Key_Period)
    assert exploration.wish.item != before
    press(Qt.Key.Key_Comma)
    assert exploration.wish.item == before
    press(Qt.Key.Key_E, CONTROL)
    assert [exhibit.view for exhibit in asked] == [panel.figure()]
    row = panel._rows.row("thickness")
    row.setFocus()
    value = exploration.factual("thickness")
    slider = QApplication.focusWidget()
    assert panel.isAncestorOf(slider)
    press(Qt.Key.Key_Right)
    assert exploration.wish.do.get("thickness", value) != value
    panel.window().resize(900, 780)
    settled()
    assert not panel._compact
    panel.window().resize(900, 600)         # little room of its own, whatever the main window has
    settled()
    assert panel._compact
    target = tmp_path / "figure.png"
    lived_in.export_to(asked[0], target)
    assert target.stat().st_size > 1000


def test_curves_answer_their_keys_while_they_float(bare, qtbot, monkeypatch):
    homes, curves = bare.homes, bare.rooms.curves
    asked: list[QWidget] = []
    curves.export_wished.connect(asked.append)
    monkeypatch.setattr("studio.exports.by_hand.ask_target", lambda *_: None)
    curves._pages.show_content()
    homes.float_panel("Curves")
    curves.plot.setFocus()
    qtbot.waitUntil(curves.plot.hasFocus)
    log = curves.plot.log()
    press(Qt.Key.Key_L)
    assert curves.plot.log() is not log
    press(Qt.Key.Key_E, CONTROL)
    assert asked == [curves.plot]


def test_the_palette_opens_from_a_floating_panel_and_gives_the_keyboard_back(bare, qtbot):
    homes = bare.homes
    homes.float_panel("Graph")
    qtbot.waitUntil(lambda: homes.held() == "Graph")
    press(Qt.Key.Key_K, CONTROL)
    qtbot.waitUntil(lambda: bare.rooms.palette.isAncestorOf(QApplication.focusWidget()))
    names = [command.name for command in bare.rooms.commands()]
    assert "Dock this panel" in names
    assert "Float this panel" not in names
    press(Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: homes.held() == "Graph")
    assert QApplication.activeWindow() is homes.panel("Graph").window()
    next(command for command in bare.rooms.commands() if command.name == "Dock this panel").run()
    assert not homes.is_floating("Graph")


def test_no_arrangement_is_clipped_in_the_smallest_window(lived_in):
    homes = lived_in.homes
    lived_in.resize(1024, 640)
    try:
        for scale, names in ((100, (*OTHERS, "Counterfactual")), (150, OTHERS)):
            appearance().set_text_scale(scale)
            for name in names:
                for home in (Home.TOP_LEFT, Home.RIGHT):
                    homes.dock(name, home)
                    settled()
                    assert_whole(lived_in, f"{name} in {home} at {scale} %")
            homes.reset()
    finally:
        appearance().set_text_scale(100)


def assert_whole(window: QWidget, what: str) -> None:
    """Each panel lies in the window and has at least the room that it asks for."""
    for shown in window.homes.shown():
        panel = window.homes.panel(shown)
        assert window.rect().contains(QRect(panel.mapTo(window, QPoint()), panel.size())), f"{shown}: {what}"
        least = panel.minimumSizeHint()
        assert panel.width() >= least.width(), f"{shown}: {what}"
        assert panel.height() >= least.height(), f"{shown}: {what}"
