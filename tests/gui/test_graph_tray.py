"""The tray of the Graph panel: it opens, turns its pages, closes, makes room; the list of nodes finds and selects."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engines.graph.graph import Graph
from tests.gui.conftest import Analyst

NAMES = ("rain", "sprinkler", "wet", "slippery")


def drawn(analyst: Analyst) -> Graph:
    graph = Graph.of(NAMES, [("rain", "wet"), ("sprinkler", "wet"), ("wet", "slippery")])
    graph = graph.placed({name: (200.0 * i, 60.0 * (i % 2)) for i, name in enumerate(NAMES)})
    analyst.desk.projects.begin()
    analyst.window.show_panel("Graph")
    analyst.desk.workspace.set_graph(graph, "Draw")
    return graph


def test_a_key_opens_the_tray_which_makes_room_and_escape_closes_it(analyst: Analyst) -> None:
    drawn(analyst)
    panel = analyst.window.rooms.graph
    before = panel.height()
    panel.canvas.setFocus()
    QTest.keyClick(panel.canvas, Qt.Key.Key_T)
    assert panel.tray.is_open
    assert panel.height() > before + 100
    page = panel.tray.page(panel.tray.current())
    page.setFocus()
    QTest.keyClick(QApplication.focusWidget() or page, Qt.Key.Key_Escape)
    assert not panel.tray.is_open
    assert panel.height() == before


def test_the_list_finds_a_node_and_selects_it(analyst: Analyst) -> None:
    drawn(analyst)
    panel = analyst.window.rooms.graph
    panel.tray.open("list")
    page = panel.tray.page("list")
    page.setFocus()
    QTest.keyClicks(page.focusProxy(), "SLIP")
    assert [line.text for line in page._list.lines()] == ["slippery"]
    assert "caused by wet" in page._list.lines()[0].note
    page._list.look_at(0)
    assert panel.canvas.selection() == ("slippery",)
