"""Nodes copied with the edges between them, as DAGitty's text on the clipboard, and graphs in any text put in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from engines.graph import formats
from engines.graph.formats.telling import told_by
from engines.graph.graph import Edge, Graph
from engines.graph.layout import spread
from widgets.graph.edits import Edit, free_name, together

_SHIFT = 40.0           # px; a copy lies beside its original


def copied(graph: Graph, names: Iterable[str]) -> str:
    """The nodes and what joins them, as text."""
    chosen = set(names)
    part = Graph(
        tuple(n for n in graph.nodes if n.name in chosen), tuple(e for e in graph.edges if set(e.pair) <= chosen)
    )
    return formats.compose(part, "copied.dagitty")


def pasted(graph: Graph, text: str) -> tuple[Edit, tuple[str, ...]] | None:
    """The nodes of a text added under names that are free, and these names; None where it is no graph.

    Raises:
        Refusal: when it begins like a graph and cannot be read, or has a cycle.
    """
    ending = told_by(text)
    if ending not in formats.FORMATS:
        return None
    part = spread(formats.parse(text, f"clipboard{ending}"))
    if not part.nodes:
        return None
    part.order()
    shift = _SHIFT if set(part.names) & set(graph.names) else 0.0
    new: dict[str, str] = {}
    whole = graph
    for node in part.nodes:
        name = new[node.name] = free_name(whole, node.name)
        place = None if node.position is None else (node.position[0] + shift, node.position[1] + shift)
        whole = whole.with_node(replace(node, name=name, position=place))
    for edge in part.edges:
        ends: Edge = replace(edge, source=new[edge.source], target=new[edge.target])
        whole = whole.with_edge(ends)
    return Edit(whole, f"Paste {together(tuple(new.values()))}"), tuple(new.values())
