"""Where a question lies with respect to the data: inside, at the edge, or outside.

Two tests, the worse one counts: each value set against the column's range, and the causes of every variable that
follows, taken together, against the rows at hand (distance to the nearest one, beside what is usual among the rows).
"""

from dataclasses import dataclass

import numpy as np

from engines.contract import Support
from engines.discovery.colide.mathematics import Array
from engines.discovery.colide.sem import Do, LinearSem

USUAL, FAR = 0.99, 3.0
"""A row is usual when its nearest neighbour is as near as for this share of the rows; far beyond so many times that."""


@dataclass(frozen=True, eq=False)
class Seen:
    """What is remembered of the data: 0.5 % and 99.5 % quantiles, extremes (d,) and some rows (m, d), raw units."""

    low: Array
    high: Array
    least: Array
    most: Array
    rows: Array


def assess(seen: Seen, names: tuple[str, ...], sem: LinearSem, do: Do, row: Array) -> tuple[Support, str]:
    """The support of `do` and a note on it. row: (d,) the variables under `do`."""
    findings = [_range(seen, names, j, value) for j, value in do.items()]
    for j in np.flatnonzero(sem.downstream(do)):
        causes = np.flatnonzero(sem.edges[:, j])
        if len(causes) > 1 or causes[0] not in do:
            findings.append(_together(seen, names, int(j), causes, row))
    order = list(Support)
    return max(findings, key=lambda finding: order.index(finding[0]), default=(Support.INSIDE, ""))


def _range(seen: Seen, names: tuple[str, ...], j: int, value: float) -> tuple[Support, str]:
    span = f"which span {seen.least[j]:.4g} to {seen.most[j]:.4g}"
    if not seen.least[j] <= value <= seen.most[j]:
        return Support.OUTSIDE, f"{names[j]} = {value:.4g} lies beyond the data, {span}."
    if not seen.low[j] <= value <= seen.high[j]:
        return Support.EDGE, f"{names[j]} = {value:.4g} lies at the end of the data, {span}."
    return Support.INSIDE, ""


def _together(seen: Seen, names: tuple[str, ...], j: int, causes: np.ndarray, row: Array) -> tuple[Support, str]:
    scale = seen.rows[:, causes].std(axis=0) + np.finfo(float).tiny
    rows, point = seen.rows[:, causes] / scale, row[causes] / scale
    apart = np.sqrt(((rows[:, None] - rows[None]) ** 2).sum(axis=-1))
    np.fill_diagonal(apart, np.inf)
    usual = float(np.quantile(apart.min(axis=1), USUAL))
    distance = float(np.sqrt(((rows - point) ** 2).sum(axis=-1)).min())
    together = f"The causes of {names[j]} ({', '.join(names[i] for i in causes)})"
    if distance > FAR * usual:
        return Support.OUTSIDE, f"{together} take values together that no row comes near."
    if distance > usual:
        return Support.EDGE, f"{together} take values together that few rows come near."
    return Support.INSIDE, ""
