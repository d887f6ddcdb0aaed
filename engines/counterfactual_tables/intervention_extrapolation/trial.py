"""A tiny simulated table with which the common suite tries the method."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from engines.contract import Inputs
from engines.counterfactual_tables.intervention_extrapolation.parameters import Parameters
from engines.data.kinds import Table, category_column, number_column, table_of
from engines.data.roles import Role

ROWS = 200
TRIAL = Parameters(compare=True, restarts=1, bootstraps=2, steps=60, outcome_steps=60, width=8, outcome_width=8)


def trial_table() -> Table:
    """Two actions, one hidden factor, three readings; seeded."""
    generator = np.random.default_rng(5)
    A = generator.uniform(-2, 2, (ROWS, 2))
    V = generator.normal(0, 0.5, ROWS)
    Z = A[:, 0] - 0.5 * A[:, 1] + V
    readings = {"red": np.sinh(Z / 2), "green": np.tanh(Z) + Z / 4, "blue": -Z}
    return table_of("dosing", [
        number_column("dose", A[:, 0], "mg", Role.TREATMENT), number_column("heat", A[:, 1], "K", Role.TREATMENT),
        *(number_column(name, values, role=Role.COVARIATE) for name, values in readings.items()),
        number_column("yield", np.sin(Z) + V + 0.1 * generator.normal(size=ROWS), "g", Role.OUTCOME),
    ])


def _with(name: str, change: Callable[[np.ndarray], np.ndarray]) -> Callable[[], Inputs]:
    """The trial with the values of one column changed."""

    def inputs() -> Inputs:
        table = trial_table()
        column = table[name]
        return Inputs(table.with_column(replace(column, values=change(column.values.copy()))))

    return inputs


def _first(value: float) -> Callable[[np.ndarray], np.ndarray]:
    def change(values: np.ndarray) -> np.ndarray:
        values[0] = value
        return values

    return change


def _without(role: Role) -> Callable[[], Inputs]:
    table = trial_table()
    return lambda: Inputs(table.select([c.name for c in table.columns if c.role is not role]))


def _permuted() -> Inputs:
    """The actions dealt out anew: nothing depends on them."""
    table, order = trial_table(), np.random.default_rng(0).permutation(ROWS)
    for name in ("dose", "heat"):
        table = table.with_column(table[name].rows(order))
    return Inputs(table)


def _words() -> Inputs:
    table = trial_table()
    column = category_column("dose", ["low", "high"] * (ROWS // 2), Role.TREATMENT)
    return Inputs(table.with_column(column))


REFUSALS: dict[str, Callable[[], Inputs]] = {
    "Column dose never varies": _with("dose", np.zeros_like),
    "Column yield has 1 missing values": _with("yield", _first(np.nan)),
    "Column red has an infinite value": _with("red", _first(np.inf)),
    "Column dose is category": _words,
    "Column dose takes only 2 values": _with("dose", np.sign),
    "The actions dose and heat are collinear": _with("dose", lambda _: 3 - 2 * trial_table()["heat"].values),
    "dosing has 199 rows": lambda: Inputs(trial_table().rows(slice(1, None))),
    "At least 1 column with the role treatment": _without(Role.TREATMENT),
    "At least 1 column with the role outcome": _without(Role.OUTCOME),
    "At least 1 column with the role covariate": _without(Role.COVARIATE),
    "dose and heat carry no signal": _permuted,
}
