"""Tiles, triptych, strips and grid: what the hand and the keys do, and what they never do."""

import gc
import weakref

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QVBoxLayout, QWidget
from shiboken6 import isValid

from engines.results import ImageGridResult
from widgets.kit.state_view import State, StateView
from widgets.pictures import (
    MARGIN,
    Measured,
    PictureGrid,
    PictureStrip,
    PictureTile,
    StripItem,
    TraversalStrip,
    Triptych,
)
from widgets.theme import Theme, appearance

DARK = np.zeros((28, 28, 1), dtype=np.uint8)
BRIGHT = np.full((28, 28, 1), 200, dtype=np.uint8)


@pytest.fixture
def shown(qtbot, dressed):
    def show(widget, width, height):
        qtbot.addWidget(widget)
        widget.resize(width, height)
        widget.show()
        qtbot.waitExposed(widget)
        return widget

    return show


def colour_at(widget: QWidget, point: QPoint) -> QColor:
    return widget.grab().toImage().pixelColor(point)


def middle(tile: PictureTile) -> QPoint:
    return tile.square().center().toPoint()


@pytest.mark.parametrize(("width", "side", "gap"), [(880, 280, 20), (800, 252, 22)])
def test_tiles_take_the_largest_multiple_and_gaps_what_is_left(shown, width, side, gap):
    triptych = shown(Triptych(), width + 2 * MARGIN, 400)
    triptych.set_factual(DARK)
    lefts = [tile.x() + MARGIN for tile in (triptych.factual, triptych.counterfactual, triptych.difference)]
    assert triptych.side() == side
    assert lefts == [MARGIN, MARGIN + side + gap, MARGIN + 2 * (side + gap)]


def test_a_scarce_height_steps_down_a_whole_multiple(shown):
    triptych = shown(Triptych(), 888, 400)
    triptych.set_factual(DARK)
    triptych.set_most_side(270)
    assert triptych.side() == 252


def test_space_shows_the_factual_in_the_counterfactuals_place(qtbot, shown):
    triptych = shown(Triptych(), 888, 400)
    triptych.set_factual(DARK)
    triptych.set_counterfactual(BRIGHT)
    tile = triptych.counterfactual
    assert colour_at(tile, middle(tile)).red() == 200
    qtbot.keyPress(tile, Qt.Key.Key_Space)
    assert colour_at(tile, middle(tile)).red() == 0
    qtbot.keyRelease(tile, Qt.Key.Key_Space)
    assert colour_at(tile, middle(tile)).red() == 200


def test_comma_full_stop_and_d(qtbot, shown):
    triptych = shown(Triptych(), 888, 400)
    steps = []
    triptych.stepped.connect(steps.append)
    qtbot.keyClick(triptych.counterfactual, Qt.Key.Key_Comma)
    qtbot.keyClick(triptych.counterfactual, Qt.Key.Key_Period)
    assert steps == [-1, 1]
    qtbot.keyClick(triptych.counterfactual, Qt.Key.Key_D)
    assert not triptych.shows_difference()


def test_the_difference_and_its_mean_follow_the_pictures(shown):
    triptych = shown(Triptych(), 888, 400)
    triptych.set_factual(DARK)
    triptych.set_counterfactual(BRIGHT)
    assert triptych.difference.accessibleName() == "Difference: mean change 200 of 255"
    warm = colour_at(triptych.difference, middle(triptych.difference))
    assert warm.red() > warm.blue()
    triptych.set_counterfactual(DARK)
    surface = colour_at(triptych.difference, middle(triptych.difference))
    assert surface == Theme.current().diverging_stops()[2]


def test_only_the_counterfactual_wears_the_accent(shown):
    triptych = shown(Triptych(), 888, 400)
    triptych.set_factual(BRIGHT)
    triptych.set_counterfactual(BRIGHT)
    accent = Theme.current().acc
    for tile, framed in ((triptych.factual, False), (triptych.counterfactual, True)):
        at = tile.square().topLeft().toPoint() + QPoint(-2, 140)
        assert (colour_at(tile, at) == accent) is framed


def test_progress_runs_along_the_top_edge_of_the_frame(shown):
    tile = shown(PictureTile("Counterfactual", "counterfactual"), 288, 336)
    tile.set_picture(DARK)
    tile.set_progress(0.5)
    edge = tile.square().topLeft().toPoint() + QPoint(0, -2)
    assert colour_at(tile, edge + QPoint(60, 0)) == Theme.current().acc
    assert colour_at(tile, edge + QPoint(220, 0)) != Theme.current().acc
    assert colour_at(tile, edge + QPoint(60, 4)).red() == 0, "the picture itself is untouched"


def test_the_last_picture_stays_until_the_next(shown):
    tile = shown(PictureTile("Counterfactual", "counterfactual"), 288, 336)
    tile.set_picture(BRIGHT)
    tile.set_caption("Counterfactual", "preview")
    tile.set_progress(0.0)
    tile.set_measured(Measured("measured 3.34 px", "ok"))
    assert colour_at(tile, middle(tile)).red() == 200
    assert tile.accessibleDescription() == "measured 3.34 px"


def test_a_fade_ends_in_the_new_picture_and_is_off_with_reduced_motion(qtbot, shown):
    tile = shown(PictureTile("Counterfactual", "counterfactual"), 288, 336)
    tile.set_picture(DARK)
    appearance().set_motion("on")
    tile.set_picture(BRIGHT, fade=True)
    qtbot.waitUntil(lambda: colour_at(tile, middle(tile)).red() == 200)
    appearance().set_motion("reduced")
    tile.set_picture(DARK, fade=True)
    assert colour_at(tile, middle(tile)).red() == 0


def test_an_error_stands_in_the_tile_until_the_next_picture(shown):
    tile = shown(PictureTile("Counterfactual", "counterfactual"), 288, 336)
    tile.show_state(State("The engine ran out of memory.", kind="failed"))
    assert tile.findChild(StateView).isVisible()
    tile.set_picture(BRIGHT)
    assert not tile.findChild(StateView).isVisible()
    assert colour_at(tile, middle(tile)).red() == 200


def items(count):
    looks = {2: "factual", 5: "current"}
    return [StripItem(BRIGHT, f"{i / 2:.2f}", looks.get(i, "")) for i in range(count)]


def test_a_click_in_the_traversal_jumps(qtbot, shown):
    strip = shown(TraversalStrip(), 888, 150)
    with qtbot.assertNotEmitted(strip.chosen):
        strip.set_traversal("Traversal of thickness", items(9), "other noise held", "9 steps")
    pictures = strip.findChild(PictureStrip)
    with qtbot.waitSignal(strip.chosen) as chosen:
        qtbot.mouseClick(pictures, Qt.MouseButton.LeftButton, pos=pictures.square(3).center().toPoint())
    assert chosen.args == [3]
    with qtbot.waitSignal(strip.chosen) as chosen:
        qtbot.keyClick(pictures, Qt.Key.Key_Right)
        qtbot.keyClick(pictures, Qt.Key.Key_Return)
    assert chosen.args == [4]


def test_nine_pictures_of_84_fill_the_width_of_the_panel(shown):
    strip = shown(PictureStrip(84), 888, 120)
    strip.set_items(items(9))
    assert strip.square(0).left() == MARGIN
    assert strip.square(8).right() == 888 - MARGIN
    assert strip.square(0).width() == 84


def test_the_traversal_folds_to_its_head(qtbot, shown):
    strip = shown(TraversalStrip(), 888, 150)
    strip.set_traversal("Traversal of thickness", items(9), "", "9 steps")
    with qtbot.assertNotEmitted(strip.folded):
        strip.set_folded(True)
    assert strip.sizeHint().height() < 40
    with qtbot.waitSignal(strip.folded) as folded:
        qtbot.mouseClick(strip.children()[0], Qt.MouseButton.LeftButton)
    assert folded.args == [False]
    assert not strip.is_folded()


@pytest.fixture
def grid(shown):
    pictures = np.stack([np.full((28, 28, 1), value, np.uint8) for value in range(200)])
    captions = tuple(f"step {i}" for i in range(200))
    result = ImageGridResult("grid", "Reconstructions", pictures, captions, 8, np.arange(1000, 1200))
    return shown(PictureGrid(result), 600, 300)


def test_a_grid_keeps_its_columns_and_whole_multiples(grid):
    cells = grid._cells()
    assert cells.columns == 8
    assert cells.side == 56
    assert grid.verticalScrollBar().maximum() > 1000


def test_arrows_walk_the_grid_and_scroll_it(qtbot, grid):
    seen = []
    grid.chosen.connect(seen.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_End):
        qtbot.keyClick(grid, key)
    assert seen == [0, 1, 9, 199]
    assert grid.verticalScrollBar().value() > 0
    assert grid.accessibleDescription().endswith("step 199, 200 of 200")
    with qtbot.waitSignal(grid.opened) as opened:
        qtbot.keyClick(grid, Qt.Key.Key_Return)
    assert opened.args == [199]


def test_a_click_chooses_what_is_under_it_when_scrolled(qtbot, grid):
    grid.verticalScrollBar().setValue(200)
    with qtbot.waitSignal(grid.chosen) as chosen:
        qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(30, 40))
    colour = grid.viewport().grab().toImage().pixelColor(30, 40).red()
    assert colour == chosen.args[0] > 0


def test_setting_a_grid_fires_nothing(qtbot, grid):
    with qtbot.assertNotEmitted(grid.chosen):
        grid.set_current(5)
        grid.set_result(ImageGridResult("other", "Other", np.stack([BRIGHT] * 3)))
    assert grid.current() == 2
    assert grid.verticalScrollBar().maximum() == 0


@pytest.mark.parametrize("kind", [Triptych, TraversalStrip, PictureTile])
def test_closed_views_die(qtbot, dressed, kind):
    window = QWidget()
    view = kind(parent=window)
    QVBoxLayout(window).addWidget(view)
    with qtbot.waitSignal(view.destroyed):
        window.deleteLater()
    assert not isValid(view)
    dead = weakref.ref(view)
    del view
    gc.collect()
    assert dead() is None
