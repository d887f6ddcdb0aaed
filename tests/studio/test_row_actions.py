"""Rows, pictures and texts among the results: accepted, corrected, dropped, marked; undone; kept; used as input."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from engines.data.kinds import category_column, number_column, table_of
from engines.data.reading import read, refer
from engines.refusals import Refusal
from engines.results import ImageGridResult, Span, TableResult, TextResult
from studio.intake.intake import Intake
from studio.panels.results import ResultsPanel
from studio.project import Kind, Project
from studio.project.history import History
from studio.runs.row_actions import RowActions, Use, made_of
from studio.runs.runs import RunInfo
from studio.workspace import OpenData, Workspace
from tests.studio.stand_ins import Bench, graph_result, images_result, table_result, words
from widgets.decisions import Decisions, Shown, Verdict

NONE, SHIFT, CTRL = (
    Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
)


class Table:
    """A desk with a table of six labelled rows open, and a run on it."""

    def __init__(self, bench: Bench, folder: Path) -> None:
        self.bench = bench
        file = folder / "scans.csv"
        lines = ["dose,label"] + [f"{1.5 * row},{'ab'[row % 2]}" for row in range(6)]
        file.write_text("\n".join(lines) + "\n", "utf-8")
        self.reference = refer(file)
        self.history = History()
        self.history.use(bench.project.store)
        self.workspace = Workspace(self.history)
        self.started: list[Any] = []
        self.intake = Intake(self.workspace, self.started.append, lambda: None)
        self.rows = RowActions(self.history, self.workspace, self.intake, self.started.append)
        self.data = read(self.reference)
        self.workspace.add_data(OpenData(self.reference, self.data))
        self.result = TableResult("suspects", "Labels that may be wrong", self.data.attributes, of_data=True)

    def run(self, *results: object) -> RunInfo:
        info = self.bench.runs.start("colide", "CoLiDE", self.reference, {})
        self.bench.show(info.number, *(results or (self.result,)))
        return info


@pytest.fixture
def table(bench: Bench, tmp_path: Path) -> Table:
    return Table(bench, tmp_path)


@pytest.fixture
def panel(table: Table, bench: Bench, on_show: Callable[..., QWidget]) -> ResultsPanel:
    none = SimpleNamespace(find=lambda _method: None)
    return on_show(ResultsPanel(bench.runs, none, table.rows))  # type: ignore[arg-type]


def column(view: Any, place: int) -> list[str]:
    """What stands in a column of the table that is seen."""
    model = view.model()
    return [str(model.index(row, place).data()) for row in range(model.rowCount())]


def click(qtbot: QtBot, view: Any, row: int, column: int = 0, modifiers: Qt.KeyboardModifier = NONE) -> None:
    place = view.visualRect(view.model().index(row, column)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, modifiers, place)


def test_rows_are_accepted_dropped_and_marked_by_key_and_undone(
    panel: ResultsPanel, table: Table, qtbot: QtBot
) -> None:
    info = table.run()
    view = panel.view()
    click(qtbot, view, 0)
    qtbot.keyClick(view, Qt.Key.Key_A)
    click(qtbot, view, 2)
    click(qtbot, view, 4, modifiers=SHIFT)
    qtbot.keyClick(view, Qt.Key.Key_X)
    qtbot.keyClick(view, Qt.Key.Key_M)
    assert column(view, 2) == ["accepted", "", "dropped, marked", "dropped, marked", "dropped, marked", ""]
    assert "1 accepted, 3 dropped, 3 marked" in words(panel)
    assert table.history.undo_text() == "Mark 3 items"
    table.history.undo()
    table.history.undo()
    assert table.rows.of(info.number, "suspects") == Decisions().with_verdict([1], Verdict.ACCEPTED)
    assert column(view, 2) == ["accepted", "", "", "", "", ""]
    table.history.redo()
    assert column(view, 2).count("dropped") == 3
    click(qtbot, view, 0)
    qtbot.keyClick(view, Qt.Key.Key_A)
    assert column(view, 2)[0] == "", "what is accepted already is open again"


def test_the_decision_stands_first_in_the_row_with_its_sign(panel: ResultsPanel, table: Table, qtbot: QtBot) -> None:
    table.run()
    view = panel.view()
    assert view.horizontalHeader().visualIndex(2) == 0
    place = view.visualRect(view.model().index(1, 2))
    before = view.viewport().grab(place).toImage()
    click(qtbot, view, 1)
    qtbot.keyClick(view, Qt.Key.Key_A)
    view.clearSelection()
    assert view.viewport().grab(place).toImage() != before


def test_a_number_is_corrected_where_it_stands(panel: ResultsPanel, table: Table, qtbot: QtBot) -> None:
    info = table.run()
    view = panel.view()
    click(qtbot, view, 1, 0)
    qtbot.keyClick(view, Qt.Key.Key_C)
    (field,) = [f for f in view.findChildren(QLineEdit) if f.isVisible()]
    qtbot.keyClicks(field, "much")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "much is not a number; dose stays as it is." in [
        w.sentence() for w in panel.findChildren(QWidget) if hasattr(w, "sentence") and w.isVisible()
    ])
    assert table.rows.of(info.number, "suspects") == Decisions()
    qtbot.keyClick(view, Qt.Key.Key_C)
    (field,) = [f for f in view.findChildren(QLineEdit) if f.isVisible()]
    qtbot.keyClicks(field, "7.25")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: table.rows.of(info.number, "suspects").of(2).values == {"dose": 7.25})
    assert column(view, 0)[1].startswith("7.2")
    assert view.model().index(1, 0).data(Qt.ItemDataRole.ToolTipRole).startswith("was 1.5")
    assert table.history.undo_text() == "Correct dose of item 2"


def test_a_level_is_picked_for_all_chosen_rows(panel: ResultsPanel, table: Table, qtbot: QtBot) -> None:
    info = table.run()
    view = panel.view()
    click(qtbot, view, 0, 1)
    click(qtbot, view, 2, 1, CTRL)
    qtbot.keyClick(view, Qt.Key.Key_C)
    (choice,) = [c for c in view.findChildren(QComboBox) if c.isVisible()]
    assert [choice.itemText(i) for i in range(choice.count())] == ["a", "b"]
    choice.setCurrentText("b")
    choice.activated.emit(1)
    decisions = table.rows.of(info.number, "suspects")
    assert decisions.having(Verdict.CORRECTED) == (1, 3)
    assert column(view, 1) == ["b", "b", "b", "b", "a", "b"]


def test_open_rows_alone_are_shown_and_the_next_one_is_chosen(
    panel: ResultsPanel, table: Table, qtbot: QtBot
) -> None:
    table.run()
    view, bar = panel.view(), panel.row_bar()
    assert bar is not None
    bar.show_only(Shown.OPEN)
    click(qtbot, view, 1)
    for key in (Qt.Key.Key_X, Qt.Key.Key_A):
        qtbot.keyClick(view, key)
    assert [view.model().headerData(r, Qt.Orientation.Vertical) for r in range(4)] == ["1", "4", "5", "6"]
    assert view.chosen_items() == (4,), "after a row has gone, the one in its place is chosen"
    bar.show_only(Shown.DROPPED)
    assert view.model().headerData(0, Qt.Orientation.Vertical) == "2"
    assert view.model().rowCount() == 1


def test_decisions_are_those_of_one_result_and_survive_a_restart(
    panel: ResultsPanel, table: Table, bench: Bench
) -> None:
    info = table.run(table.result, table_result())
    table.rows.judge(info.number, "suspects", [5], Verdict.DROPPED)
    table.rows.correct(info.number, "suspects", [2], "label", "a")
    assert table.rows.of(info.number, "scores") == Decisions()
    folder = bench.project.folder
    bench.close()
    again = Project.open(folder)
    try:
        history = History()
        rows = RowActions(history, table.workspace, table.intake, table.started.append)
        history.use(again.store)
        history.show_all(Kind.ROWS)
        kept = rows.of(info.number, "suspects")
        assert kept.having(Verdict.DROPPED) == (5,)
        assert kept.of(2).values == {"label": "a"}
        history.undo()
        assert rows.of(info.number, "suspects").of(2).values == {}, "what was done before can be undone after"
    finally:
        again.close()


def test_pictures_are_chosen_in_a_range_and_decided_on(panel: ResultsPanel, table: Table, qtbot: QtBot) -> None:
    result = images_result(16)
    result = ImageGridResult("pictures", "Pictures", result.pictures, columns=8, row_ids=np.arange(101, 117))
    info = table.run(result)
    view = panel.view()
    view.set_current(2)
    for _ in range(3):
        qtbot.keyClick(view, Qt.Key.Key_Right, SHIFT)
    qtbot.keyClick(view, Qt.Key.Key_X)
    assert table.rows.of(info.number, "pictures").having(Verdict.DROPPED) == (103, 104, 105, 106)
    bar = panel.row_bar()
    assert bar is not None
    bar.show_only(Shown.OPEN)
    assert len(view._places) == 12
    cells = view._cells()
    for place in (0, 3):
        at = cells.square(place).center().toPoint()
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, CTRL if place else NONE, QPoint(at.x(), at.y()))
    assert view.chosen_items() == (101, 108)


def test_the_attribute_of_a_picture_is_corrected_in_a_field(panel: ResultsPanel, table: Table, qtbot: QtBot) -> None:
    result = ImageGridResult("pictures", "Pictures", images_result(6).pictures, columns=3, row_ids=np.arange(1, 7))
    info = table.run(result)
    view, bar = panel.view(), panel.row_bar()
    assert bar is not None
    view.set_current(3)
    qtbot.keyClick(view, Qt.Key.Key_C)
    popup = bar.popup()
    assert popup is not None
    assert popup.isVisible()
    popup.set_value("dose", "no number")
    qtbot.mouseClick(popup.take, Qt.MouseButton.LeftButton)
    assert "no number is not a number." in words(popup)
    popup.set_value("label", "a")
    qtbot.mouseClick(popup.take, Qt.MouseButton.LeftButton)
    assert not popup.isVisible()
    assert table.rows.of(info.number, "pictures").of(4).values == {"label": "a"}


def test_a_text_is_corrected_in_place(panel: ResultsPanel, table: Table, qtbot: QtBot) -> None:
    info = table.run(TextResult("said", "What was said", (Span("The food was "), Span("cold", -0.8, "tone"))))
    view = panel.view()
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_C)
    view.selectAll()
    qtbot.keyClicks(view, "The food was warm")
    qtbot.keyClick(view, Qt.Key.Key_Return, CTRL)
    assert table.rows.of(info.number, "said").of(1).values == {"text": "The food was warm"}
    assert view.toPlainText() == "corrected\nThe food was warm\nThe food was cold"
    table.history.undo()
    assert view.toPlainText().startswith("The food was cold")


def test_results_without_items_have_no_bar(panel: ResultsPanel, table: Table) -> None:
    table.run(graph_result(), table.result)
    panel.choose("graph")
    bar = panel.row_bar()
    assert bar is not None
    assert not bar.isVisible()
    panel.choose("suspects")
    assert bar.isVisible()


def test_what_was_decided_becomes_the_next_data_set(panel: ResultsPanel, table: Table) -> None:
    info = table.run()
    rows = table.rows
    rows.judge(info.number, "suspects", [1, 2], Verdict.ACCEPTED)
    rows.correct(info.number, "suspects", [3], "label", "b")
    rows.judge(info.number, "suspects", [6], Verdict.DROPPED)
    bar = panel.row_bar()
    assert bar is not None
    texts = [action.text() for action in bar.uses().actions()]
    assert texts == ["Only the 3 accepted or corrected", "All but the 1 dropped", "All, with the 1 corrected"]
    for action in bar.uses().actions():
        action.trigger()
    for work in table.started:
        asyncio.run(work)
    made = {opened.name: opened for opened in table.workspace.datasets}
    assert list(made) == ["scans", "scans, 3 accepted", "scans, without 1", "scans, 1 corrected"]
    assert made["scans, 3 accepted"].data.row_ids.tolist() == [1, 2, 3]
    assert made["scans, without 1"].data.row_ids.tolist() == [1, 2, 3, 4, 5]
    corrected = made["scans, 1 corrected"]
    assert [corrected.data.attributes["label"].label(i) for i in range(6)] == ["a", "b", "b", "b", "a", "b"]
    assert read(corrected.reference).name == "scans, 1 corrected", "the reference alone makes the same again"
    assert made["scans"].data.attributes["label"].label(2) == "a", "its origin stays as it was"


def test_a_table_whose_rows_are_not_the_data_s_says_why_it_is_no_input(panel: ResultsPanel, table: Table) -> None:
    info = table.run(table_result())
    table.rows.judge(info.number, "scores", [1], Verdict.ACCEPTED)
    bar = panel.row_bar()
    assert bar is not None
    assert {action.toolTip() for action in bar.uses().actions()} == {"These are no rows of the data."}
    assert not any(action.isEnabled() for action in bar.uses().actions())


def test_a_correction_of_a_column_that_the_data_lack_is_refused() -> None:
    data = table_of("scans", [number_column("dose", [1.0, 2.0])])
    result = TableResult("t", "Suspects", table_of("t", [category_column("guess", ["a", "b"])]), of_data=True)
    decisions = Decisions().with_value([1], "guess", "b")
    with pytest.raises(Refusal, match="scans has no column guess"):
        made_of(data, result, decisions, Use.CORRECTED)
    with pytest.raises(Refusal, match="The items of Suspects are not rows of scans"):
        made_of(data, result, Decisions().with_verdict([9], Verdict.ACCEPTED), Use.ACCEPTED)
