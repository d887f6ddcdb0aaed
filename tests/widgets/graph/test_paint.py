"""The drawing: what marks, states, comparison and paths look like, on the screen and in vector files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator

from engines.graph.compare import Comparison
from engines.graph.graph import Edge, Graph, Node, bidirected
from engines.graph.knowledge import Knowledge
from engines.graph.separation import paths
from tests.widgets.graph.conftest import GRAPH, ON_CHILD, ON_ROOT
from widgets.graph.edges import EdgePainter
from widgets.graph.geometry import Geometry
from widgets.graph.paint import graph_size, paint_graph
from widgets.graph.values import How, Lit, NodeState, Showing, cut_edges
from widgets.theme import Theme

pytestmark = pytest.mark.usefixtures("dressed")
LIGHT, DARK = Theme.of("light"), Theme.of("dark")
PAIR = Graph((Node("a", position=(0, 0)), Node("b", position=(300, 0)), Node("c", position=(600, 0))),
             (Edge("a", "b"), Edge("b", "c")))


def drawn(graph: Graph, states: dict[str, NodeState], theme: Theme = LIGHT, **showing: object) -> QImage:
    image = QImage(800, 440, QImage.Format.Format_RGB32)
    image.fill(theme.bg1)
    painter = QPainter(image)
    paint_graph(painter, graph, states, theme, QRectF(image.rect()), showing=Showing(**showing))
    painter.end()
    return image


def amount(image: QImage, colour: QColor, near: int = 12) -> int:
    """How many pixels have a colour."""
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)[:, :, :3].astype(int)
    return int((np.abs(pixels - (colour.blue(), colour.green(), colour.red())).sum(axis=2) <= near).sum())


def looks(graph: Graph, showing: Showing) -> EdgePainter:
    return EdgePainter(Geometry(graph, showing, LIGHT), showing, LIGHT)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_accent_is_the_other_world_and_nothing_else(theme: Theme) -> None:
    marked = drawn(PAIR, {"a": NodeState("1", how=How.UNAFFECTED)}, theme, selection=("a",))
    assert amount(marked, theme.acc) == 0
    assert amount(marked, theme.ink) > 300
    changed = drawn(GRAPH, ON_ROOT, theme)
    assert amount(changed, theme.acc) > 1500
    assert amount(changed, theme.acc_tint) > 3000


def test_do_on_a_root_lights_what_follows_and_cuts_nothing() -> None:
    showing = Showing(states=ON_ROOT)
    assert cut_edges(GRAPH, showing) == frozenset()
    painter = looks(GRAPH, showing)
    lit = [painter.look(i).colour == LIGHT.acc for i in range(4)]
    assert lit == [True, True, True, False]
    assert [painter.look(i).width for i in range(4)] == [2.5, 2.5, 2.5, 1.5]
    assert [painter.look(i).pill for i in range(4)] == ["", "+101", "", ""]


def test_do_on_a_child_cuts_its_edges_and_lights_what_is_below() -> None:
    showing = Showing(states=ON_CHILD)
    assert cut_edges(GRAPH, showing) == {1}
    painter = looks(GRAPH, showing)
    assert painter.look(1).cut == 1
    assert painter.look(1).dash == (2.5, 2.5)
    assert [painter.look(i).colour == LIGHT.acc for i in (0, 2, 3)] == [False, True, False]
    assert cut_edges(GRAPH, showing.with_(do_view=False)) == frozenset()
    hidden = GRAPH.with_edge(bidirected("intensity", "digit"))
    assert cut_edges(hidden, showing) == {1, 4}


def test_a_change_that_came_by_two_edges_is_told_at_the_node() -> None:
    graph = Graph(GRAPH.nodes, (*GRAPH.edges, Edge("digit", "intensity")))
    both = ON_ROOT | {"digit": NodeState("5", "6", "+1", How.SET)}
    painter = looks(graph, Showing(states=both))
    assert all(not painter.look(i).pill for i in range(5))


def test_weights_and_frequencies_are_widths() -> None:
    graph = Graph(PAIR.nodes, (Edge("a", "b", weight=-2.0), Edge("b", "c", weight=0.5)))
    painter = looks(graph, Showing())
    assert [painter.look(i).width for i in range(2)] == [4.0, 1.75]
    assert looks(graph, Showing(edge=("b", "a"))).look(0).pill == "−2"
    often = Graph(PAIR.nodes, (Edge("a", "b", frequency=0.84), Edge("b", "c", frequency=0.0)))
    painter = looks(often, Showing())
    assert [painter.look(i).pill for i in range(2)] == ["0.84", "0.00"]
    assert [painter.look(i).width for i in range(2)] == pytest.approx([3.52, 1.0])


def test_comparison_has_colours_and_signs() -> None:
    comparison = Comparison((Edge("a", "b"),), (Edge("a", "c"),), (Edge("b", "c"),))
    painter = looks(PAIR, Showing(comparison=comparison))
    assert [(painter.look(i).sign, painter.look(i).colour.name()) for i in range(2)] == [
        ("+", LIGHT.series(0).colour.name()), ("↻", LIGHT.series(4).colour.name())
    ]
    assert amount(drawn(PAIR, {}, comparison=comparison), LIGHT.series(1).colour) > 30   # only there


def test_knowledge_is_drawn_on_its_edges() -> None:
    knowledge = Knowledge(required=frozenset({("a", "b")}), forbidden=frozenset({("a", "c")}))
    assert looks(PAIR, Showing(knowledge=knowledge)).look(0).sign == "■"
    assert amount(drawn(PAIR, {}, knowledge=knowledge), LIGHT.err, 60) > 5


def test_of_several_paths_the_open_ones_are_lit_or_else_what_blocks_them() -> None:
    graph = Graph.of("xmyz", ["xm", "my", "xz", "yz"])
    assert Lit.of(paths(graph, "x", "y")).paths == (("x", "m", "y"),)
    hidden = graph.with_edge(bidirected("x", "m"))
    by_hidden = Lit.of(path for path in paths(hidden, "x", "m") if path.edges[0].bidirected)
    assert by_hidden.has_edge(bidirected("m", "x"))
    assert not by_hidden.has_edge(Edge("x", "m"))
    shut = Lit.of(paths(graph, "x", "y", "m"))
    assert set(shut.paths) == {("x", "m", "y"), ("x", "z", "y")}
    assert shut.blocked == {"m", "z"}


def test_what_is_off_a_lit_path_fades() -> None:
    lit = Lit((("a", "b"),), frozenset({"b"}))
    painter = looks(PAIR, Showing(lit=lit))
    assert painter.look(0).colour == LIGHT.t1
    assert painter.look(0).barred == {"b"}
    assert painter.look(1).opacity == 0.35
    assert amount(drawn(PAIR, {}, lit=lit), LIGHT.t1) < amount(drawn(PAIR, {}), LIGHT.t1) + 600


def test_a_cycle_is_drawn_in_the_colour_of_errors() -> None:
    cycle = ("a", "b", "c", "a")
    image = drawn(PAIR, {}, cycle=cycle, wish=Edge("c", "a"))
    assert amount(image, LIGHT.err) > 500
    assert looks(PAIR, Showing(cycle=cycle)).look(0).colour == LIGHT.err


def test_a_picture_is_shown_pixel_by_pixel() -> None:
    picture = QImage(28, 28, QImage.Format.Format_RGB32)
    picture.fill(QColor("#102030"))
    picture.setPixelColor(3, 5, QColor("#F0E0D0"))
    image = drawn(Graph((Node("image", position=(0, 0)),)), {"image": NodeState(picture=picture)})
    assert amount(image, QColor("#F0E0D0"), 0) == 16
    assert amount(image, QColor("#102030"), 0) == 112 * 112 - 16


def test_a_narrow_place_shrinks_the_whole_graph_into_it() -> None:
    width, height = graph_size(GRAPH, ON_ROOT, LIGHT)
    assert 440 < width < 520
    assert 260 < height < 320
    image = QImage(200, 120, QImage.Format.Format_RGB32)
    image.fill(LIGHT.paper)
    painter = QPainter(image)
    paint_graph(painter, GRAPH, ON_ROOT, LIGHT, QRectF(20, 20, 160, 80))
    painter.end()
    outside = [(x, y) for x in range(200) for y in range(120) if not (19 <= x <= 181 and 19 <= y <= 101)]
    assert all(image.pixelColor(x, y) == LIGHT.paper for x, y in outside)
    assert amount(image, LIGHT.acc, 90) > 20


def test_painting_leaves_the_painter_as_it_was_and_nothing_paints_nothing() -> None:
    image = QImage(50, 50, QImage.Format.Format_RGB32)
    image.fill(LIGHT.paper)
    painter = QPainter(image)
    before = painter.transform()
    paint_graph(painter, GRAPH, {}, LIGHT, QRectF(0, 0, 50, 50))
    assert painter.transform() == before
    painter.end()
    image.fill(LIGHT.paper)
    painter = QPainter(image)
    paint_graph(painter, Graph(), {}, LIGHT, QRectF(0, 0, 50, 50))
    painter.end()
    assert amount(image, LIGHT.paper, 0) == 2500


def test_vector_files_hold_text_and_no_pixels(tmp_path: Path) -> None:
    svg = QSvgGenerator()
    svg.setFileName(str(tmp_path / "graph.svg"))
    svg.setSize(QSize(520, 380))
    painter = QPainter(svg)
    paint_graph(painter, GRAPH, ON_CHILD, LIGHT, QRectF(0, 0, 520, 380), showing=Showing(selection=("digit",)))
    painter.end()
    text = (tmp_path / "graph.svg").read_text()
    assert all(f">{name}<" in text for name in GRAPH.names)
    assert "<image" not in text
    pdf = QPdfWriter(str(tmp_path / "graph.pdf"))
    pdf.setPageSize(QPageSize(QPageSize.PageSizeId.A5))
    painter = QPainter(pdf)
    paint_graph(painter, GRAPH, ON_CHILD, LIGHT, QRectF(0, 0, pdf.width(), pdf.height()), largest=100)
    painter.end()
    assert (tmp_path / "graph.pdf").read_bytes().startswith(b"%PDF")


def test_dots_have_the_shape_of_their_role(dressed: object) -> None:
    from engines.graph.graph import Mark
    from widgets.graph.nodes import NodePainter

    shapes = []
    for marks in (frozenset(), frozenset({Mark.ADJUSTED}), frozenset({Mark.EXPOSURE}), frozenset({Mark.SELECTED})):
        graph = Graph((Node("a", marks, (0, 0)),))
        showing = Showing()
        image = QImage(24, 24, QImage.Format.Format_RGB32)
        image.fill(LIGHT.bg1)
        painter = QPainter(image)
        painter.translate(QPointF(12, 12))
        painter.scale(0.25, 0.25)
        NodePainter(Geometry(graph, showing, LIGHT), showing, LIGHT).paint_far(painter, ["a"], 0.25)
        painter.end()
        shapes.append([image.pixel(x, y) for x in range(24) for y in range(24)])
        assert amount(image, LIGHT.bg1) < 24 * 24 - 30
    assert len({tuple(shape) for shape in shapes}) == 4


def test_of_many_known_edges_only_those_at_what_is_selected_are_drawn() -> None:
    names = [f"v{i}" for i in range(12)]
    graph = Graph.of(names).placed({name: (200.0 * (i % 4), 100.0 * (i // 4)) for i, name in enumerate(names)})
    known = Knowledge(forbidden=frozenset({("v*", "v*")})).resolved(names)
    assert len(known.forbidden) == 132
    assert amount(drawn(graph, {}, knowledge=known), LIGHT.err, 60) == 0
    assert amount(drawn(graph, {}, knowledge=known, selection=("v3",)), LIGHT.err, 60) > 5


def test_rare_edges_fade() -> None:
    graph = Graph(PAIR.nodes, tuple(replace(edge, frequency=0.4) for edge in PAIR.edges))
    assert looks(graph, Showing(least_frequency=0.5)).look(0).opacity < 1
    assert looks(graph, Showing(least_frequency=0.4)).look(0).opacity == 1
