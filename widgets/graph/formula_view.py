"""A formula, set as on paper: sums with what they go over underneath, fractions, broken into lines where it is long."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engines.graph.do_calculus.notation import Fraction, Name, Over, Row, Sign, text
from widgets.kit.follow import follow_theme
from widgets.kit.painting import painter_on
from widgets.theme import Theme, font

_LINES = 6.0            # px between two lines
_GAP = 3.0              # px between a bar of a fraction or a Σ and what is near it
_WIDE = 96.0            # px; what a sum goes over stands beside its sign when it is longer
_INDENT = 18.0          # px; of all lines but the first


@dataclass(frozen=True)
class _Box:
    """Something set: how wide it is, how far it reaches over and under the base line, how it is drawn."""

    width: float
    above: float
    below: float
    draw: Callable[[QPainter, float, float], None]
    breaks: bool = False                # whether a line may end after it


class FormulaView(QWidget):
    """Shows an equation; as wide as it is given, as high as that takes. Its text is its accessible name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._left: Row = ()
        self._right: Row = ()
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        follow_theme(self._restyle)

    def set_equation(self, left: Row, right: Row = ()) -> None:
        """The left side and the right one, if there is any."""
        if (left, right) != (self._left, self._right):
            self._left, self._right = left, right
            self.setAccessibleName(self.text())
            self.setToolTip(self.text())
            self._restyle()

    def text(self) -> str:
        """The equation on one line."""
        return f"{text(self._left)} = {text(self._right)}" if self._right else text(self._left)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return round(sum(_height(line) + _LINES for line in self._lines(width)) + 0.5)

    def sizeHint(self) -> QSize:
        width = self.width() or 300
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self.heightForWidth(max(self.width(), 60)))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = painter_on(self)
        y = _LINES / 2
        for number, line in enumerate(self._lines(self.width())):
            base = y + max(box.above for box in line)
            x = _INDENT if number else 0.0
            for box in line:
                box.draw(painter, x, base)
                x += box.width
            y += _height(line) + _LINES

    def _lines(self, width: int) -> list[list[_Box]]:
        setter = _Setter(Theme.current(), max(width - _INDENT, 60.0))
        row = (*self._left, Sign(" = "), *self._right) if self._right else self._left
        return _broken(setter.boxes(row), width)

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()


class _Setter:
    """Sets rows as boxes; fractions too wide for the room are written with a slash."""

    def __init__(self, theme: Theme, room: float) -> None:
        self._theme, self._room = theme, room
        self._face, self._small = font("sentence"), font("caption")

    def boxes(self, row: Row, *, small: bool = False) -> list[_Box]:
        found: list[_Box] = []
        for piece in row:
            match piece:
                case Sign(sign):
                    found.append(self._word(sign, self._theme.t2, small, breaks=sign.endswith(" ")))
                case Name():
                    found.append(self._word(text((piece,)), self._theme.t1, small))
                case Over(names):
                    found += self._sum(names, small)
                case Fraction(above, below):
                    found += self._fraction(above, below, small)
        return found

    def _word(self, word: str, colour: QColor, small: bool, *, breaks: bool = False) -> _Box:
        face = self._small if small else self._face
        metrics = QFontMetricsF(face)

        def draw(painter: QPainter, x: float, base: float) -> None:
            _write(painter, face, colour, QPointF(x, base), word)

        return _Box(metrics.horizontalAdvance(word), metrics.ascent(), metrics.descent(), draw, breaks)

    def _sum(self, names: Sequence[Name], small: bool) -> list[_Box]:
        index: list[Sign | Name] = []
        for name in names:
            index += [Sign(", "), name] if index else [name]
        under = self.boxes(tuple(index), small=True)
        wide = sum(box.width for box in under)
        large = QFont(self._small if small else self._face)
        large.setPixelSize(round(large.pixelSize() * 1.5))
        metrics = QFontMetricsF(large)
        sign = metrics.horizontalAdvance("Σ")
        drop = QFontMetricsF(self._small).ascent()
        if wide > _WIDE:                                        # beside the sign, where lines can be broken
            lowered = [_moved(box, metrics.descent()) for box in under]
            return [self._sigma(large, sign, 0.0), *lowered, _space(6.0)]
        width = max(sign, wide) + 5

        def draw(painter: QPainter, x: float, base: float) -> None:
            _write(painter, large, self._theme.t2, QPointF(x + (width - 5 - sign) / 2, base + 2), "Σ")
            at = x + (width - 5 - wide) / 2
            for box in under:
                box.draw(painter, at, base + 2 + _GAP + drop)
                at += box.width

        deep = 2 + _GAP + drop + QFontMetricsF(self._small).descent()
        return [_Box(width, metrics.capHeight() + 4, deep, draw)]

    def _sigma(self, face: QFont, width: float, lower: float) -> _Box:
        metrics = QFontMetricsF(face)

        def draw(painter: QPainter, x: float, base: float) -> None:
            _write(painter, face, self._theme.t2, QPointF(x, base + 2 + lower), "Σ")

        return _Box(width + 2, metrics.capHeight() + 2, metrics.descent(), draw)

    def _fraction(self, above: Row, below: Row, small: bool) -> list[_Box]:
        rows = [self.boxes(row, small=small) for row in (above, below)]
        widths = [sum(box.width for box in row) for row in rows]
        width = max(widths) + 8
        if width > self._room:
            written = (Sign("["), *above, Sign("] / ["), *below, Sign("] "))
            return self.boxes(written, small=small)
        middle = QFontMetricsF(self._face).strikeOutPos()
        heights = [(max(box.above for box in row), max(box.below for box in row)) for row in rows]

        def draw(painter: QPainter, x: float, base: float) -> None:
            bar = base - middle
            bases = (bar - _GAP - heights[0][1], bar + _GAP + heights[1][0])
            for row, own, line in zip(rows, widths, bases, strict=True):
                at = x + (width - own) / 2
                for box in row:
                    box.draw(painter, at, line)
                    at += box.width
            painter.fillRect(QRectF(x + 1, bar - 0.5, width - 2, 1), self._theme.t1)

        return [_Box(width, middle + _GAP + sum(heights[0]), sum(heights[1]) + _GAP - middle, draw)]


def _write(painter: QPainter, face: QFont, colour: QColor, at: QPointF, word: str) -> None:
    painter.setFont(face)
    painter.setPen(colour)
    painter.drawText(at, word)


def _moved(box: _Box, down: float) -> _Box:
    def draw(painter: QPainter, x: float, base: float) -> None:
        box.draw(painter, x, base + down)

    return _Box(box.width, max(box.above - down, 0), box.below + down, draw, box.breaks)


def _space(width: float) -> _Box:
    return _Box(width, 0, 0, lambda *_: None, breaks=True)


def _broken(boxes: Iterable[_Box], width: float) -> list[list[_Box]]:
    """Lines no wider than the width where a break is allowed, one box a line at least."""
    lines: list[list[_Box]] = [[]]
    used = 0.0
    word: list[_Box] = []
    for box in [*boxes, None]:
        if box is not None:
            word.append(box)
        if box is None or box.breaks:
            wide = sum(part.width for part in word)
            if lines[-1] and used + wide > width:
                lines.append([])
                used = _INDENT
            lines[-1] += word
            used += wide
            word = []
    return [line for line in lines if line] or [[_space(0)]]


def _height(line: Sequence[_Box]) -> float:
    return max(box.above for box in line) + max(box.below for box in line)
