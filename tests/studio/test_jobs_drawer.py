"""The Jobs drawer: rows in their order, keys and buttons that reach the engine, failures with ways out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from engines.runtime.decisions import LaneChanged, LaneRole, LaneState
from engines.runtime.messages import Checkpointed, Message, Progress, RunState
from studio.panels.jobs import JobsDrawer
from tests.studio.stand_ins import Bench
from widgets.kit.button import Button


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
    for part in ("causal_diffae", '"batch": 64', "out of memory", "Wrote a checkpoint.", "MemoryError", info.name):
        assert part in text
    qtbot.mouseClick(button(row, "Resume from 400"), Qt.MouseButton.LeftButton)
    _, request = bench.engine.asked[-1]
    assert (request.run, request.resume) == (1, True)
    assert not row.failure().isVisible(), "a run that goes on is no failure any more"


def test_lanes_and_memory_stand_left_and_a_lane_can_be_ended(drawer: JobsDrawer, bench: Bench, qtbot: QtBot) -> None:
    column = drawer._device
    assert column.lane_words(LaneRole.WORK) == "starts when needed"
    assert not column.end_button(LaneRole.WORK).isVisible()
    bench.engine.lane_changed.emit(LaneChanged(LaneRole.WORK, LaneState.UP))
    assert column.lane_words(LaneRole.WORK) == "ready"
    qtbot.mouseClick(column.end_button(LaneRole.WORK), Qt.MouseButton.LeftButton)
    assert bench.engine.asked[-1] == ("end_lane", LaneRole.WORK)
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
