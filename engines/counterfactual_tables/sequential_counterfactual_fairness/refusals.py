"""What is refused beyond the wrong kind of columns."""

import numpy as np

from engines.contract import Inputs
from engines.counterfactual_tables.sequential_counterfactual_fairness.encoding import (
    LEAST_PERIODS,
    ordered,
    source_count,
    two_valued,
)
from engines.counterfactual_tables.sequential_counterfactual_fairness.parameters import Parameters
from engines.data.kinds import ColumnType
from engines.data.roles import Role
from engines.refusals import Refusal

LEAST_ROWS = 50
"""Rows that each period must have."""


def refuse(inputs: Inputs, parameters: Parameters) -> None:
    """Refuse what the card names.

    Raises:
        Refusal: with the column and the period named.
    """
    table = inputs.table
    a, y = table.having(Role.SENSITIVE)[0], table.having(Role.LABEL)[0]
    for column in (a, y):
        if column.type is ColumnType.NUMBER and not np.isin(column.values, (0.0, 1.0)).all():
            raise Refusal(
                f"Column {column.name} must hold 0 and 1, or two levels.",
                "Make it a category; of more than two levels, ask about one against the rest.", about=(column.name,))
    names, place = ordered(table)
    count = source_count(len(names), parameters.sources)
    if len(names) < LEAST_PERIODS or count < LEAST_PERIODS:
        raise Refusal(
            f"There are {min(len(names), count)} source periods; at least {LEAST_PERIODS} are needed.",
            "Choose a column that tells more periods apart, or learn from more of them.",
            about=(table.having(Role.TIME)[0].name,))
    attribute, label = two_valued(a, a), two_valued(y, y)
    for k, name in enumerate(names):
        here = place == k
        if (rows := int(here.sum())) < LEAST_ROWS:
            raise Refusal(f"Period {name} has {rows} rows; at least {LEAST_ROWS} are needed.",
                          "Join periods, or leave this one out.", about=(table.having(Role.TIME)[0].name,))
        if len(np.unique(attribute[here])) < 2:
            raise Refusal(f"Column {a.name} never varies in period {name}.", "Join periods, or leave this one out.",
                          about=(a.name,))
    if len(np.unique(label[place < count])) < 2:
        raise Refusal(f"Column {y.name} has only one value in the source periods.",
                      "Learn from more periods, or choose another label.", about=(y.name,))
    for column in table.having(Role.FACTOR, Role.COVARIATE):
        with np.errstate(over="ignore", invalid="ignore", under="ignore"):
            spread = float(np.var(column.values))
        if not 1e-100 < spread < 1e100:
            raise Refusal(f"Column {column.name} holds values too {'small' if spread < 1 else 'large'} to compute "
                          "with.", "Give it in another unit.", about=(column.name,))
