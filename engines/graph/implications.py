"""What a graph claims that data could contradict: one independence for each pair of observed nodes without an edge.

For each pair a set of observed nodes that separates it, from which no node can be spared; together with what is
selected. Pairs that no set of observed nodes separates claim nothing; they are counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from engines.graph.answers import Ended, limit_words, listed, up_to
from engines.graph.bits import Bits, each
from engines.graph.fuse import Fuse
from engines.graph.graph import Graph
from engines.graph.separation import checked
from engines.graph.separators import between, nearest

MOST_IMPLICATIONS = 2000


@dataclass(frozen=True)
class Independence:
    """The graph claims that two nodes say nothing of each other once `given` is known."""

    first: str
    second: str
    given: tuple[str, ...] = ()

    def __str__(self) -> str:
        known = f" given {listed(self.given)}" if self.given else ""
        return f"{self.first} is independent of {self.second}{known}"


@dataclass(frozen=True)
class Implications:
    """The claims of a graph.

    Attributes:
        claims: In the order of nodes.
        tied: Pairs of observed nodes without an edge that no set of observed nodes separates.
        ended: Whether all pairs were looked at.
    """

    claims: tuple[Independence, ...] = ()
    tied: tuple[tuple[str, str], ...] = ()
    ended: Ended = Ended.ALL

    def sentence(self) -> str:
        """The answer in words."""
        count, tied = len(self.claims), len(self.tied)
        if not count and not tied:
            return "The graph claims no independence: each pair of observed nodes is joined by an edge."
        told = f"The graph claims {count} {'independence' if count == 1 else 'independences'}."
        if tied:
            pairs = "pair has" if tied == 1 else "pairs have"
            told += f" {tied} {pairs} no edge, but what is hidden ties the two whatever is known."
        return f"{told} {limit_words(self.ended, count, 'independences')}".strip()


def implications(graph: Graph, fuse: Fuse | None = None, most: int = MOST_IMPLICATIONS) -> Implications:
    """One claim for each pair, at most `most`; when the fuse burns, those found until then.

    Raises:
        Refusal: for a graph with a cycle or with edges of no clear direction.
    """
    checked(graph, ())
    graph.order()
    bits = Bits.of(graph)
    tied: list[tuple[str, str]] = []
    claims, ended = up_to(_claims(bits, tied, fuse or Fuse()), most)
    return Implications(claims, tuple(tied), ended)


def _claims(bits: Bits, tied: list[tuple[str, str]], fuse: Fuse) -> Iterator[Independence]:
    observed = bits.all & ~bits.latent
    for i, j in combinations(each(observed & ~bits.selected), 2):
        fuse.check()
        if (bits.parents[i] | bits.children[i] | bits.spouses[i]) >> j & 1:
            continue
        first, second = 1 << i, 1 << j
        near = between(bits, first, second, observed & ~(first | second), bits.selected)
        here, there = nearest(near, first, second), nearest(near, second, first)
        if here is None or there is None:
            tied.append((bits.names[i], bits.names[j]))
            continue
        given = min(here, there, key=int.bit_count) | bits.selected
        yield Independence(bits.names[i], bits.names[j], bits.named(given))
