"""Tables with named axes, and sums of products of them without ever building the whole joint distribution."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

from engines.graph.do_calculus.expressions import Expression, Names, Probability, Product, Quotient, Sum
from engines.graph.fuse import Fuse

if TYPE_CHECKING:
    import numpy as np

MOST = 2_000_000
"""How many entries a table may have."""


class TooLarge(Exception):
    """A table with more than `MOST` entries would be needed."""


@dataclass(frozen=True)
class Table:
    """Numbers over the values of some variables: `values` has one axis for each of `names`."""

    names: tuple[str, ...]
    values: np.ndarray

    def sizes(self) -> dict[str, int]:
        return dict(zip(self.names, self.values.shape))

    def laid_out(self, names: Sequence[str]) -> np.ndarray:
        """The values with an axis for each of `names`, of length 1 where the table does not speak of it."""
        own = [name for name in names if name in self.names]
        values = self.values.transpose([self.names.index(name) for name in own])
        shape = iter(values.shape)
        return values.reshape([next(shape) if name in self.names else 1 for name in names])

    def summed(self, over: Iterable[str]) -> Table:
        gone = [name for name in self.names if name in set(over)]
        kept = tuple(name for name in self.names if name not in gone)
        return Table(kept, self.values.sum(axis=tuple(self.names.index(name) for name in gone)))


def times(tables: Sequence[Table]) -> Table:
    """The product.

    Raises:
        TooLarge: when it has too many entries.
    """
    import numpy as np

    sizes: dict[str, int] = {}
    for table in tables:
        sizes |= table.sizes()
    names = tuple(sorted(sizes))
    if prod(sizes.values()) > MOST or len(names) > 60:
        raise TooLarge
    values = np.ones([sizes[name] for name in names])
    for table in tables:
        values = values * table.laid_out(names)
    return Table(names, values)


def eliminated(tables: Iterable[Table], over: Iterable[str], fuse: Fuse) -> Table:
    """The product summed over some variables, one after the other, that with the smallest table first.

    Raises:
        TooLarge: when a table on the way has too many entries.
        Burnt: when the time is up.
    """
    left = list(tables)
    waiting = set(over)
    while waiting:
        fuse.check()
        name = min(sorted(waiting), key=lambda one: _size([table for table in left if one in table.names]))
        touching = [table for table in left if name in table.names]
        left = [table for table in left if name not in table.names]
        left.append(times(touching).summed({name}))
        waiting.discard(name)
    return times(left)


class Observed:
    """What can be read off an observed distribution: conditional distributions, and formulas made of them.

    Args:
        tables: Their product is the distribution over observed and hidden variables.
        fixed: Values that all rows share, by name: what selection leaves.
    """

    def __init__(self, tables: Sequence[Table], fuse: Fuse, fixed: Names = frozenset()) -> None:
        self._tables = [_held(table, fixed) for table in tables]
        self._names = frozenset(name for table in self._tables for name in table.names)
        self._fuse = fuse
        self._known: dict[Names, Table] = {}

    def joint(self, names: Names) -> Table:
        """The distribution of some variables; of rows that are selected, up to their share."""
        if names not in self._known:
            self._known[names] = eliminated(self._tables, self._names - names, self._fuse)
        return self._known[names]

    def value(self, expression: Expression) -> Table:
        """The formula, over its free variables.

        Raises:
            TooLarge, Burnt: as `eliminated`.
        """
        match expression:
            case Probability():
                both = self.joint(expression.free)
                alone = both.summed(expression.of)
                return Table(both.names, both.values / alone.laid_out(both.names))
            case Product():
                return times([self.value(factor) for factor in expression.factors])
            case Sum(of=Product(factors)):
                return eliminated([self.value(factor) for factor in factors], expression.over, self._fuse)
            case Sum():
                return self.value(expression.of).summed(expression.over)
            case Quotient():
                above, below = self.value(expression.above), self.value(expression.below)
                names = tuple(sorted({*above.names, *below.names}))
                return Table(names, above.laid_out(names) / below.laid_out(names))


def _held(table: Table, fixed: Names) -> Table:
    """The table at the first value of some variables."""
    kept = tuple(name for name in table.names if name not in fixed)
    return Table(kept, table.values[tuple(0 if name in fixed else slice(None) for name in table.names)])


def _size(tables: Sequence[Table]) -> int:
    sizes: dict[str, int] = {}
    for table in tables:
        sizes |= table.sizes()
    return prod(sizes.values())
