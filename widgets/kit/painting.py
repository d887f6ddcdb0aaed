"""Strokes that several kit widgets share: crisp rounded boxes, card surfaces, hairlines, elided text."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from widgets.theme import FontRole, Theme, draw_icon, faded, font, line_height, worded

TILE = 40


def painter_on(widget: QWidget) -> QPainter:
    """A painter on a widget with smooth edges."""
    painter = QPainter(widget)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    return painter


def rounded(
    painter: QPainter, box: QRectF, radius: float, fill: QColor | None = None, border: QColor | None = None,
    width: float = 1, dash: Sequence[float] = (),
) -> None:
    """A rounded box whose border lies inside `box`, so that a line of 1 px is sharp. `dash` in px."""
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    painter.setPen(Qt.PenStyle.NoPen)
    if border is not None:
        pen = QPen(border, width)
        if dash:
            pen.setDashPattern([length / width for length in dash])
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        box, radius = box.adjusted(width / 2, width / 2, -width / 2, -width / 2), radius - width / 2
    painter.drawRoundedRect(box, radius, radius)


def surface(
    painter: QPainter, box: QRectF, theme: Theme, radius: float = 10, fill: QColor | None = None, *, held: bool = False
) -> None:
    """The ground of a panel or card: in light a soft shadow under its edge, in dark a hairline.

    `held` gives it the border of the place that has the keyboard. All of it lies inside `box`.
    """
    ground = fill or theme.bg1
    if held or theme.dark or theme.high_contrast:
        rounded(painter, box, radius, ground, theme.strong if held else theme.line, theme.border)
        return
    for sides, bottom, opacity in ((0.0, 0.0, 0.035), (0.6, 0.9, 0.045)):
        rounded(painter, box.adjusted(sides, sides, -sides, -bottom), radius, faded(theme.shadow, opacity))
    rounded(painter, box.adjusted(1, 0.5, -1, -2), radius - 0.5, ground)


def hairline(painter: QPainter, left: float, right: float, y: float, theme: Theme) -> None:
    """A horizontal line 1 px high at the pixel row `y`."""
    painter.fillRect(QRectF(left, y, right - left, 1), theme.line)


def text_in(
    painter: QPainter, box: QRectF, text: str, face: QFont, colour: QColor,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft, elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> None:
    """One line of text, centred vertically in `box`, elided where it does not fit."""
    face = worded(face, text)
    painter.setFont(face)
    painter.setPen(colour)
    metrics = QFontMetricsF(face)
    fits = metrics.horizontalAdvance(text) <= box.width() + 0.5
    shown = text if fits else metrics.elidedText(text, elide, box.width())
    painter.drawText(box, int(align | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine), shown)


def text_width(text: str, face: QFont) -> float:
    """Width of one line of text, px."""
    return QFontMetricsF(worded(face, text)).horizontalAdvance(text)


def picture_in(painter: QPainter, box: QRectF, picture: QPixmap, *, fill: bool = False) -> None:
    """A picture centred in `box`, nearest neighbour; `fill` crops it to cover the box, otherwise it fits whole."""
    if picture.isNull():
        return
    mode = Qt.AspectRatioMode.KeepAspectRatioByExpanding if fill else Qt.AspectRatioMode.KeepAspectRatio
    size = QSizeF(picture.size()).scaled(box.size(), mode)
    target = QRectF(QPointF(), size)
    target.moveCenter(box.center())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.setClipRect(box, Qt.ClipOperation.IntersectClip)
    painter.drawPixmap(target, picture, QRectF(picture.rect()))
    painter.restore()


def top_rounded(box: QRectF, radius: float) -> QPainterPath:
    """A box with round upper corners."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    path.addRoundedRect(box, radius, radius)
    path.addRect(box.adjusted(0, radius, 0, 0))
    return path


def icon_tile(painter: QPainter, box: QRectF, icon: str, theme: Theme, awake: bool, *, faint: bool) -> None:
    """An icon of 20 on a small tile, as cards carry it; `awake` while its card is hovered or has the keyboard."""
    rounded(painter, box, 8, theme.bg3 if awake else theme.bg2)
    draw_icon(painter, icon, box.center(), theme.t2 if faint else theme.t1, 20)


def two_lines(
    painter: QPainter, left: QPointF, width: float, name: str, note: str, above: QColor, below: QColor, *,
    small: bool = False, lines: int = 2,
) -> None:
    """A name over a note, on both sides of the height of `left`, in at most so many lines together (2 or 3)."""
    role: FontRole = "title" if small else "card"
    names = _broken(name, font(role), width) if lines > 2 else [name]
    notes = _broken(note, font("second"), width) if lines > 1 + len(names) else [note]
    high, low = line_height("card"), line_height("second")
    top = left.y() - (high * len(names) + low * len(notes)) / 2
    for i, line in enumerate(names):
        text_in(painter, QRectF(left.x(), top - 2 + i * high, width, high), line, font(role), above)
    for i, line in enumerate(notes):
        place = QRectF(left.x(), top + high * len(names) + i * low, width, low)
        text_in(painter, place, line, font("second"), below)


def _broken(text: str, face: QFont, width: float) -> list[str]:
    """A text in one line, or in two broken between words: as much in the first as has room."""
    if text_width(text, face) <= width:
        return [text]
    words = text.split(" ")
    fits = [i for i in range(1, len(words)) if text_width(" ".join(words[:i]), face) <= width]
    return [text] if not fits else [" ".join(words[: fits[-1]]), " ".join(words[fits[-1] :])]
