"""Do the data contradict what a graph claims? A test for each independence, corrected for their number.

Linear: both variables are expanded (numbers as they are, categories as indicators), the linear part of what is given is
taken out of each, and what is left is tested for correlation: for two numbers Fisher's z of the partial correlation,
else Bartlett's approximation to Wilks' lambda over the canonical correlations. Where all are categories and the table
is well filled, Pearson's chi-squared, summed over strata, takes its place.
Flexible: the generalised covariance measure (Shah and Peters 2020). Scores and squared scores of each variable are
regressed on smooth functions of what is given, and the products of the residuals are tested for mean zero; this sees
dependence that is not linear, and holds when the regressions are only roughly right.
Symbols: n rows, p and q columns of the two variables, k columns of what is given.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from engines.data.kinds import Column, ColumnType, Table
from engines.graph.fuse import Fuse
from engines.graph.implications import Independence

LEVEL = 0.05
MOST_ROWS = 5000
_FEWEST = 20            # rows, and as many more as columns are given
_MOST_LEVELS = 30
_FILLED = 5.0           # least expected count of a table for chi-squared


class Way(StrEnum):
    """How dependence is looked for."""

    LINEAR = "linear"
    FLEXIBLE = "flexible"


class Verdict(StrEnum):
    """What the data say of a claim."""

    HOLDS = "holds"
    DOUBTFUL = "doubtful"
    FAILS = "fails"
    UNTESTED = "untested"


@dataclass(frozen=True)
class Judged:
    """One claim and what the data say of it.

    Attributes:
        claim: The independence.
        test: The name of the test; empty when there was none.
        p: Its p-value, NaN when there was none.
        holm: Corrected by Holm for all tests made (no false alarm among them).
        fdr: Corrected by Benjamini and Hochberg (the share of false alarms).
        effect: Size of the dependence left, 0 to 1: partial or canonical correlation, or Cramér's V.
        rows: That were used; those with a missing value in one of the columns are not.
        why: Why it was not tested.
    """

    claim: Independence
    test: str = ""
    p: float = math.nan
    holm: float = math.nan
    fdr: float = math.nan
    effect: float = math.nan
    rows: int = 0
    why: str = ""

    @property
    def verdict(self) -> Verdict:
        """Fails when it does so corrected, doubtful when only by itself."""
        if math.isnan(self.p):
            return Verdict.UNTESTED
        if self.holm < LEVEL:
            return Verdict.FAILS
        return Verdict.DOUBTFUL if self.p < LEVEL else Verdict.HOLDS


def judge(
    claims: Sequence[Independence], table: Table, way: Way = Way.LINEAR, *, most: int = MOST_ROWS, seed: int = 0,
    fuse: Fuse | None = None,
) -> Iterator[Judged]:
    """Each claim with its test, in order, without corrections (see `corrected`).

    Args:
        most: Rows; of more, as many are drawn at random.
        seed: Of that draw.
        fuse: Asked before each test.

    Raises:
        Burnt: when the fuse has burnt.
    """
    if len(table) > most:
        drawn = np.random.default_rng(seed).choice(len(table), most, replace=False)
        table = table.rows(np.sort(drawn))
    for claim in claims:
        if fuse is not None:
            fuse.check()
        yield _judged(claim, table, way)


def corrected(found: Sequence[Judged]) -> tuple[Judged, ...]:
    """The same tests with both corrections for their number."""
    places = [i for i, one in enumerate(found) if not math.isnan(one.p)]
    p = np.array([found[i].p for i in places])
    m, order = len(p), np.argsort(p, kind="stable")
    holm, fdr = np.empty(m), np.empty(m)
    ranks = np.arange(m)
    holm[order] = np.minimum(1, np.maximum.accumulate(p[order] * (m - ranks)))
    fdr[order] = np.minimum(1, np.minimum.accumulate((p[order] * m / (ranks + 1))[::-1])[::-1])
    told = list(found)
    for at, i in enumerate(places):
        told[i] = replace(found[i], holm=float(holm[at]), fdr=float(fdr[at]))
    return tuple(told)


def summary(found: Sequence[Judged], rows: int) -> str:
    """All of it in a sentence; `rows` of the data set."""
    counts = {verdict: sum(one.verdict is verdict for one in found) for verdict in Verdict}
    made = len(found) - counts[Verdict.UNTESTED]
    if not found:
        return "There is nothing to test."
    if not made:
        return f"None of {len(found)} independences could be tested: {found[0].why}"
    doubtful = counts[Verdict.DOUBTFUL]
    are = "is" if doubtful == 1 else "are"
    told = f"{counts[Verdict.FAILS]} of {made} independences fail, {doubtful} {are} doubtful."
    if counts[Verdict.UNTESTED]:
        told += f" {counts[Verdict.UNTESTED]} could not be tested."
    least = min(one.rows for one in found if one.rows)
    if least < rows:
        told += f" At least {least:,} of {rows:,} rows were used."
    return told


def _judged(claim: Independence, table: Table, way: Way) -> Judged:
    names = (claim.first, claim.second, *claim.given)
    absent = [name for name in names if name not in table]
    if absent:
        return Judged(claim, why=f"The data have no column {absent[0]}.")
    columns = [table[name] for name in names]
    for column in columns:
        if column.type is ColumnType.TEXT:
            return Judged(claim, why=f"{column.name} is text.")
        if len(column.levels) > _MOST_LEVELS:
            return Judged(claim, why=f"{column.name} has more than {_MOST_LEVELS} categories.")
    complete = ~np.logical_or.reduce([column.missing for column in columns])
    columns = [column.rows(np.flatnonzero(complete)) for column in columns]
    first, second, *given = columns
    n = int(complete.sum())
    width = sum(max(len(column.levels) - 1, 1) for column in columns)
    if n < _FEWEST + width:
        return Judged(claim, rows=n, why=f"Only {n} rows have all the values; {_FEWEST + width} are needed.")
    for column in (first, second):
        if column.constant:
            return Judged(claim, rows=n, why=f"{column.name} holds one value in these rows.")
    if way is Way.FLEXIBLE:
        p, effect = covariance_measure(_scores(first), _scores(second), _smooth(given, n))
        return Judged(claim, "generalised covariance measure", p, effect=effect, rows=n)
    if all(column.type is ColumnType.CATEGORY for column in columns):
        stratified = chi_squared(first.values, second.values, _strata(given, n))
        if stratified is not None:
            return Judged(claim, "chi-squared", stratified[0], effect=stratified[1], rows=n)
    u, v, z = _expanded(first), _expanded(second), _together([_expanded(column) for column in given], n)
    name = "partial correlation" if given else "correlation"
    if u.shape[1] > 1 or v.shape[1] > 1:
        name = "canonical correlation"
    p, effect = partial_correlation(u, v, z)
    return Judged(claim, name, p, effect=effect, rows=n)


def partial_correlation(u: np.ndarray, v: np.ndarray, z: np.ndarray) -> tuple[float, float]:
    """p-value and greatest correlation of what is left of u (n, p) and v (n, q) without the linear part of z (n, k)."""
    basis = _basis(z)
    n, k = len(u), basis.shape[1] - 1
    left, right = _basis_of(u - basis @ (basis.T @ u), u), _basis_of(v - basis @ (basis.T @ v), v)
    p, q = left.shape[1], right.shape[1]
    if not p or not q:
        return 1.0, 0.0                     # one of them is given already
    r = np.clip(np.linalg.svd(left.T @ right, compute_uv=False), 0, 1 - 1e-15)
    if p == q == 1:
        score = math.atanh(float(r[0])) * math.sqrt(max(n - k - 3, 1))
        return math.erfc(score / math.sqrt(2)), float(r[0])
    statistic = -(n - k - 1 - (p + q + 1) / 2) * float(np.log1p(-(r**2)).sum())
    return _tail(statistic, p * q), float(r[0])


def chi_squared(u: np.ndarray, v: np.ndarray, strata: np.ndarray) -> tuple[float, float] | None:
    """p-value and Cramér's V of two coded columns (n,), summed over strata (n,); None where cells are too few."""
    statistic, freedom, used, width = 0.0, 0, 0, 1
    for stratum in np.unique(strata):
        here = strata == stratum
        _, rows = np.unique(u[here], return_inverse=True)
        _, columns = np.unique(v[here], return_inverse=True)
        shape = int(rows.max()) + 1, int(columns.max()) + 1
        counts = np.zeros(shape)
        np.add.at(counts, (rows, columns), 1)
        if min(shape) < 2:
            continue
        expected = np.outer(counts.sum(1), counts.sum(0)) / counts.sum()
        if expected.min() < _FILLED:
            return None
        statistic += float(((counts - expected) ** 2 / expected).sum())
        freedom += (shape[0] - 1) * (shape[1] - 1)
        used += int(counts.sum())
        width = max(width, min(shape) - 1)
    if not freedom:
        return None
    return _tail(statistic, freedom), min(1.0, math.sqrt(statistic / (used * width)))


def covariance_measure(u: np.ndarray, v: np.ndarray, z: np.ndarray) -> tuple[float, float]:
    """p-value and greatest correlation of the residuals of u (n, p) and v (n, q) after regression on z (n, k)."""
    basis = _basis(z)
    left, right = _basis_of(u - basis @ (basis.T @ u), u), _basis_of(v - basis @ (basis.T @ v), v)
    n, d = len(u), left.shape[1] * right.shape[1]
    if not d:
        return 1.0, 0.0
    products = (left[:, :, None] * right[:, None, :]).reshape(n, d) * n
    mean = products.mean(0)
    spread = np.atleast_2d(np.cov(products, rowvar=False, bias=True))
    values, vectors = np.linalg.eigh(spread)
    kept = values > 1e-9 * values.max()
    statistic = n * float((((vectors.T @ mean)[kept]) ** 2 / values[kept]).sum())
    return _tail(statistic, int(kept.sum())), float(min(1.0, np.abs(mean).max()))


def _tail(statistic: float, freedom: int) -> float:
    from scipy.special import chdtrc

    return float(chdtrc(freedom, max(statistic, 0.0)))


def _basis(z: np.ndarray) -> np.ndarray:
    """Orthonormal columns (n, rank) of z with a constant."""
    n = len(z)
    spread = z.std(0)
    centred = (z - z.mean(0))[:, spread > 0] / spread[spread > 0]
    constant = np.full((n, 1), 1 / math.sqrt(n))
    if not centred.shape[1]:
        return constant
    left, values, _ = np.linalg.svd(centred, full_matrices=False)
    return np.hstack([constant, left[:, values > 1e-9 * values[0]]])


def _basis_of(residual: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Orthonormal columns of what is left of some variables; rounding errors are nothing."""
    left, values, _ = np.linalg.svd(residual, full_matrices=False)
    return left[:, values > 1e-8 * max(float(np.linalg.norm(whole - whole.mean(0))), 1e-300)]


def _expanded(column: Column) -> np.ndarray:
    """(n, p): a number centred and scaled, or an indicator of each category that occurs but the first."""
    if column.type is ColumnType.NUMBER:
        values = column.values - column.values.mean()
        return (values / (np.abs(values).max() or 1.0))[:, None]
    present = np.unique(column.values)
    return (column.values[:, None] == present[1:][None, :]).astype(np.float64)


def _scores(column: Column) -> np.ndarray:
    """(n, p): normal scores of a number and their squares, or indicators."""
    expanded = _expanded(column)
    if column.type is not ColumnType.NUMBER or len(np.unique(column.values)) < 3:
        return expanded
    score = _normal_score(column.values)
    return np.column_stack([score, score**2])


def _normal_score(values: np.ndarray) -> np.ndarray:
    from scipy.special import ndtri

    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    middle = np.cumsum(counts) - (counts - 1) / 2           # of each group of ties
    return np.asarray(ndtri((middle[place] - 0.5) / len(values)), dtype=np.float64)


def _smooth(given: Sequence[Column], n: int) -> np.ndarray:
    """(n, k): of each number a line and hinges at its quantiles, their products in pairs, and indicators."""
    lines, parts = [], []
    for column in given:
        if column.type is not ColumnType.NUMBER:
            parts.append(_expanded(column))
            continue
        score = _normal_score(column.values)
        knots = np.quantile(score, np.linspace(0.1, 0.9, 7 if n > 400 else 4))
        lines.append(score)
        parts.append(np.column_stack([score, score**2, *(np.maximum(score - knot, 0) ** 2 for knot in knots)]))
    parts += [(a * b)[:, None] for i, a in enumerate(lines) for b in lines[:i]]
    return _together(parts, n)


def _together(parts: Sequence[np.ndarray], n: int) -> np.ndarray:
    return np.hstack([np.zeros((n, 0)), *parts])


def _strata(given: Sequence[Column], n: int) -> np.ndarray:
    if not given:
        return np.zeros(n, dtype=np.int64)
    codes = np.column_stack([column.values for column in given])
    return np.unique(codes, axis=0, return_inverse=True)[1].reshape(n)
