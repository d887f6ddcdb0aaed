"""Stop, in the window: seen at once even of a run that does not listen, ended by force, and then it is still."""

from __future__ import annotations

import time
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engines.runtime.messages import RunState
from tests.gui.test_survival import LONG, opened, runs, three, troubled

__all__ = ["three", "troubled"]         # fixtures
SEEN, FORCED, AT_MOST = 0.25, 5.0, 8.0


def test_stop_is_seen_at_once_ends_a_deaf_run_by_force_and_nothing_of_it_comes_later(analyst, three: Path, finish):
    window, desk = analyst.window, analyst.desk

    async def story() -> None:
        await opened(analyst, three)
        info = await runs(analyst, "deaf", LONG)
        window.show_panel("Jobs")
        seen: list[float] = []

        def look(*_: object) -> None:
            shown = window.strip.accessibleName() + " ".join(window.rooms.jobs.row(info.number).words())
            if info.state is RunState.CANCELLING and "topping" in shown and not seen:
                seen.append(time.perf_counter() - began)

        desk.runs.changed.connect(look)
        began = time.perf_counter()
        QTest.keyClick(window, Qt.Key.Key_Period, Qt.KeyboardModifier.ControlModifier)
        await analyst.until(lambda: bool(seen), desk.runs.changed)
        assert seen[0] < SEEN
        await analyst.trained(info.number)
        assert FORCED <= time.perf_counter() - began < AT_MOST
        assert info.state is RunState.CANCELLED
        assert "by force" in info.ended.sentence

        later: list[int] = []
        for signal in (desk.runs.points, desk.runs.shown, desk.runs.changed, desk.runs.ended):
            signal.connect(lambda of, *_: later.append(of.number))
        again = await runs(analyst)
        await analyst.trained(again.number)
        assert again.state is RunState.DONE
        assert set(later) == {again.number}, "nothing of the old run reaches a panel"

    finish(story(), 60)
