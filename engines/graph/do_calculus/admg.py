"""Directed edges between observed nodes and bidirected ones for hidden causes: what identification works on.

Nodes that are latent are projected out (Verma 1993; Tian and Pearl 2002): their parents become parents of their
children, their children get a hidden cause in common.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from engines.graph.graph import Edge, Graph, bidirected


@dataclass(frozen=True)
class Admg:
    """An acyclic directed mixed graph.

    Attributes:
        order: Its nodes, causes before effects.
        parents: Of each node.
        siblings: Nodes that have a hidden cause in common with it.
    """

    order: tuple[str, ...]
    parents: Mapping[str, frozenset[str]]
    siblings: Mapping[str, frozenset[str]]

    @staticmethod
    def of(graph: Graph) -> Admg:
        """The graph with all of its nodes.

        Raises:
            Refusal: for a graph with a cycle.
        """
        siblings: dict[str, set[str]] = {name: set() for name in graph.names}
        for edge in graph.edges:
            if edge.bidirected:
                siblings[edge.source].add(edge.target)
                siblings[edge.target].add(edge.source)
        return Admg(
            graph.order(),
            {name: frozenset(graph.parents(name)) for name in graph.names},
            {name: frozenset(others) for name, others in siblings.items()},
        )

    @cached_property
    def children(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, set[str]] = {name: set() for name in self.order}
        for name, above in self.parents.items():
            for parent in above:
                found[parent].add(name)
        return {name: frozenset(below) for name, below in found.items()}

    def edges(self) -> tuple[Edge, ...]:
        """Directed edges, then bidirected ones, in the order of nodes."""
        place = {name: i for i, name in enumerate(self.order)}
        directed = [Edge(a, b) for b in self.order for a in self.order if a in self.parents[b]]
        hidden = [bidirected(a, b) for a in self.order for b in self.order if b in self.siblings[a]]
        return (*directed, *(edge for edge in hidden if place[edge.source] < place[edge.target]))

    def within(self, names: Iterable[str]) -> Admg:
        """The part over some nodes."""
        kept = frozenset(names)
        return Admg(
            tuple(name for name in self.order if name in kept),
            {name: self.parents[name] & kept for name in kept},
            {name: self.siblings[name] & kept for name in kept},
        )

    def without(self, hidden: Iterable[str]) -> Admg:
        """The latent projection onto the other nodes."""
        parents = {name: set(above) for name, above in self.parents.items()}
        siblings = {name: set(others) for name, others in self.siblings.items()}
        gone = set(hidden)
        for name in (name for name in self.order if name in gone):
            below = {other for other, above in parents.items() if name in above}
            above, beside = parents.pop(name), siblings.pop(name)
            for child in below:
                parents[child] = (parents[child] | above) - {name}
            for other in beside:
                siblings[other].discard(name)
            for child in below:
                for other in (below | beside) - {child}:
                    siblings[child].add(other)
                    siblings[other].add(child)
        return Admg(
            tuple(name for name in self.order if name not in gone),
            {name: frozenset(above) for name, above in parents.items()},
            {name: frozenset(others) for name, others in siblings.items()},
        )

    def cut(self, into: Iterable[str] = (), out_of: Iterable[str] = ()) -> Admg:
        """Without the arrowheads into some nodes and the directed edges out of others."""
        done, silent = frozenset(into), frozenset(out_of)
        return Admg(
            self.order,
            {name: frozenset() if name in done else above - silent for name, above in self.parents.items()},
            {name: frozenset() if name in done else others - done for name, others in self.siblings.items()},
        )

    def ancestors(self, names: Iterable[str]) -> frozenset[str]:
        """The nodes themselves and all from which a directed path leads to one of them."""
        return _reached(names, self.parents)

    def descendants(self, names: Iterable[str]) -> frozenset[str]:
        """The nodes themselves and all to which a directed path leads from one of them."""
        return _reached(names, self.children)

    def district(self, name: str) -> frozenset[str]:
        """The nodes that hidden causes join with it, itself among them (its confounded component)."""
        return _reached((name,), self.siblings)

    @cached_property
    def districts(self) -> tuple[frozenset[str], ...]:
        """All of them, in the order of nodes."""
        return tuple(dict.fromkeys(map(self.district, self.order)))

    def blanket(self, name: str) -> frozenset[str]:
        """What screens the node off from all others before it in the order (Tian and Pearl 2002, lemma 1)."""
        before = self.within(self.order[: self.order.index(name) + 1])
        together = before.district(name)
        return together.union(*(before.parents[other] for other in together)) - {name}

    def separated(self, first: Iterable[str], second: Iterable[str], given: Iterable[str]) -> bool:
        """Whether `given` m-separates the two, by the augmented graph of the ancestors (Richardson 2003)."""
        starts, ends, known = frozenset(first), frozenset(second), frozenset(given)
        world = self.within(self.ancestors(starts | ends | known))
        cliques = [group.union(*(world.parents[name] for name in group)) for group in world.districts]
        reached, waiting = set(starts - known), set(starts - known)
        while waiting:
            name = waiting.pop()
            near = frozenset().union(*(clique for clique in cliques if name in clique))
            waiting |= near - known - reached
            reached |= near - known
        return not reached & ends


def _reached(names: Iterable[str], step: Mapping[str, frozenset[str]]) -> frozenset[str]:
    found = set(names)
    waiting = list(found)
    while waiting:
        new = step[waiting.pop()] - found
        found |= new
        waiting += new
    return frozenset(found)
