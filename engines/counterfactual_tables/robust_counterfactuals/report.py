"""What a run of T-Rex tells: the climb as it happens, warnings, and its results at the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engines.contract import Run
from engines.counterfactual_tables.robust_counterfactuals.climb import Watch
from engines.counterfactual_tables.robust_counterfactuals.model import TRex
from engines.counterfactual_tables.robust_counterfactuals.room import Room
from engines.counterfactual_tables.robust_counterfactuals.rows import nearest_stable
from engines.counterfactual_tables.robust_counterfactuals.searching import CLOSEST, ROW, Found
from engines.counterfactual_tables.robust_counterfactuals.space import Array
from engines.counterfactual_tables.robust_counterfactuals.stability import noise, theoretical
from engines.counterfactual_tables.robust_counterfactuals.views import (
    accepted_by,
    climb_curve,
    rows_table,
    searches_table,
)
from engines.data.kinds import Table, category_column, number_column, table_of
from engines.results import HistogramResult, Line, ScatterResult, Span, TableResult, TextResult

BINS, DOTS, WAYS, FOLLOWED = 24, 600, 10, 3
WEAK, MOST = 0.2, 0.9
"""Stability below WEAK for more than MOST of the accepted rows: sigma is too large for these data."""

SLIDE = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
"""tau at which T-Rex:NN is asked for the trade-off."""


@dataclass(frozen=True)
class Report:
    """Speaks for one run."""

    run: Run
    model: TRex

    def warn(self) -> None:
        """What the stability of the data says of the settings."""
        known, settings = self.model.known, self.model.parameters
        if (share := float((known < WEAK).mean())) > MOST:
            self.run.message(f"R̂ is below {WEAK} for {100 * share:.0f} % of the accepted rows: σ = {settings.sigma:g} "
                             f"is large for {self.model.rows.shape[1]} columns. Choose a smaller σ.")
        if not (known > settings.tau).any():
            self.run.message(f"No row of the data has R̂ above τ = {settings.tau:g} (the highest is {known.max():.2f}): "
                             "T-Rex:NN gives the nearest row, which is not stable.")
        if self.model.predictor().learned.kind == "linear" and settings.change == "new start":
            self.run.message("A linear model comes out the same from every start: choose bootstrap or leave out.")

    def watching(self, x: Array, row_ids: Array) -> Watch:
        """Curves while T-Rex:I climbs: mean R-hat, rows that reached tau, mean cost."""
        settings, space = self.model.parameters, self.model.explained.space

        def watch(step: int, told: Array, points: Array) -> None:
            there = np.isfinite(told)
            if not there.any():
                return
            for row, value in list(zip(row_ids[there], told[there], strict=True))[:FOLLOWED]:
                self.run.scalar(f"R̂ of row {row}", value, step)
            self.run.scalar("R̂, mean", told[there].mean(), step)
            self.run.scalar("rows at τ", (told[there] >= settings.tau).sum(), step, "rows")
            cost = space.cost(x[there], space.landed(points[there]), settings.norm)
            self.run.scalar(f"cost {settings.norm}, mean", cost.mean(), step, "ranges")

        return watch

    def conclude(self, table: Table, x: Array, found: Mapping[str, Found]) -> None:
        """The results of the run, about the rows asked about."""
        model, settings = self.model, self.model.parameters
        best = found[settings.search]
        for name, value in (("R̂", np.nanmean(best.stability) if best.there.any() else np.nan),
                            ("holds after retraining", best.validity), ("reached τ", best.reached.mean())):
            self.run.scalar(name, float(value), 0)
        self.run.show(TextResult("verdict", "Does the advice hold after retraining?", (Span(self._verdict(x, found)),)))
        self.run.show(methods_table(found))
        self.run.show(self._trade_off(x, found))
        self.run.show(rows_table(model.world, table, x, best, settings, model.wanted))
        self.run.show(searches_table(table.row_ids, found, best))
        self.run.show(accepted_by(table.row_ids, {settings.search: best}, best))
        if (path := climb_curve(table.row_ids, best, settings.tau)) is not None:
            self.run.show(path)
        counts, edges = np.histogram(model.known, bins=BINS, range=(min(-0.2, float(model.known.min())), 1.0))
        self.run.show(HistogramResult("spread", f"R̂ of the rows that the model gives {model.wanted}",
                                      edges.astype(float), counts.astype(float), "R̂"))
        self.run.show(self._map(x, found[CLOSEST], best))

    def _verdict(self, x: Array, found: Mapping[str, Found]) -> str:
        settings, model = self.model.parameters, self.model
        best, base, row = found[settings.search], found[CLOSEST], found[ROW]
        said = (
            f"{settings.search} reached τ = {settings.tau:g} for {int(best.reached.sum())} of {len(x)} rows. On "
            f"{settings.models} retrained models its advice still holds in {100 * best.validity:.0f} % of the cases; "
            f"that of the nearest counterfactual in {100 * base.validity:.0f} %, of the nearest row of the data in "
            f"{100 * row.validity:.0f} %. "
        )
        if best.there.any() and base.there.any():
            cost, least = (np.nanmean(one.cost(settings.norm)) for one in (best, base))
            said += f"Mean cost ({settings.norm}, in ranges of the columns): {cost:.2f} against {least:.2f}. "
            first = int(np.argmax(best.there))
            z = noise(settings.k, x.shape[1], self.model.noise_seed)
            strict, gamma = theoretical(model.explained, best.points[first], settings.sigma, z,
                                        model.explained.space.sampled(settings.shake))
            said += (f"The theorem's own form of R, with the steepest slope that was met (γ = {gamma:.1f}), is "
                     f"{strict:.2f} for the first: an indication, not a guarantee for these models.")
        return said

    def _trade_off(self, x: Array, found: Mapping[str, Found]) -> ScatterResult:
        """Mean cost against validity, and the line along which T-Rex:NN goes as tau rises."""
        norm = self.model.parameters.norm
        cost = np.array([np.nanmean(one.cost(norm)) if one.there.any() else np.nan for one in found.values()])
        held = np.array([one.validity for one in found.values()])
        slide = self._sliding(x)
        return ScatterResult(
            "tradeoff", "Cost against validity after retraining", cost, held, f"mean cost {norm} (ranges)",
            "share of retrained models that agree", np.arange(len(held)), tuple(found),
            lines=(Line("T-Rex:NN as τ rises", *slide),),
        )

    def _sliding(self, x: Array) -> tuple[Array, Array]:
        """Mean cost and validity of T-Rex:NN at rising tau."""
        model, settings, world = self.model, self.model.parameters, self.model.world
        space = model.explained.space
        room, shaken = Room.of(space, x, {}), space.sampled(settings.shake)
        cost, held = [], []
        for tau in SLIDE:
            picked = nearest_stable(model.explained, world.pool, room, shaken,
                                    settings.model_copy(update={"tau": tau}), model.noise_seed)
            cost.append(space.cost(x, picked.points, settings.norm).mean())
            held.append(np.mean([member.accepted(picked.points).mean() for member in world.bank]))
        return np.array(cost), np.array(held)

    def _map(self, x: Array, base: Found, best: Found) -> ScatterResult:
        """Principal components of the data; arrows from rows over the nearest counterfactual to what is shown. Of the
        numbers where there are two: levels are places of their own, which would hide all that lies between.
        """
        model, space = self.model, self.model.explained.space
        scaled = space.inside(model.rows)
        centre = scaled.mean(axis=0)
        kept = space.numbers if space.numbers.sum() >= 2 else np.ones(len(centre), dtype=bool)
        axes = np.linalg.svd((scaled - centre) * kept, full_matrices=False)[2][:2]
        axes = axes * np.where(axes[np.arange(len(axes)), np.abs(axes).argmax(axis=1)] < 0, -1.0, 1.0)[:, None]
        some = np.linspace(0, len(scaled) - 1, min(DOTS, len(scaled))).astype(int)
        groups = [scaled[some][~model.accepted[some]], scaled[some][model.accepted[some]], x,
                  base.points[base.there], best.points[best.there]]
        places = [_placed(rows - centre, axes) for rows in groups]
        names = (f"not {model.wanted}", model.wanted, "asked about", CLOSEST, best.search)
        both = np.flatnonzero(base.there & best.there)[:WAYS]
        lines = []
        for i in both:
            way = _placed(np.stack([x[i], base.points[i], best.points[i]]) - centre, axes)
            lines.append(Line("", way[:, 0], way[:, 1], role="counterfactual"))
        at = np.concatenate(places)
        group = np.repeat(np.arange(len(groups)), [len(rows) for rows in groups])
        return ScatterResult("map", "Rows and their counterfactuals on two principal components", at[:, 0], at[:, 1],
                             "component 1", "component 2", group, names, lines=tuple(lines),
                             roles=("plain", "plain", "factual", "plain", "counterfactual"))


def _placed(rows: Array, axes: Array) -> Array:
    """(n, 2) on the axes; 0 where there is only one."""
    found = rows @ axes.T
    return found if found.shape[1] == 2 else np.column_stack([found, np.zeros(len(found))])


def methods_table(found: Mapping[str, Found]) -> TableResult:
    """One line a search: means over the rows."""

    def mean(values: Array) -> float:
        return float(np.nanmean(values)) if np.isfinite(values).any() else float("nan")

    ones = list(found.values())
    return TableResult("methods", "Searches compared: means over the rows", table_of("methods", [
        category_column("search", [one.search for one in ones]),
        number_column("holds after retraining", [one.validity for one in ones]),
        number_column("R̂", [mean(one.stability) for one in ones]),
        number_column("reached τ", [float(one.reached.mean()) for one in ones]),
        number_column("cost L2", [mean(one.l2) for one in ones], "ranges"),
        number_column("cost L1", [mean(one.l1) for one in ones], "ranges"),
        number_column("columns changed", [mean(one.changed) for one in ones]),
        number_column("inside the data", [float(one.inside.mean()) for one in ones]),
        number_column("found", [float(one.there.mean()) for one in ones]),
    ]))
