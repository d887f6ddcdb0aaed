"""A graph as sets of bits: what searches over many sets of nodes ask it, a hundred times faster than by names.

Node i of the graph is bit i of a whole number; a set of nodes is the sum of its bits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from engines.graph.graph import Graph, Mark


def each(nodes: int) -> Iterator[int]:
    """The places of the bits that are set, the lowest first."""
    while nodes:
        low = nodes & -nodes
        yield low.bit_length() - 1
        nodes ^= low


def union(table: Sequence[int], nodes: int) -> int:
    """The rows of a table at some nodes, joined."""
    found = 0
    while nodes:
        low = nodes & -nodes
        found |= table[low.bit_length() - 1]
        nodes ^= low
    return found


@dataclass(frozen=True)
class Bits:
    """Directed and bidirected edges; the graph must be acyclic and without other ends (see `separation.checked`).

    Attributes:
        names: Of the nodes, in the order of bits.
        parents, children, spouses: By node: the nodes at the other end of edges in, out, and bidirected.
        latent, selected, adjusted: Nodes by their marks.
    """

    names: tuple[str, ...]
    parents: tuple[int, ...]
    children: tuple[int, ...]
    spouses: tuple[int, ...]
    latent: int = 0
    selected: int = 0
    adjusted: int = 0

    @staticmethod
    def of(graph: Graph) -> Bits:
        place = {name: i for i, name in enumerate(graph.names)}
        parents = [0] * len(place)
        children = [0] * len(place)
        spouses = [0] * len(place)
        for edge in graph.edges:
            a, b = place[edge.source], place[edge.target]
            if edge.bidirected:
                spouses[a] |= 1 << b
                spouses[b] |= 1 << a
            else:
                if not edge.directed:
                    a, b = b, a
                children[a] |= 1 << b
                parents[b] |= 1 << a

        def marked(mark: Mark) -> int:
            return sum(1 << i for i, node in enumerate(graph.nodes) if mark in node.marks)

        return Bits(
            graph.names, tuple(parents), tuple(children), tuple(spouses),
            marked(Mark.LATENT), marked(Mark.SELECTED), marked(Mark.ADJUSTED),
        )

    @cached_property
    def _place(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.names)}

    @property
    def all(self) -> int:
        return (1 << len(self.names)) - 1

    def set(self, names: Iterable[str]) -> int:
        """The nodes of these names as a set."""
        return sum(1 << self._place[name] for name in set(names))

    def named(self, nodes: int) -> tuple[str, ...]:
        """The names of a set, in the order of nodes."""
        return tuple(self.names[i] for i in each(nodes))

    @cached_property
    def _ancestors(self) -> tuple[int, ...]:
        return _closed(self.parents)

    @cached_property
    def _descendants(self) -> tuple[int, ...]:
        return _closed(self.children)

    def ancestors(self, nodes: int) -> int:
        """All nodes with a directed path into one of `nodes`, and `nodes`."""
        return union(self._ancestors, nodes)

    def descendants(self, nodes: int) -> int:
        """All nodes that a directed path from one of `nodes` reaches, and `nodes`."""
        return union(self._descendants, nodes)

    def without(self, sources: int, targets: int) -> Bits:
        """The graph without directed edges from one set into the other."""
        return replace(
            self,
            parents=tuple(up & ~sources if targets >> i & 1 else up for i, up in enumerate(self.parents)),
            children=tuple(down & ~targets if sources >> i & 1 else down for i, down in enumerate(self.children)),
        )

    def kept(self, graph: Graph) -> Graph:
        """A graph with the directed edges that are left here; the bits are of the same nodes."""
        kept = []
        for edge in graph.edges:
            source, target = edge.pair if edge.directed else edge.pair[::-1]
            if edge.bidirected or self.children[self._place[source]] >> self._place[target] & 1:
                kept.append(edge)
        return replace(graph, edges=tuple(kept))

    def connected(self, starts: int, given: int) -> int:
        """Nodes to which an open path leads from one of `starts`, `starts` among them; those in `given` are left out.

        The same as `separation.connected`, whole sets of nodes at a time.
        """
        opened = self.ancestors(given)
        heads = tails = 0                       # entered against an arrowhead, or out of a child
        new_heads = union(self.children, starts) | union(self.spouses, starts)
        new_tails = union(self.parents, starts)
        while new_heads | new_tails:
            heads |= new_heads
            tails |= new_tails
            upwards = new_tails & ~given
            onwards = new_heads & ~given | upwards
            colliders = new_heads & opened | upwards
            new_heads = (union(self.children, onwards) | union(self.spouses, colliders)) & ~heads
            new_tails = union(self.parents, colliders) & ~tails
        return (starts | heads | tails) & ~given

    def moral(self, within: int) -> list[int]:
        """Neighbours by node in the moral graph over `within`, a set closed under ancestors; others have none.

        Two nodes are neighbours when a path leads from one to the other on which every inner node is a collider
        (Richardson 2003): that is within a district (joined by bidirected edges) with its parents.
        """
        near = [0] * len(self.names)
        waiting = within
        while waiting:
            low = waiting & -waiting
            district = low
            new = self.spouses[low.bit_length() - 1] & within
            while new := new & ~district:
                district |= new
                new = union(self.spouses, new) & within
            waiting &= ~district
            together = district | union(self.parents, district)
            if together & (together - 1):
                for i in each(together):
                    near[i] |= together
        for i in each(within):
            near[i] &= ~(1 << i)
        return near


def _closed(step: tuple[int, ...]) -> tuple[int, ...]:
    """For each node all that steps lead to, itself as well."""
    found = [-1] * len(step)
    for root in range(len(step)):
        stack = [root]
        while stack:
            i = stack[-1]
            below = [j for j in each(step[i]) if found[j] < 0]
            if below:
                stack += below
            else:
                found[i] = 1 << i | union(found, step[i])
                stack.pop()
    return tuple(found)
