"""Each kind of result has a view that shows it, tells what lies under the pointer, and dies when closed."""

import gc
import weakref
from dataclasses import replace
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QAccessible, QColor, QImage, QPainter
from PySide6.QtWidgets import QVBoxLayout, QWidget
from shiboken6 import isValid

from engines.data.kinds import category_column, number_column, table_of
from engines.results import (
    RESULT_KINDS,
    BarsResult,
    CurveResult,
    Line,
    MatrixResult,
    ParallelResult,
    ScatterResult,
    Span,
    TextResult,
)
from widgets.results import figure_size, paint_result, view_of
from widgets.results.curve import drawn_curve, value_at
from widgets.results.matrix import coloured, laid_out
from widgets.results.radar import pairs_of
from widgets.results.spans import scaled
from widgets.results.table_paint import cell_text, factual_text, head_text
from widgets.theme import Theme

_spec = spec_from_file_location("result_samples", Path(__file__).with_name("samples.py"))
_samples = module_from_spec(_spec)
_spec.loader.exec_module(_samples)
RESULTS = _samples.results()

KINDS = sorted(RESULTS)


def shown(qtbot, view, width=480, height=320):
    qtbot.addWidget(view)
    view.resize(width, height)
    view.show()
    qtbot.waitExposed(view)
    return view


def drawn(result, theme, width=480, height=320) -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(theme.bg1)
    painter = QPainter(image)
    paint_result(result, painter, QRectF(0, 0, width, height), theme)
    painter.end()
    return image


def colours(image: QImage) -> set[str]:
    return {QColor(image.pixel(x, y)).name() for x in range(image.width()) for y in range(image.height())}


def test_every_kind_has_a_sample_here():
    assert set(RESULTS) == set(RESULT_KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_view_shows_names_and_takes_another_result(qtbot, dressed, kind):
    result = RESULTS[kind]
    view = shown(qtbot, view_of(result))
    assert isinstance(view, QWidget)
    assert view.accessibleName() == result.title
    assert view.result() is result
    first = view.grab().toImage()
    view.set_result(result)
    other = replace(result, title="Another title")
    view.set_result(other)
    assert view.result() is other
    assert view.accessibleName() == "Another title"
    assert not first.isNull()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_drawing_needs_no_view_and_leaves_its_ground(dressed, kind, scheme):
    theme = Theme.of(scheme)
    image = drawn(RESULTS[kind], theme)
    found = colours(image)
    assert len(found) > 5, "something is drawn"
    assert theme.bg1.name() in found


@pytest.mark.parametrize("kind", KINDS)
def test_a_figure_has_a_sensible_size(dressed, kind):
    width, height = figure_size(RESULTS[kind])
    assert 100 <= width <= 1600
    assert 50 <= height <= 1600


@pytest.mark.parametrize("kind", KINDS)
def test_views_survive_any_size(qtbot, dressed, kind):
    view = shown(qtbot, view_of(RESULTS[kind]))
    for size in ((40, 30), (200, 2000), (2000, 60)):
        view.resize(*size)
        assert not view.grab().isNull()


@pytest.mark.parametrize("kind", KINDS)
def test_closed_views_die(qtbot, dressed, kind):
    window = QWidget()
    view = view_of(RESULTS[kind])
    QVBoxLayout(window).addWidget(view)
    window.resize(400, 300)
    window.grab()
    with qtbot.waitSignal(view.destroyed):
        window.deleteLater()
    assert not isValid(view)
    dead = weakref.ref(view)
    del view
    gc.collect()
    assert dead() is None


def test_the_accent_is_the_counterfactual_and_the_factual_is_grey(dressed):
    theme = Theme.of("light")
    result = RESULTS["curve"]
    plot = drawn_curve(result, 480, 320, theme)
    looks = {line.label: (line.colour, line.dash) for line in plot.lines}
    assert looks["factual"] == (theme.t2, (6.0, 3.0))
    assert looks["counterfactual"] == (theme.acc, ())
    assert theme.acc.name() in colours(drawn(result, theme))
    only_factual = replace(result, lines=(result.lines[0],))
    assert theme.acc.name() not in colours(drawn(only_factual, theme))


def test_many_points_of_a_curve_are_thinned_with_their_extremes(dressed):
    y = np.random.default_rng(0).normal(size=100_000)
    y[777] = 50.0
    result = CurveResult("c", "C", (Line("a", np.arange(100_000.0), y),))
    line = drawn_curve(result, 480, 320, Theme.of("light")).lines[0]
    assert len(line.smooth.x) <= 480
    assert line.smooth.high.max() == 50.0


def test_a_curve_is_read_between_its_points():
    line = Line("a", np.array([0.0, 1.0, 2.0]), np.array([0.0, 10.0, np.nan]))
    assert value_at(line, 0.5) == 5.0
    assert value_at(line, 1.5) is None
    assert value_at(line, -1.0) is None


def test_moving_over_a_curve_reads_it(qtbot, dressed):
    view = shown(qtbot, view_of(RESULTS["curve"]))
    rect = view.inner()
    plot = drawn_curve(RESULTS["curve"], rect.width(), rect.height(), Theme.current())
    before = view.grab().toImage()
    qtbot.mouseMove(view, (rect.topLeft() + QPointF(plot.x.to_pixel(5.0), 100)).toPoint())
    assert view._x == pytest.approx(5.0, abs=0.11)
    assert view.grab().toImage() != before


def test_the_cell_under_the_pointer_is_told(qtbot, dressed):
    view = shown(qtbot, view_of(RESULTS["matrix"]))
    laid = laid_out(RESULTS["matrix"], view.inner(), Theme.current())
    at = laid.grid.topLeft() + QPointF(1.5 * laid.width, 0.5 * laid.height)
    assert view.tell(at, view.inner()) == "a, d: \N{MINUS SIGN}1.00\N{NO-BREAK SPACE}px"
    assert view.tell(laid.grid.topLeft() - QPointF(5, 5), view.inner()) == ""


def test_a_diverging_matrix_is_symmetric_about_zero(dressed):
    theme = Theme.of("light")
    cells, low, high, _lut = coloured(RESULTS["matrix"], theme)
    assert (low, high) == (-1.0, 1.0)
    assert tuple(cells[1, 1]) == theme.diverging_stops()[2].getRgb()
    assert tuple(cells[0, 1]) == theme.diverging_stops()[0].getRgb()


def test_weights_run_from_the_surface_to_first_text(dressed):
    theme = Theme.of("dark")
    cells, low, high, _lut = coloured(MatrixResult("m", "M", np.array([[0.0, 0.5]]), ("a",), ("b", "c")), theme)
    assert (low, high) == (0.0, 0.5)
    assert tuple(cells[0, 0]) == theme.bg1.getRgb()
    assert tuple(cells[0, 1]) == theme.t1.getRgb()


def test_bars_and_histogram_and_points_tell_their_values(qtbot, dressed):
    bars = shown(qtbot, view_of(RESULTS["bars"]))
    assert bars.tell(QPointF(60, 12), bars.inner()) == "thickness: 0.9000 (0.8000 to 1.000)"
    histogram = shown(qtbot, view_of(RESULTS["histogram"]))
    assert histogram.tell(QPointF(histogram.width() * 0.4, 100), histogram.inner()).endswith(": 4")
    result = ScatterResult("s", "S", np.array([0.0, 1.0]), np.array([0.0, 1.0]), row_ids=np.array([7, 8]))
    scatter = shown(qtbot, view_of(result))
    rect = scatter.inner()
    from widgets.results.scatter import drawn_scatter

    plot = drawn_scatter(result, rect.width(), rect.height(), Theme.current())
    at = rect.topLeft() + QPointF(plot.x.to_pixel(1.0) + 2, plot.y.to_pixel(1.0))
    assert scatter.tell(at, rect).startswith("row 8, x 1.000")
    assert scatter.tell(rect.center(), rect) == ""


def test_bars_that_are_no_numbers_are_said(dressed):
    theme = Theme.of("light")
    result = BarsResult("b", "B", ("a", "b"), np.array([np.nan, 1.0]))
    assert theme.err.name() in colours(drawn(result, theme))


def test_a_table_shows_raw_values_units_and_what_changed(qtbot, dressed):
    result = RESULTS["table"]
    table = result.table
    assert head_text(table["dose"]) == "dose, mg"
    assert cell_text(table["count"], 2) == "500"
    assert cell_text(table["dose"], 2) == cell_text(table["tone"], 2) == "\N{EN DASH}"
    assert float(factual_text(result, 0, 0)) == 1.5
    assert factual_text(result, 1, 0) == ""
    view = shown(qtbot, view_of(result))
    model = view.model()
    assert model.headerData(0, Qt.Orientation.Vertical) == "1"
    assert model.data(model.index(1, 2)) == "glad"
    assert Theme.current().acc.name() in colours(view.grab().toImage())
    unchanged = replace(result, changed=None)
    view.set_result(unchanged)
    assert Theme.current().acc.name() not in colours(view.grab().toImage())


def test_choosing_rows_tells_their_ids(qtbot, dressed):
    view = shown(qtbot, view_of(RESULTS["table"]))
    with qtbot.assertNotEmitted(view.rows_chosen):
        view.set_result(replace(RESULTS["table"], title="Other"))
    with qtbot.waitSignal(view.rows_chosen) as chosen:
        view.selectRow(1)
    assert chosen.args == [(2,)]


def test_a_graph_to_look_at_keeps_its_graph(qtbot, dressed):
    view = shown(qtbot, view_of(RESULTS["graph"]))
    assert all(node.position is not None for node in view.graph().nodes)
    before = view.graph()
    qtbot.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert view.graph() == before


def test_text_can_be_read_and_its_changes_seen(qtbot, dressed):
    view = shown(qtbot, view_of(RESULTS["text"]))
    said = view.toPlainText()
    assert said.startswith("label: positive")
    assert "A good" in said
    assert "tone 0.90" in said
    assert QAccessible.queryAccessibleInterface(view) is not None
    found = colours(view.grab().toImage())
    assert Theme.current().acc.name() in found
    plain = TextResult("t", "T", (Span("only words"),))
    view.set_result(plain)
    assert view.toPlainText() == "only words"


def test_axes_of_parallel_coordinates_run_from_least_to_greatest():
    table = RESULTS["parallel"].table
    shares, low, high = scaled(table["count"])
    np.testing.assert_allclose(shares, [0.0, 37 / 497, 1.0])
    assert (low, high) == ("3.00", "500")
    tones, first, last = scaled(table["tone"])
    np.testing.assert_array_equal(tones, [1.0, 0.0, np.nan])
    assert (first, last) == ("glad", "sad")


@pytest.mark.parametrize(
    "result",
    [
        CurveResult("c", "Empty", ()),
        CurveResult("c", "Gap", (Line("a", np.arange(3.0), np.full(3, np.nan)),), y_log=True),
        MatrixResult("m", "Empty", np.zeros((0, 0)), (), ()),
        ScatterResult("s", "Empty", np.empty(0), np.empty(0)),
        BarsResult("b", "Empty", (), np.empty(0)),
    ],
)
def test_nothing_can_be_drawn_too(qtbot, dressed, result):
    drawn(result, Theme.of("light"))
    shown(qtbot, view_of(result)).grab()


def test_the_counterfactual_lies_on_top_of_a_thousand_others(dressed):
    generator = np.random.default_rng(0)
    x, y = generator.uniform(size=(2, 5000))
    group = np.zeros(5000, dtype=int)
    group[:4] = 1
    theme = Theme.of("light")
    plain = ScatterResult("s", "S", x, y, group=group, groups=("candidate", "chosen"))
    assert theme.acc.name() not in colours(drawn(plain, theme, 240, 160))
    marked = replace(plain, roles=("plain", "counterfactual"))
    assert theme.acc.name() in colours(drawn(marked, theme, 240, 160))


def test_an_axis_tells_its_name_and_ends(qtbot, dressed):
    view = shown(qtbot, view_of(RESULTS["parallel"]))
    rect = view.inner()
    assert view.tell(QPointF(rect.left() + 40 + 200, rect.center().y()), rect) == "count: 3.00 to 500"
    assert view.tell(QPointF(rect.left() + 120, rect.center().y()), rect) == ""


def test_each_radar_lies_over_the_factual_before_it(qtbot, dressed):
    which = category_column("which", ["row", "chosen", "chosen", "row", "chosen"])
    levels = {"row": "factual", "chosen": "counterfactual"}
    table = table_of("t", [number_column("cost", [1.0, 2, 3, 4, 5]), number_column("mass", [5.0, 4, 3, 2, 1]), which])
    result = ParallelResult("r", "R", table, "which", tuple(levels[level] for level in which.levels), True)
    assert pairs_of(result) == [(1, 0), (2, 0), (4, 3)]
    theme = Theme.of("light")
    words = colours(drawn(result, theme, 300, 200))
    assert theme.acc.name() in words
    view = shown(qtbot, view_of(result), 300, 200)
    assert view.tell(QPointF(50, 50), view.inner()) == ""
    assert not view.grab().isNull()
