"""Layouts by name, and what they leave alone: nodes that are pinned."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from statistics import median

from engines.graph import layout
from engines.graph.force import force
from engines.graph.graph import Graph
from engines.graph.layout import GRID, NODE, Positions, Sizes


class Layout(StrEnum):
    """A way to place the nodes of a graph."""

    LAYERED = "layered"
    TIERS = "tiers"
    FORCE = "force"
    CIRCLE = "circle"


def arranged(
    how: Layout, graph: Graph, sizes: Sizes | None = None, tiers: Sequence[Iterable[str]] = ()
) -> Positions:
    """Positions of all nodes. Pinned ones stay; the others are laid out round them.

    Args:
        tiers: For `TIERS`: names tier by tier.
    """
    sizes = sizes or {}
    held = {n.name: n.position for n in graph.nodes if n.pinned and n.position is not None}
    match how:
        case Layout.FORCE:
            return force(graph, sizes, held)
        case Layout.LAYERED:
            places = layout.layered(graph, sizes)
        case Layout.TIERS:
            places = layout.tiered(graph, [tuple(tier) for tier in tiers], sizes)
        case Layout.CIRCLE:
            places = layout.circle(graph, sizes)
    return _round_held(places, held, sizes) if held else places


def _round_held(places: Positions, held: Positions, sizes: Sizes) -> Positions:
    """The whole moved to where most of the held nodes are; what then lies on one of them makes way downwards."""
    dx = median(x - places[name][0] for name, (x, _) in held.items())
    dy = median(y - places[name][1] for name, (_, y) in held.items())
    taken: Positions = dict(held)
    for name, (x, y) in places.items():
        if name not in held:
            x, y = round((x + dx) / GRID) * GRID, round((y + dy) / GRID) * GRID
            while any(_overlap(sizes, name, (x, y), other, there) for other, there in taken.items()):
                y += GRID
            taken[name] = (float(x), float(y))
    return taken


def _overlap(sizes: Sizes, a: str, at: tuple[float, float], b: str, there: tuple[float, float]) -> bool:
    (wide_a, high_a), (wide_b, high_b) = sizes.get(a, NODE), sizes.get(b, NODE)
    across, down = abs(at[0] - there[0]), abs(at[1] - there[1])
    return across < (wide_a + wide_b) / 2 + GRID and down < (high_a + high_b) / 2 + GRID
