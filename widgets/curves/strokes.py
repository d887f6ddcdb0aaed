"""Lines of many points, quickly: polygons filled from arrays, and strokes 2 px wide from strokes of 1 px."""

from __future__ import annotations

from typing import Any

import numpy as np
import shiboken6
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPaintEngine, QPainter, QPen, QPolygonF

from widgets.curves.smoothing import finite_runs
from widgets.curves.thinning import Thinned

Array = NDArray[np.float64]

_VECTOR = (QPaintEngine.Type.SVG, QPaintEngine.Type.Pdf, QPaintEngine.Type.Picture)
_FEW = 2000
"""So many points can be stroked in their true width without anyone waiting."""


def polygon(x: Array, y: Array) -> QPolygonF:
    """The points (n,) as a polygon, without a Python object each."""
    points = QPolygonF()
    points.resize(len(x))
    if len(x):
        memory: Any = shiboken6.VoidPtr(points.data(), 16 * len(x), True)      # type: ignore[call-arg, arg-type]
        target = np.frombuffer(memory, dtype=np.float64).reshape(-1, 2)
        target[:, 0], target[:, 1] = x, y
    return points


def polygons(x: Array, y: Array) -> list[QPolygonF]:
    """One polygon for each stretch without gaps; a single point becomes a dot of half a pixel."""
    parts = []
    for start, end in finite_runs(x + y):
        if end - start == 1:
            parts.append(polygon(np.array([x[start] - 0.5, x[start] + 0.5]), np.array([y[start]] * 2)))
        else:
            parts.append(polygon(x[start:end], y[start:end]))
    return parts


def zigzag(points: Thinned, x: Array, low: Array, high: Array) -> tuple[Array, Array]:
    """Pixels of a line through least and greatest of each column; one point where the two are within a pixel's half."""
    if points.packed == 1.0:
        return x, low
    xs, ys = np.repeat(x, 2), np.empty(2 * len(x))
    ys[0::2], ys[1::2] = low, high
    flat = np.abs(high - low) < 0.5
    if not flat.any():
        return xs, ys
    ys[0::2][flat] = (low + high)[flat] / 2
    keep = np.ones(len(xs), dtype=bool)
    keep[1::2] = ~flat
    return xs[keep], ys[keep]


def stroke(
    painter: QPainter, parts: list[QPolygonF], colour: QColor, width: float, dash: tuple[float, ...], *,
    coarse: bool = False,
) -> None:
    """Draw a line that may have gaps; `coarse` is quick and rough.

    A long line on a screen is drawn as hairlines side by side: a tenth of the time of Qt's wide strokes and the same
    picture. Vector files, and lines of few points where the screen is finer than one pixel a px, get the true width.
    """
    vector = painter.paintEngine().type() in _VECTOR
    ratio = 1.0 if vector else painter.device().devicePixelRatioF() * painter.worldTransform().m11()
    few = sum(part.size() for part in parts) <= _FEW
    wide = vector or (few and abs(ratio - 1) > 0.01)
    pen = QPen(colour, width if wide else 1)
    pen.setCosmetic(not wide)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap if dash else Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    if dash:
        pen.setDashPattern([length / (width if wide else 1 / ratio) for length in dash])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, not coarse)
    for dx, dy in [(0.0, 0.0)] if wide else offsets(width, ratio, coarse):
        painter.translate(QPointF(dx, dy))
        for part in parts:
            painter.drawPolyline(part)
        painter.translate(QPointF(-dx, -dy))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)


def offsets(width: float, ratio: float, coarse: bool) -> list[tuple[float, float]]:
    """Where hairlines of one device pixel lie that together are a line `width` px wide: along both diagonals.

    `ratio` is device pixels a px. Coarse lines make do with one diagonal.
    """
    count = max(round(width * ratio), 1)
    reach = [(index - (count - 1) / 2) / ratio for index in range(count)]
    if count == 1:
        return [(0.0, 0.0)]
    falling = [(step, step) for step in reach]
    return falling if coarse else falling + [(step, -step) for step in reach if step != 0]
