"""Stamped marks stand where they belong and look where they must, at any zoom and device ratio."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap

from widgets.graph.stamps import stamp, stamp_heads

pytestmark = pytest.mark.usefixtures("qapp")

RED = QColor(255, 0, 0)


def drawn(draw, scale: float, ratio: float) -> np.ndarray:
    """Alpha (s, s) of what `draw` paints into a square of 100 px whose middle is the scene's origin."""
    side = round(100 * ratio)
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(0)
    painter = QPainter(image)
    painter.translate(50, 50)
    painter.scale(scale, scale)
    draw(painter)
    painter.end()
    return np.frombuffer(image.constBits(), np.uint8).reshape(side, side, 4)[..., 3].astype(float)


@pytest.mark.parametrize("ratio", [1.0, 2.0])
@pytest.mark.parametrize("scale", [0.25, 0.05])
@pytest.mark.parametrize("angle", [0, 37, 90, 200, 300])
def test_a_head_ends_at_its_tip_and_lies_behind_it(angle: float, scale: float, ratio: float) -> None:
    into = np.array([[np.cos(np.radians(angle)), np.sin(np.radians(angle))]])
    tip = np.array([[20.0, -12.0]]) * 0.25 / scale
    alpha = drawn(lambda painter: stamp_heads(painter, tip, into, RED, 12.0), scale, ratio)
    rows, columns = np.nonzero(alpha)
    weight = alpha[rows, columns]
    middle = np.array([np.average(columns + 0.5, weights=weight), np.average(rows + 0.5, weights=weight)]) / ratio - 50
    behind = middle - tip[0] * scale
    assert behind @ into[0] == pytest.approx(-8.0, abs=0.7)         # two thirds of its length behind the tip
    assert abs(into[0, 0] * behind[1] - into[0, 1] * behind[0]) < 0.7
    assert weight.sum() / 255 / ratio**2 == pytest.approx(0.4 * 12 * 12, rel=0.15)


def test_tiles_of_a_row_are_told_apart_and_none_means_none() -> None:
    row = QPixmap(20, 10)
    row.fill(QColor(0, 0, 255))
    painter = QPainter(row)
    painter.fillRect(10, 0, 10, 10, RED)
    painter.end()
    image = QImage(60, 20, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    stamp(painter, row, np.array([[10.0, 10.0], [40.0, 10.0]]), np.array([1, 0]))
    stamp(painter, row, np.empty((0, 2)))
    painter.end()
    assert image.pixelColor(10, 10) == RED
    assert image.pixelColor(40, 10) == QColor(0, 0, 255)
    assert image.pixelColor(25, 10).alpha() == 0
