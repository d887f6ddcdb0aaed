"""The whole workflow by keyboard: table, graph, question, method, result, counterfactual, comparison, figure, close."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from engines.questions import Question
from engines.runtime.messages import RunState
from tests.gui.hands import Hands, spoken
from tests.gui.test_names import nameless
from widgets.data.column_inspector import ColumnInspector

_BY_MOUSE = {
    QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease, QEvent.Type.MouseButtonDblClick,
    QEvent.Type.MouseMove, QEvent.Type.Wheel, QEvent.Type.DragEnter, QEvent.Type.Drop, QEvent.Type.TouchBegin,
}


class _Mousetrap(QObject):
    """Counts what a mouse does, anywhere in the application."""

    def __init__(self) -> None:
        super().__init__()
        self.caught: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _BY_MOUSE:
            self.caught.append(f"{event.type().name} at {type(watched).__name__}")
        return False


@pytest.fixture
def no_mouse(qapp: QApplication) -> Iterator[None]:
    """Fails the test when a mouse did anything."""
    trap = _Mousetrap()
    qapp.installEventFilter(trap)
    yield
    qapp.removeEventFilter(trap)
    assert not trap.caught


@pytest.fixture
def chain(tmp_path: Path) -> Path:
    """A table of a -> b -> c with strengths 2 and -1.5."""
    generator = np.random.default_rng(0)
    a = generator.normal(size=300)
    b = 2 * a + generator.normal(size=300)
    c = -1.5 * b + generator.normal(size=300)
    path = tmp_path / "chain.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["a", "b", "c"])
        writer.writerows(np.column_stack([a, b, c]).round(6).tolist())
    return path


def test_the_whole_workflow_without_a_mouse(analyst, chain, no_mouse, finish, tmp_path):
    window, desk, rooms = analyst.window, analyst.desk, analyst.window.rooms
    hands = Hands(window)
    window.activateWindow()

    async def keys(*pressed: str) -> None:
        for key in pressed:
            await hands.key(key)

    async def load_a_table() -> None:
        await keys("Ctrl+O")
        await hands.answer_dialog(chain)
        await analyst.until(lambda: window.page() == "Data", desk.data_taken)
        assert desk.workspace.data.name == "chain"

    async def look_at_the_data() -> None:
        view = rooms.data.view()
        await keys("Right", "Down")
        assert QApplication.focusWidget() is view
        assert (view.column(), view.rows().tolist()) == ("b", [2])
        inspector = rooms.data.findChild(ColumnInspector)
        assert inspector.isVisible()
        assert inspector.heading() == "b"

    async def choose_the_question_and_draw() -> None:
        await keys("Ctrl+1", "2")
        assert desk.workspace.question is Question.CAUSES
        canvas = rooms.graph.canvas
        assert QApplication.focusWidget() is canvas
        await keys("Ctrl+A", "Return", "Up", "Shift+Right", "Shift+E", "Shift+Down", "Shift+E")
        assert [edge.pair for edge in desk.workspace.graph.edges] == [("a", "b"), ("b", "c")]
        await keys("N")
        await hands.type("rain")
        await keys("Return")
        assert desk.workspace.graph.names == ("a", "b", "c", "rain")
        await keys("Delete")
        assert desk.workspace.graph.names == ("a", "b", "c")

    async def run_a_method() -> None:
        await keys("Ctrl+4")
        assert spoken(QApplication.focusWidget()) == "CoLiDE"
        await hands.tab_to("Bootstraps")
        await keys("Ctrl+A")
        await hands.type("0")
        await keys("Ctrl+Return")
        await analyst.trained(1)
        info = desk.runs.run(1)
        assert info.state is RunState.DONE
        assert info.request.parameters["bootstraps"] == 0
        assert "Counterfactual" in window.homes.shown()

    async def see_the_result() -> None:
        await keys("Ctrl+9", "Up", "Up", "Up", "Up", "Up", "Up")
        first = rooms.results.chosen()
        await keys("Down")
        assert rooms.results.chosen() != first
        assert rooms.results.view().isVisible()
        assert spoken(QApplication.focusWidget()) == spoken(rooms.results.card(rooms.results.chosen()))

    async def ask_what_would_have_been() -> None:
        exploration = desk.exploration
        await keys("Ctrl+6", ".")
        item = exploration.wish.item
        await keys("Shift+Right")
        await analyst.answered()
        value = exploration.wish.do["a"]
        assert value > exploration.factual("a")
        assert window.question.sentence().startswith(f"What would row {item} have been if a = ")
        changed = {factor.name: factor.counterfactual - factor.factual for factor in exploration.answer.factors}
        assert changed["b"] / changed["a"] == pytest.approx(2, abs=0.3)
        assert hands.named("Factual, counterfactual and difference").isVisible()
        await keys("Ctrl+Z")
        assert not exploration.wish.do
        await keys("Ctrl+Shift+Z")
        await analyst.answered()
        assert exploration.wish.do == {"a": value}

    async def export_a_figure() -> None:
        await keys("Ctrl+E")
        await hands.answer_dialog(tmp_path / "figure.png")
        assert QImage(str(tmp_path / "figure.png")).width() > 400

    async def compare_two_runs() -> None:
        await keys("Ctrl+4")
        await hands.tab_to("Penalty")
        await keys("Ctrl+A")
        await hands.type("0.2")
        await keys("Ctrl+Shift+Return")
        await analyst.trained(2)
        await keys("Ctrl+9")
        await hands.tab_to("Compare with another run")
        await keys("Space", "Down", "Return")
        assert rooms.results.comparison().number() == 1
        sections = rooms.results.comparison().differences.table.sections()
        assert "Penalty" in [row.name for found in sections for row in found.differing]

    async def compare_two_models() -> None:
        await keys("Ctrl+8", "Space", "Up", "Space", "Ctrl+M")
        comparison = rooms.models.acts.comparison
        assert comparison.isVisible()
        assert sorted(model.run for model in comparison.models()) == [1, 2]

    async def story() -> None:
        for step in (
            load_a_table, look_at_the_data, choose_the_question_and_draw, run_a_method, see_the_result,
            ask_what_would_have_been, export_a_figure, compare_two_runs, compare_two_models,
        ):
            await step()
            assert not window.notice.isVisible(), (step.__name__, window.notice.sentence())
            assert not nameless(window), step.__name__
        await keys("Ctrl+Q")
        assert not window.isVisible()

    finish(story(), 60)


def test_pictures_without_a_mouse(analyst, no_mouse, finish, tmp_path):
    window, desk, rooms = analyst.window, analyst.desk, analyst.window.rooms
    exploration, panel = desk.exploration, rooms.counterfactual
    hands = Hands(window)
    window.activateWindow()

    async def keys(*pressed: str) -> None:
        for key in pressed:
            await hands.key(key)

    async def open_the_sample() -> None:
        await keys("Ctrl+K")
        await hands.type("sample morpho")
        await keys("Return")
        await analyst.until(lambda: exploration.subject is not None, exploration.subject_changed)
        await analyst.answered()
        assert window.page() == "Desk"

    async def set_a_factor() -> None:
        await keys("Ctrl+6", "End")
        await analyst.answered()
        high = exploration.subject.control("thickness").high
        assert exploration.wish.do["thickness"] == pytest.approx(high, abs=0.01)
        assert spoken(QApplication.focusWidget()).startswith("thickness, do, ")
        assert panel.sentence().startswith("What would image 5,594 be if thickness = ")
        await keys("H")
        assert exploration.wish.do["thickness"] == exploration.factual("thickness")
        await keys("Backspace")
        assert not exploration.wish.do
        await hands.type("4.1")
        await keys("Return")
        assert exploration.wish.do == {"thickness": 4.1}
        await keys("Ctrl+Z")
        assert not exploration.wish.do

    async def look_at_the_other_views() -> None:
        await hands.tab_to("Side by side")
        for mode in ("Traversal", "Grid", "Checks"):
            await keys("Right")
            assert panel.mode() == mode
        await keys("Left", "Left", "Left")
        assert panel.mode() == "Side by side"

    async def hide_the_difference() -> None:
        await keys("Ctrl+6", "D")
        assert not panel._triptych.difference.isVisible()

    async def story() -> None:
        for step in (open_the_sample, set_a_factor, look_at_the_other_views, hide_the_difference):
            await step()
            assert not window.notice.isVisible(), (step.__name__, window.notice.sentence())
            assert not nameless(window), step.__name__

    finish(story(), 60)
