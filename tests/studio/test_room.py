"""A disk without room: what trains is held, said, and goes on when there is room."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from engines.runtime.messages import RunState
from studio.panels.room import RoomBar
from studio.runs.room import LEAST_ROOM, DiskRoom
from tests.studio.stand_ins import Bench
from widgets.kit.button import Button


class Disk:
    """A disk with as much room as the test says."""

    left = 10 * LEAST_ROOM

    def __call__(self, _folder: Path) -> int:
        return self.left


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def room(bench: Bench, disk: Disk) -> Iterator[DiskRoom]:
    made = DiskRoom(bench.runs, bench.runs, disk)
    made.use(bench.project.folder)
    yield made
    made.use(None)


@pytest.fixture
def bar(room: DiskRoom, qtbot: QtBot) -> RoomBar:
    made = RoomBar(room)
    qtbot.addWidget(made)
    return made


def press(bar: RoomBar, text: str) -> None:
    (found,) = [b for b in bar.findChildren(Button) if b.text() == text and not b.isHidden()]
    found.click()


def pauses(bench: Bench) -> list[tuple]:
    return [asked for asked in bench.engine.asked if asked[0] in ("pause", "resume")]


def test_what_trains_is_paused_before_the_disk_is_full_and_goes_on(
    bench: Bench, room: DiskRoom, bar: RoomBar, disk: Disk
) -> None:
    bench.start()
    bench.start()
    bench.engine.is_in(1, RunState.RUNNING)
    room.look()
    assert (pauses(bench), bar.isHidden()) == ([], True)
    disk.left = 3_000_000
    room.look()
    assert pauses(bench) == [("pause", 1)]
    assert bar.sentence() == (
        "The disk is full: 3.0\N{NO-BREAK SPACE}MB left where the project lies. Training is paused, not lost."
    )
    bench.engine.is_in(1, RunState.PAUSED)
    room.look()
    assert pauses(bench) == [("pause", 1)], "once"
    press(bar, "Resume")
    assert pauses(bench) == [("pause", 1)], "there is still no room"
    disk.left = 10 * LEAST_ROOM
    press(bar, "Resume")
    assert pauses(bench) == [("pause", 1), ("resume", 1)]
    assert bar.isHidden()


def test_a_run_that_begins_on_a_full_disk_is_held_at_once(bench: Bench, room: DiskRoom, disk: Disk) -> None:
    disk.left = 0
    bench.start()
    bench.engine.is_in(1, RunState.RUNNING)
    assert pauses(bench) == [("pause", 1)]


def test_the_bar_goes_with_the_last_run(bench: Bench, room: DiskRoom, bar: RoomBar, disk: Disk) -> None:
    disk.left = 0
    bench.start()
    bench.engine.is_in(1, RunState.RUNNING)
    room.look()
    assert not bar.isHidden()
    bench.engine.end(1, RunState.CANCELLED)
    room.look()
    assert bar.isHidden()


def test_a_click_wishes_to_move_the_project(bench: Bench, room: DiskRoom, bar: RoomBar, disk: Disk, qtbot) -> None:
    disk.left = 0
    bench.start()
    bench.engine.is_in(1, RunState.RUNNING)
    room.look()
    with qtbot.waitSignal(bar.move_wished):
        press(bar, "Move the project")
