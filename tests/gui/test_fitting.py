"""Nothing is cut off: every page, from 1024 x 640 to 3840 x 2160, at 100, 150 and 200 %, with text of 100 and 150 %."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "scale", ["1", *(pytest.param(scale, marks=pytest.mark.robustness) for scale in ("1.5", "2"))]
)
def test_nothing_is_cut_off(scale: str, tmp_path: Path) -> None:
    environment = {
        **os.environ, "QT_SCALE_FACTOR": scale, "QT_QPA_PLATFORM": "offscreen",
        "XDG_CONFIG_HOME": str(tmp_path / "config"), "XDG_STATE_HOME": str(tmp_path / "state"),
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.gui.fitting", str(tmp_path)], cwd=ROOT, env=environment, capture_output=True,
        text=True, timeout=300, check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["ratio"] == float(scale)
    assert not found["faults"], "\n".join(str(fault) for fault in found["faults"])
