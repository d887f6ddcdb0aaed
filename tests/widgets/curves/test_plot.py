"""The curve plot: mouse, keys, what it reads, and that nothing set from outside fires."""

import gc
import weakref

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from widgets.curves import CurvePlot, CurveRun, CurveScalar
from widgets.theme import Theme

SIGNALS = ("log_changed", "smoothing_changed", "run_toggled", "view_changed", "cursor_moved")


@pytest.fixture
def plot(qtbot, dressed):
    widget = CurvePlot()
    qtbot.addWidget(widget)
    widget.resize(504, 336)
    widget.set_scalars([CurveScalar("loss", "Loss"), CurveScalar("r2", "R²")])
    widget.set_run(CurveRun("a", "run 14", 0))
    widget.set_run(CurveRun("b", "run 15", 2, "training", live=True))
    steps = np.arange(0, 1001, 10.0)
    widget.append("a", "loss", steps, np.exp(-steps / 200) + 0.01)
    widget.append("b", "loss", steps[:60], np.exp(-steps[:60] / 100) + 0.01)
    widget.append("a", "r2", steps, steps / 1000)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def heard(plot):
    log = []
    for name in SIGNALS:
        getattr(plot, name).connect(lambda *values, name=name: log.append((name, *values)))
    return log


def pixel_of(plot, step):
    plot._prepare()
    return QPoint(round(plot._plots[0].x.to_pixel(step)) + 16, 80)


def test_setting_from_outside_fires_nothing(plot):
    log = heard(plot)
    plot.set_smoothing(0.5)
    plot.set_log(False)
    plot.set_view((100, 200))
    plot.set_cursor_step(150)
    plot.set_run(CurveRun("a", "run 14", 0, shown=False))
    plot.append("a", "loss", [2000], [0.1])
    plot.grab()
    assert log == []


def test_the_cursor_snaps_to_steps_and_reads_every_line(qtbot, plot):
    plot.set_smoothing(0.0)
    log = heard(plot)
    qtbot.mouseMove(plot, pixel_of(plot, 302))
    assert log == [("cursor_moved", 300.0)]
    values = plot.read("loss", 300.0)
    assert values == {"a": pytest.approx(np.exp(-1.5) + 0.01), "b": pytest.approx(np.exp(-3) + 0.01)}
    assert plot.read("r2", 300.0) == {"a": pytest.approx(0.3)}
    assert set(plot.read("loss", 800.0)) == {"a"}, "run 15 ended before"


def test_the_wheel_zooms_about_the_pointer_and_0_fits(qtbot, plot):
    log = heard(plot)
    place = QPointF(pixel_of(plot, 500))
    event = QWheelEvent(
        place, plot.mapToGlobal(place), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )
    QApplication.sendEvent(plot, event)
    left, right = plot.view()
    assert right - left == pytest.approx(850)
    assert pixel_of(plot, 500).x() == pytest.approx(place.x(), abs=1)
    assert log[-1] == ("view_changed", (left, right))
    qtbot.keyClick(plot, Qt.Key.Key_0)
    assert plot.view() is None
    assert log[-1] == ("view_changed", None)


def test_a_drag_pans_by_what_the_hand_moved(qtbot, plot):
    start = pixel_of(plot, 500)
    qtbot.mousePress(plot, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(plot, pixel_of(plot, 400))
    qtbot.mouseRelease(plot, Qt.MouseButton.LeftButton)
    left, right = plot.view()
    assert left == pytest.approx(100, abs=4)
    assert right - left == pytest.approx(1000)


def test_keys(qtbot, plot):
    log = heard(plot)
    qtbot.keyClick(plot, Qt.Key.Key_L)
    qtbot.keyClick(plot, Qt.Key.Key_BracketRight)
    qtbot.keyClick(plot, Qt.Key.Key_2)
    assert log == [("log_changed", False), ("smoothing_changed", 0.9), ("run_toggled", "b", False)]
    assert [run.shown for run in plot.runs()] == [True, False]
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    assert plot.cursor_step() == 1000.0
    qtbot.keyClick(plot, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert plot.cursor_step() == 900.0
    qtbot.keyClick(plot, Qt.Key.Key_Minus)
    assert plot.view()[1] - plot.view()[0] == pytest.approx(1250)


def test_log_axes_are_taken_where_the_values_allow_it(plot):
    plot._prepare()
    assert [drawn.y.log for drawn in plot._plots] == [True, False]
    assert [drawn.title for drawn in plot._plots] == ["Loss, log", "R²"]
    plot.set_log(False)
    plot._prepare()
    assert not any(drawn.y.log for drawn in plot._plots)


def test_a_low_plot_leaves_the_last_scalars_to_page_down(qtbot, plot):
    plot.resize(504, 150)
    plot._prepare()
    assert [drawn.title for drawn in plot._plots] == ["Loss, log"]
    qtbot.keyClick(plot, Qt.Key.Key_PageDown)
    plot._prepare()
    assert [drawn.title for drawn in plot._plots] == ["R²"]


def test_it_says_when_points_share_pixels(plot):
    assert plot.points_per_pixel() == 1
    plot.append("a", "loss", np.arange(2000, 52_000), np.random.default_rng(0).random(50_000) + 0.1)
    assert plot.points_per_pixel() > 50
    assert "points a pixel" in plot._plots[0].side_note


@pytest.mark.parametrize("values", [[], [np.nan], [np.nan, np.inf], [0.0], [5.0, 5.0], [-1.0, 0.0], [1e300, -1e300]])
def test_any_values_can_be_drawn(qtbot, plot, values):
    plot.clear()
    plot.append("c", "odd", np.arange(len(values)), values)
    assert not plot.grab().isNull()


def colours_in(image: QImage) -> set[str]:
    return {QColor(image.pixel(x, y)).name() for x in range(image.width()) for y in range(image.height())}


def test_what_is_not_a_number_is_marked_on_the_axis(plot):
    theme = Theme.current()
    assert theme.err.name() not in colours_in(plot.grab().toImage())
    plot.append("b", "loss", [600, 610], [np.nan, 0.05])
    assert [gap.step for gap in plot.trace("b", "loss").gaps] == [600.0]
    assert theme.err.name() in colours_in(plot.grab().toImage())


def test_each_run_is_drawn_in_its_colour_until_it_is_hidden(qtbot, plot):
    colour = Theme.current().series(2).colour.name()
    assert colour in colours_in(plot.grab().toImage())
    qtbot.keyClick(plot, Qt.Key.Key_2)
    assert colour not in colours_in(plot.grab().toImage())


def test_a_constant_is_drawn_as_a_level_line(plot):
    plot.clear()
    plot.append("c", "level", np.arange(500), np.full(500, 0.7))
    plot._prepare()
    line = plot._plots[0].lines[0]
    assert set(line.smooth.low) == {0.7}


def test_the_cursor_is_told_to_screen_readers(qtbot, plot):
    plot.set_smoothing(0.0)
    qtbot.mouseMove(plot, pixel_of(plot, 200))
    said = plot.accessibleDescription()
    assert said.startswith("step 200; Loss, run 14 0.378; Loss, run 15 0.145")


def test_a_closed_plot_dies_with_its_timer(qtbot, dressed):
    window = QWidget()
    plot = CurvePlot(window)
    plot.append("a", "loss", np.arange(10), np.arange(10))
    plot.set_view((1, 2))
    timer = plot._moving
    with qtbot.waitSignal(plot.destroyed):
        window.deleteLater()
    assert not isValid(plot)
    assert not isValid(timer)
    dead = weakref.ref(plot)
    del plot, timer
    gc.collect()
    assert dead() is None


def test_runs_of_a_group_become_one_line_with_a_band(plot):
    plot.set_smoothing(0.0)
    for key, series in (("a", 0), ("b", 2)):
        plot.set_run(CurveRun(key, key, series, group="two seeds"))
    plot.set_run(CurveRun("c", "alone", 3))
    plot.append("c", "loss", [0, 10], [0.5, 0.5])
    plot.set_grouped(True)
    plot._prepare()
    lines = plot._plots[0].lines
    assert [line.label for line in lines] == ["two seeds", "alone"]
    assert lines[0].note == "2 runs"
    assert lines[1].band is None
    expected = (np.exp(-1.0) + np.exp(-2.0)) / 2 + 0.01
    assert plot.read("loss", 200.0) == {"two seeds": pytest.approx(expected)}
    np.testing.assert_allclose(lines[0].band.high[20], np.exp(-1.0) + 0.01)


def test_beyond_eight_runs_only_the_hovered_one_has_its_colour(qtbot, plot):
    plot.clear()
    plot.set_smoothing(0.0)
    for index in range(10):
        plot.set_run(CurveRun(f"run {index}", f"run {index}", index))
        plot.append(f"run {index}", "loss", [0, 50, 100], [index] * 3)
    colour = Theme.current().series(1).colour.name()
    plot.set_run(CurveRun("run 1", "run 1", 1, shown=False))
    assert colour not in colours_in(plot.grab().toImage())
    at = QPoint(pixel_of(plot, 50).x(), round(plot._plots[0].y.to_pixel(9.0)))
    qtbot.mouseMove(plot, at)
    assert colour in colours_in(plot.grab().toImage())
    qtbot.mouseMove(plot, QPoint(at.x() + 2, round(plot._plots[0].y.to_pixel(4.0))))
    assert colour not in colours_in(plot.grab().toImage())
