"""Every broken file, dropped on every panel of the window: said in a sentence, never raised, and nothing ever waits."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from engines.graph.graph import Graph
from tests.gui.test_bad_input import drop, made
from tests.robustness.corpus import CASES, Case
from widgets.kit.message_bar import MessageBar

PANELS = (
    "Start", "Data", "Graph", "Methods", "Curves", "Counterfactual", "Results", "Models", "Jobs", "floating Graph",
)
GOOD_APART = {"labels_for_a_table"}
"""Two tables, of which one was named as the labels of the other: dropped together, both are taken."""
PICKLES = {"pickle_under_its_own_name", "torch_file", "pickle_named_csv", "npz_with_a_pickle"}
MOST = 2.0
"""Seconds from the drop to its sentence."""
STILL = 0.5
"""Seconds for which the window may not answer: far more than a frame, far less than reading a large file takes."""


class Pulse:
    """Beats in the event loop; remembers the longest time between two beats."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._last = time.perf_counter()
        self._loop = asyncio.get_running_loop()
        self._next = self._loop.call_later(0.01, self._beat)

    def _beat(self) -> None:
        now = time.perf_counter()
        self.longest, self._last = max(self.longest, now - self._last), now
        self._next = self._loop.call_later(0.01, self._beat)

    def stop(self) -> float:
        self._next.cancel()
        return max(self.longest, time.perf_counter() - self._last)


def shown(window, panel: str) -> QWidget:
    """The panel, brought to the front."""
    name = panel.removeprefix("floating ")
    window.show_panel(name)
    if panel != name and not window.homes.is_floating(name):
        window.homes.turn_last()
    rooms = {
        "Start": window.start, "Data": window.rooms.data, "Graph": window.rooms.graph.canvas,
        "Methods": window.rooms.methods, "Curves": window.rooms.curves.plot, "Jobs": window.rooms.jobs,
        "Counterfactual": window.rooms.counterfactual, "Results": window.rooms.results, "Models": window.rooms.models,
    }
    return rooms[name]


def said(window) -> list[str]:
    """Sentences that stand in the window."""
    bars = [bar for bar in window.findChildren(MessageBar) if bar.isVisible()]
    return [bar.sentence() for bar in bars] + [str(file.refusal) for file in window.desk.intake.refused.values()]


async def fallen(analyst, target: QWidget, paths: list[Path]) -> list[str]:
    """Drop, and wait until something is said of it."""
    window, desk = analyst.window, analyst.desk
    for bar in window.findChildren(MessageBar):
        bar.hide()
    for key in list(desk.intake.refused):
        desk.intake.dismiss(key)
    seen: list[object] = []
    signals = (desk.refused, desk.data_taken, desk.graph_taken, desk.opened)
    for signal in signals:
        signal.connect(lambda *news: seen.append(news))
    drop(target, paths)
    await analyst.until(lambda: bool(seen or said(window)), *signals)
    return said(window)


def cases_for(panel: str, *, all_of_them: bool) -> list[Case]:
    """All; or the pickles, and for each panel its share of the others, so that together they are all."""
    cases = [case for case in CASES if case.name not in GOOD_APART]
    share = cases[PANELS.index(panel)::len(PANELS)]
    return cases if all_of_them else share + [case for case in cases if case.name in PICKLES and case not in share]


@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.robustness)], ids=["share", "all"])
@pytest.mark.parametrize("panel", PANELS)
def test_a_broken_file_falls_on_a_panel(analyst, finish, tmp_path: Path, panel: str, every: bool) -> None:
    window, desk = analyst.window, analyst.desk

    async def story() -> None:
        if panel != "Start":
            window.new_project()
        desk.workspace.set_graph(Graph.of("xy"), "draw")
        for case in cases_for(panel, all_of_them=every):
            paths, target = made(case, tmp_path), shown(window, panel)
            await asyncio.sleep(0)
            pulse, began = Pulse(), time.perf_counter()
            sentences = await fallen(analyst, target, paths)
            took, still = time.perf_counter() - began, pulse.stop()
            assert sentences, case.name
            assert all(sentence.endswith(".") for sentence in sentences), (case.name, sentences)
            assert took < MOST, (case.name, took)
            assert still < STILL, (case.name, still)
            assert not (tmp_path / case.name / "it ran").exists(), case.name
            assert desk.workspace.data is None, case.name
            assert desk.workspace.graph == Graph.of("xy"), case.name
            assert desk.exploration.subject is None, case.name

    finish(story(), 300)
