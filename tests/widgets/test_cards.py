"""Cards: every kind of result in small, whatever is in it; the figure that stands below."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from engines.data.kinds import Column, ColumnType, Table
from engines.graph.graph import Edge, End, Graph, Node
from engines.results import (
    RESULT_KINDS,
    BarsResult,
    CurveResult,
    GraphResult,
    HistogramResult,
    ImageGridResult,
    Line,
    MatrixResult,
    ParallelResult,
    Result,
    ScatterResult,
    Span,
    TableResult,
    TextResult,
)
from widgets.cards import Facts, drawing_of, figure_of, graph_drawing, value_text
from widgets.theme import Theme, appearance

NAN, INF = float("nan"), float("inf")
X = np.linspace(0.0, 1.0, 50)


def column(name: str, values: np.ndarray) -> Column:
    return Column(name, ColumnType.NUMBER, np.array(values, dtype=float))


def table(rows: int, columns: int = 3) -> Table:
    return Table("t", tuple(column(f"c{i}", np.arange(rows) + i) for i in range(columns)), np.arange(1, rows + 1))


FULL: tuple[Result, ...] = (
    CurveResult("curve", "Curve", (Line("a", X, X**2), Line("b", X, 1 - X, role="counterfactual"))),
    TableResult("table", "Table", table(4), changed=np.eye(4, 3, dtype=bool)),
    ImageGridResult("images", "Images", np.full((12, 28, 28, 1), 128, dtype=np.uint8)),
    GraphResult("graph", "Graph", Graph.of("abc", [("a", "b"), ("b", "c")])),
    MatrixResult("matrix", "Matrix", np.array([[0.2, -0.9], [0.4, 0.0]]), ("a", "b"), ("x", "y"), diverging=True),
    ScatterResult("scatter", "Scatter", X, X * 2, group=np.arange(50) % 2, groups=("p", "q")),
    HistogramResult("histogram", "Histogram", np.arange(6.0), np.array([1, 4, 9, 4, 1])),
    BarsResult("bars", "Bars", ("one", "two", "three"), np.array([1.0, -2.0, 3.0])),
    ParallelResult("parallel", "Parallel", table(30)),
    TextResult("text", "Text", (Span("It was "), Span("not", -0.8), Span(" so."))),
)

ODD: tuple[Result, ...] = (
    CurveResult("curve", "No line", ()),
    CurveResult("curve", "Nothing finite", (Line("a", X, np.full(50, NAN)),)),
    CurveResult("curve", "Log of nothing positive", (Line("a", X, -X),), y_log=True),
    CurveResult("curve", "One point", (Line("a", np.array([1.0]), np.array([2.0])),)),
    CurveResult("curve", "Long, with gaps", (
        Line("a", np.arange(50_000.0), np.where(np.arange(50_000) % 7 == 0, NAN, np.sin(np.arange(50_000) / 900))),
    )),
    TableResult("table", "No row", table(0)),
    TableResult("table", "No column", Table("t", (), np.arange(3))),
    TableResult("table", "Missing", Table("t", (column("a", np.array([NAN, 1.0])),), np.arange(2))),
    ImageGridResult("images", "No picture", np.zeros((0, 28, 28, 1), dtype=np.uint8)),
    ImageGridResult("images", "Large", np.zeros((2, 400, 300, 3), dtype=np.uint8), columns=1),
    GraphResult("graph", "No node", Graph()),
    GraphResult("graph", "One node", Graph((Node("a"),))),
    GraphResult("graph", "Every end", Graph(
        tuple(Node(n) for n in "abc"), (Edge("a", "b", End.ARROW, End.ARROW), Edge("b", "c", End.CIRCLE, End.CIRCLE)),
    )),
    MatrixResult("matrix", "All zero", np.zeros((3, 3)), tuple("abc"), tuple("abc")),
    MatrixResult("matrix", "Not finite", np.array([[NAN, INF]]), ("a",), ("x", "y")),
    MatrixResult("matrix", "Empty", np.zeros((0, 0)), (), ()),
    ScatterResult("scatter", "No point", np.zeros(0), np.zeros(0)),
    ScatterResult("scatter", "One value", np.ones(9), np.full(9, NAN)),
    HistogramResult("histogram", "Empty", np.zeros(1), np.zeros(0)),
    BarsResult("bars", "None", (), np.zeros(0)),
    BarsResult("bars", "Not finite", ("a", "b"), np.array([NAN, INF])),
    ParallelResult("parallel", "No row", table(0)),
    TextResult("text", "Nothing", ()),
    TextResult("text", "Values of all sorts", (Span("a" * 400, NAN), Span("b", 3.0), Span(" ", -2.0))),
)


def drawn(result: Result, scheme: str) -> QImage:
    """The drawing of a result on the ground of its theme."""
    theme = Theme.of(scheme)  # type: ignore[arg-type]
    image = QImage(252, 112, QImage.Format.Format_RGB32)
    image.fill(theme.bg1)
    painter = QPainter(image)
    try:
        drawing_of(result)(painter, QRectF(0, 0, 252, 112), theme)
    finally:
        painter.end()
    return image


def colours(image: QImage) -> set[str]:
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


def test_a_line_through_points_is_not_filled() -> None:
    """The painter comes with a brush from what was drawn before."""
    bent = Line("", np.array([0.0, 0.5, 1.0]), np.array([0.0, 1.0, 0.0]))
    result = ScatterResult("s", "s", bent.x, bent.y, lines=(bent,))
    theme = Theme.current()
    image = QImage(252, 112, QImage.Format.Format_RGB32)
    image.fill(theme.bg1)
    painter = QPainter(image)
    painter.setBrush(theme.t1)
    drawing_of(result)(painter, QRectF(0, 0, 252, 112), theme)
    painter.end()
    assert image.pixelColor(126, 70).name() == theme.bg1.name(), "under the bend"
    assert figure_of(ScatterResult("s", "s", np.ones(1), np.ones(1))) == "1 point"


def test_there_is_a_drawing_and_a_figure_for_every_kind() -> None:
    assert {result.kind for result in FULL} == set(RESULT_KINDS)


@pytest.mark.parametrize("result", FULL, ids=lambda result: result.kind)
def test_a_drawing_is_drawn_in_the_colours_of_its_theme(result: Result, dressed: object) -> None:
    light, dark = drawn(result, "light"), drawn(result, "dark")
    assert len(colours(light)) > 1
    assert light != dark
    assert figure_of(result)


@pytest.mark.parametrize("result", ODD, ids=lambda result: f"{result.kind}: {result.title}")
def test_odd_results_are_drawn_without_a_stumble(result: Result, dressed: object) -> None:
    drawn(result, "light")
    assert figure_of(result)


def test_a_counterfactual_line_wears_the_accent_and_others_do_not(dressed: object) -> None:
    accent = QColor(Theme.of("light").acc).name()
    assert accent in colours(drawn(FULL[0], "light"))
    plain = CurveResult("curve", "Curve", (Line("a", X, X),))
    assert accent not in colours(drawn(plain, "light"))


def test_extremes_of_a_long_curve_are_kept(dressed: object) -> None:
    y = np.zeros(40_000)
    y[12_345] = 1.0
    image = drawn(CurveResult("curve", "Spike", (Line("a", np.arange(40_000.0), y),)), "light")
    ground = Theme.of("light").bg1
    top = [x for x in range(252) if image.pixelColor(x, 4) != ground]
    assert top, "the one high point of 40,000 must be seen"
    assert abs(np.mean(top) - 12_345 / 40_000 * 252) < 4


def test_a_symmetric_matrix_puts_zero_on_the_surface(dressed: object) -> None:
    image = drawn(FULL[4], "light")
    less, more = QColor(Theme.of("light").diverging_stops()[0]), QColor(Theme.of("light").diverging_stops()[4])
    strongest = image.pixelColor(138, 44)
    assert abs(strongest.hue() - less.hue()) < 12
    assert strongest.hue() != more.hue()


def test_arrows_point_from_cause_to_effect(dressed: object) -> None:
    graph = Graph((Node("a", position=(0.0, 0.0)), Node("b", position=(200.0, 0.0))), (Edge("a", "b"),))
    theme = Theme.of("light")
    image = QImage(252, 112, QImage.Format.Format_RGB32)
    image.fill(theme.bg1)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    graph_drawing(graph)(painter, QRectF(0, 0, 252, 112), theme)
    painter.end()

    def ink(x0: int, x1: int) -> int:
        rows = range(40, 58)
        return sum(image.pixelColor(x, y).lightness() < 160 for x in range(x0, x1) for y in rows)

    assert ink(208, 218) > ink(34, 44), "the head stands at the effect"


@pytest.mark.parametrize(
    ("value", "text"), [(17.0, "17"), (0.0504, "0.0504"), (1e-9, "1.00·10⁻⁹"), (-2.5, "−2.50"), (NAN, "NaN")]
)
def test_figures_have_three_digits_that_count(value: float, text: str) -> None:
    assert value_text(value) == text


def test_facts_grow_with_the_text_and_are_spoken(dressed: object) -> None:
    facts = Facts("Figures")
    facts.set_rows([("edges", "17"), ("objective", "5.42")])
    assert facts.sizeHint().height() == 56
    appearance().set_text_scale(150)
    assert facts.sizeHint().height() == 84
    assert facts.accessibleDescription() == "edges: 17; objective: 5.42"
    facts.deleteLater()
