"""What the hand can do to a graph, as functions from graph to graph, each with the sentence of its undo step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from engines.graph.graph import Edge, End, Graph, Mark, Node
from engines.refusals import Refusal

REVERSE, HIDDEN_CAUSE, LEAVE = "Reverse it", "Make it bidirected", "Do not add"


class Edit(NamedTuple):
    """A wished graph and the name of the step, as "Add edge a → b"."""

    graph: Graph
    sentence: str


class Cycle(NamedTuple):
    """An edge that is refused because it closes a cycle; `names` are its nodes, the first repeated at the end."""

    names: tuple[str, ...]
    edge: Edge

    def refusal(self) -> Refusal:
        """The refusal with its ways out."""
        return Refusal(
            f"The edge {shown(self.edge)} closes a cycle: {', '.join(self.names)}.",
            offers=(REVERSE, HIDDEN_CAUSE, LEAVE), about=self.names,
        )


def way_out(graph: Graph, edge: Edge, offer: str) -> Edit | None:
    """What an offer of a refused edge leads to; None for leaving it."""
    if offer == REVERSE:
        other = edge.reversed()
    elif offer == HIDDEN_CAUSE:
        other = replace(edge, at_source=End.ARROW, at_target=End.ARROW)
    else:
        return None
    return Edit(graph.with_edge(other), f"Add edge {shown(other)}")


def shown(edge: Edge) -> str:
    """An edge in words: a → b, a ↔ b, a – b, a o→ b."""
    left = {End.TAIL: "", End.ARROW: "←", End.CIRCLE: "o"}[edge.at_source]
    right = {End.TAIL: "", End.ARROW: "→", End.CIRCLE: "o"}[edge.at_target]
    middle = {("", ""): "–", ("←", "→"): "↔", ("o", "o"): "o–o", ("", "o"): "–o", ("o", ""): "o–"}
    return f"{edge.source} {middle.get((left, right), left + right)} {edge.target}"


def add_node(graph: Graph, position: tuple[float, float]) -> Edit:
    """A new node with a name that is still free."""
    name = free_name(graph)
    return Edit(graph.with_node(Node(name, position=position)), f"Add node {name}")


def free_name(graph: Graph, stem: str = "variable") -> str:
    """`stem`, or `stem` with the first number that is free."""
    name, number = stem, 2
    while name in graph:
        name, number = f"{stem} {number}", number + 1
    return name


def join(graph: Graph, edge: Edge) -> Edit | Cycle | None:
    """An edge added, or the one between the two replaced; None where it is there already."""
    for old in graph.edges:
        if _same(old, edge):
            return None
    replaced = graph.with_edge(edge)
    cycle = closed_by(replaced, edge)
    return cycle or Edit(replaced, f"Add edge {shown(edge)}")


def closed_by(graph: Graph, edge: Edge) -> Cycle | None:
    """The cycle that an edge of the graph closes: the shortest way back from its effect to its cause."""
    if edge.directed:
        cause, effect = edge.pair
    elif edge.at_source is End.ARROW and edge.at_target is End.TAIL:
        effect, cause = edge.pair
    else:
        return None
    came: dict[str, str] = {}
    waiting = [effect]
    for name in waiting:
        for child in graph.children(name):
            if child != effect and child not in came:
                came[child] = name
                waiting.append(child)
    if cause not in came:
        return None
    way = [cause]
    while way[-1] != effect:
        way.append(came[way[-1]])
    return Cycle((*reversed(way), effect), edge)


def turn_end(graph: Graph, i: int, *, at_target: bool) -> Edit | Cycle:
    """The next mark at one end of the edge with index i: tail, arrow, circle, tail."""
    following = {End.TAIL: End.ARROW, End.ARROW: End.CIRCLE, End.CIRCLE: End.TAIL}
    old = graph.edges[i]
    new = (
        replace(old, at_target=following[old.at_target])
        if at_target
        else replace(old, at_source=following[old.at_source])
    )
    rest = tuple(e for k, e in enumerate(graph.edges) if k != i)
    if any(frozenset(e.pair) == frozenset(new.pair) and e.bidirected is new.bidirected for e in rest):
        new = replace(new, at_target=End.CIRCLE) if at_target else replace(new, at_source=End.CIRCLE)
    turned = Graph(graph.nodes, (*graph.edges[:i], new, *graph.edges[i + 1:]))
    end = new.target if at_target else new.source
    seen = new.seen_from(new.target) if new.at_source is End.ARROW and new.at_target is End.TAIL else new
    return closed_by(turned, new) or Edit(turned, f"Turn the end at {end}: {shown(seen)}")


_EXCLUDE: Mapping[Mark, frozenset[Mark]] = {
    Mark.EXPOSURE: frozenset({Mark.OUTCOME, Mark.ADJUSTED}),
    Mark.OUTCOME: frozenset({Mark.EXPOSURE, Mark.ADJUSTED}),
    Mark.ADJUSTED: frozenset({Mark.EXPOSURE, Mark.OUTCOME, Mark.LATENT, Mark.SELECTED}),
    Mark.LATENT: frozenset({Mark.ADJUSTED, Mark.SELECTED}),
    Mark.SELECTED: frozenset({Mark.ADJUSTED, Mark.LATENT}),
    Mark.INTERVENED: frozenset(),
}


def toggle_mark(graph: Graph, names: Iterable[str], mark: Mark) -> Edit:
    """The mark put on all the nodes, or taken off where all have it; marks that contradict it go."""
    nodes = [graph.node(name) for name in names]
    off = all(mark in node.marks for node in nodes)
    marked = {
        n.name: replace(n, marks=n.marks - {mark} if off else n.marks - _EXCLUDE[mark] | {mark}) for n in nodes
    }
    verb = "Unmark" if off else "Mark"
    wished = replace(graph, nodes=tuple(marked.get(n.name, n) for n in graph.nodes))
    return Edit(wished, f"{verb} {together(tuple(marked))} as {mark}")


def toggle_pin(graph: Graph, names: Iterable[str]) -> Edit:
    """The nodes pinned where they are, or let go where all of them are pinned."""
    chosen = tuple(names)
    off = all(graph.node(name).pinned for name in chosen)
    nodes = tuple(replace(n, pinned=not off) if n.name in chosen else n for n in graph.nodes)
    return Edit(replace(graph, nodes=nodes), f"{'Unpin' if off else 'Pin'} {together(chosen)}")


def rename(graph: Graph, old: str, new: str) -> Edit | None:
    """A node renamed; None if nothing changes.

    Raises:
        Refusal: when the name is empty or taken.
    """
    new = " ".join(new.split())
    if new == old:
        return None
    if not new:
        raise Refusal("A node needs a name.", about=(old,))
    if new in graph:
        raise Refusal(f"There is a node {new} already.", "Choose another name.", about=(new,))
    return Edit(graph.renamed(old, new), f"Rename {old} to {new}")


def delete_nodes(graph: Graph, names: Iterable[str]) -> Edit:
    """Nodes removed with their edges."""
    gone = tuple(names)
    return Edit(
        Graph(
            tuple(n for n in graph.nodes if n.name not in gone),
            tuple(e for e in graph.edges if not set(e.pair) & set(gone)),
        ),
        f"Delete {together(gone)}",
    )


def delete_edge(graph: Graph, i: int) -> Edit:
    """The edge with index i removed."""
    edges = graph.edges
    return Edit(Graph(graph.nodes, (*edges[:i], *edges[i + 1:])), f"Delete edge {shown(edges[i])}")


def move(graph: Graph, positions: Mapping[str, tuple[float, float]]) -> Edit:
    """Nodes moved to new centres."""
    return Edit(graph.placed(positions), f"Move {together(tuple(positions))}")


def together(names: tuple[str, ...]) -> str:
    """One name, or how many there are."""
    return names[0] if len(names) == 1 else f"{len(names)} nodes"


def _same(old: Edge, new: Edge) -> bool:
    if frozenset(old.pair) != frozenset(new.pair):
        return False
    seen = old.seen_from(new.source)
    return (seen.at_source, seen.at_target) == (new.at_source, new.at_target)
