"""Where a hedge runs in the graph as it was drawn: its edges may lead through latent nodes."""

from __future__ import annotations

from engines.graph.do_calculus.hedge import Hedge
from engines.graph.graph import Edge, End, Graph, Mark
from engines.graph.separation import Path, open_path


def ways(graph: Graph, hedge: Hedge) -> tuple[Path, ...]:
    """For each edge of the larger forest the way by which the drawn graph has it, latent nodes in between."""
    latent = {node.name for node in graph.nodes if Mark.LATENT in node.marks}
    found = (_way(graph, edge, latent) for edge in hedge.larger.edges)
    return tuple(way for way in found if way is not None)


def _way(graph: Graph, edge: Edge, latent: set[str]) -> Path | None:
    """Through latent nodes: an arrow at the second end, and at the first one as well for a hidden cause."""
    inside = latent | set(edge.pair)
    kept = tuple(e for e in graph.edges if set(e.pair) <= inside and _fits(e, edge))
    part = Graph(tuple(node for node in graph.nodes if node.name in inside), kept)
    return open_path(part, edge.source, edge.target)


def _fits(drawn: Edge, edge: Edge) -> bool:
    """Whether a drawn edge may be part of the way: its ends at the two nodes are those of the edge."""
    for name, end in ((edge.source, edge.at_source), (edge.target, End.ARROW)):
        if name in drawn.pair and drawn.seen_from(name).at_source is not end:
            return False
    return edge.bidirected or not drawn.bidirected
