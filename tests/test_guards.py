"""What conftest.py offers is itself tested: each kind of leak fails a test, and coroutines run on the loop of Qt."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer

CASES = '''
import asyncio, subprocess, sys, threading
from PySide6.QtCore import QThread, QTimer
from PySide6.QtWidgets import QWidget

KEPT = []

def test_window(qapp):
    KEPT.append(QWidget())
    KEPT[-1].show()

def test_timer(qapp):
    KEPT.append(QTimer())
    KEPT[-1].start(10_000)

def test_qthread(qapp):
    KEPT.append(QThread())
    KEPT[-1].start()

def test_thread():
    KEPT.append(threading.Event())
    threading.Thread(target=KEPT[-1].wait, name="left alone").start()

def test_child_process():
    KEPT.append(subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE))

def test_widget_from_a_thread(qtbot):
    KEPT.append(QWidget())
    qtbot.addWidget(KEPT[-1])
    worker = threading.Thread(target=KEPT[-1].setWindowTitle, args=["from afar"], name="stranger")
    worker.start()
    worker.join()

def test_widget_from_a_worker_of_the_loop(qtbot, finish):
    KEPT.append(QWidget())
    qtbot.addWidget(KEPT[-1])
    finish(asyncio.to_thread(lambda: KEPT[-1].resize(3, 4)))

def test_clean(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    timer = QTimer(window)
    timer.start(10_000)
    thread = QThread()
    thread.start()
    thread.quit()
    thread.wait()
    subprocess.run([sys.executable, "-c", ""], check=True)

def test_clear_up_for_the_end_of_the_process():
    for one in KEPT:
        if isinstance(one, QThread):
            one.quit()
            one.wait()
        elif isinstance(one, threading.Event):
            one.set()
        elif isinstance(one, subprocess.Popen):
            one.communicate("")
'''


def test_coroutines_run_on_the_loop_of_qt(finish, qapp):
    async def told_by_a_timer() -> str:
        told = asyncio.get_running_loop().create_future()
        QTimer.singleShot(0, lambda: told.set_result("by Qt"))
        return await told

    async def never() -> None:
        await asyncio.get_running_loop().create_future()

    assert finish(told_by_a_timer()) == "by Qt"
    with pytest.raises(TimeoutError):
        finish(never(), seconds=0.01)
    assert finish(told_by_a_timer()) == "by Qt"


def test_each_kind_of_leak_is_found(tmp_path: Path):
    conftest = Path(__file__).with_name("conftest.py")
    (tmp_path / "conftest.py").write_text(conftest.read_text("utf-8"), "utf-8")
    (tmp_path / "test_leaks.py").write_text(CASES, "utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-rE", "-p", "no:cacheprovider", str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    assert "9 passed, 7 errors" in done.stdout, done.stdout + done.stderr
    for sentence in ("window QWidget", "active timer", "running QThread", "thread left alone", "child process"):
        assert "the test left behind: " + sentence in done.stdout, sentence
    for touch in ("setWindowTitle from the thread stranger", "resize from the thread"):
        assert "touched outside the thread of the window: QWidget." + touch in done.stdout
