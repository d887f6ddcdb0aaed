"""The causal graph: nodes, edges with an end mark at each side, positions, and what follows from them.

A graph is an immutable value; every edit returns a new one. Node names are unique. Between two nodes there is at most
one edge with a given pair of ends, except that a bidirected edge may stand beside a directed one (an ADMG).
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

from engines.refusals import Refusal


class End(StrEnum):
    """The mark at one end of an edge."""

    TAIL = "tail"
    ARROW = "arrow"
    CIRCLE = "circle"


class Mark(StrEnum):
    """What a node is in a graph, for a query."""

    EXPOSURE = "exposure"
    OUTCOME = "outcome"
    ADJUSTED = "adjusted"
    LATENT = "latent"
    SELECTED = "selected"
    INTERVENED = "intervened"


@dataclass(frozen=True)
class Node:
    """A variable. `position` is its centre in device-independent px, None until laid out; layouts leave it where it is
    when it is `pinned`.
    """

    name: str
    marks: frozenset[Mark] = frozenset()
    position: tuple[float, float] | None = None
    pinned: bool = False


@dataclass(frozen=True)
class Edge:
    """An edge with an end mark at each side; `Edge("a", "b")` is a -> b.

    Attributes:
        weight: Strength of effect (raw units of target a unit of source), None if unknown.
        frequency: Share of bootstrap fits in which it came back, in [0, 1], None if unknown.
    """

    source: str
    target: str
    at_source: End = End.TAIL
    at_target: End = End.ARROW
    weight: float | None = None
    frequency: float | None = None

    @property
    def directed(self) -> bool:
        return self.at_source is End.TAIL and self.at_target is End.ARROW

    @property
    def bidirected(self) -> bool:
        return self.at_source is End.ARROW and self.at_target is End.ARROW

    @property
    def undirected(self) -> bool:
        return self.at_source is End.TAIL and self.at_target is End.TAIL

    @property
    def pair(self) -> tuple[str, str]:
        return self.source, self.target

    def reversed(self) -> Edge:
        """The edge drawn the other way round: a -> b becomes b -> a."""
        return replace(self, source=self.target, target=self.source)

    def seen_from(self, name: str) -> Edge:
        """The same edge stored so that `name` is its source: b <- a for a -> b seen from b."""
        if name == self.source:
            return self
        return replace(
            self, source=self.target, target=self.source, at_source=self.at_target, at_target=self.at_source
        )


def bidirected(a: str, b: str) -> Edge:
    """a <-> b: a hidden common cause."""
    return Edge(a, b, End.ARROW, End.ARROW)


def undirected(a: str, b: str) -> Edge:
    """a - b: direction unknown."""
    return Edge(a, b, End.TAIL, End.TAIL)


@dataclass(frozen=True)
class Graph:
    """Nodes in order and the edges between them.

    Raises:
        Refusal: on a doubled node name, an edge to a node that is not there, a loop or a doubled edge.
    """

    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()

    def __post_init__(self) -> None:
        names = [node.name for node in self.nodes]
        known = set(names)
        if len(known) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise Refusal(f"Two nodes are called {twice}.", "Rename one of them.", about=(twice,))
        seen: set[tuple[frozenset[str], bool]] = set()
        for edge in self.edges:
            for end in edge.pair:
                if end not in known:
                    raise Refusal(f"An edge names {end}, which is not a node of the graph.", about=(end,))
            if edge.source == edge.target:
                raise Refusal(f"The edge {edge.source} → {edge.target} is a loop.", about=(edge.source,))
            key = (frozenset(edge.pair), edge.bidirected)
            if key in seen:
                raise Refusal(f"There are two edges between {edge.source} and {edge.target}.", about=edge.pair)
            seen.add(key)

    @staticmethod
    def of(names: Iterable[str], pairs: Iterable[tuple[str, str]] = ()) -> Graph:
        """A graph of directed edges."""
        return Graph(tuple(Node(name) for name in names), tuple(Edge(a, b) for a, b in pairs))

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(node.name for node in self.nodes)

    @cached_property
    def _by_name(self) -> dict[str, Node]:
        return {node.name: node for node in self.nodes}

    @cached_property
    def _by_pair(self) -> dict[tuple[str, str], Edge]:
        """Each edge under both of its orientations; of two between the same nodes the first."""
        found: dict[tuple[str, str], Edge] = {}
        for edge in self.edges:
            found.setdefault(edge.pair, edge)
            found.setdefault((edge.target, edge.source), edge)
        return found

    @cached_property
    def _parents(self) -> dict[str, tuple[str, ...]]:
        place = {name: i for i, name in enumerate(self.names)}
        found: dict[str, set[str]] = {name: set() for name in self.names}
        for edge in self.edges:
            if edge.directed:
                found[edge.target].add(edge.source)
            elif edge.at_source is End.ARROW and edge.at_target is End.TAIL:
                found[edge.source].add(edge.target)
        return {name: tuple(sorted(above, key=place.__getitem__)) for name, above in found.items()}

    @cached_property
    def _children(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {name: [] for name in self.names}
        for name in self.names:
            for parent in self._parents[name]:
                found[parent].append(name)
        return {name: tuple(below) for name, below in found.items()}

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def node(self, name: str) -> Node:
        if name not in self._by_name:
            raise Refusal(f"There is no node {name} in the graph.", about=(name,))
        return self._by_name[name]

    def edge(self, source: str, target: str) -> Edge | None:
        """The edge between the two, in either orientation of storage, or None."""
        edge = self._by_pair.get((source, target))
        return edge if edge is None else edge.seen_from(source)

    def parents(self, name: str) -> tuple[str, ...]:
        """Sources of directed edges into the node, in the order of nodes."""
        return self._parents.get(name, ())

    def children(self, name: str) -> tuple[str, ...]:
        """Targets of directed edges out of the node, in the order of nodes."""
        return self._children.get(name, ())

    def _reach(self, names: Iterable[str], step: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
        found: set[str] = set()
        waiting = list(names)
        while waiting:
            for next_name in step[waiting.pop()]:
                if next_name not in found:
                    found.add(next_name)
                    waiting.append(next_name)
        return tuple(n for n in self.names if n in found)

    def ancestors(self, *names: str) -> tuple[str, ...]:
        """All nodes with a directed path into one of `names`, without `names` themselves unless on a cycle."""
        return self._reach(names, self._parents)

    def descendants(self, *names: str) -> tuple[str, ...]:
        """All nodes that a directed path from one of `names` reaches."""
        return self._reach(names, self._children)

    def cycle(self) -> tuple[str, ...] | None:
        """A directed cycle as its nodes, the first repeated at the end; None if there is none."""
        colour: dict[str, int] = {}
        parents = self._parents
        for root in self.names:
            if root in colour:
                continue
            stack: list[tuple[str, int]] = [(root, 0)]
            while stack:
                name, tried = stack.pop()
                colour[name] = 1
                if tried == len(parents[name]):
                    colour[name] = 2
                    continue
                stack.append((name, tried + 1))
                above = parents[name][tried]
                if colour.get(above) == 1:
                    way = [n for n, _ in stack]
                    loop = way[way.index(above):]
                    return (loop[0], *reversed(loop))
                if above not in colour:
                    stack.append((above, 0))
        return None

    def order(self) -> tuple[str, ...]:
        """A topological order.

        Raises:
            Refusal: when the graph has a cycle; `about` holds the cycle.
        """
        cycle = self.cycle()
        if cycle is not None:
            raise Refusal(
                f"The graph has a cycle: {' → '.join(cycle)}.",
                "Reverse or remove one of these edges.",
                ("Reverse it", "Make it bidirected"),
                cycle,
            )
        place = {name: i for i, name in enumerate(self.names)}
        missing = {name: len(above) for name, above in self._parents.items()}
        ready = [place[name] for name, count in missing.items() if not count]
        placed: list[str] = []
        while ready:
            name = self.names[heapq.heappop(ready)]
            placed.append(name)
            for child in self._children[name]:
                missing[child] -= 1
                if not missing[child]:
                    heapq.heappush(ready, place[child])
        return tuple(placed)

    def with_node(self, node: Node) -> Graph:
        """The node replaced (by name) or added."""
        if node.name in self:
            return replace(self, nodes=tuple(node if n.name == node.name else n for n in self.nodes))
        return replace(self, nodes=(*self.nodes, node))

    def without_node(self, name: str) -> Graph:
        """The node and its edges removed."""
        return Graph(
            tuple(n for n in self.nodes if n.name != name), tuple(e for e in self.edges if name not in e.pair)
        )

    def renamed(self, old: str, new: str) -> Graph:
        """One node renamed, its edges with it."""
        def name(n: str) -> str:
            return new if n == old else n

        return Graph(
            tuple(replace(n, name=name(n.name)) for n in self.nodes),
            tuple(replace(e, source=name(e.source), target=name(e.target)) for e in self.edges),
        )

    def with_edge(self, edge: Edge) -> Graph:
        """The edge added; one of the same sort between the two nodes is replaced."""
        same = {frozenset(edge.pair)}
        kept = tuple(
            e for e in self.edges if frozenset(e.pair) not in same or e.bidirected is not edge.bidirected
        )
        return replace(self, edges=(*kept, edge))

    def without_edge(self, source: str, target: str) -> Graph:
        """All edges between the two removed."""
        pair = frozenset((source, target))
        return replace(self, edges=tuple(e for e in self.edges if frozenset(e.pair) != pair))

    def under(self, do: Iterable[str]) -> Graph:
        """The graph under an intervention: every arrowhead into a node of `do` is cut, the node marked."""
        cut = set(do)
        edges = tuple(
            e
            for e in self.edges
            if not (e.at_target is End.ARROW and e.target in cut) and not (e.at_source is End.ARROW and e.source in cut)
        )
        nodes = tuple(replace(n, marks=n.marks | {Mark.INTERVENED}) if n.name in cut else n for n in self.nodes)
        return Graph(nodes, edges)

    def placed(self, positions: Mapping[str, tuple[float, float]]) -> Graph:
        """Positions set by name; names that are absent keep theirs."""
        return replace(
            self, nodes=tuple(replace(n, position=positions.get(n.name, n.position)) for n in self.nodes)
        )

    def to_json(self) -> dict[str, Any]:
        """Plain data, node-link form."""
        return {
            "format": 1,
            "nodes": [
                {
                    "name": n.name, "marks": sorted(n.marks), "position": list(n.position) if n.position else None,
                    **({"pinned": True} if n.pinned else {}),
                }
                for n in self.nodes
            ],
            "edges": [
                {
                    "source": e.source,
                    "target": e.target,
                    "at_source": str(e.at_source),
                    "at_target": str(e.at_target),
                    "weight": e.weight,
                    "frequency": e.frequency,
                }
                for e in self.edges
            ],
        }

    @staticmethod
    def from_json(plain: Mapping[str, Any]) -> Graph:
        """The inverse of `to_json`."""
        return Graph(
            tuple(
                Node(
                    n["name"],
                    frozenset(Mark(m) for m in n.get("marks", ())),
                    tuple(n["position"]) if n.get("position") else None,
                    bool(n.get("pinned", False)),
                )
                for n in plain["nodes"]
            ),
            tuple(
                Edge(
                    e["source"],
                    e["target"],
                    End(e.get("at_source", "tail")),
                    End(e.get("at_target", "arrow")),
                    e.get("weight"),
                    e.get("frequency"),
                )
                for e in plain["edges"]
            ),
        )
