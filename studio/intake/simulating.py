"""Data drawn from the graph by known mechanisms, opened like any other, with the graph that is true to compare with."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from engines.simulators.drawn_graph import Kind, Noise, Simulation, simulate
from studio.exports.atomic import write_text
from studio.workspace import Truth

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np

    from studio.desk import Desk

MOST_ROWS = 20_000      # in the window; the command draws as many as are asked for


class Simulating(QObject):
    """Draws a table from the project's graph, keeps it in the project's folder and opens it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk

    def simulate(self, rows: int, kind: Kind, noise: Noise, seed: int) -> Path:
        """Draw, write `simulated N.csv`, open it, and compare with the graph that it was drawn from.

        Raises:
            Refusal: for a graph that cannot be simulated (empty, a cycle, edges of no clear direction).
        """
        workspace = self._desk.workspace
        data = simulate(workspace.graph, rows, kind, noise, seed)
        if self._desk.project is None:
            self._desk.projects.begin()
        assert self._desk.project is not None
        folder = self._desk.project.folder / "data"
        folder.mkdir(exist_ok=True)
        number = next(n for n in range(1, 10**6) if not (folder / f"simulated {n}.csv").exists())
        path = folder / f"simulated {number}.csv"
        write_rows(data, data.values(), path)
        name = self.tr("the graph of {}").format(path.stem)
        workspace.compare_with(Truth(name, data.weighted), self.tr("Simulate data from the graph"))
        self._desk.take([path])
        return path


def write_rows(data: Simulation, values: Mapping[str, np.ndarray], path: Path) -> None:
    """The observed variables as a table of comma-separated values; the file appears whole or not at all."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(data.observed)
    writer.writerows(zip(*(values[name].tolist() for name in data.observed), strict=True))
    write_text(path, text.getvalue())
