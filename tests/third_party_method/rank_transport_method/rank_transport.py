"""What would this row's outcome have been in another group? Keep its rank, change its group.

Source: none; the quantile-to-quantile map of optimal transport on a line, as an example for authors of methods.
Symbols: n rows, k groups, m grid points, b resamples; y (n,) outcome in raw units; g (n,) group index;
p (m,) levels in [0, 1]; Q (k, m) quantile curves, Q[j] = quantiles of y in group j.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from engines.contract import (
    Accepts,
    Answer,
    Budget,
    Choice,
    Columns,
    Control,
    FactorValue,
    How,
    Inputs,
    Method,
    MethodParameters,
    Model,
    Produces,
    Query,
    Run,
    Slider,
    Support,
    Trial,
    parameter,
)
from engines.data.kinds import ColumnType, DataKind, Table, category_column, number_column, table_of
from engines.data.roles import Role
from engines.questions import Question
from engines.refusals import Refusal
from engines.results import BarsResult, CurveResult, Line, TableResult


class Parameters(MethodParameters):
    """Settings of rank transport."""

    points: int = parameter(101, ge=3, le=10_001, unit="points", help="Resolution of each quantile curve.")
    resamples: int = parameter(50, ge=2, le=10_000, help="Bootstrap samples behind the interval of an answer.")
    smoothing: float = parameter(0.0, ge=0, le=1, help="Pull of each curve towards the pooled one.", advanced=True)


def rank(value: np.ndarray, curve: np.ndarray, p: np.ndarray) -> np.ndarray:
    """Invert a quantile curve: the level u with curve(u) = value. value: (n,); curve, p: (m,).

    Flat parts give their middle.
    """
    left = np.interp(value, curve, p)
    right = 1 - np.interp(-value, -curve[::-1], 1 - p[::-1])
    return (left + right) / 2


def transported(y: np.ndarray, now: np.ndarray, then: np.ndarray, p: np.ndarray) -> np.ndarray:
    """The outcome at the same rank under another curve. y: (n,); now, then, p: (m,)."""
    return np.interp(rank(y, now, p), p, then)


def quantile_curves(y: np.ndarray, g: np.ndarray, k: int, p: np.ndarray, smoothing: float) -> np.ndarray:
    """Q (k, m), each pulled towards the pooled curve by `smoothing`."""
    pooled = np.quantile(y, p)
    own = np.stack([np.quantile(y[g == j], p) for j in range(k)])
    return (1 - smoothing) * own + smoothing * pooled


def resampled(g: np.ndarray, k: int, generator: np.random.Generator) -> np.ndarray:
    """Row positions drawn with replacement inside each group, (n,)."""
    return np.concatenate([generator.choice(np.flatnonzero(g == j), size=int(np.sum(g == j))) for j in range(k)])


def fit(inputs: Inputs, parameters: Parameters, run: Run) -> RankTransport:
    """Curves of every group, and of `resamples` bootstrap samples for the interval."""
    (treatment,), (outcome,) = inputs.table.having(Role.TREATMENT), inputs.table.having(Role.OUTCOME)
    order = np.lexsort((outcome.values, treatment.values))  # resamples do not depend on the order of the rows
    y, g, k = outcome.values[order], treatment.values[order], len(treatment.levels)
    p = np.linspace(0, 1, parameters.points)
    curves = quantile_curves(y, g, k, p, parameters.smoothing)
    sums, squares, start = np.zeros_like(curves), np.zeros_like(curves), 0
    if run.resumed is not None:
        sums, squares, start = run.resumed["sums"].copy(), run.resumed["squares"].copy(), run.resumed["next"]
    for b in run.steps(parameters.resamples, "resampling", start=start):
        rows = resampled(g, k, run.generator)
        drawn = quantile_curves(y[rows], g[rows], k, p, parameters.smoothing)
        sums += drawn
        squares += drawn**2
        deviation = np.sqrt(np.maximum(squares / (b + 1) - (sums / (b + 1)) ** 2, 0))
        run.scalar("width of the interval", float(np.mean(3.29 * deviation)), step=b, unit=outcome.unit)
        run.checkpoint(partial(dict, sums=sums, squares=squares, next=b + 1))
    medians = curves[:, parameters.points // 2]
    run.show(
        CurveResult(
            "quantiles", "Quantile curves", tuple(Line(t, p, q) for t, q in zip(treatment.levels, curves)), "level",
            outcome.name,
        )
    )
    run.show(BarsResult("medians", "Median by group", treatment.levels, medians, unit=outcome.unit))
    return RankTransport(
        p=p, curves=curves, deviation=deviation, treatment=treatment.name, levels=treatment.levels,
        outcome=outcome.name, unit=outcome.unit,
    )


@dataclass(frozen=True, eq=False)
class RankTransport(Model):
    """Quantile curves by group.

    Attributes:
        p: (m,).
        curves: (k, m), raw units.
        deviation: (k, m), bootstrap standard deviation of each curve, raw units.
    """

    p: np.ndarray
    curves: np.ndarray
    deviation: np.ndarray
    treatment: str
    levels: tuple[str, ...]
    outcome: str
    unit: str

    def controls(self) -> tuple[Control, ...]:
        return (
            Choice(self.treatment, self.levels, do=True, help="The group to move to."),
            Slider(
                "way", 0.0, 1.0, (0.0, 1.0), do=False, default=1.0, decimals=2,
                help="How far along the way: 0 stays, 1 arrives.",
            ),
        )

    def answer(self, query: Query) -> Iterator[Answer]:
        table = query.factual.attributes
        groups = table[self.treatment].values
        to = query.do.get(self.treatment)
        target = groups if to is None else np.full(len(table), self.levels.index(str(to)))
        way = float(query.values.get("way", 1.0))
        y = table[self.outcome].values
        moved, width = np.empty(len(table)), np.empty(len(table))
        for row, (now, then) in enumerate(zip(groups, target)):
            u = rank(y[row : row + 1], self.curves[now], self.p)  # abduction
            arrived = np.interp(u, self.p, self.curves[then])  # action and prediction
            moved[row] = (1 - way) * y[row] + way * arrived[0]
            width[row] = 0.0 if now == then else 1.645 * way * np.interp(u, self.p, self.deviation[then])[0]
        column = replace(table[self.treatment], values=target.astype(np.int32))
        result = table.with_column(column).with_column(replace(table[self.outcome], values=moved))
        changed = np.column_stack([target != groups if n == self.treatment else
                                   moved != y if n == self.outcome else np.zeros(len(table), bool)
                                   for n in table.names])
        factors = (
            FactorValue(
                self.treatment, self.levels[groups[0]], self.levels[target[0]],
                How.UNAFFECTED if to is None else How.SET,
            ),
            FactorValue(
                self.outcome, float(y[0]), float(moved[0]), How.UNAFFECTED if to is None else How.FOLLOWS,
                None if to is None else (float(moved[0] - width[0]), float(moved[0] + width[0])),
            ),
        )
        inside = self.curves[groups[0], 0] <= y[0] <= self.curves[groups[0], -1]
        yield Answer(Budget.VALUES, (), factors)
        yield Answer(
            Budget.FINAL, (TableResult("rows", "Rows", result, changed, table), self._curves(groups[0], target[0])),
            factors, support=Support.INSIDE if inside else Support.OUTSIDE,
        )

    def claims_identity(self) -> float:
        return 1e-9

    def _curves(self, now: int, then: int) -> CurveResult:
        lines = (
            Line(self.levels[now], self.p, self.curves[now], role="factual"),
            Line(self.levels[then], self.p, self.curves[then], role="counterfactual"),
        )
        return CurveResult("curves", "Where it moves", lines, "level", self.outcome)


def refuse(inputs: Inputs, parameters: Parameters) -> None:
    """A group of one row has no ranks."""
    (treatment,) = inputs.table.having(Role.TREATMENT)
    for index, level in enumerate(treatment.levels):
        if np.sum(treatment.values == index) < 2:
            raise Refusal(
                f"The group {level} of {treatment.name} has fewer than 2 rows.", "It has no ranks.",
                ("Drop the group",), (treatment.name,),
            )


def two_groups(sizes: tuple[int, int] = (40, 60), shift: float = 3.0) -> Inputs:
    """Two groups of one distribution, shifted."""
    generator = np.random.default_rng(7)
    outcome = np.concatenate([generator.normal(size=sizes[0]), generator.normal(size=sizes[1]) + shift])
    group = ["control"] * sizes[0] + ["treated"] * sizes[1]
    return Inputs(_table(group, outcome))


def _table(group: list[str], outcome: np.ndarray) -> Table:
    columns = [category_column("group", group, Role.TREATMENT), number_column("pain", outcome, "mm", Role.OUTCOME)]
    return table_of("two groups", columns)


method = Method(
    title="Rank transport",
    sentence="Keep a row's rank, change its group.",
    question=Question.ROW_IF,
    source="An example for authors of methods",
    accepts=Accepts(
        DataKind.TABLE,
        (
            Columns(Role.TREATMENT, (ColumnType.CATEGORY,), most=1),
            Columns(Role.OUTCOME, (ColumnType.NUMBER,), most=1),
        ),
        least_items=4,
    ),
    parameters=Parameters,
    presets={"quick": Parameters(), "thorough": Parameters(points=1001, resamples=2000)},
    fit=fit,
    model=RankTransport,
    produces=(Produces("quantiles", "curve", "Quantile curves"), Produces("medians", "bars", "Median by group")),
    answers=(Produces("rows", "table", "Rows"), Produces("curves", "curve", "Where it moves")),
    refuse=refuse,
    trial=Trial(
        inputs=two_groups,
        parameters=Parameters(points=5, resamples=12),
        refusals={"The group control of group has fewer": lambda: two_groups((1, 60))},
    ),
)
