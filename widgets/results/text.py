"""Text in spans: the ground tells a value, a small word after it a label."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QPainter,
    QPalette,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QFrame, QTextEdit, QWidget

from engines.results import Span, TextResult
from widgets.curves.figures import short_text
from widgets.kit.control import mixed
from widgets.kit.follow import follow_theme
from widgets.theme import Theme, diverging, font

REMOVED, ADDED = "removed", "added"
"""Labels with a look of their own: struck through, and in accent."""


class TextView(QTextEdit):
    """The text, to read and to copy."""

    def __init__(self, result: TextResult, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._result = result
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setStyleSheet("QTextEdit { background: transparent; border: none; padding: 0; }")
        self.setAccessibleName(result.title)
        follow_theme(self._fill)

    def result(self) -> TextResult:
        return self._result

    def set_result(self, result: TextResult) -> None:
        """Another text; the same one again does nothing."""
        if result is not self._result:
            self._result = result
            self.setAccessibleName(result.title)
            self._fill()

    def paint(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        paint_text(self._result, painter, rect, theme)

    def figure_size(self) -> tuple[float, float]:
        return text_size(self._result)

    def _fill(self) -> None:
        fill(self.document(), self._result, Theme.current())


def text_size(result: TextResult) -> tuple[float, float]:
    """Width and height as a figure, px: as high as the text is."""
    document = QTextDocument()
    fill(document, result, Theme.of("light"))
    document.setTextWidth(480)
    return 480.0, max(document.size().height(), 60.0)


def paint_text(result: TextResult, painter: QPainter, rect: QRectF, theme: Theme) -> None:
    """The text, broken to the width of the rectangle and cut at its bottom."""
    document = QTextDocument()
    fill(document, result, theme)
    document.setTextWidth(rect.width())
    context = QAbstractTextDocumentLayout.PaintContext()
    context.palette.setColor(QPalette.ColorRole.Text, theme.t1)
    painter.save()
    painter.setClipRect(rect)
    painter.translate(rect.topLeft())
    document.documentLayout().draw(painter, context)
    painter.restore()


def fill(document: QTextDocument, result: TextResult, theme: Theme) -> None:
    """Write captions and spans into a document in the colours of a theme."""
    document.clear()
    document.setDefaultFont(font("body", scale=theme.scale))
    cursor = QTextCursor(document)
    for name, value in result.captions.items():
        cursor.insertText(f"{name}: {value}", _plain(theme.t2, "second", theme))
        cursor.insertBlock()
    for span in result.spans:
        cursor.insertText(span.text, _look(span, theme))
        if span.label and span.label not in (REMOVED, ADDED):
            value = f" {short_text(span.value, 2)}" if span.value is not None else ""
            cursor.insertText(f"\N{NARROW NO-BREAK SPACE}{span.label}{value}", _plain(theme.t2, "caption", theme))


def _look(span: Span, theme: Theme) -> QTextCharFormat:
    look = _plain(theme.t1, "body", theme)
    if span.label == REMOVED:
        look.setForeground(theme.t3)
        look.setFontStrikeOut(True)
    elif span.label == ADDED:
        look.setForeground(theme.acc)
        look.setFontWeight(600)
    elif span.value is not None:
        look.setBackground(tint(span.value, theme))
    return look


def tint(value: float, theme: Theme) -> QColor:
    """The ground of a value in [-1, 1]: the diverging map, pale enough to read first text on it."""
    lut = diverging(theme)
    index = round((min(max(value, -1.0), 1.0) + 1) / 2 * (len(lut) - 1))
    full = QColor(*(int(part) for part in lut[index]))
    return mixed(theme.bg1, full, 0.45 if theme.dark else 0.4)


def _plain(colour: QColor, role: str, theme: Theme) -> QTextCharFormat:
    look = QTextCharFormat()
    look.setFont(font(role, scale=theme.scale))      # type: ignore[arg-type]
    look.setForeground(colour)
    look.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignNormal)
    return look
