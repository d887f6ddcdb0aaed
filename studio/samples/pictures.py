"""What the sample cards show: a real picture of the data, or the known graph."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap

from engines.graph import formats, layout
from studio.samples.samples import Sample
from widgets.kit.sample_card import Drawing
from widgets.theme import Theme


def picture_of(sample: Sample) -> QPixmap | Drawing | None:
    """The sample's own picture, or its known graph."""
    if sample.picture is not None:
        return QPixmap(str(sample.picture))
    if sample.truth is not None:
        graph = formats.read(sample.truth)
        places = layout.layered(graph)
        return lambda painter, box, theme: _draw_graph(painter, box, theme, places, [e.pair for e in graph.edges])
    return None


def _draw_graph(
    painter: QPainter, box: QRectF, theme: Theme, places: dict[str, tuple[float, float]], edges: list[tuple[str, str]]
) -> None:
    xs, ys = [x for x, _ in places.values()], [y for _, y in places.values()]
    inner = box.adjusted(24, 18, -24, -18)

    def at(name: str) -> QPointF:
        x, y = places[name]
        return QPointF(
            inner.left() + inner.width() * (x - min(xs)) / max(max(xs) - min(xs), 1),
            inner.top() + inner.height() * (y - min(ys)) / max(max(ys) - min(ys), 1),
        )

    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.t3, 1))
    for a, b in edges:
        painter.drawLine(at(a), at(b))
    painter.setPen(QPen(theme.t1, 1.4))
    painter.setBrush(theme.bg1)
    for name in places:
        painter.drawEllipse(at(name), 5, 5)
    painter.setBrush(Qt.BrushStyle.NoBrush)
