"""The studio as a process on a bare machine: no network, no card, a program folder that cannot be written, an odd name.

Also in safe mode, beside a package of methods that fails.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.installing import install

ROOT = Path(__file__).parent.parent.parent
MOST = 5.0
"""Seconds from the launch to the furnished window."""

STUDIO = """
import json, os, sys, threading, time

installed, touched = sys.argv[1], []

def refuse(event, given):
    # No network, and nothing may be written where the program lies, as for a user to whom it does not belong.
    if event in ("socket.connect", "socket.getaddrinfo") and not isinstance(given[-1] if given else "", str):
        touched.append(event)
        raise OSError(101, "Network is unreachable")
    if event == "open":
        path, mode, flags = given
        writes = set(mode or "") & set("wxa+") or (flags or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        if writes and str(path).startswith(installed) and "__pycache__" not in str(path):
            touched.append(str(path))
            raise PermissionError(13, "Permission denied", str(path))
    if event in ("os.mkdir", "os.rename", "os.remove") and str(given[0]).startswith(installed):
        if "__pycache__" not in str(given[0]):
            touched.append(f"{event} {given[0]}")
            raise PermissionError(13, "Permission denied", str(given[0]))

sys.addaudithook(refuse)

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from studio import app
from studio.cli import main
from studio.window import MainWindow

furnish = MainWindow.furnish

def furnished(window, desk):
    furnish(window, desk)
    seconds = time.time() - float(sys.argv[2])

    def tell():
        bars = [bar.sentence() for bar in (window.said, window.notice, window.start.error) if bar.isVisible()]
        told = {
            "seconds": seconds, "said": bars, "methods": [m.id for m in desk.catalogue.all()],
            "project": str(desk.project.folder), "data": desk.workspace.data.name, "touched": touched,
            "devices": list(devices), "failures": [f.package for f in desk.catalogue.failures],
        }
        print(json.dumps(told), flush=True)
        window.close()
        QApplication.quit()

    devices = []
    desk.devices_found.connect(lambda found: devices.extend(one.name for one in found))
    desk.opened.connect(lambda: QTimer.singleShot(0, tell))
    QTimer.singleShot(0, lambda: desk.open_sample("sachs_proteins"))

MainWindow.furnish = furnished
code = main(["open", *sys.argv[3:]])
left = [t.name for t in threading.enumerate() if t is not threading.main_thread() and not t.daemon]
assert not left, left
sys.exit(code)
"""


def started(home: Path, compiled: Path, *options: str) -> dict:
    """Start the studio for a user of that home, let it open a sample, and close it; what it told."""
    home.mkdir(parents=True, exist_ok=True)
    environment = {
        name: value for name, value in os.environ.items()
        if not name.startswith("XDG_") and name not in ("LANG", "LC_ALL", "PYTHONDONTWRITEBYTECODE")
    }
    environment |= {
        "HOME": str(home), "USER": home.name, "LOGNAME": home.name, "LC_ALL": "C", "CUDA_VISIBLE_DEVICES": "",
        "QT_QPA_PLATFORM": "offscreen", "HF_HUB_OFFLINE": "1", "PYTHONPYCACHEPREFIX": str(compiled),
    }
    done = subprocess.run(
        [sys.executable, "-X", "utf8=0", "-c", STUDIO, str(ROOT), str(time.time()), *options],
        cwd=ROOT, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    assert "QThread: Destroyed" not in done.stderr, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where Python keeps what it has compiled, as an installer would have done beside the program."""
    return tmp_path_factory.mktemp("compiled")


def test_it_starts_on_a_bare_machine_for_a_user_of_any_name(tmp_path: Path, compiled: Path) -> None:
    home = tmp_path / "Zoë Ünï Ωμέγα 'q' 学"
    starts = [started(home, compiled) for _ in range(2)]            # the first one compiles
    told = min(starts, key=lambda found: found["seconds"])
    assert told["seconds"] < MOST
    assert told["touched"] == [], "nothing is fetched, and nothing is written beside the program"
    assert Path(os.fsdecode(os.fsencode(told["project"]))).is_relative_to(home)
    assert Path(told["project"]).is_dir()
    assert told["data"]
    assert told["said"] == []
    assert {"causal_diffae", "colide"} <= set(told["methods"])
    assert "cuda:0" not in told["devices"]


def test_safe_mode_starts_without_the_methods_of_other_packages(
    tmp_path: Path, compiled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hangs = "import threading; threading.Event().wait()"
    project = tmp_path / "project"
    (project / "broken_methods").mkdir(parents=True)
    (project / "broken_methods" / "__init__.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w').close()\n{hangs}\n")
    (project / "pyproject.toml").write_text(
        '[project]\nname = "broken"\nversion = "1"\n'
        '[project.entry-points."otherwise.methods"]\nbroken_methods = "broken_methods"\n'
    )
    install(project, tmp_path / "site", monkeypatch)
    told = started(tmp_path / "home", compiled, "--safe")
    assert not (tmp_path / "ran").exists()
    assert told["failures"] == []
    assert told["said"] == ["Started in safe mode: the methods of other packages are left out."]
    assert told["data"]
