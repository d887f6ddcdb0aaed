"""Small tables with which a classic search is tried within seconds."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engines.contract import Inputs, Trial
from engines.data.kinds import Table, category_column, number_column, table_of
from engines.discovery.classic_search.parameters import Parameters
from engines.graph.graph import Graph
from engines.graph.knowledge import Knowledge
from engines.simulators.linear_sem import random_sem


def _table(rows: int = 150) -> Table:
    generator = np.random.default_rng(3)
    X = random_sem(5, 1, generator, variance=2.0).sample(rows, generator)
    return table_of("five variables", (number_column(f"x{j + 1}", X[:, j]) for j in range(5)))


def _with(change: Callable[[np.ndarray], np.ndarray]) -> Callable[[], Inputs]:
    return lambda: Inputs(_table().with_column(number_column("x2", change(_table()["x2"].values.copy()))))


def _first_missing(values: np.ndarray) -> np.ndarray:
    values[0] = np.nan
    return values


trial = Trial(
    inputs=lambda: Inputs(
        _table(), knowledge=Knowledge(forbidden=frozenset({("x1", "x2")})), truth=Graph.of(_table().names)
    ),
    parameters=Parameters(search="PC", bootstraps=4),
    refusals={
        "Column x2 has 1 missing values": _with(_first_missing),
        "Column x2 never varies": _with(np.zeros_like),
        "Column x2 has an infinite value": _with(lambda values: np.where(values > 0, np.inf, values)),
        "Columns x2 and x3 are perfectly collinear": _with(lambda _: 2 * _table()["x3"].values + 1),
        "Column x2 is a category and others are numbers": lambda: Inputs(
            _table().with_column(category_column("x2", ["a", "b"] * 75))
        ),
        "At least 2 columns": lambda: Inputs(_table().select(["x1"])),
        "five variables has 5 rows": lambda: Inputs(_table(5)),
        "The required edges form a cycle": lambda: Inputs(
            _table(), knowledge=Knowledge(required=frozenset({("x1", "x2"), ("x2", "x3"), ("x3", "x1")}))
        ),
    },
)
