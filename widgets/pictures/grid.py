"""Pictures in rows with captions; heat over them where there is some."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from engines.results import ImageGridResult
from widgets.kit.follow import follow_theme
from widgets.kit.painting import painter_on, rounded, text_in
from widgets.numbers import format_count
from widgets.pictures.pixels import draw_image, fitted, heat_over, image_of
from widgets.theme import Theme, font

_GAP = 12
_LARGEST, _LEAST = 160.0, 28.0
_MARGIN = 4


@dataclass(frozen=True)
class Cells:
    """Where the pictures of a grid lie: columns, side of a square, distances, all px."""

    columns: int
    side: float
    pitch_x: float
    pitch_y: float
    caption: float

    def square(self, index: int) -> QRectF:
        row, column = divmod(index, self.columns)
        return QRectF(_MARGIN + column * self.pitch_x, _MARGIN + row * self.pitch_y, self.side, self.side)

    def height(self, count: int) -> float:
        return 2 * _MARGIN + math.ceil(count / self.columns) * self.pitch_y - _GAP


def cells_of(result: ImageGridResult, width: float, theme: Theme, ratio: float = 1.0) -> Cells:
    """As many columns as announced while pictures can be seen; each picture at a whole multiple of its pixels."""
    height, wide = result.pictures.shape[1:3]
    count = max(len(result.pictures), 1)
    columns = max(min(result.columns, count), 1)
    inner = width - 2 * _MARGIN
    while columns > 1 and (inner - (columns - 1) * _GAP) / columns < _LEAST:
        columns -= 1
    room = min((inner - (columns - 1) * _GAP) / columns, max(_LARGEST, height, wide))
    shown = fitted((height, wide), max(room, 8), ratio)
    side = max(shown.width(), shown.height())
    caption = float(theme.px(18)) if any(result.captions) else 0.0
    return Cells(columns, side, side + _GAP, side + _GAP + caption, caption)


class PictureGrid(QAbstractScrollArea):
    """A grid that scrolls. Click or arrow keys choose a picture, Enter or a double click opens it."""

    chosen = Signal(int)          # position in the grid, by the user's hand
    opened = Signal(int)

    def __init__(self, result: ImageGridResult, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._result = result
        self._images: dict[int, QImage] = {}
        self._at = -1
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ringRadius", -1.0)
        self.setAccessibleName(result.title)
        follow_theme(self._restyle)

    def result(self) -> ImageGridResult:
        return self._result

    def set_result(self, result: ImageGridResult) -> None:
        """Other pictures; the same result again does nothing."""
        if result is self._result:
            return
        self._result = result
        self._at = min(self._at, len(result.pictures) - 1)
        self.setAccessibleName(result.title)
        self._restyle()

    def current(self) -> int:
        """Position of the chosen picture, -1 for none."""
        return self._at

    def set_current(self, index: int) -> None:
        self._at = index if 0 <= index < len(self._result.pictures) else -1
        self._reveal()
        self.viewport().update()

    def paint(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        paint_grid(self._result, painter, rect, theme)

    def figure_size(self) -> tuple[float, float]:
        return grid_size(self._result)

    def sizeHint(self) -> QSize:
        return QSize(480, 320)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self._index_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and index >= 0:
            self._choose(index)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self._index_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and index >= 0:
            self.opened.emit(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        columns = self._cells().columns
        steps = {
            Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -columns, Qt.Key.Key_Down: columns,
            Qt.Key.Key_Home: -len(self._result.pictures), Qt.Key.Key_End: len(self._result.pictures),
        }
        key = Qt.Key(event.key())
        if key in steps and len(self._result.pictures):
            last = len(self._result.pictures) - 1
            self._choose(0 if self._at < 0 else min(max(self._at + steps[key], 0), last))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._at >= 0:
            self.opened.emit(self._at)
        else:
            super().keyPressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self._words(self._index_at(QPointF(event.pos()))), self)
            return True
        return super().viewportEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.current()
        painter = painter_on(self.viewport())
        cells, down = self._cells(), self.verticalScrollBar().value()
        painter.translate(0, -down)
        first = max(int((down - _MARGIN) // cells.pitch_y), 0) * cells.columns
        last = (int((down + self.viewport().height()) // cells.pitch_y) + 1) * cells.columns
        for index in range(first, min(last, len(self._result.pictures))):
            paint_cell(self._result, index, painter, cells.square(index), self._image(index, theme), theme)
            if index == self._at:
                ring = theme.ink if self.hasFocus() else theme.strong
                rounded(painter, cells.square(index).adjusted(-4, -4, 4, 4), 4, None, ring, 2)

    def _cells(self) -> Cells:
        return cells_of(self._result, self.viewport().width(), Theme.current(), self.devicePixelRatioF())

    def _image(self, index: int, theme: Theme) -> QImage:
        """The picture as it is shown; the last few hundred are kept."""
        if index not in self._images:
            if len(self._images) > 400:
                self._images.clear()
            self._images[index] = image_at(self._result, index, theme)
        return self._images[index]

    def _index_at(self, point: QPointF) -> int:
        cells = self._cells()
        y = point.y() + self.verticalScrollBar().value() - _MARGIN
        row, column = int(y // cells.pitch_y), int((point.x() - _MARGIN) // cells.pitch_x)
        index = row * cells.columns + column
        if not (0 <= column < cells.columns and 0 <= index < len(self._result.pictures)):
            return -1
        reach = cells.square(index).adjusted(0, 0, 0, cells.caption)
        return index if reach.contains(QPointF(point.x(), y + _MARGIN)) else -1

    def _choose(self, index: int) -> None:
        self.set_current(index)
        self.setAccessibleDescription(self._words(index))
        self.chosen.emit(index)

    def _words(self, index: int) -> str:
        if index < 0:
            return ""
        parts = []
        if self._result.row_ids is not None:
            parts.append(self.tr("image {}").format(format_count(int(self._result.row_ids[index]))))
        if index < len(self._result.captions):
            parts.append(self._result.captions[index])
        parts.append(self.tr("{} of {}").format(index + 1, len(self._result.pictures)))
        return ", ".join(part for part in parts if part)

    def _reveal(self) -> None:
        if self._at < 0:
            return
        square, bar = self._cells().square(self._at), self.verticalScrollBar()
        if square.top() - _GAP < bar.value():
            bar.setValue(round(square.top() - _GAP))
        elif square.bottom() + 30 > bar.value() + self.viewport().height():
            bar.setValue(round(square.bottom() + 30 - self.viewport().height()))

    def _measure(self) -> None:
        cells = self._cells()
        room = self.viewport().height()
        whole = math.ceil(cells.height(len(self._result.pictures)))
        self.verticalScrollBar().setRange(0, max(whole - room, 0))
        self.verticalScrollBar().setPageStep(room)
        self.verticalScrollBar().setSingleStep(round(cells.pitch_y / 3))

    def _restyle(self) -> None:
        self._images.clear()
        self._measure()
        self.viewport().update()


def grid_size(result: ImageGridResult) -> tuple[float, float]:
    """Width and height as a figure, px: every picture, at most the width of a page."""
    cells = cells_of(result, 643, Theme.of("light"))
    width = 2 * _MARGIN + cells.columns * cells.pitch_x - _GAP
    return max(width, 160.0), cells.height(len(result.pictures))


def image_at(result: ImageGridResult, index: int, theme: Theme) -> QImage:
    """One picture, under its heat if it has some."""
    if result.heat is None:
        return image_of(result.pictures[index])
    return heat_over(result.pictures[index], np.asarray(result.heat[index]), theme)


def paint_cell(
    result: ImageGridResult, index: int, painter: QPainter, square: QRectF, image: QImage, theme: Theme
) -> None:
    """A picture and the caption under it."""
    place = draw_image(painter, square, image)
    rounded(painter, place.adjusted(-0.5, -0.5, 0.5, 0.5), 0, None, theme.line)
    if index < len(result.captions):
        line = QRectF(square.left() - _GAP / 2, square.bottom() + 1, square.width() + _GAP, theme.px(16))
        face = font("caption", scale=theme.scale)
        text_in(painter, line, result.captions[index], face, theme.t2, Qt.AlignmentFlag.AlignHCenter)


def paint_grid(result: ImageGridResult, painter: QPainter, rect: QRectF, theme: Theme) -> None:
    """As many rows as have room; the number of the others stands at the bottom."""
    if not len(result.pictures):
        return
    painter.save()
    painter.translate(rect.topLeft())
    cells = cells_of(result, rect.width(), theme)
    fitting = max(int((rect.height() + _GAP + 1) // cells.pitch_y), 1) * cells.columns
    for index in range(min(fitting, len(result.pictures))):
        paint_cell(result, index, painter, cells.square(index), image_at(result, index, theme), theme)
    painter.restore()
