"""Which nodes say nothing of each other, given others: d-separation, and m-separation where bidirected edges are.

A path is open given Z when each collider on it is in Z or has a descendant in Z, and no other inner node is in Z
(Pearl 1988; Richardson 2003 for bidirected edges). Two sets are separated by Z when no path between them is open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice, pairwise

from engines.graph.fuse import Burnt, Fuse
from engines.graph.graph import Edge, End, Graph, Mark
from engines.refusals import Refusal

_SHOWN = {(End.TAIL, End.ARROW): "→", (End.ARROW, End.TAIL): "←", (End.ARROW, End.ARROW): "↔"}


@dataclass(frozen=True)
class Path:
    """A way between two nodes that meets no node twice.

    Attributes:
        nodes: Its nodes in order.
        edges: Its edges, each seen from the node before.
        blocked_at: Inner nodes that block it; empty for an open path.
    """

    nodes: tuple[str, ...]
    edges: tuple[Edge, ...]
    blocked_at: tuple[str, ...] = ()

    @property
    def open(self) -> bool:
        return not self.blocked_at

    @property
    def causal(self) -> bool:
        """Whether every edge leads on from cause to effect."""
        return all(edge.directed for edge in self.edges)

    def __str__(self) -> str:
        words = [self.nodes[0]]
        for edge in self.edges:
            words += [_SHOWN[edge.at_source, edge.at_target], edge.target]
        return " ".join(words)


def conditioned(graph: Graph) -> tuple[str, ...]:
    """The nodes that are marked adjusted or selected: what the marks say is known."""
    return tuple(node.name for node in graph.nodes if node.marks & {Mark.ADJUSTED, Mark.SELECTED})


def separated(graph: Graph, first: Iterable[str], second: Iterable[str], given: Iterable[str] = ()) -> bool:
    """Whether `given` separates two sets of nodes.

    Raises:
        Refusal: for a graph with ends other than arrows and tails, a name that is not there, or sets that overlap.
    """
    starts, ends, known = set(first), set(second), set(given)
    checked(graph, starts | ends | known)
    for name in sorted(starts & ends | (starts | ends) & known):
        raise Refusal(f"{name} stands on two sides of the question.", about=(name,))
    return not ends & connected(graph, starts, known)


def connected(graph: Graph, starts: Iterable[str], given: Iterable[str] = ()) -> set[str]:
    """Nodes to which an open path leads from one of `starts`, `starts` among them; those in `given` are left out.

    A walk over states of a node and whether it was entered against an arrowhead (Shachter 1998, for mixed graphs);
    linear in the number of pairs of edges that meet.
    """
    known = set(given)
    opened = known | set(graph.ancestors(*known))
    around = _around(graph)
    seen: set[tuple[str, bool]] = set()
    waiting: list[tuple[str, bool]] = []
    found = set(starts)
    for start in found:
        waiting += [(edge.target, edge.at_target is End.ARROW) for edge in around[start]]
    while waiting:
        state = waiting.pop()
        if state in seen:
            continue
        seen.add(state)
        name, entered_by_head = state
        for edge in around[name]:
            collider = entered_by_head and edge.at_source is End.ARROW
            if (name in opened) if collider else (name not in known):
                waiting.append((edge.target, edge.at_target is End.ARROW))
    return (found | {name for name, _ in seen}) - known


def paths(
    graph: Graph, start: str, end: str, given: Iterable[str] = (), most: int = 200, fuse: Fuse | None = None
) -> tuple[Path, ...]:
    """Paths between two nodes, the shortest first, each with the nodes at which it is blocked; at most `most` of them.

    When the fuse burns, those found until then.

    Raises:
        Refusal: for a graph with ends other than arrows and tails, or a name that is not there.
    """
    found: list[Path] = []
    with suppress(Burnt):
        found.extend(islice(every_path(graph, start, end, given, fuse), most))
    return tuple(found)


def every_path(
    graph: Graph, start: str, end: str, given: Iterable[str] = (), fuse: Fuse | None = None
) -> Iterator[Path]:
    """The same one by one, without a limit of their number.

    Raises:
        Refusal: as `paths`.
        Burnt: when the fuse has burnt, also while the next one is looked for.
    """
    known = set(given)
    checked(graph, {start, end} | known)
    opened = known | set(graph.ancestors(*known))
    for edges in _simple(_around(graph), start, end, fuse):
        blocked = tuple(
            before.target
            for before, after in pairwise(edges)
            if not _passes(before, after, known, opened)
        )
        yield Path((start, *(edge.target for edge in edges)), edges, blocked)


def open_path(
    graph: Graph, start: str, end: str, given: Iterable[str] = (), fuse: Fuse | None = None
) -> Path | None:
    """A shortest open path between two nodes, or None if they are separated.

    Raises:
        Burnt: when the fuse has burnt before a path was found, although there is one.
    """
    known = set(given)
    checked(graph, {start, end} | known)
    if end not in connected(graph, [start], known):
        return None
    opened = known | set(graph.ancestors(*known))
    around = _around(graph)
    way = _shortest_walk(around, start, end, known, opened)
    if len({edge.target for edge in way} | {start}) <= len(way):       # it meets a node twice
        way = next(
            edges for edges in _simple(around, start, end, fuse)
            if all(_passes(before, after, known, opened) for before, after in pairwise(edges))
        )
    return Path((start, *(edge.target for edge in way)), way)


def checked(graph: Graph, names: Iterable[str]) -> None:
    """Refuse names that are not there, and graphs whose edges leave open which way they point."""
    for name in names:
        graph.node(name)
    for edge in graph.edges:
        if not (edge.directed or edge.bidirected or edge.seen_from(edge.target).directed):
            raise Refusal(
                f"The edge between {edge.source} and {edge.target} has no clear direction.",
                "What follows from the graph is not settled before it is directed or bidirected.", about=edge.pair,
            )


def _shortest_walk(
    around: dict[str, list[Edge]], start: str, end: str, known: set[str], opened: set[str]
) -> tuple[Edge, ...]:
    """A shortest open walk between two nodes that are connected."""
    came: dict[tuple[str, bool], tuple[Edge, tuple[str, bool] | None]] = {}
    waiting: list[tuple[Edge, tuple[str, bool] | None]] = [(edge, None) for edge in around[start]]
    for edge, before in waiting:
        state = edge.target, edge.at_target is End.ARROW
        if state in came:
            continue
        came[state] = edge, before
        if edge.target == end:
            way = [edge]
            while before is not None:
                edge, before = came[before]
                way.append(edge)
            return tuple(reversed(way))
        waiting += [(after, state) for after in around[edge.target] if _passes(edge, after, known, opened)]
    raise LookupError(f"{start} and {end} are separated")


def _passes(before: Edge, after: Edge, known: set[str], opened: set[str]) -> bool:
    collider = before.at_target is End.ARROW and after.at_source is End.ARROW
    return before.target in opened if collider else before.target not in known


def _around(graph: Graph) -> dict[str, list[Edge]]:
    """The edges at each node, seen from it."""
    around: dict[str, list[Edge]] = {name: [] for name in graph.names}
    for edge in graph.edges:
        for name in edge.pair:
            around[name].append(edge.seen_from(name))
    return around


def _simple(
    around: dict[str, list[Edge]], start: str, end: str, fuse: Fuse | None
) -> Iterator[tuple[Edge, ...]]:
    """Paths without repeated nodes by length: depth first up to a bound that grows, led by the distance to the end."""
    far = _distances(around, end)
    if start not in far:
        return
    for bound in range(far[start], len(around)):
        beyond = False
        stack: list[tuple[str, tuple[Edge, ...]]] = [(start, ())]
        while stack:
            if fuse is not None:
                fuse.check()
            name, way = stack.pop()
            if name == end:
                if len(way) == bound:
                    yield way
                continue
            met = {start, *(edge.target for edge in way)}
            for edge in reversed(around[name]):
                if edge.target in met:
                    continue
                if len(way) + 1 + far[edge.target] <= bound:
                    stack.append((edge.target, (*way, edge)))
                else:
                    beyond = True
        if not beyond:
            return


def _distances(around: dict[str, list[Edge]], end: str) -> dict[str, int]:
    far = {end: 0}
    waiting = [end]
    for name in waiting:
        for edge in around[name]:
            if edge.target not in far:
                far[edge.target] = far[name] + 1
                waiting.append(edge.target)
    return far
