"""A whole studio for each test: the window, its desk and real lanes, in a folder of its own."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QLocale
from PySide6.QtWidgets import QApplication

from engines.contract import Budget
from engines.runtime.messages import Answered
from studio.app import build
from studio.desk import Desk
from studio.exploration.exploration import VIEW
from studio.window import MainWindow
from tests.gui.forked_lanes import forked_lanes
from widgets.theme import appearance


class Analyst:
    """Sits before the window and waits for what happens, never for time to pass."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window
        self._final = 0         # number of the newest query that was answered to its end
        window.desk.engine.answered.connect(self._note)

    @property
    def desk(self) -> Desk:
        return self.window.desk

    async def until(self, met: Callable[[], bool], *signals: object) -> None:
        """Wait until something holds; it is looked at whenever one of the signals comes."""
        if met():
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def look(*_: object) -> None:
            if not future.done() and met():
                future.set_result(None)

        for signal in signals:
            signal.connect(look)  # type: ignore[attr-defined]
        try:
            look()
            await future
        finally:
            for signal in signals:
                signal.disconnect(look)  # type: ignore[attr-defined]

    async def open_sample(self, name: str) -> None:
        """As a click on its card does."""
        self.window.start.sample_chosen.emit(name)
        await self.until(lambda: self.desk.workspace.data is not None, self.desk.workspace.data_changed)

    async def read(self, paths: list[Path]) -> None:
        """Drop files and wait until they are taken or refused."""
        seen: list[object] = []
        desk = self.desk
        for signal in (desk.data_taken, desk.graph_taken, desk.opened, desk.refused):
            signal.connect(lambda *a: seen.append(a))
        self.window.take_paths(paths)
        await self.until(lambda: bool(seen), desk.data_taken, desk.graph_taken, desk.opened, desk.refused)

    async def trained(self, number: int) -> None:
        """Wait until a run has ended and, when it is done, its model is open."""
        runs, exploration = self.desk.runs, self.desk.exploration
        await self.until(lambda: runs.run(number).ended is not None, runs.ended)
        if runs.run(number).state == "done":
            folder = str(runs.run(number).model)
            await self.until(
                lambda: exploration.subject is not None and exploration.subject.model == folder,
                exploration.subject_changed,
            )

    async def answered(self) -> None:
        """Wait for the final answer to the newest wish."""
        engine = self.desk.engine
        await self.until(lambda: self._final == engine._numbers.get(VIEW), engine.answered)

    def _note(self, told: Answered) -> None:
        answer = told.answer
        if told.view == VIEW and answer.stage is Budget.FINAL and answer.step == answer.total:
            self._final = told.number


@pytest.fixture(scope="session", autouse=True)
def _workers(qt_loop) -> None:
    """The loop's worker threads belong to the session, not to the test that first reads a file in one; what is there
    by then stays, and is not looked at by each collection.
    """
    gc.collect()
    gc.freeze()
    qt_loop.run_until_complete(asyncio.to_thread(int))


@pytest.fixture(autouse=True)
def _lanes() -> Iterator[None]:
    """Lanes that are there at once; a test that leaves one behind fails."""
    with forked_lanes() as started:
        yield
    left = [str(one.pid) for one in started if one.wait(2.0) is None]
    assert not left, f"lanes were left behind: {', '.join(left)}"


@pytest.fixture
def window(qt_loop, qapp: QApplication, tmp_path: Path, monkeypatch) -> Iterator[MainWindow]:
    """The studio's window, shown; projects go to the test's folder."""
    monkeypatch.setattr("studio.project.recent.user_state_path", lambda *a, **k: tmp_path / "state")
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    appearance().install(qapp)
    appearance().set_motion("reduced")
    qapp.setQuitOnLastWindowClosed(False)       # a test goes on when its window is closed
    found = build(tmp_path)
    found.show()
    yield found
    found.desk.close()          # what still works is not asked about
    found.close()
    found.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)     # Qt dresses what is left at each change
    del found
    gc.collect()        # what a window leaves in cycles would slow every later test of this process
    appearance().set_motion("system")


@pytest.fixture
def analyst(window: MainWindow) -> Analyst:
    return Analyst(window)
