"""Nodes copied and put in again, with the edges between them, as JSON on the clipboard."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace

from engines.graph.graph import Edge, Graph
from engines.refusals import Refusal
from widgets.graph.edits import Edit, free_name, together

_SHIFT = 40.0           # px; a copy lies beside its original


def copied(graph: Graph, names: Iterable[str]) -> str:
    """The nodes and what joins them, as text."""
    chosen = set(names)
    part = Graph(
        tuple(n for n in graph.nodes if n.name in chosen), tuple(e for e in graph.edges if set(e.pair) <= chosen)
    )
    return json.dumps(part.to_json(), ensure_ascii=False)


def pasted(graph: Graph, text: str) -> tuple[Edit, tuple[str, ...]] | None:
    """The nodes of such a text added under names that are free, and these names; None where it is no graph."""
    try:
        part = Graph.from_json(json.loads(text))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, Refusal):
        return None
    if not part.nodes:
        return None
    new: dict[str, str] = {}
    whole = graph
    for node in part.nodes:
        name = new[node.name] = free_name(whole, node.name)
        place = None if node.position is None else (node.position[0] + _SHIFT, node.position[1] + _SHIFT)
        whole = whole.with_node(replace(node, name=name, position=place))
    for edge in part.edges:
        ends: Edge = replace(edge, source=new[edge.source], target=new[edge.target])
        whole = whole.with_edge(ends)
    return Edit(whole, f"Paste {together(tuple(new.values()))}"), tuple(new.values())
