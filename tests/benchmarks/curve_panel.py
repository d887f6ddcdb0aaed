"""The curve panel against pyqtgraph: paint time of a pan and zoom frame, 20 runs of 50,000 points, all in view.

Run it by hand: `python tests/benchmarks/curve_panel.py [--frames N]`. It prints a table of CPU milliseconds a frame of
the raster engine (median and 95th percentile), checks that no extreme is lost, and asserts nothing about time. Each
frame changes the view and paints the whole widget; while the view moves, ours strokes coarsely, from prepared blocks
of points and, of so many dense lines, without the raw layer, and draws everything in full 150 ms later ("at rest").
pyqtgraph has its own peak down-sampling and clipping to the view; it draws one line a run, ours the raw line and the
smoothed one over it. The check of the extremes is of what stands at rest.
"""

from __future__ import annotations

import argparse
import os
import platform
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pyqtgraph as pg
from asked import Figure, tell
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget

from widgets.curves import CurvePlot, CurveRun, thin
from widgets.theme import Theme, appearance

RUNS, POINTS = 20, 50_000
HOME = (504, 336)


def curves() -> list[np.ndarray]:
    generator = np.random.default_rng(7)
    steps = np.arange(POINTS)
    shapes = [0.02 + 0.01 * k + 0.95 * np.exp(-steps / (3000 + 300 * k)) for k in range(RUNS)]
    return [shape * np.exp(0.2 * generator.standard_normal(POINTS)) for shape in shapes]


def views(frames: int) -> list[tuple[float, float]]:
    """Half of the frames pan, half zoom, always with all or nearly all in view."""
    pans = [(-0.1 * POINTS * np.sin(t), POINTS - 0.1 * POINTS * np.sin(t)) for t in np.linspace(0, 6, frames // 2)]
    waves = np.sin(np.linspace(0.1, 6, frames // 2)) ** 2
    zooms = [(0.04 * POINTS * wave, POINTS - 0.05 * POINTS * wave) for wave in waves]
    return [(float(left), float(right)) for left, right in pans + zooms]


def frame_times(widget: QWidget, look, frames: int) -> np.ndarray:
    """CPU ms of each frame: change the view, paint the widget into a picture of its size."""
    times = []
    for view in views(frames + 8):
        start = time.process_time()
        look(view)
        widget.grab()
        times.append(1000 * (time.process_time() - start))
    return np.array(times[8:])


def ours(data: list[np.ndarray], smoothing: float, log: bool) -> CurvePlot:
    plot = CurvePlot()
    plot.set_smoothing(smoothing)
    plot.set_log(log)
    for index, values in enumerate(data):
        plot.set_run(CurveRun(str(index), f"run {index}", index))
        plot.append(str(index), "loss", np.arange(POINTS), values)
    return plot


def theirs(data: list[np.ndarray], antialias: bool, log: bool) -> pg.PlotWidget:
    pg.setConfigOptions(antialias=antialias, background=Theme.current().bg1)
    plot = pg.PlotWidget()
    for index, values in enumerate(data):
        item = plot.plot(np.arange(POINTS), values, pen=pg.mkPen(Theme.current().series(index).colour, width=1))
        item.setDownsampling(auto=True, method="peak")
        item.setClipToView(True)
    if log:
        plot.setLogMode(False, True)
        plot.setYRange(-2, 0.3)
    else:
        plot.setYRange(0, 1.2)
    return plot


def extremes_are_exact(data: list[np.ndarray]) -> bool:
    steps, columns = np.arange(POINTS, dtype=float), 345
    edges = np.linspace(0, POINTS - 1, columns + 1)
    cuts = np.searchsorted(steps, edges)
    cuts[-1] = POINTS
    for values in data:
        thinned = thin(steps, values, 0.0, float(POINTS - 1), columns)
        for column in range(columns):
            part = values[cuts[column] : cuts[column + 1]]
            if thinned.low[column] != part.min() or thinned.high[column] != part.max():
                return False
    return True


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=60)
    frames = parser.parse_args().frames
    application = QApplication.instance() or QApplication([])
    appearance().install(application)
    data = curves()
    rows = []

    def at_rest(widget: CurvePlot, view: tuple[float, float]) -> None:
        widget.set_view(view)
        widget.findChild(QTimer).stop()

    for name, widget in (
        ("ours, raw and smoothed, log axis", ours(data, 0.85, True)),
        ("ours, raw and smoothed", ours(data, 0.85, False)),
        ("ours, no smoothing", ours(data, 0.0, False)),
    ):
        widget.resize(*HOME)
        widget.show()
        rows.append((name, frame_times(widget, widget.set_view, frames)))
        if not rows[1:]:
            still = frame_times(widget, lambda view, w=widget: at_rest(w, view), frames)
        widget.close()
    for name, antialias, log in (
        ("pyqtgraph, peak and clip", False, False), ("pyqtgraph, the same, log axis", False, True),
        ("pyqtgraph, the same antialiased", True, False),
    ):
        widget = theirs(data, antialias, log)
        widget.resize(*HOME)
        widget.show()
        rows.append((name, frame_times(widget, lambda view, w=widget: w.setXRange(*view, padding=0), frames)))
        widget.close()
    print(
        f"{RUNS} runs x {POINTS:,} points, {HOME[0]} x {HOME[1]}, {frames} frames, CPU ms; {platform.machine()}, "
        f"Python {platform.python_version()}, pyqtgraph {pg.__version__}, "
        f"OMP_NUM_THREADS {os.environ['OMP_NUM_THREADS']}"
    )
    least = np.percentile(rows[3][1], 95)
    for name, times in rows:
        p95 = np.percentile(times, 95)
        print(f"{name:34}{np.median(times):8.1f} median{p95:8.1f} 95 %{p95 / least:8.2f} of pyqtgraph's peak and clip")
    print(f"{'ours at rest, as the first row':34}{np.median(still):8.1f} median{np.percentile(still, 95):8.1f} 95 %")
    moving = float(np.percentile(rows[0][1], 95))
    tell(
        Figure("curves, 20 x 50,000: pan and zoom frame over pyqtgraph's, 95th percentile, CPU", moving / float(least),
               "x", most=1 / 3),
        Figure("curves, 20 x 50,000: pan and zoom frame, 95th percentile, CPU", moving, "ms", most=16),
        Figure("curves: share of pixel columns with exact extremes", float(extremes_are_exact(data)), least=1),
    )


if __name__ == "__main__":
    main()
