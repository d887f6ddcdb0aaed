"""The Jobs drawer: rows in their order, keys and buttons that reach the engine, failures with ways out."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from engines.runtime.decisions import LaneChanged, LaneRole, LaneState
from engines.runtime.devices import Device
from engines.runtime.instructions import LaneWorks
from engines.runtime.messages import Checkpointed, Message, Progress, RunState, Scalar
from studio.panels.jobs import JobsDrawer
from studio.project import Kind
from tests.studio.stand_ins import Bench, StandInEngine
from widgets.kit.button import Button
from widgets.kit.menu import Menu


@pytest.fixture
def host(on_show: Callable[..., QWidget]) -> QWidget:
    """A window with a strip at its lower edge."""
    window, strip = QWidget(), QWidget()
    strip.setObjectName("strip")
    strip.setFixedHeight(40)
    column = QVBoxLayout(window)
    column.setContentsMargins(0, 0, 0, 0)
    column.addStretch(1)
    column.addWidget(strip)
    return on_show(window, 1440, 900)


@pytest.fixture
def drawer(bench: Bench, host: QWidget) -> JobsDrawer:
    made = JobsDrawer(bench.runs, bench.engine)  # type: ignore[arg-type]
    made.attach(host.findChild(QWidget, "strip"))
    made.open_drawer()
    return made


def take_keyboard(drawer: JobsDrawer, number: int, qtbot: QtBot) -> None:
    """Put the keyboard into a row, as a click does."""
    qtbot.waitUntil(drawer.row(number).isVisible)
    drawer.row(number).setFocus()
    qtbot.waitUntil(drawer.row(number).hasFocus)


def queue(bench: Bench, count: int) -> None:
    """Runs 1 to count: the first works, the others wait in their order."""
    for _ in range(count):
        bench.start()
    bench.engine.is_in(1, RunState.RUNNING)
    for place, number in enumerate(range(2, count + 1)):
        bench.engine.is_in(number, RunState.QUEUED, place)


def up(bench: Bench, role: LaneRole) -> None:
    """A lane has come up; its process is this one."""
    bench.engine.lanes[role], bench.engine.pids[role] = LaneState.UP, os.getpid()
    bench.engine.lane_changed.emit(LaneChanged(role, LaneState.UP, os.getpid()))


def seen_order(drawer: JobsDrawer) -> list[int]:
    """Runs from top to bottom as they are seen."""
    return sorted(drawer.order(), key=lambda number: drawer.row(number).mapTo(drawer, QPoint()).y())


def button(widget: QWidget, text: str) -> Button:
    (found,) = [b for b in widget.findChildren(Button) if b.text() == text and b.isVisible()]
    return found


def test_it_stands_over_the_strip_and_follows_it(drawer: JobsDrawer, host: QWidget, qtbot: QtBot) -> None:
    assert drawer.geometry().getRect() == (8, 540, 1424, 320)
    host.resize(1280, 720)
    qtbot.waitUntil(lambda: drawer.geometry().getRect() == (8, 360, 1264, 320))


def test_nothing_queued_is_a_sentence(drawer: JobsDrawer) -> None:
    assert "Nothing is queued." in [w.accessibleName() for w in drawer.findChildren(QWidget) if w.isVisible()]


def test_working_runs_come_first_then_the_queue_then_the_ended(drawer: JobsDrawer, bench: Bench, qtbot: QtBot) -> None:
    queue(bench, 4)
    bench.engine.end(1, RunState.DONE)
    bench.engine.is_in(2, RunState.RUNNING)
    bench.engine.is_in(4, RunState.QUEUED, 0)
    bench.engine.is_in(3, RunState.QUEUED, 1)
    assert drawer.order() == [2, 4, 3, 1]
    qtbot.waitUntil(lambda: seen_order(drawer) == [2, 4, 3, 1])


def test_a_row_is_never_made_anew(drawer: JobsDrawer, bench: Bench) -> None:
    queue(bench, 3)
    rows = [drawer.row(number) for number in (1, 2, 3)]
    for done in range(0, 100, 10):
        bench.engine.tell(1, Progress("training", done, 100))
    bench.engine.is_in(3, RunState.QUEUED, 0)
    assert [drawer.row(number) for number in (1, 2, 3)] == rows
    assert "step 90 of 100" in drawer.row(1).words()


def test_a_closed_drawer_is_up_to_date_when_it_opens(drawer: JobsDrawer, bench: Bench) -> None:
    queue(bench, 2)
    drawer.close_drawer()
    bench.engine.tell(1, Progress("training", 70, 100))
    bench.engine.is_in(2, RunState.CANCELLING)
    drawer.open_drawer()
    assert "step 70 of 100" in drawer.row(1).words()
    assert drawer.row(2).state() is RunState.CANCELLING


def test_alt_and_arrows_move_a_queued_run(drawer: JobsDrawer, bench: Bench, qtbot: QtBot) -> None:
    queue(bench, 4)
    take_keyboard(drawer, 3, qtbot)
    qtbot.keyClick(drawer.row(3), Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert bench.engine.asked[-1] == ("move", 3, 2)
    qtbot.keyClick(drawer.row(3), Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert bench.engine.asked[-1] == ("move", 3, 0)
    asked = len(bench.engine.asked)
    take_keyboard(drawer, 1, qtbot)
    qtbot.keyClick(drawer.row(1), Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    take_keyboard(drawer, 4, qtbot)
    qtbot.keyClick(drawer.row(4), Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert len(bench.engine.asked) == asked, "a working run and the last in the queue have nowhere to go"


def test_up_and_down_choose_a_row(drawer: JobsDrawer, bench: Bench, qtbot: QtBot) -> None:
    queue(bench, 3)
    qtbot.waitUntil(drawer.row(3).isVisible)
    drawer.open_drawer()
    assert drawer.chosen() == 1
    qtbot.keyClick(drawer.row(1), Qt.Key.Key_Down)
    assert drawer.chosen() == 2
    assert drawer.row(2).hasFocus()
    qtbot.keyClick(drawer.row(2), Qt.Key.Key_Up)
    qtbot.keyClick(drawer.row(1), Qt.Key.Key_Up)
    assert drawer.chosen() == 1


def test_p_pauses_and_lets_go_on(drawer: JobsDrawer, bench: Bench, qtbot: QtBot) -> None:
    queue(bench, 2)
    take_keyboard(drawer, 1, qtbot)
    qtbot.keyClick(drawer.row(1), Qt.Key.Key_P)
    assert bench.engine.asked[-1] == ("pause", 1)
    bench.engine.is_in(1, RunState.PAUSED)
    qtbot.keyClick(drawer.row(1), Qt.Key.Key_P)
    assert bench.engine.asked[-1] == ("resume", 1)
    asked = len(bench.engine.asked)
    take_keyboard(drawer, 2, qtbot)
    qtbot.keyClick(drawer.row(2), Qt.Key.Key_P)
    assert len(bench.engine.asked) == asked, "what waits cannot be paused"


def test_ctrl_and_full_stop_stops_what_works_whatever_is_chosen(
    drawer: JobsDrawer, bench: Bench, qtbot: QtBot
) -> None:
    queue(bench, 3)
    take_keyboard(drawer, 3, qtbot)
    qtbot.keyClick(drawer.row(3), Qt.Key.Key_Period, Qt.KeyboardModifier.ControlModifier)
    assert bench.engine.asked[-1] == ("cancel", 1)


def test_the_buttons_of_a_row_do_the_same(drawer: JobsDrawer, bench: Bench, qtbot: QtBot) -> None:
    queue(bench, 3)
    pause, stop, _ = drawer.row(1).buttons()
    qtbot.mouseClick(pause, Qt.MouseButton.LeftButton)
    assert bench.engine.asked[-1] == ("pause", 1)
    qtbot.mouseClick(stop, Qt.MouseButton.LeftButton)
    assert bench.engine.asked[-1] == ("cancel", 1)
    waiting_pause, waiting_stop, _ = drawer.row(3).buttons()
    assert not waiting_pause.isVisible()
    qtbot.mouseClick(waiting_stop, Qt.MouseButton.LeftButton)
    assert bench.engine.asked[-1] == ("cancel", 3)


def test_the_menu_runs_first_opens_and_retries(drawer: JobsDrawer, bench: Bench, qtbot: QtBot) -> None:
    queue(bench, 3)
    actions = {action.text(): action for action in drawer.row(3).menu().actions()}
    assert "Retry" not in actions
    actions["Run first"].trigger()
    assert bench.engine.asked[-1] == ("move", 3, 0)
    with qtbot.waitSignal(drawer.run_opened) as told:
        actions["Open the results"].trigger()
    assert told.args == [3]
    bench.engine.end(1, RunState.CANCELLED, "Run 1 was stopped.")
    actions = {action.text(): action for action in drawer.row(1).menu().actions()}
    assert "Run first" not in actions
    actions["Retry"].trigger()
    verb, request = bench.engine.asked[-1]
    assert (verb, request.run, request.method, request.seed) == ("submit", 4, "colide", 3)


def test_enter_unfolds_the_log_which_grows(drawer: JobsDrawer, bench: Bench, qtbot: QtBot) -> None:
    queue(bench, 1)
    bench.engine.tell(1, Message("Read 7,466 rows."))
    row = drawer.row(1)
    assert row.log() == ""
    take_keyboard(drawer, 1, qtbot)
    qtbot.keyClick(row, Qt.Key.Key_Return)
    assert row.log() == "Read 7,466 rows."
    bench.engine.tell(1, Message("Acyclic to 1e-9."))
    assert row.log().splitlines() == ["Read 7,466 rows.", "Acyclic to 1e-9."]
    qtbot.keyClick(row, Qt.Key.Key_Return)
    assert row.log() == ""


def test_a_failure_says_its_cause_and_offers_the_ways_out(drawer: JobsDrawer, bench: Bench, qtbot: QtBot) -> None:
    info = bench.start("causal_diffae", "CausalDiffAE", batch=64, size="small")
    bench.engine.is_in(1, RunState.RUNNING)
    bench.engine.tell(1, Checkpointed(400), Message("Wrote a checkpoint."))
    bench.engine.end(
        1, RunState.FAILED, "The engine ran out of memory at batch 64. Nothing finished is lost.", "can't allocate",
        offers=("Retry with batch 32", "Use less data"), trace="Traceback\nMemoryError",
    )
    row = drawer.row(1)
    qtbot.waitUntil(row.failure().isVisible)
    assert row.failure().sentence().startswith("The engine ran out of memory at batch 64.")
    texts = [b.text() for b in row.failure().findChildren(Button) if b.isVisible()]
    assert texts == ["Resume from 400", "Retry", "Retry with batch 32", "Copy the report"]
    qtbot.mouseClick(button(row, "Retry with batch 32"), Qt.MouseButton.LeftButton)
    _, request = bench.engine.asked[-1]
    assert (request.run, dict(request.parameters)) == (2, {"batch": 32, "size": "small"})
    qtbot.mouseClick(button(row, "Copy the report"), Qt.MouseButton.LeftButton)
    text = QGuiApplication.clipboard().text()
    for part in ("9c41e07b", "seed: 3", "device: cpu", "python 3.", "/logs/cpu-work.log"):
        assert part in text
    for part in ("causal_diffae", '"batch": 64', "out of memory", "Wrote a checkpoint.", "MemoryError", info.name):
        assert part in text
    qtbot.mouseClick(button(row, "Resume from 400"), Qt.MouseButton.LeftButton)
    _, request = bench.engine.asked[-1]
    assert (request.run, request.resume) == (1, True)
    assert not row.failure().isVisible(), "a run that goes on is no failure any more"


def test_lanes_and_memory_stand_left_and_a_lane_can_be_ended(drawer: JobsDrawer, bench: Bench, qtbot: QtBot) -> None:
    column = drawer._device
    block = column.lanes("cpu").lane(LaneRole.WORK)
    assert block.words() == "starts when needed"
    assert not block.end.isVisible()
    assert block.process_words() == ""
    up(bench, LaneRole.WORK)
    assert block.words() == "ready"
    assert block.process_words().startswith(f"process {os.getpid()}, ")
    qtbot.mouseClick(block.end, Qt.MouseButton.LeftButton)
    assert block.cost() == "Nothing runs in it. It starts again with the next run."
    qtbot.mouseClick(block.leave, Qt.MouseButton.LeftButton)
    assert block.cost() == ""
    queue(bench, 1)
    bench.engine.tell(1, Checkpointed(400))
    bench.engine.lane_works.emit(LaneWorks(LaneRole.WORK, True))
    assert block.words() == "working"
    qtbot.mouseClick(block.end, Qt.MouseButton.LeftButton)
    assert block.cost() == "Run 1 in it fails, and can be resumed from step 400."
    assert not [asked for asked in bench.engine.asked if asked[0] == "end_lane"], "it is asked first"
    qtbot.mouseClick(block.sure, Qt.MouseButton.LeftButton)
    assert bench.engine.asked[-1] == ("end_lane", LaneRole.WORK)
    bench.engine.lanes[LaneRole.WORK] = LaneState.DOWN
    bench.engine.pids.clear()
    bench.engine.lane_changed.emit(LaneChanged(LaneRole.WORK, LaneState.DOWN))
    assert (block.process_words(), block.cost()) == ("", "")
    drawer.set_memory(1_100_000_000, 7_800_000_000)
    names = [w.accessibleName() for w in column.findChildren(QWidget)]
    assert "Memory: 1.1\N{NO-BREAK SPACE}GB of 7.8\N{NO-BREAK SPACE}GB" in names


def test_escape_closes_and_toggle_opens_again(drawer: JobsDrawer, bench: Bench, qtbot: QtBot) -> None:
    queue(bench, 1)
    take_keyboard(drawer, 1, qtbot)
    with qtbot.waitSignal(drawer.closed):
        qtbot.keyClick(drawer.row(1), Qt.Key.Key_Escape)
    assert not drawer.isVisible()
    drawer.toggle()
    assert drawer.isVisible()


def line(menu: Menu, start: str) -> QAction:
    (found,) = [action for action in menu.actions() if action.text().startswith(start)]
    return found


def test_the_queue_menu_says_how_many_it_stops_and_it_can_be_taken_back(
    drawer: JobsDrawer, bench: Bench, qtbot: QtBot
) -> None:
    queue(bench, 4)
    drawer.show_run(3)
    texts = [action.text() for action in drawer.queue_menu().actions()]
    assert texts == ["Stop all that wait (3)", "Stop all but run 3 (3)", "Stop everything (4)"]
    line(drawer.queue_menu(), "Stop all that wait").trigger()
    assert bench.engine.asked[-3:] == [("cancel", 2), ("cancel", 3), ("cancel", 4)]
    for number in (2, 3, 4):
        assert not drawer._news.isVisible(), "it is offered when all have ended"
        bench.engine.end(number, RunState.CANCELLED, f"Run {number} was stopped before it began.")
    assert drawer._news.sentence() == "3 runs were stopped."
    qtbot.mouseClick(button(drawer, "Queue again"), Qt.MouseButton.LeftButton)
    again = [asked[1] for asked in bench.engine.asked[-3:]]
    assert [(request.run, request.resume) for request in again] == [(2, True), (3, True), (4, True)]
    assert not drawer._news.isVisible()


def test_everything_is_stopped_from_the_end_of_the_queue_so_that_nothing_begins(
    drawer: JobsDrawer, bench: Bench
) -> None:
    queue(bench, 3)
    line(drawer.queue_menu(), "Stop everything").trigger()
    assert bench.engine.asked[-3:] == [("cancel", 2), ("cancel", 3), ("cancel", 1)]
    line(drawer.row(2).menu(), "Stop all but this one").trigger()
    assert bench.engine.asked[-2:] == [("cancel", 3), ("cancel", 1)]


def test_a_queued_run_is_dragged_to_another_place(drawer: JobsDrawer, bench: Bench, qtbot: QtBot) -> None:
    queue(bench, 4)
    qtbot.waitUntil(lambda: seen_order(drawer) == [1, 2, 3, 4])
    row, last = drawer.row(2), drawer.row(4)
    start = QPoint(20, 20)
    below = row.mapFromGlobal(last.mapToGlobal(QPoint(20, 40)))
    QTest.mousePress(row, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    QTest.mouseMove(row, start + QPoint(0, 2))
    assert bench.engine.asked[-1][0] == "submit", "a trembling hand moves nothing"
    for _ in range(3):
        QTest.mouseMove(row, below)
    QTest.mouseRelease(row, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, below)
    assert [asked for asked in bench.engine.asked if asked[0] == "move"] == [("move", 2, 2)], "told once"
    QTest.mouseMove(row, start)
    assert bench.engine.asked[-1] == ("move", 2, 2), "the button is up"


def test_the_order_of_the_queue_comes_back_with_the_project(drawer: JobsDrawer, bench: Bench, qtbot: QtBot) -> None:
    queue(bench, 4)
    for place, number in enumerate((4, 2, 3)):
        bench.engine.is_in(number, RunState.QUEUED, place)
    qtbot.waitUntil(lambda: bench.project.store.get(Kind.SETTING, "queue") == [1, 4, 2, 3])
    for number in (2, 3, 4, 1):
        bench.engine.end(number, RunState.INTERRUPTED, "had not begun")
    bench.runs.close()
    drawer.clear()
    bench.runs.open(bench.project)
    assert [info.number for info in bench.runs.interrupted()] == [1, 4, 2, 3]
    assert drawer.order() == [1, 4, 2, 3]
    for info in bench.runs.interrupted():
        bench.runs.resume(info.number)
    assert [asked[1].run for asked in bench.engine.asked[-4:]] == [1, 4, 2, 3]


def test_a_run_made_again_says_after_which_and_a_click_shows_it(drawer: JobsDrawer, bench: Bench, qtbot: QtBot) -> None:
    queue(bench, 1)
    bench.engine.end(1, RunState.DONE)
    line(drawer.row(1).menu(), "Retry").trigger()
    assert bench.runs.run(2).origin == 1
    qtbot.waitUntil(lambda: drawer.row(2).isVisible())
    qtbot.mouseClick(button(drawer.row(2), "again after run 1"), Qt.MouseButton.LeftButton)
    assert drawer.chosen() == 1
    assert drawer.row(1).hasFocus()
    bench.runs.close()
    drawer.clear()
    bench.runs.open(bench.project)
    assert bench.runs.run(2).origin == 1, "it is kept"


def test_an_old_origin_is_listed_again(drawer: JobsDrawer, bench: Bench) -> None:
    for number in range(1, 32):
        bench.start()
        bench.engine.end(number, RunState.DONE)
    assert 1 not in drawer.order()
    drawer.show_run(1)
    assert drawer.order()[-1] == 1


def test_an_interrupted_run_is_resumed_or_closed(drawer: JobsDrawer, bench: Bench, qtbot: QtBot) -> None:
    queue(bench, 2)
    bench.engine.end(1, RunState.INTERRUPTED, "Run 1 was interrupted.")
    qtbot.waitUntil(lambda: bool(drawer.row(1).findChildren(Button)))
    qtbot.mouseClick(button(drawer.row(1), "Close it"), Qt.MouseButton.LeftButton)
    assert bench.runs.run(1).state is RunState.CANCELLED
    assert bench.runs.interrupted() == ()
    line(drawer.row(1).menu(), "Retry")


def test_nothing_that_comes_after_the_end_reaches_a_panel(drawer: JobsDrawer, bench: Bench) -> None:
    queue(bench, 1)
    bench.engine.tell(1, Scalar("loss", 0, 1.0), Progress("training", 10, 100))
    bench.engine.end(1, RunState.CANCELLED, "Run 1 was stopped.")
    told: list[object] = []
    for signal in (bench.runs.points, bench.runs.changed, bench.runs.shown):
        signal.connect(lambda *news: told.append(news))
    bench.engine.tell(1, Scalar("loss", 1, 2.0), Progress("training", 11, 100), Checkpointed(11))
    bench.engine.is_in(1, RunState.RUNNING)
    assert told == []
    assert bench.runs.run(1).scalars == {"loss": ([0], [1.0])}
    assert bench.runs.run(1).state is RunState.CANCELLED


def test_a_silent_run_says_so_in_its_row_and_lane(drawer: JobsDrawer, bench: Bench) -> None:
    clock = [100.0]
    bench.runs._now = lambda: clock[0]
    queue(bench, 1)
    up(bench, LaneRole.WORK)
    bench.engine.tell(1, Progress("training", 10, 100))
    clock[0] += 4.9
    bench.runs.tick()
    assert "no word" not in drawer.row(1).words()
    clock[0] += 7.1
    bench.runs.tick()
    assert "no word for 12\N{NO-BREAK SPACE}s" in drawer.row(1).words()
    assert drawer._device.lanes("cpu").lane(LaneRole.WORK).words() == "no word for 12\N{NO-BREAK SPACE}s"
    bench.engine.tell(1, Progress("training", 11, 100))
    assert "no word" not in drawer.row(1).words()
    bench.engine.is_in(1, RunState.PAUSED)
    clock[0] += 60
    bench.runs.tick()
    assert "no word" not in drawer.row(1).words(), "who is paused may be silent"


def test_a_run_of_unknown_length_says_how_long_it_has_worked_without_its_pauses(
    drawer: JobsDrawer, bench: Bench
) -> None:
    clock = [100.0]
    bench.runs._now = lambda: clock[0]
    queue(bench, 1)
    bench.engine.tell(1, Progress("searching", 1, None))
    assert "estimating" in drawer.row(1).words()
    clock[0] += 20
    bench.engine.is_in(1, RunState.PAUSED)
    clock[0] += 500
    bench.engine.is_in(1, RunState.RUNNING)
    clock[0] += 14
    bench.engine.tell(1, Progress("searching", 2, None))
    assert "34\N{NO-BREAK SPACE}s so far" in drawer.row(1).words()


def test_another_device_is_chosen_for_what_comes(drawer: JobsDrawer, bench: Bench, qtbot: QtBot) -> None:
    """A made-up list of devices: no graphics card is needed, and none is run on."""
    card = Device("cuda:0", "NVIDIA H100", 80_000_000_000)
    other = Device("cuda:1", "NVIDIA A10", 24_000_000_000, "The installed torch computes on the CPU only.")
    drawer.set_devices((Device("cpu", "x86"), card, other))
    lines = drawer._device.device_lines()
    assert [line.detail() for line in lines] == ["", "NVIDIA H100, 80.0\N{NO-BREAK SPACE}GB", other.unusable]
    assert [not line.use.isHidden() for line in lines] == [False, True, False]
    drawer.device_chosen.connect(lambda name: setattr(bench.engine, "device", name))
    qtbot.mouseClick(lines[1].use, Qt.MouseButton.LeftButton)
    assert [not line.use.isHidden() for line in drawer._device.device_lines()] == [True, False, False]
    assert bench.start().request.device == "cuda:0"


def test_a_second_device_that_is_used_shows_its_lanes_and_has_a_queue_of_its_own(
    drawer: JobsDrawer, bench: Bench, qtbot: QtBot
) -> None:
    """A made-up card: its engine stands in too."""
    column = drawer._device
    drawer.set_devices((Device("cpu", "x86"), Device("cuda:0", "NVIDIA H100", 80_000_000_000)))
    card = StandInEngine()
    card.device = "cuda:0"
    bench.engine.began.emit(card)
    bench.start()
    bench.engine.is_in(1, RunState.RUNNING)
    bench.start()
    bench.engine.is_in(2, RunState.QUEUED, 0)
    bench.engine.device = "cuda:0"
    assert not bench.runs.busy("cuda:0")
    for number in (3, 4, 5):
        bench.start()
        bench.engine.is_in(number, RunState.QUEUED, number - 3)
    assert bench.runs.busy("cuda:0")
    take_keyboard(drawer, 4, qtbot)
    qtbot.keyClick(drawer.row(4), Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert bench.engine.asked[-1] == ("move", 4, 2), "its place is counted among those that wait for the same device"
    card.lanes[LaneRole.WORK] = LaneState.UP
    card.lane_changed.emit(LaneChanged(LaneRole.WORK, LaneState.UP, 0))
    lanes = column.lanes("cuda:0")
    qtbot.waitUntil(lanes.isVisible)
    assert lanes.lane(LaneRole.WORK).words() == "ready"
    assert column.lanes("cpu").lane(LaneRole.WORK).words() == "starts when needed"
    assert lanes.y() > column.device_lines()[1].y() > column.lanes("cpu").y() > column.device_lines()[0].y()
    qtbot.mouseClick(lanes.lane(LaneRole.WORK).end, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(lanes.lane(LaneRole.WORK).sure, Qt.MouseButton.LeftButton)
    assert card.asked == [("end_lane", LaneRole.WORK)]
