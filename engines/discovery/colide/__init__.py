"""Which variables of a table cause which, how strongly, and how much is left to chance: CoLiDE.

Source: Saboksayr, Mateos, Tepper, "CoLiDE: Concomitant Linear DAG Estimation", ICLR 2024, arXiv 2310.02895.
A linear structural equation model x = x W + z is fitted by minimising mu S(W, sigma) + h(W, s) along a path of
shrinking mu, the noise levels sigma together with the strengths W. Read `mathematics` (the equations), `solver` (the
path), `bootstrap`, then `model` and `sem` (what can be asked). This module holds settings, `fit` and announcement.
Symbols: n rows, d variables, b bootstrap samples; W (d, d), W[i, j] the effect of i on j; sigma standard deviations.
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field

from engines.contract import Accepts, Columns, Inputs, Method, MethodParameters, Need, Produces, Run, Trial, parameter
from engines.data.kinds import DataKind, Table, category_column, number_column, table_of
from engines.data.roles import Role
from engines.discovery.colide.bootstrap import batches, resampled, start
from engines.discovery.colide.knowledge import masks
from engines.discovery.colide.mathematics import Array, covariance
from engines.discovery.colide.model import CausalTable
from engines.discovery.colide.refusals import refuse
from engines.discovery.colide.report import Report
from engines.discovery.colide.solver import Problem, Schedule, State, advance, beat_length
from engines.graph.graph import Graph
from engines.graph.knowledge import Knowledge
from engines.questions import Question
from engines.simulators.linear_sem import random_sem

REMEMBERED_ROWS = 500
"""Rows that the model keeps to tell how far a question lies from the data."""

SLOW_FROM = 500
"""Variables from which a fit takes so long that the analyst is told."""


class Parameters(MethodParameters):
    """Settings of CoLiDE."""

    noise: Literal["equal", "separate"] = parameter(
        "separate", help="One noise level shared by all variables (EV), or one for each (NV)."
    )
    penalty: float = parameter(0.05, ge=0, le=100, help="Weight of the L1 penalty: larger gives fewer edges.")
    threshold: float = parameter(0.3, ge=0, le=100, help="Edges weaker than this are left out; it can be moved later.")
    bootstraps: int = parameter(10, ge=0, le=1000, unit="samples", help="Resampled fits that tell how sure an edge is.")
    afresh: bool = parameter(
        False, help="Start resampled fits from nothing, not from the learnt strengths; twice as long.", advanced=True
    )
    standardise: bool = parameter(
        False, help="Divide each column by its standard deviation. This destroys what variances tell about direction."
    )
    stages: int = parameter(
        4, ge=1, le=12, help="Steps of the path; the weight of the score falls tenfold at each.", advanced=True
    )
    widths: tuple[Annotated[float, Field(gt=0, le=10)], ...] = parameter(
        (1.0, 0.9, 0.8, 0.7), help="Width s of the domain in each stage; the last one repeats.", advanced=True
    )
    warm: int = parameter(
        6_000, ge=1, le=1_000_000, unit="iterations", help="At most so many in each stage but the last.", advanced=True
    )
    last: int = parameter(
        20_000, ge=1, le=1_000_000, unit="iterations", help="At most so many in the last stage.", advanced=True
    )
    rate: float = parameter(1e-3, gt=0, le=1, help="Step length of Adam.", advanced=True)
    check_every: int = parameter(
        500, ge=1, le=100_000, unit="iterations", help="A stage stops when the objective has not moved for so long.",
        advanced=True,
    )
    tolerance: float = parameter(
        1e-5, ge=0, le=0.1, help="Share of the objective below which a change counts as no move.", advanced=True
    )

    def schedule(self) -> Schedule:
        """The stages of the path."""
        widths = (self.widths or (1.0,))[: self.stages]
        widths += widths[-1:] * (self.stages - len(widths))
        return Schedule(widths, self.warm, self.last, self.rate, self.check_every, self.tolerance)


def fit(inputs: Inputs, parameters: Parameters, run: Run) -> CausalTable:
    """Learn the graph; then learn it again on resampled rows."""
    columns = inputs.table.having(Role.FACTOR)
    names = tuple(column.name for column in columns)
    X = inputs.table.numbers(names)[np.argsort(inputs.table.row_ids)]                   # (n, d) raw units
    means, scale = X.mean(axis=0), X.std(axis=0) if parameters.standardise else np.ones(len(names))
    Z = (X - means) / scale
    resamples = resampled(Z, parameters.bootstraps, run.generator)                      # (b, d, d)
    rows = X[run.generator.permutation(len(X))[:REMEMBERED_ROWS]]
    allowed, required = masks(names, inputs.knowledge)
    C = covariance(Z)
    problem = Problem.of(C[None], parameters.penalty, parameters.noise, allowed, required)
    schedule = parameters.schedule()
    report = Report(run, problem, schedule, names, scale, required, parameters.threshold)
    caution(run, parameters, *X.shape)

    stored: Mapping[str, Any] = run.resumed or {}
    state = _state(stored["state"]) if stored else State.initial(problem, schedule)
    follow(run, problem, schedule, state, "", lambda: {"state": _copied(state)}, report.tell)

    sample_W = refit_samples(run, problem, schedule, state, resamples, stored, parameters.afresh)

    low, high = np.percentile(X, (0.5, 99.5), axis=0)
    model = CausalTable(
        names=names, units=tuple(column.unit for column in columns), means=means, scale=scale, covariance=C,
        W=state.W[0], sigma=state.sigma[0], levels=parameters.noise, threshold=parameters.threshold, required=required,
        sample_W=sample_W, sample_covariance=resamples,
        low=low, high=high, least=X.min(axis=0), most=X.max(axis=0), rows=rows,
        stages=len(schedule.widths), iterations=int(state.iteration[0]),
    )
    report.conclude(model, inputs.knowledge, inputs.truth)
    return model


def refit_samples(
    run: Run,
    problem: Problem,
    schedule: Schedule,
    state: State,
    resamples: Array,
    stored: Mapping[str, Any],
    afresh: bool = False,
) -> Array:
    """The strengths learnt from every resample, a batch at a time. resamples: (b, d, d). Returns (b, d, d)."""
    solved = np.array(stored.get("solved", np.empty((0, *problem.penalty.shape))))
    sample: State

    def kept() -> dict[str, Any]:
        return {"state": _copied(state), "solved": solved, "sample": _copied(sample)}

    for batch in batches(len(resamples), len(problem.penalty)):
        if batch.start < len(solved):
            continue
        some = problem.over(resamples[batch])
        sample, path = start(some, schedule, None if afresh else state.W[0])
        if "sample" in stored and len(stored["solved"]) == batch.start:
            sample = _state(stored["sample"])
        follow(run, some, path, sample, f"bootstrap {batch.start + 1} to {batch.stop}, ", kept)
        solved = np.concatenate([solved, sample.W])
    return solved


def follow(
    run: Run,
    problem: Problem,
    schedule: Schedule,
    state: State,
    phase: str,
    kept: Callable[[], Mapping[str, Any]],
    tell: Callable[[State], None] = lambda _: None,
) -> None:
    """Take the path to its end, with progress, pause and cancel several times a second, and checkpoints."""
    beat, stages = beat_length(problem, schedule), len(schedule.widths)
    while True:
        stage = int(state.stage)
        beats = -(-schedule.iterations(stage) // beat)
        while state.running.any():
            done = min(int(state.iteration[state.running].min()) // beat, beats - 1)
            for _ in run.steps(beats, f"{phase}stage {stage + 1} of {stages}", start=done):
                advance(problem, schedule, state, beat)
                tell(state)
                run.checkpoint(kept)
                if not state.running.any():
                    break
        if stage + 1 == stages:
            return
        state.enter(stage + 1, schedule)


def caution(run: Run, parameters: Parameters, n: int, d: int) -> None:
    """Say what makes the result less trustworthy, or late."""
    if parameters.standardise:
        run.message(
            "The columns are standardised. Directions are read from variances, which this removes: expect more edges "
            "turned round."
        )
    if n <= d:
        run.message(f"There are {n} rows for {d} variables: the strengths and noise levels will be poor.")
    if d > SLOW_FROM:
        run.message(f"With {d} variables a fit on a processor takes long: every iteration inverts a {d} by {d} matrix.")


def _copied(state: State) -> dict[str, np.ndarray]:
    return {name: values.copy() for name, values in state.arrays().items()}


def _state(arrays: Mapping[str, np.ndarray]) -> State:
    return State(**{name: np.array(values) for name, values in arrays.items()})


def _tried() -> Table:
    """Five variables with a known model, 120 rows."""
    generator = np.random.default_rng(3)
    X = random_sem(5, 1, generator, variance=2.0).sample(120, generator)
    return table_of("five variables", (number_column(f"x{j + 1}", X[:, j]) for j in range(5)))


def _with(change: Callable[[np.ndarray], np.ndarray], name: str = "x2") -> Callable[[], Inputs]:
    """The trial data with one column changed."""
    return lambda: Inputs(_tried().with_column(number_column(name, change(_tried()[name].values.copy()))))


def _cyclic() -> Graph:
    """A graph over the trial data that cannot be the truth."""
    return Graph.of(_tried().names, [("x1", "x2"), ("x2", "x3"), ("x3", "x1")])


def _first_missing(values: np.ndarray) -> np.ndarray:
    values[0] = np.nan
    return values


method = Method(
    title="CoLiDE",
    sentence="Learns a graph with signs, strengths and the noise of every variable from a table of numbers.",
    question=Question.CAUSES,
    source="Saboksayr, Mateos, Tepper: CoLiDE: Concomitant Linear DAG Estimation, ICLR 2024, arXiv 2310.02895",
    accepts=Accepts(
        DataKind.TABLE, (Columns(Role.FACTOR, least=2),), least_items=2, knowledge=Need.OPTIONAL, truth=Need.OPTIONAL,
        long_tails=False,
    ),
    parameters=Parameters,
    presets={
        "Standard": Parameters(),
        "Quick": Parameters(warm=3_000, last=10_000, rate=3e-3, bootstraps=0),
        "As published": Parameters(warm=20_000, last=70_000, rate=3e-4, check_every=1000, tolerance=1e-6),
    },
    fit=fit,
    model=CausalTable,
    produces=(
        Produces("graph", "graph", "Learnt graph"),
        Produces("strengths", "matrix", "Effect of each row's variable on each column's"),
        Produces("noise", "bars", "Noise of each variable (standard deviation)"),
        Produces("edges", "table", "Edges"),
        Produces("frequencies", "matrix", "Share of the resampled fits with the edge"),
        Produces("residuals", "matrix", "Correlation of what is left (near zero where the graph explains it)"),
        Produces("scores", "table", "Against the true graph"),
    ),
    answers=(
        Produces("rows", "table", "Rows as they would have been"),
        Produces("effects", "bars", "Change of each variable, mean over the rows"),
        Produces("distribution", "bars", "Mean and 90 % range of each variable under the intervention"),
        Produces("simulated", "table", "Rows drawn from the model"),
        Produces("graph", "graph", "Graph at this threshold"),
    ),
    refuse=refuse,
    trial=Trial(
        inputs=lambda: Inputs(
            _tried(), knowledge=Knowledge(forbidden=frozenset({("x1", "x2")})), truth=Graph.of(_tried().names)
        ),
        parameters=Parameters(stages=2, warm=200, last=300, rate=1e-2, check_every=100, bootstraps=3),
        refusals={
            "Column x2 has 1 missing values": _with(_first_missing),
            "Column x2 never varies": _with(np.zeros_like),
            "Column x2 has an infinite value": _with(lambda values: np.where(values > 0, np.inf, values)),
            "Column x2 is category": lambda: Inputs(_tried().with_column(category_column("x2", ["a", "b"] * 60))),
            "Columns x2 and x3 are perfectly collinear": _with(lambda _: 2 * _tried()["x3"].values + 1),
            "At least 2 columns": lambda: Inputs(_tried().select(["x1"])),
            "five variables has 1 row": lambda: Inputs(_tried().rows([0])),
            "The required edges form a cycle": lambda: Inputs(
                _tried(), knowledge=Knowledge(required=frozenset({("x1", "x2"), ("x2", "x3"), ("x3", "x1")}))
            ),
            "The graph has a cycle": lambda: Inputs(_tried(), truth=_cyclic()),
        },
    ),
)
