"""Formulas in plain words: "the average of y given x and z, over z as it is in all rows"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from engines.graph.do_calculus.expressions import Expression, Names, Probability, Product, Quotient, Sum
from engines.graph.do_calculus.notation import Notation, named

_Taken: TypeAlias = Mapping[str, int]


@dataclass(frozen=True)
class Words:
    """Tells formulas; `notation` gives the order of names and factors, and the primes."""

    notation: Notation

    def told(self, expression: Expression) -> str:
        """A sentence on how to compute it."""
        taken = self.notation.taken(expression)
        if isinstance(expression, Probability) and not expression.given:
            return f"Take {self._names(expression.of, taken)} as it is in all rows."
        if isinstance(expression, Probability):
            return f"Take {self._rows(expression, taken)}."
        if isinstance(expression, Sum) and (split := self._split(expression)) is not None:
            main, weights = split
            inside = self.notation.inside(expression, taken)
            if isinstance(main, Probability):
                return f"Take {self._rows(main, inside)}, then average over {self._weighted(weights, inside)}."
        return f"Take {self._phrase(expression, taken)}."

    def _rows(self, told: Probability, taken: _Taken) -> str:
        return f"{self._names(told.of, taken)} among the rows with each value of {self._names(told.given, taken)}"

    def _phrase(self, expression: Expression, taken: _Taken) -> str:
        match expression:
            case Probability(of, given):
                names = self._names(of, taken)
                return f"{names} given {self._names(given, taken)}" if given else f"{names} in all rows"
            case Product(()):
                return "one"
            case Product(factors):
                return " times ".join(self._phrase(factor, taken) for factor in self.notation.factors(factors))
            case Quotient(above, below):
                return f"({self._phrase(above, taken)}) divided by ({self._phrase(below, taken)})"
            case Sum(over, of):
                inside, split = self.notation.inside(expression, taken), self._split(expression)
                if split is None:
                    return f"the sum over {self._names(over, inside)} of ({self._phrase(of, inside)})"
                inner = self._phrase(split[0], inside)
                inner = inner if isinstance(split[0], Probability) else f"({inner})"
                return f"the average of {inner}, over {self._weighted(split[1], inside)}"

    def _split(self, expression: Sum) -> tuple[Expression, list[Probability]] | None:
        """What is averaged, and the distributions over which; None where the sum is no average."""
        over, of = expression.over, expression.of
        factors = of.factors if isinstance(of, Product) else (of,)
        weights = [factor for factor in factors if isinstance(factor, Probability) and factor.of <= over]
        mains = [factor for factor in factors if factor not in weights]
        told = [name for weight in weights for name in weight.of]
        if len(mains) != 1 or sorted(told) != sorted(over):
            return None
        main = mains[0]
        return None if isinstance(main, Probability) and main.of & over else (main, weights)

    def _weighted(self, weights: Sequence[Probability], taken: _Taken) -> str:
        told = []
        for weight in reversed(self.notation.factors(weights)):
            if isinstance(weight, Probability):
                are = "they are" if len(weight.of) > 1 else "it is"
                where = f"given {self._names(weight.given, taken)}" if weight.given else "in all rows"
                told.append(f"{self._names(weight.of, taken)} as {are} {where}")
        return listed(told)

    def _names(self, names: Names, taken: _Taken) -> str:
        return listed([named(name) + "′" * taken.get(name, 0) for name in self.notation.sorted(names)])


def listed(parts: Sequence[str]) -> str:
    """Parts of a sentence: a, b and c."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
