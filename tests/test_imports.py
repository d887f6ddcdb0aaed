"""Who loads what: the window process never loads torch, the plain values load nothing heavy, the science no Qt.

import-linter proves the written imports; these tests prove the imports that really happen, in a fresh interpreter.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HEAVY = ("torch", "sklearn", "networkx", "polars", "pandas", "scipy", "transformers", "matplotlib")
QT = ("PySide6", "shiboken6", "pyqtgraph", "qasync")
LIGHT = ("contract", "results", "questions", "data", "graph", "runtime/messages", "runtime/decisions")

WATCH = """
import importlib, json, sys
names, banned = json.loads(sys.argv[1])
culprits = {}
for name in names:
    importlib.import_module(name)
    for heavy in banned:
        if heavy in sys.modules:
            culprits.setdefault(heavy, name)
print(json.dumps(culprits))
"""


def modules_under(*places: str) -> list[str]:
    """Dotted names of all modules in these files and folders, without `__main__`."""
    found = []
    for place in places:
        path = ROOT / place
        files = sorted(path.rglob("*.py")) if path.is_dir() else [path.with_suffix(".py")]
        names = (file.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".") for file in files if file.exists())
        found += [name.removesuffix(".__init__") for name in names if not name.endswith("__main__")]
    return found


def culprits(names: list[str], banned: tuple[str, ...]) -> dict[str, str]:
    """Which banned package was loaded, and the first module after whose import it was there."""
    command = [sys.executable, "-c", WATCH, json.dumps([names, banned])]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_watch_sees_a_banned_import():
    assert culprits(["json", "sqlite3.dbapi2"], ("sqlite3",)) == {"sqlite3": "sqlite3.dbapi2"}


def test_the_window_process_never_loads_torch():
    assert culprits(modules_under("studio", "widgets"), ("torch", "sklearn", "transformers")) == {}


def test_nothing_heavy_is_loaded_before_the_first_panel():
    assert culprits(modules_under("studio", "widgets"), ("polars", "networkx", "pandas", "matplotlib")) == {}


@pytest.mark.parametrize("light", LIGHT)
def test_plain_values_load_nothing_heavy(light):
    names = modules_under("engines/" + light)
    assert names, f"engines/{light} is not there"
    assert culprits(names, HEAVY) == {}


def test_the_science_loads_no_qt():
    assert culprits(modules_under("engines"), QT) == {}


def test_widgets_load_no_method_and_no_studio():
    families = ("engines.discovery", "engines.counterfactual_images", "engines.checks", "engines.training", "studio")
    assert culprits(modules_under("widgets"), families) == {}
