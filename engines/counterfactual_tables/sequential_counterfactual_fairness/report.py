"""What a run tells: accuracy beside fairness over the periods, while it trains and at the end.

Symbols: n rows, p columns, T periods.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engines.contract import Run
from engines.counterfactual_tables.sequential_counterfactual_fairness.mathematics import (
    Array,
    Fairness,
    affected,
    fairness,
    movement,
)
from engines.counterfactual_tables.sequential_counterfactual_fairness.model import FairSequence
from engines.counterfactual_tables.sequential_counterfactual_fairness.views import drift, later, maps, weights
from engines.data.kinds import Table, category_column, number_column, table_of
from engines.results import CurveResult, Line, ScatterResult, Span, TableResult, TextResult

HARDLY = 0.25
"""Standard deviations: where no column moves so far between source periods, given the label, nothing is driven out."""


@dataclass(frozen=True)
class Report:
    """Speaks for one fit. place (n,): the period of each row of the table."""

    run: Run
    table: Table
    place: np.ndarray

    def watch(self, model: FairSequence, step: int) -> None:
        """How it stands, period by period; and the later periods as curves of the run."""
        found = self.by_period(model)
        self._show(model, found)
        if rest := found[model.sources :]:
            for name, values in (("accuracy", [f.accuracy for f in rest]),
                                 ("change in probability", [f.effect for f in rest]),
                                 ("decisions that change", [f.flips for f in rest])):
                self.run.scalar(f"{name}, later periods", float(np.mean(values)), step)

    def by_period(self, model: FairSequence) -> list[Fairness]:
        """What is measured of each period, with the model's own rows of the other world."""
        y, worlds = model.encoding.y(self.table), model.worlds(self.table)
        return [
            fairness(y[here], worlds.a[here], worlds.chance[here], worlds.other_chance[here])
            for here in (self.place == k for k in range(len(model.periods)))
        ]

    def conclude(self, model: FairSequence) -> None:
        """All results of the run."""
        found, moved = self.by_period(model), self._moved(model)
        self._show(model, found)
        self.run.show(_table(model, found))
        for result in maps(model, self.table, self.place):
            self.run.show(result)
        self.run.show(drift(model))
        self.run.show(self._marking(model, moved))
        said = _said(model, found)
        if (furthest := float(moved.max())) < HARDLY:
            warned = (f"Given {model.encoding.label.name}, no column moves by more than {furthest:.2f} of its standard "
                      "deviations from one source period to the next. What does not change there cannot be told from "
                      "what will turn round later.")
            self.run.message(warned)
            said = f"{said} {warned}"
        self.run.show(TextResult("verdict", "Does it stay accurate and fair?", (Span(said),)))

    def compare(self, model: FairSequence, weaker: Sequence[FairSequence]) -> None:
        """The trade-off curve: this model, and those with a smaller weight of fairness that were trained beside.

        All are judged by the same rows of the other world, those of `model`.
        """
        here = self.place >= model.sources if model.sources < len(model.periods) else np.ones(len(self.place), bool)
        rows = self.table.rows(np.flatnonzero(here))
        worlds, y = model.worlds(rows), model.encoding.y(rows)
        found = []
        for one in (*weaker, model):
            now, then = (one.chances(x, a) for x, a in ((worlds.x, worlds.a), (worlds.other_x, worlds.other_a)))
            found.append(fairness(y, worlds.a, now, then))
        self.run.show(weights((*model.parameters.weaker, model.parameters.fairness), found, _part(model)))

    def _show(self, model: FairSequence, found: Sequence[Fairness]) -> None:
        x = np.arange(1, len(found) + 1, dtype=np.float64)
        accuracy, flips = np.array([f.accuracy for f in found]), np.array([f.flips for f in found])
        effect = np.array([f.effect for f in found])
        self.run.show(CurveResult(
            "periods", "Accuracy and fairness, period by period",
            (Line("accuracy", x, accuracy), Line("decisions that change", x, flips, role="counterfactual"),
             Line("change in probability", x, effect)), "period", "share", shaded=later(model, "later periods")))
        group = (np.arange(len(found)) >= model.sources).astype(np.int64)
        self.run.show(ScatterResult(
            "tradeoff", "Accuracy against fairness, a point a period", flips, accuracy,
            "decisions that change when the attribute is flipped", "accuracy", group, ("source", "later")))

    def _source(self, model: FairSequence) -> tuple[Table, np.ndarray]:
        some = np.flatnonzero(self.place < model.sources)
        return self.table.rows(some), self.place[some]

    def _moved(self, model: FairSequence) -> Array:
        source, place = self._source(model)
        return movement(model.encoding.raw(source) / model.scale, model.encoding.y(source), place)

    def _marking(self, model: FairSequence, moved: Array) -> TableResult:
        source, _ = self._source(model)
        raw, a = model.encoding.raw(source), model.encoding.a(source)
        differs, used = affected(raw, a), set(model.network.touched)
        gap = (raw[a > 0.5].mean(0) - raw[a <= 0.5].mean(0)) / model.scale
        names = [c.name for c in model.encoding.features]
        return TableResult("marking", "What moves the columns", table_of("marking", [
            category_column("column", names), number_column("gap by attribute", gap, "sd"),
            category_column("over 3 errors", ["yes" if d else "no" for d in differs]),
            category_column("taken for affected", ["yes" if j in used else "no" for j in range(len(names))]),
            number_column("drift, given the label", moved, "sd")]))


def _table(model: FairSequence, found: Sequence[Fairness]) -> TableResult:
    def column(name: str) -> list[float]:
        return [float(getattr(f, name)) for f in found]

    return TableResult("fairness", "Fairness report", table_of("fairness", [
        category_column("period", list(model.periods)),
        category_column("part", ["source" if k < model.sources else "later" for k in range(len(found))]),
        *(number_column(title, column(name)) for name, title in (
            ("accuracy", "accuracy"), ("parity", "demographic parity gap"), ("odds", "equalised odds gap"),
            ("effect", "counterfactual effect"), ("total", "total effect"), ("flips", "decisions that change")))]))


def _part(model: FairSequence) -> str:
    return "later" if model.sources < len(model.periods) else "source"


def _said(model: FairSequence, found: Sequence[Fairness]) -> str:
    rest = found[model.sources :] or found
    return (f"In the {_part(model)} periods {100 * np.mean([f.accuracy for f in rest]):.0f} % of the decisions are "
            f"right and {100 * np.mean([f.flips for f in rest]):.0f} % change when the attribute is flipped in the "
            "model's own other world, which flatters: more may change in truth. A constant decision is fair too: "
            "read accuracy beside it. Reconstructed method.")
