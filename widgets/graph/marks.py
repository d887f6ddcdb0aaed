"""The small signs of the graph, as vectors so that exports stay sharp: heads, tags, pills, scissors, alerts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from widgets.graph.geometry import Point
from widgets.graph.lettering import text_font, width_of
from widgets.theme import Theme

_NONE = Qt.BrushStyle.NoBrush


@lru_cache(maxsize=512)
def _pen(rgba: int, width: float, dash: tuple[float, ...], round_cap: bool) -> QPen:
    pen = QPen(QColor.fromRgba(rgba), width)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap if round_cap else Qt.PenCapStyle.FlatCap)
    if dash:
        pen.setDashPattern([length / width for length in dash])
    return pen


def pen(colour: QColor, width: float, dash: Sequence[float] = (), *, round_cap: bool = False) -> QPen:
    """A pen; `dash` in px. Pens are kept, do not change them."""
    return _pen(colour.rgba(), width, tuple(dash), round_cap)


def thin(colour: QColor, width: float) -> QPen:
    """A pen whose width is px of the device at any zoom."""
    result = QPen(colour, width)
    result.setCosmetic(True)
    return result


def head(painter: QPainter, tip: Point, into: Point, colour: QColor, ground: QColor | None, long: float) -> None:
    """An arrow head with its point at `tip`; hollow over `ground` if that is given."""
    half = long * 4 / 9
    base = (tip[0] - long * into[0], tip[1] - long * into[1])
    painter.setPen(pen(colour, 1.2) if ground is not None else Qt.PenStyle.NoPen)
    painter.setBrush(colour if ground is None else ground)
    painter.drawPolygon(
        QPolygonF([
            QPointF(*tip),
            QPointF(base[0] - half * into[1], base[1] + half * into[0]),
            QPointF(base[0] + half * into[1], base[1] - half * into[0]),
        ])
    )


def open_circle(painter: QPainter, tip: Point, into: Point, colour: QColor, ground: QColor, wide: float) -> None:
    """A circle end of 7 px."""
    centre = QPointF(tip[0] - 3.5 * into[0], tip[1] - 3.5 * into[1])
    painter.setPen(pen(colour, wide))
    painter.setBrush(ground)
    painter.drawEllipse(centre, 3.5 - wide / 2, 3.5 - wide / 2)


def bar(painter: QPainter, tip: Point, into: Point, colour: QColor) -> None:
    """A bar across an edge near its end: the path is blocked there."""
    x, y = tip[0] - 17 * into[0], tip[1] - 17 * into[1]
    painter.setPen(pen(colour, 2.5, round_cap=True))
    painter.drawLine(QPointF(x - 9 * into[1], y + 9 * into[0]), QPointF(x + 9 * into[1], y - 9 * into[0]))


def ring(painter: QPainter, centre: QPointF, radius: float, colour: QColor, ground: QColor, wide: float = 1.2) -> None:
    painter.setPen(pen(colour, wide))
    painter.setBrush(ground)
    painter.drawEllipse(centre, radius, radius)


def scissors(painter: QPainter, centre: QPointF, colour: QColor, ground: QColor) -> None:
    """Scissors in a ring of 20: the edge is cut here."""
    ring(painter, centre, 10, colour, ground, 1.4)
    painter.save()
    painter.translate(centre)
    painter.scale(0.5, 0.5)
    painter.translate(-12, -12)
    painter.setPen(pen(colour, 2.2, round_cap=True))
    painter.setBrush(_NONE)
    for y in (6, 18):
        painter.drawEllipse(QPointF(6, y), 3, 3)
    painter.drawLine(QPointF(20, 4), QPointF(8.1, 15.9))
    painter.drawLine(QPointF(14.5, 14.5), QPointF(20, 20))
    painter.drawLine(QPointF(8.1, 8.1), QPointF(12, 12))
    painter.restore()


def alert(painter: QPainter, centre: QPointF, colour: QColor) -> None:
    """A ring with an exclamation mark."""
    ring(painter, centre, 7, colour, QColor(Qt.GlobalColor.transparent), 1.3)
    painter.setPen(pen(colour, 1.4, round_cap=True))
    painter.drawLine(centre + QPointF(0, -3.4), centre + QPointF(0, 0.6))
    painter.drawPoint(centre + QPointF(0, 3.2))


def cross(painter: QPainter, centre: QPointF, colour: QColor) -> None:
    painter.setPen(pen(colour, 2, round_cap=True))
    for y in (-5, 5):
        painter.drawLine(centre + QPointF(-5, y), centre + QPointF(5, -y))


def sign(painter: QPainter, centre: QPointF, shape: str, colour: QColor, ground: QColor) -> None:
    """A sign in a ring of 16: "+" only here, "−" only there, "↻" turned, "!" against the data."""
    ring(painter, centre, 8, colour, ground, 1.4)
    painter.setPen(pen(colour, 1.6, round_cap=True))
    painter.setBrush(_NONE)
    if shape == "↻":
        painter.drawArc(QRectF(centre.x() - 3.8, centre.y() - 3.8, 7.6, 7.6), 20 * 16, 290 * 16)
        tip = centre + QPointF(3.6, -1.4)
        painter.drawLine(tip, tip + QPointF(0.3, -3.2))
        painter.drawLine(tip, tip + QPointF(-3.1, 0.3))
        return
    if shape == "!":
        painter.drawLine(centre + QPointF(0, -3.8), centre + QPointF(0, 0.6))
        painter.drawPoint(centre + QPointF(0, 3.8))
        return
    painter.drawLine(centre + QPointF(-3.6, 0), centre + QPointF(3.6, 0))
    if shape == "+":
        painter.drawLine(centre + QPointF(0, -3.6), centre + QPointF(0, 3.6))


def pill(
    painter: QPainter, centre: QPointF, text: str, ink: QColor, border: QColor, ground: QColor, theme: Theme
) -> None:
    """A number on an edge."""
    wide, high = width_of(text, "strong_caption", theme.scale, 600) + 12, theme.px(17)
    box = QRectF(centre.x() - wide / 2, centre.y() - high / 2, wide, high)
    painter.setPen(pen(border, 1.2))
    painter.setBrush(ground)
    painter.drawRoundedRect(box, high / 2, high / 2)
    painter.setPen(ink)
    painter.setFont(text_font("strong_caption", theme.scale, 600))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def pin(painter: QPainter, tip: QPointF, colour: QColor, ground: QColor) -> None:
    """A pin whose point is at `tip`."""
    painter.setPen(pen(colour, 1.3))
    painter.drawLine(tip, tip + QPointF(3.5, -5))
    ring(painter, tip + QPointF(5.5, -8), 3.4, colour, ground, 1.3)


def exposure(painter: QPainter, centre: QPointF, colour: QColor, size: float = 5.0) -> None:
    """▶."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    x, y = centre.x(), centre.y()
    painter.drawPolygon(
        QPolygonF([QPointF(x - size, y - size), QPointF(x + size * 0.9, y), QPointF(x - size, y + size)])
    )


def outcome(painter: QPainter, centre: QPointF, colour: QColor) -> None:
    """A ring and a dot."""
    painter.setPen(pen(colour, 1.4))
    painter.setBrush(_NONE)
    painter.drawEllipse(centre, 5.5, 5.5)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(centre, 2, 2)


def hexagon(box: QRectF) -> QPainterPath:
    """Six sides: the outline of a selection node."""
    c = min(box.height() / 4, 10.0)
    path = QPainterPath(QPointF(box.left(), box.center().y()))
    for x, y in (
        (box.left() + c, box.top()), (box.right() - c, box.top()), (box.right(), box.center().y()),
        (box.right() - c, box.bottom()), (box.left() + c, box.bottom()),
    ):
        path.lineTo(x, y)
    path.closeSubpath()
    return path
