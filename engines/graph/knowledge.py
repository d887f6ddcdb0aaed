"""Background knowledge for discovery: required and forbidden edges, tiers, groups of variables, and name patterns.

Knowledge is kept as it was written. A *term* in it is the name of a variable, else the name of a group, else a pattern
(`*` stands for any letters, `?` for one): what a variable is called comes first, so that odd names need no quoting.
`resolved` turns it into knowledge about variables only; methods get it so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Literal

from engines.graph.graph import Edge, Graph
from engines.refusals import Refusal

Pair = tuple[str, str]

_EXACT, _GROUP, _PATTERN = range(3)


@dataclass(frozen=True)
class Statement:
    """One thing that is known: each of `causes` must (`required`), or must not, cause each of `effects`.

    Attributes:
        written: The edge as it was written; None where a tier says it.
        tier: Place of the tier that says it, and `rule` which of its rules does; -1 where an edge was written.
    """

    text: str
    causes: tuple[str, ...]
    effects: tuple[str, ...]
    required: bool = False
    written: Pair | None = None
    tier: int = -1
    rule: Literal["", "order", "closed", "next_only"] = ""

    @cached_property
    def _sets(self) -> tuple[frozenset[str], frozenset[str]]:
        return frozenset(self.causes), frozenset(self.effects)

    def is_about(self, cause: str, effect: str) -> bool:
        causes, effects = self._sets
        return cause in causes and effect in effects and cause != effect

    def pairs(self) -> tuple[Pair, ...]:
        """All (cause, effect); nothing causes itself."""
        return tuple((a, b) for a in self.causes for b in self.effects if a != b)


@dataclass(frozen=True)
class Breach:
    """A statement that a graph does not obey: the edges that are there against it, or the required ones it lacks."""

    statement: Statement
    pairs: tuple[Pair, ...]

    def sentence(self) -> str:
        """As "c → a is there, but tier 2 causes nothing in tier 1."""
        first = " → ".join(self.pairs[0])
        more = f" and {len(self.pairs) - 1} more" if len(self.pairs) > 1 else ""
        if self.statement.required:
            return f"{first}{more} {'is' if not more else 'are'} required, but missing."
        text = self.statement.text
        against = text if self.statement.written is not None else text[0].lower() + text[1:]
        return f"{first}{more} {'is' if not more else 'are'} there, but {against}."


@dataclass(frozen=True)
class Knowledge:
    """What is known before learning.

    Attributes:
        required: Directed edges (cause, effect) that must be in the result; each side is a term.
        forbidden: Directed edges that must not be.
        tiers: Terms in time order; a variable never causes one of an earlier tier. One that several terms put into
            different tiers is where its own name puts it, else its group, else a pattern.
        closed: Places of tiers within which nothing causes anything.
        next_only: Places of tiers that cause nothing beyond the next one.
        groups: Names for sets of terms (variables and patterns).
    """

    required: frozenset[Pair] = frozenset()
    forbidden: frozenset[Pair] = frozenset()
    tiers: tuple[tuple[str, ...], ...] = ()
    closed: frozenset[int] = frozenset()
    next_only: frozenset[int] = frozenset()
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.required or self.forbidden or self.tiers or self.groups)

    # what it says about variables

    def members(self, term: str, names: Iterable[str]) -> tuple[str, ...]:
        """The variables that a term means; a name that is neither variable, group nor pattern means itself."""
        return self._members(term, tuple(names))[1]

    def resolved(self, names: Iterable[str]) -> Knowledge:
        """The same about variables only: no groups, no patterns, each variable in at most one tier."""
        known = tuple(names)
        place = self._places(known)
        return Knowledge(
            self._pairs(self.required, known), self._pairs(self.forbidden, known),
            tuple(tuple(name for name, at in place.items() if at == k) for k in range(len(self.tiers))),
            self.closed, self.next_only,
        )

    def forbids(self, cause: str, effect: str) -> bool:
        """Whether cause -> effect is ruled out, by itself or by the tiers. Asked of resolved knowledge."""
        if (cause, effect) in self.forbidden:
            return True
        above, below = self._tier_of.get(cause), self._tier_of.get(effect)
        if above is None or below is None or cause == effect:
            return False
        within, skips = above == below and above in self.closed, below > above + 1 and above in self.next_only
        return above > below or within or skips

    def statements(self, names: Iterable[str]) -> tuple[Statement, ...]:
        """Everything that is known, one by one: required, forbidden, then tier by tier."""
        known = tuple(names)
        found = []
        for pairs, required in ((self.required, True), (self.forbidden, False)):
            word = "required" if required else "forbidden"
            found += [
                Statement(f"{a} → {b} is {word}", self.members(a, known), self.members(b, known), required, (a, b))
                for a, b in sorted(pairs)
            ]
        place = self._places(known)
        tiers = [tuple(name for name, at in place.items() if at == k) for k in range(len(self.tiers))]
        for k, tier in enumerate(tiers):
            before = tuple(name for earlier in tiers[:k] for name in earlier)
            beyond = tuple(name for later in tiers[k + 2:] for name in later)
            if k:
                text = f"Tier {k + 1} causes nothing in {'an earlier tier' if k > 1 else 'tier 1'}"
                found.append(Statement(text, tier, before, tier=k, rule="order"))
            if k in self.closed:
                found.append(Statement(f"Tier {k + 1} causes nothing within itself", tier, tier, tier=k, rule="closed"))
            if k in self.next_only:
                text = f"Tier {k + 1} causes nothing beyond tier {k + 2}"
                found.append(Statement(text, tier, beyond, tier=k, rule="next_only"))
        return tuple(found)

    # checks

    def checked(self, names: Iterable[str]) -> Knowledge:
        """The knowledge itself, after checking it against the variables.

        Raises:
            Refusal: on an unknown variable, a group that is called as a variable or holds a group, a variable in two
                tiers, an edge both required and forbidden, or required edges that form a cycle.
        """
        known = tuple(names)
        self._check_groups(known)
        self._check_terms(known)
        resolved = self.resolved(known)
        for cause, effect in sorted(resolved.required):
            if resolved.forbids(cause, effect):
                raise Refusal(
                    f"The edge {cause} → {effect} is both required and forbidden.", "Take back one of the two.",
                    about=(cause, effect),
                )
            if (effect, cause) in resolved.required:
                raise Refusal(
                    f"The required edges form a cycle: {cause} → {effect} → {cause}.", about=(cause, effect, cause)
                )
        cycle = Graph.of(known, sorted(resolved.required)).cycle()
        if cycle is not None:
            raise Refusal(f"The required edges form a cycle: {' → '.join(cycle)}.", about=cycle)
        return self

    def breaches(self, graph: Graph) -> tuple[Breach, ...]:
        """The statements that a graph does not obey.

        A requirement asks for the directed edge itself. An edge whose ends are open breaks a ban when each direction
        that they allow is banned; circles allow a hidden cause, so such an edge breaks none.
        """
        directed = {(parent, name) for name in graph.names for parent in graph.parents(name)}
        resolved = self.resolved(graph.names)
        undecided = [e for e in graph.edges if e.undirected and resolved.forbids(*e.pair) and _back(resolved, e)]
        found = []
        for statement in self.statements(graph.names):
            if statement.required:
                pairs = tuple(pair for pair in statement.pairs() if pair not in directed)
            else:
                pairs = tuple(sorted(pair for pair in directed if statement.is_about(*pair)))
                pairs += tuple(e.pair for e in undecided if statement.is_about(*e.pair))
            if pairs:
                found.append(Breach(statement, pairs))
        return tuple(found)

    def broken_by(self, graph: Graph) -> tuple[Pair, ...]:
        """The edges of `graph` that are forbidden, and the required ones that it lacks."""
        return tuple(sorted({pair for breach in self.breaches(graph) for pair in breach.pairs}))

    # as plain data

    def to_json(self) -> dict[str, Any]:
        """{"required": [["a", "b"]], "forbidden": [], "tiers": [["a"], ["b"]]}, as the command line reads it.

        A tier with rules of its own is {"names": ["a"], "closed": true, "next_only": true}; groups, where there are
        any, are {"groups": {"name": ["a", "gene_*"]}}.
        """
        pairs = {"required": self.required, "forbidden": self.forbidden}
        plain: dict[str, Any] = {name: [list(pair) for pair in sorted(found)] for name, found in pairs.items()}
        plain["tiers"] = [self._plain_tier(k) for k in range(len(self.tiers))]
        if self.groups:
            plain["groups"] = {name: list(terms) for name, terms in self.groups}
        return plain

    @staticmethod
    def from_json(plain: Mapping[str, Any]) -> Knowledge:
        """The inverse of `to_json`; what is not there stays empty.

        Raises:
            ValueError, TypeError, AttributeError: when it is no such mapping.
        """
        tiers = [tier if isinstance(tier, Mapping) else {"names": tier} for tier in plain.get("tiers", ())]
        return Knowledge(
            frozenset(_pair(pair) for pair in plain.get("required", ())),
            frozenset(_pair(pair) for pair in plain.get("forbidden", ())),
            tuple(_terms(tier.get("names", ())) for tier in tiers),
            frozenset(k for k, tier in enumerate(tiers) if tier.get("closed")),
            frozenset(k for k, tier in enumerate(tiers) if tier.get("next_only")),
            tuple((str(name), _terms(terms)) for name, terms in (plain.get("groups") or {}).items()),
        )

    # private

    def _plain_tier(self, k: int) -> list[str] | dict[str, Any]:
        rules = {"closed": k in self.closed, "next_only": k in self.next_only}
        names = list(self.tiers[k])
        return {"names": names, **{rule: True for rule, on in rules.items() if on}} if any(rules.values()) else names

    @cached_property
    def _tier_of(self) -> dict[str, int]:
        return {name: k for k, tier in enumerate(self.tiers) for name in tier}

    @cached_property
    def _terms_of_group(self) -> dict[str, tuple[str, ...]]:
        return dict(self.groups)

    def _members(self, term: str, names: Sequence[str]) -> tuple[int, tuple[str, ...]]:
        """What kind of term it is, and the variables it means."""
        if term in names:
            return _EXACT, (term,)
        if (inside := self._terms_of_group.get(term)) is not None:
            found = {name for one in inside for name in _matching(one, names)}
            return _GROUP, tuple(name for name in names if name in found)
        if is_pattern(term):
            return _PATTERN, _matching(term, names)
        return _EXACT, (term,)

    def _pairs(self, pairs: Iterable[Pair], names: Sequence[str]) -> frozenset[Pair]:
        return frozenset(
            (cause, effect)
            for a, b in pairs
            for cause in self._members(a, names)[1]
            for effect in self._members(b, names)[1]
            if cause != effect
        )

    def _places(self, names: Sequence[str]) -> dict[str, int]:
        """The tier of each variable that has one."""
        found: dict[str, tuple[int, int]] = {}
        for k, tier in enumerate(self.tiers):
            for term in tier:
                kind, members = self._members(term, names)
                for name in members:
                    if name not in found or kind < found[name][0]:
                        found[name] = kind, k
        return {name: k for name, (_, k) in found.items()}

    def _check_groups(self, names: Sequence[str]) -> None:
        for group, terms in self.groups:
            if group in names:
                raise Refusal(
                    f"The group {group} is called as a variable is.", "Give the group another name.", about=(group,)
                )
            for term in terms:
                if term not in names and term in self._terms_of_group:
                    raise Refusal(
                        f"The group {group} holds the group {term}.", "Put variables or patterns into it.",
                        about=(group, term),
                    )
                if term not in names and not is_pattern(term):
                    raise Refusal(f"The group {group} names {term}, which is not a variable of the data.",
                                  about=(term,))

    def _check_terms(self, names: Sequence[str]) -> None:
        for pair in sorted(self.required | self.forbidden):
            for term in pair:
                if self._is_unknown(term, names):
                    raise Refusal(f"The knowledge names {term}, which is not a variable of the data.", about=(term,))
            if pair[0] == pair[1] and pair[0] in names:
                raise Refusal(f"The knowledge speaks of {pair[0]} → {pair[0]}; nothing causes itself.", about=pair)
        told: dict[str, dict[int, set[int]]] = {}           # of each variable: the tiers by kind of term
        for k, tier in enumerate(self.tiers):
            for term in tier:
                if self._is_unknown(term, names):
                    raise Refusal(f"A tier names {term}, which is not a variable of the data.", about=(term,))
                kind, members = self._members(term, names)
                for name in members:
                    told.setdefault(name, {}).setdefault(kind, set()).add(k)
        for name, by_kind in told.items():
            places = sorted(by_kind[min(by_kind)])
            if len(places) > 1:
                raise Refusal(
                    f"{name} is in tier {places[0] + 1} and in tier {places[1] + 1}.",
                    "Take it out of one, or put its own name into the right one.", about=(name,),
                )

    def _is_unknown(self, term: str, names: Sequence[str]) -> bool:
        return term not in names and term not in self._terms_of_group and not is_pattern(term)


def is_pattern(term: str) -> bool:
    """Whether a term that is no name stands for several names."""
    return "*" in term or "?" in term


@lru_cache(maxsize=1024)
def _expression(pattern: str) -> re.Pattern[str]:
    parts = {"*": ".*", "?": "."}
    return re.compile("".join(parts.get(letter, re.escape(letter)) for letter in pattern), re.DOTALL)


def _matching(term: str, names: Sequence[str]) -> tuple[str, ...]:
    """The variables that a name or a pattern means."""
    if term in names or not is_pattern(term):
        return (term,)
    return tuple(name for name in names if _expression(term).fullmatch(name))


def _back(knowledge: Knowledge, edge: Edge) -> bool:
    return knowledge.forbids(edge.target, edge.source)


def _pair(plain: Any) -> Pair:
    cause, effect = plain
    return str(cause), str(effect)


def _terms(plain: Any) -> tuple[str, ...]:
    if isinstance(plain, (str, Mapping)):
        raise TypeError(f"{plain!r} is no list of names.")
    return tuple(str(term) for term in plain)
