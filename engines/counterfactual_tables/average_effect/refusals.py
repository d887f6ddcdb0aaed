"""What an average effect is refused for, beyond the wrong kind of columns."""

from __future__ import annotations

from typing import Any

import numpy as np

from engines.contract import Inputs
from engines.counterfactual_tables.average_effect.specifications import specifications
from engines.counterfactual_tables.average_effect.table import encoded, two_values
from engines.data.kinds import ColumnType
from engines.data.roles import Role
from engines.refusals import Refusal

LEAST_ROWS = 50
LEAST_ARM = 10


def refuse(inputs: Inputs, parameters: Any) -> None:
    """Refuse a treatment or outcome of many levels, a thin arm, a graph that does not identify, gaps in what is needed.

    Raises:
        Refusal: with the column named.
    """
    table = inputs.table
    t, y = table.having(Role.TREATMENT)[0], table.having(Role.OUTCOME)[0]
    if t.type is ColumnType.CATEGORY and two_values(t) is None:
        raise Refusal(
            f"The treatment {t.name} has {len(t.levels)} levels; two, or a number, are needed.",
            "Keep the rows of two of them, or make it a number.", about=(t.name,),
        )
    if y.type is ColumnType.CATEGORY and len(y.levels) != 2:
        raise Refusal(
            f"The outcome {y.name} has {len(y.levels)} levels; a number or two levels are needed.",
            "Choose another outcome.", about=(y.name,),
        )
    if (values := two_values(t)) is not None:
        high = t.values == t.values.max()
        for name, count in zip(values, (int((~high).sum()), int(high.sum()))):
            if count < LEAST_ARM:
                raise Refusal(
                    f"Only {count} {'row has' if count == 1 else 'rows have'} {t.name} = {name}; at least {LEAST_ARM} "
                    "are needed in each arm.", "Add rows of that arm.", about=(t.name,),
                )
    chosen = specifications(table, inputs.graph, parameters.most_sets)
    needed = dict.fromkeys(name for one in chosen for name in (*one.adjust, *([one.instrument] * bool(one.instrument))))
    for name in needed:
        column = table[name]
        if column.type is ColumnType.TEXT:
            raise Refusal(f"Column {name} is text; it cannot be adjusted for.", "Make it a category.", about=(name,))
        if (missing := int(column.missing.sum())):
            raise Refusal(
                f"Column {name} has {missing} missing values: impute or drop them.", "It is adjusted for.",
                ("Drop these rows",), (name,),
            )
    for one in chosen:
        X, _ = encoded(table, one.adjust)
        if X.shape[1] + 2 > len(table) / 4:
            raise Refusal(
                f"{X.shape[1]} columns are adjusted for in {len(table)} rows; four rows a column are needed.",
                "Adjust for fewer columns, or join levels of categories.",
            )
        if one.instrument and abs(np.corrcoef(encoded(table, [one.instrument])[0][:, 0], t.values)[0, 1]) < 1e-6:
            raise Refusal(
                f"The instrument {one.instrument} does not move {t.name}.", "Choose another instrument.",
                about=(one.instrument,),
            )
