"""Pictures as they are: whole multiples of device pixels, nearest neighbour, differences round zero.

Symbols: h x w pixels, c channels (1 or 3). Sizes are device-independent px unless said otherwise.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QByteArray, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPaintEngine, QPainter
from PySide6.QtSvg import QSvgRenderer

from widgets.theme import Theme, diverging, draw_icon
from widgets.theme.icons import icon_svg

Picture = NDArray[np.uint8]
"""(h, w), (h, w, 1) or (h, w, 3)."""

_VECTOR = (QPaintEngine.Type.SVG, QPaintEngine.Type.Pdf, QPaintEngine.Type.Picture)


def image_of(picture: Picture) -> QImage:
    """The picture as a QImage with its own memory."""
    pixels = np.ascontiguousarray(picture, dtype=np.uint8)
    if pixels.ndim == 3 and pixels.shape[2] == 1:
        pixels = np.ascontiguousarray(pixels[:, :, 0])
    height, width = pixels.shape[:2]
    if pixels.ndim == 2:
        return QImage(pixels.data, width, height, width, QImage.Format.Format_Grayscale8).copy()
    return QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def difference(factual: Picture, counterfactual: Picture) -> NDArray[np.float64]:
    """(h, w) signed change in grey levels, averaged over channels: above zero is brighter."""
    change = counterfactual.astype(np.float64) - factual.astype(np.float64)
    return change.mean(axis=2) if change.ndim == 3 else change


def mean_change(factual: Picture, counterfactual: Picture) -> float:
    """Mean absolute difference over pixels and channels, grey levels of 255."""
    return float(np.abs(counterfactual.astype(np.float64) - factual.astype(np.float64)).mean())


def mapped(values: NDArray[np.float64], limit: float, theme: Theme) -> QImage:
    """(h, w) values in [-limit, limit] by the diverging map; what is not a number is the surface."""
    lut = diverging(theme)
    scaled = np.nan_to_num(values / limit if limit > 0 else values * 0.0)
    index = np.clip(np.rint((scaled + 1) / 2 * (len(lut) - 1)), 0, len(lut) - 1).astype(int)
    return _rgba(lut[index])


def heat_over(picture: Picture, heat: NDArray[np.float64], theme: Theme) -> QImage:
    """A picture under (h, w) heat in [-1, 1]: the stronger, the less of the picture shows."""
    grey = picture.reshape(*picture.shape[:2], -1).mean(axis=2)
    base = np.repeat(grey[:, :, None], 3, axis=2)
    lut = diverging(theme)[:, :3].astype(np.float64)
    index = np.clip(np.rint((np.nan_to_num(heat) + 1) / 2 * (len(lut) - 1)), 0, len(lut) - 1).astype(int)
    share = np.clip(np.abs(np.nan_to_num(heat)), 0, 1)[:, :, None] * 0.85
    mixed = base * (1 - share) + lut[index] * share
    return image_of(np.rint(mixed).astype(np.uint8))


def fitted(size: tuple[int, int], room: float, ratio: float = 1.0) -> QSizeF:
    """The size at which a picture of (h, w) pixels is shown in a square of side `room`.

    Each pixel becomes a whole number of device pixels; a picture that is too large is shown at a whole fraction.
    """
    height, width = size
    most = max(height, width, 1)
    device = math.floor(room * ratio + 1e-6)
    if most <= device:
        factor = float(device // most)
    else:
        factor = 1.0 / math.ceil(most / max(device, 1))
    return QSizeF(max(round(width * factor), 1) / ratio, max(round(height * factor), 1) / ratio)


def draw_image(painter: QPainter, box: QRectF, image: QImage) -> QRectF:
    """Paint a picture centred in `box` at the largest whole multiple that fits. Returns where it lies."""
    device = painter.device()
    vector = painter.paintEngine().type() in _VECTOR
    ratio = 1.0 if vector or device is None else device.devicePixelRatioF() * painter.worldTransform().m11()
    size = fitted((image.height(), image.width()), min(box.width(), box.height()), ratio)
    left, top = box.center().x() - size.width() / 2, box.center().y() - size.height() / 2
    place = QRectF(QPointF(round(left * ratio) / ratio, round(top * ratio) / ratio), size)
    shown = image
    if size.width() * ratio < image.width():
        shown = image.scaled(
            round(size.width() * ratio), round(size.height() * ratio),
            Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation,
        )
    elif vector:                  # readers of vector files blur small pictures: give them large pixels
        times = max(math.ceil(300 / max(image.width(), 1)), 1)
        shown = image.scaled(image.width() * times, image.height() * times)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.drawImage(place, shown)
    painter.restore()
    return place


def draw_sign(painter: QPainter, name: str, centre: QPointF, colour: QColor, size: int) -> None:
    """An icon as lines where the file keeps lines, else as pixels of the device."""
    if painter.paintEngine().type() not in _VECTOR:
        draw_icon(painter, name, centre, colour, size)
        return
    box = QRectF(centre.x() - size / 2, centre.y() - size / 2, size, size)
    QSvgRenderer(QByteArray(icon_svg(name, colour))).render(painter, box)


def _rgba(pixels: NDArray[np.uint8]) -> QImage:
    pixels = np.ascontiguousarray(pixels)
    height, width = pixels.shape[:2]
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()
