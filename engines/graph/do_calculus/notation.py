"""Formulas on paper: as pieces to draw, as Unicode text, as LaTeX.

A name that a sum binds while it is also in use outside gets a prime: Σ_z P(z | x) Σ_x′ P(y | x′, z) P(x′). Names that
could be read as something else are quoted in text; in LaTeX every character of a name stands for itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from engines.graph.do_calculus.expressions import (
    Expression,
    Names,
    Probability,
    Product,
    Quotient,
    Sum,
    repr_of,
)


@dataclass(frozen=True)
class Sign:
    """What stands between names, as ` | `."""

    text: str


@dataclass(frozen=True)
class Name:
    """A variable; a prime for each sum that binds the name anew."""

    name: str
    primes: int = 0


@dataclass(frozen=True)
class Over:
    """The sign of a sum with what it goes over."""

    names: tuple[Name, ...]


@dataclass(frozen=True)
class Fraction:
    """One row over another."""

    above: Row
    below: Row


Piece: TypeAlias = Sign | Name | Over | Fraction
Row: TypeAlias = tuple[Piece, ...]

_PLAIN = re.compile(r"\w(?:[\w.\- ]*[\w.])?")
_BARE = re.compile(r"\w+")
_INDEXED = re.compile(r"([A-Za-z])_?(\d+)")
_GREEK = frozenset((
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi",
    "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega", "Gamma", "Delta", "Theta", "Lambda", "Xi",
    "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega",
))
_ESCAPED = {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    **{character: "\\" + character for character in "#$%&_{}"},
}


@dataclass(frozen=True)
class Notation:
    """How a formula is laid out.

    Attributes:
        order: Variables, causes before effects: factors of effects come first.
        first: Variables that come first among conditions: what is set.
        used: Names that stand for a variable of the query, which a sum must not take over.
    """

    order: Sequence[str] = ()
    first: Sequence[str] = ()
    used: Names = frozenset()
    _rank: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        names = dict.fromkeys((*self.first, *self.order))
        object.__setattr__(self, "_rank", {name: place for place, name in enumerate(names)})

    def query(self, outcomes: Iterable[str], do: Iterable[str], given: Iterable[str] = ()) -> Row:
        """P(outcomes | do(…), given)."""
        row: list[Piece] = [Sign("P("), *_listed(Name(name) for name in outcomes), Sign(" | ")]
        row += [Sign("do("), *_listed(Name(name) for name in do), Sign(")")]
        for name in given:
            row += [Sign(", "), Name(name)]
        return (*row, Sign(")"))

    def row(self, expression: Expression) -> Row:
        """The formula."""
        return self._row(expression, self.taken(expression))

    def taken(self, expression: Expression) -> dict[str, int]:
        """The names that are in use outside all sums, without primes."""
        return dict.fromkeys(expression.free | self.used, 0)

    def inside(self, expression: Sum, taken: Mapping[str, int]) -> dict[str, int]:
        """Primes of the names inside a sum."""
        return {**taken, **{name: taken[name] + 1 if name in taken else 0 for name in expression.over}}

    def sorted(self, names: Iterable[str]) -> list[str]:
        """Names in the order of a formula."""
        return sorted(names, key=lambda name: (self._rank.get(name, len(self._rank)), name))

    def factors(self, factors: Iterable[Expression]) -> list[Expression]:
        """Factors as they are read: distributions of effects first, sums last."""
        place = {name: i for i, name in enumerate(self.order)}

        def key(factor: Expression) -> tuple[int, int, str]:
            kind = (Probability, Product, Quotient, Sum).index(type(factor))
            names = factor.of if isinstance(factor, Probability) else ()
            return kind, -max((place.get(name, -1) for name in names), default=0), repr_of(factor)

        return sorted(factors, key=key)

    def _row(self, expression: Expression, taken: Mapping[str, int]) -> Row:
        match expression:
            case Probability(of, given):
                row: list[Piece] = [Sign("P("), *self._names(of, taken)]
                if given:
                    row += [Sign(" | "), *self._names(given, taken)]
                return (*row, Sign(")"))
            case Product(()):
                return (Sign("1"),)
            case Product(factors):
                return self._product(self.factors(factors), taken)
            case Sum(over, of):
                inside = self.inside(expression, taken)
                bound = tuple(Name(name, inside[name]) for name in self.sorted(over))
                return (Over(bound), *self._row(of, inside))
            case Quotient(above, below):
                return (Fraction(self._row(above, taken), self._row(below, taken)),)

    def _product(self, factors: Sequence[Expression], taken: Mapping[str, int]) -> Row:
        row: list[Piece] = []
        for place, factor in enumerate(factors):
            if place:
                row.append(Sign(" "))
            inner = self._row(factor, taken)
            last = place == len(factors) - 1
            row += inner if last or not isinstance(factor, Sum) else (Sign("["), *inner, Sign("]"))
        return tuple(row)

    def _names(self, names: Iterable[str], taken: Mapping[str, int]) -> list[Piece]:
        return _listed(Name(name, taken.get(name, 0)) for name in self.sorted(names))


def text(row: Row) -> str:
    """As Unicode text on one line."""
    alone = len(row) == 1
    parts = []
    for piece in row:
        match piece:
            case Sign(sign):
                parts.append(sign)
            case Name():
                parts.append(_plain(piece))
            case Over(names):
                told = ", ".join(map(_plain, names))
                parts.append(f"Σ_{told} " if len(names) == 1 and _bare(names[0]) else f"Σ_{{{told}}} ")
            case Fraction(above, below):
                quotient = f"{_bracketed(above)} / {_bracketed(below)}"
                parts.append(quotient if alone else f"[{quotient}]")
    return "".join(parts)


def latex(row: Row) -> str:
    """As LaTeX of a formula, for amsmath."""
    parts = []
    for piece in row:
        match piece:
            case Sign(sign):
                parts.append({" | ": r" \mid ", "do(": r"\operatorname{do}(", " ": r"\, ", "[": r"\Bigl[",
                              "]": r"\Bigr]"}.get(sign, sign))
            case Name():
                parts.append(_latex_name(piece))
            case Over(names):
                parts.append(f"\\sum_{{{', '.join(map(_latex_name, names))}}} ")
            case Fraction(above, below):
                parts.append(f"\\frac{{{latex(above)}}}{{{latex(below)}}}")
    return "".join(parts)


def named(name: str) -> str:
    """A name as it stands in text: quoted where it could be read as something else."""
    if _PLAIN.fullmatch(name) and not name.startswith("Σ"):
        return name
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _listed(names: Iterable[Name]) -> list[Piece]:
    row: list[Piece] = []
    for name in names:
        row += [Sign(", "), name] if row else [name]
    return row


def _plain(name: Name) -> str:
    return named(name.name) + "′" * name.primes


def _bare(name: Name) -> bool:
    return bool(_BARE.fullmatch(name.name)) and not name.name.startswith("Σ")


def _bracketed(row: Row) -> str:
    """In brackets, unless it is a single distribution or number."""
    single = not any(isinstance(piece, Over | Fraction) for piece in row) and Sign(" ") not in row
    return text(row) if single else f"[{text(row)}]"


def _latex_name(name: Name) -> str:
    return _latex_letters(name.name) + "'" * name.primes


def _latex_letters(name: str) -> str:
    if len(name) == 1 and name.isascii() and name.isalpha():
        return name
    if len(name) == 1 and (greek := _greek(name)):
        return f"\\{greek}"
    if indexed := _INDEXED.fullmatch(name):
        return f"{indexed[1]}_{{{indexed[2]}}}"
    escaped = "".join(_ESCAPED.get(character, character) for character in name)
    return f"\\text{{{escaped}}}" if _PLAIN.fullmatch(name) else f"\\text{{``{escaped}''}}"


def _greek(letter: str) -> str:
    told = re.fullmatch(r"GREEK (SMALL|CAPITAL) LETTER (\w+)", unicodedata.name(letter, ""))
    if told is None:
        return ""
    word = {"LAMDA": "LAMBDA"}.get(told[2], told[2])                # as Unicode spells it
    name = word.lower() if told[1] == "SMALL" else word.capitalize()
    return name if name in _GREEK else ""
