"""What changed between two pictures: blue is darker, orange is brighter, the surface is the same."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget

from widgets.kit.painting import text_in, text_width
from widgets.numbers import format_number
from widgets.pictures.pixels import mapped
from widgets.pictures.tile import PictureTile
from widgets.theme import Theme, diverging, font


class DifferenceTile(PictureTile):
    """Signed change by the diverging map, symmetric about zero, with its colour bar and the end value below."""

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(title or "", "none", parent)
        self._values: NDArray[np.float64] | None = None
        self._limit = 255.0
        if not title:
            self.set_caption(self.tr("Difference"))
            self.set_description(self.tr("Difference"))

    def set_difference(self, values: NDArray[np.float64] | None, limit: float = 255.0) -> None:
        """(h, w) signed change, and the value at which the colours end."""
        self._values, self._limit = values, limit
        self._states.hide()
        self._restyle()

    def paint_foot(self, painter: QPainter, square: QRectF, theme: Theme) -> None:
        line = QRectF(square.left(), square.bottom() + theme.px(8), square.width(), theme.px(20))
        paint_difference_bar(painter, line, self._limit, theme, (self.tr("darker"), self.tr("brighter")))

    def _paint_picture(self, painter: QPainter, square: QRectF, theme: Theme) -> QRectF:
        self._image = None if self._values is None else mapped(self._values, self._limit, theme)
        return super()._paint_picture(painter, square, theme)


def paint_difference_bar(
    painter: QPainter, line: QRectF, limit: float, theme: Theme, ends: tuple[str, str]
) -> None:
    """The bar of the diverging map with a word and the end value at each side."""
    face = font("caption", scale=theme.scale)
    decimals = 0 if limit >= 10 else 2
    low, high = (
        f"{word} {format_number(end, '', decimals, signed=True)}" for word, end in zip(ends, (-limit, limit))
    )
    if text_width(low, face) + text_width(high, face) > line.width() - 100:      # large text: the numbers are enough
        low, high = low.removeprefix(f"{ends[0]} "), high.removeprefix(f"{ends[1]} ")
    left, right = text_width(low, face), text_width(high, face)
    text_in(painter, line, low, face, theme.t2)
    text_in(painter, line, high, face, theme.t2, Qt.AlignmentFlag.AlignRight)
    side = max(left, right) + theme.px(12)
    bar = QRectF(line.left() + side, line.center().y() - 3, line.width() - 2 * side, 6)
    if bar.width() < 16:
        return
    lut = np.ascontiguousarray(diverging(theme)[None])
    image = QImage(lut.data, lut.shape[1], 1, 4 * lut.shape[1], QImage.Format.Format_RGBA8888).copy()
    painter.drawImage(bar, image)
