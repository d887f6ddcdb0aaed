"""What the reading of many pictures costs the window: event-loop gaps while a folder of PNG files opens.

    .venv/bin/python tests/benchmarks/while_reading.py [--pictures 70000]

A timer of 4 ms in the open window (offscreen): first while nothing is read, then from the drop of the folder until its
pictures stand in the grid. No gap may be over 100 ms; each that is gets printed. Beside the gaps (wall) stands how much
of one the window's thread itself worked (CPU), which does not depend on what else runs on the machine.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from asked import Figure, tell
from PIL import Image
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop
from while_training import Gaps, line

from studio.app import build, dress
from studio.window import MainWindow


def made(folder: Path, count: int) -> Path:
    """A folder of small pictures, as a digit data set would have them."""
    folder.mkdir()
    draw = np.random.default_rng(0)
    y, x = np.mgrid[0:28, 0:28]
    for i in range(count):
        a, b, wide = draw.uniform(8, 20, 3)
        ring = 255 - 60 * np.abs(np.hypot(x - a, y - b) - wide / 2)
        Image.fromarray(np.clip(ring, 0, 255).astype(np.uint8)).save(folder / f"{i:05}.png")
    return folder


class Worked(Gaps):
    """Gaps, with the CPU time of the thread between two ticks, ms."""

    def __init__(self) -> None:
        super().__init__()
        self.worked: list[float] = []
        self._before = time.thread_time()

    def _tick(self) -> None:
        super()._tick()
        now = time.thread_time()
        self.worked.append(1000 * (now - self._before))
        self._before = now


async def measure(window: MainWindow, folder: Path) -> None:
    """The table of gaps, and the longest one."""
    window.desk.new_project()
    window.show_panel("Data")
    await asyncio.sleep(2)
    gaps = Worked()
    print(f"{'event-loop gaps':28}{'median':>9}{'99 %':>9}{'max':>9}{'n':>8}   wall ms, timer of 4 ms")
    gaps.start("nothing is read")
    await asyncio.sleep(5)
    line("the Data page, nothing read", gaps)
    gaps.start("the folder is read")
    gaps.worked.clear()
    began = time.perf_counter()
    window.take_paths([folder])
    while window.desk.workspace.data is None:
        await asyncio.sleep(0.01)
    seconds = time.perf_counter() - began
    await asyncio.sleep(1)
    late = line("a folder of PNG opens", gaps)
    tell(
        Figure("event-loop gap while a folder of PNG opens, 99 %", late, "ms"),
        Figure("longest event-loop gap while a folder of PNG opens", max(gaps.seen), "ms", most=100),
        Figure("most work of the window in one gap meanwhile", max(gaps.worked), "CPU ms", most=100),
        Figure("from the drop of the folder to its pictures", seconds, "s"),
    )


def main() -> int:
    """Make the folder, open the window, measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=70_000)
    parser.add_argument("--folder", type=Path, help="a folder of pictures that is there already")
    options = parser.parse_args()
    application = QApplication(sys.argv[:1])
    dress(application)
    loop = QEventLoop(application)
    asyncio.set_event_loop(loop)
    with tempfile.TemporaryDirectory() as name, loop:
        folder = options.folder or made(Path(name) / "pictures", options.pictures)
        window = build(Path(name) / "projects")
        window.show()
        loop.run_until_complete(measure(window, folder))
        window.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
