"""What every test shares: a Qt without a screen, settings apart from the user's own, real data, and leak guards."""

from __future__ import annotations

import asyncio
import gc
import os
import select
import shutil
import sys
import tempfile
import threading
import weakref
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
_HOME = Path(tempfile.mkdtemp(prefix="otherwise-tests-"))
for _name in ("config", "data", "state", "cache"):
    os.environ[f"XDG_{_name.upper()}_HOME"] = str(_HOME / _name)
os.environ["XDG_DOCUMENTS_DIR"] = str(_HOME / "documents")
(_HOME / "config").mkdir()
(_HOME / "config" / "user-dirs.dirs").write_text(f'XDG_DOCUMENTS_DIR="{_HOME / "documents"}"\n', "utf-8")

import pytest  # noqa: E402 (Qt reads the variables above when it is first imported)
import qasync  # noqa: E402
from PySide6.QtCore import QAbstractItemModel, QCoreApplication, QEvent, QThread, QTimer  # noqa: E402
from PySide6.QtGui import QPixmap  # noqa: E402
from PySide6.QtWidgets import QApplication, QWidget  # noqa: E402
from shiboken6 import isValid  # noqa: E402

from studio.collecting import Collector  # noqa: E402

gc.disable()        # as in the application: cycles that hold widgets are collected in this thread only
ROOT = Path(__file__).resolve().parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the length of a soak."""
    parser.addoption("--soak-minutes", type=float, default=2.0, help="how long a soak lasts (default: 2)")


def pytest_unconfigure() -> None:
    """Remove the settings and documents that the tests wrote."""
    shutil.rmtree(_HOME, ignore_errors=True)


@pytest.fixture
def soak_minutes(request: pytest.FixtureRequest) -> float:
    """How long a soak lasts, in minutes."""
    return float(request.config.getoption("--soak-minutes"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data that lies beside a checkout; skips the test where there is none."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the real data are not here: ../shared/data is missing beside the checkout")
    return folder


@pytest.fixture(scope="session")
def qt_loop(qapp: QApplication) -> Iterator[qasync.QEventLoop]:
    """The one asyncio loop over the session's QApplication."""
    loop = qasync.QEventLoop(qapp)
    asyncio.set_event_loop(loop)
    Collector(qapp)
    yield loop
    asyncio.set_event_loop(None)
    loop.close()


@pytest.fixture
def finish(qt_loop: qasync.QEventLoop) -> Callable[..., Any]:
    """`finish(coroutine, seconds=30)`: run it on the loop of Qt and give its value; fails when it takes longer."""

    def run(coroutine: Coroutine[Any, Any, Any], seconds: float = 30.0) -> Any:
        return qt_loop.run_until_complete(asyncio.wait_for(coroutine, seconds))

    return run


# ---------------------------------------------------------------------------------------------------------- leak guards


class _Started:
    """Remembers weakly which threads or timers were started, by standing in for their `start`."""

    def __init__(self, kind: type[QThread] | type[QTimer]) -> None:
        self.seen: list[weakref.ref] = []
        original = kind.start

        def start(this: object, *arguments: object) -> object:
            self.seen.append(weakref.ref(this))
            return original(this, *arguments)

        kind.start = start  # type: ignore[method-assign]

    def since(self, mark: int) -> list:
        living = (reference() for reference in self.seen[mark:])
        return [one for one in living if one is not None and isValid(one)]


_threads, _timers = _Started(QThread), _Started(QTimer)


class _Trespass:
    """Watches every other thread, of Python's and of qasync's: what it does to widgets, and which signals it emits.

    A worker may hand plain data over by a signal; these stand in `CROSSING`, and a test looks at who receives them.
    """

    CROSSING = frozenset({"_woken", "unwritten"})

    def __init__(self) -> None:
        self.seen: list[str] = []
        self._guarded = (QWidget, QAbstractItemModel, QPixmap)
        self._ours = tuple(f"{ROOT / part}{os.sep}" for part in ("engines", "widgets", "studio", "tests"))
        threading.setprofile(self._look)
        worker, watch = qasync._QThreadWorker.run, self._look

        def run(this: object) -> None:
            sys.setprofile(watch)
            worker(this)

        qasync._QThreadWorker.run = run

    def _look(self, frame: FrameType, event: str, called: Any) -> None:
        if event == "c_call":
            owner = getattr(called, "__self__", None)
            if isinstance(owner, self._guarded):
                self._note(f"{type(owner).__name__}.{called.__name__}", frame)
            elif type(owner).__name__ == "SignalInstance" and frame.f_code.co_filename.startswith(self._ours):
                name = repr(owner).partition("SignalInstance ")[2].partition("(")[0]
                if called.__name__ == "emit" and name not in self.CROSSING:
                    self._note(f"the signal {name}", frame)
        elif event == "call" and frame.f_code.co_varnames[:1] == ("self",) and (
            frame.f_code.co_filename.startswith(self._ours)
        ):
            owner = frame.f_locals.get("self")
            if isinstance(owner, self._guarded):
                self._note(f"{type(owner).__name__}.{frame.f_code.co_name}", frame)

    def _note(self, what: str, frame: FrameType) -> None:
        where = f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}"
        self.seen.append(f"{what} from the thread {threading.current_thread().name} ({where})")


_trespass = _Trespass()


def _own_windows() -> set[QWidget]:
    """Top-level widgets that are ours or on show; pyqtgraph keeps hidden menus of its own for its lifetime."""
    if QApplication.instance() is None:
        return set()
    windows = (one for one in QApplication.topLevelWidgets() if isValid(one))
    return {one for one in windows if one.isVisible() or type(one).__module__.split(".")[0] in ("studio", "widgets")}


def _children() -> set[int]:
    """Living child processes, where the system tells; without the helpers that multiprocessing keeps."""
    found = set()
    for task in Path("/proc/self/task").glob("*/children"):
        try:
            numbers = task.read_text().split()
        except OSError:
            continue
        for number in numbers:
            try:
                command = Path("/proc", number, "cmdline").read_bytes()
            except OSError:
                continue
            if command and b"resource_tracker" not in command and b"forkserver" not in command:
                found.add(int(number))
    return found


def _outlives(process: int, seconds: float) -> bool:
    """Whether a child is still there after a grace time; returns as soon as it ends."""
    try:
        handle = os.pidfd_open(process)
    except (OSError, AttributeError):
        return False
    try:
        return not select.select([handle], [], [], seconds)[0]
    finally:
        os.close(handle)


def _threads_of_python() -> set[threading.Thread]:
    return {one for one in threading.enumerate() if not one.daemon and not isinstance(one, threading._DummyThread)}


@pytest.fixture(autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """Fail a test that leaves a window, a running thread or timer, or a child process, or in which another thread
    than the first touches a widget.

    What fixtures of a wider scope hold was there before and is not counted. pytest-qt has closed the widgets given to
    `qtbot` by the time this looks.
    """
    windows, python_threads, children = _own_windows(), _threads_of_python(), _children()
    threads, timers = len(_threads.seen), len(_timers.seen)
    _trespass.seen.clear()
    yield
    gc.collect(1)
    assert not _trespass.seen, "touched outside the thread of the window: " + ", ".join(_trespass.seen[:5])
    if QCoreApplication.instance() is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    if _own_windows() - windows or any(one.isActive() for one in _timers.since(timers)):
        gc.collect()  # a window in a reference cycle is not leaked, only late
        if QCoreApplication.instance() is not None:
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    left = [f"window {type(one).__name__} {one.windowTitle()!r}" for one in _own_windows() - windows]
    left += [f"running {type(one).__name__}" for one in _threads.since(threads) if one.isRunning()]
    left += [f"active timer of {type(one.parent()).__name__}" for one in _timers.since(timers) if one.isActive()]
    left += [f"thread {one.name}" for one in _threads_of_python() - python_threads if one.is_alive()]
    left += [f"child process {one}" for one in _children() - children if _outlives(one, 2.0)]
    assert not left, "the test left behind: " + ", ".join(left)
