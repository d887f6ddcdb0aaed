"""The thread about the graph: the newest wish only, parts in order, refusals told, errors raised, gone at the end."""

from __future__ import annotations

import threading
import time

import pytest
from PySide6.QtCore import QObject

from engines.graph.fuse import Fuse
from engines.refusals import Refusal
from studio.identifying.background import Background


class Told(QObject):
    def __init__(self, background: Background) -> None:
        super().__init__()
        self.parts: list[tuple[str, object]] = []
        background.found.connect(lambda part, value: self.parts.append((part, value)))


@pytest.fixture
def background(qapp):
    made = Background()
    yield made
    made.close()
    assert not [one for one in threading.enumerate() if one.name == "about the graph"]


def forever(fuse: Fuse) -> object:
    while True:
        fuse.check()


def test_parts_come_in_order_from_another_thread(background: Background, qtbot) -> None:
    told = Told(background)
    with qtbot.waitSignal(background.finished, timeout=5000):
        background.ask({"a": lambda _: threading.current_thread().name, "b": lambda _: 2})
        assert background.busy
    assert told.parts == [("a", "about the graph"), ("b", 2)]
    assert not background.busy


def test_a_newer_wish_ends_the_one_before(background: Background, qtbot) -> None:
    told = Told(background)
    background.ask({"old": forever, "never": lambda _: 0})
    background.ask({"older": forever})
    with qtbot.waitSignal(background.finished, timeout=5000):
        background.ask({"new": lambda _: 1})
    assert told.parts == [("new", 1)]


def test_a_fuse_that_burns_is_told_as_a_refusal_and_the_next_part_follows(background: Background, qtbot) -> None:
    told = Told(background)
    with qtbot.waitSignal(background.finished, timeout=5000):
        background.ask({"long": forever, "short": lambda _: 1}, seconds=0.01)
    assert isinstance(told.parts[0][1], Refusal)
    assert told.parts[1] == ("short", 1)


def test_what_breaks_is_raised_in_the_thread_of_the_window(background: Background, qtbot) -> None:
    with qtbot.captureExceptions() as raised:
        background.ask({"broken": lambda _: 1 // 0})
        qtbot.waitUntil(lambda: bool(raised), timeout=5000)
    assert raised[0][0] is ZeroDivisionError


def test_closing_ends_the_thread_at_once(background: Background) -> None:
    began = time.monotonic()
    background.ask({"long": forever}, seconds=60)
    background.close()
    assert time.monotonic() - began < 2
    assert not background.busy
