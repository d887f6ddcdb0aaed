"""What stands still while nodes are dragged, kept as pictures so that a frame costs only what moves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from widgets.theme import Theme

if TYPE_CHECKING:
    from widgets.graph.canvas import GraphCanvas


class Layers:
    """What stands still while nodes are dragged, painted once: edges below, nodes above, the moving ones between."""

    def __init__(self, names: frozenset[str], edges: frozenset[int]) -> None:
        self._names, self._edges = names, edges
        self._below: QPixmap | None = None
        self._above: QPixmap | None = None

    def paint(self, painter: QPainter, canvas: GraphCanvas) -> None:
        """Paint the canvas's graph in its present state."""
        graph = canvas.graph()
        if self._below is None or self._above is None:
            edges = [i for i in range(len(graph.edges)) if i not in self._edges]
            names = [name for name in graph.names if name not in self._names]
            ground = Theme.current().bg1            # opaque, so that laying it down is a copy
            with _layer(canvas, ground) as (self._below, layer):
                canvas.drawBackground(layer, canvas.mapToScene(canvas.viewport().rect()).boundingRect())
                canvas.paint_edges(layer, edges)
                canvas.paint_absent_edges(layer)
            with _layer(canvas, QColor(Qt.GlobalColor.transparent)) as (self._above, layer):
                canvas.paint_nodes(layer, names)
        _put(painter, self._below)
        canvas.paint_edges(painter, sorted(self._edges))
        _put(painter, self._above)
        canvas.paint_nodes(painter, [name for name in graph.names if name in self._names])


@contextmanager
def _layer(canvas: GraphCanvas, ground: QColor) -> Iterator[tuple[QPixmap, QPainter]]:
    """A pixmap as large as the viewport, and a painter on it in scene coordinates."""
    ratio = canvas.devicePixelRatioF()
    pixmap = QPixmap(canvas.viewport().size() * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(ground)
    painter = QPainter(pixmap)
    painter.setRenderHints(canvas.renderHints())
    painter.setTransform(canvas.viewportTransform())
    yield pixmap, painter
    painter.end()


def _put(painter: QPainter, layer: QPixmap) -> None:
    painter.save()
    painter.resetTransform()
    painter.drawPixmap(0, 0, layer)
    painter.restore()
