"""Pictures in rows with captions; heat over them where there is some."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from engines.results import ImageGridResult
from widgets.decisions import KEYS, SIGNS, Decisions, Shown, Verdict, paint_decision, word
from widgets.kit.follow import follow_theme
from widgets.kit.painting import painter_on, rounded, text_in
from widgets.numbers import format_count
from widgets.pictures.pixels import draw_image, fitted, heat_over, image_of
from widgets.theme import Theme, draw_icon, font

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


def cells_of(
    result: ImageGridResult, width: float, theme: Theme, ratio: float = 1.0, *, decided: bool = False
) -> Cells:
    """As many columns as announced while pictures can be seen; each picture at a whole multiple of its pixels.

    `decided`: there is a line under each picture for what was said of it.
    """
    height, wide = result.pictures.shape[1:3]
    count = max(len(result.pictures), 1)
    columns = max(min(result.columns, count), 1)
    inner = width - 2 * _MARGIN
    while columns > 1 and (inner - (columns - 1) * _GAP) / columns < _LEAST:
        columns -= 1
    room = min((inner - (columns - 1) * _GAP) / columns, max(_LARGEST, height, wide))
    shown = fitted((height, wide), max(room, 8), ratio)
    side = max(shown.width(), shown.height())
    caption = theme.px(18) * (float(any(result.captions)) + decided)
    return Cells(columns, side, side + _GAP, side + _GAP + caption, caption)


class PictureGrid(QAbstractScrollArea):
    """A grid that scrolls. Click or arrow keys choose a picture, Shift and Ctrl several; Enter or a double click opens.

    Once it is given decisions, each picture tells its own under it; A, C, X and M ask for another.
    """

    chosen = Signal(int)          # position in the result, by the user's hand
    opened = Signal(int)
    items_chosen = Signal(object)           # tuple of ids; by the user's hand, as is the next
    acted = Signal(object)                  # Act

    def __init__(self, result: ImageGridResult, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._result = self._whole = result         # what is to be seen, and all
        self._places = list(range(len(result.pictures)))
        self._decisions: Decisions | None = None
        self._shown = Shown.ALL
        self._images: dict[int, QImage] = {}
        self._at = -1
        self._anchor = -1
        self._more: set[int] = set()                # chosen besides the current one
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ringRadius", -1.0)
        self.setAccessibleName(result.title)
        follow_theme(self._restyle)

    def result(self) -> ImageGridResult:
        return self._whole

    def set_result(self, result: ImageGridResult) -> None:
        """Other pictures; the same result again does nothing."""
        if result is self._whole:
            return
        self._whole = result
        self._more.clear()
        self.setAccessibleName(result.title)
        self._sort_out()

    # items and what was said of them

    def items(self) -> tuple[int, ...]:
        """Ids of all pictures: those of the data, or 1, 2, 3 …"""
        ids = self._whole.row_ids
        return tuple(range(1, len(self._whole.pictures) + 1)) if ids is None else tuple(int(i) for i in ids)

    def chosen_items(self) -> tuple[int, ...]:
        """Ids of the chosen pictures, in the order in which they stand."""
        return tuple(self._id(index) for index in sorted(self._chosen()))

    def choose_items(self, items: tuple[int, ...]) -> None:
        """Choose pictures by their ids; those that are not to be seen are passed over."""
        found = [index for index in range(len(self._places)) if self._id(index) in set(items)]
        self._more = set(found)
        self.set_current(found[0] if found else -1)

    def decisions(self) -> Decisions | None:
        return self._decisions

    def set_decisions(self, decisions: Decisions, shown: Shown = Shown.ALL) -> None:
        """What was said of the pictures, and which of them are to be seen."""
        self._decisions, self._shown = decisions, shown
        self._sort_out()

    def current(self) -> int:
        """Position of the chosen picture, -1 for none."""
        return self._at

    def set_current(self, index: int) -> None:
        self._at = self._anchor = index if 0 <= index < len(self._result.pictures) else -1
        self._reveal()
        self.viewport().update()

    def paint(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        paint_grid(self._whole, painter, rect, theme)

    def figure_size(self) -> tuple[float, float]:
        return grid_size(self._whole)

    def sizeHint(self) -> QSize:
        return QSize(480, 320)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self._index_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and index >= 0:
            self._choose(index, event.modifiers())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self._index_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and index >= 0:
            self.opened.emit(self._places[index])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        columns = self._cells().columns
        steps = {
            Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -columns, Qt.Key.Key_Down: columns,
            Qt.Key.Key_Home: -len(self._result.pictures), Qt.Key.Key_End: len(self._result.pictures),
        }
        key = Qt.Key(event.key())
        if key in steps and len(self._result.pictures):
            last = len(self._result.pictures) - 1
            self._choose(
                0 if self._at < 0 else min(max(self._at + steps[key], 0), last),
                event.modifiers() & Qt.KeyboardModifier.ShiftModifier,
            )
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._at >= 0:
            self.opened.emit(self._places[self._at])
        elif key in KEYS and self._decisions is not None and not event.modifiers():
            self.acted.emit(KEYS[key])
        else:
            super().keyPressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self._words(self._index_at(QPointF(event.pos()))), self)
            return True
        return super().viewportEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, chosen = Theme.current(), self._more if len(self._more) > 1 else set()
        painter = painter_on(self.viewport())
        cells, down = self._cells(), self.verticalScrollBar().value()
        painter.translate(0, -down)
        first = max(int((down - _MARGIN) // cells.pitch_y), 0) * cells.columns
        last = (int((down + self.viewport().height()) // cells.pitch_y) + 1) * cells.columns
        for index in range(first, min(last, len(self._result.pictures))):
            square = cells.square(index)
            if index in chosen:
                rounded(painter, square.adjusted(-4, -4, 4, 4 + cells.caption), 4, theme.bg3)
            paint_cell(self._result, index, painter, square, self._image(index, theme), theme)
            if self._decisions is not None:
                self._paint_decision(index, painter, cells, theme)
            if index == self._at:
                ring = theme.ink if self.hasFocus() else theme.strong
                rounded(painter, square.adjusted(-4, -4, 4, 4), 4, None, ring, 2)

    def _paint_decision(self, index: int, painter: QPainter, cells: Cells, theme: Theme) -> None:
        """What was said of a picture, under it; a dropped one is struck through."""
        assert self._decisions is not None
        decision, square = self._decisions.of(self._id(index)), cells.square(index)
        line = QRectF(square.left(), square.bottom() + cells.caption - theme.px(18) + 1, cells.pitch_x, theme.px(16))
        words = decision if decision.verdict is None else replace(decision, marked=False)
        paint_decision(words, painter, line, theme, "caption")
        if decision.marked and decision.verdict is not None:
            corner = QRectF(square.right() - 18, square.top(), 18, 18)
            rounded(painter, corner, 4, theme.bg1)
            icon, colour = SIGNS[Shown.MARKED]
            draw_icon(painter, icon, corner.center(), theme.colour(colour), 14)
        if decision.verdict is Verdict.DROPPED:
            for stroke in (QPen(theme.bg1, 5), QPen(theme.err, 2)):
                painter.setPen(stroke)
                painter.drawLine(square.bottomLeft(), square.topRight())

    def _cells(self) -> Cells:
        width, ratio = self.viewport().width(), self.devicePixelRatioF()
        return cells_of(self._result, width, Theme.current(), ratio, decided=self._decisions is not None)

    def _id(self, index: int) -> int:
        ids = self._result.row_ids
        return self._places[index] + 1 if ids is None else int(ids[index])

    def _chosen(self) -> set[int]:
        return self._more | {self._at} if self._at >= 0 else set(self._more)

    def _sort_out(self) -> None:
        """Take what is to be seen out of all; the chosen ones stay chosen, or their places are."""
        kept, at = self.chosen_items(), self._at
        decisions, whole = self._decisions, self._whole
        count = len(whole.pictures)
        places = list(range(count)) if decisions is None else decisions.places(self.items(), self._shown)
        self._places = places
        self._result = whole if len(places) == count else replace(
            whole, pictures=whole.pictures[places],
            captions=tuple(whole.captions[i] for i in places if i < len(whole.captions)),
            row_ids=np.array(self.items())[places], heat=None if whole.heat is None else whole.heat[places],
        )
        self._at = min(at, len(places) - 1)
        found = {index for index in range(len(places)) if self._id(index) in set(kept)}
        self._more = found
        if found and self._at not in found:
            self._at = min(found)
        self._restyle()

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

    def _choose(self, index: int, modifiers: Qt.KeyboardModifier) -> None:
        """Alone; with Shift all from where the choice began; with Ctrl besides, or not any more."""
        anchor = self._anchor if self._anchor >= 0 else index
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            self._more ^= {index}
        else:
            is_range = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
            first, last = sorted((anchor, index)) if is_range else (index, index)
            self._more = set(range(first, last + 1))
        self.set_current(index)
        if modifiers & Qt.KeyboardModifier.ControlModifier and index not in self._more:
            self._at = min(self._more, default=-1)
        elif modifiers & Qt.KeyboardModifier.ShiftModifier:
            self._anchor = anchor
        self.setAccessibleDescription(self._words(index))
        self.chosen.emit(self._places[index])
        self.items_chosen.emit(self.chosen_items())

    def _words(self, index: int) -> str:
        if index < 0:
            return ""
        parts = []
        if self._result.row_ids is not None:
            parts.append(self.tr("image {}").format(format_count(int(self._result.row_ids[index]))))
        if index < len(self._result.captions):
            parts.append(self._result.captions[index])
        parts.append(self.tr("{} of {}").format(index + 1, len(self._result.pictures)))
        if self._decisions is not None:
            decision = self._decisions.of(self._id(index))
            parts += [f"{column}: {value}" for column, value in decision.values.items()]
            parts += [word(said) for said in decision.words]
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
