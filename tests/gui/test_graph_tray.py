"""The tray of the Graph panel: it opens, turns its pages, closes, makes room; the list of nodes finds and selects."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engines.contract import Answer, Budget
from engines.graph.arranging import Layout
from engines.graph.graph import Graph, Mark, Node, bidirected
from engines.graph.knowledge import Knowledge
from engines.graph.sorts import Sort
from engines.results import GraphResult
from tests.gui.conftest import Analyst
from widgets.kit.button import Button
from widgets.kit.menu import Menu

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


def test_layouts_come_from_beside_the_window_and_lose_nothing(analyst: Analyst, finish) -> None:
    drawn(analyst)
    panel, workspace = analyst.window.rooms.graph, analyst.desk.workspace
    workspace.set_knowledge(Knowledge(tiers=(("slippery",), ("rain", "sprinkler"))), "Tiers")
    panel.canvas.select(("rain",))
    QTest.keyClick(panel.canvas, Qt.Key.Key_P)
    pinned = workspace.graph.node("rain").position

    async def story() -> None:
        panel.layouts.wish(Layout.CIRCLE)
        panel.layouts.wish(Layout.TIERS)                                # the newest wish
        moved = workspace.graph.placed({"wet": (-800.0, 0.0)})          # meanwhile
        workspace.set_graph(moved.with_node(Node("mud", position=(0.0, 800.0))), "Draw on")
        await analyst.until(lambda: analyst.desk.history.undo_text() == "Lay out in tiers", workspace.graph_changed)

    finish(story(), 20)
    places = {node.name: node.position for node in workspace.graph.nodes}
    assert places["rain"] == pinned
    assert (places["wet"], places["mud"]) == ((-800.0, 0.0), (0.0, 800.0))
    assert places["slippery"][0] < places["sprinkler"][0]
    assert panel.layouts._newest == 2
    menu = panel.layouts.menu(panel)
    assert [action.isEnabled() for action in menu.actions()[:4]] == [True] * 4
    menu.close()


def test_ctrl_f_searches_and_enter_goes_on(analyst: Analyst) -> None:
    drawn(analyst)
    panel = analyst.window.rooms.graph
    panel.canvas.setFocus()
    QTest.keyClick(panel.canvas, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    field = panel.tray.page("list").focusProxy()
    QTest.keyClicks(field, "r")
    seen = []
    for _ in range(4):
        QTest.keyClick(field, Qt.Key.Key_Return)
        seen.append(panel.canvas.selection()[0])
    assert seen == ["rain", "sprinkler", "slippery", "rain"]


def test_a_kind_of_graph_that_is_kept_to_refuses_with_ways_out(analyst: Analyst) -> None:
    drawn(analyst)
    panel, workspace = analyst.window.rooms.graph, analyst.desk.workspace
    assert panel.header._note.text().startswith("DAG, ")
    workspace.keep_to(Sort.DAG)
    assert panel.header._note.text().startswith("DAG rules, ")
    before = workspace.graph
    panel.canvas.select(("rain", "slippery"))
    QTest.keyClick(panel.canvas, Qt.Key.Key_B, Qt.KeyboardModifier.ShiftModifier)
    assert workspace.graph == before
    assert panel._error.sentence() == "The edge between rain and slippery is bidirected."
    buttons = {button.text(): button for button in panel._error.findChildren(Button)}
    assert {"Draw rain → slippery", "Make it an ADMG", "Do not add"} <= set(buttons)
    buttons["Make it an ADMG"].click()
    assert workspace.sort is Sort.ADMG
    assert workspace.graph.edge("rain", "slippery").bidirected
    menu = Menu()
    panel._rules.fill(menu)
    states = {action.text(): (action.isEnabled(), action.isChecked()) for action in menu.actions()}
    assert states["ADMG only"] == (True, True)
    assert states["DAG only"] == (False, False)
    analyst.desk.history.undo()
    analyst.desk.history.undo()
    assert (workspace.sort, workspace.graph) == (Sort.DAG, before)


def test_the_bar_says_that_a_formula_identifies_where_no_set_does(analyst: Analyst, finish) -> None:
    """The napkin: adjustment fails, ID does not."""
    async def story() -> None:
        desk, bar = analyst.desk, analyst.window.rooms.graph._bar
        desk.projects.begin()
        analyst.window.show_panel("Graph")
        napkin = Graph.of("WZXY", [("W", "Z"), ("Z", "X"), ("X", "Y")])
        napkin = napkin.with_edge(bidirected("W", "X")).with_edge(bidirected("W", "Y"))
        for name, mark in (("X", Mark.EXPOSURE), ("Y", Mark.OUTCOME)):
            napkin = napkin.with_node(Node(name, frozenset({mark})))
        desk.workspace.set_graph(napkin.placed({name: (200.0 * i, 0.0) for i, name in enumerate("WZXY")}), "Draw")
        assert "not identified by adjustment" in bar._sentence.text()
        await analyst.until(lambda: "by a formula" in bar._sentence.text(), desk.identifying.changed)
        bowed = desk.workspace.graph.with_edge(bidirected("X", "Y"))
        desk.workspace.set_graph(bowed, "Draw")
        await analyst.until(lambda: desk.identifying.answers.effect is not None, desk.identifying.changed)
        assert "not identified" in bar._sentence.text()

    finish(story())


def test_the_world_of_an_answer_does_not_take_the_place_of_the_drawn_graph(analyst: Analyst, finish) -> None:
    async def story() -> None:
        graph = drawn(analyst)
        desk = analyst.desk
        world = GraphResult("world", "The graph with its edges cut", graph.under(["wet"]))
        desk.exploration.answered.emit(Answer(Budget.FINAL, (world,)), 0.1)
        assert desk.workspace.graph.edges == graph.edges

    finish(story())
