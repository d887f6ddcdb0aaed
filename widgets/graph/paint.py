"""Painting of a whole graph: one drawing for canvas, export and command line."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from engines.graph.graph import Graph
from widgets.graph.edges import EdgePainter
from widgets.graph.geometry import Geometry
from widgets.graph.nodes import STUB, NodePainter
from widgets.graph.values import NodeState, Showing
from widgets.theme import Theme

_ASIDE, _ABOVE = 12.0, STUB + 12.0


class Level(IntEnum):
    """How much of a node is drawn at a zoom."""

    DOT = 0
    NAME = 1
    FULL = 2

    @staticmethod
    def at(zoom: float) -> Level:
        return Level.FULL if zoom >= 0.6 else Level.NAME if zoom >= 0.3 else Level.DOT


def paint_graph(
    painter: QPainter,
    graph: Graph,
    states: Mapping[str, NodeState],
    theme: Theme,
    rect: QRectF,
    *,
    showing: Showing | None = None,
    largest: float = 1.0,
) -> None:
    """Paint a graph centred in a rectangle, as large as it fits and at most `largest` times its own size.

    Everything is drawn in full whatever the zoom. The ground is left as it is: exports fill it with `theme.paper`
    and pass the light theme. `showing` adds do view, comparison, knowledge, paths and the like.
    """
    showing = (showing or Showing()).with_(states=states)
    geometry = Geometry(graph, showing, theme)
    whole = with_margin(geometry.bounds())
    if whole.isEmpty():
        return
    zoom = min(rect.width() / whole.width(), rect.height() / whole.height(), largest)
    painter.save()
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    painter.translate(rect.center())
    painter.scale(zoom, zoom)
    painter.translate(-whole.center())
    edges = EdgePainter(geometry, showing, theme)
    edges.paint(painter, range(len(graph.edges)), detail=True)
    edges.paint_absent(painter, detail=True)
    NodePainter(geometry, showing, theme).paint(painter, graph.names, detail=True)
    painter.restore()


def graph_size(graph: Graph, states: Mapping[str, NodeState], theme: Theme) -> tuple[float, float]:
    """Width and height that a graph takes at 100 %, with its margin, px."""
    whole = with_margin(Geometry(graph, Showing(states=states), theme).bounds())
    return whole.width(), whole.height()


def with_margin(bounds: QRectF) -> QRectF:
    """Bounds of nodes and edges, with room for selection rings and noise marks; empty stays empty."""
    return bounds if bounds.isEmpty() else bounds.adjusted(-_ASIDE, -_ABOVE, _ASIDE, _ASIDE)
