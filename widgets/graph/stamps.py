"""Many small pictures in one call: what a graph is made of when it is seen from afar."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from pyqtgraph.Qt.internals import PrimitiveArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap, QPolygonF, QTransform

TURNS = 96
"""Directions in which arrow heads are kept."""


def stamp(painter: QPainter, picture: QPixmap, centres: np.ndarray, columns: np.ndarray | None = None) -> None:
    """Put a picture at each of many places of the scene, at its own size on the screen.

    Args:
        painter: In scene coordinates.
        picture: One square tile, or a row of them. Its pixels are those of the device.
        centres: (m, 2) scene coordinates.
        columns: (m,) which tile of the row; None: the first.
    """
    if not len(centres):
        return
    side, ratio = picture.height(), _ratio(painter)
    fragments = PrimitiveArray(QPainter.PixmapFragment, 10)
    fragments.resize(len(centres))
    table = fragments.ndarray()         # x, y, left, top, width, height, scale x and y, rotation, opacity
    table[:, :2] = _mapped(painter.worldTransform(), centres)
    table[:, 2] = 0 if columns is None else side * columns
    table[:, 3:] = (0, side, side, 1 / ratio, 1 / ratio, 0, 1)
    painter.save()
    painter.resetTransform()
    painter.drawPixmapFragments(*fragments.drawargs(), picture)  # type: ignore[call-arg]   # counted, as Qt has it
    painter.restore()


def stamp_heads(painter: QPainter, tips: np.ndarray, into: np.ndarray, colour: QColor, length: float) -> None:
    """Arrow heads at `tips` (m, 2), looking along the unit vectors `into` (m, 2); `length` in px of the screen."""
    turn = np.rint(np.arctan2(into[:, 1], into[:, 0]) / (2 * math.pi) * TURNS).astype(int) % TURNS
    stamp(painter, _heads(colour.rgba(), length, _ratio(painter)), tips, turn)


@lru_cache(maxsize=64)
def _heads(colour: int, length: float, ratio: float) -> QPixmap:
    """A head in each direction, the tip in the middle of its tile."""
    side = math.ceil(2 * (length + 1) * ratio)
    pixmap = QPixmap(side * TURNS, side)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor.fromRgba(colour))
    head = QPolygonF([QPointF(0, 0), QPointF(-length, 0.4 * length), QPointF(-length, -0.4 * length)])
    for turn in range(TURNS):
        painter.resetTransform()
        painter.translate(side * (turn + 0.5), side / 2)
        painter.scale(ratio, ratio)
        painter.rotate(360 * turn / TURNS)
        painter.drawConvexPolygon(head)
    painter.end()
    return pixmap


def _ratio(painter: QPainter) -> float:
    device = painter.device()
    return device.devicePixelRatioF() if device is not None else 1.0


def _mapped(transform: QTransform, places: np.ndarray) -> np.ndarray:
    matrix = np.array([[transform.m11(), transform.m12()], [transform.m21(), transform.m22()]])
    return places @ matrix + (transform.dx(), transform.dy())
