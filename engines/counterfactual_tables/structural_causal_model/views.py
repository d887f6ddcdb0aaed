"""What is seen of rows that are asked about: tables, bars, a curve and the graph with its edges cut.

Symbols: n rows, d variables, s draws, b resampled fits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from engines.abilities import Feature
from engines.counterfactual_tables.structural_causal_model.mechanisms import Array, Mechanism
from engines.data.kinds import Column, ColumnType, Table, number_column, table_of
from engines.graph.graph import Graph
from engines.results import BarsResult, CurveResult, GraphResult, Line, TableResult

POINTS = 120


def words_column(name: str, values: Sequence[str]) -> Column:
    """Words that are no levels of anything: they are shown as they stand."""
    return Column(name, ColumnType.TEXT, np.array(values, dtype=object))


def rows_table(columns: Sequence[Column], table: Table, worlds: Array, rows: Array) -> TableResult:
    """The variables of the rows as they would have been; worlds and rows (n, d)."""
    def filled(values: Array) -> Table:
        told = [
            replace(c, values=values[:, j].astype(np.int32)) if c.levels
            else replace(c, values=values[:, j].astype(np.float64), whole=False)
            for j, c in enumerate(columns)
        ]
        return Table(table.name, tuple(told), table.row_ids)

    return TableResult("rows", "Rows as they would have been", filled(worlds), worlds != rows, filled(rows),
                       of_data=True)


def noise_table(mechanisms: Sequence[Mechanism], kept: Sequence[Mapping[str, Any]], row: Array,
                do: Mapping[int, float]) -> TableResult:
    """Of the first row (d,): what its causes make of each variable, what is its own, and how rare that is."""
    names, told, actual, own, rank, fate = [], [], [], [], [], []
    for one in mechanisms:
        noise, x, levels = kept[one.place]["noise"], row[one.place], one.variable.levels
        names.append(one.variable.name)
        actual.append(levels[int(x)] if levels else f"{x:.6g}")
        if levels:
            chance = None if one.predictor is None else one.expected(row[None])[0]
            told.append("" if chance is None else f"{levels[int(chance.argmax())]} ({100 * chance.max():.0f} %)")
            own.append(np.nan)
            rank.append(np.nan)
        else:
            middle = float(kept[one.place]["mean"]) if one.predictor is None else float(one.expected(row[None])[0])
            told.append(f"{middle:.6g}")
            own.append(float(x - middle))
            rank.append(100 * float(np.mean(np.asarray(noise) <= x - middle)))
        fate.append("cut" if one.place in do else "kept" if one.exact else "drawn anew, given the row")
    return TableResult("noise", "The row's own noise", table_of("noise", [
        words_column("variable", names), words_column("by its causes", told),
        words_column("as it was", actual), number_column("noise", own), number_column("percentile", rank, "%"),
        words_column("in the other world", fate),
    ]))


def effects_table(variables: Sequence[Feature], rows: Array, fits: Sequence[Array], places: Sequence[int],
                  level: float) -> TableResult:
    """Mean before and after of each variable that is set or follows; of a category the share of each level."""
    names, before, after, low, high, units = [], [], [], [], [], []
    for place in places or range(len(variables)):
        variable = variables[place]
        for k, name in enumerate(variable.levels or (variable.name,)):
            one, others = _means(rows[:, place], [fit[..., place] for fit in fits], k if variable.levels else None)
            names.append(f"{variable.name} = {name}" if variable.levels else name)
            before.append(one)
            after.append(others[0])
            least, most = _interval(others - one, level)
            low.append(least)
            high.append(most)
            units.append("share" if variable.levels else variable.unit)
    change = np.array(after) - np.array(before)
    return TableResult("effects", f"Mean effect on {len(rows)} rows", table_of("effects", [
        words_column("variable", names), words_column("unit", units), number_column("before", before),
        number_column("after", after), number_column("change", change), number_column("low", low),
        number_column("high", high),
    ]))


def effect_bars(variables: Sequence[Feature], rows: Array, fits: Sequence[Array], places: Sequence[int],
                level: float) -> BarsResult:
    """The same changes in standard deviations, so that they can be compared; nothing follows: one empty bar."""
    labels, values, low, high = [], [], [], []
    for place in places:
        variable = variables[place]
        for k, name in enumerate(variable.levels or (variable.name,)):
            column = (rows[:, place] == k).astype(float) if variable.levels else rows[:, place]
            one, others = _means(rows[:, place], [fit[..., place] for fit in fits], k if variable.levels else None)
            scaled = (others - one) / (float(column.std()) or 1.0)
            labels.append(f"{variable.name} = {name}" if variable.levels else name)
            values.append(float(scaled[0]))
            least, most = _interval(scaled, level)
            low.append(least)
            high.append(most)
    bare = not labels or bool(np.isnan(low).all())
    return BarsResult(
        "average", f"Mean effect on {len(rows)} rows", tuple(labels) or ("nothing follows",),
        np.array(values or [0.0]), None if bare else np.array(low), None if bare else np.array(high), "sd",
    )


def before_and_after(variable: Feature, before: Array, after: Array) -> CurveResult:
    """Smoothed densities of one number over many rows; before (n,), after (s, n)."""
    after = after.ravel()
    both = np.concatenate([before, after])
    edge = 0.1 * (float(np.ptp(both)) or 1.0)
    x = np.linspace(both.min() - edge, both.max() + edge, POINTS)
    lines = (Line("before", x, _density(before, x), role="factual"),
             Line("after", x, _density(after, x), role="counterfactual"))
    unit = f" ({variable.unit})" if variable.unit else ""
    return CurveResult("distribution", f"{variable.name} before and after, {len(before)} rows", lines,
                       f"{variable.name}{unit}", "density")


def world_graph(graph: Graph, names: Sequence[str]) -> GraphResult:
    """The graph in which nothing drives what is set."""
    return GraphResult("world", "The graph with its edges cut", graph.under(names))


def _means(before: Array, fits: Sequence[Array], level: int | None) -> tuple[float, Array]:
    """Mean (or share of a level) before, and after by each fit."""
    if level is None:
        return float(before.mean()), np.array([float(fit.mean()) for fit in fits])
    return float((before == level).mean()), np.array([float((fit == level).mean()) for fit in fits])


def _interval(found: Array, level: float) -> tuple[float, float]:
    """Around the first, as wide as the resampled fits scatter; NaN without them."""
    if len(found) < 3:
        return float("nan"), float("nan")
    half = np.quantile(np.abs(found[1:] - found[1:].mean()), level)
    return float(found[0] - half), float(found[0] + half)


def _density(values: Array, x: Array) -> Array:
    """(POINTS,) Gaussian kernel density."""
    width = 1.06 * (float(values.std()) or 0.05 * float(np.ptp(x))) * len(values) ** -0.2
    near = np.exp(-(((x[:, None] - values) / width) ** 2) / 2)
    return np.asarray(near.mean(axis=1) / (width * np.sqrt(2 * np.pi)))
