"""An engine that does what the test says, and a project with runs on it."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from safetensors.numpy import save_file

from engines.data.kinds import Column, ColumnType, Table
from engines.data.reference import DataReference
from engines.graph.graph import Graph
from engines.results import BarsResult, CurveResult, GraphResult, ImageGridResult, Line, MatrixResult, TableResult
from engines.runtime.decisions import LaneRole, LaneState, RunChanged
from engines.runtime.messages import ENDED, Event, Events, RunEnded, RunRequest, RunState, Shown
from studio.catalogue import Catalogue
from studio.models.changes import ModelChanges
from studio.models.export import ModelExport
from studio.project import Project
from studio.project.history import History
from studio.runs.runs import RunInfo, Runs


class StandInEngine(QObject):
    """Takes what `studio.engine.Engines` takes and keeps it in `asked`; the test emits what should come back."""

    run_changed = Signal(object)
    events = Signal(object)
    run_ended = Signal(object)
    model_opened = Signal(object)
    answered = Signal(object)
    refused = Signal(object)
    lane_changed = Signal(object)
    lane_works = Signal(object)
    all_ended = Signal()
    alarmed = Signal(object)
    began = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.device = "cpu"
        self.lanes = dict.fromkeys(LaneRole, LaneState.DOWN)
        self.pids: dict[LaneRole, int] = {}
        self.asked: list[tuple] = []
        self._sequence = 0

    def submit(self, request: RunRequest) -> None:
        self.asked.append(("submit", request))

    def cancel(self, run: int) -> None:
        self.asked.append(("cancel", run))

    def pause(self, run: int) -> None:
        self.asked.append(("pause", run))

    def resume(self, run: int) -> None:
        self.asked.append(("resume", run))

    def end_runs(self) -> None:
        self.asked.append(("end_runs",))

    def move(self, run: int, place: int) -> None:
        self.asked.append(("move", run, place))

    def all(self) -> tuple[StandInEngine, ...]:
        return (self,)

    def log_of(self, role: LaneRole, device: str) -> Path:
        return Path("/logs") / f"{device}-{role}.log"

    def end_lane(self, role: LaneRole) -> None:
        self.asked.append(("end_lane", role))

    def is_in(self, run: int, state: RunState, place: int | None = None) -> None:
        """The run has another state."""
        self.run_changed.emit(RunChanged(run, state, place))

    def tell(self, run: int, *events: Event) -> None:
        """The run tells something."""
        self._sequence += 1
        self.events.emit(Events(run, self._sequence, events))

    def end(self, run: int, state: RunState, sentence: str = "", cause: str = "", **more: object) -> None:
        """The run ends."""
        self.run_ended.emit(RunEnded(run, state, sentence, cause, **more))  # type: ignore[arg-type]


def words(widget: QWidget) -> list[str]:
    """Every text that is to be seen in a widget."""
    seen = (w for w in widget.findChildren(QWidget) if isinstance(w, (QLabel, QAbstractButton)) and w.isVisible())
    return [w.text() for w in seen]


class Bench:
    """A project with a stand-in engine and the runs on it."""

    def __init__(self, folder: Path, pace: int = 0) -> None:
        self.engine = StandInEngine()
        self.project = Project.open(folder / "Bench.otherwise")
        self.runs = Runs(self.engine, pace=pace)  # type: ignore[arg-type]
        self.runs.open(self.project)
        self.data = folder / "digits.csv"

    def start(self, method: str = "colide", title: str = "CoLiDE", **parameters: object) -> RunInfo:
        return self.runs.start(method, title, DataReference(str(self.data), "9c41e07b"), parameters, seed=3)

    def show(self, run: int, *results: object) -> None:
        self.engine.tell(run, *[Shown(result) for result in results])  # type: ignore[arg-type]

    def close(self) -> None:
        """End what still works, as an engine does when it closes."""
        for info in self.runs.all():
            if info.state not in ENDED:
                self.engine.end(info.number, RunState.CANCELLED)
        self.runs.close()
        self.project.close()


def graph_result(name: str = "graph") -> GraphResult:
    graph = Graph.of(["a", "b", "c", "d"], [("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")])
    return GraphResult(name, "Learned graph", graph)


def curve_result(last: float = 0.25, name: str = "path") -> CurveResult:
    x = np.arange(1.0, 101.0)
    lines = (Line("loss", x, np.linspace(1.0, last, 100)), Line("check", x, np.linspace(1.2, last + 0.1, 100)))
    return CurveResult(name, "Loss along the path", lines, "step", "loss")


def matrix_result(name: str = "weights") -> MatrixResult:
    values = np.array([[0.0, 0.9, -0.2], [0.0, 0.0, 0.5], [0.0, 0.0, 0.0]])
    return MatrixResult(name, "Weights", values, ("a", "b", "c"), ("a", "b", "c"), diverging=True)


def table_result(rows: int = 5, name: str = "scores") -> TableResult:
    numbers = np.linspace(1.0, 2.0, rows)
    columns = (
        Column("node", ColumnType.TEXT, np.array([f"n{i}" for i in range(rows)], dtype=object)),
        Column("noise", ColumnType.NUMBER, numbers), Column("gain", ColumnType.NUMBER, -numbers),
    )
    return TableResult(name, "Noise of each node", Table("scores", columns, np.arange(1, rows + 1)))


def bars_result(name: str = "bars") -> BarsResult:
    return BarsResult(name, "R² by factor", ("thickness", "intensity", "digit"), np.array([0.93, 0.88, 0.97]))


def images_result(count: int = 32, name: str = "pictures") -> ImageGridResult:
    y, x = np.mgrid[0:28, 0:28]
    rings = [np.clip(255 - 22 * np.abs(np.hypot(x - 13.5, y - 13.5) - 3 - i % 8), 0, 255) for i in range(count)]
    return ImageGridResult(name, "Reconstructions", np.stack(rings).astype(np.uint8)[..., None], columns=8)


class StandInDesk:
    """What the Models panel needs of `studio.desk.Desk`: what it was given stays in `taken`."""

    def __init__(self, bench: Bench, state: Path) -> None:
        self.runs, self.engine = bench.runs, bench.engine
        self.catalogue = Catalogue(state)
        self.exploration = SimpleNamespace(subject=None)
        self.history = History()
        self.history.use(bench.project.store)
        self.changes = ModelChanges(self.history, self.runs, self.catalogue)
        self.changes.use(bench.project)
        self.exporting = ModelExport(bench.runs)
        self.taken: list[Path] = []
        self.data: Table | None = None
        self.arrivals = SimpleNamespace(data_of_model=self._data_of_model)

    def _data_of_model(self, _folder: Path) -> Table | None:
        return self.data

    def take(self, paths: list[Path]) -> None:
        self.taken += paths


def write_model(folder: Path, *, with_graph: bool = True, method: str = "colide", run: int = 1) -> Path:
    """A model folder as a run leaves it, with a tiny tensor in it."""
    folder.mkdir(parents=True)
    graph = graph_result().graph.to_json() if with_graph else None
    card = {
        "made": "2026-05-12T09:30:00+00:00", "run": run, "seed": 3, "device": "cpu", "threads": 1, "seconds": 34.2,
        "data": {
            "name": "sachs_cytometry", "items": 7466, "columns": [],
            "reference": {"$": "DataReference", "path": "/data/sachs_cytometry.csv", "fingerprint": "9c41e07b"},
        },
        "graph": graph, "parameters": {"penalty": 0.05, "bootstraps": 10, "standardise": False},
        "versions": {"python": "3.11.9", "torch": "2.13.0"},
        "figures": {"objective": 5.421, "acyclicity": 1e-9, "edges": 17.0},
    }
    document = {"format": 1, "method": method, "fields": {}, "card": card}
    (folder / "model.json").write_text(json.dumps(document), "utf-8")
    save_file({"weights": np.eye(3)}, folder / "tensors.safetensors")
    return folder


def verdict(outcome: str, on: str = "2026-05-12") -> dict[str, object]:
    """A verdict as the command `check` writes it: two criteria, a baseline, two fakes."""
    good = outcome == "passed"
    return {
        "method": "colide", "claim": "The graph is nearer.", "seconds": 34.0, "on": on,
        "evidence": {
            "ours": {"SHD": 0.3, "error": 1e-9}, "baselines": {"DAGMA": {"SHD": 1.4}},
            "fakes": {"W transposed": {"SHD": 9.0, "error": 1e-9}, "random graph": {"SHD": 0.2, "error": 1e-9}},
            "missing": {"NOTEARS": "it is not installed"} if outcome == "incomplete" else {},
            "spread": {}, "seeds": [0],
        },
        "findings": [
            {
                "name": "nearer", "sentence": "Mean SHD is below DAGMA's.",
                "held": None if outcome == "incomplete" else good,
                "ours": {"SHD": 0.3}, "others": {"DAGMA": {"SHD": 1.4}},
            },
            {
                "name": "exact", "sentence": "The error is below 1e-6.", "held": True,
                "ours": {"error": 1e-9}, "others": {},
            },
        ],
        "verdict": {
            "outcome": outcome, "failed": [] if good else ["nearer"],
            "unmasked": {"W transposed": ["nearer"], "random graph": ["nearer"] if good else []},
            "sentence": {
                "passed": "Passed: 2 criteria hold, 2 fakes are rejected.", "failed": "Failed: nearer.",
                "incomplete": "Incomplete: a baseline did not run (NOTEARS: it is not installed).",
            }[outcome],
        },
    }
