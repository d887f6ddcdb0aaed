"""Text in a fixed font with the numbers of its lines, of which one can be marked as wrong."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QPaintEvent, QResizeEvent, QTextCursor, QTextFormat
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from widgets.kit.follow import follow_theme
from widgets.kit.painting import painter_on
from widgets.theme import Theme, fixed_font

_ROOM = 10              # px left and right of the numbers


class NumberedText(QPlainTextEdit):
    """A page of text. Tab leaves it; Ctrl+Z goes to the window where nothing typed is left to take back."""

    left = Signal()                         # the focus went elsewhere

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._wrong = 0
        self._numbers = _Numbers(self)
        self.blockCountChanged.connect(self._make_room)
        self.updateRequest.connect(self._scroll)
        follow_theme(self._restyle)

    def text(self) -> str:
        """What is written, no-break spaces and line separators as they are, which `toPlainText` turns into others."""
        return self.document().toRawText().replace("\u2029", "\n")

    def put(self, text: str, *, again: bool = False) -> None:
        """Show another text; cursor and selection stay where they were. `again`: Ctrl+Z brings the old text back."""
        old = self.text()
        if text != old:
            here, spots = self.textCursor(), self._spots()
            begin = _agreeing(old, text)
            end = _agreeing(old[begin:][::-1], text[begin:][::-1])
            here.setPosition(_units(old[:begin]))
            here.setPosition(_units(old[: len(old) - end]), QTextCursor.MoveMode.KeepAnchor)
            here.insertText(text[begin : len(text) - end])
            if old.count("\n") == text.count("\n"):
                self._go(spots)
        if not again:
            self.document().clearUndoRedoStacks()

    def wrong_line(self) -> int:
        """The line that is marked, from 1; 0 for none."""
        return self._wrong

    def mark(self, line: int) -> None:
        """Mark a line as wrong, from 1; 0 marks none."""
        self._wrong = line
        marked = []
        block = self.document().findBlockByNumber(line - 1) if line else None
        if block is not None and block.isValid():
            tint = QTextEdit.ExtraSelection()
            tint.cursor = QTextCursor(block)
            tint.format.setBackground(Theme.current().errt)
            tint.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
            marked = [tint]
        self.setExtraSelections(marked)
        self._numbers.update()

    def event(self, event: QEvent) -> bool:
        if (
            event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
            and ((event.matches(QKeySequence.StandardKey.Undo) and not self.document().isUndoAvailable())
                 or (event.matches(QKeySequence.StandardKey.Redo) and not self.document().isRedoAvailable()))
        ):
            event.ignore()
            return False
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()
        if self.hasFocus() or self._wrong:
            self.ensureCursorVisible()

    def numbers_width(self) -> int:
        digits = max(2, len(str(self.blockCount())))
        return self.fontMetrics().horizontalAdvance("0" * digits) + 2 * _ROOM

    def paint_numbers(self, event: QPaintEvent) -> None:
        """Draw the numbers beside the lines in sight."""
        theme, painter = Theme.current(), painter_on(self._numbers)
        painter.setFont(self.font())
        block = self.firstVisibleBlock()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        while block.isValid() and top <= event.rect().bottom():
            height = self.blockBoundingRect(block).height()
            number = block.blockNumber() + 1
            here = QRectF(0, top, self._numbers.width(), height)
            wrong = number == self._wrong
            if wrong:
                painter.fillRect(here, theme.errt)
            painter.setPen(theme.err if wrong else theme.t3)
            painter.drawText(here.adjusted(0, 0, -_ROOM, 0), Qt.AlignmentFlag.AlignRight, str(number))
            top += height
            block = block.next()

    def _spots(self) -> tuple[tuple[int, int], ...]:
        """Line and column of where the selection begins and of the cursor."""
        cursor, page = self.textCursor(), self.document()
        found = []
        for at in (cursor.anchor(), cursor.position()):
            block = page.findBlock(at)
            found.append((block.blockNumber(), at - block.position()))
        return tuple(found)

    def _go(self, spots: tuple[tuple[int, int], ...]) -> None:
        cursor = self.textCursor()
        modes = (QTextCursor.MoveMode.MoveAnchor, QTextCursor.MoveMode.KeepAnchor)
        for (line, column), mode in zip(spots, modes):
            block = self.document().findBlockByNumber(line)
            cursor.setPosition(block.position() + min(column, block.length() - 1), mode)
        self.setTextCursor(cursor)

    def _make_room(self, *_: object) -> None:
        self.setViewportMargins(self.numbers_width(), 0, 0, 0)
        inside = self.contentsRect()
        self._numbers.setGeometry(QRect(inside.left(), inside.top(), self.numbers_width(), inside.height()))

    def _scroll(self, rect: QRect, by: int) -> None:
        if by:
            self._numbers.scroll(0, by)
        else:
            self._numbers.update(0, rect.y(), self._numbers.width(), rect.height())

    def _restyle(self) -> None:
        self.setFont(fixed_font())
        self._make_room()
        self.mark(self._wrong)


class _Numbers(QWidget):
    def __init__(self, page: NumberedText) -> None:
        super().__init__(page)
        self._page = page

    def sizeHint(self) -> QSize:
        return QSize(self._page.numbers_width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._page.paint_numbers(event)


def _agreeing(a: str, b: str) -> int:
    """How many characters both texts begin with."""
    return next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))


def _units(text: str) -> int:
    """Length as Qt counts it, in UTF-16."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
