"""Errors of slots, timers, tasks, threads and the loop reach one handler: a bar in the window, the whole in the log."""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QProcess, QTimer

from engines.refusals import Refusal
from studio.app import _catch_all
from widgets.kit.button import Button

pytestmark = pytest.mark.qt_no_exception_capture


class Mishap(Exception):
    pass


@pytest.fixture
def caught(window, qt_loop, monkeypatch, caplog) -> Iterator[None]:
    """The window with the handler of the running application."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    caplog.set_level(logging.ERROR, "otherwise")
    before = qt_loop.get_exception_handler() if hasattr(qt_loop, "get_exception_handler") else None
    _catch_all(qt_loop, window)
    yield
    qt_loop.set_exception_handler(before)


def fails(*_: object) -> None:
    raise Mishap("the lamp fell over")


async def in_a_slot(analyst) -> None:
    button = Button("Press", "plain")
    button.clicked.connect(fails)
    button.click()
    button.deleteLater()


async def in_a_timer(analyst) -> None:
    QTimer.singleShot(0, fails)


async def in_a_task(analyst) -> None:
    async def work() -> None:
        fails()

    analyst.desk.start(work())


async def in_a_callback_of_the_loop(analyst) -> None:
    asyncio.get_running_loop().call_soon(fails)


async def in_a_thread(analyst) -> None:
    thread = threading.Thread(target=fails)
    thread.start()
    thread.join()


async def in_a_worker_of_the_loop(analyst) -> None:
    analyst.desk.start(asyncio.to_thread(fails))


async def in_a_task_that_nobody_awaits(analyst) -> None:
    async def work() -> None:
        fails()

    asyncio.get_running_loop().create_task(work())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    gc.collect()


async def in_a_reply_of_a_child(analyst) -> None:
    child = QProcess(analyst.window)
    child.finished.connect(fails)
    child.start(sys.executable, ["-c", ""])


WAYS = [
    in_a_slot, in_a_timer, in_a_task, in_a_task_that_nobody_awaits, in_a_callback_of_the_loop, in_a_thread,
    in_a_worker_of_the_loop, in_a_reply_of_a_child,
]


@pytest.mark.parametrize("happens", WAYS, ids=lambda f: f.__name__)
def test_an_error_that_nobody_expected_is_shown_and_logged(analyst, caught, caplog, finish, happens):
    window = analyst.window
    told = asyncio.Event()
    show = window.show_fault

    def note(error: BaseException) -> None:
        show(error)
        told.set()

    window.show_fault = note

    async def story() -> None:
        await happens(analyst)
        await told.wait()
        assert window.notice.isVisible()
        assert window.notice.sentence().startswith("Something went wrong inside the studio.")
        assert window.notice._cause.text() == "Mishap: the lamp fell over"

    try:
        finish(story())
    finally:
        del window.show_fault
    (record,) = [record for record in caplog.records if "Mishap" in record.getMessage()]
    assert "in fails" in record.getMessage()
    assert record.levelno == logging.ERROR


def test_a_refusal_that_nobody_took_is_said_in_its_own_words(analyst, caught, caplog, finish):
    def refuses() -> None:
        raise Refusal("The disk is full.", "Make room.")

    async def story() -> None:
        seen: list[object] = []
        analyst.desk.refused.connect(seen.append)
        QTimer.singleShot(0, refuses)
        await analyst.until(lambda: bool(seen), analyst.desk.refused)
        assert analyst.window.start.error.sentence() == "The disk is full."

    finish(story())
    assert not caplog.records


def test_an_interrupt_from_the_terminal_closes_the_window(analyst, caught):
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert not analyst.window.isVisible()


def test_an_alarm_of_the_engine_and_a_failure_of_a_package_are_said(analyst, finish):
    async def story() -> None:
        analyst.desk.engine.alarmed.emit("run 3 cannot go from done to running")
        bar = analyst.window.start.error
        assert bar.isVisible()
        assert "contradicts itself" in bar.sentence()
        assert "run 3" in bar._cause.text()

    finish(story())
