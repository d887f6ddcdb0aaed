"""A short table to read, not to edit: a head, and lines of text in columns as wide as what they hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from widgets.kit.follow import follow_theme
from widgets.kit.painting import hairline, painter_on, text_in, text_width
from widgets.kit.pill import paint_pill
from widgets.kit.scroll_column import ScrollColumn
from widgets.pictures.pixels import draw_sign
from widgets.theme import Theme, font

_LINE, _HEAD = 28, 28
_APART = 24             # px between columns, at least
_SIGN = 22


@dataclass(frozen=True)
class Cell:
    """A text, the theme's name of its colour, and a sign before it ("" for none); `pill`: a change on its ground."""

    text: str
    colour: str = "t1"
    sign: str = ""
    bold: bool = False
    pill: bool = False


class LineTable(QWidget):
    """Shows a head and lines; scrolls when they do not fit. The first column is names, the others figures."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = _Lines()
        scroll = ScrollColumn()
        scroll.column.addWidget(self._lines)
        scroll.column.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(scroll)
        self.setAccessibleName(name)

    def set_lines(self, head: Sequence[str], lines: Sequence[Sequence[Cell]]) -> None:
        """Columns by their head; every line has as many cells."""
        self._lines.set_lines(tuple(head), tuple(tuple(line) for line in lines))
        self.setAccessibleDescription("; ".join(", ".join(cell.text for cell in line) for line in lines))

    def lines(self) -> tuple[tuple[Cell, ...], ...]:
        return self._lines.lines

    def paint(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """All lines into any place, for exports."""
        painter.save()
        painter.translate(rect.topLeft())
        self._lines.paint(painter, rect.width(), theme)
        painter.restore()

    def figure_size(self) -> tuple[float, float]:
        """Width and height as a figure, px: no column is cut."""
        return self._lines.whole_width(), float(self._lines.sizeHint().height())


class _Lines(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.head: tuple[str, ...] = ()
        self.lines: tuple[tuple[Cell, ...], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        follow_theme(self.updateGeometry)

    def set_lines(self, head: tuple[str, ...], lines: tuple[tuple[Cell, ...], ...]) -> None:
        self.head, self.lines = head, lines
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        px = Theme.current().px
        return QSize(480, px(_HEAD) + px(_LINE) * len(self.lines))

    def paintEvent(self, _event: QPaintEvent) -> None:
        self.paint(painter_on(self), self.width(), Theme.current())

    def whole_width(self) -> float:
        """As wide as all texts need, px."""
        return max(sum(self._needed()) + _APART * (len(self.head) - 1), 480.0)

    def paint(self, painter: QPainter, width: float, theme: Theme) -> None:
        """Head and lines over a width."""
        if not self.head:
            return
        places = self._places(width)
        head, line = theme.px(_HEAD), theme.px(_LINE)
        right = Qt.AlignmentFlag.AlignRight
        for i, text in enumerate(self.head):
            box = QRectF(places[i][0], 0, places[i][1], head)
            text_in(painter, box, text, font("second"), theme.t2, Qt.AlignmentFlag.AlignLeft if i == 0 else right)
        hairline(painter, 0, width, head - 1, theme)
        for k, cells in enumerate(self.lines):
            top = head + k * line
            for i, cell in enumerate(cells):
                box = QRectF(places[i][0], top, places[i][1], line)
                face = _face(cell, i)
                if cell.sign:
                    left = box.left() + 8 if i == 0 else box.right() - text_width(cell.text, face) - 14
                    middle = QRectF(left - 8, top, 16, line).center()
                    draw_sign(painter, cell.sign, middle, theme.colour(cell.colour), 14)
                    if i == 0:
                        box.setLeft(box.left() + _SIGN)
                if cell.pill:
                    wide = text_width(cell.text, font("strong_caption", weight=600)) + 16
                    ground = QRectF(box.right() - wide, box.center().y() - theme.px(9), wide, theme.px(18))
                    paint_pill(painter, ground, cell.text, "change", theme)
                    continue
                align = Qt.AlignmentFlag.AlignLeft if i == 0 else right
                text_in(painter, box, cell.text, face, theme.colour(cell.colour), align)
            hairline(painter, 0, width, top + line - 1, theme)

    def _needed(self) -> list[float]:
        """Width of what each column holds."""
        return [
            max(
                text_width(title, font("second")),
                *(text_width(cell.text, _face(cell, i)) + (_SIGN if cell.sign else 16 if cell.pill else 0)
                  for cell in cells),
            )
            for i, (title, *cells) in enumerate(zip(self.head, *self.lines, strict=True))
        ]

    def _places(self, whole: float) -> list[tuple[float, float]]:
        """Left edge and width of each column: what they hold, and an equal share of the room that is left."""
        wide = self._needed()
        room = whole - _APART * (len(wide) - 1)
        spare = (room - sum(wide)) / len(wide)
        shrunk = min(room / max(sum(wide), 1), 1.0)
        places, left = [], 0.0
        for width in wide:
            width = width + spare if spare >= 0 else width * shrunk
            places.append((left, width))
            left += width + _APART
        return places


def _face(cell: Cell, column: int) -> QFont:
    return font("body", weight=600 if cell.bold or column == 0 else 400)
