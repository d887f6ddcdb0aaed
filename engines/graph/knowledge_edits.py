"""What the hand can do to knowledge, as functions to new knowledge, each with the sentence of its undo step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from engines.graph.graph import Graph
from engines.graph.knowledge import Knowledge, Pair, Statement


class Change(NamedTuple):
    """Wished knowledge and the name of the step, as "Require a → b"."""

    knowledge: Knowledge
    sentence: str


def moved(known: Knowledge, terms: Iterable[str], tier: int | None) -> Change:
    """Terms put into a tier and out of all others; None: into none. The tier after the last one is a new one."""
    wanted = tuple(terms)
    tiers = [tuple(term for term in there if term not in wanted) for there in known.tiers]
    what = wanted[0] if len(wanted) == 1 else f"{len(wanted)} names"
    if tier is None:
        return Change(replace(known, tiers=tuple(tiers)), f"Take {what} out of the tiers")
    if tier == len(tiers):
        tiers.append(())
    tiers[tier] = (*tiers[tier], *wanted)
    return Change(replace(known, tiers=tuple(tiers)), f"Put {what} into tier {tier + 1}")


def with_tier(known: Knowledge) -> Change:
    """An empty tier after the last one."""
    return Change(replace(known, tiers=(*known.tiers, ())), f"Add tier {len(known.tiers) + 1}")


def without_tier(known: Knowledge, tier: int) -> Change:
    """The tier taken away, the later ones move up with their rules."""
    def shifted(places: frozenset[int]) -> frozenset[int]:
        return frozenset(k - (k > tier) for k in places if k != tier)

    tiers = (*known.tiers[:tier], *known.tiers[tier + 1:])
    rest = replace(known, tiers=tiers, closed=shifted(known.closed), next_only=shifted(known.next_only))
    return Change(rest, f"Remove tier {tier + 1}")


def closed(known: Knowledge, tier: int, *, on: bool) -> Change:
    """Whether anything may cause anything within the tier."""
    text = f"Forbid edges within tier {tier + 1}" if on else f"Allow edges within tier {tier + 1}"
    return Change(replace(known, closed=known.closed | {tier} if on else known.closed - {tier}), text)


def next_only(known: Knowledge, tier: int, *, on: bool) -> Change:
    """Whether the tier may cause later tiers than the next."""
    text = f"Let tier {tier + 1} cause only tier {tier + 2}" if on else f"Let tier {tier + 1} cause all later tiers"
    return Change(replace(known, next_only=known.next_only | {tier} if on else known.next_only - {tier}), text)


def required(known: Knowledge, cause: str, effect: str) -> Change:
    """The edge required, and not forbidden any more."""
    pair = (cause, effect)
    return Change(
        replace(known, required=known.required | {pair}, forbidden=known.forbidden - {pair}),
        f"Require {cause} → {effect}",
    )


def forbidden(known: Knowledge, cause: str, effect: str) -> Change:
    """The edge forbidden, and not required any more."""
    pair = (cause, effect)
    return Change(
        replace(known, required=known.required - {pair}, forbidden=known.forbidden | {pair}),
        f"Forbid {cause} → {effect}",
    )


def left_open(known: Knowledge, cause: str, effect: str) -> Change:
    """Nothing said of the edge by itself."""
    gone = {(cause, effect)}
    return Change(
        replace(known, required=known.required - gone, forbidden=known.forbidden - gone),
        f"Leave {cause} → {effect} open",
    )


def taken_back(known: Knowledge, statement: Statement) -> Change | None:
    """A statement taken away; None for the order of tiers, which goes with the names in them."""
    if statement.written is not None:
        return left_open(known, *statement.written)
    if statement.rule == "closed":
        return closed(known, statement.tier, on=False)
    return next_only(known, statement.tier, on=False) if statement.rule == "next_only" else None


def turned(known: Knowledge, cause: str, effect: str) -> Change:
    """What a stroke over the canvas does: open becomes required, required forbidden, forbidden open."""
    if (cause, effect) in known.required:
        return forbidden(known, cause, effect)
    return (left_open if (cause, effect) in known.forbidden else required)(known, cause, effect)


def whole(known: Knowledge, graph: Graph, *, require: bool) -> Change:
    """Every directed edge of a graph required, or forbidden."""
    pairs: frozenset[Pair] = frozenset((parent, name) for name in graph.names for parent in graph.parents(name))
    if require:
        wished = replace(known, required=known.required | pairs, forbidden=known.forbidden - pairs)
        return Change(wished, "Require every edge of the graph")
    wished = replace(known, forbidden=known.forbidden | pairs, required=known.required - pairs)
    return Change(wished, "Forbid every edge of the graph")


def grouped(known: Knowledge, name: str, terms: Iterable[str]) -> Change:
    """A group made, or made anew."""
    rest = tuple(group for group in known.groups if group[0] != name)
    return Change(replace(known, groups=(*rest, (name, tuple(dict.fromkeys(terms))))), f"Group {name}")


def ungrouped(known: Knowledge, name: str) -> Change:
    """A group taken away, with what was said of it."""
    rest = replace(
        known, groups=tuple(group for group in known.groups if group[0] != name),
        tiers=tuple(tuple(term for term in tier if term != name) for tier in known.tiers),
        required=frozenset(pair for pair in known.required if name not in pair),
        forbidden=frozenset(pair for pair in known.forbidden if name not in pair),
    )
    return Change(rest, f"Remove the group {name}")
