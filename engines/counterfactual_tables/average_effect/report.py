"""The results of a run: the specification curve, what refutes, overlap, sensitivity, and a verdict in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engines.counterfactual_tables.average_effect.estimators import Estimate
from engines.counterfactual_tables.average_effect.overlap import EDGES, Overlap
from engines.counterfactual_tables.average_effect.refuting import Refutation
from engines.counterfactual_tables.average_effect.sensitivity import GRID, Sensitivity
from engines.counterfactual_tables.average_effect.table import Asked
from engines.data.kinds import category_column, number_column, table_of
from engines.results import BarsResult, CurveResult, Line, MatrixResult, Span, TableResult, TextResult

NAIVE = "difference without adjustment"


def curve(asked: Asked, names: Sequence[str], found: Sequence[Estimate]) -> BarsResult:
    """All estimates in order of size, each with its 95 % interval."""
    order = sorted(range(len(found)), key=lambda i: found[i].effect)
    return BarsResult(
        "estimates", f"Mean change of {asked.outcome} with {asked.change()}", tuple(names[i] for i in order),
        np.array([found[i].effect for i in order]), np.array([found[i].low for i in order]),
        np.array([found[i].high for i in order]), asked.unit,
    )


def table(rows: Sequence[tuple[str, str, Estimate]]) -> TableResult:
    """One row an estimate: estimator, what is adjusted for, effect, standard error, interval."""
    return TableResult("table", "Estimates", table_of("estimates", [
        category_column("estimator", [row[0] for row in rows]),
        category_column("adjusted for", [row[1] for row in rows]),
        *(number_column(title, [getattr(row[2], name) for row in rows]) for title, name in (
            ("effect", "effect"), ("standard error", "error"), ("low 2.5 %", "low"), ("high 97.5 %", "high"),
        )),
    ]))


def refutations(found: Sequence[Refutation]) -> TableResult:
    """One row a kind: what was expected, what came, and what it means."""
    return TableResult("refutations", "What should not change the estimate", table_of("refutations", [
        category_column("tried", [one.kind for one in found]),
        category_column("verdict", ["passed" if one.passed else "failed" for one in found]),
        number_column("expected", [one.expected for one in found]),
        number_column("mean of the draws", [float(one.effects.mean()) for one in found]),
        number_column("spread of the draws", [float(one.effects.std()) for one in found]),
        category_column("meaning", [one.sentence() for one in found]),
    ]))


def chances(asked: Asked, seen: Overlap) -> CurveResult:
    """How the rows of both arms spread over the chance of the treatment, each arm's shares."""
    middle = (EDGES[:-1] + EDGES[1:]) / 2
    shares = seen.counts / np.maximum(seen.counts.sum(axis=1, keepdims=True), 1)
    return CurveResult(
        "overlap", f"Chance of {asked.treatment} = {asked.high}, by what was done", (
            Line(f"{asked.treatment} = {asked.low}", middle, shares[0]),
            Line(f"{asked.treatment} = {asked.high}", middle, shares[1]),
        ), "chance", "share of the arm's rows",
    )


def balance(seen: Overlap) -> TableResult:
    """How far the arms are apart in each covariate, before and after weighting."""
    return TableResult("balance", "Difference of the arms, standard deviations", table_of("balance", [
        category_column("covariate", list(seen.names)),
        number_column("as they are", seen.before), number_column("weighted", seen.after),
    ]))


def contour(asked: Asked, found: Sensitivity) -> MatrixResult:
    """What is left of the effect; rows: share of the outcome, columns: share of the treatment."""
    names = tuple(f"{share:.1%}" for share in GRID)
    return MatrixResult(
        "sensitivity",
        f"Effect left if a hidden cause explains so much of {asked.outcome} (rows) and of {asked.treatment} (columns)",
        found.contour(), names, names, diverging=True, unit=asked.unit,
    )


def weakness(instrument: str, treatment: str, strength: float) -> str:
    """That an instrument hardly moves the treatment, in words."""
    return (f"The instrument {instrument} hardly moves {treatment} (F = {strength:.1f}): do not trust what is "
            "estimated by it, nor its intervals.")


def verdict(
    asked: Asked, main: Estimate, how: str, condition: str, naive: Estimate, tried: Sequence[Refutation],
    seen: Overlap | None, found: Sensitivity | None, spread: tuple[float, float], weak: Sequence[str],
) -> TextResult:
    """The answer in sentences."""
    unit = f" {asked.unit}" if asked.unit else ""
    size, interval = f"{_said(main.effect)}{unit}", f"{_said(main.low)} to {_said(main.high)}; {how}"
    said = [
        f"With {asked.change()}, {asked.outcome} changes by {size} on average ({interval}), {condition}.",
        f"Without adjustment the difference is {_said(naive.effect)}{unit}.",
        f"All estimates lie between {_said(spread[0])} and {_said(spread[1])}.",
    ]
    failed = [one for one in tried if not one.passed]
    if tried:
        said.append("; ".join(one.sentence() for one in failed) if failed else "No refutation speaks against it.")
    said += weak
    if seen is not None:
        said.append(seen.sentence())
    if found is not None:
        said.append(found.sentence(asked.treatment, asked.outcome))
    return TextResult("verdict", "What the data say of the effect", (Span(" ".join(said)),))


def _said(value: float) -> str:
    """A number in a sentence, with a true minus."""
    return f"{value:.4g}".replace("-", "\u2212")
