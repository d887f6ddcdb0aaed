"""Paint times of a drag over 500 nodes and 1,500 edges: our canvas beside a plain QGraphicsScene, in the same run.

Run it by hand: `QT_QPA_PLATFORM=offscreen python tests/benchmarks/graph_canvas.py`. Times are those of the raster
engine, CPU and wall, a frame each; both views have the same size, the same graph and all of it in view. The plain scene
has an item for every node and edge and is drawn twice: with the full look of each, and with the same reduced look that
the canvas has at this zoom (dots and straight lines), which flatters it.
"""

from __future__ import annotations

import os
import platform
import random
import time
from collections.abc import Callable

import numpy as np
from asked import Figure, tell
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import (
    QApplication,
    QGraphicsEllipseItem,
    QGraphicsItem,
    QGraphicsLineItem,
    QGraphicsPathItem,
    QGraphicsScene,
    QGraphicsSimpleTextItem,
    QGraphicsView,
)

from engines.graph import layout
from engines.graph.graph import Edge, Graph, Node
from widgets.graph.canvas import GraphCanvas
from widgets.theme import Theme, appearance

NODES, EDGES, FRAMES = 500, 1500, 120
WIDTH, HEIGHT = 1200, 800


def random_graph() -> Graph:
    """500 nodes on a grid, 1,500 edges to near ones."""
    rng = random.Random(4)
    names = [f"v{i}" for i in range(NODES)]
    pairs: set[tuple[str, str]] = set()
    while len(pairs) < EDGES:
        i = rng.randrange(NODES - 1)
        j = min(NODES - 1, i + 1 + int(rng.expovariate(1 / 30)))
        pairs.add((names[i], names[j]))
    nodes = tuple(Node(n, position=(200.0 * (i // 20), 100.0 * (i % 20))) for i, n in enumerate(names))
    return Graph(nodes, tuple(Edge(a, b) for a, b in sorted(pairs)))


class PlainScene:
    """An item for each node and edge, moved as a plain scene moves them."""

    def __init__(self, graph: Graph, theme: Theme, *, reduced: bool) -> None:
        self.view = QGraphicsView()
        self.view.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.view.resize(WIDTH, HEIGHT)
        scene = QGraphicsScene(self.view)
        self.view.setScene(scene)
        self._graph, self._reduced = graph, reduced
        self._items: dict[str, QGraphicsItem] = {}
        self._lines: list[QGraphicsItem] = []
        pen = QPen(theme.t2, 1.5)
        for _ in graph.edges:
            if reduced:
                thin = QPen(theme.t3, 1)
                thin.setCosmetic(True)
                line: QGraphicsItem = QGraphicsLineItem()
                line.setPen(thin)
            else:
                line = QGraphicsPathItem()
                line.setPen(pen)
            scene.addItem(line)
            self._lines.append(line)
        for node in graph.nodes:
            self._items[node.name] = self._node(node, theme)
            scene.addItem(self._items[node.name])
        self._hanging: dict[str, list[int]] = {n: [] for n in graph.names}
        for i, edge in enumerate(graph.edges):
            self._hanging[edge.source].append(i)
            self._hanging[edge.target].append(i)
            self._draw(i)
        self.view.fitInView(scene.itemsBoundingRect(), Qt.AspectRatioMode.KeepAspectRatio)

    def _node(self, node: Node, theme: Theme) -> QGraphicsItem:
        if self._reduced:
            item: QGraphicsItem = QGraphicsEllipseItem(-16, -16, 32, 32)
        else:
            path = QPainterPath()
            path.addRoundedRect(QRectF(-70, -29, 140, 58), 8, 8)
            item = QGraphicsPathItem(path)
            text = QGraphicsSimpleTextItem(node.name, item)
            text.setPos(-58, -20)
        item.setPen(QPen(theme.strong, 1))
        item.setBrush(theme.bg1)
        item.setPos(*node.position)
        return item

    def _draw(self, i: int) -> None:
        edge = self._graph.edges[i]
        a, b = self._items[edge.source].pos(), self._items[edge.target].pos()
        if self._reduced:
            self._lines[i].setLine(QLineF(a, b))
            return
        path = QPainterPath(a + QPointF(74, 0))
        path.cubicTo(a + QPointF(130, 0), b - QPointF(130, 0), b - QPointF(74, 0))
        head = b - QPointF(74, 0)
        path.lineTo(head + QPointF(-9, -4))
        path.lineTo(head + QPointF(-9, 4))
        path.lineTo(head)
        self._lines[i].setPath(path)

    def move(self, name: str, x: float, y: float) -> None:
        self._items[name].setPos(x, y)
        for i in self._hanging[name]:
            self._draw(i)


def frames(view: QGraphicsView, move: Callable[[int], None]) -> tuple[np.ndarray, np.ndarray]:
    """CPU and wall milliseconds of each frame: the move and the whole repaint that follows it."""
    target = QPixmap(view.viewport().size())
    cpu, wall = [], []
    for k in range(FRAMES):
        c, w = time.process_time(), time.perf_counter()
        move(k)
        view.viewport().render(target)
        cpu.append((time.process_time() - c) * 1e3)
        wall.append((time.perf_counter() - w) * 1e3)
    return np.array(cpu), np.array(wall)


def main() -> None:
    app = QApplication.instance() or QApplication([])
    appearance().install(app)
    theme = Theme.current()
    graph = random_graph()
    name = "v250"
    x, y = graph.node(name).position
    rows = []
    for label, reduced in (("plain scene, full look", False), ("plain scene, reduced look", True)):
        plain = PlainScene(graph, theme, reduced=reduced)
        plain.view.show()
        rows.append((label, *frames(plain.view, lambda k, p=plain: p.move(name, x + 8 * (k % 40), y + 4 * (k % 25)))))
    canvas = GraphCanvas()
    canvas.resize(WIDTH, HEIGHT)
    canvas.set_graph(graph)
    canvas.show()
    canvas.fit()
    drag = frames(canvas, lambda k: canvas.drag_to({name: (x + 8 * (k % 40), y + 4 * (k % 25))}))
    rows.append((f"canvas, drag, zoom {canvas.zoom():.2f}", *drag))
    rows.append(("canvas, pan", *frames(canvas, lambda k: canvas.pan(2 if k % 2 else -2, 1))))
    rows.append(("canvas, zoom", *frames(canvas, lambda k: canvas.zoom_by(1.02 if k % 2 else 1 / 1.02))))
    canvas.zoom_by(0.5 / canvas.zoom())
    rows.append(("canvas, pan, names", *frames(canvas, lambda k: canvas.pan(2 if k % 2 else -2, 1))))
    canvas.zoom_by(0.7 / canvas.zoom())
    rows.append(("canvas, pan, in full", *frames(canvas, lambda k: canvas.pan(2 if k % 2 else -2, 1))))

    machine = f"{os.cpu_count()} cores, {platform.machine()}, one thread"
    print(f"{NODES} nodes, {EDGES} edges, {WIDTH} x {HEIGHT}, raster engine, {machine}")
    print(f"{'ms a frame':28} {'CPU p50':>9} {'p95':>8} {'wall p50':>9} {'p95':>8}")
    for label, cpu, wall in rows:
        print(
            f"{label:28} {np.median(cpu):9.1f} {np.percentile(cpu, 95):8.1f}"
            f" {np.median(wall):9.1f} {np.percentile(wall, 95):8.1f}"
        )
    ours = np.percentile(rows[2][1], 95)
    for label, cpu, _ in rows[:2]:
        ratio = ours / np.percentile(cpu, 95)
        print(f"canvas drag / {label}: {ratio:.2f} at the 95th percentile, CPU (asked: at most 0.33)")

    start = time.process_time()
    layout.layered(graph)
    tell(
        Figure("canvas, 500 nodes: drag frame over a plain scene's, 95th percentile, CPU",
               float(ours / np.percentile(rows[1][1], 95)), "x", most=1 / 3),
        *(
            Figure(f"canvas, 500 nodes: {label.removeprefix('canvas, ').split(',')[0]} frame, 95th percentile, CPU",
                   float(np.percentile(cpu, 95)), "ms", most=16)
            for label, cpu, _ in rows[2:5]
        ),
        Figure("layered layout of 500 nodes, CPU", time.process_time() - start, "s", most=1),
    )


if __name__ == "__main__":
    main()
