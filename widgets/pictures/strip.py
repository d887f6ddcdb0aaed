"""A row of small pictures to choose from, and the traversal of a factor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from widgets.kit.control import Control
from widgets.kit.follow import follow_theme
from widgets.kit.painting import painter_on, rounded, text_in, text_width
from widgets.pictures.pixels import Picture, draw_image, image_of
from widgets.pictures.tile import MARGIN, paint_frame
from widgets.theme import Theme, draw_icon, font, line_height

Look = Literal["", "factual", "current"]


@dataclass(frozen=True, eq=False)
class StripItem:
    """A picture with the text under it; "factual" gets a grey frame, "current" (the counterfactual) an accent one."""

    picture: Picture
    caption: str = ""
    look: Look = ""


class PictureStrip(QWidget):
    """Equal pictures over the whole width, in one row or more. Click, or arrow keys and Enter, choose one."""

    chosen = Signal(int)          # index, by the user's hand

    def __init__(self, side: int = 84, parent: QWidget | None = None, *, rows: int = 1) -> None:
        super().__init__(parent)
        self._side = side
        self._rows = rows
        self._items: tuple[StripItem, ...] = ()
        self._images: list[QImage] = []
        self._at = 0
        self._hover = -1
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ringRadius", -1.0)
        self.setMouseTracking(True)
        follow_theme(self._restyle)

    def items(self) -> tuple[StripItem, ...]:
        return self._items

    def set_items(self, items: Sequence[StripItem]) -> None:
        self._items = tuple(items)
        self._images = [image_of(item.picture) for item in items]
        looks = [item.look for item in items]
        self._at = looks.index("current") if "current" in looks else min(self._at, max(len(items) - 1, 0))
        self._speak()
        self.update()

    def side(self) -> int:
        """Side of a square, px."""
        return self._side

    def set_side(self, side: int) -> None:
        """Side of a square, px; each picture takes the largest whole multiple in it."""
        if side != self._side:
            self._side = side
            self._restyle()

    def columns(self) -> int:
        """Pictures in a row."""
        return max(-(-len(self._items) // self._rows), 1)

    def figure_size(self) -> tuple[float, float]:
        """Width and height as a figure, px."""
        return self.columns() * (self._side + 12) - 12.0 + 2 * MARGIN, float(self.sizeHint().height())

    def square(self, index: int, width: float = 0) -> QRectF:
        """Where a picture lies; `width` 0 means the strip's own."""
        room = (width or self.width()) - 2 * MARGIN - self._side
        few = len(self._items) < 9 and self._rows == 1
        pitch = room / max(self.columns() - 1, 1)
        row, column = divmod(index, self.columns())
        left = round(column * (min(pitch, self._side * 1.6) if few else pitch))
        return QRectF(MARGIN + left, MARGIN + row * self._pitch_y(), self._side, self._side)

    def sizeHint(self) -> QSize:
        return QSize(9 * (self._side + 12), self._rows * self._pitch_y())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._side + 2 * MARGIN, self.sizeHint().height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self._index_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and index >= 0:
            self._at = index
            self._speak()
            self.update()
            self.chosen.emit(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        hover = self._index_at(event.position())
        if hover != self._hover:
            self._hover = hover
            self.setCursor(Qt.CursorShape.PointingHandCursor if hover >= 0 else Qt.CursorShape.ArrowCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = len(self._items) - 1
        moves = {
            Qt.Key.Key_Left: self._at - 1, Qt.Key.Key_Right: self._at + 1, Qt.Key.Key_Home: 0, Qt.Key.Key_End: last,
        }
        key = Qt.Key(event.key())
        if key in moves and self._items:
            self._at = min(max(moves[key], 0), last)
            self._speak()
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._items:
            self.chosen.emit(self._at)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = painter_on(self)
        self.paint(painter, QRectF(self.rect()), Theme.current())
        if self.hasFocus() and self._items:
            rounded(painter, self.square(self._at).adjusted(-4, -4, 4, 4), 4, None, Theme.current().ink, 2)

    def paint(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """The pictures with their texts over the width of a rectangle."""
        for index, (item, image) in enumerate(zip(self._items, self._images)):
            square = self.square(index, rect.width()).translated(rect.topLeft())
            place = draw_image(painter, square, image)
            rounded(painter, place.adjusted(-1, -1, 1, 1), 0, None, theme.line)
            if item.look == "current":
                paint_frame(painter, place, theme.acc)
            elif item.look == "factual":
                paint_frame(painter, place, theme.t2, 1.5)
            current = item.look == "current"
            line = QRectF(square.left() - 24, square.bottom() + MARGIN + 2, self._side + 48, line_height("caption"))
            face = font("caption", weight=600 if current else 400, scale=theme.scale)
            colour = theme.acc if current else theme.t2
            text_in(painter, line, item.caption, face, colour, Qt.AlignmentFlag.AlignHCenter)

    def _pitch_y(self) -> int:
        return self._side + 2 * MARGIN + 2 + line_height("caption")

    def _index_at(self, point: QPointF) -> int:
        for index in range(len(self._items)):
            if self.square(index).adjusted(-4, -4, 4, line_height("caption") + 4).contains(point):
                return index
        return -1

    def _speak(self) -> None:
        if self._items:
            item = self._items[self._at]
            said = self.tr("{}, {} of {}").format(item.caption or self.tr("picture"), self._at + 1, len(self._items))
            self.setAccessibleDescription(said)

    def _restyle(self) -> None:
        self.setFixedHeight(self.sizeHint().height())
        self.update()


class TraversalStrip(QWidget):
    """One factor walked through its range, the others' noise held. A click jumps to a value; the head folds it."""

    chosen = Signal(int)          # index of a picture, by the user's hand
    folded = Signal(bool)         # by the user's hand

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._head = _FoldHead(self)
        self._strip = PictureStrip(84, self)
        for part in (self._head, self._strip):
            part.setAccessibleName(self.tr("Traversal"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self._strip)
        self._strip.chosen.connect(self.chosen)
        self._head.clicked.connect(self._turn)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_traversal(self, title: str, items: Sequence[StripItem], note: str = "", right: str = "") -> None:
        """Title such as "Traversal of thickness"; a note beside it; at the right, how many steps."""
        self._head.set_texts(title, note, right)
        self._strip.setAccessibleName(title)
        self._strip.set_items(items)

    def paint(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """The pictures into any place, for exports."""
        self._strip.paint(painter, rect, theme)

    def figure_size(self) -> tuple[float, float]:
        """Width and height as a figure, px."""
        return self._strip.figure_size()

    def is_folded(self) -> bool:
        return self._strip.isHidden()

    def set_folded(self, is_folded: bool) -> None:
        self._strip.setVisible(not is_folded)
        self._head.set_folded(is_folded)

    def _turn(self) -> None:
        self.set_folded(not self.is_folded())
        self.folded.emit(self.is_folded())


class _FoldHead(Control):
    """The line over the strip; a chevron shows when it is folded."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._texts = ("", "", "")
        self._folded = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_texts(self, title: str, note: str, right: str) -> None:
        self._texts = (title, note, right)
        self.setAccessibleName(title)
        self.update()

    def set_folded(self, folded: bool) -> None:
        self._folded = folded
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, Theme.current().px(26))

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.current()
        painter = painter_on(self)
        title, note, right = self._texts
        x = float(MARGIN)
        middle = self.height() / 2
        if self._folded or self.is_hovered():
            sign = "chevron-right" if self._folded else "chevron-down"
            centre = QPointF(x + 8, middle) if self._folded else QPointF(self.width() - MARGIN - 7, middle)
            draw_icon(painter, sign, centre, theme.t2, 16 if self._folded else 14)
            x += 22 if self._folded else 0
        text_in(painter, QRectF(x, 0, self.width() - x, self.height()), title, font("title"), theme.t1)
        x += text_width(title, font("title")) + 8
        edge = 18 if self.is_hovered() and not self._folded else 0
        end = self.width() - MARGIN - edge - text_width(right, font("second"))
        if end - x > 40 and not self._folded:
            text_in(painter, QRectF(x, 0, end - x - 8, self.height()), note, font("second"), theme.t2)
        text_in(
            painter, QRectF(end, 0, self.width() - MARGIN - edge - end, self.height()), right, font("second"),
            theme.t2, Qt.AlignmentFlag.AlignRight,
        )
