"""Where a row lies with respect to the data: the range of each variable, and the causes of each taken together.

Symbols: n rows, d variables, q kept rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from engines.abilities import Feature
from engines.contract import Support
from engines.counterfactual_tables.structural_causal_model.mechanisms import Array

FAR = 2.0
"""Times the usual distance to the nearest row that is known, from which a row is outside the data."""


def reach(variables: Sequence[Feature], kept: Sequence[Mapping[str, Any]], rows: Array) -> Array:
    """(d,) how far the causes of each variable lie, in 99 of 100 rows (q, d), from those of the nearest other row."""
    found = np.zeros(len(variables))
    for place, one in enumerate(kept):
        if causes := list(one["causes"]):
            told = _scaled(variables, rows, rows)[:, causes]
            apart = np.stack([_apart(row, told, [variables[c] for c in causes]) for row in told])
            np.fill_diagonal(apart, np.inf)
            found[place] = np.quantile(apart.min(axis=1), 0.99)
    return found


def where(
    variables: Sequence[Feature], kept: Sequence[Mapping[str, Any]], rows: Array, usual: Array, limits: Array,
    world: Array, follow: Sequence[int], chosen: Sequence[int],
) -> tuple[Support, str]:
    """Of one row (d,) in the other world. `limits` (2, d): least and most that was seen."""
    for place in (*chosen, *follow):
        variable = variables[place]
        if not variable.levels and not limits[0, place] <= world[place] <= limits[1, place]:
            seen = f"{limits[0, place]:.4g} to {limits[1, place]:.4g} {variable.unit}".strip()
            return Support.OUTSIDE, f"{variable.name} was only ever seen from {seen}."
    worst, at = 0.0, -1
    for place in follow:
        causes = list(kept[place]["causes"])
        told, row = (_scaled(variables, one, rows)[:, causes] for one in (rows, world[None]))
        near = float(_apart(row[0], told, [variables[c] for c in causes]).min())
        if near > usual[place] and near / max(usual[place], 1e-12) > worst:
            worst, at = near / max(usual[place], 1e-12), place
    if at < 0:
        return Support.INSIDE, ""
    names = " and ".join(variables[cause].name for cause in kept[at]["causes"])
    few = "No row has" if worst > FAR else "Hardly a row has"
    both = f"values like these of {names}"
    return (Support.OUTSIDE if worst > FAR else Support.EDGE), f"{few} {both}, the causes of {variables[at].name}."


def _scaled(variables: Sequence[Feature], rows: Array, reference: Array) -> Array:
    """Rows with each number in standard deviations of the reference; levels as they are."""
    spread = np.where([bool(v.levels) for v in variables], 1.0, reference.std(axis=0))
    return rows / np.where(spread > 0, spread, 1.0)


def _apart(row: Array, others: Array, variables: Sequence[Feature]) -> Array:
    """(q,) distance of a row; another level counts as much as three standard deviations."""
    levels = np.array([bool(v.levels) for v in variables])
    parts = np.where(levels, 3.0 * (row != others), row - others)
    return np.asarray(np.sqrt((parts**2).sum(axis=1)))
