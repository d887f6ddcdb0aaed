"""The run: every estimate, then what could refute the first, each a step between which it pauses, stops and goes on."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engines.contract import Inputs, Run
from engines.counterfactual_tables.average_effect import report
from engines.counterfactual_tables.average_effect.estimators import (
    WEAK,
    Estimate,
    Folds,
    Given,
    difference,
    estimators,
    fitted_interactive,
    fitted_partially_linear,
    propensities,
    strength,
)
from engines.counterfactual_tables.average_effect.model import AverageEffect
from engines.counterfactual_tables.average_effect.overlap import Overlap, overlap
from engines.counterfactual_tables.average_effect.parameters import Parameters
from engines.counterfactual_tables.average_effect.refuting import KINDS, Refutation, drawn, judged
from engines.counterfactual_tables.average_effect.sensitivity import Sensitivity, sensitivity
from engines.counterfactual_tables.average_effect.specifications import GRAPH, NO_GRAPH, Specification, specifications
from engines.counterfactual_tables.average_effect.table import Asked, asked, encoded
from engines.data.kinds import Table
from engines.data.roles import Role


@dataclass(frozen=True)
class Work:
    """One estimate to be made."""

    estimator: str
    specification: Specification

    def __str__(self) -> str:
        return f"{self.estimator}, {self.specification}"


def fit(inputs: Inputs, parameters: Parameters, run: Run) -> AverageEffect:
    """Estimate by every specification; the most robust estimator of the first one is the answer."""
    table = inputs.table.rows(np.argsort(inputs.table.row_ids, kind="stable"))
    question = asked(table)
    chosen = specifications(table, inputs.graph, parameters.most_sets)
    stored = run.resumed or {}
    folds = _folds(question, parameters, run.generator) if "folds" not in stored else tuple(
        tuple(np.array(part) for part in cut) for cut in stored["folds"]
    )
    seeds = np.array(stored["seeds"]) if "seeds" in stored else run.generator.integers(
        2**32, size=(len(KINDS), parameters.refutations)
    )
    done = [Estimate(*map(float, pair)) for pair in np.array(stored.get("done", np.empty((0, 2))))]

    given = {one: _given(table, question, one, parameters, folds) for one in chosen}
    plan = [Work(name, one) for one in chosen for name in estimators(given[one])]
    first = next(i for i in reversed(range(len(plan))) if plan[i].specification == chosen[0])
    draws = [(kind, int(seed)) for k, kind in enumerate(KINDS) for seed in seeds[k]]
    for step in run.steps(len(plan) + len(draws), "estimating", start=len(done)):
        if step < len(plan):
            work = plan[step]
            done.append(_estimated(work, given[work.specification]))
            run.scalar("effect", done[-1].effect, step + 1, question.unit)
            run.show(report.curve(question, [str(one) for one in plan[: len(done)]], done))
        else:
            kind, seed = draws[step - len(plan)]
            some = drawn(kind, given[chosen[0]], np.random.default_rng(seed))
            done.append(_estimated(plan[first], some))
            run.scalar(kind, done[-1].effect, step - len(plan) + 1, question.unit)
        run.checkpoint(lambda: {
            "folds": [list(cut) for cut in folds], "seeds": seeds,
            "done": np.array([(one.effect, one.error) for one in done]),
        })
    found, tries = done[: len(plan)], done[len(plan):]
    main, about = found[first], given[chosen[0]]
    effects = np.array([one.effect for one in tries]).reshape(len(KINDS), -1)
    refuted = [judged(kind, main, effects[k]) for k, kind in enumerate(KINDS)] if tries else []
    seen = _overlap(table, question, chosen[0], about, parameters)
    hidden = _sensitivity(main, about)
    condition = GRAPH if inputs.graph is not None and inputs.graph.nodes else NO_GRAPH
    weak = [
        report.weakness(one.instrument, question.treatment, strength(given[one]))
        for one in chosen if one.instrument and strength(given[one]) < WEAK
    ]
    _conclude(run, question, plan, found, first, refuted, seen, hidden, condition, difference(about), weak)
    order = [first, *(i for i in range(len(plan)) if i != first)]
    treatment, outcome = (table.having(role)[0] for role in (Role.TREATMENT, Role.OUTCOME))
    values = treatment.values.astype(float)
    return AverageEffect(
        treatment.rows([]), outcome.rows([]), (question.low, question.high) if question.binary else (),
        tuple(str(plan[i]) for i in order), np.array([found[i].effect for i in order]),
        np.array([found[i].error for i in order]), condition, np.percentile(values, [0, 0.5, 99.5, 100]),
        0.0 if seen is None else seen.thin,
    )


def _folds(question: Asked, parameters: Parameters, generator: np.random.Generator) -> Folds:
    """Parts of the rows, each with its share of both arms, drawn once a repetition."""
    cuts = []
    for _ in range(parameters.repetitions):
        order = generator.permutation(len(question.t))
        if question.binary:
            order = order[np.argsort(question.t[order], kind="stable")]
        cuts.append(tuple(np.sort(order[k :: parameters.folds]) for k in range(parameters.folds)))
    return tuple(cuts)


def _given(
    table: Table, question: Asked, one: Specification, parameters: Parameters,
    folds: Folds,
) -> Given:
    X, _ = encoded(table, one.adjust)
    z = encoded(table, [one.instrument])[0][:, 0] if one.instrument else None
    return Given(question.t, question.y, X, z, question.binary, parameters, folds)


def _estimated(work: Work, given: Given) -> Estimate:
    return estimators(given)[work.estimator](given)


def _overlap(
    table: Table, question: Asked, one: Specification, given: Given, parameters: Parameters
) -> Overlap | None:
    if not question.binary or not given.X.size or given.z is not None:
        return None
    return overlap(given.t, given.X, encoded(table, one.adjust)[1], propensities(given), parameters.trim)


def _sensitivity(main: Estimate, given: Given) -> Sensitivity | None:
    if given.z is not None:
        return None
    if not given.X.size:
        given = replace(given, X=np.zeros((len(given.y), 1)), parameters=given.parameters.model_copy(
            update={"learner": "linear"}
        ))
    return sensitivity((fitted_interactive if given.binary else fitted_partially_linear)(given), main)


def _conclude(
    run: Run, question: Asked, plan: list[Work], found: list[Estimate], first: int, refuted: list[Refutation],
    seen: Overlap | None, hidden: Sensitivity | None, condition: str, naive: Estimate, weak: list[str],
) -> None:
    spread = min(one.effect for one in found), max(one.effect for one in found)
    run.show(report.verdict(
        question, found[first], str(plan[first]), condition, naive, refuted, seen, hidden, spread, weak
    ))
    run.show(report.curve(question, [*(str(one) for one in plan), report.NAIVE], [*found, naive]))
    rows = [(one.estimator, str(one.specification), estimate) for one, estimate in zip(plan, found)]
    run.show(report.table([*rows, ("difference of means", "nothing, for comparison", naive)]))
    if refuted:
        run.show(report.refutations(refuted))
    if seen is not None:
        run.show(report.chances(question, seen))
        run.show(report.balance(seen))
    if hidden is not None:
        run.show(report.contour(question, hidden))
