"""The small histogram over grooves and in column heads."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter


def paint_histogram(
    painter: QPainter, box: QRectF, counts: Sequence[float], colour: QColor, gap: float = 1, *, least: float = 1
) -> None:
    """Bars of `counts` that fill `box`, the highest its whole height; a bin that is not empty is at least `least` px.

    Edges lie on whole pixels, so that all bars look equally wide; where bars are under 3 px the gap goes.
    """
    top = max(counts, default=0)
    if top <= 0 or box.width() <= 0:
        return
    pitch = box.width() / len(counts)
    space = gap if pitch >= 3 else 0
    for index, count in enumerate(counts):
        if count <= 0:
            continue
        left = round(box.left() + index * pitch)
        right = round(box.left() + (index + 1) * pitch) - space
        height = max(round(box.height() * count / top), least)
        painter.fillRect(QRectF(left, box.bottom() - height, max(right - left, 1), height), colour)
