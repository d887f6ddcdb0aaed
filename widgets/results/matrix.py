"""A matrix with named rows and columns as a heat map, with the values in the cells where they fit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from engines.results import MatrixResult
from widgets.curves.figures import short_text
from widgets.kit.painting import rounded, text_in, text_width
from widgets.results.frame import PaintedView
from widgets.theme import Theme, diverging, font, sequential, weights

_LARGEST_CELL = 64.0
_BAR = 64.0
_MOST_CELLS = 2500
"""More cells than this are drawn as one picture, without gaps and values."""


class MatrixView(PaintedView):
    """A heat map; the cell under the pointer is told."""

    def paint(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        paint_matrix(self._result, painter, rect, theme)

    def tell(self, place: QPointF, rect: QRectF) -> str:
        laid = laid_out(self._result, rect, Theme.current())
        row = int((place.y() - laid.grid.top()) // laid.height) if laid.height else -1
        column = int((place.x() - laid.grid.left()) // laid.width) if laid.width else -1
        if not laid.grid.contains(place) or row >= len(self._result.row_names):
            return ""
        value = short_text(float(self._result.values[row, column]))
        unit = f"\N{NO-BREAK SPACE}{self._result.unit}" if self._result.unit else ""
        return f"{self._result.row_names[row]}, {self._result.column_names[column]}: {value}{unit}"

    def figure_size(self) -> tuple[float, float]:
        return matrix_size(self._result)


def matrix_size(result: MatrixResult) -> tuple[float, float]:
    """Width and height as a figure, px: room for the values in the cells."""
    rows, columns = result.values.shape
    return min(max(160 + 34.0 * columns, 321), 643), min(max(100 + 24.0 * rows, 200), 800)


@dataclass(frozen=True)
class Laid:
    """Where the cells lie, and how much room the names have."""

    grid: QRectF
    width: float
    height: float
    upright: bool


def laid_out(result: MatrixResult, rect: QRectF, theme: Theme) -> Laid:
    """Cells as large as they fit; the names of the columns stand upright where they are wider than a cell."""
    face = font("caption", scale=theme.scale)
    rows, columns = max(result.values.shape[0], 1), max(result.values.shape[1], 1)
    left = min(max((text_width(name, face) for name in result.row_names), default=0) + 8, rect.width() * 0.35)
    widest = max((text_width(name, face) for name in result.column_names), default=0) + 6
    width = min((rect.width() - left - _BAR) / columns, _LARGEST_CELL)
    upright = widest > width
    top = min(widest, rect.height() * 0.35) + 4 if upright else theme.px(20)
    height = min((rect.height() - top - 2) / rows, _LARGEST_CELL * 0.75)
    width, height = max(width, 1.0), max(height, 1.0)
    if width >= 2:
        width = float(int(width))
    if height >= 2:
        height = float(int(height))
    return Laid(QRectF(rect.left() + left, rect.top() + top, width * columns, height * rows), width, height, upright)


def paint_matrix(result: MatrixResult, painter: QPainter, rect: QRectF, theme: Theme) -> None:
    """Cells, names and the colour bar with its end values."""
    laid = laid_out(result, rect, theme)
    colours, low, high, lut = coloured(result, theme)
    rows, columns = colours.shape[:2]
    image = QImage(colours.data, columns, rows, 4 * columns, QImage.Format.Format_RGBA8888)
    if min(laid.width, laid.height) >= 6 and rows * columns <= _MOST_CELLS:
        _paint_cells(result, painter, laid, colours, theme)
    elif not image.isNull():
        painter.drawImage(laid.grid, image)
    _paint_names(result, painter, rect, laid, theme)
    rounded(painter, laid.grid.adjusted(-0.5, -0.5, 0.5, 0.5), 0, None, theme.line)
    bar = QRectF(laid.grid.right() + 16, laid.grid.top(), 8, min(max(laid.grid.height(), 40), 160))
    paint_colour_bar(painter, bar, lut, low, high, result.unit, theme)


def coloured(result: MatrixResult, theme: Theme) -> tuple[np.ndarray, float, float, np.ndarray]:
    """(k, l, 4) colours of the cells, the values at the ends of the map, and the map."""
    values = np.asarray(result.values, dtype=np.float64)
    good = values[np.isfinite(values)]
    most = float(np.abs(good).max()) if len(good) else 1.0
    if result.diverging:
        low, high, lut = -most or -1.0, most or 1.0, diverging(theme)
    elif not len(good) or good.min() >= 0:
        low, high, lut = 0.0, most or 1.0, weights(theme)
    else:
        low, high, lut = float(good.min()), float(good.max()), sequential()
    share = np.nan_to_num((values - low) / (high - low) if high > low else values * 0)
    index = np.clip(np.rint(share * (len(lut) - 1)), 0, len(lut) - 1).astype(int)
    colours = np.ascontiguousarray(lut[index])
    colours[~np.isfinite(values)] = theme.bg2.getRgb()
    return colours, low, high, lut


def paint_colour_bar(
    painter: QPainter, bar: QRectF, lut: np.ndarray, low: float, high: float, unit: str, theme: Theme
) -> None:
    """An upright bar of a map, greatest value above, with both end values and the unit."""
    upward = np.ascontiguousarray(lut[::-1][:, None])
    painter.drawImage(bar, QImage(upward.data, 1, len(lut), 4, QImage.Format.Format_RGBA8888).copy())
    rounded(painter, bar.adjusted(-0.5, -0.5, 0.5, 0.5), 0, None, theme.line)
    face = font("caption", scale=theme.scale)
    unit = f"\N{NO-BREAK SPACE}{unit}" if unit else ""
    for y, value in ((bar.top(), high), (bar.bottom() - theme.px(12), low)):
        text = f"{short_text(value)}{unit}"
        text_in(painter, QRectF(bar.right() + 5, y - 2, 60, theme.px(16)), text, face, theme.t2)


def _paint_cells(result: MatrixResult, painter: QPainter, laid: Laid, colours: np.ndarray, theme: Theme) -> None:
    face = font("caption", scale=theme.scale)
    rows, columns = result.values.shape
    texts = [[short_text(float(value), 2) for value in row] for row in result.values]
    widest = max((text_width(text, face) for row in texts for text in row), default=0.0)
    written = widest + 6 <= laid.width and laid.height >= theme.px(16)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for row in range(rows):
        for column in range(columns):
            red, green, blue, _alpha = (int(part) for part in colours[row, column])
            box = QRectF(
                laid.grid.left() + column * laid.width, laid.grid.top() + row * laid.height, laid.width, laid.height
            )
            ground = QColor(red, green, blue)
            painter.fillRect(box.adjusted(0, 0, -1, -1), ground)
            if written:
                text_in(painter, box, texts[row][column], face, _legible(ground, theme), Qt.AlignmentFlag.AlignHCenter)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)


def _paint_names(result: MatrixResult, painter: QPainter, rect: QRectF, laid: Laid, theme: Theme) -> None:
    face = font("caption", scale=theme.scale)
    every = max(round(theme.px(13) / laid.height + 0.49), 1)
    for row in range(0, len(result.row_names), every):
        box = QRectF(rect.left(), laid.grid.top() + row * laid.height, laid.grid.left() - rect.left() - 6, laid.height)
        middle = box.center().y()
        line = QRectF(box.left(), middle - 8, box.width(), 16)
        text_in(painter, line, result.row_names[row], face, theme.t2, Qt.AlignmentFlag.AlignRight)
    every = max(round(theme.px(13) / laid.width + 0.49), 1) if laid.upright else 1
    for column in range(0, len(result.column_names), every):
        x = laid.grid.left() + (column + 0.5) * laid.width
        room = laid.grid.top() - rect.top() - 4
        if laid.upright:
            painter.save()
            painter.translate(x, laid.grid.top() - 4)
            painter.rotate(-90)
            text_in(painter, QRectF(0, -8, room, 16), result.column_names[column], face, theme.t2)
            painter.restore()
        else:
            box = QRectF(x - laid.width / 2, laid.grid.top() - 4 - theme.px(16), laid.width, theme.px(16))
            name = result.column_names[column]
            text_in(painter, box, name, face, theme.t2, Qt.AlignmentFlag.AlignHCenter)


def _legible(ground: QColor, theme: Theme) -> QColor:
    """First text or the surface, whichever stands out more."""
    def light(colour: QColor) -> float:
        return 0.299 * colour.redF() + 0.587 * colour.greenF() + 0.114 * colour.blueF()

    here = light(ground)
    return max((theme.t1, theme.bg1), key=lambda colour: abs(light(colour) - here))
