"""What VLUCI refuses beyond the wrong kind of columns."""

from typing import Any

import numpy as np

from engines.contract import Inputs
from engines.counterfactual_tables.vluci.encoding import levels, two_valued
from engines.data.kinds import ColumnType
from engines.data.roles import Role
from engines.data.splits import parts
from engines.refusals import Refusal

LEAST_ROWS = 200
LEAST_ARM = 20
"""Rows that each arm must have."""


def refuse(inputs: Inputs, _parameters: Any) -> None:
    """Refuse a treatment with more than two values, an outcome with many levels, a thin arm, numbers out of range.

    Raises:
        Refusal: with the column named.
    """
    table = inputs.table
    part = parts(table, {})
    if part is not None and (part == "train").any():
        table = table.rows(np.flatnonzero(part == "train"))
        if len(table) < LEAST_ROWS:
            raise Refusal(f"The part train has {len(table)} rows; at least {LEAST_ROWS} are needed.", "Add data.")
    t, y = table.having(Role.TREATMENT)[0], table.having(Role.OUTCOME)[0]
    if not two_valued(t):
        is_number = t.type is ColumnType.NUMBER
        raise Refusal(
            f"The treatment {t.name} must have two values"
            + (", 0 and 1." if is_number else f"; it has {len(t.levels)}."),
            "Make it a category, or choose two groups of rows." if is_number else "Keep the rows of two of them.",
            about=(t.name,),
        )
    if y.type is ColumnType.CATEGORY and len(y.levels) != 2:
        raise Refusal(
            f"The outcome {y.name} has {len(y.levels)} levels; a number or two levels are needed.",
            "Choose another outcome.", about=(y.name,),
        )
    for k, name in enumerate(levels(t)):
        count = int((t.values == k).sum())
        if count < LEAST_ARM:
            raise Refusal(
                f"Only {count} {'row has' if count == 1 else 'rows have'} {t.name} = {name}; at least {LEAST_ARM} are "
                "needed in each arm.", "Add rows of that arm.", about=(t.name,),
            )
    for column in table.having(Role.COVARIATE, Role.OUTCOME):
        if column.type is ColumnType.NUMBER:
            with np.errstate(over="ignore", under="ignore", invalid="ignore"):
                spread = float(np.var(column.values))
            if not 1e-100 < spread < 1e100:
                raise Refusal(
                    f"Column {column.name} holds values too {'small' if spread < 1 else 'large'} to compute with.",
                    "Give it in another unit.", about=(column.name,),
                )
