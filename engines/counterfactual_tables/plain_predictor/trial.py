"""A tiny table with which the common suite tries the method."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from engines.contract import Inputs, Trial
from engines.counterfactual_tables.plain_predictor.parameters import Parameters
from engines.data.kinds import Column, Table, category_column, number_column, table_of
from engines.data.roles import Role

ROWS = 120


def trial_table() -> Table:
    """Two numbers and a category; a price and a verdict that depend on them; seeded."""
    generator = np.random.default_rng(7)
    area, age = generator.uniform(30, 150, ROWS), generator.uniform(0, 60, ROWS)
    place = generator.integers(2, size=ROWS)
    price = 2 * area - age + 40 * place + generator.normal(0, 5, ROWS)
    return table_of("flats", [
        number_column("area", area, "m2"), number_column("age", age, "years"),
        category_column("place", ["edge" if p == 0 else "centre" for p in place]),
        number_column("price", price, "k", Role.OBJECTIVE),
        category_column("sold", ["yes" if p > 180 else "no" for p in price], role=Role.OBJECTIVE),
    ])


def _with(change: Callable[[Column], Column], name: str) -> Callable[[], Inputs]:
    def inputs() -> Inputs:
        table = trial_table()
        return Inputs(table.with_column(change(table[name])))

    return inputs


def _gap(column: Column) -> Column:
    values = column.values.copy()
    values[0] = np.nan
    return replace(column, values=values)


def _constant(column: Column) -> Column:
    return replace(column, values=np.zeros(ROWS))


def _rare(column: Column) -> Column:
    yes = column.levels.index("yes")
    return replace(column, values=np.where(np.arange(ROWS) < 3, yes, 1 - yes).astype(np.int32))


trial = Trial(
    lambda: Inputs(trial_table()),
    Parameters(epochs=20, hidden=8, rate=0.02),
    {
        "Column area has 1 missing values": _with(_gap, "area"),
        "Column area never varies": _with(_constant, "area"),
        "sold is yes in only 3 rows": _with(_rare, "sold"),
        "At least 1 column with the role objective": lambda: Inputs(trial_table().select(["area", "age", "place"])),
    },
)
