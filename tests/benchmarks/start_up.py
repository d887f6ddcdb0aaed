"""Start to window: the studio's first painted frame beside that of an empty PySide6 window with a PlotWidget.

    .venv/bin/python tests/benchmarks/start_up.py [--rounds 7]

All are fresh processes, taken in turn, timed from their launch to the end of the first paint of the window, and in the
last row to the furnished window, in which everything can be done. Prints wall and CPU seconds; the design asks for at
most 1.5 times the empty window.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys

from asked import Figure, tell

_AFTER_PAINT = """
import json, time
from PySide6.QtCore import QEvent, QObject, QTimer
class First(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, self.done)
            watched.removeEventFilter(self)
        return False
    def done(self):
        print(json.dumps({"wall": time.time() - BEGAN, "cpu": time.process_time()}), flush=True)
        import os
        os._exit(0)
"""

EMPTY = """
import sys
BEGAN = float(sys.argv[1])
from PySide6.QtWidgets import QApplication, QMainWindow
import pyqtgraph
application = QApplication([])
window = QMainWindow()
window.resize(1440, 900)
plot = pyqtgraph.PlotWidget()
plot.plot([0, 1, 2], [0, 1, 0])
window.setCentralWidget(plot)
""" + _AFTER_PAINT + """
first = First()
window.centralWidget().viewport().installEventFilter(first)
window.show()
application.exec()
"""

READY = """
import sys, tempfile, time, json, os
from pathlib import Path
BEGAN = float(sys.argv[1])
import asyncio
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop
from studio.app import MainWindow, dress
application = QApplication([])
dress(application)
loop = QEventLoop(application)
asyncio.set_event_loop(loop)
window = MainWindow()
def furnish():
    from studio.desk import Desk
    window.furnish(Desk(Path(tempfile.mkdtemp())))
    print(json.dumps({"wall": time.time() - BEGAN, "cpu": time.process_time()}), flush=True)
    os._exit(0)
window.appeared.connect(furnish)
window.show()
loop.run_forever()
"""

STUDIO = """
import sys
BEGAN = float(sys.argv[1])
import asyncio
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop
from studio.app import MainWindow, dress
application = QApplication([])
dress(application)
loop = QEventLoop(application)
asyncio.set_event_loop(loop)
window = MainWindow()
""" + _AFTER_PAINT + """
first = First()
window.centralWidget().installEventFilter(first)
window.show()
loop.run_forever()
"""


def once(script: str) -> dict[str, float]:
    """Seconds of one start."""
    import time

    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "OMP_NUM_THREADS": "1"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)    # compiled once, as on a desk; the first start is left out
    done = subprocess.run(
        [sys.executable, "-c", script, repr(time.time())], capture_output=True, text=True, env=environment, check=False
    )
    if not done.stdout.strip():
        raise RuntimeError(done.stderr)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    scripts = {"empty window": EMPTY, "studio": STUDIO, "studio, ready": READY}
    seen: dict[str, list[dict[str, float]]] = {name: [] for name in scripts}
    for _ in range(options.rounds + 1):
        for name, script in scripts.items():
            seen[name].append(once(script))
    head = f"{'':14}{'wall median':>12}{'wall max':>10}{'CPU median':>12}"
    print(f"{head}   seconds, {options.rounds} starts, the first left out")
    medians = {}
    for name, rows in seen.items():
        wall, cpu = [r["wall"] for r in rows[1:]], [r["cpu"] for r in rows[1:]]
        medians[name] = statistics.median(wall)
        print(f"{name:14}{medians[name]:12.3f}{max(wall):10.3f}{statistics.median(cpu):12.3f}")
    tell(
        Figure("window on the screen over an empty PySide6 window", medians["studio"] / medians["empty window"], "x",
               most=1.5),
        Figure("window with all panels ready, from launch", medians["studio, ready"], "s"),
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
