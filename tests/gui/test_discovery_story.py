"""The story with a table: drop it, learn its graph, move the threshold, ask what would have been, close."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest

from engines.graph import formats
from engines.graph.graph import Edge, Graph
from engines.questions import Question
from studio.exploration.exploration import Exploration


@pytest.fixture
def chain(tmp_path: Path) -> Path:
    """A table of a -> b -> c with strengths 2 and -1.5, and a column that says nothing."""
    generator = np.random.default_rng(0)
    a = generator.normal(size=800)
    b = 2 * a + generator.normal(size=800)
    c = -1.5 * b + generator.normal(size=800)
    path = tmp_path / "chain.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["a", "b", "c"])
        writer.writerows(np.column_stack([a, b, c]).round(6).tolist())
    return path


def dropped(window, path: Path) -> None:
    """A real drop event with a URL, on the window itself."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPointF(400, 400), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    window.dropEvent(event)


async def learned(analyst, path: Path) -> Exploration:
    desk, window = analyst.desk, analyst.window
    dropped(window, path)
    await analyst.until(lambda: desk.workspace.data is not None, desk.workspace.data_changed)
    window.ask(Question.CAUSES)
    QTest.mouseClick(window.question._main, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    info = desk.runs.current
    assert info is not None
    await analyst.trained(info.number)
    return desk.exploration


def test_a_dropped_table_becomes_a_graph_and_answers(analyst, chain, finish):
    window, desk = analyst.window, analyst.desk

    async def story() -> None:
        exploration = await learned(analyst, chain)
        assert {e.pair for e in desk.workspace.graph.edges} == {("a", "b"), ("b", "c")}
        assert window.rooms.graph.canvas.graph().edge("a", "b").weight == pytest.approx(2.0, abs=0.15)

        exploration.choose(1)
        await analyst.answered()
        factual = {name: exploration.factual(name) for name in "abc"}
        exploration.set("b", factual["b"] + 2.0)
        await analyst.answered()
        by_name = {factor.name: factor for factor in exploration.answer.factors}
        assert by_name["a"].counterfactual == pytest.approx(factual["a"])
        assert by_name["c"].counterfactual - factual["c"] == pytest.approx(-3.0, abs=0.3)
        assert window.question.sentence().startswith("What would row 1 have been if b = ")
        assert window.rooms.graph.canvas.accessibleDescription().count("follows") >= 1

        window.desk.history.undo()
        await analyst.answered()
        assert exploration.answer.factors[2].counterfactual == pytest.approx(factual["c"])

    finish(story(), 60)


def test_a_high_threshold_empties_the_graph_and_undo_brings_it_back(analyst, chain, finish):
    async def story() -> None:
        exploration = await learned(analyst, chain)
        exploration.set_value("threshold", exploration.subject.control("threshold").high)
        await analyst.answered()
        few = len(analyst.desk.workspace.graph.edges)
        analyst.desk.history.undo()
        await analyst.answered()
        assert few < len(analyst.desk.workspace.graph.edges) == 2

    finish(story(), 60)


def test_a_graph_that_was_edited_by_hand_stays_when_the_model_answers(analyst, chain, finish):
    window, desk = analyst.window, analyst.desk

    async def story() -> None:
        exploration = await learned(analyst, chain)
        drawn = desk.workspace.graph.with_edge(Edge("a", "c"))
        desk.workspace.set_graph(drawn, "Add edge a → c")
        exploration.set_seed(3)
        await analyst.answered()
        assert desk.workspace.graph == drawn
        assert not window.rooms.graph._error.isVisible()
        exploration.set_value("threshold", exploration.subject.control("threshold").high)
        await analyst.answered()
        assert desk.workspace.graph == drawn
        assert "edited by hand" in window.rooms.graph._error.sentence()
        folder = desk.project.folder
        window.new_project()
        await analyst.read([folder])
        await analyst.answered()
        assert desk.workspace.graph == drawn

    finish(story(), 60)


def test_a_second_graph_is_compared_with(analyst, chain, tmp_path, finish):
    formats.write(Graph.of("abc", [("a", "b"), ("c", "b")]), tmp_path / "other.csv")

    async def story() -> None:
        await learned(analyst, chain)
        await analyst.read([tmp_path / "other.csv"])
        assert analyst.desk.workspace.truth.name == "other"
        assert analyst.window.rooms.graph._bar._sentence.text().startswith("SHD 1, empty graph 2")

    finish(story(), 60)


def test_a_cyclic_graph_is_refused_with_the_cycle(analyst, tmp_path, finish):
    path = tmp_path / "cyclic.csv"
    path.write_text("Cause,Effect\na,b\nb,c\nc,a\n")

    async def story() -> None:
        await analyst.read([path])
        assert not analyst.desk.workspace.graph.nodes
        shown = analyst.window.start.error if analyst.window.page() == "Start" else analyst.window.notice
        assert shown.isVisible()
        assert shown.sentence().startswith("The graph has a cycle: ")

    finish(story())


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("broken.csv", b"", "broken.csv"),
        ("model.pkl", b"\x80\x04K\x01.", "is a pickle, which can run code"),
        ("photo.png", b"\x89PNG\r\n\x1a\n cut", "photo.png"),
    ],
)
def test_a_wrong_file_leaves_a_sentence_and_a_window_that_works(analyst, tmp_path, chain, finish, name, content, said):
    path = tmp_path / name
    path.write_bytes(content)

    async def story() -> None:
        await analyst.read([path])
        shown = analyst.window.start.error if analyst.window.page() == "Start" else analyst.window.notice
        assert said in shown.sentence()
        assert not list(tmp_path.glob("*.otherwise")), "a refused file leaves no project behind"
        await analyst.read([chain])
        assert analyst.desk.workspace.data.name == "chain"

    finish(story())


def test_a_constant_column_is_refused_before_the_run_with_the_column_named(analyst, tmp_path, finish):
    path = tmp_path / "constant.csv"
    path.write_text("a,b\n" + "".join(f"{i},{5}\n" for i in range(30)))

    async def story() -> None:
        await analyst.read([path])
        analyst.window.show_panel("Graph")
        desk = analyst.desk
        with pytest.raises(Exception, match="cannot be asked here"):
            analyst.window.ask(Question.CAUSES)
        assert "b never varies" in desk.choosing.missing()[Question.CAUSES]

    finish(story())


def test_the_window_closes_in_the_middle_of_a_run(analyst, chain, finish):
    async def story() -> None:
        desk = analyst.desk
        await analyst.read([chain])
        desk.choose_question(Question.CAUSES)
        desk.workspace.change_settings("colide", {"bootstraps": 200, "afresh": True})
        info = desk.train()
        await analyst.until(lambda: info.state == "running", desk.runs.changed)
        assert not analyst.window.close(), "what works is asked about"
        (line,) = analyst.window.rooms.leaving.lines()
        assert line.startswith(f"Run {info.number}, CoLiDE")

    finish(story(), 60)
