"""The Counterfactual panel: its modes, keys, states and exports, with an engine that answers when the test says."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from engines.contract import Answer, Budget, FactorValue, How, Slider
from engines.data.kinds import number_column, table_of
from engines.results import BarsResult, CurveResult, Line, Span, TableResult, TextResult
from engines.runtime.messages import Answered, Refused
from studio.exploration.exploration import VIEW
from studio.panels.counterfactual import STEPS, CounterfactualPanel
from studio.panels.counterfactual.grid import COLUMNS, ROWS, GridMode
from tests.studio.asked import OTHER, AskedEngine, explored, lamps
from tests.studio.stand_ins import words
from widgets.kit.button import Button
from widgets.kit.chip import Chip

LEFT = Qt.MouseButton.LeftButton
SENTENCE, RECIPE = "What would image 3 be if level = 60 lx?", {"item": 3, "do": {"level": 60.0}}


def plain(text: str) -> str:
    """A text with common spaces."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


class Lamps:
    """The panel on show with what drives it."""

    def __init__(self, on_show, qtbot, subject=None, width: int = 912, height: int = 752) -> None:
        self.engine = AskedEngine()
        self.exploration = explored(self.engine, subject)
        self.panel = CounterfactualPanel(
            self.exploration, self.engine, lambda: [(OTHER, "run 2"), (Path("lamp"), "run 1")], lambda: 1
        )
        self._qtbot = qtbot
        on_show(self.panel, width, height)

    def asked(self, view: str) -> None:
        """Wait until a view has asked what belongs to the wish of now."""
        self._qtbot.waitUntil(lambda: any(ask.view.startswith(view) for ask in self.engine.asked), timeout=3000)

    def fresh(self, view: str) -> None:
        self.engine.asked = [ask for ask in self.engine.asked if not ask.view.startswith(view)]

    def mode(self, name: str) -> None:
        names = self.panel._modes.options()
        self.panel._modes._group.button(names.index(name)).click()


@pytest.fixture
def lamp(on_show, qtbot) -> Lamps:
    found = Lamps(on_show, qtbot)
    found.exploration.set("level", 60.0)
    found.engine.answer(VIEW)
    return found


def test_a_model_that_is_being_opened_is_said(lamp):
    def said() -> list[str]:
        return [w.text() for w in lamp.panel.findChildren(QLabel) if w.isVisible() and w.text()]

    subject = lamp.exploration.subject
    lamp.exploration.expect("CausalDiffAE, run 2")
    assert not any("Opening" in text for text in said()), "one that is open stays until the other is there"
    lamp.exploration.open(None)
    assert "Train a model to ask what if" in said()
    lamp.exploration.expect("CausalDiffAE, run 2")
    assert "Opening CausalDiffAE, run 2" in said()
    lamp.exploration.expect("")
    assert "Train a model to ask what if" in said()
    lamp.exploration.expect("CausalDiffAE, run 2")
    lamp.exploration.open(subject)
    assert not any("Opening" in text or "Train a model" in text for text in said())


def test_the_grid_crosses_items_with_values_and_fills_as_answers_come(lamp):
    lamp.mode("Grid")
    lamp.asked("grid")
    table = lamp.panel._grid.table
    crossing = table.crossing()
    assert [heading.text for heading in crossing.rows] == ["image 3", "image 4", "image 5", "image 6"]
    assert len(crossing.columns) == COLUMNS
    assert "60" in [heading.text for heading in crossing.columns]      # what is wished now is among them
    assert crossing.corner == "level, lx"
    assert crossing.pictures == {}
    grid = [ask for ask in lamp.engine.asked if ask.view.startswith("grid")]
    assert len(grid) == ROWS * COLUMNS
    assert all(ask.yields and ask.budget is Budget.PREVIEW for ask in grid)
    lamp.engine.answer("grid 0")
    assert list(table.crossing().pictures) == [(0, 0)]
    lamp.engine.answer("grid")
    assert len(table.crossing().pictures) == ROWS * COLUMNS
    row, column = table.crossing().current
    assert (row, table.crossing().columns[column].text) == (0, "60")
    assert table.side() % 8 == 0                                    # whole multiples of the pixels


def test_a_click_in_the_grid_is_the_wish_and_the_pictures_stay(lamp):
    lamp.mode("Grid")
    lamp.asked("grid")
    lamp.engine.answer("grid")
    table, steps = lamp.panel._grid.table, lamp.exploration._history.count()
    lamp.fresh("grid")
    QTest.mouseClick(table, LEFT, pos=table.square(1, 0).center().toPoint())
    assert lamp.exploration.wish.item == 4
    assert lamp.exploration.wish.do == {"level": 10.0}
    assert lamp.exploration._history.count() == steps + 1
    assert table.crossing().current == (1, 0)
    QTest.keyClick(table, Qt.Key.Key_Down)
    QTest.keyClick(table, Qt.Key.Key_Right)
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert lamp.exploration.wish.item == 5
    assert "image 5" in table.accessibleDescription()
    lamp.panel._grid._rest.stop()
    lamp.panel._grid._ask()
    assert not [ask for ask in lamp.engine.asked if ask.view.startswith("grid")]    # nothing is asked twice


def test_the_grid_crosses_two_factors(lamp):
    grid = lamp.panel._grid
    lamp.mode("Grid")
    lamp.asked("grid")
    lamp.fresh("grid")
    grid._kind._group.button(1).click()
    lamp.asked("grid")
    crossing = grid.table.crossing()
    assert [heading.text for heading in crossing.rows] == ["side = left", "side = right"]
    assert grid._down.isVisible()
    assert lamp.engine.newest("grid 0").do == {"level": 10.0, "side": "left"}
    assert lamp.engine.newest("grid 0").items == (3,)


def test_low_windows_have_fewer_rows_of_pictures_that_can_be_seen(on_show, qtbot):
    engine = AskedEngine()
    grid = GridMode(engine, explored(engine))
    on_show(grid, 640, 140)
    qtbot.waitUntil(lambda: bool(grid.table.crossing().rows), timeout=3000)
    assert len(grid.table.crossing().rows) < ROWS
    assert grid.table.side() >= 16


def test_grid_and_traversal_are_exported_as_figure_animation_and_table(lamp, tmp_path):
    lamp.mode("Grid")
    lamp.asked("grid")
    assert not any("GIF" in offered for offered in lamp.panel.exhibit().filters())      # pictures are still to come
    lamp.engine.answer("grid")
    exhibit = lamp.panel.exhibit()
    assert any("7 frames of 0.4 s, begins again for ever" in offered for offered in exhibit.filters())
    for suffix in ("png", "svg", "pdf", "gif", "csv"):
        exhibit.write(tmp_path / f"grid.{suffix}", SENTENCE, RECIPE)
    with Image.open(tmp_path / "grid.gif") as gif:
        assert (gif.n_frames, gif.info["duration"], gif.info["loop"]) == (COLUMNS, 400, 0)
        told = json.loads(gif.info["comment"])
    assert told["item"] == 3
    assert "level went from 10" in told["sentence"]
    told = json.loads((tmp_path / "grid.recipe.json").read_text())
    assert told["sentence"].startswith("What would image 3, image 4")
    assert told["do"] == {"level": 60.0}
    rows = list(csv.DictReader((tmp_path / "grid.csv").read_text().splitlines()))
    assert len(rows) == ROWS * COLUMNS
    assert rows[0] == {"item": "3", "do": "level = 10.0", "level": "10", "side": "left"}

    lamp.mode("Traversal")
    lamp.asked("traversal")
    lamp.engine.answer("traversal")
    exhibit = lamp.panel.exhibit()
    assert len(exhibit.frames) == STEPS
    exhibit.write(tmp_path / "walk.csv", SENTENCE, RECIPE)
    walked = [line.split(",")[0] for line in (tmp_path / "walk.csv").read_text().splitlines()[1:]]
    assert "60" in walked
    assert len(walked) == STEPS


def test_the_picture_is_copied_with_its_recipe(lamp):
    copied = []
    lamp.panel.copy_wished.connect(copied.append)
    QTest.keyClick(lamp.panel, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied[0].copy(SENTENCE, RECIPE)
    data = QApplication.clipboard().mimeData()
    png = bytes(data.data("image/png").data())
    assert b"recipe" in png
    assert data.hasImage()
    assert data.text().startswith(SENTENCE)
    assert json.loads(data.text().splitlines()[1]) == RECIPE


def test_checks_of_the_picture_name_who_read_them(lamp):
    lamp.mode("Checks")
    lamp.asked("checks")
    ask = lamp.engine.newest("checks lamp 0")
    assert (ask.items, ask.do, ask.measure, ask.yields) == ((3,), {"level": 60.0}, True, True)
    checks = lamp.panel._checks.picture
    assert not checks.shows_content()
    lamp.engine.answer("checks")
    lines = {line[0].text: [plain(cell.text) for cell in line] for line in checks._table.lines()}
    assert lines["Composition, nothing set"][-1] == "1.5 of 255"
    assert lines["Effectiveness, level"] == ["Effectiveness, level", "100 lx", "60 lx", "5 lx", "64 lx", "4 lx"]
    assert "level by a photometer, not independent of the model" in checks._predictor.text()
    header, rows = lamp.panel._checks._rows()
    assert header[0] == "item"
    assert len(rows) == 2


def test_the_whole_set_is_measured_with_progress_and_stop(lamp, tmp_path):
    lamp.mode("Checks")
    checks = lamp.panel._checks
    checks._which._group.button(1).click()
    assert "Nothing is measured yet" in words(checks.set)
    checks.set._button.click()
    assert checks.set._stop.isVisible()
    assert not checks.set._button.isVisible()
    lamp.engine.answer("measurement")
    assert checks.set._bar.fraction() == pytest.approx(1 / checks.set.measurement.total)
    while checks.set.measurement.is_running:
        lamp.engine.answer("measurement")
    lines = [[plain(cell.text) for cell in line] for line in checks.set._table.lines()]
    assert ["Composition, nothing set", "nothing", "1.5 of 255", "± 0.0", "20", ""] in lines
    assert any("100 % within" in line[-1] for line in lines)
    exhibit = lamp.panel.exhibit()
    exhibit.write(tmp_path / "set.csv", SENTENCE, RECIPE)
    told = json.loads((tmp_path / "set.recipe.json").read_text())
    assert told["sentence"].startswith("Measured on 20 pictures; no part")
    exhibit.write(tmp_path / "set.png", SENTENCE, RECIPE)


def test_another_model_stands_beside_with_its_own_figures(lamp):
    panel = lamp.panel
    panel._fill_menu()
    offered = [action.text() for action in panel._menu.actions()]
    assert "Compare with run 2" in offered
    assert not any("run 1" in text for text in offered)             # that is the one which is explored
    panel.comparison.add(OTHER, "run 2")
    lamp.engine.open(str(OTHER))
    lamp.engine.answer(f"comparison {OTHER}", shade=30)
    tiles = panel._side.comparison.tiles
    assert panel._side.currentWidget() is panel._side.comparison
    assert [int(tile.picture()[0, 0, 0]) for tile in tiles.counterfactuals] == [60, 90]
    assert float(tiles.between._values[0, 0]) == 30.0
    assert not panel._strip.isVisible()
    lamp.asked("comparison checks")
    lamp.engine.answer("comparison checks")
    table = panel._side.comparison.checks._table
    assert [line[-2].text for line in table.lines()] == [line[-1].text for line in table.lines()]
    next(chip for chip in panel._side.comparison.findChildren(Chip) if chip.isVisible()).click()
    assert panel._side.currentWidget() is panel._triptych
    assert lamp.engine.closed == [str(OTHER)]


def test_keys_turn_the_difference_and_show_the_factual(lamp):
    tiles = lamp.panel._triptych
    QTest.keyClick(lamp.panel, Qt.Key.Key_D)
    assert not tiles.shows_difference()
    QTest.keyClick(lamp.panel, Qt.Key.Key_D)
    assert tiles.shows_difference()
    QTest.keyPress(lamp.panel, Qt.Key.Key_Space)
    assert tiles.counterfactual.shows_factual()
    QTest.keyRelease(lamp.panel, Qt.Key.Key_Space)
    assert not tiles.counterfactual.shows_factual()
    QTest.keyClicks(lamp.panel, ".")
    assert lamp.exploration.wish.item == 4
    QTest.keyClicks(lamp.panel, ",")
    assert lamp.exploration.wish.item == 3


def test_no_answer_stands_in_the_counterfactual_tile_while_the_factual_stays(lamp):
    tiles = lamp.panel._triptych
    factual = tiles.factual.picture()
    lamp.exploration.take(Refused(VIEW, lamp.exploration._number, "No change reaches 300 lx.", "Nearest: 255 lx."))
    assert tiles.factual.picture() is factual
    assert tiles.counterfactual._states.isVisible()
    assert "No change reaches 300 lx." in words(tiles.counterfactual)
    assert not lamp.panel._error.isVisible()
    number = lamp.exploration._number
    next(b for b in tiles.counterfactual.findChildren(Button) if b.text() == "Ask again").click()
    assert lamp.exploration._number == number + 1
    lamp.engine.answer(VIEW)
    assert not tiles.counterfactual._states.isVisible()


def test_twelve_images_to_choose_from(lamp):
    lamp.panel.choose_factual()
    chooser = lamp.panel._side.chooser
    assert lamp.panel._side.currentWidget() is chooser
    assert "Choose an image" in words(lamp.panel)
    first = [item.caption for item in chooser._strip.items()]
    assert len(first) == 12
    chooser._more.click()
    assert [item.caption for item in chooser._strip.items()] != first
    QTest.mouseClick(chooser._strip, LEFT, pos=chooser._strip.square(5).center().toPoint())
    assert lamp.exploration.wish.item == chooser._ids[5]
    assert lamp.panel._side.currentWidget() is lamp.panel._triptych


def test_intervened_rows_come_first_where_not_all_fit(on_show, qtbot):
    many = tuple(Slider(f"x{i}", 0, 9, (0, 9)) for i in range(14))
    table = table_of("t", [number_column(c.name, np.linspace(0, 9, 20)) for c in many])
    lamp = Lamps(on_show, qtbot, replace(lamps(), controls=many, data=table), height=620)
    rows = lamp.panel._rows

    def order() -> list[str]:
        return sorted(rows._rows, key=lambda name: rows._rows[name].y())

    rows.widget().layout().activate()
    assert order()[0] == "x0"
    lamp.exploration.set("x7", 3.0)
    rows.widget().layout().activate()
    assert order()[0] == "x7"
    assert rows.content_height() > rows.viewport().height()
    lamp.exploration.free("x7")
    rows.widget().layout().activate()
    assert order()[0] == "x0"


def row_answer(number: int) -> Answered:
    before = table_of("t", [number_column("a", [1.0]), number_column("b", [2.0]), number_column("c", [3.0])])
    after = table_of("t", [number_column("a", [1.0]), number_column("b", [5.0]), number_column("c", [9.0])])
    factors = (
        FactorValue("a", 1.0, 1.0, How.UNAFFECTED), FactorValue("b", 2.0, 5.0, How.FOLLOWS, (4.0, 6.0)),
        FactorValue("c", 3.0, 9.0, How.SET),
    )
    return Answered(VIEW, number, Answer(Budget.FINAL, (TableResult("row", "", after, factual=before),), factors), 0.1)


def test_a_row_shows_what_was_set_first_with_pills_and_spread(on_show, qtbot):
    controls = tuple(Slider(name, 0, 9, (0, 9)) for name in "abc")
    table = table_of("t", [number_column(name, [1.0, 2.0]) for name in "abc"])
    lamp = Lamps(on_show, qtbot, replace(lamps(), controls=controls, data=table), height=752)
    lamp.exploration.take(row_answer(lamp.exploration._number))
    row = lamp.panel._side.row
    assert row.isVisible()
    assert not lamp.panel._side.curve.isVisible()
    assert [line[0].text for line in row.lines()] == ["c", "b", "a"]
    assert [line[3].pill for line in row.lines()] == [True, True, False]
    assert row.lines()[1][4].text == "4 to 6"
    QTest.keyPress(lamp.panel, Qt.Key.Key_Space)
    assert row.lines()[0][2].text == row.lines()[0][1].text
    QTest.keyRelease(lamp.panel, Qt.Key.Key_Space)
    assert row.lines()[0][2].text == "9"
    QTest.keyClick(lamp.panel, Qt.Key.Key_D)
    assert len(row.lines()[0]) == 3


def charted(lamp: Lamps, note: str = "") -> Answered:
    """The answer about a row with bars and a sentence beside it."""
    told = row_answer(lamp.exploration._number)
    bars = BarsResult("effect", "Effect", ("with", "without"), np.array([1.0, 2.0]))
    text = TextResult("verdict", "Verdict", (Span("It holds."),))
    answer = replace(told.answer, results=(*told.answer.results, text, bars), support_note=note)
    return replace(told, answer=answer)


@pytest.mark.parametrize(("names", "shown"), [("abc", True), ("abcdefghijklmnop", False)])
def test_what_else_an_answer_about_a_row_holds_is_shown_where_the_rows_leave_room(on_show, qtbot, names, shown):
    controls = tuple(Slider(name, 0, 9, (0, 9)) for name in names)
    table = table_of("t", [number_column(name, [1.0, 2.0]) for name in names])
    lamp = Lamps(on_show, qtbot, replace(lamps(), controls=controls, data=table), height=860)
    further = lamp.panel._further
    lamp.exploration.take(row_answer(lamp.exploration._number))
    assert further.isHidden()
    lamp.exploration.take(charted(lamp))
    assert [result.name for result in further.results()] == ["verdict", "effect"]
    assert further.isVisible() is shown
    lamp.exploration.take(row_answer(lamp.exploration._number))
    assert further.isHidden()


def test_a_note_on_a_question_inside_the_data_is_said_too(on_show, qtbot):
    table = table_of("t", [number_column(name, [1.0, 2.0]) for name in "abc"])
    controls = tuple(Slider(name, 0, 9, (0, 9)) for name in "abc")
    lamp = Lamps(on_show, qtbot, replace(lamps(), controls=controls, data=table))
    lamp.exploration.take(charted(lamp, "Nothing hidden is revealed."))
    assert lamp.panel._advice.isVisible()
    assert lamp.panel._advice.sentence() == "Nothing hidden is revealed."
    lamp.exploration.take(charted(lamp))
    assert not lamp.panel._advice.isVisible()


def test_curves_lie_over_each_other_with_their_difference_below(on_show, qtbot, tmp_path):
    controls = (Slider("a", 0, 9, (0, 9)),)
    table = table_of("t", [number_column("a", [1.0, 2.0])])
    lamp = Lamps(on_show, qtbot, replace(lamps(), controls=controls, data=table))
    x = np.linspace(0, 1, 20)
    lines = (Line("before", x, x, role="factual"), Line("after", x, 3 * x, role="counterfactual"))
    answer = Answer(Budget.FINAL, (CurveResult("swing", "Swing", lines, "s", "angle"),))
    lamp.exploration.take(Answered(VIEW, lamp.exploration._number, answer, 0.1))
    curve = lamp.panel._side.curve
    assert curve.isVisible()
    assert not lamp.panel._side.row.isVisible()
    zero, apart = curve.difference.result().lines
    assert zero.role == "reference"
    assert np.allclose(apart.y, 2 * x)
    QTest.keyPress(lamp.panel, Qt.Key.Key_Space)
    assert [line.role for line in curve.overlay.result().lines] == ["factual"]
    QTest.keyRelease(lamp.panel, Qt.Key.Key_Space)
    assert len(curve.overlay.result().lines) == 2
    QTest.keyClick(lamp.panel, Qt.Key.Key_D)
    assert not curve.difference.isVisible()
    lamp.panel.exhibit().write(tmp_path / "curve.svg", SENTENCE, RECIPE)
    assert "angle" in (tmp_path / "curve.svg").read_text()
