"""Each panel, popup and dialog opened and closed many times: nothing of it piles up."""

from __future__ import annotations

import gc
import mmap
import threading
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QThread, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from studio.dialogs import ask_files, ask_folder, ask_target
from studio.runs.machine import memory
from tests.conftest import _children

WARM = 2
MOST_GROWTH = 2 << 20       # bytes
PANELS = ("Data", "Graph", "Methods", "Curves", "Counterfactual", "Results", "Models", "Jobs", "Start")


@dataclass(frozen=True)
class Held:
    """What the process holds."""

    widgets: int
    objects: int
    windows: int
    timers: int
    threads: int
    python_threads: int
    children: int
    files: int


def flush() -> None:
    """Let all that waits happen, and all that is forgotten go."""
    for _ in range(3):
        QCoreApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()


def held(window: QWidget) -> Held:
    found = window.findChildren(QObject)
    running = [one for one in gc.get_objects() if issubclass(type(one), QThread)]
    handles = Path("/proc/self/fd")
    files = len(list(handles.iterdir())) if handles.exists() else 0
    return Held(
        len(QApplication.allWidgets()), len(found), len(QApplication.topLevelWidgets()),
        sum(isinstance(one, QTimer) and one.isActive() and not one.isSingleShot() for one in found),
        len(running), threading.active_count(), len(_children()), files,
    )


def panel(name: str) -> Callable[[object], None]:
    def cycle(window) -> None:
        window.show_panel(name)
        QCoreApplication.processEvents()
        if name == "Jobs":
            window.rooms.jobs.close_drawer()
        elif name not in ("Data", "Start"):
            window.homes.hide_panel(name)
        window.show_desk()

    return cycle


def floated(name: str) -> Callable[[object], None]:
    def cycle(window) -> None:
        window.show_panel(name)
        for _ in range(2):
            window.homes.turn_last()
            QCoreApplication.processEvents()

    return cycle


def dialog(ask: Callable[..., QFileDialog]) -> Callable[[object], None]:
    def cycle(window) -> None:
        more = (["PNG (*.png)"], "png") if ask is ask_target else ()
        opened = ask(window, "Choose", *more, lambda _paths: None)
        QCoreApplication.processEvents()
        opened.close()

    return cycle


def popup(name: str) -> Callable[[object], None]:
    def cycle(window) -> None:
        rooms = window.rooms
        shown = {
            "settings": (rooms._open_settings, rooms.settings.close_popup),
            "rename": (lambda: rooms.rename.open_under(window.top.project_button, "x"), rooms.rename.close_popup),
            "palette": (rooms.palette.open_palette, rooms.palette.close_popup),
            "help": (rooms._open_help, rooms.help.close_help),
            "report": (rooms.reports.drawer.open_drawer, rooms.reports.drawer.close_drawer),
        }
        opening, closing = shown[name]
        opening()
        QCoreApplication.processEvents()
        closing()

    return cycle


CYCLED: dict[str, Callable[[object], None]] = {
    **{name: panel(name) for name in PANELS},
    **{f"floating {name}": floated(name) for name in ("Graph", "Curves", "Counterfactual")},
    **{name: popup(name) for name in ("settings", "rename", "palette", "help", "report")},
    **{ask.__name__: dialog(ask) for ask in (ask_files, ask_folder, ask_target)},
}


def grown(cycle: Callable[[object], None], window, cycles: int) -> str:
    """What there is more of after so many cycles; empty when it is nothing.

    Memory counts when it grows twice over: a cache is filled once.
    """
    told = ""
    for _ in range(2):
        flush()
        before, began = held(window), memory([])[0]
        for _ in range(cycles):
            cycle(window)
        flush()
        after, more = held(window), memory([])[0] - began
        told = ", ".join(
            f"{field.name} from {getattr(before, field.name)} to {getattr(after, field.name)}" for field in fields(Held)
            if getattr(after, field.name) > getattr(before, field.name)
        )
        if told or more <= MOST_GROWTH:
            return told
        told = f"memory by {more:,} bytes"
    return told


@pytest.mark.parametrize("cycles", [4, pytest.param(50, marks=pytest.mark.robustness)])
def test_nothing_piles_up_when_panels_come_and_go(analyst, finish, cycles: int) -> None:
    window = analyst.window

    async def story() -> None:
        await analyst.open_sample("sachs_proteins")
        window.show_desk()

    finish(story(), 60)
    found = {}
    for name, cycle in CYCLED.items():
        for _ in range(WARM):
            cycle(window)
        if told := grown(cycle, window, cycles):
            found[name] = told
    assert found == {}


def test_what_piles_up_is_found(window) -> None:
    kept: list[QWidget] = []
    assert "widgets from" in grown(lambda _window: kept.append(QWidget(window)), window, 5)
    memories: list[mmap.mmap] = []

    def hold(_window: object) -> None:
        memories.append(mmap.mmap(-1, 2 << 20))        # pages of its own, never room that the process has left over
        memories[-1].write(b"x" * (2 << 20))

    assert "memory by" in grown(hold, window, 5)
