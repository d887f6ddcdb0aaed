"""All that must be measured of the window, by one command: each benchmark in turn, then one table.

    python3 packaging/dev.py bench [NAME ...]        # or: .venv/bin/python tests/benchmarks/table.py [NAME ...]

Every figure is added to `history.csv` beside this file, with day, commit and machine. Run it while nothing else works
on the machine. The benchmarks of methods beside their peers are not among them: they take hours and other programs.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from asked import FILE, Figure

HERE = Path(__file__).resolve().parent
HISTORY = HERE / "history.csv"
HEAD = ("day", "commit", "machine", "benchmark", "what", "value", "unit", "asked", "verdict")
BENCHMARKS = {
    "start_up": [], "tasks": [], "slider": [], "while_training": [], "curve_panel": [], "graph_canvas": [],
    "reading": [], "while_reading": [], "estimates": [], "knowing": [],
}


def measured(name: str) -> tuple[list[Figure], bool]:
    """The figures that one benchmark told, and whether it came to its end."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "figures"
        environment = {
            **os.environ, FILE: str(told), "QT_QPA_PLATFORM": "offscreen", "OMP_NUM_THREADS": "1",
            "PYTHONPATH": os.pathsep.join([str(HERE.parents[1]), os.environ.get("PYTHONPATH", "")]),
        }
        command = [sys.executable, str(HERE / f"{name}.py"), *BENCHMARKS[name]]
        done = subprocess.run(command, env=environment, cwd=HERE.parents[1], check=False)
        lines = told.read_text("utf-8").splitlines() if told.exists() else []
    return [Figure(**json.loads(line)) for line in lines], done.returncode == 0


def machine() -> str:
    """What the figures depend on, in a line."""
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def commit() -> str:
    """The commit that was measured; "+" when files differ from it."""
    def git(*words: str) -> str:
        return subprocess.run(["git", *words], cwd=HERE, capture_output=True, text=True, check=False).stdout.strip()

    return git("rev-parse", "--short", "HEAD") + ("+" if git("status", "--porcelain", "--untracked-files=no") else "")


def keep(rows: list[tuple[str, Figure]]) -> None:
    """Add the figures to the history."""
    new = not HISTORY.exists()
    with HISTORY.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        if new:
            writer.writerow(HEAD)
        for name, figure in rows:
            writer.writerow((date.today().isoformat(), commit(), machine(), name, figure.what, f"{figure.value:.4g}",
                             figure.unit, figure.asked, figure.verdict))


def main() -> int:
    """Run them, print the table; 1 when one broke off."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    asked = parser.parse_args().names
    if unknown := [name for name in asked if name not in BENCHMARKS]:
        parser.error(f"unknown: {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    rows: list[tuple[str, Figure]] = []
    broken = []
    for name in asked or BENCHMARKS:
        print(f"\n== {name}", flush=True)
        began = time.perf_counter()
        figures, came_through = measured(name)
        rows += [(name, figure) for figure in figures]
        broken += [] if came_through else [name]
        print(f"   {time.perf_counter() - began:.0f} s", flush=True)
    keep(rows)
    print(f"\n{date.today()}, {commit()}, {machine()}, one thread\n")
    print(f"| {'benchmark':<14} | {'what':<66} | {'value':>12} | {'asked':<14} | verdict  |")
    print(f"|{'-' * 16}|{'-' * 68}|{'-' * 14}|{'-' * 16}|----------|")
    for name, figure in rows:
        value = f"{figure.value:.4g} {figure.unit}".strip()
        print(f"| {name:<14} | {figure.what:<66} | {value:>12} | {figure.asked:<14} | {figure.verdict:<8} |")
    for name in broken:
        print(f"{name} broke off; what it printed stands above.")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
