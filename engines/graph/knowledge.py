"""Background knowledge for discovery: required and forbidden directed edges, and tiers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engines.graph.graph import Graph
from engines.refusals import Refusal


@dataclass(frozen=True)
class Knowledge:
    """What is known before learning.

    Attributes:
        required: Directed edges (cause, effect) that must be in the result.
        forbidden: Directed edges that must not be.
        tiers: Groups of variables in time order; a variable never causes one of an earlier tier.
    """

    required: frozenset[tuple[str, str]] = frozenset()
    forbidden: frozenset[tuple[str, str]] = frozenset()
    tiers: tuple[tuple[str, ...], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.required or self.forbidden or self.tiers)

    def forbids(self, cause: str, effect: str) -> bool:
        """Whether cause -> effect is ruled out, by itself or by the tiers."""
        if (cause, effect) in self.forbidden:
            return True
        tier = {name: i for i, names in enumerate(self.tiers) for name in names}
        return cause in tier and effect in tier and tier[cause] > tier[effect]

    def checked(self, names: Iterable[str]) -> Knowledge:
        """The knowledge itself, after checking it against the variables.

        Raises:
            Refusal: on an unknown variable, an edge both required and forbidden, or required edges that form a cycle.
        """
        known = tuple(names)
        for pair in self.required | self.forbidden:
            for name in pair:
                if name not in known:
                    raise Refusal(f"The knowledge names {name}, which is not a variable of the data.", about=(name,))
        for name in (name for tier in self.tiers for name in tier):
            if name not in known:
                raise Refusal(f"A tier names {name}, which is not a variable of the data.", about=(name,))
        for cause, effect in sorted(self.required):
            if self.forbids(cause, effect):
                raise Refusal(
                    f"The edge {cause} → {effect} is both required and forbidden.", "Take back one of the two.",
                    about=(cause, effect),
                )
        for cause, effect in sorted(self.required):
            if (effect, cause) in self.required:
                raise Refusal(
                    f"The required edges form a cycle: {cause} → {effect} → {cause}.", about=(cause, effect, cause)
                )
        cycle = Graph.of(known, self.required).cycle()
        if cycle is not None:
            raise Refusal(f"The required edges form a cycle: {' → '.join(cycle)}.", about=cycle)
        return self

    def broken_by(self, graph: Graph) -> tuple[tuple[str, str], ...]:
        """The edges of `graph` that are forbidden, and the required ones that it lacks."""
        directed = {(parent, name) for name in graph.names for parent in graph.parents(name)}
        bad = {pair for pair in directed if self.forbids(*pair)} | (self.required - directed)
        return tuple(sorted(bad))

    def to_json(self) -> dict[str, Any]:
        """{"required": [["a", "b"]], "forbidden": [], "tiers": [["a"], ["b"]]}, as the command line reads it."""
        pairs = {"required": self.required, "forbidden": self.forbidden}
        return {
            **{name: [list(pair) for pair in sorted(found)] for name, found in pairs.items()},
            "tiers": [list(tier) for tier in self.tiers],
        }

    @staticmethod
    def from_json(plain: Mapping[str, Any]) -> Knowledge:
        """The inverse of `to_json`; what is not there stays empty.

        Raises:
            ValueError, TypeError, AttributeError: when it is no such mapping.
        """
        return Knowledge(
            frozenset((str(a), str(b)) for a, b in plain.get("required", ())),
            frozenset((str(a), str(b)) for a, b in plain.get("forbidden", ())),
            tuple(tuple(str(n) for n in tier) for tier in plain.get("tiers", ())),
        )
