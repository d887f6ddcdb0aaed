"""Formulas over observed distributions: conditional probabilities, products, sums over variables, quotients.

Immutable values. They are made by `product`, `total` and `ratio`, which keep them short: what sums to one goes, chains
P(a | b) P(b) become P(a, b), common factors of a quotient cancel. A sum binds its variables inside itself alone, so one
name may stand for two variables, as x in Σ_z P(z | x) Σ_x P(y | x, z) P(x); `notation` tells them apart when it writes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

Names: TypeAlias = frozenset[str]


@dataclass(frozen=True)
class Probability:
    """P(of | given): a conditional distribution of observed variables."""

    of: Names
    given: Names = frozenset()

    @cached_property
    def free(self) -> Names:
        return self.of | self.given


@dataclass(frozen=True)
class Product:
    """The product of its factors, in a fixed order; without any it is one."""

    factors: tuple[Expression, ...] = ()

    @cached_property
    def free(self) -> Names:
        return frozenset().union(*(factor.free for factor in self.factors))


@dataclass(frozen=True)
class Sum:
    """The sum of an expression over all values of some variables."""

    over: Names
    of: Expression

    @cached_property
    def free(self) -> Names:
        return self.of.free - self.over


@dataclass(frozen=True)
class Quotient:
    """One expression divided by another."""

    above: Expression
    below: Expression

    @cached_property
    def free(self) -> Names:
        return self.above.free | self.below.free


Expression: TypeAlias = Probability | Product | Sum | Quotient
Independent: TypeAlias = Callable[[Names, Names, Names], bool]

ONE = Product()


def product(factors: Iterable[Expression]) -> Expression:
    """The product, flat, without ones, with P(a | b, c) P(b | c) as P(a, b | c)."""
    flat: list[Expression] = []
    for factor in factors:
        flat += factor.factors if isinstance(factor, Product) else (factor,)
    flat = _merged(flat, _chained)
    return flat[0] if len(flat) == 1 else Product(tuple(sorted(flat, key=repr_of)))


def total(over: Iterable[str], of: Expression) -> Expression:
    """The sum over some variables; what sums to one goes, and what does not depend on them is taken out.

    Raises:
        ValueError: when a variable does not occur in the expression, so that the sum would count its values.
    """
    bound = frozenset(over)
    if not bound:
        return of
    if not bound <= of.free:
        raise ValueError(f"a sum over {sorted(bound - of.free)}, of which the summand does not speak")
    match of:
        case Sum():
            return total(of.over | bound, of.of)
        case Quotient() if not bound & of.below.free:
            return ratio(total(bound, of.above), of.below)
    factors: list[Expression] = list(of.factors) if isinstance(of, Product) else [of]
    bound = _summed_to_one(factors, bound)
    return product(_summed(bound, group) for group in _groups(factors, bound))


def ratio(above: Expression, below: Expression) -> Expression:
    """The quotient, with common factors cancelled and P(a, b | c) / P(b | c) as P(a | b, c)."""
    if isinstance(above, Quotient):
        return ratio(above.above, product((above.below, below)))
    if isinstance(below, Quotient):
        return ratio(product((above, below.below)), below.above)
    over: list[Expression] = list(above.factors) if isinstance(above, Product) else [above]
    under: list[Expression] = []
    for factor in below.factors if isinstance(below, Product) else [below]:
        if factor in over:
            over.remove(factor)
        elif (place := next((i for i, one in enumerate(over) if _conditions(one, factor)), None)) is not None:
            over[place] = _conditioned(over[place], factor)
        else:
            under.append(factor)
    divisor = product(under)
    return product(over) if divisor == ONE else Quotient(product(over), divisor)


def joined(expression: Expression, independent: Independent) -> Expression:
    """The same with factors joined into one distribution where independences of the graph allow it.

    P(a | c) P(b | d) is P(a, b | c) when d is among a and c, and b is independent of the rest of these given d.
    """
    match expression:
        case Probability():
            return expression
        case Product():
            return product(_merged([joined(factor, independent) for factor in expression.factors], _with(independent)))
        case Sum():
            return total(expression.over, joined(expression.of, independent))
        case Quotient():
            return ratio(joined(expression.above, independent), joined(expression.below, independent))


def cost(expression: Expression) -> float:
    """How much there is to read; the shorter of two formulas for the same effect is shown."""
    match expression:
        case Probability():
            return 2 + len(expression.of) + len(expression.given)
        case Product():
            return sum(map(cost, expression.factors))
        case Sum():
            return 2 + len(expression.over) + cost(expression.of)
        case Quotient():
            return 8 + cost(expression.above) + cost(expression.below)


def probabilities(expression: Expression) -> Iterable[Probability]:
    """All conditional distributions that occur in it."""
    match expression:
        case Probability():
            yield expression
        case Product():
            for factor in expression.factors:
                yield from probabilities(factor)
        case Sum():
            yield from probabilities(expression.of)
        case Quotient():
            yield from probabilities(expression.above)
            yield from probabilities(expression.below)


def spoken_of(expression: Expression) -> Names:
    """All variables that must be observed for it, summed over or not."""
    return frozenset().union(*(one.free for one in probabilities(expression)))


def repr_of(expression: Expression) -> str:
    """A text that is the same for equal expressions, whatever the order of their sets."""
    match expression:
        case Probability():
            return f"P({sorted(expression.of)}|{sorted(expression.given)})"
        case Product():
            return f"({' '.join(map(repr_of, expression.factors))})"
        case Sum():
            return f"S({sorted(expression.over)} {repr_of(expression.of)})"
        case Quotient():
            return f"Q({repr_of(expression.above)} {repr_of(expression.below)})"


_Merge: TypeAlias = Callable[[Probability, Probability], Probability | None]


def _merged(factors: list[Expression], merge: _Merge) -> list[Expression]:
    """Pairs of conditional distributions made one, for as long as there are any."""
    left = list(factors)
    for i, first in enumerate(left):
        for k, second in enumerate(left):
            if i != k and isinstance(first, Probability) and isinstance(second, Probability):
                one = merge(first, second)
                if one is not None:
                    rest = [factor for j, factor in enumerate(left) if j not in (i, k)]
                    return _merged([*rest, one], merge)
    return left


def _chained(first: Probability, second: Probability) -> Probability | None:
    """P(a | b, c) P(b | c) is P(a, b | c)."""
    if first.given != second.free or first.of & second.free:
        return None
    return Probability(first.of | second.of, second.given)


def _with(independent: Independent) -> _Merge:
    def merge(first: Probability, second: Probability) -> Probability | None:
        known = first.free
        if second.of & known or not second.given <= known:
            return None
        if not independent(second.of, known - second.given, second.given):
            return None
        return Probability(first.of | second.of, first.given)

    return merge


def _summed_to_one(factors: list[Expression], bound: Names) -> Names:
    """Sum over variables that stand in a single distribution, as one of those it distributes; the others are left."""
    left = set(bound)
    changed = True
    while changed:
        changed = False
        for name in sorted(left):
            having = [i for i, factor in enumerate(factors) if name in factor.free]
            if not having:
                raise ValueError(f"a sum over {name}, of which nothing is left that speaks")
            one = factors[having[0]]
            if len(having) == 1 and isinstance(one, Probability) and name in one.of:
                rest = one.of - {name}
                factors[having[0]] = Probability(rest, one.given) if rest else ONE
                left.discard(name)
                changed = True
                break
    return frozenset(left)


def _summed(bound: Names, factors: list[Expression]) -> Expression:
    inner = product(factors)
    inside = bound & inner.free
    if not inside:
        return inner
    fewer = not isinstance(inner, Product) or len(inner.factors) < len(factors)
    return total(inside, inner) if fewer and len(factors) > 1 else Sum(inside, inner)


def _groups(factors: list[Expression], bound: Names) -> list[list[Expression]]:
    """The factors in groups that share no variable of the sum."""
    groups: list[tuple[Names, list[Expression]]] = []
    for factor in factors:
        names = factor.free & bound
        touching = [group for group in groups if group[0] & names]
        groups = [group for group in groups if not group[0] & names]
        members = [one for _, others in touching for one in others]
        groups.append((names.union(*(group[0] for group in touching)), [*members, factor]))
    return [members for _, members in groups]


def _conditions(above: Expression, below: Expression) -> bool:
    return (
        isinstance(above, Probability) and isinstance(below, Probability)
        and above.given == below.given and below.of < above.of
    )


def _conditioned(above: Expression, below: Expression) -> Expression:
    if not isinstance(above, Probability) or not isinstance(below, Probability):
        raise TypeError("only a distribution is conditioned")
    return Probability(above.of - below.of, above.given | below.of)
