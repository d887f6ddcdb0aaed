"""Where nodes and edges lie, and what is under a point."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given, settings
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from engines.graph import layout
from engines.graph.graph import Edge, End, Graph, Mark, Node, bidirected
from tests.graph.random_graphs import graphs
from widgets.graph.geometry import OFF, ROUNDS_UP_TO, Geometry, Size, node_size, picture_side
from widgets.graph.values import How, NodeState, Showing, Slider
from widgets.theme import Theme

LIGHT = Theme.of("light")


def geometry(graph: Graph, showing: Showing | None = None) -> Geometry:
    return Geometry(layout.completed(graph), showing or Showing(), LIGHT)


@pytest.mark.usefixtures("dressed")
def test_sizes_are_those_of_the_design() -> None:
    assert node_size("digit", frozenset(), NodeState(), LIGHT) == Size(140, 40)
    assert node_size("digit", frozenset(), NodeState("5"), LIGHT) == Size(140, 46)
    assert node_size("thickness", frozenset(), NodeState("5", slider=Slider(0, 0)), LIGHT) == Size(140, 58)
    assert node_size("a name that is much longer than a node", frozenset(), NodeState(), LIGHT).width == 220
    middle = node_size("longer than before", frozenset({Mark.EXPOSURE}), NodeState(how=How.SET), LIGHT).width
    assert 140 < middle < 220
    picture = NodeState(picture=QImage(28, 28, QImage.Format.Format_Grayscale8))
    assert node_size("image", frozenset(), picture, LIGHT) == Size(120, 152)
    assert node_size("digit", frozenset(), NodeState("5"), Theme.of("light", scale=1.5)).height == 69


@pytest.mark.parametrize(
    ("pixels", "side"), [(28, 112), (32, 96), (8, 104), (64, 128), (128, 128), (256, 104), (1, 104)]
)
def test_pictures_take_whole_multiples(pixels: int, side: int) -> None:
    assert picture_side(pixels) == side


@settings(max_examples=60, deadline=None)
@given(graph=graphs(most=7, only_edges=True))
def test_edges_start_and_end_four_px_off_their_nodes(graph: Graph) -> None:
    placed = geometry(graph)
    for edge, route in zip(placed.graph.edges, placed.routes):
        for name, (x, y) in ((edge.source, route.tip_source), (edge.target, route.tip_target)):
            box = placed.boxes[name]
            away = math.hypot(max(box.left() - x, 0, x - box.right()), max(box.top() - y, 0, y - box.bottom()))
            assert away == pytest.approx(OFF, abs=1.7)     # at a corner the square root of 2 more
    whole = placed.bounds().adjusted(-1e-6, -1e-6, 1e-6, 1e-6)
    assert all(whole.contains(box) for box in placed.boxes.values())


def test_moving_gives_the_same_routes_as_building_anew() -> None:
    rng = random.Random(5)
    names = [f"v{i}" for i in range(12)]
    graph = layout.completed(Graph.of(names, [(a, b) for a in names for b in names if a < b and rng.random() < 0.25]))
    placed = Geometry(graph, Showing(), LIGHT)
    for _ in range(20):
        name = rng.choice(names)
        where = (float(rng.randrange(-400, 400, 8)), float(rng.randrange(-400, 400, 8)))
        changed = placed.place({name: where})
        assert set(placed.incident[name]) <= changed
        graph = graph.placed({name: where})
        anew = Geometry(graph, Showing(), LIGHT)
        for i in changed:
            assert placed.routes[i] == anew.routes[i]


def test_edges_from_one_side_do_not_cross_each_other() -> None:
    nodes = (Node("a", position=(0, 0)), *(Node(n, position=(400, y)) for n, y in zip("bcd", (-150, 0, 150))))
    placed = geometry(Graph(nodes, (Edge("a", "d"), Edge("a", "b"), Edge("a", "c"))))
    start = {edge.target: route.start[1] for edge, route in zip(placed.graph.edges, placed.routes)}
    assert start["b"] < start["c"] < start["d"]


def test_an_edge_runs_round_a_node_in_its_way() -> None:
    nodes = tuple(Node(n, position=(240.0 * i, 0)) for i, n in enumerate("abc"))
    placed = geometry(Graph(nodes, (Edge("a", "b"), Edge("b", "c"), Edge("a", "c"))))
    assert not any(placed.boxes["b"].contains(*placed.routes[2].at(t / 20)) for t in range(21))


def test_a_hidden_cause_bows_upwards_beside_the_edge() -> None:
    nodes = (Node("a", position=(0, 0)), Node("b", position=(300, 0)))
    for pair in (("a", "b"), ("b", "a")):
        placed = geometry(Graph(nodes, (Edge("a", "b"), bidirected(*pair))))
        assert placed.routes[1].at(0.5)[1] < placed.routes[0].at(0.5)[1] - 20


def test_what_is_under_a_point(dressed: QApplication) -> None:
    nodes = (Node("a", position=(0, 0)), Node("b", position=(400, 0)), Node("c", position=(20, 8)))
    placed = geometry(Graph(nodes, (Edge("a", "b"),)))
    assert placed.node_at(0, 0) == "c"                      # the later one lies on top
    assert placed.node_at(-69, -19) == "a"
    assert placed.node_at(0, 100) is None
    x, y = placed.routes[0].at(0.5)
    assert placed.edge_at(x, y + 4.5) == 0
    assert placed.edge_at(x, y + 6) is None
    assert placed.edge_at(*placed.routes[0].tip_target) == 0


def test_end_marks_shorten_the_line() -> None:
    nodes = (Node("a", position=(0, 0)), Node("b", position=(300, 0)))
    lengths = {}
    for end in End:
        route = geometry(Graph(nodes, (Edge("a", "b", End.TAIL, end),))).routes[0]
        lengths[end] = route.tip_target[0] - route.end[0]
    assert lengths == {End.TAIL: 0, End.ARROW: 8, End.CIRCLE: 7}


def test_where_edges_go_round_nothing_no_other_route_changes() -> None:
    """Above `ROUNDS_UP_TO` nodes edges are not led round nodes, so that only what hangs near can change."""
    rng = random.Random(6)
    names = [f"v{i}" for i in range(ROUNDS_UP_TO + 1)]
    pairs = {tuple(sorted(rng.sample(names, 2))) for _ in range(3 * len(names))}
    graph = layout.completed(Graph.of(names, sorted(pairs)))
    placed = Geometry(graph, Showing(), LIGHT)
    for _ in range(10):
        where = {name: (float(rng.randrange(-900, 900, 8)), float(rng.randrange(-900, 900, 8)))
                 for name in rng.sample(names, 2)}
        placed.place(where)
        graph = graph.placed(where)
        assert placed.routes == Geometry(graph, Showing(), LIGHT).routes
