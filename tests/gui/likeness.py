"""Pictures of a window, compared so that smooth edges do not count and a moved, missing or recoloured control does.

Both pictures are halved and looked at in blocks of 4 x 4 (8 x 8 px of the window). The mean colour of a block is blind
to how an edge is smoothed, and sees what moves by a few px.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QSize, Qt, qVersion
from PySide6.QtGui import QColor, QImage, QPainter

TOLERANCE = 12.0
"""Grey levels of 255 by which the mean of a block may differ, in any channel."""
_BLOCK = 4
_QT = "Qt"


@dataclass(frozen=True)
class Unlike:
    """Where a picture is not like its reference.

    Attributes:
        most: The largest difference of a block, levels of 255.
        where: The rectangle round all blocks that differ, px of the window.
        blocks: How many differ.
    """

    most: float
    where: QRect
    blocks: int

    def __str__(self) -> str:
        place = f"{self.where.x()}, {self.where.y()}, {self.where.width()} x {self.where.height()}"
        return f"{self.blocks} blocks differ by up to {self.most:.0f} levels, in {place} px"


def halved(image: QImage, hidden: tuple[QRect, ...] = ()) -> QImage:
    """A picture as it is kept: half the size; what the machine alone decides (paths) is painted over."""
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    painter = QPainter(plain)
    for place in hidden:
        painter.fillRect(place, QColor(128, 128, 128))
    painter.end()
    half = QSize(plain.width() // 2, plain.height() // 2)
    small = plain.scaled(half, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
    return small.convertToFormat(QImage.Format.Format_RGB888)


def unlike(actual: QImage, reference: QImage, tolerance: float = TOLERANCE) -> Unlike | None:
    """What differs between two halved pictures; None when they are alike."""
    if actual.size() != reference.size():
        return Unlike(255.0, QRect(0, 0, 2 * actual.width(), 2 * actual.height()), 0)
    apart = np.abs(_blocks(actual) - _blocks(reference)).max(axis=2)
    rows, columns = np.nonzero(apart > tolerance)
    if not len(rows):
        return None
    size = 2 * _BLOCK
    left, top = int(columns.min()) * size, int(rows.min()) * size
    where = QRect(left, top, (int(columns.max()) + 1) * size - left, (int(rows.max()) + 1) * size - top)
    return Unlike(float(apart.max()), where, len(rows))


def difference(actual: QImage, reference: QImage) -> QImage:
    """The reference in pale grey; over it in red the blocks that differ, the stronger the darker."""
    shown = reference.convertToFormat(QImage.Format.Format_Grayscale8).convertToFormat(QImage.Format.Format_RGB32)
    painter = QPainter(shown)
    painter.fillRect(shown.rect(), QColor(255, 255, 255, 170))
    if actual.size() == reference.size():
        apart = np.abs(_blocks(actual) - _blocks(reference)).max(axis=2)
        for row, column in zip(*np.nonzero(apart > TOLERANCE), strict=True):
            strength = min(255, 90 + 2 * int(apart[row, column]))
            painter.fillRect(column * _BLOCK, row * _BLOCK, _BLOCK, _BLOCK, QColor(200, 0, 0, strength))
    painter.end()
    return shown


def keep(image: QImage, path: Path) -> None:
    """Write a halved picture as a reference; it names the Qt that drew it."""
    image.setText(_QT, qVersion())
    path.parent.mkdir(exist_ok=True)
    if not image.save(str(path), "PNG", 0):      # 0: the smallest file
        raise OSError(f"{path} cannot be written")


def kept(path: Path) -> tuple[QImage, str]:
    """A reference, and the Qt that drew it."""
    image = QImage(str(path))
    return image.convertToFormat(QImage.Format.Format_RGB888), image.text(_QT)


def _blocks(image: QImage) -> NDArray[np.float64]:
    """(rows, columns, 3) mean colour of each block; the last ones take what is left over at the edges."""
    height, width = image.height(), image.width()
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(height, image.bytesPerLine())
    pixels = lines[:, : 3 * width].reshape(height, width, 3).astype(np.float64)
    pixels = np.pad(pixels, ((0, -height % _BLOCK), (0, -width % _BLOCK), (0, 0)), mode="edge")
    shape = (pixels.shape[0] // _BLOCK, _BLOCK, pixels.shape[1] // _BLOCK, _BLOCK, 3)
    return pixels.reshape(shape).mean(axis=(1, 3))
