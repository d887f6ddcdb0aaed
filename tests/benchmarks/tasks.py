"""Five tasks of an analyst, by mouse and by keyboard, each from a clean start: clicks or keys, and seconds.

    PYTHONPATH=. .venv/bin/python tests/benchmarks/tasks.py [--only NAME]

The real window (offscreen) with real lanes; hands click, drag, drop and press keys as an analyst does. A text that is
typed or pasted in one go counts as one. Seconds are by the clock, with all that the studio computes in between. The
design asks for at most 12 acts each. Finding wrong labels waits for a method that answers that question.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from asked import Figure, tell
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from engines.contract import Budget
from engines.questions import Question
from engines.runtime.messages import ENDED, RunState
from studio.app import build, dress
from studio.window import MainWindow
from tests.gui.hands import Hands
from widgets.theme import appearance

ROOT = Path(__file__).resolve().parents[2]
MOST = 12
TABLE = ROOT / "resources" / "samples" / "sachs_proteins" / "sachs_cytometry.csv"
CHOOSE = {Question.IMAGE_IF: "1", Question.CAUSES: "2"}


class Seat:
    """One analyst before one window."""

    def __init__(self, window: MainWindow, folder: Path) -> None:
        self.window, self.desk, self.folder = window, window.desk, folder
        self.hands = Hands(window)

    async def until(self, what: str, met: Callable[[], bool], seconds: float = 600) -> None:
        """Wait until something holds."""
        began = time.monotonic()
        while not met():
            if time.monotonic() - began > seconds:
                raise TimeoutError(f"Waited in vain until {what}.")
            await asyncio.sleep(0.01)

    async def read(self) -> None:
        """Wait until what was dropped or opened is there."""
        await self.until("the data are shown", lambda: self.window.page() == "Data" and bool(self.desk.workspace.data))

    async def trained(self) -> None:
        """Wait until the newest run has ended well and its model is open."""
        runs = self.desk.runs
        await self.until("a run is there", lambda: runs.newest is not None)
        await self.until("the run has ended", lambda: runs.newest.state in ENDED)
        if runs.newest.state is not RunState.DONE:
            raise RuntimeError(f"The run ended as {runs.newest.state}: {runs.newest.ended}")
        folder = str(runs.newest.model)
        await self.until("its model is open", lambda: (s := self.desk.exploration.subject) and s.model == folder)

    async def answered(self) -> None:
        """Wait for a final answer to what is asked now."""
        def final() -> bool:
            answer = self.desk.exploration.answer
            return answer is not None and answer.stage is Budget.FINAL and answer.step == answer.total

        await self.until("the answer is final", final)

    async def step(self) -> None:
        """The primary button, by mouse."""
        await self.hands.click(self.window.question._main)


async def drop_to_graph_by_mouse(seat: Seat) -> None:
    """Drop a table, ask which variables cause which, learn."""
    await seat.hands.drop([TABLE])
    await seat.read()
    await seat.step()
    await seat.hands.click(seat.window.start.card(Question.CAUSES))
    await seat.step()
    await seat.trained()
    assert seat.desk.workspace.graph.edges


async def drop_to_graph_by_keyboard(seat: Seat) -> None:
    """Open the table by its path instead."""
    await seat.hands.key("Ctrl+O")
    await seat.hands.answer_dialog(TABLE)
    await seat.read()
    await seat.hands.key("Ctrl+1")
    await seat.hands.key(CHOOSE[Question.CAUSES])
    await seat.hands.key("Ctrl+Return")
    await seat.trained()
    assert seat.desk.workspace.graph.edges


async def first_counterfactual_by_mouse(seat: Seat) -> None:
    """Drop pictures with labels, draw the graph over them, train, set a factor."""
    hands, window = seat.hands, seat.window
    await hands.drop([pictures(seat.folder)])
    await seat.read()
    await hands.click(window.question._main)
    await hands.click(window.start.card(Question.IMAGE_IF))
    canvas = window.rooms.graph.canvas
    for name in ("width", "brightness"):
        await hands.click(canvas.viewport(), place(seat, name))
    await hands.key("E")
    await hands.drag(canvas.viewport(), place(seat, "width"), place(seat, "brightness"))
    assert [edge.pair for edge in seat.desk.workspace.graph.edges] == [("width", "brightness")]
    await seat.step()
    await seat.trained()
    await seat.answered()
    groove = window.rooms.counterfactual._rows.row("width")._groove
    middle = groove.height() // 2
    line, state = groove._line(), groove.state()
    knob = QPoint(round(line.left() + state.share(state.value) * line.width()), middle)
    await hands.drag(groove, knob, QPoint(round(line.left() + 0.8 * line.width()), middle))
    await seat.answered()
    assert "width" in seat.desk.exploration.wish.do


async def first_counterfactual_by_keyboard(seat: Seat) -> None:
    """The same without a mouse."""
    hands = seat.hands
    await hands.key("Ctrl+O")
    await hands.answer_dialog(pictures(seat.folder))
    await seat.read()
    await hands.key("Ctrl+1")
    await hands.key(CHOOSE[Question.IMAGE_IF])
    await hands.key("Ctrl+A")
    await hands.key("Return")
    await hands.key("Shift+E")
    assert [edge.pair for edge in seat.desk.workspace.graph.edges] == [("width", "brightness")]
    await hands.key("Ctrl+Return")
    await seat.trained()
    await seat.answered()
    await hands.key("Ctrl+6")
    await hands.key("Right")
    await seat.answered()
    assert "width" in seat.desk.exploration.wish.do


async def export_by_mouse(seat: Seat) -> None:
    """Open the sample, export the figure."""
    await seat.hands.click(seat.window.start.sample_card("morpho_digits"))
    await seat.answered()
    await seat.hands.click(seat.hands.named("Export the figure", seat.window.rooms.counterfactual))
    await seat.hands.answer_dialog(seat.folder / "figure.png")
    assert (seat.folder / "figure.png").stat().st_size > 10_000


async def export_by_keyboard(seat: Seat) -> None:
    """The sample by the palette, the figure by its key."""
    await seat.hands.key("Ctrl+K")
    await seat.hands.type("sample morpho")
    await seat.hands.key("Return")
    await seat.answered()
    await seat.hands.key("Ctrl+E")
    await seat.hands.answer_dialog(seat.folder / "figure.png")
    assert (seat.folder / "figure.png").stat().st_size > 10_000


async def resume_by_mouse(seat: Seat) -> None:
    """The project of a studio that was killed while it trained stands on the start page."""
    path = await seat_of_a_killed_studio(seat)
    await seat.hands.click(seat.window.start.recent_row(path)._action)
    await went_on(seat)


async def resume_by_keyboard(seat: Seat) -> None:
    """The same by the palette, then by the bar that offers it."""
    await seat_of_a_killed_studio(seat)
    await seat.hands.key("Ctrl+K")
    await seat.hands.type("Interrupted")
    await seat.hands.key("Return")
    await seat.until("the runs are there", lambda: bool(seat.desk.runs.interrupted()))
    await seat.hands.key("Ctrl+K")
    await seat.hands.type("Resume run")
    await seat.hands.key("Return")
    await went_on(seat)


TASKS: dict[str, dict[str, Callable[[Seat], Awaitable[None]]]] = {
    "drop to graph": {"mouse": drop_to_graph_by_mouse, "keyboard": drop_to_graph_by_keyboard},
    "drop to first counterfactual": {
        "mouse": first_counterfactual_by_mouse, "keyboard": first_counterfactual_by_keyboard,
    },
    "export a figure": {"mouse": export_by_mouse, "keyboard": export_by_keyboard},
    "resume after a kill": {"mouse": resume_by_mouse, "keyboard": resume_by_keyboard},
}


def pictures(folder: Path) -> Path:
    """Bars whose width brings about their brightness: small pictures, so that training takes a minute."""
    generator = np.random.default_rng(0)
    width = generator.integers(1, 6, 400)
    brightness = 40 + 30 * width + generator.integers(-12, 13, 400)
    pixels = np.zeros((400, 8, 8), np.uint8)
    for i in range(400):
        pixels[i, :, 1 : 1 + width[i]] = brightness[i]
    path = folder / "bars.npz"
    np.savez(path, images=pixels, width=width.astype(float), brightness=brightness.astype(float))
    return path


def place(seat: Seat, name: str) -> QPoint:
    """Where a node, or a column that is offered as one, stands in the canvas."""
    canvas = seat.window.rooms.graph.canvas
    return canvas.mapFromScene(*canvas.geometry_of_graph().centre(name))


async def seat_of_a_killed_studio(seat: Seat) -> Path:
    """The project that a killed studio leaves behind, on the start page of this one."""
    child = subprocess.Popen(
        [sys.executable, __file__, "--victim", str(seat.folder)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert child.stdout is not None
    path = Path((await asyncio.to_thread(child.stdout.readline)).strip())
    child.kill()
    await asyncio.to_thread(child.wait)
    seat.window.show_panel("Start")
    await seat.until("the project is listed", lambda: seat.window.start.recent_row(path).isVisible())
    return path


async def went_on(seat: Seat) -> None:
    """Wait until the run works again."""
    runs = seat.desk.runs
    await seat.until("the run is there", lambda: runs.newest is not None)
    await seat.until("the run goes on", lambda: runs.newest.state is RunState.RUNNING and runs.newest.done > 1)


async def be_killed(window: MainWindow) -> None:
    """Train until there is a checkpoint, say where, and go on."""
    desk = window.desk
    desk.open_sample("morpho_digits")
    while desk.exploration.subject is None:
        await asyncio.sleep(0.05)
    desk.workspace.change_settings("causal_diffae", {"size": "tiny", "steps": 100_000})
    info = desk.train()
    while info.checkpoint is None:
        await asyncio.sleep(0.05)
    await asyncio.sleep(1.5)
    print(desk.project.folder, flush=True)
    await asyncio.Event().wait()


async def measure(task: Callable[[Seat], Awaitable[None]], folder: Path) -> tuple[int, float]:
    """Acts and seconds of one task in a window of its own."""
    window = build(folder)
    appearance().set_motion("reduced")
    window.show()
    window.activateWindow()
    await asyncio.sleep(0.5)
    seat = Seat(window, folder)
    began = time.perf_counter()
    try:
        await task(seat)
        return seat.hands.acts, time.perf_counter() - began
    finally:
        if (info := seat.desk.runs.current) is not None:
            seat.desk.runs.stop(info.number)
            await seat.until("the run has ended", lambda: info.state in ENDED)
        window.close()


def main() -> int:
    """Do the tasks and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="a part of a task's name")
    parser.add_argument("--victim", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    folder = Path(options.victim or tempfile.mkdtemp())
    os.environ["XDG_STATE_HOME"], os.environ["XDG_CONFIG_HOME"] = str(folder / "state"), str(folder / "config")
    application = QApplication(sys.argv[:1])
    dress(application)
    loop = QEventLoop(application)
    asyncio.set_event_loop(loop)
    with loop:
        if options.victim:
            window = build(folder)
            window.show()
            loop.run_until_complete(be_killed(window))
            return 0
        failed = 0
        for name, hands in TASKS.items():
            for by, task in hands.items():
                if options.only not in name:
                    continue
                own = Path(tempfile.mkdtemp(dir=folder))
                os.environ["XDG_STATE_HOME"] = str(own / "state")
                try:
                    acts, seconds = loop.run_until_complete(measure(task, own))
                except (AssertionError, AttributeError, OSError, RuntimeError, TimeoutError) as error:
                    failed += 1
                    print(f"{name} by {by} broke off: {type(error).__name__}: {error}", flush=True)
                    continue
                tell(Figure(f"{name} by {by}: acts", acts, most=MOST), Figure(f"{name} by {by}: time", seconds, "s"))
    print("find wrong labels: no method answers this question yet")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
