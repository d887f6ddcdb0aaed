"""Knowledge in the window: tiers, statements and groups are made by hand, judged, jumped to, kept and taken back."""

from __future__ import annotations

import json
from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from engines.graph.graph import Graph
from engines.graph.knowledge import Knowledge
from studio.panels.graph_pages.knowledge import KnowledgePage
from tests.gui.conftest import Analyst

NAMES = ("age", "gene_a", "gene_b", "dose", "cure")


def at_knowledge(analyst: Analyst) -> KnowledgePage:
    graph = Graph.of(NAMES, [("gene_a", "dose"), ("dose", "cure"), ("cure", "age")])
    graph = graph.placed({name: (220.0 * i, 90.0 * (i % 2)) for i, name in enumerate(NAMES)})
    analyst.desk.projects.begin()
    analyst.window.show_panel("Graph")
    analyst.desk.workspace.set_graph(graph, "Draw")
    panel = analyst.window.rooms.graph
    panel.tray.open("knowledge")
    page = panel.tray.page("knowledge")
    assert isinstance(page, KnowledgePage)
    return page


def test_names_and_patterns_go_into_tiers_by_mouse_and_keys(analyst: Analyst) -> None:
    page, workspace = at_knowledge(analyst), analyst.desk.workspace
    tiers, board = page.tiers(), page.tiers().board
    QTest.keyClicks(tiers.field, "gene_*")
    assert tiers.matches() == "2 names"
    assert board.selection() == ("gene_a", "gene_b")
    QTest.keyClick(tiers.field, Qt.Key.Key_Return)
    menu = next(child for child in tiers.findChildren(QMenu) if child.isVisible())
    menu.actions()[0].trigger()
    menu.close()
    assert workspace.knowledge.tiers == (("gene_*",),)
    assert analyst.desk.history.undo_text() == "Put gene_* into tier 1"
    assert [item.figure for item in board.columns()[1].items] == ["2"]
    assert [item.text for item in board.columns()[0].items] == ["age", "dose", "cure"]

    board.setFocus()
    board.select("dose")
    QTest.keyClick(board, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert workspace.knowledge.tiers == (("gene_*", "dose"),)
    QTest.keyClick(board, Qt.Key.Key_2)
    assert workspace.knowledge.tiers == (("gene_*",), ("dose",))
    assert "dose, Tier 2, 1 of 1" in board.accessibleName()

    start, end = board.box(0, 1).center(), board.box(3, -1).center() + QPoint(0, 30)     # cure to the new tier
    QTest.mousePress(board, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    QTest.mouseMove(board, end)
    QTest.mouseRelease(board, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, end)
    assert workspace.knowledge.tiers == (("gene_*",), ("dose",), ("cure",))
    QTest.keyClick(board, Qt.Key.Key_Delete)
    assert workspace.knowledge.tiers[2] == ()
    analyst.desk.history.undo()
    analyst.desk.history.undo()
    assert workspace.knowledge.tiers == (("gene_*",), ("dose",))

    # the menu of a tier gives it rules
    workspace.set_knowledge(Knowledge(tiers=(("gene_*",), ("dose",), ("cure",))), "Tiers")
    for action in range(2):
        QTest.mouseClick(board, Qt.MouseButton.LeftButton, pos=board.box(1, -1).center())
        menu = next(child for child in page.findChildren(QMenu) if child.isVisible())
        menu.actions()[action].trigger()
        menu.close()
    assert (workspace.knowledge.closed, workspace.knowledge.next_only) == ({0}, {0})
    assert board.columns()[1].rule == "none within, next only"
    QTest.mouseClick(board, Qt.MouseButton.LeftButton, pos=board.box(4, -1).center())
    assert len(workspace.knowledge.tiers) == 4


def test_statements_and_groups_are_written_judged_drawn_and_kept(analyst: Analyst, tmp_path: Path) -> None:
    page, workspace = at_knowledge(analyst), analyst.desk.workspace
    canvas = analyst.window.rooms.graph.canvas
    page.show_view(1)
    edges = page.edges()
    QTest.keyClicks(edges.cause, "gene_*")
    QTest.keyClicks(edges.effect, "dose")
    edges.forbid.click()
    assert workspace.knowledge.forbidden == {("gene_*", "dose")}
    canvas.select(("dose", "cure"))
    assert (edges.cause.text(), edges.effect.text()) == ("dose", "cure")
    edges.require.click()
    assert page.line() == "1 of 2 broken"
    said = analyst.window.rooms.graph._bar._sentence.text()
    assert said == "The graph breaks 1 of the 2 statements of the knowledge"
    first, second = edges.list.lines()
    assert first.text == "gene_* → dose is forbidden"
    assert first.note == "gene_a → dose is there, but gene_* → dose is forbidden."
    assert second.sign == "check"
    edges.list.look_at(0)
    assert canvas.showing().edge == ("gene_a", "dose")
    edges.list.setFocus()
    QTest.keyClick(edges.list, Qt.Key.Key_Delete)
    assert not workspace.knowledge.forbidden
    assert page.line() == "Obeys all 1"

    # contradictions are said before a run
    analyst.desk.workspace.set_knowledge(Knowledge(frozenset({("cure", "age")}), tiers=(("age",), ("cure",))), "Both")
    assert page.against() == "The edge cure → age is both required and forbidden. Take back one of the two."
    workspace.set_knowledge(Knowledge(), "Forget")
    assert not page.against()

    # a stroke over the canvas requires, forbids, and leaves open
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_K)
    places = [canvas.mapFromScene(QPointF(*canvas.geometry_of_graph().centre(name))) for name in ("age", "gene_a")]
    for said in ((1, 0), (0, 1), (0, 0)):
        view = canvas.viewport()
        QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=places[0])
        QTest.mouseMove(view, places[1])
        QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=places[1])
        known = workspace.knowledge
        assert (len(known.required), len(known.forbidden)) == said
    canvas.select(("age", "gene_b"))
    QTest.keyClick(canvas, Qt.Key.Key_K, Qt.KeyboardModifier.ShiftModifier)
    assert workspace.knowledge.required == {("age", "gene_b")}
    assert analyst.desk.history.undo_text() == "Require age → gene_b"

    # groups, and files
    workspace.set_knowledge(Knowledge(), "Forget")
    canvas.select(())
    groups = page.groups()
    page.show_view(2)
    groups.members.clear()
    QTest.keyClicks(groups.name, "early")
    QTest.keyClicks(groups.members, "age, gene_*")
    QTest.keyClick(groups.members, Qt.Key.Key_Return)
    assert workspace.knowledge.groups == (("early", ("age", "gene_*")),)
    groups.list.look_at(0)
    assert set(analyst.window.rooms.graph.canvas.selection()) == {"age", "gene_a", "gene_b"}
    workspace.set_knowledge(Knowledge(frozenset({("early", "cure")}), groups=workspace.knowledge.groups), "More")
    page.write(tmp_path / "known.json")
    kept = workspace.knowledge
    page._whole(False)
    assert ("dose", "cure") in workspace.knowledge.forbidden
    page.read(tmp_path / "known.json")
    assert workspace.knowledge == kept
    assert json.loads((tmp_path / "known.json").read_text())["groups"] == {"early": ["age", "gene_*"]}
    (tmp_path / "none.json").write_text("[1]")
    page.read(tmp_path / "none.json")
    assert "cannot be read as knowledge" in page._error.sentence()
    assert workspace.knowledge == kept
    groups.list.setFocus()
    groups.list.look_at(0)
    QTest.keyClick(groups.list, Qt.Key.Key_Delete)
    assert not workspace.knowledge
