"""What a column looks like in a few numbers, for views; and what is to be said about a whole data set.

Numbers only, no drawing. `column_summary` is quick (about a millisecond for ten thousand rows) and takes any column.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from engines.data.kinds import Column, ColumnType, DataSet, Images, Table
from engines.data.roles import Role

BINS = 27
_KNOWN: WeakKeyDictionary[Column, dict[int, ColumnSummary]] = WeakKeyDictionary()

LONG_TAILED = 1.0
"""Skewness above which a column of positive numbers is called long-tailed, when its logarithm is less skewed."""


@dataclass(frozen=True, eq=False)
class Bins:
    """A histogram.

    Attributes:
        edges: (k + 1,) ascending; on a logarithmic axis still in raw units.
        counts: (k,) int64.
        log: The bins are of equal width on a logarithmic axis.
    """

    edges: np.ndarray
    counts: np.ndarray
    log: bool = False


@dataclass(frozen=True, eq=False)
class ColumnSummary:
    """The column in figures. Those that make no sense for its type, or have no value to stand on, are NaN.

    Attributes:
        rows, missing, infinite, distinct: Counts; `distinct` among the finite values that are there.
        low, lower, median, upper, high: Minimum, first quartile, median, third quartile, maximum (raw units).
        linear: Histogram on a linear axis, None without numbers.
        logarithmic: Histogram of the values above 0 on a logarithmic axis, None if there are too few of them.
        levels: The commonest categories or texts with their counts, at most twelve.
        long_tailed: Positive numbers whose logarithm is less skewed than they are.
        constant: At most one distinct value.
    """

    name: str
    type: ColumnType
    rows: int
    missing: int
    infinite: int
    distinct: int
    low: float
    lower: float
    median: float
    upper: float
    high: float
    linear: Bins | None
    logarithmic: Bins | None
    levels: tuple[tuple[str, int], ...]
    long_tailed: bool
    constant: bool

    @property
    def preferred(self) -> Bins | None:
        """The histogram that shows more: logarithmic for long tails."""
        return self.logarithmic if self.long_tailed and self.logarithmic is not None else self.linear


def column_summary(column: Column, bins: int = BINS) -> ColumnSummary:
    """The summary of one column; `bins` is the number of bars. It is made once for each column and number."""
    known = _KNOWN.setdefault(column, {})
    bins = bins if column.type is ColumnType.NUMBER else 0
    if bins not in known:
        known[bins] = _summed_up(column, bins)
    return known[bins]


def _summed_up(column: Column, bins: int) -> ColumnSummary:
    rows, missing = len(column.values), int(column.missing.sum())
    nothing = (float("nan"),) * 5
    if column.type is not ColumnType.NUMBER:
        levels, distinct = _commonest(column)
        return ColumnSummary(
            column.name, column.type, rows, missing, 0, distinct, *nothing, None, None, levels, False, distinct <= 1
        )
    finite = column.values[np.isfinite(column.values)]
    infinite = rows - missing - len(finite)
    if not len(finite):
        return ColumnSummary(
            column.name, column.type, rows, missing, infinite, 0, *nothing, None, None, (), False, True
        )
    ordered = np.sort(finite)
    quartiles = np.quantile(ordered, [0, 0.25, 0.5, 0.75, 1])
    distinct = 1 + int(np.count_nonzero(np.diff(ordered)))
    low, lower, median, upper, high = quartiles.tolist()
    return ColumnSummary(
        column.name, column.type, rows, missing, infinite, distinct, low, lower, median, upper, high,
        linear_bins(ordered, bins), logarithmic_bins(ordered, bins), (), long_tailed(ordered),
        distinct == 1 and not infinite,
    )


def summaries(data: DataSet, bins: int = BINS) -> tuple[ColumnSummary, ...]:
    """The summaries of all columns or attributes, in order."""
    return tuple(column_summary(column, bins) for column in data.attributes.columns)


def linear_bins(values: np.ndarray, bins: int = BINS) -> Bins:
    """Equal bins from the smallest to the 99.5 % value; what lies above is counted in the last. values: (n,) sorted."""
    low, high = float(values[0]), float(np.quantile(values, 0.995))
    if not high > low:
        high = float(values[-1])
    if not high > low:
        low, high = low - 0.5, high + 0.5
    edges = np.linspace(low, high, bins + 1)
    counts, _ = np.histogram(np.minimum(values, high), edges)
    return Bins(edges, counts)


def logarithmic_bins(values: np.ndarray, bins: int = BINS) -> Bins | None:
    """Bins of equal ratio over the values above 0; None when under half the values, or one value, are above 0."""
    above = values[values > 0]
    if len(above) < max(2, len(values) / 2) or not above[-1] > above[0]:
        return None
    edges = np.geomspace(above[0], above[-1], bins + 1)
    edges[0], edges[-1] = above[0], above[-1]
    counts, _ = np.histogram(above, edges)
    return Bins(edges, counts, log=True)


def long_tailed(values: np.ndarray) -> bool:
    """Whether positive numbers (n,) are better seen on their logarithm: skewed by over 1, and less so there."""
    if len(values) < 20 or values.min() <= 0:
        return False
    raw = skewness(values)
    return raw > LONG_TAILED and abs(skewness(np.log(values))) < raw


def skewness(values: np.ndarray) -> float:
    """Third standardised moment; 0 for a constant."""
    centred = values - values.mean()
    spread = float(np.sqrt(np.mean(centred**2)))
    return float(np.mean(centred**3) / spread**3) if spread > 0 else 0.0


# --------------------------------------------------------------------------------------------------------- advice


@dataclass(frozen=True)
class Advice:
    """Something to be said about a data set before a method is run on it.

    Attributes:
        sentence: What is the matter, to which column.
        remedies: By offer: the preparation step that puts it right.
        about: The columns concerned.
    """

    sentence: str
    remedies: Mapping[str, Mapping[str, Any]]
    about: tuple[str, ...]


def advice(
    data: DataSet, known: tuple[ColumnSummary, ...] | None = None, wants_logarithm: str = ""
) -> tuple[Advice, ...]:
    """What is to be said about the data, the most important first.

    Args:
        data: Columns that are left out, ids and splits are passed over.
        known: The summaries, if they are there already.
        wants_logarithm: Name of a method that may fit better on logarithms; empty says nothing of long tails.
    """
    table = data.attributes
    used = {column.name for column in table.columns if column.role not in (Role.LEFT_OUT, Role.ID, Role.SPLIT)}
    all_known = known or summaries(data)
    found = [summary for summary in all_known if summary.name in used]
    told = [_about_constant(table, summary) for summary in found if summary.constant]
    told += [_about_infinite(summary) for summary in found if summary.infinite]
    if missing := [summary for summary in found if summary.missing and not summary.constant]:
        told.append(_about_missing(table, missing))
    tailed = [summary.name for summary in found if summary.long_tailed]
    if wants_logarithm and tailed:
        told.append(_about_tails(tailed, len(found), wants_logarithm))
    return tuple(told)


def footer(data: DataSet, known: tuple[ColumnSummary, ...] | None = None) -> str:
    """What was read, in one line: "Read whole: no missing values, no constant columns"."""
    found = known or summaries(data)
    missing, infinite = sum(s.missing for s in found), sum(s.infinite for s in found)
    constant = sum(s.constant for s in found)
    said = [
        _counted(missing, "missing value"),
        _counted(constant, "constant column"),
        *([_counted(infinite, "infinite value")] if infinite else []),
    ]
    rounded = ["finer pixels rounded to 8 bits"] if isinstance(data, Images) and data.rounded else []
    return f"Read whole: {', '.join(said + rounded)}"


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}" if count else f"no {what}s"


def _about_constant(table: Table, summary: ColumnSummary) -> Advice:
    if summary.missing == summary.rows:
        sentence = f"Column {summary.name} holds no value in any of its {summary.rows:,} rows."
    else:
        sentence = f"Column {summary.name} holds one value in all {len(table):,} rows, so it cannot cause anything."
    return Advice(sentence, {"Leave it out": {"step": "leave_out_columns", "columns": [summary.name]}}, (summary.name,))


def _about_infinite(summary: ColumnSummary) -> Advice:
    many = f"{summary.infinite:,} infinite value{'' if summary.infinite == 1 else 's'}"
    return Advice(
        f"Column {summary.name} has {many}.",
        {
            "Drop these rows": {"step": "drop_missing_rows", "columns": [summary.name]},
            "Leave the column out": {"step": "leave_out_columns", "columns": [summary.name]},
        },
        (summary.name,),
    )


def _about_missing(table: Table, missing: list[ColumnSummary]) -> Advice:
    names = [summary.name for summary in missing]
    lost = np.zeros(len(table), dtype=bool)
    for name in names:
        lost |= table[name].missing
    where = f"Column {names[0]} has" if len(names) == 1 else f"{len(names)} columns have"
    total = sum(summary.missing for summary in missing)
    remedies: dict[str, Mapping[str, Any]] = {"Impute them": {"step": "impute", "columns": names}}
    if not lost.all():
        row = "row" if int(lost.sum()) == 1 else f"{int(lost.sum()):,} rows"
        remedies[f"Drop the {row}"] = {"step": "drop_missing_rows", "columns": names}
    return Advice(f"{where} {_counted(total, 'missing value')}.", remedies, tuple(names))


def _about_tails(tailed: list[str], count: int, method: str) -> Advice:
    if len(tailed) == count:
        which = f"All {count} columns are" if count > 1 else f"Column {tailed[0]} is"
    else:
        which = f"Column {tailed[0]} is" if len(tailed) == 1 else f"{len(tailed)} of {count} columns are"
    their = "its" if len(tailed) == 1 else "their"
    return Advice(
        f"{which} long-tailed. {method} may fit better on {their} logarithm.",
        {"Use logarithm": {"step": "logarithm", "columns": tailed}},
        tuple(tailed),
    )


def _commonest(column: Column) -> tuple[tuple[tuple[str, int], ...], int]:
    """The twelve commonest levels with counts, and the number of distinct ones."""
    if column.type is ColumnType.CATEGORY:
        counts = np.bincount(column.values[column.values >= 0], minlength=len(column.levels))
        order = np.argsort(-counts, kind="stable")[:12]
        return tuple((column.levels[i], int(counts[i])) for i in order if counts[i]), int(np.count_nonzero(counts))
    present = [value for value in column.values if value is not None]
    if len(set(present)) == len(present):               # names: none is commoner, and they may be many
        return tuple((value, 1) for value in present[:12]), len(present)
    counted = Counter(present)
    return tuple(counted.most_common(12)), len(counted)
