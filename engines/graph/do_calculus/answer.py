"""Identify and verify in one go: what is shown to an analyst."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from engines.graph.do_calculus.effect import Effect, identify_effect
from engines.graph.do_calculus.verification import verify
from engines.graph.fuse import Fuse
from engines.graph.graph import Graph


def answered(
    graph: Graph, outcomes: Iterable[str], do: Iterable[str], given: Iterable[str] = (), fuse: Fuse | None = None
) -> Effect:
    """The effect with its formula verified on random models; a formula that was not verified is not shown.

    Raises:
        Refusal, Burnt: as `identify_effect`.
    """
    fuse = fuse or Fuse()
    return verified(identify_effect(graph, outcomes, do, given, fuse), graph, fuse)


def verified(effect: Effect, graph: Graph, fuse: Fuse | None = None) -> Effect:
    """The effect with what came of verifying its formula; the same effect where there is none."""
    if effect.estimand is None:
        return effect
    query = frozenset(effect.outcomes), frozenset(effect.do), frozenset(effect.given)
    return replace(
        effect, verification=verify(graph, effect.estimand, *query, frozenset(effect.selected), fuse or Fuse())
    )
