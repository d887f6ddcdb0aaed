"""What is seen of rows that are asked about: rows before and after, every search, the climb, the bank, and a map.

Symbols: b rows, d features in unit range, q retrained models.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from engines.abilities import as_columns
from engines.counterfactual_tables.robust_counterfactuals.explained import Explained
from engines.counterfactual_tables.robust_counterfactuals.parameters import Parameters
from engines.counterfactual_tables.robust_counterfactuals.plane import plane
from engines.counterfactual_tables.robust_counterfactuals.searching import CLIMB, CLOSEST, Found, World
from engines.counterfactual_tables.robust_counterfactuals.space import Array
from engines.counterfactual_tables.robust_counterfactuals.stability import noise, stability
from engines.data.kinds import Table, category_column, number_column
from engines.results import BarsResult, CurveResult, Line, MatrixResult, Result, TableResult

SHOWN_ROWS, SHOWN_PATHS, SHOWN_BARS = 60, 12, 20
STABILITY, HOLDS = "R̂", "holds after retraining"


def results(
    world: World, table: Table, x: Array, found: Mapping[str, Found], shown: str, parameters: Parameters, wanted: str
) -> tuple[Result, ...]:
    """All of an answer; `shown` is the search that is taken for the counterfactual."""
    best = found[shown]
    told: list[Result] = [
        rows_table(world, table, x, best, parameters, wanted), searches_table(table.row_ids, found, best),
        changes(world.explained, x, best), accepted_by(table.row_ids, found, best),
    ]
    if (path := climb_curve(table.row_ids, best, parameters.tau)) is not None:
        told.append(path)
    other = found[CLOSEST] if CLOSEST in found and shown != CLOSEST else next(
        one for name, one in found.items() if name != shown)
    if (seen := plane(world, x[0], other, best)) is not None:
        told.append(seen)
    return tuple(told)


def rows_table(
    world: World, table: Table, x: Array, best: Found, parameters: Parameters, wanted: str
) -> TableResult:
    """Each row and its counterfactual, with the class, its probability, R-hat and validity beside both."""
    explained, there = world.explained, best.there
    space, levels = explained.space, explained.predictor.target(explained.target).levels
    after = np.where(there[:, None], best.points, x)
    z = noise(parameters.k, x.shape[1], world.seed)
    stable = stability(explained, x, parameters.sigma, z, space.sampled(parameters.shake))
    held = np.array([member.accepted(x) for member in world.bank]).mean(axis=0)
    said = [levels[place] for place in explained.chances(x).argmax(axis=1)]

    def columns(points: Array, classes: list[str], chance: Array, told: Array, holds: Array) -> Table:
        return Table(table.name, (
            *as_columns(explained.predictor.features, space.raw(points)),
            replace(category_column(explained.target, classes), name=f"{explained.target}, predicted"),
            number_column(f"P({wanted})", chance), number_column(STABILITY, told), number_column(HOLDS, holds),
        ), table.row_ids)

    before = explained.chance(x)
    factual = columns(x, said, before, stable, held)
    changed = columns(
        after, [wanted if ok else now for ok, now in zip(there, said, strict=True)],
        np.where(there, best.chance, before), np.where(there, best.stability, stable),
        np.where(there, best.holds.mean(axis=1), held))
    differs = np.zeros((len(x), len(factual.columns)), dtype=bool)
    differs[:, : x.shape[1]] = space.gaps(x, after) > 1e-9
    differs[:, x.shape[1] :] = there[:, None]
    return TableResult("rows", "Rows as they would be accepted", changed, differs, factual, of_data=True)


def searches_table(row_ids: Array, found: Mapping[str, Found], best: Found) -> TableResult:
    """One line a row and search; the search that is shown first."""
    ordered = [best, *(one for one in found.values() if one is not best)]
    lines = [(i, one) for i in range(len(row_ids)) for one in ordered]

    columns = [
        number_column("row", [float(row_ids[i]) for i, _ in lines]),
        category_column("search", [one.search for _, one in lines]),
        number_column(STABILITY, [one.stability[i] for i, one in lines]),
        category_column("reached τ", ["yes" if one.reached[i] else "no" for i, one in lines]),
        number_column("probability", [one.chance[i] for i, one in lines]),
        number_column(HOLDS, [one.holds[i].mean() if one.there[i] else np.nan for i, one in lines]),
        number_column("cost L2", [one.l2[i] for i, one in lines], "ranges"),
        number_column("cost L1", [one.l1[i] for i, one in lines], "ranges"),
        number_column("columns changed", [one.changed[i] for i, one in lines]),
        category_column("inside the data", [_inside(one, i) for i, one in lines]),
        number_column("row of the data", [float(one.ids[i]) if one.ids[i] else np.nan for i, one in lines]),
    ]
    table = Table("searches", tuple(columns), np.arange(1, len(lines) + 1, dtype=np.int64))
    return TableResult("searches", "What each search finds", table)


def _inside(one: Found, i: int) -> str:
    if not one.there[i]:
        return "nothing found"
    return "yes" if one.inside[i] else "no"


def changes(explained: Explained, x: Array, best: Found) -> BarsResult:
    """By how much each column changes, mean over the rows where something was found; the largest first."""
    there = best.there
    moved = best.points[there] - x[there] if there.any() else np.zeros((1, x.shape[1]))
    numbers = explained.space.numbers
    mean = np.where(numbers, moved, moved != 0).mean(axis=0)
    order = np.argsort(-np.abs(mean), kind="stable")[:SHOWN_BARS]
    kept = [j for j in order if abs(mean[j]) > 1e-9] or [int(order[0])]
    names = [f.name for f in explained.predictor.features]
    return BarsResult("changes", "Change of each column, in shares of its range", tuple(names[j] for j in kept),
                      mean[kept])


def accepted_by(row_ids: Array, found: Mapping[str, Found], best: Found) -> MatrixResult:
    """What each retrained model says: of every search for one row, of the search that is shown for many rows."""
    models = tuple(str(number + 1) for number in range(best.retrained.shape[1]))
    title = "Probability of the wanted class, by retrained model"
    if len(row_ids) == 1:
        values = np.stack([one.retrained[0] for one in found.values()])
        return MatrixResult("retrained", title, values, tuple(found), models)
    rows = tuple(str(row) for row in row_ids[:SHOWN_ROWS])
    return MatrixResult("retrained", f"{title}: {best.search}", best.retrained[:SHOWN_ROWS], rows, models)


def climb_curve(row_ids: Array, best: Found, tau: float) -> CurveResult | None:
    """R-hat on the way of each row, by step of T-Rex:I or by row that T-Rex:NN passed; None where there is no way."""
    ways = [(row, path) for row, path in zip(row_ids, best.path, strict=True) if len(path)][:SHOWN_PATHS]
    if not ways:
        return None
    longest = max(2, *(len(path) for _, path in ways))
    lines = [Line(f"row {row}", np.arange(len(path), dtype=float), path, role="counterfactual" if i == 0 else "plain")
             for i, (row, path) in enumerate(ways)]
    ends = np.array([0.0, longest - 1.0])
    lines.append(Line("τ", ends, np.full(2, tau), role="reference"))
    climbs = best.search == CLIMB
    return CurveResult("climb", "Stability on the way", tuple(lines), "step" if climbs else "rows of the data passed",
                       STABILITY)
