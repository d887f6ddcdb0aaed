"""The graph as text: typing draws it, drawing rewrites it, a line that cannot be read is marked."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QTextCursor
from PySide6.QtTest import QTest

from engines.graph import formats
from engines.graph.graph import Edge, Graph, Mark, Node, bidirected
from engines.graph.sorts import Sort
from studio.panels.graph_pages import text as page_module
from studio.panels.graph_pages.text import TextPage
from tests.graph.random_graphs import alike
from tests.gui.conftest import Analyst
from widgets.kit.tool_button import ToolButton

ODD = Graph(
    (
        Node("a b", frozenset({Mark.EXPOSURE}), (0.0, 0.0)), Node('say "hi"', position=(240.0, 0.0)),
        Node("no\u00a0break", position=(0.0, 120.0)), Node("line\u2028end", position=(240.0, 120.0)),
        Node("😀", frozenset({Mark.OUTCOME}), (480.0, 0.0)),
    ),
    (Edge("a b", "😀"), bidirected('say "hi"', "😀"), Edge("no\u00a0break", "line\u2028end", weight=0.5)),
)


@pytest.fixture(autouse=True)
def _short_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_module, "PAUSE", 10)


def at_text(analyst: Analyst, graph: Graph) -> TextPage:
    analyst.desk.projects.begin()
    analyst.window.show_panel("Graph")
    analyst.desk.workspace.set_graph(graph, "Draw")
    panel = analyst.window.rooms.graph
    panel.tray.open("text")
    page = panel.tray.page("text")
    assert isinstance(page, TextPage)
    page.editor.setFocus()
    return page


@pytest.fixture
def page(analyst: Analyst) -> TextPage:
    return at_text(analyst, ODD)


def type_at_end(page: TextPage, before: str, text: str) -> None:
    """Type before the last place where `before` stands."""
    place = page.text().rindex(before)
    cursor = page.editor.textCursor()
    cursor.setPosition(len(page.text()[:place].encode("utf-16-le")) // 2)
    page.editor.setTextCursor(cursor)
    cursor.insertText(text)


def test_typing_draws_one_step_a_pause_and_the_own_text_stays(analyst: Analyst, page: TextPage, qtbot) -> None:
    workspace = analyst.desk.workspace
    type_at_end(page, "}", "// by hand\n   x   ->   \"😀\"\n")
    mine = page.text()
    qtbot.waitUntil(lambda: "x" in workspace.graph)
    assert workspace.graph.edge("x", "😀") == Edge("x", "😀")
    assert workspace.graph.without_node("x") == ODD
    assert page.text() == mine
    assert analyst.desk.history.undo_text() == "Edit the text of the graph"
    analyst.desk.history.undo()
    assert workspace.graph == ODD
    assert "by hand" not in page.text()
    analyst.desk.history.redo()
    assert page.text() == mine                          # comment, spaces and all


def test_drawing_rewrites_the_text_and_keeps_the_cursor(analyst: Analyst, page: TextPage) -> None:
    workspace = analyst.desk.workspace
    cursor = page.editor.textCursor()
    cursor.setPosition(9)
    cursor.setPosition(14, QTextCursor.MoveMode.KeepAnchor)
    page.editor.setTextCursor(cursor)
    chosen = cursor.selectedText()
    workspace.set_graph(ODD.placed({"😀": (500.0, 30.0)}), "Move")
    assert 'pos="500,30"' in page.text()
    assert page.editor.textCursor().selectedText() == chosen
    assert formats.parse(page.text(), "g.txt") == workspace.graph
    assert analyst.desk.history.undo_text() == "Move"
    assert not page.editor.document().isUndoAvailable()      # Ctrl+Z is the window's


def test_a_line_that_cannot_be_read_is_marked_and_the_graph_stays(analyst: Analyst, page: TextPage, qtbot) -> None:
    workspace = analyst.desk.workspace
    for typed, said in (
        ("a -> \n", "a node is expected"), ("😀 -> 'a b'\n", "not expected here"), ('"a b" <- "😀"\n', "second time"),
    ):
        type_at_end(page, "}", typed)
        broken = page.text()
        qtbot.waitUntil(lambda: bool(page.sentence()))
        assert said in page.sentence()
        assert page.sentence().startswith(f"Line {page.editor.wrong_line()}: ")
        assert abs(broken.split("\n").index(typed.rstrip("\n")) + 1 - page.editor.wrong_line()) <= 1
        moved = workspace.graph.placed({"😀": (workspace.graph.node("😀").position[0] + 64, 0.0)})
        workspace.set_graph(moved, "Move")                  # meanwhile the graph is drawn on; the text waits
        assert page.text() == broken
        QTest.mouseClick(page._take, Qt.MouseButton.LeftButton)
        assert formats.parse(page.text(), "g.txt") == moved
        assert not page.sentence()
    page.editor.undo()
    assert page.text() == broken                            # what was typed is not lost


def test_a_cycle_and_the_rules_of_a_sort_are_said(analyst: Analyst, qtbot) -> None:
    page, workspace = at_text(analyst, Graph.of("ab", [("a", "b")])), analyst.desk.workspace
    type_at_end(page, "}", "b -> c -> a\n")
    qtbot.waitUntil(lambda: "cycle" in page.sentence())
    assert page.editor.wrong_line() == 5
    page._rewrite()
    workspace.keep_to(Sort.DAG)
    type_at_end(page, "}", "a <-> b\n")
    qtbot.waitUntil(lambda: "DAG" in page.sentence())
    assert workspace.graph == Graph.of("ab", [("a", "b")])


def test_every_format_shows_and_takes_the_graph(analyst: Analyst, page: TextPage) -> None:
    workspace = analyst.desk.workspace
    for ending in page_module.first_endings():
        page.show_as(ending)
        assert page.text() == formats.compose(ODD, f"g{ending}")
        page.editor.insertPlainText(" ")
        page.editor.textCursor().deletePreviousChar()
        page.read_now()
        assert alike(workspace.graph, ODD), ending
    page.show_as(".dot")
    QTest.mouseClick(page.findChild(ToolButton), Qt.MouseButton.LeftButton)
    assert alike(formats.parse(QGuiApplication.clipboard().text(), "g.dot"), ODD)
    type_at_end(page, "}", "new;\n")
    page.editor.left.emit()                             # leaving the text does not wait for the pause
    assert "new" in workspace.graph


def test_nodes_without_a_place_keep_theirs_and_no_text_is_no_graph(analyst: Analyst, page: TextPage, qtbot) -> None:
    workspace = analyst.desk.workspace
    page.editor.selectAll()
    page.editor.insertPlainText('dag { "a b" -> "😀" }')
    qtbot.waitUntil(lambda: len(workspace.graph.nodes) == 2)
    assert workspace.graph.node("a b") == Node("a b", position=(0.0, 0.0))
    page.editor.selectAll()
    page.editor.insertPlainText("")
    page.editor.textCursor().removeSelectedText()
    qtbot.waitUntil(lambda: not workspace.graph.nodes)
