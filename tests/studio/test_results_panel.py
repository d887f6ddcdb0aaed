"""The Results panel: cards in announced order, the chosen one enlarged, live while a run works."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from engines.contract import Produces
from engines.graph.graph import Graph
from engines.results import CurveResult, GraphResult
from engines.runtime.messages import Progress, RunState, Scalar
from studio.panels.results import ResultsPanel
from tests.studio.stand_ins import (
    Bench,
    bars_result,
    curve_result,
    graph_result,
    matrix_result,
    table_result,
    words,
)
from widgets.cards import figure_of
from widgets.kit.button import Button
from widgets.theme import appearance

ANNOUNCED = tuple(Produces(r.name, r.kind, r.title) for r in (graph_result(), curve_result(), table_result()))


def catalogue(*announced: Produces) -> Any:
    """A catalogue in which every method announces these results."""
    method = SimpleNamespace(produces=[vars(produces) for produces in announced], parameters={})
    return SimpleNamespace(find=lambda _method: method)


@pytest.fixture
def panel(bench: Bench, on_show: Callable[..., QWidget]) -> ResultsPanel:
    return on_show(ResultsPanel(bench.runs, catalogue(*ANNOUNCED)))


def order(panel: ResultsPanel) -> list[str]:
    """Names of the results by where their cards are seen."""
    names = [produces.name for produces in ANNOUNCED]
    return sorted(names, key=lambda name: panel.card(name).mapTo(panel, QPoint()).y())


def test_without_a_run_the_panel_offers_to_train(panel: ResultsPanel, qtbot: QtBot) -> None:
    (button,) = [b for b in panel.findChildren(Button) if b.text() == "Train"]
    with qtbot.waitSignal(panel.train_wished):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_cards_stand_in_announced_order_whatever_comes_first(panel: ResultsPanel, bench: Bench) -> None:
    info = bench.start()
    assert [panel.card(p.name).state() for p in ANNOUNCED] == ["coming"] * 3
    bench.engine.is_in(info.number, RunState.RUNNING)
    bench.show(info.number, table_result(), graph_result())
    assert order(panel) == ["graph", "path", "scores"]
    assert [panel.card(p.name).state() for p in ANNOUNCED] == ["ready", "coming", "ready"]
    assert panel.card("graph").figure() == "4 nodes, 4 edges"
    assert "training, 2 of 3 results" in words(panel)


def test_a_newer_result_replaces_the_shown_one_in_place(panel: ResultsPanel, bench: Bench) -> None:
    info = bench.start()
    bench.show(info.number, curve_result(0.5))
    panel.choose("path")
    card, view = panel.card("path"), panel.view()
    assert isinstance(view.result(), CurveResult)
    newer = curve_result(0.1)
    bench.show(info.number, newer)
    assert panel.card("path") is card
    assert panel.view() is view
    assert view.result() is newer
    assert "0.100" in card.figure()


def test_arrow_keys_choose_a_card_and_stop_at_the_ends(panel: ResultsPanel, bench: Bench, qtbot: QtBot) -> None:
    info = bench.start()
    bench.show(info.number, graph_result(), curve_result(), table_result())
    panel.setFocus()
    assert panel.card("graph").hasFocus(), "the keyboard comes in at the chosen card"
    qtbot.keyClick(panel.card("graph"), Qt.Key.Key_Down)
    assert panel.chosen() == "path"
    assert panel.card("path").hasFocus()
    for _ in range(3):
        qtbot.keyClick(panel.window().focusWidget(), Qt.Key.Key_Down)
    assert panel.chosen() == "scores"
    qtbot.keyClick(panel.window().focusWidget(), Qt.Key.Key_Up)
    assert panel.chosen() == "path"


def test_a_click_enlarges_a_result(panel: ResultsPanel, bench: Bench, qtbot: QtBot) -> None:
    info = bench.start()
    bench.show(info.number, graph_result(), curve_result())
    assert isinstance(panel.view().result(), GraphResult)
    qtbot.mouseClick(panel.card("path"), Qt.MouseButton.LeftButton)
    assert isinstance(panel.view().result(), CurveResult)
    qtbot.mouseClick(panel.card("path"), Qt.MouseButton.LeftButton)
    assert panel.card("path").isChecked()


def test_ctrl_e_exports_the_enlarged_result(panel: ResultsPanel, bench: Bench, qtbot: QtBot) -> None:
    info = bench.start()
    panel.export_result()
    bench.show(info.number, graph_result(), curve_result())
    panel.choose("path")
    panel.card("path").setFocus()
    with qtbot.waitSignal(panel.export_wished) as told:
        qtbot.keyClick(panel.card("path"), Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert told.args == [panel.view()]


def test_ctrl_e_is_the_panels_own_while_the_keyboard_is_in_it(
    bench: Bench, on_show: Callable[..., QWidget], qtbot: QtBot
) -> None:
    window, field, panel = QWidget(), QLineEdit(), ResultsPanel(bench.runs, catalogue(*ANNOUNCED))
    column = QVBoxLayout(window)
    column.addWidget(field)
    column.addWidget(panel)
    elsewhere = QShortcut(QKeySequence("Ctrl+E"), window)
    on_show(window)
    info = bench.start()
    bench.show(info.number, graph_result())
    qtbot.waitUntil(panel.card("graph").isVisible)
    told: list[str] = []
    elsewhere.activated.connect(lambda: told.append("window"))
    panel.export_wished.connect(lambda _view: told.append("panel"))
    for inside in (panel.card("graph"), panel.view(), field):
        inside.setFocus()
        qtbot.keyClick(inside, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert told == ["panel", "panel", "window"]


def test_the_same_result_of_another_run_stands_beside(panel: ResultsPanel, bench: Bench, qtbot: QtBot) -> None:
    first = bench.start()
    bench.show(first.number, graph_result(), curve_result(0.5))
    second = bench.start()
    bench.show(second.number, graph_result(), curve_result(0.1), table_result())
    panel.choose("path")
    qtbot.mouseClick(panel.comparison().tool, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(panel.comparison().others_menu.isVisible)
    (action,) = panel.comparison().others_menu.actions()
    assert action.text() == "Run 1, CoLiDE"
    action.trigger()
    panel.comparison().others_menu.close()
    assert panel.stage().other_view().result() is first.results["path"]
    assert panel.view().result() is second.results["path"]
    left, right = panel.view(), panel.stage().other_view()
    qtbot.waitUntil(lambda: right.isVisible() and abs(left.width() - right.width()) <= 1)
    newer = curve_result(0.4)
    bench.show(first.number, newer)
    assert panel.stage().other_view() is right
    assert right.result() is newer
    panel.choose("scores")
    assert panel.stage().other_view() is None
    assert "This run did not give it." in words(panel)
    qtbot.mouseClick(panel.comparison().tool, Qt.MouseButton.LeftButton)
    assert "Run 1, CoLiDE" not in words(panel)


def test_two_runs_are_compared_by_settings_figures_and_graph(panel: ResultsPanel, bench: Bench, qtbot: QtBot) -> None:
    first = bench.start(penalty=0.05, bootstraps=10)
    bench.engine.tell(first.number, Scalar("objective", 3, 2.5), Scalar("edges", 3, 4.0))
    bench.show(first.number, graph_result())
    second = bench.start(penalty=0.2, bootstraps=10)
    bench.engine.tell(second.number, Scalar("objective", 3, 2.0), Scalar("edges", 3, 4.0))
    graph = Graph.of(["a", "b", "c", "d"], [("b", "a"), ("a", "c"), ("b", "d")])
    bench.show(second.number, GraphResult("graph", "Learned graph", graph))
    panel.choose("graph")
    panel.compare_with(first.number)
    differences = panel.comparison().differences
    assert differences.isVisible()
    rows = {row.name: row for section in differences.table.sections() for row in section.rows}
    assert rows["penalty"].values == ("0.2", "0.05")
    assert rows["objective"].values == ("2.00", "2.50")
    assert rows["objective"].difference == "−0.500"
    assert "bootstraps" not in rows, "what is the same is away until all is asked for"
    assert "edges" not in rows
    note = differences.head.accessibleDescription()
    assert note == (
        "Different: penalty, objective. 0 only here, 1 only there, 1 turned: structural Hamming distance 2."
    )
    assert panel.view().showing().comparison.distance == 2
    assert [e.pair for e in panel.stage().other_view().showing().comparison.only_here] == [("c", "d")]
    differences.table.set_only_differing(False)
    assert "bootstraps" in {row.name for section in differences.table.sections() for row in section.rows}
    panel.compare_with(None)
    assert not differences.isVisible()
    assert panel.view().showing().comparison is None


def test_the_compared_run_cannot_be_compared_with_itself(panel: ResultsPanel, bench: Bench) -> None:
    first = bench.start()
    bench.show(first.number, graph_result())
    assert not panel.comparison().tool.isEnabled(), "there is no other run yet"
    second = bench.start()
    bench.show(second.number, graph_result())
    panel.compare_with(first.number)
    panel.show_run(first.number)
    assert panel.stage().other_view() is None
    assert panel.comparison().others() == [second.number]


def test_clear_forgets_everything(panel: ResultsPanel, bench: Bench) -> None:
    for _ in range(2):
        info = bench.start()
        bench.show(info.number, graph_result())
    panel.compare_with(1)
    panel.clear()
    assert panel.view() is None
    assert panel.stage().other_view() is None
    assert "Train" in words(panel)


def test_a_result_still_to_come_can_be_chosen_and_says_so(panel: ResultsPanel, bench: Bench, qtbot: QtBot) -> None:
    info = bench.start()
    bench.engine.is_in(info.number, RunState.RUNNING)
    bench.show(info.number, graph_result())
    qtbot.mouseClick(panel.card("scores"), Qt.MouseButton.LeftButton)
    assert panel.view() is None
    bench.show(info.number, table_result())
    assert panel.view().result().name == "scores"


def test_a_failed_run_keeps_what_it_gave_and_names_the_cause(panel: ResultsPanel, bench: Bench) -> None:
    info = bench.start()
    bench.show(info.number, graph_result())
    bench.engine.end(info.number, RunState.FAILED, "Run 1 stopped at step 4.", "The loss is not a number.")
    assert panel.card("graph").state() == "ready"
    assert panel.card("path").state() == "missing"
    assert panel.card("path").figure() == "Not reached: the run failed"
    said = [w.sentence() for w in panel.findChildren(QWidget) if hasattr(w, "sentence") and w.isVisible()]
    assert said == ["Run 1 stopped at step 4."]


def test_a_run_that_is_done_has_no_card_for_what_its_data_did_not_give(panel: ResultsPanel, bench: Bench) -> None:
    info = bench.start()
    bench.show(info.number, graph_result(), table_result())
    assert panel.card("path").state() == "coming"
    bench.engine.end(info.number, RunState.DONE)
    assert [name for name in ("graph", "path", "scores") if name in panel._cards] == ["graph", "scores"]
    assert panel.view().result().name == "graph"


def test_a_run_that_announces_nothing_shows_what_it_does(bench: Bench, on_show: Callable[..., QWidget]) -> None:
    panel = on_show(ResultsPanel(bench.runs, catalogue()))
    info = bench.start()
    bench.engine.is_in(info.number, RunState.RUNNING)
    bench.engine.tell(info.number, Progress("training", 30, 100))
    names = [w.accessibleName() for w in panel.findChildren(QWidget) if w.isVisible()]
    assert "Run 1, CoLiDE works; its results appear here" in names
    bench.show(info.number, bars_result())
    assert panel.card("bars").state() == "ready"


def test_the_header_lists_all_runs_and_shows_the_chosen_one(panel: ResultsPanel, bench: Bench) -> None:
    first, second = bench.start(), bench.start()
    bench.show(first.number, graph_result())
    assert panel.run() == second.number
    chooser = panel._chooser
    chooser._open()
    actions = chooser.listed().actions()
    assert [action.text() for action in actions] == ["Run 2, CoLiDE: queued", "Run 1, CoLiDE: queued"]
    actions[1].trigger()
    chooser.listed().close()
    assert panel.run() == first.number
    assert panel.card("graph").state() == "ready"
    bench.show(second.number, table_result())
    assert panel.card("scores").state() == "coming", "another run's result must not show here"


def test_the_manifest_says_what_a_built_in_method_will_give(
    bench: Bench, on_show: Callable[..., QWidget], monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    panel = on_show(ResultsPanel(bench.runs))
    bench.start("colide")
    assert "graph" in panel._cards


def test_under_a_narrow_width_cards_stand_over_the_enlarged_one(
    panel: ResultsPanel, bench: Bench, qtbot: QtBot
) -> None:
    info = bench.start()
    bench.show(info.number, graph_result())
    card, view = panel.card("graph"), panel.view()
    qtbot.waitUntil(lambda: view.mapTo(panel, QPoint()).x() > card.width())
    panel.resize(480, 752)
    qtbot.waitUntil(lambda: view.mapTo(panel, QPoint()).y() > 300)
    assert card.width() > 400


@pytest.mark.parametrize(
    ("result", "figure"),
    [
        (matrix_result(), "strongest 0.90: a, b"), (table_result(), "5 rows, 3 columns"),
        (bars_result(), "largest 0.970: digit"), (curve_result(0.25), "loss is 0.250 at 100"),
    ],
)
def test_the_figure_of_a_result_is_its_point(result: object, figure: str) -> None:
    assert figure_of(result) == figure  # type: ignore[arg-type]


def test_a_curve_that_breaks_tells_its_last_known_value() -> None:
    result = curve_result(0.25)
    y = np.array(result.lines[0].y)
    y[60:] = np.nan
    broken = CurveResult("path", "Loss", (type(result.lines[0])("loss", result.lines[0].x, y),))
    assert figure_of(broken).endswith("at 60")


def test_cards_are_drawn_in_both_themes(panel: ResultsPanel, bench: Bench) -> None:
    info = bench.start()
    bench.show(info.number, graph_result(), curve_result(), table_result())
    grounds = []
    for scheme in ("light", "dark"):
        appearance().set_scheme(scheme)  # type: ignore[arg-type]
        image = panel.card("path").grab().toImage()
        across, down = range(0, image.width(), 3), range(0, image.height(), 3)
        colours = {image.pixelColor(x, y).rgb() for x in across for y in down}
        assert len(colours) > 6
        grounds.append(image.pixelColor(140, 4).lightness())
    assert grounds[0] > 200 > 80 > grounds[1]


def test_cards_say_what_they_wait_for_as_the_run_goes_on(bench, on_show):
    panel = ResultsPanel(bench.runs)
    on_show(panel)
    info = bench.start()
    said = {panel.card(name).figure() for name in panel._cards}
    assert said == {"Comes when the run starts"}
    bench.engine.is_in(info.number, RunState.RUNNING)
    assert {panel.card(name).figure() for name in panel._cards} == {"Still to come"}
    assert "Still to come" in words(panel)


def test_a_run_that_waits_takes_no_place_from_one_that_works(bench, on_show):
    panel = ResultsPanel(bench.runs)
    on_show(panel)
    first = bench.start()
    bench.engine.is_in(first.number, RunState.RUNNING)
    bench.start()
    assert panel.run() == first.number
    bench.engine.end(first.number, RunState.CANCELLED)
    third = bench.start()
    assert panel.run() == third.number


def test_a_model_that_came_trained_is_told_of_with_the_ways_on(panel: ResultsPanel, bench: Bench, qtbot: QtBot) -> None:
    def offered() -> dict[str, Button]:
        return {b.text(): b for b in panel.findChildren(Button) if b.isVisible() and b.text()}

    panel.set_opened("Targets, Beams", Path("/samples/beams/model"))
    assert "Targets, Beams came trained: the results of its run are not here" in words(panel)
    with qtbot.waitSignal(panel.ask_wished):
        offered()["Ask it"].click()
    with qtbot.waitSignal(panel.card_wished) as asked:
        offered()["Show its figures"].click()
    assert asked.args == [Path("/samples/beams/model")]
    assert "Train" in offered()
    panel.set_opened("CoLiDE, run 3", Path("/desk/Flats.otherwise/runs/3/model"))
    with qtbot.waitSignal(panel.project_wished) as asked:
        offered()["Open its project"].click()
    assert asked.args == [Path("/desk/Flats.otherwise")]
    panel.set_opened("", None)
    assert "Results of a run appear here" in words(panel)
    panel.set_opened("Targets, Beams", Path("/samples/beams/model"))
    bench.start()
    assert not any("came trained" in word for word in words(panel)), "a run takes the place"
