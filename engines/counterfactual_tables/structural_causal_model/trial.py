"""Small inputs with which the common suite tries a structural causal model."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from engines.contract import Inputs, Trial
from engines.counterfactual_tables.structural_causal_model.parameters import Parameters
from engines.data.kinds import Column, Table, category_column, number_column, table_of
from engines.data.roles import Role
from engines.graph.graph import Graph, Mark, Node, bidirected, undirected

ROWS = 120
EDGES = (("age", "dose"), ("age", "outcome"), ("dose", "outcome"), ("kind", "dose"), ("dose", "cured"))


def tried() -> Table:
    """Four numbers and a category behind a dose, and a category that follows from it."""
    generator = np.random.default_rng(5)
    age, kind = generator.normal(size=ROWS), generator.integers(0, 3, ROWS)
    dose = 0.8 * age + 0.5 * kind + 0.5 * generator.normal(size=ROWS)
    cured = generator.random(ROWS) < 1 / (1 + np.exp(-2 * dose))
    return table_of("a trial", [
        number_column("age", age, "a", Role.COVARIATE),
        category_column("kind", np.array(["a", "b", "c"], dtype=object)[kind], Role.COVARIATE),
        number_column("dose", dose, "mg", Role.TREATMENT),
        category_column("cured", np.array(["no", "yes"], dtype=object)[cured.astype(int)]),
        number_column("outcome", dose - age + 0.3 * generator.normal(size=ROWS), role=Role.OUTCOME),
    ])


def drawn() -> Graph:
    return Graph.of(("age", "kind", "dose", "cured", "outcome"), EDGES)


def _with(column: Callable[[], Column]) -> Callable[[], Inputs]:
    return lambda: Inputs(tried().with_column(column()), drawn())


def _gap() -> Column:
    values = tried()["age"].values.copy()
    values[0] = np.nan
    return replace(tried()["age"], values=values)


trial = Trial(
    inputs=lambda: Inputs(tried(), drawn()),
    parameters=Parameters(bootstraps=2, permutations=19, trees=10, draws=20),
    refusals={
        "a trial has 40 rows; at least 50": lambda: Inputs(tried().rows(slice(0, 40)), drawn()),
        "This method needs a causal graph": lambda: Inputs(tried()),
        "The graph has no edges": lambda: Inputs(tried(), Graph.of(("age", "dose"))),
        "The graph has a node height, which is not a variable": lambda: Inputs(
            tried(), drawn().with_node(Node("height"))),
        "U is hidden": lambda: Inputs(tried(), drawn().with_node(Node("U", frozenset({Mark.LATENT})))),
        "age ↔ cured says that something hidden": lambda: Inputs(
            tried(), replace(drawn(), edges=(*drawn().edges, bidirected("age", "cured")))),
        "The edge between age and kind has no direction": lambda: Inputs(
            tried(), replace(drawn(), edges=(*drawn().edges, undirected("age", "kind")))),
        "The graph has a cycle": lambda: Inputs(
            tried(), Graph.of(drawn().names, (("age", "dose"), ("dose", "outcome"), ("outcome", "age")))),
        "Column age has 1 missing values": _with(_gap),
        "Column age never varies": _with(lambda: number_column("age", np.ones(ROWS), role=Role.COVARIATE)),
        "Column age holds values too large": _with(
            lambda: number_column("age", 1e200 * tried()["age"].values, role=Role.COVARIATE)),
        "dose takes only two values and has causes": _with(
            lambda: number_column("dose", [0.0, 1.0] * (ROWS // 2), role=Role.TREATMENT)),
        "cured is maybe in only 2 rows": _with(
            lambda: category_column("cured", ["maybe"] * 2 + ["no", "yes"] * (ROWS // 2 - 1))),
    },
)
