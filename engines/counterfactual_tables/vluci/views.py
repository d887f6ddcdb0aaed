"""What is seen of rows that are asked about and of a run: tables, bars, histograms, scatters and a sentence.

Symbols: n rows, s draws.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from engines.counterfactual_tables.vluci.encoding import Array, Encoding, levels
from engines.data.kinds import Column, ColumnType, Table, number_column
from engines.graph.graph import Edge, Graph, Mark, Node
from engines.results import BarsResult, CurveResult, HistogramResult, Line, Span, TableResult, TextResult

if TYPE_CHECKING:
    from engines.counterfactual_tables.vluci.model import Told

BINS = 24


def rows_table(encoding: Encoding, table: Table, arms: Array, outcomes: Array) -> TableResult:
    """The rows with treatment `arms` (n,) and the outcome that follows; outcomes (2, n)."""
    t, y = encoding.treatment, encoding.target
    known = [table[c.name] for c in (t, y, *encoding.covariates)]
    factual = Table(table.name, tuple(known), table.row_ids)
    values = outcomes[arms.astype(int), np.arange(len(arms))]
    changed = factual.with_column(_filled(t, known[0], arms)).with_column(_filled(y, known[1], values))
    differs = np.zeros((len(arms), len(known)), dtype=bool)
    differs[:, :2] = np.stack([
        [before.label(i) != after.label(i) for i in range(len(arms))]
        for before, after in zip(known[:2], changed.columns[:2], strict=True)
    ], axis=1)
    return TableResult("rows", "Rows as they would have been", changed, differs, factual, of_data=True)


def _filled(described: Column, found: Column, values: Array) -> Column:
    """The column with other values (n,): a number, or the level that is likelier."""
    if described.type is ColumnType.NUMBER:
        return replace(found, values=np.asarray(values, dtype=np.float64), whole=False)
    return replace(described, values=np.rint(values).astype(np.int32), role=found.role)


def outcome_table(encoding: Encoding, table: Table, told: Told) -> TableResult:
    """Both potential outcomes of each row, its effect with an interval, and what other estimates say."""
    unit = "" if encoding.binary else encoding.target.unit
    names = [f"{encoding.target.name} if {encoding.treatment.name} = {level}" for level in levels(encoding.treatment)]
    if encoding.binary:
        names = [f"P({encoding.target.name} = {levels(encoding.target)[1]}) if {name.partition(' if ')[2]}"
                 for name in names]
    columns = [
        *(number_column(name, values, unit) for name, values in zip(names, told.outcomes, strict=True)),
        number_column("effect", told.effect, unit),
    ]
    if told.half is not None:
        columns += [number_column("low", told.effect - told.half, unit),
                    number_column("high", told.effect + told.half, unit)]
    columns.append(number_column("effect, without U", told.measured, unit))
    if told.plug_in is not None:
        columns.append(number_column("effect, U plugged in", told.plug_in, unit))
    columns += [number_column("U", told.u_mean), number_column("spread of U", told.u_sd)]
    return TableResult("individual", "Both outcomes of each row, and its effect", Table(table.name, tuple(columns),
                       table.row_ids), of_data=True)


def ordered_effects(told: Told, unit: str) -> CurveResult:
    """The effect on each row from the least to the most, with its interval where there is one; and no effect at all."""
    order = np.argsort(told.effect, kind="stable")
    effect, half = told.effect[order], None if told.half is None else told.half[order]
    share = 100 * (np.arange(len(effect)) + 0.5) / len(effect)
    low, high = (None, None) if half is None else (effect - half, effect + half)
    zero = Line("no effect", np.array([0.0, 100.0]), np.zeros(2), role="reference")
    title = "Effects in order" + (", each with its interval" if half is not None else "; no interval can be given")
    return CurveResult("ordered", title, (Line("effect", share, effect, low, high, role="counterfactual"), zero),
                       "rows (%)", f"effect{f' ({unit})' if unit else ''}")


def average_bars(averages: Mapping[str, tuple[float, float | None]], unit: str = "",
                 title: str = "Effect by estimate, mean over these rows") -> BarsResult:
    """One bar an estimate, with its interval where it has one."""
    values = np.array([value for value, _ in averages.values()])
    half = np.array([np.nan if width is None else width for _, width in averages.values()])
    bare = bool(np.isnan(half).all())
    return BarsResult("average", title, tuple(averages), values, None if bare else values - half,
                      None if bare else values + half, unit)


def spread_of_u(draws: Array) -> HistogramResult:
    """Draws of U (s, n) for the rows asked about."""
    counts, edges = np.histogram(draws, bins=BINS)
    return HistogramResult("confounder", "Hidden confounder U of these rows",
                           edges.astype(float), counts.astype(float), "U (scale and sign are arbitrary)")


def verdict_text(said: str) -> TextResult:
    """What the effects stand on."""
    return TextResult("verdict", "Do the data reveal a hidden confounder?", (Span(said),))


def assumed_graph(encoding: Encoding) -> Graph:
    """X -> T, X -> Y, T -> Y, and U, which nobody measured, behind T and Y."""
    t, y, names = encoding.treatment.name, encoding.target.name, [c.name for c in encoding.covariates]
    hidden = next(name for name in ("U", "U (hidden)", "U (nobody measured it)") if name not in (t, y, *names))
    edges = [Edge(t, y), *(Edge(name, end) for name in (hidden, *names) for end in (t, y))]
    return Graph((Node(hidden, frozenset({Mark.LATENT})), *map(Node, (*names, t, y))), tuple(edges))
