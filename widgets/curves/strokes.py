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
_OFFSETS = ((-0.5, -0.5), (0.5, -0.5), (-0.5, 0.5), (0.5, 0.5))
_COARSE_OFFSETS = ((-0.5, -0.5), (0.5, 0.5))


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

    On a screen a line of 2 px is four of 1 px, half a pixel apart: a twentieth of the time of Qt's wide stroker and the
    same picture. Vector files get one line of the true width.
    """
    vector = painter.paintEngine().type() in _VECTOR
    thin = width <= 1 or vector
    pen = QPen(colour, width if vector else 1)
    pen.setCosmetic(not vector)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap if dash else Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    if dash:
        pen.setDashPattern([length / (width if vector else 1) for length in dash])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, not coarse)
    reach = width - 1
    for dx, dy in ((0.0, 0.0),) if thin else (_COARSE_OFFSETS if coarse else _OFFSETS):
        painter.translate(QPointF(dx * reach, dy * reach))
        for part in parts:
            painter.drawPolyline(part)
        painter.translate(QPointF(-dx * reach, -dy * reach))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
