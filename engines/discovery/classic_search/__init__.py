"""Classic searches for a causal graph: by independence tests, by scores over orders or classes, by non-Gaussian noise.

They tell what the data alone can tell: ends that no test decides stay open. The searches are causal-learn's; here is
what surrounds them: knowledge and whether it was kept, resampled tables, effects that the open ends allow, scores.
"""

from __future__ import annotations

import numpy as np

from engines.contract import Accepts, Columns, Inputs, Method, Need, Produces, Run
from engines.data.kinds import ColumnType, DataKind, Table
from engines.data.roles import Role
from engines.discovery.classic_search.model import SearchedGraph, graph_of
from engines.discovery.classic_search.parameters import Parameters
from engines.discovery.classic_search.report import conclude
from engines.discovery.classic_search.searching import TAKES_KNOWLEDGE, Array, search
from engines.discovery.classic_search.trial import trial
from engines.questions import Question
from engines.refusals import Refusal
from engines.results import GraphResult

_SLOW_FROM = {"GES": 25, "DirectLiNGAM": 60, "FCI": 40}     # variables from which a search takes minutes


def fit(inputs: Inputs, parameters: Parameters, run: Run) -> SearchedGraph:
    """Search in the whole table, then in resampled ones; each is a step between which the run pauses and stops."""
    names, X, categories = _matrix(inputs.table)
    n, d = X.shape
    if d > _SLOW_FROM.get(parameters.search, 10**9):
        run.message(f"{parameters.search} takes long with {d} variables; BOSS is the quickest of these searches.")
    stored = run.resumed or {}
    found = np.array(stored.get("found", np.empty((0, d, d), dtype=np.int8)))
    rows = np.array(stored["rows"]) if "rows" in stored else _samples(n, parameters.bootstraps, run.generator)
    for k in run.steps(1 + len(rows), "searching", start=len(found)):
        some = X if k == 0 else _varied(X[rows[k - 1]], X)
        M = search(some, parameters, categories=categories, knowledge=inputs.knowledge, names=names, seed=k)
        found = np.concatenate([found, M[None]])
        run.scalar("edges", int((np.triu(M | M.T, 1) != 0).sum()), k, "edges")
        if k == 0:
            run.show(GraphResult("graph", "Learnt graph", graph_of(M, names)))
        run.checkpoint(lambda: {"found": found, "rows": rows})      # noqa: B023 - called before the next step
    covariance = np.empty((0, 0)) if categories else np.atleast_2d(np.cov(X, rowvar=False))
    model = SearchedGraph(names, parameters.search, found[0], found[1:], covariance)
    conclude(run, model, inputs.knowledge, inputs.truth)
    return model


def refuse(inputs: Inputs, parameters: Parameters) -> None:
    """What a search cannot do with these columns, or with what is known."""
    columns = inputs.table.having(Role.FACTOR)
    kinds = {column.type for column in columns}
    if len(kinds) > 1:
        first = next(column for column in columns if column.type is ColumnType.CATEGORY)
        raise Refusal(
            f"Column {first.name} is a category and others are numbers; these searches take one kind at a time.",
            "Leave the columns of one kind out, or change their type.", ("Leave the column out",), (first.name,),
        )
    categories = ColumnType.CATEGORY in kinds
    if categories and parameters.search == "DirectLiNGAM":
        raise Refusal("DirectLiNGAM needs numbers.", "Choose PC, FCI, GES or BOSS for categories.", about=("search",))
    if inputs.knowledge and parameters.search not in TAKES_KNOWLEDGE:
        raise Refusal(
            f"{parameters.search} cannot use what is known of the edges.",
            f"Choose {', '.join(TAKES_KNOWLEDGE[:-1])} or {TAKES_KNOWLEDGE[-1]}, or take the knowledge away.",
            about=("search",),
        )
    if not categories:
        _refuse_collinear(inputs.table)


def _refuse_collinear(table: Table) -> None:
    names, X, _ = _matrix(table)
    if len(X) <= len(names):
        raise Refusal(
            f"{table.name} has {len(X)} rows for {len(names)} variables; these searches need more rows than variables.",
            "Leave columns out, or use CoLiDE.",
        )
    C = np.atleast_2d(np.corrcoef(X, rowvar=False))
    for j in range(1, len(names)):
        if np.linalg.eigvalsh(C[: j + 1, : j + 1])[0] < 1e-9:
            weights = np.linalg.lstsq(C[:j, :j], C[:j, j], rcond=None)[0]
            other = names[int(np.argmax(np.abs(weights)))]
            raise Refusal(
                f"Columns {other} and {names[j]} are perfectly collinear, alone or with others.",
                "One can be computed from the others, so no test tells them apart. Leave one out.",
                ("Leave it out",), (names[j], other),
            )


def _matrix(table: Table) -> tuple[tuple[str, ...], Array, bool]:
    """Names, values with the rows in the order of their ids, and whether they are numbers of levels."""
    columns = table.having(Role.FACTOR)
    order = np.argsort(table.row_ids, kind="stable")
    X = np.column_stack([column.values for column in columns]).astype(float)[order]
    return tuple(column.name for column in columns), X, columns[0].type is ColumnType.CATEGORY


def _samples(n: int, count: int, generator: np.random.Generator) -> np.ndarray:
    """Row numbers of `count` tables drawn with replacement. Returns (count, n)."""
    return generator.integers(n, size=(count, n))


def _varied(sample: Array, X: Array) -> Array:
    """The sample, or the whole table where a column of the sample never varies."""
    return sample if (sample != sample[0]).any(axis=0).all() else X


method = Method(
    title="Classic searches",
    sentence="Learns what independences, scores or noise tell of the graph, and leaves open what they do not.",
    question=Question.CAUSES,
    source="Zheng, Huang, Chen, Ramsey et al.: Causal-learn: Causal Discovery in Python, JMLR 25, 2024, "
    "arXiv 2307.16405",
    accepts=Accepts(
        DataKind.TABLE,
        (Columns(Role.FACTOR, types=(ColumnType.NUMBER, ColumnType.CATEGORY), least=2),), least_items=10,
        knowledge=Need.OPTIONAL, truth=Need.OPTIONAL,
    ),
    parameters=Parameters,
    presets={
        "BOSS": Parameters(),
        "PC": Parameters(search="PC"),
        "Hidden causes (FCI)": Parameters(search="FCI"),
        "GES": Parameters(search="GES"),
        "Non-Gaussian (DirectLiNGAM)": Parameters(search="DirectLiNGAM"),
    },
    fit=fit,
    model=SearchedGraph,
    produces=(
        Produces("graph", "graph", "Learnt graph"),
        Produces("edges", "table", "Edges"),
        Produces("frequencies", "matrix", "Share of the resampled tables with an edge between the two"),
        Produces("knowledge", "text", "What is known"),
        Produces("scores", "table", "Against the equivalence class of the true graph"),
    ),
    answers=(
        Produces("graph", "graph", "Graph at this frequency"),
        Produces("edges", "table", "Edges"),
        Produces("effects", "bars", "Possible total effects of the cause"),
    ),
    refuse=refuse,
    extras=("discovery",),
    uninterruptible="One search is one call of the library; it stops between two of them, else by force.",
    trial=trial,
)
