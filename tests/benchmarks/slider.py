"""Slider to picture: from a drag to the factor values, the preview and the refined picture on the screen's side.

    .venv/bin/python tests/benchmarks/slider.py [--drags 40]

The shipped Morpho model, an idle work lane, one image, the whole way: exploration, engine thread, pipe, answer lane,
and back. The design asks for a preview within 150 ms; values are wanted within 33 ms.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from asked import Figure, tell
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from engines.contract import Answer, Budget
from studio.app import dress
from studio.desk import Desk


class Stopwatch:
    """Milliseconds from each drag to the first that is seen of each stage of its answer; to the last of the final."""

    def __init__(self, desk: Desk) -> None:
        self._began = 0.0
        self._missing: set[Budget] = set()
        self.seen: dict[Budget, list[float]] = {budget: [] for budget in Budget}
        self.reached: asyncio.Event = asyncio.Event()
        self.wanted = Budget.PREVIEW
        desk.exploration.answered.connect(self.take)

    def start(self) -> None:
        """A drag begins now."""
        self._began, self._missing = time.perf_counter(), set(Budget)

    def take(self, answer: Answer, _seconds: float) -> None:
        """One answer came."""
        if answer.stage is Budget.FINAL and answer.step < answer.total:
            return
        if answer.stage in self._missing:
            self._missing.remove(answer.stage)
            self.seen[answer.stage].append(1000 * (time.perf_counter() - self._began))
        if answer.stage is self.wanted:
            self.reached.set()

    async def reach(self, stage: Budget) -> None:
        """Wait for a stage of the newest query."""
        self.wanted = stage
        await asyncio.wait_for(self.reached.wait(), 120)
        self.reached.clear()


async def measure(drags: int) -> dict[Budget, list[float]]:
    """Open the sample, drag, let go."""
    desk = Desk(Path(tempfile.mkdtemp()))
    try:
        desk.open_sample("morpho_digits")
        watch = Stopwatch(desk)
        await watch.reach(Budget.FINAL)
        for budget in Budget:
            watch.seen[budget].clear()
        control = desk.exploration.subject.factors[0]
        for i in range(drags):
            watch.start()
            desk.exploration.drag(control.name, control.low + (control.high - control.low) * (i + 0.5) / drags)
            await watch.reach(Budget.PREVIEW)
        for i in range(8):
            watch.start()
            desk.exploration.set(control.name, control.low + (control.high - control.low) * (i + 0.5) / 8)
            await watch.reach(Budget.FINAL)
        return watch.seen
    finally:
        desk.close()


def main() -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--drags", type=int, default=40)
    options = parser.parse_args()
    application = QApplication(sys.argv[:1])
    dress(application)
    loop = QEventLoop(application)
    asyncio.set_event_loop(loop)
    with loop:
        seen = loop.run_until_complete(measure(options.drags))
    print(f"{'stage':10}{'median':>9}{'95 %':>9}{'max':>9}{'n':>5}   wall ms from the drag, {os.cpu_count()} cores")
    for budget, times in seen.items():
        if times:
            times = sorted(times)
            late = times[min(round(0.95 * len(times)), len(times) - 1)]
            print(f"{budget:10}{statistics.median(times):9.1f}{late:9.1f}{times[-1]:9.1f}{len(times):5}")
    values, previews = (np.array(seen[budget]) for budget in (Budget.VALUES, Budget.PREVIEW))
    tell(
        Figure("drag to the first values, 95th percentile, wall", float(np.percentile(values, 95)), "ms", most=33),
        Figure("drag to the first preview, 95th percentile, wall", float(np.percentile(previews, 95)), "ms", most=150),
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
