"""What stands where there is nothing yet: the step that is missing, in its own words; and failures out of sight."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from engines.questions import Question
from engines.runtime.messages import RunState
from studio.window import MainWindow
from tests.gui.conftest import Analyst
from tests.gui.staging import GRAPH, Stage, write_table
from widgets.kit.button import Button
from widgets.kit.state_view import StateView

PANELS = ("Curves", "Counterfactual", "Results")


def offered(window: MainWindow, name: str) -> tuple[str, list[Button]]:
    """The sentence in the place of a panel's content, and its buttons."""
    window.show_panel(name)
    view = next(v for v in window.homes.panel(name).findChildren(StateView) if v.isVisible())
    state = view.state()
    return "" if state is None else state.sentence, [b for b in view.findChildren(Button) if b.isVisible()]


def test_each_empty_panel_offers_the_step_that_is_missing(window: MainWindow, analyst: Analyst, tmp_path, finish):
    desk = analyst.desk
    stage = Stage(desk)
    stage.stand_still()

    def all_offer(text: str) -> None:
        for name in PANELS:
            assert offered(window, name)[1][0].text() == text, name

    async def story() -> None:
        window.new_project()
        all_offer("Choose data")
        await analyst.read([write_table(tmp_path / "recovery.csv")])
        all_offer("Choose a question")
        window.ask(Question.CAUSES)
        all_offer("Learn graph")
        _, buttons = offered(window, "Curves")
        QTest.mouseClick(buttons[0], Qt.MouseButton.LeftButton)
        assert desk.runs.current is not None
        assert offered(window, "Curves") == ("Curves of run 1 appear with its first steps", [])
        stage.end(desk.runs.run(1), RunState.CANCELLED)
        assert [b.text() for b in offered(window, "Curves")[1]] == ["Learn graph"]
    finish(story(), 60)


def test_images_without_labels_say_so_where_the_graph_would_be(window: MainWindow, analyst: Analyst, tmp_path, finish):
    path = tmp_path / "scans.npz"
    np.savez(path, images=np.random.default_rng(0).integers(0, 255, (12, 8, 8)).astype(np.uint8))

    async def story() -> None:
        await analyst.read([path])
        sentence, buttons = offered(window, "Graph")
        assert sentence == "The images have no labels yet"
        assert [b.text() for b in buttons] == ["Choose labels", "Add a node"]
        window.show_panel("Data")
        assert not window.rooms.data.inspector.isVisible()

    finish(story(), 60)


def test_a_failure_behind_another_panel_is_told(window: MainWindow, analyst: Analyst, tmp_path: Path, finish):
    desk = analyst.desk
    stage = Stage(desk)
    stage.stand_still()

    async def story() -> None:
        await analyst.read([write_table(tmp_path / "recovery.csv")])
        window.ask(Question.CAUSES)
        desk.workspace.set_graph(GRAPH, "Draw")
        first, second = desk.train(), desk.train()
        stage.train(first, 20, of=100)
        window.show_panel("Data")                       # the curves are not to be seen
        stage.end(first, RunState.FAILED, "Run 1 stopped at step 21: the objective is not a number.")
        stage.is_in(second, RunState.RUNNING)           # so the strip has another one to tell of
        assert window.notice.isVisible()
        assert window.notice.sentence().startswith("Run 1 stopped")
        (show,) = [b for b in window.notice.findChildren(Button) if b.text() == "Show"]
        QTest.mouseClick(show, Qt.MouseButton.LeftButton)
        assert not window.notice.isVisible()
        assert window.rooms.curves.isVisible()
        stage.end(second, RunState.FAILED, "Run 2 stopped.")
        assert not window.notice.isVisible()            # the curves say it

    finish(story(), 60)


def test_while_a_sample_is_read_its_model_is_waited_for(window: MainWindow, analyst: Analyst, finish):
    desk = analyst.desk

    async def story() -> None:
        window.new_project()
        window.show_panel("Counterfactual")
        window.start.sample_chosen.emit("admissions")
        await analyst.until(lambda: bool(desk.exploration.expected), desk.exploration.expected_changed)
        assert desk.workspace.data is None, "at once, not when the data are read"
        assert offered(window, "Counterfactual")[0] == "Opening Admissions"
        window.new_project()                    # another one instead: nothing is waited for any more
        assert desk.exploration.expected == ""
        assert offered(window, "Counterfactual")[1][0].text() == "Choose data"

    finish(story(), 60)


def test_tab_passes_over_what_the_jobs_drawer_covers(window: MainWindow, analyst: Analyst, finish):
    async def story() -> None:
        window.new_project()
        window.show_panel("Curves")
        drawer = window.rooms.jobs
        covered = next(b for b in window.homes.panel("Curves").findChildren(Button) if b.text() == "Choose data")
        uncovered = window.top.settings_button

        def round_the_window() -> set[QWidget]:
            found: set[QWidget] = set()
            window.top.settings_button.setFocus()
            while (held := QApplication.focusWidget()) is not None and held not in found:
                found.add(held)
                window.focusNextPrevChild(True)
            return found

        assert covered in round_the_window()
        drawer.open_drawer()
        found = round_the_window()
        assert covered not in found
        assert uncovered in found
        assert any(drawer.isAncestorOf(stop) for stop in found)
        drawer.close_drawer()
        assert covered in round_the_window()

    finish(story(), 60)
