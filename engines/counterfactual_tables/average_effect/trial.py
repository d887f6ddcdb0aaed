"""Small tables with which the estimation is tried within seconds: the truth is an effect of 1.5."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engines.contract import Inputs, Trial
from engines.counterfactual_tables.average_effect.parameters import Parameters
from engines.data.kinds import Column, Table, category_column, number_column, table_of
from engines.data.roles import Role
from engines.graph.graph import Graph

ROWS = 160


def tried() -> Table:
    """A number and a category cause both treatment and outcome."""
    generator = np.random.default_rng(2)
    x, kind = generator.normal(size=ROWS), generator.integers(0, 3, ROWS)
    t = generator.random(ROWS) < 1 / (1 + np.exp(-x - 0.5 * (kind == 1)))
    y = 1.5 * t + 2 * x + kind + 0.5 * generator.normal(size=ROWS)
    return table_of("a study", [
        number_column("age", x, role=Role.COVARIATE),
        category_column("kind", np.array(["a", "b", "c"], dtype=object)[kind], role=Role.COVARIATE),
        category_column("treated", np.array(["no", "yes"], dtype=object)[t.astype(int)], role=Role.TREATMENT),
        number_column("outcome", y, "mm", role=Role.OUTCOME),
    ])


def _with(column: Callable[[], Column]) -> Callable[[], Inputs]:
    return lambda: Inputs(tried().with_column(column()))


def _gap() -> Column:
    values = tried()["age"].values.copy()
    values[0] = np.nan
    return number_column("age", values, role=Role.COVARIATE)


def _drawn(*pairs: tuple[str, str]) -> Callable[[], Inputs]:
    return lambda: Inputs(tried(), graph=Graph.of(["age", "kind", "treated", "outcome"], pairs))


def _hidden() -> Inputs:
    from engines.graph.graph import bidirected

    graph = Graph.of(["treated", "outcome"], [("treated", "outcome")]).with_edge(bidirected("treated", "outcome"))
    return Inputs(tried(), graph=graph)


_three = np.array(["no", "yes", "twice"] * ROWS, dtype=object)[:ROWS]

trial = Trial(
    inputs=_drawn(("age", "treated"), ("age", "outcome"), ("kind", "treated"), ("kind", "outcome"),
                  ("treated", "outcome")),
    parameters=Parameters(learner="linear", folds=2, refutations=2),
    refusals={
        "Column age has 1 missing values": _with(_gap),
        "The treatment treated has 3 levels": _with(lambda: category_column("treated", _three, role=Role.TREATMENT)),
        "The outcome outcome has 3 levels": _with(lambda: category_column("outcome", _three, role=Role.OUTCOME)),
        "Only 1 row has treated = yes": _with(
            lambda: category_column("treated", ["yes"] + ["no"] * (ROWS - 1), role=Role.TREATMENT)
        ),
        "The treatment treated is no node": lambda: Inputs(tried(), graph=Graph.of(["age", "outcome"])),
        "treated has no effect on outcome": _drawn(("age", "treated"), ("age", "outcome")),
        "The effect of treated on outcome is not identified": _hidden,
        "The graph has a cycle": _drawn(("age", "treated"), ("treated", "outcome"), ("outcome", "age")),
        "At least 1 column with the role treatment": lambda: Inputs(tried().select(["age", "kind", "outcome"])),
    },
)
