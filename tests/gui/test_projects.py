"""Projects as a whole: recovery of a damaged one, earlier states, another name, the recent list, a second studio."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget

from engines.data.reference import DataReference
from engines.graph.graph import Graph
from engines.runtime.messages import RunState
from studio.app import build
from studio.project import Kind, Project
from studio.window import MainWindow
from tests.gui.conftest import Analyst

GRAPH = Graph.of("abc", [("a", "b")])


@pytest.fixture
def cells(tmp_path: Path) -> Path:
    path = tmp_path / "cells.csv"
    path.write_text("a,b,c\n" + "".join(f"{i},{i % 3},{i % 4}\n" for i in range(12)))
    return path


@pytest.fixture
def second(qapp, tmp_path: Path, window) -> Iterator[MainWindow]:
    """Another studio on the same desk."""
    found = build(tmp_path)
    found.show()
    yield found
    found.close()
    found.deleteLater()


def press(within: QWidget, text: str) -> None:
    """Click the button that says so."""
    buttons(within)[text].click()


def buttons(within: QWidget) -> dict[str, QAbstractButton]:
    """Those that are offered, by what they say."""
    QCoreApplication.sendPostedEvents()         # one that was just made is shown when the loop comes round
    return {b.text(): b for b in within.findChildren(QAbstractButton) if b.text() and not b.isHidden()}


async def drawn(analyst: Analyst, cells: Path) -> Path:
    """A project with data and a graph; its folder."""
    await analyst.read([cells])
    analyst.desk.workspace.set_graph(GRAPH, "Draw")
    folder = analyst.desk.project.folder
    assert isinstance(folder, Path)
    return folder


async def reopened(analyst: Analyst, folder: Path) -> None:
    """Leave it for a new project, and open it again."""
    analyst.window.new_project()
    await again(analyst, folder)


async def again(analyst: Analyst, folder: Path) -> None:
    desk, opened = analyst.desk, []
    desk.opened.connect(lambda: opened.append(True))
    desk.open_project(folder)
    await analyst.until(lambda: bool(opened), desk.opened)


def test_a_damaged_project_offers_its_snapshots_on_the_start_page_and_keeps_what_is_replaced(analyst, cells, finish):
    window, desk = analyst.window, analyst.desk

    async def story() -> None:
        folder = await drawn(analyst, cells)
        await reopened(analyst, folder)
        desk.workspace.set_graph(Graph(), "Empty the graph")
        window.new_project()
        damaged = b"this is no database at all" * 100
        (folder / "project.db").write_bytes(damaged)
        await analyst.read([folder])
        assert window.page() == "Start"
        recovery = window.start.recovery
        assert recovery.isVisible()
        assert "cannot be read as a project" in recovery.sentence()
        own, snapshot = recovery.rows()
        assert own.text().startswith("As it is now")
        assert own.accessibleDescription().startswith("It is damaged.")
        assert list(buttons(own)) == []
        assert snapshot.text().startswith("As it was when opened")
        assert snapshot.accessibleDescription().startswith("data cells, graph of 3 nodes, no runs")
        seen = []
        desk.opened.connect(lambda: seen.append(True))
        press(snapshot, "Open this one")
        await analyst.until(lambda: bool(seen), desk.opened)
        assert desk.project.folder == folder
        assert desk.workspace.graph == GRAPH
        assert desk.workspace.data.name == "cells"
        assert (folder / "snapshots" / "replaced.db").read_bytes() == damaged
        assert not recovery.isVisible()

    finish(story())


def test_a_project_of_a_newer_studio_is_refused_and_its_snapshots_stay(analyst, cells, finish):
    window = analyst.window

    async def story() -> None:
        folder = await drawn(analyst, cells)
        await reopened(analyst, folder)
        window.new_project()
        connection = sqlite3.connect(folder / "project.db")
        connection.execute("PRAGMA user_version = 99")
        connection.close()
        for _ in range(4):
            await analyst.read([folder])
        assert "made by a newer Otherwise (format 99" in window.start.recovery.sentence()
        own, snapshot = window.start.recovery.rows()
        assert own.accessibleDescription().startswith("It was made by a newer Otherwise.")
        assert list(buttons(snapshot)) == ["Open this one"]

    finish(story())


def test_an_earlier_state_can_be_opened_and_the_later_one_again(analyst, cells, finish):
    window, desk = analyst.window, analyst.desk

    async def story() -> None:
        folder = await drawn(analyst, cells)
        run = desk.project.new_run("colide", DataReference(str(cells)), {}).run
        desk.project.store.set_state(run, RunState.DONE)
        desk.project.run_folder(run).mkdir()
        await reopened(analyst, folder)
        desk.workspace.set_graph(Graph.of("ab"), "Draw less")
        number = desk.project.new_run("colide", DataReference(str(cells)), {}).run
        desk.project.run_folder(number).mkdir()
        desk.project.store.set_state(number, RunState.DONE)
        seen = []
        desk.opened.connect(lambda: seen.append(True))
        window.take_project_wish("earlier")
        assert window.start.recovery.sentence() == f"Earlier states of {folder.stem}"
        press(window.start.recovery.rows()[1], "Open this one")
        await analyst.until(lambda: bool(seen), desk.opened)
        assert desk.workspace.graph == GRAPH
        assert desk.history.undo_text() == "Draw"
        assert [info.number for info in desk.runs.all()] == [run]
        assert desk.project.new_run("colide", DataReference(str(cells)), {}).run == number + 1
        seen.clear()
        window.take_project_wish("earlier")
        later = next(row for row in window.start.recovery.rows() if row.text().startswith("Replaced after"))
        press(later, "Open this one")
        await analyst.until(lambda: bool(seen), desk.opened)
        assert desk.workspace.graph == Graph.of("ab")

    finish(story())


def test_a_project_is_renamed_in_place_and_a_name_that_cannot_be_is_said_there(analyst, cells, finish):
    window, desk = analyst.window, analyst.desk

    async def story() -> None:
        folder = await drawn(analyst, cells)
        (folder.parent / "taken.otherwise").mkdir()
        popup = window.rooms.rename
        window.take_project_wish("rename")
        assert popup.isVisible()
        assert popup.field.text() == folder.stem
        for name, said in (("a/b", "cannot hold"), ("", "needs a name"), ("taken", "already")):
            popup.field.clear()
            QTest.keyClicks(popup.field, name)
            assert not popup.error.isVisible()
            QTest.keyClick(popup.field, Qt.Key.Key_Return)
            assert said in popup.error.sentence()
            assert popup.isVisible()
        assert desk.project.folder == folder
        seen = []
        desk.opened.connect(lambda: seen.append(True))
        popup.field.clear()
        QTest.keyClicks(popup.field, "Blood cells")
        QTest.keyClick(popup.field, Qt.Key.Key_Return)
        assert not popup.isVisible()
        await analyst.until(lambda: bool(seen), desk.opened)
        assert desk.project.folder == folder.with_name("Blood cells.otherwise")
        assert not folder.exists()
        assert window.top.project_button.text() == "Blood cells"
        assert desk.workspace.graph == GRAPH
        desk.history.undo()
        assert desk.workspace.graph == Graph()
        window.show_panel("Start")
        assert window.start.recent_row(desk.project.folder).text() == "Blood cells"
        with pytest.raises(KeyError):
            window.start.recent_row(folder)

    finish(story())


def test_a_project_is_not_renamed_under_a_run_that_waits(analyst, cells, finish):
    async def story() -> None:
        desk = analyst.desk
        folder = await drawn(analyst, cells)
        info = desk.runs.start("colide", "CoLiDE", desk.workspace.data.reference, {})
        analyst.window.take_project_wish("rename")
        popup = analyst.window.rooms.rename
        popup.field.setText("other")
        QTest.keyClick(popup.field, Qt.Key.Key_Return)
        assert "A run works in this project" in popup.error.sentence()
        assert desk.project.folder == folder
        QTest.keyClick(popup.field, Qt.Key.Key_Escape)
        assert not popup.isVisible()
        desk.runs.stop(info.number)
        await analyst.until(lambda: info.ended is not None, desk.runs.ended)

    finish(story())


def test_recent_projects_say_what_happened_and_those_that_are_gone_can_be_removed(analyst, cells, tmp_path, finish):
    window, desk = analyst.window, analyst.desk

    async def story() -> None:
        interrupted, gone = tmp_path / "cut off.otherwise", tmp_path / "gone.otherwise"
        for folder in (gone, interrupted):
            project = Project.open(folder)
            run = project.new_run("colide", DataReference(str(cells)), {}).run
            project.store.set_state(run, RunState.RUNNING)
            project.store.set_checkpoint(run, 800)
            desk.projects.recent.note(project)
            project.close()
        gone.rename(tmp_path / "elsewhere.otherwise")
        window.show_panel("Start")
        row = window.start.recent_row(interrupted)
        assert row.accessibleDescription() == "Interrupted at step 800"
        assert list(buttons(row)) == ["Resume"]
        lost = window.start.recent_row(gone)
        assert "any more" in lost.accessibleDescription()
        QTest.mouseClick(lost, Qt.MouseButton.LeftButton, pos=lost.rect().center())
        assert desk.project is None
        press(lost, "Remove from the list")
        with pytest.raises(KeyError):
            window.start.recent_row(gone)
        row, said = window.start.recent_row(interrupted), []
        desk.workspace.name_changed.connect(lambda _: said.append(row.accessibleDescription()))
        QTest.mouseClick(row, Qt.MouseButton.LeftButton, pos=row.rect().center())
        assert said == ["Opening"]
        assert desk.project.folder == interrupted

    finish(story())


def test_a_second_studio_says_all_the_time_that_it_only_reads_and_takes_over_when_it_may(
    analyst, second, cells, finish
):
    async def story() -> None:
        folder = await drawn(analyst, cells)
        other = Analyst(second)
        await again(other, folder)
        desk = second.desk
        assert "is open in another studio (process" in second.reading.sentence()
        for panel in ("Data", "Graph", "Start"):
            second.show_panel(panel)
            assert second.reading.isVisible()
        second.show_panel("Graph")
        desk.workspace.set_graph(Graph(), "Empty the graph")
        assert "can only be read" in second.notice.sentence()
        assert desk.workspace.graph == GRAPH
        seen = []
        desk.refused.connect(seen.append)
        second.take_paths([cells])
        await other.until(lambda: bool(seen), desk.refused)
        assert "nothing can be added here" in seen[-1].sentence
        press(second.reading, "Try again")
        assert desk.project.read_only
        analyst.window.close()
        opened = []
        desk.opened.connect(lambda: opened.append(True))
        press(second.reading, "Try again")
        await other.until(lambda: bool(opened), desk.opened)
        assert not desk.project.read_only
        assert not second.reading.isVisible()
        desk.history.undo()
        assert desk.workspace.graph == Graph()
        assert desk.project.store.get(Kind.GRAPH, "graph") is None

    finish(story())
