"""The search for one row, told as it goes, and the model that it leaves."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np

from engines.contract import Inputs, Query, Run
from engines.counterfactual_tables.multi_objective_counterfactuals import views
from engines.counterfactual_tables.multi_objective_counterfactuals.distances import Gower, realism
from engines.counterfactual_tables.multi_objective_counterfactuals.model import Counterfactuals
from engines.counterfactual_tables.multi_objective_counterfactuals.parameters import Parameters
from engines.counterfactual_tables.multi_objective_counterfactuals.problem import Candidates, Problem, asked
from engines.counterfactual_tables.multi_objective_counterfactuals.question import Question, prepared
from engines.counterfactual_tables.multi_objective_counterfactuals.search import Search
from engines.counterfactual_tables.multi_objective_counterfactuals.selection import Weights, scores
from engines.counterfactual_tables.multi_objective_counterfactuals.space import Space
from engines.data.kinds import Table
from engines.predictors import stored
from engines.results import CurveResult, Line, TableResult

REFERENCES = 1000
"""Rows of the data, drawn once, that realism is measured to."""


def refuse(inputs: Inputs, parameters: Parameters) -> None:
    """Refuse what cannot be searched; see `prepared`."""
    prepared(inputs, parameters)


def problem_of(question: Question, generator: np.random.Generator) -> Problem:
    """The question for the search; draws the rows that realism is measured to."""
    features, rows = question.predictor.features, question.rows
    gower = Gower.of(features, rows)
    drawn = np.sort(generator.choice(len(rows), min(REFERENCES, len(rows)), replace=False))
    space = Space.of(features, rows[question.factual], (rows.min(axis=0), rows.max(axis=0)), question.wishes.limits)
    return Problem(space, question.wishes, question.predictor.targets, question.outputs.min(axis=0), question.spans,
                   gower, gower.encode(rows[drawn]), asked(question.predictor))


def known_rows(question: Question, problem: Problem) -> Candidates:
    """The data as candidates. What the model predicts of them counts, not what was recorded: it is the model that is
    explained.
    """
    codes = problem.gower.encode(question.rows)
    return Candidates(question.rows, question.outputs, realism(codes, problem.references))


def fit(inputs: Inputs, parameters: Parameters, run: Run) -> Counterfactuals:
    """Search, keep everything."""
    question = prepared(inputs, parameters)
    resumed = run.resumed
    if resumed is None:
        for said in question.said:
            run.message(said)
        problem = problem_of(question, run.generator)
    else:
        problem = problem_of(question, np.random.default_rng(0))
        problem = Problem(**{**vars(problem), "references": np.asarray(resumed["references"])})
    known = known_rows(question, problem)
    if not parameters.start_from_data:
        known = known.at(np.empty(0, dtype=int))
    search = Search(problem, known, parameters.population, run.generator)
    curve: dict[str, list[float]] = {name: [value] for name, value in search.figures().items()}
    if resumed is not None:
        search.restore(resumed["search"])
        curve = {name: list(values) for name, values in resumed["curve"].items()}
    for _ in run.steps(parameters.generations, "searching", start=search.generation):
        search.step()
        for name, value in search.figures().items():
            curve[name].append(value)
            run.scalar(name, value, search.generation)
        run.checkpoint(lambda: {"search": search.state(), "references": problem.references, "curve": curve})
    codes = problem.gower.encode(question.rows[:: max(1, len(question.rows) // REFERENCES)])
    pool = search.pool
    own = realism(codes, problem.references, itself=len(question.rows) <= REFERENCES)
    model = Counterfactuals(
        parameters, stored(question.predictor), question.rows, np.stack([problem.lows, problem.spans]),
        problem.space.query, int(question.row_ids[question.factual]), question.wishes.value(),
        tuple(asdict(bonus) for bonus in question.wishes.bonuses), pool.rows, pool.outputs, pool.unreal,
        problem.references, (float(np.quantile(own, 0.95)), float(np.quantile(own, 0.995))),
        tuple(asdict(like) for like in question.wishes.likes),
    )
    _conclude(run, model, problem, inputs.table, curve)
    return model


def _conclude(
    run: Run, model: Counterfactuals, problem: Problem, table: Table, curve: dict[str, list[float]]
) -> None:
    """The first answer, and all candidates that meet the targets."""
    row = table.rows(np.flatnonzero(table.row_ids == model.row_id))
    for answer in model.answer(Query(row)):
        for result in answer.results:
            run.show(result)
    pool = model.pool
    good = pool.at(problem.met(pool))
    if not len(good):
        run.message("Nothing meets every target; the nearest miss and what stands in the way are shown.")
    score = scores(problem.objectives(good), Weights(beside=(1.0,) * len(problem.wishes.beside)))
    run.show(TableResult("candidates", "All candidates that meet every target", views.table(problem, good, score)))
    steps = np.arange(len(curve["hypervolume"]), dtype=np.float64)
    run.show(CurveResult(
        "search", "What the search reached", (Line("hypervolume", steps, np.array(curve["hypervolume"])),),
        "generation", "hypervolume",
    ))
