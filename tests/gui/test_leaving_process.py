"""The studio as a process: closed in the middle of a run it ends with code 0, and nothing of it stays behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.installing import install

ROOT = Path(__file__).parent.parent.parent

STUDIO = """
import sys, threading
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from engines.data.reference import DataReference
from studio.app import launch
from studio.window import MainWindow

application = QApplication([])

def begin():
    windows = [w for w in application.topLevelWidgets() if isinstance(w, MainWindow) and hasattr(w, "rooms")]
    if not windows:
        QTimer.singleShot(20, begin)
        return
    window, = windows
    desk = window.desk
    desk.new_project()
    data = DataReference(sys.argv[1], types={"x": "number"}, roles={"x": "factor"})
    desk.runs.start("troubled", "Troubled", data, {"way": "patient", "steps": 10**6})
    desk.runs.start("troubled", "Troubled", data, {"way": "good", "steps": 5})

    def leave(*_):
        desk.runs.points.disconnect(leave)
        print("lanes", *desk.engine.pids(), flush=True)
        print("closed", window.close(), flush=True)
        desk.leaving.stop()

    desk.runs.points.connect(leave)

QTimer.singleShot(0, begin)
code = launch()
left = [t.name for t in threading.enumerate() if t is not threading.main_thread() and not t.daemon]
print("left", *left, flush=True)
sys.exit(code)
"""


def test_stop_and_close_ends_the_process_with_code_0(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(ROOT / "tests" / "engine" / "troubled_package", tmp_path / "site", monkeypatch)
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    data = tmp_path / "three.csv"
    data.write_text("x\n1\n2\n4\n")
    done = subprocess.run(
        [sys.executable, "-c", STUDIO, str(data)], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    told = {line.split()[0]: line.split()[1:] for line in done.stdout.splitlines()}
    assert told["closed"] == ["False"], "it asks first"
    assert told["left"] == []
    assert told["lanes"]
    for lane in told["lanes"]:
        with pytest.raises(ProcessLookupError):
            os.kill(int(lane), 0)
    assert "Traceback" not in done.stderr
