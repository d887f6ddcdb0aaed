"""States of the window, brought about by hand: what runs and models would tell is told by the test, the same each time.

The engine of the window stands still: runs that are queued wait for the test, a model of rows answers by an equation.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QTimer

from engines.contract import Answer, Budget, FactorValue, How, Slider
from engines.data.kinds import Table, number_column, table_of
from engines.graph.graph import Graph
from engines.results import BarsResult, GraphResult, MatrixResult, TableResult
from engines.runtime.decisions import RunChanged
from engines.runtime.messages import (
    Answered,
    Event,
    Events,
    ModelOpened,
    Progress,
    RunEnded,
    RunState,
    Scalar,
    Shown,
)
from studio.desk import Desk
from studio.runs.runs import RunInfo

NAMES = ("age", "dose", "sleep", "recovery")
GRAPH = Graph.of(NAMES, [("age", "dose"), ("dose", "sleep"), ("dose", "recovery"), ("sleep", "recovery")])
_EFFECTS = {("dose", "sleep"): -0.05, ("dose", "recovery"): 0.3, ("sleep", "recovery"): 2.0, ("age", "dose"): 0.1}
_GIB = 2**30


def write_table(path: Path, rows: int = 300) -> Path:
    """Age, dose, sleep and recovery of so many patients, as CSV."""
    generator = np.random.default_rng(0)
    age = generator.integers(20, 80, rows)
    dose = 0.1 * age + generator.gamma(4, 3, rows)
    sleep = 8 - 0.05 * dose + generator.normal(0, 0.6, rows)
    recovery = 2 * sleep + 0.3 * dose + generator.normal(0, 1, rows)
    lines = [f"{a},{d:.2f},{s:.2f},{r:.2f}" for a, d, s, r in zip(age, dose, sleep, recovery, strict=True)]
    path.write_text("\n".join([",".join(NAMES), *lines]) + "\n", "utf-8")
    return path


class Stage:
    """The desk with an engine that only the test moves, and a clock that only the test turns."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._sequence = 0
        self._seconds = 0.0
        desk._meter.stop()
        desk.runs._now = lambda: self._seconds
        desk.memory_measured.emit(int(1.1 * _GIB), int(7.8 * _GIB))

    def stand_still(self) -> None:
        """Runs wait for the test, and models answer by the equations of the table."""
        engine: Any = self._desk.engine
        engine.submit = lambda _request: None
        engine.open_model = self._open
        engine.close_model = lambda _model: None
        engine.ask = self._ask
        self._numbers: dict[str, int] = {}

    # runs

    def is_in(self, info: RunInfo, state: RunState) -> None:
        """The run has another state."""
        self._desk.engine.run_changed.emit(RunChanged(info.number, state, None))

    def train(self, info: RunInfo, steps: int, of: int, level: float = 1.0) -> None:
        """The run works for so many steps, ten a second, and tells two scalars."""
        self.is_in(info, RunState.RUNNING)
        generator = np.random.default_rng(info.number)
        at = np.arange(1, steps + 1)
        loss = level * (0.05 + 0.95 * np.exp(-6 * at / of)) * np.exp(generator.normal(0, 0.08, steps))
        fit = 1 - np.exp(-5 * at / of) * np.exp(generator.normal(0, 0.08, steps))
        for first in range(0, steps, 10):
            self._seconds += 1.0
            scalars = [
                Scalar(name, int(at[i]), float(values[i]))
                for name, values in (("objective", loss), ("R², held out", fit))
                for i in range(first, min(first + 10, steps))
            ]
            self.tell(info, *scalars, Progress("training", min(first + 10, steps), of))

    def tell(self, info: RunInfo, *events: Event) -> None:
        """The run tells something."""
        self._sequence += 1
        self._desk.engine.events.emit(Events(info.number, self._sequence, events))

    def end(self, info: RunInfo, state: RunState, sentence: str = "", cause: str = "") -> None:
        """The run ends; one that is done has shown results and written its model."""
        if state is RunState.DONE:
            self.tell(info, *[Shown(result) for result in _results()])
            _write_model(info.model)
        self._desk.engine.run_ended.emit(RunEnded(info.number, state, sentence, cause, seconds=34.2))

    # models

    def _open(self, model: str, _folder: object, _data: object, _threads: int = 1) -> None:
        opened = ModelOpened(model, "colide", self._controls(), GRAPH, {})
        QTimer.singleShot(0, self._desk, lambda: self._desk.engine.model_opened.emit(opened))

    def _controls(self) -> tuple[Slider, ...]:
        found = []
        for name in NAMES:
            values = self._table()[name].values
            low, high = np.quantile(values, (0.005, 0.995))
            reach = high - low
            found.append(Slider(name, float(low), float(high), (float(low - reach / 2), float(high + reach / 2))))
        return tuple(found)

    def _ask(self, view: str, _model: str, items: Sequence[int] = (), **asked: Any) -> int:
        number = self._numbers[view] = self._numbers.get(view, 0) + 1
        answer = self._answer(items[0], dict(asked.get("do") or {}))
        told = Answered(view, number, answer, 0.4)
        QTimer.singleShot(0, self._desk, lambda: self._desk.engine.answered.emit(told))
        return number

    def _answer(self, item: int, do: dict[str, float]) -> Answer:
        """What follows in a linear model, the noise of the row held."""
        whole = self._table()
        row = int(np.flatnonzero(whole.row_ids == item)[0])
        before = {name: float(whole[name].values[row]) for name in NAMES}
        after = dict(before)
        for name in NAMES:                      # in causal order
            moved = sum(_EFFECTS.get((of, name), 0.0) * (after[of] - before[of]) for of in NAMES)
            after[name] = do.get(name, before[name] + moved)
        changed = np.array([[after[name] != before[name] for name in NAMES]])
        factual, counterfactual = _row(before, item), _row(after, item)
        factors = tuple(
            FactorValue(name, before[name], after[name], _how(name, do, after[name] != before[name]))
            for name in NAMES
        )
        return Answer(Budget.FINAL, (TableResult("row", "Row", counterfactual, changed, factual),), factors)

    def _table(self) -> Table:
        opened = self._desk.workspace.data
        assert opened is not None
        assert isinstance(opened.data, Table)
        return opened.data


def _how(name: str, do: dict[str, float], changed: bool) -> How:
    return How.SET if name in do else How.FOLLOWS if changed else How.UNAFFECTED


def _row(values: dict[str, float], item: int) -> Table:
    columns = [number_column(name, np.array([values[name]])) for name in NAMES]
    return Table("row", tuple(columns), np.array([item]))


def _results() -> tuple[GraphResult | MatrixResult | BarsResult | TableResult, ...]:
    """As CoLiDE announces them."""
    weights = np.array([[_EFFECTS.get((a, b), 0.0) for b in NAMES] for a in NAMES])
    edges = table_of("edges", [number_column("strength", np.array(list(_EFFECTS.values())))])
    return (
        GraphResult("graph", "Learnt graph", GRAPH),
        MatrixResult("strengths", "Effect of each row's variable on each column's", weights, NAMES, NAMES,
                     diverging=True),
        BarsResult("noise", "Noise of each variable (standard deviation)", NAMES, np.array([17.4, 6.1, 0.6, 1.0])),
        TableResult("edges", "Edges", edges),
    )


def _write_model(folder: Path) -> None:
    """A model folder as a run leaves it."""
    folder.mkdir(parents=True, exist_ok=True)
    card = {
        "made": "2026-05-12T09:30:00+00:00", "run": 1, "seed": 3, "device": "cpu", "threads": 1, "seconds": 34.2,
        "data": {"name": "recovery", "items": 300, "columns": []}, "graph": GRAPH.to_json(),
        "parameters": {"penalty": 0.05, "bootstraps": 10, "standardise": False}, "versions": {},
        "figures": {"objective": 0.0512, "R², held out": 0.982},
    }
    document = {"format": 1, "method": "colide", "fields": {}, "card": card}
    (folder / "model.json").write_text(json.dumps(document), "utf-8")
