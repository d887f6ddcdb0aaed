"""The canvas by mouse and by keys: every gesture tells what it wishes, and setters tell nothing."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from engines.graph.compare import Comparison
from engines.graph.graph import Edge, End, Graph, Mark, bidirected, undirected
from engines.graph.knowledge import Knowledge
from tests.widgets.graph.conftest import GRAPH, ON_CHILD, ON_ROOT, PLACES, Hand
from widgets.export import figure_of, save
from widgets.graph.canvas import GraphCanvas
from widgets.graph.editor import NameField
from widgets.graph.paint import Level
from widgets.graph.tools import Tool
from widgets.graph.values import Lit
from widgets.theme import appearance

SHIFT, CONTROL, ALT = (
    Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
)
Key = Qt.Key


# ------------------------------------------------------------------------------------------------------------- setters


def test_setters_tell_nothing(hand: Hand) -> None:
    canvas = hand.canvas
    canvas.set_node_states(ON_ROOT)
    canvas.set_do_view(False)
    canvas.set_comparison(Comparison((Edge("digit", "image"),)))
    canvas.set_comparison(None)
    canvas.set_knowledge(Knowledge(required=frozenset({("digit", "image")})))
    canvas.set_lit(Lit((("digit", "image"),)))
    canvas.set_offered(["digit"])
    canvas.set_selection("digit")
    canvas.set_cycle(("digit", "image", "digit"), Edge("image", "digit"))
    canvas.set_tool(Tool.DIRECTED)
    canvas.set_graph(Graph.of("ab", ["ab"]))
    assert hand.told == []
    assert canvas.selection() == ()
    assert canvas.graph().names == ("a", "b")


def test_nodes_without_a_place_get_one_and_known_ones_stay(hand: Hand) -> None:
    graph = Graph((*GRAPH.nodes, *Graph.of("q").nodes), (*GRAPH.edges, Edge("image", "q")))
    hand.canvas.set_graph(graph)
    assert hand.canvas.graph().node("thickness").position == PLACES["thickness"]
    assert hand.canvas.graph().node("q").position[0] > PLACES["image"][0]


def test_a_graph_that_a_run_gives_without_places_keeps_those_of_its_names(hand: Hand) -> None:
    learned = Graph.of(["image", "thickness", "digit"], [("thickness", "image")])
    hand.canvas.set_graph(learned)
    assert {node.name: node.position for node in hand.canvas.graph().nodes} == {
        name: PLACES[name] for name in learned.names
    }


def test_a_learned_graph_is_laid_out_anew_over_columns_that_lay_ready(hand: Hand) -> None:
    canvas = hand.canvas
    canvas.set_graph(Graph.of("abc", []).placed({"a": (400.0, 0.0), "b": (0.0, 0.0), "c": (200.0, 0.0)}))
    canvas.set_offered("abc")
    canvas.set_graph(Graph.of("abc", [("a", "b"), ("b", "c")]))
    canvas.set_offered(())
    x = {node.name: node.position[0] for node in canvas.graph().nodes if node.position is not None}
    assert x["a"] < x["b"] < x["c"]
    canvas.set_graph(Graph.of("abc", [("c", "b"), ("b", "a")]))         # and then keeps its places
    assert {node.name: node.position[0] for node in canvas.graph().nodes if node.position is not None} == x


def test_the_view_stays_while_the_hand_works_and_follows_what_outgrows_it(hand: Hand) -> None:
    hand.canvas.resize(520, 330)
    before = hand.spot("image")
    hand.drag(hand.spot("digit"), hand.spot("digit", 10, 30), hand.spot("digit", 16, 200))
    assert hand.spot("image") == before
    far = hand.canvas.graph().placed({"digit": (140.0, 2000.0)})
    hand.canvas.set_graph(far)
    seen = hand.canvas.mapToScene(hand.canvas.viewport().rect()).boundingRect()
    assert seen.contains(hand.canvas.geometry_of_graph().bounds())


def test_layouts_may_ask_for_the_sizes_of_nodes(hand: Hand) -> None:
    assert hand.canvas.node_sizes()["digit"] == (140, 40)
    hand.canvas.set_node_states(ON_ROOT)
    assert hand.canvas.node_sizes()["digit"] == (140, 46)
    assert hand.canvas.node_sizes()["thickness"] == (140, 58)


def test_selection_survives_a_new_graph_as_far_as_its_nodes_do(hand: Hand) -> None:
    hand.click(hand.spot("digit"))
    hand.canvas.set_graph(GRAPH.without_node("image"))
    assert hand.canvas.selection() == ("digit",)
    hand.canvas.set_graph(GRAPH.without_node("digit"))
    assert hand.canvas.selection() == ()


# --------------------------------------------------------------------------------------------------------------- mouse


def test_a_click_selects_and_one_on_the_ground_selects_nothing(hand: Hand) -> None:
    hand.click(hand.spot("digit"))
    assert hand.canvas.selection() == ("digit",)
    assert hand.last("selection_changed") == ("digit",)
    hand.click(hand.spot("image", -60, 0), SHIFT)
    assert hand.canvas.selection() == ("digit", "image")
    hand.click(hand.spot("digit"), SHIFT)
    assert hand.canvas.selection() == ("image",)
    hand.click(QPoint(3, 3))
    assert hand.canvas.selection() == ()
    assert hand.last("selection_changed") == ("",)
    assert "edit_wished" not in hand.names_told()


def test_a_band_selects_what_it_touches(hand: Hand) -> None:
    corner, far = hand.spot("thickness", -90, -50), hand.spot("intensity", 10, 10)
    hand.drag(corner, far)
    assert set(hand.canvas.selection()) == {"thickness", "intensity"}
    hand.drag(hand.spot("digit", -90, 40), hand.spot("digit", 0, 10), modifier=SHIFT)
    assert set(hand.canvas.selection()) == {"thickness", "intensity", "digit"}


def test_a_drag_moves_onto_the_grid_and_is_one_edit(hand: Hand) -> None:
    hand.drag(hand.spot("digit"), hand.spot("digit", 10, 3), hand.spot("digit", 37, 21))
    wished, sentence = hand.last("edit_wished")
    assert hand.names_told().count("edit_wished") == 1
    assert sentence == "Move digit"
    assert wished.node("digit").position == (176.0, 320.0)
    assert wished.node("image").position == PLACES["image"]
    assert hand.canvas.geometry_of_graph().centre("digit") == (176.0, 320.0)


def test_alt_lets_go_of_the_grid(hand: Hand) -> None:
    start = hand.spot("digit")
    hand.press(start, modifier=ALT)
    event_at = hand.spot("digit", 13, 5)
    QTest.mouseMove(hand.canvas.viewport(), event_at)
    assert hand.canvas.geometry_of_graph().centre("digit") != PLACES["digit"]
    QTest.mouseRelease(hand.canvas.viewport(), Qt.MouseButton.LeftButton, ALT, event_at)


def test_selected_nodes_move_together(hand: Hand) -> None:
    hand.click(hand.spot("thickness"))
    hand.click(hand.spot("digit"), SHIFT)
    hand.drag(hand.spot("digit"), hand.spot("digit", 0, 30), hand.spot("digit", 40, 40))
    wished, sentence = hand.last("edit_wished")
    assert sentence == "Move 2 nodes"
    assert wished.node("digit").position == (180.0 // 8 * 8, 336.0)
    moved = [wished.node(n).position[0] - PLACES[n][0] for n in ("digit", "thickness")]
    assert moved[0] == moved[1]


def test_an_edit_that_is_not_taken_springs_back(dressed: QApplication, qtbot: QtBot) -> None:
    canvas = GraphCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(640, 420)
    canvas.set_graph(GRAPH)
    hand = Hand(canvas)
    hand.drag(hand.spot("digit"), hand.spot("digit", 16, 16), hand.spot("digit", 32, 32))
    assert hand.names_told().count("edit_wished") == 1
    assert canvas.graph() == GRAPH
    canvas.set_graph(GRAPH)
    assert canvas.geometry_of_graph().centre("digit") == PLACES["digit"]


def test_escape_gives_up_a_drag(hand: Hand) -> None:
    hand.press(hand.spot("digit"))
    QTest.mouseMove(hand.canvas.viewport(), hand.spot("digit", 40, 40))
    hand.key(Key.Key_Escape)
    assert hand.canvas.geometry_of_graph().centre("digit") == PLACES["digit"]
    QTest.mouseRelease(hand.canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(9, 9))
    assert "edit_wished" not in hand.names_told()


def test_new_states_in_the_middle_of_a_drag_leave_the_node_in_the_hand(hand: Hand) -> None:
    hand.press(hand.spot("digit"))
    QTest.mouseMove(hand.canvas.viewport(), hand.spot("digit", 40, 40))
    there = hand.canvas.geometry_of_graph().centre("digit")
    hand.canvas.set_node_states(ON_ROOT)
    assert hand.canvas.geometry_of_graph().centre("digit") == there
    QTest.mouseRelease(
        hand.canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, hand.spot("digit")
    )
    assert hand.last("edit_wished")[0].node("digit").position == there


@pytest.mark.parametrize(
    ("tool", "edge"),
    [
        (Tool.DIRECTED, Edge("thickness", "digit")), (Tool.BIDIRECTED, bidirected("thickness", "digit")),
        (Tool.UNDIRECTED, undirected("thickness", "digit")),
    ],
)
def test_a_drag_with_an_edge_tool_joins(hand: Hand, tool: Tool, edge: Edge) -> None:
    hand.canvas.set_tool(tool)
    hand.drag(hand.spot("thickness"), hand.spot("thickness", 0, 60), hand.spot("digit"))
    wished, sentence = hand.last("edit_wished")
    assert wished.edges[-1] == edge
    assert sentence.startswith("Add edge thickness ")
    assert hand.canvas.selection() == ("thickness", "digit")
    hand.drag(hand.spot("thickness"), hand.spot("thickness", 300, -40))
    assert hand.names_told().count("edit_wished") == 1


def test_a_cycle_is_refused_and_drawn(hand: Hand) -> None:
    hand.canvas.set_tool(Tool.DIRECTED)
    hand.drag(hand.spot("image"), hand.spot("thickness", 90, 0), hand.spot("thickness"))
    names, edge = hand.last("cycle_refused")
    assert names == ("thickness", "intensity", "image", "thickness")
    assert edge == Edge("image", "thickness")
    assert "edit_wished" not in hand.names_told()
    assert hand.canvas.showing().cycle == names
    assert hand.canvas.showing().wish == edge
    assert hand.canvas.graph() == GRAPH
    hand.key(Key.Key_Escape)
    assert hand.canvas.showing().cycle == ()


def test_the_node_tool_adds_where_it_clicks_and_opens_the_name(hand: Hand) -> None:
    hand.canvas.set_tool(Tool.NODE)
    at = hand.spot("digit", 150, 3)
    hand.click(at)
    wished, sentence = hand.last("edit_wished")
    assert sentence == "Add node variable"
    assert wished.node("variable").position == (288.0, 296.0)
    field = hand.canvas.findChild(NameField)
    QTest.keyClicks(field, "slant")
    QTest.keyClick(field, Key.Key_Return)
    assert hand.last("edit_wished")[1] == "Rename variable to slant"
    assert hand.canvas.selection() == ("slant",)


def test_the_end_tool_turns_the_end_it_clicks(hand: Hand) -> None:
    hand.canvas.set_tool(Tool.END)
    route = hand.canvas.geometry_of_graph().routes[3]
    hand.click(hand.canvas.mapFromScene(QPointF(*route.at(0.9))))
    assert hand.last("edit_wished")[0].edges[3] == Edge("digit", "image", End.TAIL, End.CIRCLE)
    route = hand.canvas.geometry_of_graph().routes[3]
    hand.click(hand.canvas.mapFromScene(QPointF(*route.at(0.1))))
    assert hand.last("edit_wished")[0].edges[3] == Edge("digit", "image", End.ARROW, End.CIRCLE)


def test_an_edge_is_selected_by_a_click_within_five_px_and_deleted(hand: Hand) -> None:
    x, y = hand.canvas.geometry_of_graph().routes[3].at(0.1)
    hand.click(hand.canvas.mapFromScene(QPointF(x, y + 4)))
    assert hand.canvas.showing().edge == ("digit", "image")
    hand.key(Key.Key_Delete)
    wished, sentence = hand.last("edit_wished")
    assert sentence == "Delete edge digit → image"
    assert wished.edge("digit", "image") is None
    assert hand.canvas.showing().edge is None


def test_the_roles_tool_and_the_right_button_give_marks(hand: Hand) -> None:
    hand.canvas.set_tool(Tool.ROLES)
    hand.click(hand.spot("digit"))
    menu = hand.canvas.findChild(QMenu)
    actions = {action.text().partition("\t")[0]: action for action in menu.actions()}
    assert list(actions) == ["Exposure", "Outcome", "Adjusted", "Latent", "Selected"]
    actions["Exposure"].trigger()
    menu.close()
    assert hand.last("edit_wished")[1] == "Mark digit as exposure"
    assert hand.canvas.graph().node("digit").marks == {Mark.EXPOSURE}


def test_the_mini_slider_is_dragged_on_the_node(hand: Hand) -> None:
    hand.canvas.set_node_states(ON_ROOT)
    groove = hand.canvas.geometry_of_graph().groove("thickness")
    places = (QPointF(groove.left() + t * groove.width(), groove.top()) for t in (0.5, 0.75, 2))
    hand.drag(*(hand.canvas.mapFromScene(place) for place in places))
    told = [note for note in hand.told if note[0].startswith("slider")]
    assert [note[0] for note in told] == ["slider_moved", "slider_moved", "slider_moved", "slider_released"]
    assert all(note[1] == "thickness" for note in told)
    assert [note[2] for note in told] == pytest.approx([0.5, 0.75, 1.0, 1.0], abs=0.01)
    assert "edit_wished" not in hand.names_told()
    assert hand.canvas.selection() == ("thickness",)
    assert hand.canvas.geometry_of_graph().centre("thickness") == PLACES["thickness"]


def test_the_middle_button_and_space_pan(hand: Hand) -> None:
    before = hand.spot("digit")
    hand.drag(QPoint(300, 20), QPoint(310, 30), QPoint(340, 50), button=Qt.MouseButton.MiddleButton)
    assert hand.spot("digit") - before == QPoint(40, 30)
    QTest.keyPress(hand.canvas, Key.Key_Space)
    hand.drag(QPoint(300, 20), QPoint(290, 20))
    QTest.keyRelease(hand.canvas, Key.Key_Space)
    assert hand.spot("digit") - before == QPoint(30, 30)
    assert hand.canvas.selection() == ()


def test_the_wheel_zooms_about_the_pointer(hand: Hand) -> None:
    at = QPointF(hand.spot("image"))
    event = QWheelEvent(
        at, hand.canvas.mapToGlobal(at), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )
    QApplication.sendEvent(hand.canvas.viewport(), event)
    assert hand.canvas.zoom() == pytest.approx(1.2)
    assert (hand.spot("image") - at.toPoint()).manhattanLength() <= 2


# ---------------------------------------------------------------------------------------------------------------- keys


def test_arrows_walk_along_edges(hand: Hand) -> None:
    walked = []
    for key in (Key.Key_Right, Key.Key_Right, Key.Key_Left, Key.Key_Left, Key.Key_Down, Key.Key_Up):
        hand.key(key)
        walked.append(hand.canvas.selection())
    assert walked == [("thickness",), ("image",), ("intensity",), ("thickness",), ("digit",), ("thickness",)]
    assert [note[1] for note in hand.told] == [name for (name,) in walked]


def test_shift_and_arrows_add_and_shift_e_joins_the_last_two(hand: Hand) -> None:
    hand.canvas.set_selection("thickness")
    hand.key(Key.Key_Down, SHIFT)
    assert hand.canvas.selection() == ("thickness", "digit")
    hand.key(Key.Key_E, SHIFT)
    assert hand.last("edit_wished")[0].edges[-1] == Edge("thickness", "digit")
    hand.key(Key.Key_B, SHIFT)
    assert bidirected("thickness", "digit") in hand.last("edit_wished")[0].edges


def test_without_an_edge_that_way_arrows_reach_the_nearest_node(hand: Hand) -> None:
    hand.canvas.set_graph(Graph.of(("a", "b", "c")).placed({"a": (0, 0), "b": (200, 0), "c": (0, 120)}))
    walked = []
    for key in (Key.Key_Right, Key.Key_Right, Key.Key_Down, Key.Key_Left, Key.Key_Up, Key.Key_Right):
        hand.key(key)
        walked.append(hand.canvas.selection()[0])
    assert walked == ["a", "b", "c", "c", "a", "b"]


def test_shift_o_turns_and_shift_delete_removes_the_edge_between_the_last_two(hand: Hand) -> None:
    hand.canvas.set_graph(Graph.of(("a", "b"), [("a", "b")]))
    hand.canvas.select(("a", "b"))
    hand.key(Key.Key_O, SHIFT)
    assert hand.last("edit_wished")[0].edges == (Edge("a", "b", End.TAIL, End.CIRCLE),)
    hand.canvas.select(("b", "a"))
    hand.key(Key.Key_O, SHIFT)
    assert hand.last("edit_wished")[0].edges[0].at_source is End.ARROW
    hand.key(Key.Key_Delete, SHIFT)
    assert hand.last("edit_wished")[0].edges == ()
    assert hand.last("edit_wished")[0].names == ("a", "b")


def test_alt_and_arrows_move_by_eight(hand: Hand) -> None:
    hand.canvas.set_selection("digit")
    hand.key(Key.Key_Right, ALT)
    hand.key(Key.Key_Up, ALT)
    assert hand.canvas.graph().node("digit").position == (148.0, 288.0)
    assert [note[2] for note in hand.told] == ["Move digit", "Move digit"]


@pytest.mark.parametrize(
    ("key", "mark"),
    [
        (Key.Key_X, Mark.EXPOSURE), (Key.Key_Y, Mark.OUTCOME), (Key.Key_A, Mark.ADJUSTED), (Key.Key_L, Mark.LATENT),
        (Key.Key_S, Mark.SELECTED),
    ],
)
def test_letters_mark(hand: Hand, key: Qt.Key, mark: Mark) -> None:
    hand.canvas.set_selection("digit")
    hand.key(key)
    assert hand.canvas.graph().node("digit").marks == {mark}
    hand.key(key)
    assert hand.canvas.graph().node("digit").marks == frozenset()


def test_n_adds_a_node_in_a_free_place_and_names_it(hand: Hand) -> None:
    hand.canvas.set_selection("image")
    hand.key(Key.Key_N)
    boxes = hand.canvas.geometry_of_graph().boxes
    assert not any(boxes["variable"].intersects(boxes[name]) for name in GRAPH.names)
    QTest.keyClick(hand.canvas.findChild(NameField), Key.Key_Escape)
    assert hand.canvas.graph().names[-1] == "variable"
    assert hand.canvas.selection() == ("variable",)


def test_enter_renames_in_place_and_a_taken_name_is_refused_there(hand: Hand) -> None:
    hand.canvas.set_selection("digit")
    hand.key(Key.Key_Return)
    field = hand.canvas.findChild(NameField)
    field.setText("image")
    QTest.keyClick(field, Key.Key_Return)
    (refusal,) = hand.last("name_refused")
    assert refusal.sentence == "There is a node image already."
    assert field.isVisible()
    assert field.toolTip() == refusal.sentence
    field.setText("label")
    QTest.keyClick(field, Key.Key_Return)
    assert hand.canvas.graph().names == ("thickness", "intensity", "label", "image")
    assert hand.canvas.selection() == ("label",)
    assert hand.canvas.graph().edge("label", "image") is not None


def test_a_click_elsewhere_takes_the_name(hand: Hand) -> None:
    QTest.mouseDClick(
        hand.canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, hand.spot("digit")
    )
    field = hand.canvas.findChild(NameField)
    field.setText("label")
    hand.click(QPoint(3, 3))
    assert "label" in hand.canvas.graph()
    assert hand.names_told().count("edit_wished") == 1


def test_delete_removes_the_selected(hand: Hand) -> None:
    hand.key(Key.Key_A, CONTROL)
    assert hand.canvas.selection() == GRAPH.names
    hand.canvas.set_selection("intensity")
    hand.key(Key.Key_Delete)
    assert hand.last("edit_wished")[1] == "Delete intensity"
    assert hand.canvas.graph().names == ("thickness", "digit", "image")


def test_o_turns_the_end_of_the_selected_edge_or_the_one_under_the_pointer(hand: Hand) -> None:
    hand.canvas.select((), ("digit", "image"))
    hand.key(Key.Key_O)
    assert hand.canvas.graph().edge("digit", "image").at_target is End.CIRCLE
    route = hand.canvas.geometry_of_graph().routes[0]
    QTest.mouseMove(hand.canvas.viewport(), hand.canvas.mapFromScene(QPointF(*route.at(0.1))))
    hand.key(Key.Key_O)
    assert hand.canvas.graph().edge("thickness", "image").at_source is End.ARROW


def test_do_and_free_by_key(hand: Hand) -> None:
    hand.canvas.set_selection("thickness")
    hand.key(Key.Key_D, CONTROL)
    assert hand.last("do_wished") == ("thickness",)
    hand.key(Key.Key_Backspace)
    assert hand.last("freed") == ("thickness",)


def test_letters_choose_tools_and_escape_returns(hand: Hand) -> None:
    for key, tool in (
        (Key.Key_E, Tool.DIRECTED), (Key.Key_B, Tool.BIDIRECTED), (Key.Key_U, Tool.UNDIRECTED), (Key.Key_R, Tool.ROLES),
        (Key.Key_V, Tool.SELECT),
    ):
        hand.key(key)
        assert hand.canvas.tool() is tool
        assert hand.last("tool_changed") == (tool,)
    hand.key(Key.Key_E)
    hand.key(Key.Key_Escape)
    assert hand.canvas.tool() is Tool.SELECT


def test_plus_minus_and_f(hand: Hand) -> None:
    fitted = hand.canvas.zoom()
    hand.key(Key.Key_Plus)
    assert hand.canvas.zoom() == pytest.approx(1.2 * fitted)
    hand.key(Key.Key_Minus)
    hand.key(Key.Key_Minus)
    assert hand.canvas.zoom() == pytest.approx(fitted / 1.2)
    hand.key(Key.Key_F)
    assert hand.canvas.zoom() == pytest.approx(fitted)


@pytest.mark.parametrize(
    ("key", "modifier"), [(Key.Key_F5, Qt.KeyboardModifier.NoModifier), (Key.Key_Z, CONTROL), (Key.Key_Delete, CONTROL)]
)
def test_keys_that_mean_nothing_are_passed_on(hand: Hand, key: Qt.Key, modifier: Qt.KeyboardModifier) -> None:
    event = QKeyEvent(QEvent.Type.KeyPress, key, modifier)
    hand.canvas.keyPressEvent(event)
    assert not event.isAccepted()
    assert hand.told == []


def test_letters_of_the_canvas_are_no_shortcuts_of_the_window(hand: Hand) -> None:
    for key, modifier, claimed in (
        (Key.Key_S, Qt.KeyboardModifier.NoModifier, True), (Key.Key_Space, Qt.KeyboardModifier.NoModifier, True),
        (Key.Key_D, CONTROL, True), (Key.Key_Left, ALT, True), (Key.Key_S, CONTROL, False), (Key.Key_K, CONTROL, False),
        (Key.Key_F6, Qt.KeyboardModifier.NoModifier, False),
    ):
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifier)
        event.ignore()
        QApplication.sendEvent(hand.canvas, event)
        assert event.isAccepted() is claimed


# ---------------------------------------------------------------------------------------------------------------- view


def test_larger_text_enlarges_the_whole_drawing(hand: Hand) -> None:
    hand.canvas.set_node_states(ON_ROOT)
    hand.canvas.resize(1000, 700)
    assert hand.canvas.zoom() == 1.0
    appearance().set_text_scale(150)
    assert hand.canvas.zoom() == 1.5
    assert hand.canvas.node_sizes()["thickness"] == (140, 58)


def test_a_resized_window_keeps_the_graph_whole_until_the_analyst_chose_a_view(hand: Hand) -> None:
    hand.canvas.resize(300, 240)
    whole = hand.canvas.geometry_of_graph().bounds()
    seen = hand.canvas.mapToScene(hand.canvas.viewport().rect()).boundingRect()
    assert seen.contains(whole)
    hand.canvas.zoom_by(2)
    zoom = hand.canvas.zoom()
    hand.canvas.resize(500, 400)
    assert hand.canvas.zoom() == zoom


def test_cut_edges_are_drawn_cut_only_in_the_do_view(hand: Hand, qtbot: QtBot) -> None:
    appearance().set_motion("reduced")
    hand.canvas.set_node_states(ON_CHILD)
    image = hand.canvas.grab().toImage()
    middle = hand.canvas.mapFromScene(QPointF(*hand.canvas.geometry_of_graph().routes[1].at(0.5)))
    ring = QPoint(middle.x(), middle.y() - 10)
    accent = appearance().theme().acc
    assert any(
        colour_at(image, ring + QPoint(0, dy)).hue() == pytest.approx(accent.hue(), abs=6) for dy in (-1, 0, 1)
    )
    hand.canvas.set_do_view(False)
    plain = hand.canvas.grab().toImage()
    assert all(colour_at(plain, ring + QPoint(0, dy)).saturation() < 60 for dy in (-1, 0, 1))


def colour_at(image: QImage, at: QPoint) -> QColor:
    """The colour at a point of the widget, whatever the ratio of the device."""
    return image.pixelColor(at * image.devicePixelRatio())


def test_the_cut_takes_its_time_and_heals(hand: Hand, qtbot: QtBot) -> None:
    appearance().set_motion("on")
    stages = hand.canvas._cutting
    hand.canvas.set_node_states(ON_CHILD)
    qtbot.waitUntil(lambda: stages.stages == {1: 1.0}, timeout=2000)
    hand.canvas.set_node_states({})
    qtbot.waitUntil(lambda: stages.stages == {}, timeout=2000)


def test_a_new_layout_glides_to_its_places(hand: Hand, qtbot: QtBot) -> None:
    appearance().set_motion("on")
    moved = GRAPH.placed({"digit": (140.0, 440.0)})
    hand.canvas.set_graph(moved)
    centre = hand.canvas.geometry_of_graph().centre
    qtbot.waitUntil(lambda: centre("digit") == (140.0, 440.0), timeout=2000)
    assert hand.canvas.graph() == moved


@pytest.mark.parametrize(
    ("zoom", "level"), [(1.0, Level.FULL), (0.61, Level.FULL), (0.59, Level.NAME), (0.29, Level.DOT)]
)
def test_what_is_drawn_follows_the_zoom(hand: Hand, zoom: float, level: Level) -> None:
    hand.canvas.zoom_by(zoom / hand.canvas.zoom())
    assert hand.canvas.level() is level
    assert not hand.canvas.grab().toImage().isNull()


@pytest.mark.parametrize("zoom", [1.0, 0.5, 0.2])
def test_a_frame_of_a_drag_is_the_whole_drawing(hand: Hand, zoom: float) -> None:
    hand.canvas.set_node_states(ON_ROOT)
    hand.canvas.zoom_by(zoom / hand.canvas.zoom())
    way = [hand.spot("intensity", step, 0.8 * step - 20) for step in (0, 8, 16, 24)]
    hand.press(way[0])
    for stop in way[1:]:
        QTest.mouseMove(hand.canvas.viewport(), stop)
        kept = pixels_of(hand.canvas)
    hand.canvas.pan(0, 0)                                   # lets go of what is kept between frames
    whole = pixels_of(hand.canvas)
    assert np.abs(kept.astype(int) - whole.astype(int)).max() <= 3
    assert (whole != whole[0, 0]).any()
    QTest.mouseRelease(
        hand.canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, hand.spot("intensity")
    )


def pixels_of(canvas: GraphCanvas) -> np.ndarray:
    image = canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4).copy()


def test_the_empty_canvas_says_what_to_do(hand: Hand) -> None:
    hand.canvas.set_graph(Graph())
    assert hand.canvas.accessibleName() == "Graph: 0 nodes, 0 edges"
    image = hand.canvas.grab().toImage()
    ground = appearance().theme().bg1
    assert any(colour_at(image, QPoint(x, 198)) != ground for x in range(200, 440))


def test_screen_readers_get_the_graph_as_a_list(hand: Hand) -> None:
    hand.canvas.set_node_states(ON_ROOT)
    lines = hand.canvas.accessibleDescription().splitlines()
    assert lines[0] == "Graph: 4 nodes, 4 edges"
    assert "intensity, follows thickness, 232, up 101; parents: thickness; children: image" in lines
    hand.click(hand.spot("intensity", 0, -20))
    assert hand.canvas.accessibleName().startswith("intensity, follows thickness, 232, up 101")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("scale", [90, 150])
def test_it_is_drawn_in_both_schemes_and_at_any_text_size(hand: Hand, scheme: str, scale: int) -> None:
    appearance().set_scheme(scheme)
    appearance().set_text_scale(scale)
    hand.canvas.set_node_states(ON_ROOT)
    corner = hand.canvas.grab().toImage().pixelColor(2, 2)
    assert corner == appearance().theme().bg1


def test_a_canvas_to_look_at_selects_but_edits_nothing(hand: Hand) -> None:
    hand.canvas.set_editable(False)
    hand.canvas.set_tool(Tool.DIRECTED)
    hand.drag(hand.spot("digit"), hand.spot("digit", 20, 20), hand.spot("thickness"))
    assert hand.canvas.selection() == ("digit",)
    for key in (Key.Key_N, Key.Key_X, Key.Key_Return, Key.Key_Delete):
        hand.key(key)
    QTest.mouseDClick(
        hand.canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, hand.spot("digit")
    )
    assert hand.canvas.findChild(NameField) is None
    assert set(hand.names_told()) <= {"selection_changed"}
    assert hand.canvas.graph() == GRAPH


def test_it_is_exported_as_a_vector_figure(hand: Hand, tmp_path: Path) -> None:
    hand.canvas.set_node_states(ON_CHILD)
    figure = figure_of(hand.canvas, "What would it be if intensity = 96?")
    save(figure, tmp_path / "graph.svg")
    text = (tmp_path / "graph.svg").read_text()
    assert all(f">{name}<" in text for name in GRAPH.names)
    assert "<image" not in text
    hand.canvas.select(("digit",))
    save(figure, tmp_path / "selected.svg")
    assert (tmp_path / "selected.svg").read_text() == text


def test_a_closed_canvas_dies(dressed: QApplication, qtbot: QtBot) -> None:
    canvas = GraphCanvas()
    canvas.resize(640, 420)
    canvas.set_graph(GRAPH)
    canvas.show()
    hand = Hand(canvas)
    hand.drag(hand.spot("digit"), hand.spot("digit", 16, 16), hand.spot("digit", 32, 32))
    hand.key(Key.Key_Return)
    gone = weakref.ref(canvas)
    canvas.close()
    canvas.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    del canvas, hand
    gc.collect()
    assert gone() is None
