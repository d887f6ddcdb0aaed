"""Small inputs with which the common suite tries VLUCI."""

from collections.abc import Callable

import numpy as np

from engines.contract import Inputs, Trial
from engines.counterfactual_tables.vluci.parameters import Parameters
from engines.data.kinds import Column, Table, category_column, number_column, table_of
from engines.data.roles import Role

ROWS = 200


def tried() -> Table:
    """Two numbers and a category, a treatment that a hidden coin drives, and an outcome that shows it."""
    generator = np.random.default_rng(5)
    x = generator.normal(size=(ROWS, 2))
    kind = generator.integers(0, 3, ROWS)
    u = 2.0 * generator.integers(0, 2, ROWS) - 1
    t = generator.random(ROWS) < 1 / (1 + np.exp(-x[:, 0] - 1.5 * u))
    y = x[:, 0] + 0.5 * kind + (1 + 0.5 * x[:, 1]) * t + 2 * u + 0.2 * generator.normal(size=ROWS)
    return table_of("a trial", [
        number_column("age", x[:, 0], role=Role.COVARIATE), number_column("weight", x[:, 1], role=Role.COVARIATE),
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


def _thin() -> Column:
    names = np.array(["yes"] * 5 + ["no"] * (ROWS - 5), dtype=object)
    return category_column("treated", names, role=Role.TREATMENT)


trial = Trial(
    inputs=lambda: Inputs(tried()),
    parameters=Parameters(epochs=4, restarts=2, bootstraps=4, hidden=8, batch=100, draws=20),
    refusals={
        "a trial has 150 rows; at least 200": lambda: Inputs(tried().rows(slice(0, 150))),
        "Column treated never varies": _with(
            lambda: category_column("treated", ["no"] * ROWS, role=Role.TREATMENT)),
        "Column treated takes more than 2 values": _with(
            lambda: category_column("treated", ["a", "b", "c", "a"] * (ROWS // 4), role=Role.TREATMENT)),
        "The treatment treated must have two values, 0 and 1": _with(
            lambda: number_column("treated", [1.0, 2.0] * (ROWS // 2), role=Role.TREATMENT)),
        "Only 5 rows have treated = yes": _with(_thin),
        "Column age has 1 missing values": _with(_gap),
        "Column outcome never varies": _with(lambda: number_column("outcome", np.ones(ROWS), role=Role.OUTCOME)),
        "The outcome outcome has 4 levels": _with(
            lambda: category_column("outcome", ["a", "b", "c", "d"] * (ROWS // 4), role=Role.OUTCOME)),
        "Column age holds values too large": _with(
            lambda: number_column("age", 1e200 * tried()["age"].values, role=Role.COVARIATE)),
        "At least 1 column with the role treatment": lambda: Inputs(tried().with_role("treated", Role.LEFT_OUT)),
        "At most 1 column may have the role outcome": lambda: Inputs(tried().with_role("age", Role.OUTCOME)),
        "At least 1 column with the role covariate": lambda: Inputs(tried().select(["treated", "outcome"])),
    },
)
