"""Pictures in rows and columns with what makes them written on the edges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from widgets.kit.follow import follow_theme
from widgets.kit.painting import painter_on, rounded, text_in, text_width
from widgets.pictures.pixels import Picture, draw_image, fitted, image_of
from widgets.pictures.tile import MARGIN, paint_frame
from widgets.theme import Theme, font

_GAP = 10
_LEAST_SIDE = 28
_FIGURE_SIDE = 84


@dataclass(frozen=True)
class Heading:
    """What stands at the edge of a row or column; an intervention wears the accent."""

    text: str
    intervention: bool = True


@dataclass(frozen=True, eq=False)
class Crossing:
    """What crosses what.

    Attributes:
        rows, columns: Headings.
        corner: What the columns are, over the rows' headings.
        pictures: By (row, column); those that are not there yet are grey squares.
        current: The place that is asked about now, or None.
        size: Height and width of the pictures, pixels.
    """

    rows: tuple[Heading, ...] = ()
    columns: tuple[Heading, ...] = ()
    corner: str = ""
    pictures: Mapping[tuple[int, int], Picture] = field(default_factory=dict)
    current: tuple[int, int] | None = None
    size: tuple[int, int] = (28, 28)


@dataclass(frozen=True)
class Lattice:
    """Where the pictures lie, px."""

    left: float
    top: float
    side: float
    pitch_x: float
    pitch_y: float

    def square(self, row: int, column: int) -> QRectF:
        return QRectF(self.left + column * self.pitch_x, self.top + row * self.pitch_y, self.side, self.side)


class CrossTable(QWidget):
    """Equal pictures, each a whole multiple of its pixels. Click, or arrow keys and Enter, choose one."""

    chosen = Signal(int, int)           # row and column, by the user's hand

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._crossing = Crossing()
        self._images: dict[tuple[int, int], tuple[Picture, QImage]] = {}
        self._at = (0, 0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ringRadius", -1.0)
        self.setMouseTracking(True)
        follow_theme(self.update)

    def crossing(self) -> Crossing:
        return self._crossing

    def set_crossing(self, crossing: Crossing) -> None:
        self._crossing = crossing
        self._images = {
            place: kept for place, kept in self._images.items() if crossing.pictures.get(place) is kept[0]
        }
        rows, columns = len(crossing.rows), len(crossing.columns)
        self._at = (min(self._at[0], max(rows - 1, 0)), min(self._at[1], max(columns - 1, 0)))
        self._speak()
        self.update()

    def square(self, row: int, column: int) -> QRectF:
        """Where a picture lies."""
        return self._lattice().square(row, column)

    def side(self) -> int:
        """Side of a square, px."""
        return round(self._lattice().side)

    def figure_size(self) -> tuple[float, float]:
        """Width and height as a figure, px."""
        theme = Theme.of("light")
        shown = fitted(self._crossing.size, _FIGURE_SIDE)
        side = max(shown.width(), shown.height())
        left = _row_room(self._crossing, theme)
        return (
            max(left + len(self._crossing.columns) * (side + _GAP) - _GAP + 2 * MARGIN, 160.0),
            theme.px(24) + len(self._crossing.rows) * (side + _GAP) + MARGIN,
        )

    def paint(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """The pictures with their headings into any place, for exports."""
        painter.save()
        painter.translate(rect.topLeft())
        self._paint(painter, lattice_of(self._crossing, rect.width(), rect.height(), theme), theme)
        painter.restore()

    def sizeHint(self) -> QSize:
        return QSize(640, 320)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 120)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, painter, lattice = Theme.current(), painter_on(self), self._lattice()
        self._paint(painter, lattice, theme)
        if self.hasFocus() and self._crossing.rows:
            rounded(painter, lattice.square(*self._at).adjusted(-4, -4, 4, 4), 4, None, theme.ink, 2)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._place_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and place is not None:
            self._go(place)
            self.chosen.emit(*place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self._place_at(event.position()) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row, column = self._at
        last_row, last_column = len(self._crossing.rows) - 1, len(self._crossing.columns) - 1
        moves = {
            Qt.Key.Key_Left: (row, max(column - 1, 0)), Qt.Key.Key_Right: (row, min(column + 1, last_column)),
            Qt.Key.Key_Up: (max(row - 1, 0), column), Qt.Key.Key_Down: (min(row + 1, last_row), column),
            Qt.Key.Key_Home: (row, 0), Qt.Key.Key_End: (row, last_column),
        }
        key = Qt.Key(event.key())
        if key in moves and self._crossing.rows:
            self._go(moves[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._crossing.rows:
            self.chosen.emit(*self._at)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = self._place_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), "" if place is None else self._words(place), self)
            return True
        return super().event(event)

    def _lattice(self) -> Lattice:
        return lattice_of(self._crossing, self.width(), self.height(), Theme.current(), self.devicePixelRatioF())

    def _paint(self, painter: QPainter, lattice: Lattice, theme: Theme) -> None:
        crossing = self._crossing
        face, strong = font("caption", scale=theme.scale), font("caption", weight=600, scale=theme.scale)
        head = theme.px(18)
        text_in(painter, QRectF(MARGIN, lattice.top - head - 4, lattice.left - MARGIN - 10, head), crossing.corner,
                strong, theme.t1)
        for column, heading in enumerate(crossing.columns):
            square = lattice.square(0, column)
            line = QRectF(square.left() - _GAP / 2, square.top() - head - 4, square.width() + _GAP, head)
            text_in(painter, line, heading.text, face, theme.acc if heading.intervention else theme.t2,
                    Qt.AlignmentFlag.AlignHCenter)
        for row, heading in enumerate(crossing.rows):
            square = lattice.square(row, 0)
            line = QRectF(MARGIN, square.top(), lattice.left - MARGIN - 10, square.height())
            text_in(painter, line, heading.text, face, theme.acc if heading.intervention else theme.t2)
            for column in range(len(crossing.columns)):
                self._paint_cell(painter, lattice, (row, column), theme)

    def _paint_cell(self, painter: QPainter, lattice: Lattice, place: tuple[int, int], theme: Theme) -> None:
        square = lattice.square(*place)
        picture = self._crossing.pictures.get(place)
        if picture is None:
            rounded(painter, square, 0, theme.bg2)
            return
        kept = self._images.get(place)
        if kept is None or kept[0] is not picture:
            kept = self._images[place] = (picture, image_of(picture))
        shown = draw_image(painter, square, kept[1])
        rounded(painter, shown.adjusted(-1, -1, 1, 1), 0, None, theme.line)
        if place == self._crossing.current:
            paint_frame(painter, shown, theme.acc)

    def _place_at(self, point: QPointF) -> tuple[int, int] | None:
        lattice = self._lattice()
        row = int((point.y() - lattice.top) // lattice.pitch_y) if lattice.pitch_y else -1
        column = int((point.x() - lattice.left) // lattice.pitch_x) if lattice.pitch_x else -1
        if not (0 <= row < len(self._crossing.rows) and 0 <= column < len(self._crossing.columns)):
            return None
        return (row, column) if lattice.square(row, column).contains(point) else None

    def _go(self, place: tuple[int, int]) -> None:
        self._at = place
        self._speak()
        self.update()

    def _words(self, place: tuple[int, int]) -> str:
        if not self._crossing.rows or not self._crossing.columns:
            return ""
        return f"{self._crossing.rows[place[0]].text}, {self._crossing.corner} {self._crossing.columns[place[1]].text}"

    def _speak(self) -> None:
        self.setAccessibleDescription(self._words(self._at))


def lattice_of(crossing: Crossing, width: float, height: float, theme: Theme, ratio: float = 1.0) -> Lattice:
    """The largest pictures that fit, at a whole multiple of their pixels; the gaps share what is left over."""
    rows, columns = max(len(crossing.rows), 1), max(len(crossing.columns), 1)
    left, top = _row_room(crossing, theme) + MARGIN, float(theme.px(24))
    across = (width - left - MARGIN - (columns - 1) * _GAP) / columns
    down = (height - top - MARGIN - (rows - 1) * _GAP) / rows
    shown = fitted(crossing.size, max(min(across, down), _LEAST_SIDE), ratio)
    side = max(shown.width(), shown.height())
    spare = (width - left - MARGIN - columns * side) / max(columns - 1, 1) if columns > 1 else _GAP
    return Lattice(left, top, side, side + min(max(spare, _GAP), 3 * _GAP), side + _GAP)


def _row_room(crossing: Crossing, theme: Theme) -> float:
    """Width of the rows' headings with the gap behind them."""
    face, strong = font("caption", scale=theme.scale), font("caption", weight=600, scale=theme.scale)
    wide = max((text_width(heading.text, face) for heading in crossing.rows), default=0.0)
    return max(wide, text_width(crossing.corner, strong)) + 16


def headings(texts: Sequence[str], *, intervention: bool = True) -> tuple[Heading, ...]:
    """Headings of one kind."""
    return tuple(Heading(text, intervention) for text in texts)
