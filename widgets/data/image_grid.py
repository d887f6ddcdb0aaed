"""Pictures in a grid: as many as there are, only those in sight are drawn."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from engines.data.kinds import ColumnType, Images
from engines.results import ImageGridResult
from widgets.data.cells import cell_text, decimals_of
from widgets.kit.follow import follow_theme
from widgets.kit.painting import painter_on, rounded, text_in
from widgets.pictures.grid import grid_size, paint_grid
from widgets.pictures.pixels import draw_image, fitted, image_of
from widgets.theme import Theme, font, line_height

_MARGIN, _GAP = 16, 12
_ROOM = 96


class ImageGridView(QAbstractScrollArea):
    """Shows Images with captions. Click chooses, Ctrl adds, Shift takes a run; arrows move, Ctrl+A takes all.

    Enter or a double click opens. Pictures are shown at whole multiples of their pixels, nearest neighbour.
    """

    rows_chosen = Signal(object)             # (m,) int64 row ids; by the user's hand, as are all below
    current_chosen = Signal(int)             # row id
    opened = Signal(int)                     # row id

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._images: Images | None = None
        self._caption: Callable[[int], str] | None = None
        self._caption_name = ""
        self._chosen = np.zeros(0, dtype=bool)
        self._current = -1
        self._anchor = -1
        self._room = _ROOM
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Images"))
        follow_theme(self._restyle)

    # ------------------------------------------------------------------------------------------ public interface

    def images(self) -> Images | None:
        return self._images

    def set_images(self, images: Images | None) -> None:
        """Show pictures, or nothing. With the same pixels (other roles, say) selection and place stay."""
        same = images is not None and self._images is not None and images.pixels is self._images.pixels
        self._images = images
        if not same:
            self._chosen = np.zeros(len(images) if images is not None else 0, dtype=bool)
            self._current = self._anchor = -1
            self.verticalScrollBar().setValue(0)
        self.setAccessibleName(images.name if images is not None else self.tr("Images"))
        self.set_caption(self._caption_name)
        self._restyle()

    def set_caption(self, name: str) -> None:
        """Under each picture the value of an attribute, or its row id if the name is empty or unknown."""
        self._caption_name = name
        self._caption = None
        if self._images is not None and name in self._images.attributes:
            column = self._images.attributes[name]
            decimals = decimals_of(column) if column.type is ColumnType.NUMBER else 0
            self._caption = lambda place: cell_text(column, place, decimals)
        self.viewport().update()

    def set_room(self, room: int) -> None:
        """Side of the square that a picture may fill, px; it takes the largest whole multiple within."""
        self._room = max(room, 16)
        self._restyle()

    def rows(self) -> np.ndarray:
        """(m,) int64 ids of the chosen pictures."""
        return self._images.row_ids[self._chosen] if self._images is not None else np.empty(0, dtype=np.int64)

    def set_rows(self, row_ids: Sequence[int] | np.ndarray) -> None:
        """Choose pictures by row id; the first is scrolled into view."""
        if self._images is None:
            return
        self._chosen = np.isin(self._images.row_ids, np.asarray(row_ids, dtype=np.int64))
        if self._chosen.any():
            self._current = self._anchor = int(np.argmax(self._chosen))
            self._show(self._current)
        self.viewport().update()

    def cell(self, place: int) -> QRect:
        """Where the picture at a position lies with its caption, in the viewport."""
        width, height = self._pitch()
        row, column = divmod(place, self._per_row())
        left = _MARGIN + column * width
        return QRect(left, _MARGIN + row * height - self.verticalScrollBar().value(), width - _GAP, height - _GAP)

    def paint(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """The pictures in sight into any place, for exports."""
        paint_grid(self._in_sight(), painter, rect, theme)

    def figure_size(self) -> tuple[float, float]:
        """Width and height as a figure, px."""
        return grid_size(self._in_sight())

    # ---------------------------------------------------------------------------------------------- Qt overrides

    def sizeHint(self) -> QSize:
        return QSize(640, 400)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_bar()

    def paintEvent(self, _event: QPaintEvent) -> None:
        images = self._images
        if images is None or not len(images):
            return
        theme, painter = Theme.current(), painter_on(self.viewport())
        first, last = self._seen()
        caption = line_height("caption")
        for place in range(first, last):
            cell = QRectF(self.cell(place))
            square = QRectF(cell.left(), cell.top(), cell.width(), cell.height() - caption - 4)
            picture = draw_image(painter, square, image_of(images.pixels[place]))
            chosen = bool(self._chosen[place])
            if chosen or (place == self._current and self.hasFocus()):
                rounded(painter, picture.adjusted(-3, -3, 3, 3), 0, None, theme.ink, 2 if chosen else 1)
            line = QRectF(cell.left() - 4, cell.bottom() - caption, cell.width() + 8, caption)
            face = font("caption", weight=600 if chosen else None)
            text_in(
                painter, line, self._said(place), face, theme.t1 if chosen else theme.t2,
                Qt.AlignmentFlag.AlignHCenter,
            )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._at(event.position().toPoint())
        if event.button() is not Qt.MouseButton.LeftButton or place < 0:
            return
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._take_run(place)
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._chosen[place] = not self._chosen[place]
            self._anchor = place
            self._go(place)
        else:
            self._take(place)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        place = self._at(event.position().toPoint())
        if place >= 0 and self._images is not None:
            self.opened.emit(int(self._images.row_ids[place]))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        images = self._images
        if images is None or not len(images):
            super().keyPressEvent(event)
            return
        steps = {
            Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -self._per_row(), Qt.Key.Key_Down: self._per_row(),
            Qt.Key.Key_PageUp: -self._per_page(), Qt.Key.Key_PageDown: self._per_page(),
            Qt.Key.Key_Home: -len(images), Qt.Key.Key_End: len(images),
        }
        key = Qt.Key(event.key())
        if event.matches(QKeySequence.StandardKey.SelectAll):
            self._chosen[:] = True
            self._tell()
        elif key in steps:
            place = min(max(self._current + steps[key], 0), len(images) - 1) if self._current >= 0 else 0
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self._take_run(place)
            else:
                self._take(place)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._current >= 0:
            self.opened.emit(int(images.row_ids[self._current]))
        else:
            super().keyPressEvent(event)

    # --------------------------------------------------------------------------------------------------- private

    def _take(self, place: int) -> None:
        self._chosen[:] = False
        self._chosen[place] = True
        self._anchor = place
        self._go(place)

    def _take_run(self, place: int) -> None:
        start = max(self._anchor, 0)
        self._chosen[:] = False
        self._chosen[min(start, place) : max(start, place) + 1] = True
        self._go(place)

    def _go(self, place: int) -> None:
        assert self._images is not None
        moved = place != self._current
        self._current = place
        self._show(place)
        self._tell()
        if moved:
            self.current_chosen.emit(int(self._images.row_ids[place]))

    def _tell(self) -> None:
        self.viewport().update()
        if self._current >= 0:
            self.setAccessibleDescription(self._said(self._current))
        self.rows_chosen.emit(self.rows())

    def _show(self, place: int) -> None:
        cell = self.cell(place)
        bar = self.verticalScrollBar()
        if cell.top() < _MARGIN:
            bar.setValue(bar.value() + cell.top() - _MARGIN)
        elif cell.bottom() > self.viewport().height() - _GAP:
            bar.setValue(bar.value() + cell.bottom() - self.viewport().height() + _GAP)

    def _at(self, point: QPoint) -> int:
        """Position of the picture under a point of the viewport, -1 if there is none."""
        if self._images is None:
            return -1
        width, height = self._pitch()
        column, row = (point.x() - _MARGIN) // width, (point.y() + self.verticalScrollBar().value() - _MARGIN) // height
        place = row * self._per_row() + column
        inside = 0 <= column < self._per_row() and 0 <= place < len(self._images)
        return place if inside and self.cell(place).contains(point) else -1

    def _seen(self) -> tuple[int, int]:
        """The positions in sight: first, and one past the last."""
        assert self._images is not None
        height = self._pitch()[1]
        top = self.verticalScrollBar().value() - _MARGIN
        first = max(top // height, 0) * self._per_row()
        last = (math.floor((top + self.viewport().height()) / height) + 1) * self._per_row()
        return min(first, len(self._images)), min(last, len(self._images))

    def _in_sight(self) -> ImageGridResult:
        """The pictures that are seen, as a result."""
        assert self._images is not None
        first, last = self._seen()
        places = range(first, last)
        return ImageGridResult(
            "pictures", self._images.name, self._images.pixels[first:last], tuple(self._said(i) for i in places),
            self._per_row(), self._images.row_ids[first:last],
        )

    def _side(self) -> int:
        """Longer side of a picture as it is shown, px."""
        if self._images is None or not len(self._images):
            return self._room
        size = fitted(self._images.pixels.shape[1:3], self._room, self.devicePixelRatioF())
        return math.ceil(max(size.width(), size.height()))

    def _pitch(self) -> tuple[int, int]:
        side = self._side()
        return max(side, 40) + _GAP, side + 4 + line_height("caption") + _GAP

    def _per_row(self) -> int:
        return max((self.viewport().width() - 2 * _MARGIN + _GAP) // self._pitch()[0], 1)

    def _per_page(self) -> int:
        return max(self.viewport().height() // self._pitch()[1], 1) * self._per_row()

    def _fit_bar(self) -> None:
        count = len(self._images) if self._images is not None else 0
        height = self._pitch()[1]
        whole = math.ceil(count / self._per_row()) * height + 2 * _MARGIN - _GAP
        bar = self.verticalScrollBar()
        bar.setRange(0, max(whole - self.viewport().height(), 0))
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(height)

    def _said(self, place: int) -> str:
        assert self._images is not None
        if self._caption is not None:
            return self._caption(place)
        return str(int(self._images.row_ids[place]))

    def _restyle(self) -> None:
        self._fit_bar()
        self.viewport().update()
