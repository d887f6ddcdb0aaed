"""The graph in words, for screen readers and tooltips: the canvas as a list of nodes with their neighbours."""

from __future__ import annotations

from PySide6.QtCore import QPointF

from engines.graph.graph import Graph
from widgets.graph.edits import shown
from widgets.graph.geometry import Geometry
from widgets.graph.nodes import noise_centre
from widgets.graph.values import How, Showing


def describe_graph(graph: Graph, showing: Showing) -> tuple[str, str]:
    """Name and description of the whole canvas; the description has one line a node."""
    ready = len(showing.offered)
    name = f"Graph: {_count(len(graph.nodes) - ready, 'node')}, {_count(len(graph.edges), 'edge')}"
    name += f"; {_count(ready, 'column')} ready" if ready else ""
    return name, "\n".join(describe_node(graph, showing, node) for node in graph.names)


def describe_node(graph: Graph, showing: Showing, name: str) -> str:
    """One node, as "intensity, follows thickness, 232, up 101; parents: thickness; children: image"."""
    if name in showing.offered:
        return f"{name}, lies ready; Enter adds it"
    state = showing.state(name)
    node = graph.node(name)
    parts = [name, *sorted(str(mark) for mark in node.marks), *(("pinned",) if node.pinned else ())]
    if showing.lit is not None and showing.lit.alarm and name in showing.lit:
        parts.append("part of what stands in the way")
    match state.how:
        case How.SET:
            parts.append("set by you")
        case How.FOLLOWS:
            causes = [n for n in graph.ancestors(name) if showing.is_set(n)]
            parts.append(f"follows {' and '.join(causes)}" if causes else "follows")
        case How.UNAFFECTED:
            parts.append("not affected")
    if state.counterfactual or state.value:
        parts.append(state.counterfactual or state.value)
    if state.change:
        direction = {"+": "up ", "−": "down ", "-": "down "}.get(state.change[0], "")
        parts.append(direction + state.change[1:] if direction else state.change)
    return "; ".join(filter(None, (", ".join(parts), *_neighbours(graph, name))))


def tip(geometry: Geometry, showing: Showing, at: QPointF) -> str:
    """What there is to say about a point of the scene: a noise mark's value, a node, an edge; empty on the ground."""
    for name, box in geometry.boxes.items():
        noise = showing.state(name).noise
        if showing.do_view and noise is not None and (noise_centre(box) - at).manhattanLength() <= 12:
            return f"noise of {name}: {noise}" if noise else f"noise of {name}"
    node = geometry.node_at(at.x(), at.y())
    if node is not None:
        return describe_node(geometry.graph, showing, node)
    i = geometry.edge_at(at.x(), at.y())
    if i is None:
        return ""
    edge = geometry.graph.edges[i]
    weight = "" if edge.weight is None else f", weight {edge.weight:.3g}".replace("-", "−")
    often = "" if edge.frequency is None else f", in {edge.frequency:.0%} of the fits"
    return shown(edge) + weight + often


def _neighbours(graph: Graph, name: str) -> list[str]:
    parents, children = graph.parents(name), graph.children(name)
    others = [
        shown(e) for e in graph.edges
        if name in e.pair and not {e.source, e.target} - {name} & {*parents, *children}
    ]
    listed = (("parents", parents), ("children", children), ("other edges", others))
    return [f"{word}: {', '.join(names)}" for word, names in listed if names]


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}" + ("" if number == 1 else "s")
