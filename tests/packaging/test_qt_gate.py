"""The gate that every upgrade of PySide6 or pyqtgraph must pass; packaging/qt_gate.py tries other pairs on it.

Some pairs abort the interpreter after some hundred repaints, others write SVG files without curves (the reasons stand
in pyproject.toml), so all of it happens in a child process: a crash is a failed test, not the end of the suite.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

PLOTS = """
import sys
import numpy as np, pyqtgraph as pg
from PySide6.QtCore import QCoreApplication, QEvent
app = pg.mkQApp()
x = np.linspace(0, 1, 200)
for n in range(int(sys.argv[1])):
    plot = pg.PlotWidget(title=f"plot {n}", labels={"bottom": "step", "left": "loss"})
    plot.addLegend()
    plot.plot(x, np.sin((n + 1) * x), pen=pg.mkPen("r", width=2), name="loss")
    plot.addItem(pg.ScatterPlotItem(x[::20], x[::20]))
    plot.resize(320, 240)
    for zoom in (1.0, 0.5, 2.0):
        plot.setXRange(0, zoom)
        assert not plot.grab().isNull()
    plot.close()
    plot.deleteLater()
    del plot
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
print("survived")
"""

EXPORT = """
import sys
import numpy as np, pyqtgraph as pg
from pyqtgraph.exporters import SVGExporter
app = pg.mkQApp()
plot = pg.PlotWidget(labels={"bottom": "step"})
plot.plot(np.arange(50), np.arange(50) ** 2.0, pen="b")
plot.resize(400, 300)
plot.grab()
SVGExporter(plot.plotItem).export(sys.argv[1])
"""


def child(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-X", "faulthandler", "-c", program, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)


@pytest.mark.parametrize("count", [80, pytest.param(300, marks=pytest.mark.robustness)])
def test_plots_are_built_repainted_and_dropped(count):
    done = child(PLOTS, str(count))
    assert (done.returncode, done.stdout.strip()) == (0, "survived"), done.stderr


def test_svg_export_holds_the_curve(tmp_path: Path):
    file = tmp_path / "plot.svg"
    done = child(EXPORT, str(file))
    assert done.returncode == 0, done.stderr
    shapes = [one for one in ET.parse(file).iter() if one.tag.endswith(("path", "polyline"))]
    points = max(len(one.get("d", one.get("points", "")).replace(",", " ").split()) for one in shapes)
    assert points >= 50, "the exported curve has lost its points"


@pytest.fixture
def gate():
    """The script that tries other pairs, as a module."""
    path = Path(__file__).resolve().parents[2] / "packaging" / "qt_gate.py"
    specification = importlib.util.spec_from_file_location("qt_gate", path)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_the_script_tells_which_pair_passes_and_why_another_does_not(gate, monkeypatch, capsys):
    asked = []

    def run(command, **_):
        asked.append(command)
        bad = any("6.12.0" in word for line in asked[-2:] for word in line)
        failed = "FAILED tests/packaging/test_qt_gate.py::test_svg_export_holds_the_curve"
        return subprocess.CompletedProcess(command, int(bad and "pytest" in command[:3]), failed if bad else "", "")

    monkeypatch.setattr(gate.venv, "create", lambda *_, **__: None)
    monkeypatch.setattr(gate.subprocess, "run", run)
    assert gate.main(["6.10.3+0.14.0"]) == 0
    assert "pyside6-essentials==6.10.3" in asked[0]
    assert "pyqtgraph==0.14.0" in asked[0]
    assert all(name in globals() for name in gate.TESTS)
    assert gate.main(["6.12.0+0.14.0"]) == 1
    told = capsys.readouterr().out.splitlines()
    assert told == [
        "PySide6 6.10.3, pyqtgraph 0.14.0: passes",
        "PySide6 6.12.0, pyqtgraph 0.14.0: test_svg_export_holds_the_curve",
    ]
    assert gate.main(["6.12.0"]) == 2
