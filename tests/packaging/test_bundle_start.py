"""Where the bundle starts: what it starts as a child is that child, and never a second window."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def bundled(*words: str) -> tuple[int, set[str]]:
    """The exit code of the bundle started with these words, and the packages that it has loaded."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", str(ROOT / "packaging" / "bundle_start.py"), *words],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdin=subprocess.DEVNULL, capture_output=True,
        timeout=60, check=False,
    )
    told = done.stderr.decode().splitlines()        # a lane speaks in frames on the other
    lines = [line.split("|")[-1].strip() for line in told if line.startswith("import time:")]
    return done.returncode, {name.partition(".")[0] for name in lines} | {n for n in lines if n.startswith("studio.")}


@pytest.mark.parametrize("role", ["work", "answer"])
def test_a_lane_of_the_bundle_is_a_lane_and_no_window(role: str) -> None:
    code, loaded = bundled("-m", "engines.runtime.lane", "--role", role)
    assert code == 0
    assert "engines" in loaded
    assert not loaded & {"PySide6", "studio", "torch"}


def test_other_modules_are_not_run_by_the_bundle() -> None:
    code, loaded = bundled("-m", "http.server")
    assert code == 2                    # the command line refuses what it does not know
    assert "studio.cli" in loaded
    assert "studio.window" not in loaded
    assert "http.server" not in loaded
