"""What CoLiDE refuses beyond the wrong kind of data, and what it warns of. Symbols: n rows, d variables; X (n, d)."""

from typing import Any

import numpy as np
from scipy.linalg import qr

from engines.contract import Inputs
from engines.data.roles import Role
from engines.discovery.colide.mathematics import Array
from engines.refusals import Refusal

ROUNDING = 1e-10
"""Share of a column's spread below which what the other columns leave unexplained counts as nothing."""

SMALLEST_VARIANCE, LARGEST_VARIANCE = 1e-100, 1e100
"""Beyond these, products of variances leave the range of floating-point numbers."""


def refuse(inputs: Inputs, _parameters: Any) -> None:
    """Refuse values out of range, collinear columns, knowledge about other columns, and a true graph with a cycle.

    Raises:
        Refusal: with the columns named.
    """
    names = tuple(column.name for column in inputs.table.having(Role.FACTOR))
    inputs.knowledge.checked(names)
    if inputs.truth is not None:
        inputs.truth.order()
    X = inputs.table.numbers(names)
    for name, spread in zip(names, _variances(X), strict=True):
        if not SMALLEST_VARIANCE < spread < LARGEST_VARIANCE:
            raise Refusal(
                f"Column {name} holds values too {'large' if spread > 1 else 'small'} to compute with.",
                "Give it in another unit.",
                about=(name,),
            )
    together = collinear(X)
    if together:
        *first, last = (names[j] for j in together)
        raise Refusal(
            f"Columns {', '.join(first)} and {last} are perfectly collinear; noise would be zero.",
            "Each can be computed exactly from the others. Leave one of them out.",
            ("Leave it out",),
            tuple(names[j] for j in together),
        )


def _variances(X: Array) -> Array:
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        return np.nan_to_num(X.var(axis=0), nan=np.inf)


def collinear(X: Array) -> tuple[int, ...]:
    """The columns of one exact linear dependence, empty if there is none.

    With no more rows than columns some dependence is always there; then only copies of a column count.
    """
    n, d = X.shape
    Z = X - X.mean(axis=0)
    Z /= np.sqrt((Z**2).sum(axis=0))
    if n <= d:
        alike = np.argwhere(np.triu(np.abs(Z.T @ Z) > 1 - ROUNDING, 1))
        return tuple(int(j) for j in alike[0]) if len(alike) else ()
    R, pivots = qr(Z, mode="r", pivoting=True)
    rest = np.abs(np.diagonal(R)[:d]) < ROUNDING
    if not rest.any():
        return ()
    first = int(np.argmax(rest))
    shares = np.linalg.lstsq(R[:first, :first], R[:first, first], rcond=None)[0]
    return tuple(sorted(int(j) for j in (pivots[first], *pivots[:first][np.abs(shares) > 1e-8])))
