"""What must survive: killed lanes, a project closed in mid-run, two studios, a moved file, a full disk."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from engines.data.roles import Role
from engines.graph.graph import Graph
from engines.questions import Question
from engines.runtime.instructions import LaneRole
from engines.runtime.messages import RunState
from studio.app import build
from studio.window import MainWindow
from tests.gui.conftest import Analyst
from tests.installing import install
from widgets.kit.button import Button

TESTS = Path(__file__).parent.parent
LONG = 10**6


@pytest.fixture(autouse=True)
def troubled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The method that behaves as it is told, known to the lanes and to the window."""
    install(TESTS / "engine" / "troubled_package", tmp_path / "site", monkeypatch)
    monkeypatch.setattr("platformdirs.user_state_path", lambda *a, **k: tmp_path / "state")


@pytest.fixture
def three(tmp_path: Path) -> Path:
    path = tmp_path / "three.csv"
    path.write_text("x\n1\n2\n4\n")
    return path


@pytest.fixture
def second(qapp, tmp_path: Path, window) -> Iterator[MainWindow]:
    """Another studio on the same desk."""
    found = build(tmp_path)
    found.show()
    yield found
    found.desk.close()
    found.close()
    found.deleteLater()


class Hidden(QObject):
    """Tells when a window is gone from the screen."""

    hidden = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Hide:
            self.hidden.emit()
        return False


def press(widget: QWidget, text: str) -> None:
    """Click the button that says this."""
    (found,) = [b for b in widget.findChildren(Button) if b.text() == text and b.isVisible()]
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)


async def known(analyst) -> None:
    """The packages of methods are described."""
    desk = analyst.desk
    desk.look_for_methods()
    await analyst.until(lambda: desk.catalogue.find("troubled") is not None, desk.methods_changed)


async def opened(analyst, path: Path) -> None:
    desk = analyst.desk
    await known(analyst)
    await analyst.read([path])
    desk.workspace.set_role("x", Role.FACTOR)
    desk.choose_question(Question.ROW_IF)
    desk.workspace.set_method("troubled")


async def runs(analyst, way: str = "good", steps: int = 5):
    """A run that works."""
    desk = analyst.desk
    desk.workspace.change_settings("troubled", {"way": way, "steps": steps})
    info = desk.train()
    await analyst.until(lambda: bool(info.scalars), desk.runs.points, desk.runs.ended)
    return info


def recent_row(window, folder: Path):
    """The row of a project on the start page."""
    window.show_panel("Start")
    return window.start.recent_row(folder)


def test_a_killed_work_lane_fails_the_run_with_its_reason_and_the_next_runs(analyst, three, finish):
    window, desk = analyst.window, analyst.desk

    async def story() -> None:
        await opened(analyst, three)
        info = await runs(analyst, "patient", LONG)
        os.kill(desk.engine.of("cpu").pids[LaneRole.WORK], signal.SIGKILL)
        await analyst.trained(info.number)
        assert info.state is RunState.FAILED
        assert "SIGKILL" in info.ended.cause
        assert window.strip._left.isVisible()
        assert "failed" in window.strip.accessibleName()
        again = await runs(analyst)
        await analyst.trained(again.number)
        assert again.state is RunState.DONE
        assert desk.runs.run(info.number).state is RunState.FAILED

        steps, before = info.scalars["total"][0], len(info.scalars["total"][0])
        gone_on = desk.runs.resume(info.number)
        await analyst.until(lambda: len(steps) > before + 5, desk.runs.points)
        assert steps == list(range(len(steps)))
        assert gone_on.scalars["total"][0] is steps

    finish(story(), 60)


def test_a_killed_answer_lane_is_said_and_the_next_question_is_answered(analyst, three, finish):
    window, desk = analyst.window, analyst.desk
    exploration = desk.exploration

    async def story() -> None:
        await opened(analyst, three)
        info = await runs(analyst)
        await analyst.trained(info.number)
        await analyst.answered()
        said: list[object] = []
        exploration.refused.connect(said.append)
        desk.engine.ask("counterfactual", exploration.subject.model, values={"steps": LONG})
        exploration._number = desk.engine._numbers["counterfactual"]
        going: list[object] = []
        exploration.answered.connect(lambda *_: going.append(True))
        await analyst.until(lambda: bool(going), exploration.answered)
        os.kill(desk.engine.of("cpu").pids[LaneRole.ANSWER], signal.SIGKILL)
        await analyst.until(lambda: bool(said), exploration.refused)
        assert window.rooms.counterfactual._error.isVisible()
        assert "The model is kept." in window.rooms.counterfactual._error.sentence()
        exploration.set_value("shift", 0.5)
        await analyst.answered()
        assert not window.rooms.counterfactual._error.isVisible()
        total = info.scalars["total"][1][-1]
        assert exploration.answer.results[0].spans[0].text == f"{total + 0.5:.6f}"

    finish(story(), 60)


def test_another_project_interrupts_the_run_and_the_first_goes_on_from_its_checkpoint(analyst, three, finish):
    window, desk = analyst.window, analyst.desk

    async def story() -> None:
        await opened(analyst, three)
        info = await runs(analyst, "patient", LONG)
        folder = desk.project.folder
        window.new_project()
        assert info.state is RunState.RUNNING, "the window asks first"
        assert desk.project.folder == folder
        press(window.rooms.leaving, "Stop and start a new project")
        assert desk.project.folder == folder, "nothing blocks"
        assert window.rooms.leaving.sentence() == "Stopping run 1 at its checkpoint"
        await analyst.until(lambda: desk.project.folder != folder, desk.began)
        assert info.state is RunState.INTERRUPTED
        assert not window.rooms.leaving.isVisible()
        assert window.page() == "Data"
        assert desk.runs.all() == ()
        assert desk.runs.current is None
        await opened(analyst, three)
        other = await runs(analyst)
        await analyst.trained(other.number)
        assert other.number == info.number == 1
        assert other.state is RunState.DONE
        assert other.scalars["total"][0] == [0, 1, 2, 3, 4]

        await analyst.read([folder])
        await analyst.until(lambda: desk.workspace.data is not None, desk.workspace.data_changed)
        kept = desk.runs.run(1)
        assert kept.state is RunState.INTERRUPTED
        reached = kept.checkpoint
        assert reached is not None
        gone_on = desk.runs.resume(1)
        await analyst.until(lambda: max(gone_on.scalars["total"][0]) > reached + 5, desk.runs.points)
        steps = gone_on.scalars["total"][0]
        assert steps == sorted(set(steps))
        desk.runs.stop(1)
        await analyst.trained(1)
        assert gone_on.state is RunState.CANCELLED

    finish(story(), 60)


def test_a_closed_studio_leaves_an_interrupted_run_and_everything_comes_back(analyst, second, three, finish):
    first, desk = analyst.window, analyst.desk
    async def story() -> None:
        await opened(analyst, three)
        done = await runs(analyst)
        await analyst.trained(done.number)
        await analyst.answered()
        desk.exploration.choose(2)
        desk.exploration.set_value("shift", 0.25)
        desk.exploration.set_seed(11)
        await analyst.answered()
        answer = desk.exploration.answer.results[0].spans[0].text
        desk.workspace.set_graph(Graph.of("xy", [("x", "y")]).placed({"x": (3.0, 4.0)}), "draw")
        wish = desk.exploration.wish
        running = await runs(analyst, "patient", LONG)
        folder = desk.project.folder
        assert not first.close()
        press(first.rooms.leaving, "Stop and close")
        await analyst.until(lambda: desk.project is None, Hidden(first).hidden)
        assert running.state is RunState.INTERRUPTED

        other = Analyst(second)
        await known(other)
        found, row = second.desk, recent_row(second, folder)
        assert "nterrupted" in row.accessibleDescription()
        row.acted.emit()
        assert found.project.read_only is False
        await other.until(lambda: found.exploration.subject is not None, found.exploration.subject_changed)
        await other.answered()
        assert found.exploration.wish == wish
        assert found.exploration.answer.results[0].spans[0].text == answer
        assert found.workspace.graph == desk.workspace.graph
        assert found.workspace.data.data.attributes["x"].role is Role.FACTOR
        assert found.workspace.question is Question.ROW_IF
        assert found.workspace.method == "troubled"
        assert found.workspace.settings("troubled") == {"way": "patient", "steps": LONG}
        assert found.runs.run(done.number).state is RunState.DONE
        again = found.runs.run(running.number)
        await other.until(lambda: again.state is RunState.RUNNING, found.runs.changed)
        assert again.ended is None

    finish(story(), 60)


def test_a_second_studio_reads_only_and_says_so(analyst, second, three, finish):
    async def story() -> None:
        await opened(analyst, three)
        running = await runs(analyst, "patient", LONG)
        folder = analyst.desk.project.folder
        other = Analyst(second)
        await known(other)
        await other.read([folder])
        assert "is open in another studio" in second.reading.sentence()
        assert str(os.getpid()) in second.reading.sentence()
        await other.until(lambda: second.desk.workspace.data is not None, second.desk.workspace.data_changed)
        second.desk.workspace.set_graph(Graph.of("xy"), "draw")
        second.guarded(second.desk.train)
        assert "can only be read" in second.notice.sentence()
        assert second.desk.runs.current is None
        assert running.state is RunState.RUNNING
        assert analyst.desk.project.store.graph() != second.desk.workspace.graph

    finish(story(), 60)


def test_the_open_project_is_not_another_studios(analyst, three, finish):
    async def story() -> None:
        await opened(analyst, three)
        folder = analyst.desk.project.folder
        analyst.window.show_panel("Start")
        analyst.window.start.recent_chosen.emit(folder)
        assert not analyst.desk.project.read_only
        assert analyst.desk.workspace.data is not None
        assert analyst.window.page() == "Desk"

    finish(story(), 60)


def test_a_project_opens_where_its_method_is_not_installed(analyst, second, three, finish):
    async def story() -> None:
        await opened(analyst, three)
        folder = analyst.desk.project.folder
        analyst.window.close()
        await Analyst(second).read([folder])
        assert second.desk.workspace.data.name == "three"
        assert second.desk.choosing.next_step().why == "The method troubled is not installed here."
        second.guarded(second.desk.train)
        assert "no method troubled" in second.notice.sentence()

    finish(story(), 60)


def test_a_moved_file_is_named_and_taken_again_where_it_is_dropped(analyst, three, tmp_path, finish):
    window, desk = analyst.window, analyst.desk

    async def story() -> None:
        await opened(analyst, three)
        info = await runs(analyst)
        await analyst.trained(info.number)
        folder = desk.project.folder
        window.new_project()
        moved = three.rename(tmp_path / "elsewhere.csv")
        await analyst.read([folder])
        assert window.page() == "Data"          # its card stands there, and nowhere else
        assert not window.notice.isVisible()
        assert [Path(key).name for key in desk.intake.refused] == ["three.csv"]
        assert desk.runs.run(info.number).state is RunState.DONE
        await analyst.read([moved])
        assert desk.workspace.data.name == "elsewhere"

    finish(story(), 60)


def test_a_full_disk_is_said_and_what_waited_is_written_when_there_is_room(analyst, three, finish):
    window, desk = analyst.window, analyst.desk

    async def story() -> None:
        await opened(analyst, three)
        store = desk.project.store
        info = await runs(analyst, "patient", 60)
        pages = store._connection.execute("PRAGMA page_count").fetchone()[0]
        store._connection.execute(f"PRAGMA max_page_count = {pages}")
        desk.workspace.set_graph(Graph.of([f"a node with a long name {i}" for i in range(2000)]), "draw")
        assert window.notice.isVisible()
        assert "The disk is full" in window.notice.sentence()
        window.notice.clear()
        await analyst.trained(info.number)
        assert info.state is RunState.DONE
        store._connection.execute("PRAGMA max_page_count = 1000000")
        desk.runs._recorder.flush()
        assert store.run(info.number).state is RunState.DONE
        assert store.scalars(info.number)["total"].steps.tolist() == list(range(60))
        desk.workspace.set_graph(Graph.of("xy"), "draw")
        assert store.graph() == desk.workspace.graph

    finish(story(), 60)


def test_closing_with_a_job_and_a_question_leaves_no_process(analyst, three, finish):
    desk = analyst.desk

    async def story() -> None:
        await opened(analyst, three)
        done = await runs(analyst)
        await analyst.trained(done.number)
        await analyst.answered()
        await runs(analyst, "patient", LONG)
        pids = desk.engine.pids()
        assert len(pids) == 2
        gone = Hidden(analyst.window).hidden
        assert not analyst.window.close()
        press(analyst.window.rooms.leaving, "Stop and close")
        await analyst.until(lambda: desk.project is None, gone)
        for pid in pids:
            with pytest.raises(ProcessLookupError):
                os.kill(pid, 0)

    finish(story(), 60)


def test_waiting_closes_the_window_when_the_queue_is_empty_and_can_be_taken_back(analyst, three, finish):
    window, desk = analyst.window, analyst.desk
    bar, gone = window.rooms.leaving, Hidden(window).hidden

    async def story() -> None:
        await opened(analyst, three)
        first = await runs(analyst, "patient", LONG)
        desk.workspace.change_settings("troubled", {"way": "good", "steps": 5})
        second = desk.train()
        assert not window.close()
        assert bar.sentence() == "Run 1 still works, and 1 run waits."
        assert [line.partition(", ")[0] for line in bar.lines()] == ["Run 1", "Run 2"]
        press(bar, "Keep working")
        assert not bar.isVisible()
        assert first.state is RunState.RUNNING
        assert not window.close()
        press(bar, "Wait, then close")
        assert bar.sentence() == "Waiting to close: 2 runs are left"
        assert bar.isVisible()
        desk.runs.stop(first.number)
        await analyst.until(lambda: desk.project is None, gone)
        assert (first.state, second.state) == (RunState.CANCELLED, RunState.DONE)

    finish(story(), 60)


def test_another_wish_takes_the_place_of_the_first_and_keeping_on_lets_the_project_go(analyst, three, tmp_path, finish):
    window, desk = analyst.window, analyst.desk

    async def story() -> None:
        await opened(analyst, three)
        mine = desk.project.folder
        window.new_project()
        other = desk.project.folder
        await analyst.read([mine])
        info = await runs(analyst, "patient", LONG)
        for _ in range(2):
            window.guarded(lambda: desk.open_project(other))
            assert window.rooms.leaving.sentence() == "Run 1 still works."
        press(window.rooms.leaving, "Keep working")
        assert not (other / "lock.json").exists()
        assert info.state is RunState.RUNNING
        assert desk.project.folder == mine
        window.guarded(lambda: desk.open_project(other))
        press(window.rooms.leaving, f"Stop and open {other.stem}")
        await analyst.until(lambda: desk.project.folder == other, desk.closed)
        assert not desk.project.read_only
        assert info.state is RunState.INTERRUPTED

    finish(story(), 60)


def test_a_full_disk_pauses_the_run_and_it_goes_on_where_the_project_was_moved_to(analyst, three, tmp_path, finish):
    window, desk = analyst.window, analyst.desk
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    async def story() -> None:
        await opened(analyst, three)
        info = await runs(analyst, "patient", LONG)
        home = desk.project.folder
        desk.room._room = lambda folder: 3_000_000 if folder == home else 10**12
        desk.room.look()
        await analyst.until(lambda: info.state is RunState.PAUSED, desk.runs.changed)
        bar = window.rooms.room
        assert bar.isVisible()
        assert "Training is paused, not lost." in bar.sentence()
        reached = len(info.scalars["total"][0])
        desk.projects.move(elsewhere)
        await analyst.until(lambda: desk.project is not None and desk.project.folder != home, desk.closed, desk.saved)
        assert desk.project.folder == elsewhere / home.name
        assert not home.exists()
        assert not bar.isVisible()
        gone_on = desk.runs.run(info.number)
        await analyst.until(lambda: len(gone_on.scalars["total"][0]) > reached + 20, desk.runs.points)
        assert gone_on.state is RunState.RUNNING
        steps = gone_on.scalars["total"][0]
        assert steps == list(range(len(steps)))
        assert gone_on.checkpoint >= reached

    finish(story(), 60)
