"""What a run tells: accuracy beside fairness over the periods, while it trains and at the end.

Symbols: n rows, T periods.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from engines.contract import Run
from engines.counterfactual_tables.sequential_counterfactual_fairness.mathematics import Fairness, affected, fairness
from engines.counterfactual_tables.sequential_counterfactual_fairness.model import FairSequence
from engines.data.kinds import Table, category_column, number_column, table_of
from engines.results import CurveResult, Line, ScatterResult, Shade, Span, TableResult, TextResult

SHOWN = 1000
"""Points of a scatter."""


@dataclass(frozen=True)
class Report:
    """Speaks for one fit. place (n,): the period of each row of the table."""

    run: Run
    table: Table
    place: np.ndarray

    def watch(self, model: FairSequence, step: int) -> None:
        """How it stands, period by period; and the later periods as two curves of the run."""
        found = self.by_period(model)
        self._show(model, found)
        later = found[model.sources :]
        if later:
            self.run.scalar("accuracy, later periods", float(np.mean([f.accuracy for f in later])), step)
            self.run.scalar("decisions that change, later periods", float(np.mean([f.flips for f in later])), step)

    def by_period(self, model: FairSequence) -> list[Fairness]:
        """What is measured of each period, with the model's own rows of the other world."""
        y, worlds = model.encoding.y(self.table), model.worlds(self.table)
        return [
            fairness(y[here], worlds.a[here], worlds.chance[here], worlds.other_chance[here])
            for here in (self.place == k for k in range(len(model.periods)))
        ]

    def conclude(self, model: FairSequence) -> None:
        """All results of the run."""
        found = self.by_period(model)
        self._show(model, found)
        self.run.show(_table(model, found))
        self.run.show(self._latents(model))
        self.run.show(_priors(model))
        self.run.show(self._marking(model))
        self.run.show(_verdict(model, found))

    def _show(self, model: FairSequence, found: Sequence[Fairness]) -> None:
        x = np.arange(1, len(found) + 1, dtype=np.float64)
        accuracy, flips = np.array([f.accuracy for f in found]), np.array([f.flips for f in found])
        effect = np.array([f.effect for f in found])
        future = (Shade(model.sources + 0.5, len(found) + 0.5, "later periods"),) if model.sources < len(found) else ()
        self.run.show(CurveResult(
            "periods", "Accuracy and fairness, period by period",
            (Line("accuracy", x, accuracy), Line("decisions that change", x, flips, role="counterfactual"),
             Line("change in probability", x, effect)), "period", "share", shaded=future))
        group = (np.arange(len(found)) >= model.sources).astype(np.int64)
        self.run.show(ScatterResult(
            "tradeoff", "Accuracy against fairness, a point a period", flips, accuracy,
            "decisions that change when the attribute is flipped", "accuracy", group, ("source", "later")))

    @torch.inference_mode()
    def _latents(self, model: FairSequence) -> ScatterResult:
        some = np.linspace(0, len(self.table) - 1, min(SHOWN, len(self.table))).astype(int)
        rows, encoding = self.table.rows(some), model.encoding
        a = encoding.a(rows)
        q = model.network.encode(encoding.x(encoding.raw(rows)), torch.from_numpy(a.astype(np.float32)))
        name = encoding.sensitive.name
        return ScatterResult(
            "latents", f"Semantic factors, coloured by {name}", q[0].mean[:, 0].numpy().astype(float),
            q[1].mean[:, 0].numpy().astype(float), "affected block, first entry", "unaffected block, first entry",
            a.astype(np.int64), tuple(f"{name}, {k}" for k in _levels(model)), row_ids=rows.row_ids)

    def _marking(self, model: FairSequence) -> TableResult:
        source = self.table.rows(np.flatnonzero(self.place < model.sources))
        raw, a = model.encoding.raw(source), model.encoding.a(source)
        differs, used = affected(raw, a), set(model.network.touched)
        gap = (raw[a > 0.5].mean(0) - raw[a <= 0.5].mean(0)) / model.scale
        names = [c.name for c in model.encoding.features]
        return TableResult("marking", "Columns that the attribute affects", table_of("marking", [
            category_column("column", names), number_column("gap of the means", gap, "sd"),
            category_column("more than 3 errors", ["yes" if d else "no" for d in differs]),
            category_column("taken for affected", ["yes" if j in used else "no" for j in range(len(names))])]))


def _levels(model: FairSequence) -> tuple[str, ...]:
    return model.encoding.sensitive.levels or ("0", "1")


@torch.inference_mode()
def _priors(model: FairSequence) -> CurveResult:
    x = np.arange(1, len(model.periods) + 1, dtype=np.float64)
    lines = []
    for prior, name in zip(model.network.priors(len(x)), ("affected", "unaffected"), strict=True):
        mean = prior.mean[:, 0].numpy().astype(float)
        half = (0.5 * prior.log_variance[:, 0]).exp().numpy().astype(float)
        lines.append(Line(f"environment, {name}", x, mean, mean - half, mean + half))
    future = (Shade(model.sources + 0.5, len(x) + 0.5, "rolled on: no forecast"),) if model.sources < len(x) else ()
    return CurveResult("priors", "How the environment drifts (first entry, one standard deviation)", tuple(lines),
                       "period", "prior", shaded=future)


def _table(model: FairSequence, found: Sequence[Fairness]) -> TableResult:
    def column(name: str) -> list[float]:
        return [float(getattr(f, name)) for f in found]

    return TableResult("fairness", "Fairness report", table_of("fairness", [
        number_column("period", np.arange(1, len(found) + 1)),
        category_column("part", ["source" if k < model.sources else "later" for k in range(len(found))]),
        *(number_column(title, column(name)) for name, title in (
            ("accuracy", "accuracy"), ("parity", "demographic parity gap"), ("odds", "equalised odds gap"),
            ("effect", "counterfactual effect"), ("total", "total effect"), ("flips", "decisions that change")))]))


def _verdict(model: FairSequence, found: Sequence[Fairness]) -> TextResult:
    later = found[model.sources :] or found
    part = "later" if model.sources < len(found) else "source"
    said = (f"In the {part} periods {100 * np.mean([f.accuracy for f in later]):.0f} % of the decisions are right and "
            f"{100 * np.mean([f.flips for f in later]):.0f} % change when the attribute is flipped in the model's own "
            "other world. A constant decision is fair too: read accuracy beside it. Reconstructed method.")
    return TextResult("verdict", "Does it stay accurate and fair?", (Span(said),))
