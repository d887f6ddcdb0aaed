"""What a run costs the window, and what the window costs the run.

    .venv/bin/python tests/benchmarks/while_training.py [--seconds 20]

Event-loop gaps: a timer of 4 ms in the open window (offscreen, curves drawn), first without a run and then while
CausalDiffAE trains; the 99th percentile may grow to 1.5 times, every gap over 100 ms is printed with what ran.
Training speed: steps a second of the same run in the lane with the window open, over the bare loop in a process of
its own, one thread each; at least 0.95 is asked.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from asked import Figure, tell
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from engines.runtime.messages import ENDED, RunRequest
from engines.runtime.wire import from_plain, to_plain
from studio.app import build, dress
from studio.runs.runs import RunInfo
from studio.window import MainWindow

_BARE = """
import json, sys, time
from engines.runtime import local
from engines.runtime.context import Token
from engines.runtime.messages import Progress
from engines.runtime.wire import from_plain
request = from_plain(json.loads(sys.stdin.read()))
seconds = float(sys.argv[1])
token = Token()
seen = []
def take(events):
    for event in events:
        if isinstance(event, Progress) and event.phase == "training":
            seen.append((time.perf_counter(), event.done))
    if seen and seen[-1][0] - seen[0][0] > seconds:
        token.cancel()
local.run(request, take, token)
(a, first), (b, last) = seen[len(seen) // 10], seen[-1]
print(json.dumps((last - first) / (b - a)))
"""


class Gaps:
    """Times between the ticks of a timer in the event loop, ms."""

    def __init__(self) -> None:
        self.seen: list[float] = []
        self.long: list[tuple[float, str]] = []
        self.doing = ""
        self._last = time.perf_counter()
        self._timer = QTimer()
        self._timer.setInterval(4)
        self._timer.timeout.connect(self._tick)

    def start(self, doing: str) -> None:
        """Count from now on; `doing` names what runs."""
        self.doing, self.seen, self.long = doing, [], []
        self._last = time.perf_counter()
        self._timer.start()

    def _tick(self) -> None:
        now = time.perf_counter()
        gap = 1000 * (now - self._last)
        self.seen.append(gap)
        if gap > 100:
            self.long.append((gap, self.doing))
        self._last = now


def line(name: str, gaps: Gaps) -> float:
    """Print one row; the 99th percentile."""
    seen = np.array(gaps.seen)
    late = float(np.percentile(seen, 99))
    print(f"{name:28}{np.median(seen):9.1f}{late:9.1f}{seen.max():9.1f}{len(seen):8}")
    for gap, doing in gaps.long:
        print(f"    gap of {gap:.0f} ms while {doing}")
    return late


def steps_per_second(seen: list[tuple[float, int]]) -> float:
    """Over all but the first tenth."""
    (a, first), (b, last) = seen[len(seen) // 10], seen[-1]
    return (last - first) / (b - a)


async def measure(window: MainWindow, seconds: float) -> tuple[float, RunRequest]:
    """Gaps without and with a run; steps a second inside the studio, and the request to repeat bare."""
    desk = window.desk
    desk.open_sample("morpho_digits")
    while desk.exploration.subject is None:
        await asyncio.sleep(0.05)
    await asyncio.sleep(4)
    info = desk.train()
    await asyncio.sleep(8)
    desk.runs.stop(info.number)
    while desk.runs.run(info.number).state not in ENDED:
        await asyncio.sleep(0.05)
    gaps = Gaps()
    print(f"{'event-loop gaps':28}{'median':>9}{'99 %':>9}{'max':>9}{'n':>8}   wall ms, timer of 4 ms")
    gaps.start("nothing trains")
    await asyncio.sleep(seconds)
    calm = line("the curves, no run", gaps)
    info = desk.train()
    seen: list[tuple[float, int]] = []

    def note(changed: RunInfo) -> None:
        if changed.number == info.number and changed.phase == "training":
            seen.append((time.perf_counter(), changed.done))

    desk.runs.changed.connect(note)
    await asyncio.sleep(6)
    gaps.start("the run trains")
    await asyncio.sleep(seconds)
    busy = line("the curves, a run trains", gaps)
    tell(
        Figure("event-loop gaps, 99th percentile, with a run over without", busy / calm, "x", most=1.5),
        Figure("event-loop gaps over 100 ms while a run trains", len(gaps.long)),
    )
    desk.runs.stop(info.number)
    while desk.runs.run(info.number).state not in ENDED:
        await asyncio.sleep(0.05)
    return steps_per_second(seen), info.request


def main() -> int:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0)
    options = parser.parse_args()
    application = QApplication(sys.argv[:1])
    dress(application)
    loop = QEventLoop(application)
    asyncio.set_event_loop(loop)
    window = build(Path(tempfile.mkdtemp()))
    window.show()
    with loop:
        inside, request = loop.run_until_complete(measure(window, options.seconds))
        window.close()
    plain = to_plain(request)
    assert from_plain(plain) == request
    plain["folder"] = tempfile.mkdtemp()
    done = subprocess.run(
        [sys.executable, "-c", _BARE, str(options.seconds)], input=json.dumps(plain), capture_output=True, text=True,
        check=True,
    )
    bare = float(json.loads(done.stdout))
    print(f"steps a second: {inside:.2f} inside, {bare:.2f} bare")
    tell(Figure("training speed inside the studio over the bare loop", inside / bare, "x", least=0.95))
    return 0


if __name__ == "__main__":
    sys.exit(main())
