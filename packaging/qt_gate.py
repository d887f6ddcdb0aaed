"""Try pairs of PySide6 and pyqtgraph before they are allowed.

    python3 packaging/qt_gate.py 6.10.3+0.14.0 6.12.0+0.14.0

Each pair is installed into an environment of its own, which goes again, and passes tests/packaging/test_qt_gate.py or
not: 300 plots built, repainted and dropped, and an SVG export that holds its curve. What fails belongs, with the
reason, beside the bounds in pyproject.toml. Exit code 1 when a pair fails.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Sequence
from pathlib import Path

TEST = Path(__file__).resolve().parent.parent / "tests" / "packaging" / "test_qt_gate.py"
TESTS = ("test_plots_are_built_repainted_and_dropped", "test_svg_export_holds_the_curve")


def fault_of(pair: str) -> str:
    """Why a pair, "PYSIDE6+PYQTGRAPH", does not pass; empty when it does."""
    pyside, _, pyqtgraph = pair.partition("+")
    wanted = [f"pyside6-essentials=={pyside}", f"pyqtgraph=={pyqtgraph}", "numpy", "pytest"]
    with tempfile.TemporaryDirectory(prefix="otherwise-gate-") as folder:
        venv.create(folder, with_pip=True)
        python = str(Path(folder, "Scripts" if os.name == "nt" else "bin", "python"))
        installed = subprocess.run(
            [python, "-m", "pip", "install", "-q", *wanted], capture_output=True, text=True, check=False
        )
        if installed.returncode:
            return f"cannot be installed: {_last(installed.stderr)}"
        alone = ["--noconftest", "-c", os.devnull, "--rootdir", folder, "-p", "no:cacheprovider", "-q"]
        tried = subprocess.run(
            [python, "-m", "pytest", *alone, *(f"{TEST}::{name}" for name in TESTS)],
            capture_output=True, text=True, check=False, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        )
    failed = [line.partition("::")[2] for line in tried.stdout.splitlines() if line.startswith("FAILED")]
    return "; ".join(failed) or ("" if tried.returncode == 0 else _last(tried.stdout + tried.stderr))


def _last(text: str) -> str:
    return (text.strip().splitlines() or ["it said nothing"])[-1]


def main(pairs: Sequence[str]) -> int:
    """Try each pair and print a line for it."""
    if not pairs or any(pair.count("+") != 1 for pair in pairs):
        print(__doc__)
        return 2
    faults = {pair: fault_of(pair) for pair in pairs}
    for pair, fault in faults.items():
        print(f"PySide6 {pair.replace('+', ', pyqtgraph ')}: {fault or 'passes'}", flush=True)
    return 1 if any(faults.values()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
