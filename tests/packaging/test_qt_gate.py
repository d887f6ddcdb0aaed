"""The gate that every upgrade of PySide6 or pyqtgraph must pass.

Some pairs abort the interpreter after some hundred repaints, others write SVG files without curves (the reasons stand
in pyproject.toml), so all of it happens in a child process: a crash is a failed test, not the end of the suite.
"""

from __future__ import annotations

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


@pytest.mark.parametrize("count", [300])
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
