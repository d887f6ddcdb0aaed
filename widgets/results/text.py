"""Text in spans: the ground tells a value, a small word after it a label."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QKeyEvent,
    QPainter,
    QPalette,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QFrame, QTextEdit, QWidget

from engines.results import Span, TextResult
from widgets.curves.figures import short_text
from widgets.decisions import KEYS, Decision, Decisions, Shown, word
from widgets.kit.control import mixed
from widgets.kit.follow import follow_theme
from widgets.theme import Theme, diverging, font

REMOVED, ADDED = "removed", "added"
"""Labels with a look of their own: struck through, and in accent."""


TEXT, TEXT_ID = "text", 1
"""A text is one item, and what is corrected in it is the text."""


class TextView(QTextEdit):
    """The text, to read and to copy.

    Once it is given decisions it tells its own above the text; A, C, X and M ask for another. While it is corrected it
    is a field: Ctrl+Enter takes the new text, Escape leaves the old one.
    """

    acted = Signal(object)                      # Act; by the user's hand, as is the next
    corrected = Signal(object, str, object)     # ids, "text", the new text

    def __init__(self, result: TextResult, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._result = result
        self._decisions: Decisions | None = None
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

    def items(self) -> tuple[int, ...]:
        return (TEXT_ID,)

    def chosen_items(self) -> tuple[int, ...]:
        return (TEXT_ID,)

    def decisions(self) -> Decisions | None:
        return self._decisions

    def set_decisions(self, decisions: Decisions, _shown: Shown = Shown.ALL) -> None:
        """What was said of the text; it is always to be seen."""
        if decisions != self._decisions:
            self._decisions = decisions
            self._fill()

    def begin_correction(self) -> None:
        """Let the text be typed in."""
        self.setPlainText(str(self._decision().values.get(TEXT, plain_text(self._result))))
        self.setReadOnly(False)
        self.setFocus()
        self.setToolTip(self.tr("Ctrl+Enter takes the text, Escape leaves it as it was."))

    def paint(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        paint_text(self._result, painter, rect, theme)

    def figure_size(self) -> tuple[float, float]:
        return text_size(self._result)

    def event(self, event: QEvent) -> bool:
        """While it is typed in, its keys are no shortcuts of the window."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and not self.isReadOnly():
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        act = KEYS.get(Qt.Key(event.key()))
        if not self.isReadOnly():
            self._key_while_typed(event)
        elif act is not None and self._decisions is not None and not event.modifiers():
            self.acted.emit(act)
        else:
            super().keyPressEvent(event)

    def _key_while_typed(self, event: QKeyEvent) -> None:
        takes = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and event.modifiers()
        if not takes and event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
            return
        text = self.toPlainText()
        self.setReadOnly(True)
        self.setToolTip("")
        self._fill()
        if takes and text != plain_text(self._result):
            self.corrected.emit((TEXT_ID,), TEXT, text)

    def _decision(self) -> Decision:
        return Decision() if self._decisions is None else self._decisions.of(TEXT_ID)

    def _fill(self) -> None:
        if self.isReadOnly():
            theme, decision = Theme.current(), self._decision()
            fill(self.document(), self._result, theme)
            _tell_decision(self.document(), self._result, decision, theme)


def plain_text(result: TextResult) -> str:
    """All spans without their labels."""
    return "".join(span.text for span in result.spans)


def _tell_decision(document: QTextDocument, result: TextResult, decision: Decision, theme: Theme) -> None:
    """What was said of the text above it, and the corrected text before the one that it replaces."""
    cursor = QTextCursor(document)
    if decision.words:
        cursor.insertText(", ".join(word(said) for said in decision.words), _plain(theme.t2, "second", theme))
        cursor.insertBlock()
    if TEXT in decision.values:
        cursor.insertText(str(decision.values[TEXT]), _plain(theme.t1, "body", theme))
        cursor.insertBlock()
        old = _plain(theme.t3, "body", theme)
        old.setFontStrikeOut(True)
        cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
        cursor.insertText(plain_text(result), old)


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
