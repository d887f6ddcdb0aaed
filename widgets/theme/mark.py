"""The product's mark: one dot, two branches; the upper grey, the lower accent."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPainterPath, QPen, QPixmap

from widgets.theme.value import Theme


def draw_mark(painter: QPainter, box: QRectF, theme: Theme) -> None:
    """Paint the mark into a box; drawn on a field of 24 x 24."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(box.topLeft())
    painter.scale(box.width() / 24, box.height() / 24)
    root = QPointF(3.5, 12)
    for end, colour, radius in ((QPointF(20, 4.8), theme.t2, 2.8), (QPointF(20, 19.2), theme.acc, 3.4)):
        branch = QPainterPath(root)
        branch.cubicTo(QPointF(7, (12 + end.y()) / 2), QPointF(11.5, end.y()), end)
        painter.setPen(QPen(colour, 2.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(branch)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawEllipse(end, radius, radius)
    painter.setBrush(theme.t1)
    painter.drawEllipse(root, 2.9, 2.9)
    painter.restore()


def mark_icon(theme: Theme) -> QIcon:
    """The mark as the window's icon."""
    result = QIcon()
    for size in (16, 24, 32, 48, 64, 128, 256):
        pixmap = QPixmap(size, size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        draw_mark(painter, QRectF(pixmap.rect()), theme)
        painter.end()
        result.addPixmap(pixmap)
    return result
