"""Small inputs with which the common suite tries the method."""

from collections.abc import Callable

import numpy as np

from engines.contract import Inputs, Trial
from engines.counterfactual_tables.sequential_counterfactual_fairness.parameters import Parameters
from engines.data.kinds import Column, Table, category_column, number_column, table_of
from engines.data.roles import Role
from engines.simulators.drifting_fairness import Drifting, drifting

PERIODS, ROWS = 4, 60


def table(data: Drifting, name: str = "applications") -> Table:
    """The simulated rows with roles."""
    return table_of(name, [
        number_column("period", data.period, role=Role.TIME),
        category_column("group", np.array(["a", "b"], dtype=object)[data.a.astype(int)], role=Role.SENSITIVE),
        *(number_column(f"x{j + 1}", data.x[:, j]) for j in range(data.x.shape[1])),
        category_column("granted", np.array(["no", "yes"], dtype=object)[data.y.astype(int)], role=Role.LABEL),
    ])


def tried() -> Table:
    """Four short periods."""
    return table(drifting(5, periods=PERIODS, rows=ROWS), "a trial")


def _with(column: Callable[[], Column]) -> Callable[[], Inputs]:
    return lambda: Inputs(tried().with_column(column()))


def _changed(name: str, rows: slice, value: float) -> Column:
    found = tried()[name]
    values = found.values.copy()
    values[rows] = value
    return Column(found.name, found.type, values, found.levels, role=found.role)


N = PERIODS * ROWS
trial = Trial(
    inputs=lambda: Inputs(tried()),
    parameters=Parameters(steps=6, hidden=8, batch=24, dimensions=2, points=1, adversary=0.4),
    refusals={
        "Column group takes more than 2 values": _with(
            lambda: category_column("group", ["a", "b", "c"] * (N // 3), role=Role.SENSITIVE)),
        "Column group must hold 0 and 1": _with(
            lambda: number_column("group", [1.0, 2.0] * (N // 2), role=Role.SENSITIVE)),
        "Column group never varies in period 2": _with(lambda: _changed("group", slice(ROWS, 2 * ROWS), 0)),
        "At least 1 column with the role time": lambda: Inputs(tried().with_role("period", Role.LEFT_OUT)),
        "Period 4 has 40 rows; at least 50": lambda: Inputs(tried().rows(slice(0, N - 20))),
        "There are 2 source periods; at least 3": lambda: Inputs(tried().rows(slice(0, 2 * ROWS))),
        "Column granted has only one value in the source periods": _with(
            lambda: _changed("granted", slice(0, 3 * ROWS), 0)),
        "Column x1 has 1 missing values": _with(lambda: _changed("x1", slice(0, 1), np.nan)),
        "Column x1 has an infinite value": _with(lambda: _changed("x1", slice(0, 1), np.inf)),
        "Column x1 holds values too large": _with(lambda: number_column("x1", 1e200 * tried()["x1"].values)),
    },
)
