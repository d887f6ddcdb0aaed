"""Tiers side by side: names lie in columns and are moved from one to another.

Mouse: click selects, Shift or Ctrl adds, a drag moves what is selected to another column, a click on a head opens its
menu. Keys: arrows walk, with Shift they add; Ctrl+left and Ctrl+right move to the next column, digits to that tier
(0 is none), Delete to none; Enter opens the menu of the column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QToolTip, QWidget

from widgets.kit.follow import follow_theme
from widgets.kit.painting import painter_on, rounded, text_in, text_width
from widgets.theme import Theme, draw_icon, faded, font

_COLUMN, _GAP, _HEAD, _RULE, _ITEM = 132, 8, 28, 16, 26         # px
_CONTROL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@dataclass(frozen=True)
class TierItem:
    """A name or a pattern; `figure` stands at its right end, `tip` is told on hover."""

    text: str
    figure: str = ""
    tip: str = ""


@dataclass(frozen=True)
class TierColumn:
    """A column: its title, what its rules say, its items. `ghost`: not there yet, things may be dropped on it."""

    title: str
    items: tuple[TierItem, ...] = ()
    rule: str = ""
    ghost: bool = False


class TierBoard(QWidget):
    """Shows columns and hears what should be moved; it moves nothing by itself. `area()` lets it scroll."""

    moved = Signal(object, int)             # texts of the items, index of the column
    menu_wished = Signal(int, object)       # index of the column, QPoint on the screen

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._columns: tuple[TierColumn, ...] = ()
        self._chosen: tuple[str, ...] = ()
        self._current: tuple[int, int] = (0, 0)
        self._press: QPointF | None = None
        self._hand: QPointF | None = None           # where the hand is while it drags
        self._area: QScrollArea | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ringRadius", 6)
        self.setMouseTracking(True)
        follow_theme(self._restyle)
        self._describe()

    def area(self) -> QScrollArea:
        """A scroll area round the board, without a frame."""
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(self)
        self._area = area
        return area

    def columns(self) -> tuple[TierColumn, ...]:
        return self._columns

    def set_columns(self, columns: Sequence[TierColumn]) -> None:
        """Show these; what is selected stays so where it is still there."""
        if tuple(columns) == self._columns:
            return
        last = self._chosen[-1:]
        self._columns = tuple(columns)
        there = {item.text: (c, r) for c, column in enumerate(columns) for r, item in enumerate(column.items)}
        self._chosen = tuple(text for text in self._chosen if text in there)
        self._current = there.get(last[0], (0, 0)) if last else self._inside(*self._current)
        self._restyle()
        self._describe()

    def selection(self) -> tuple[str, ...]:
        """Texts of the selected items, in the order of selecting."""
        return self._chosen

    def select(self, *texts: str) -> None:
        """Select items by their texts."""
        there = {item.text: (c, r) for c, column in enumerate(self._columns) for r, item in enumerate(column.items)}
        self._chosen = tuple(text for text in texts if text in there)
        if self._chosen:
            self._go(there[self._chosen[-1]])
        self.update()

    def box(self, column: int, row: int) -> QRect:
        """Where an item is; row -1 is the head."""
        px = Theme.current().px
        left = column * (px(_COLUMN) + _GAP)
        if row < 0:
            return QRect(left, 0, px(_COLUMN), px(_HEAD))
        return QRect(left + 4, self._top() + row * px(_ITEM), px(_COLUMN) - 8, px(_ITEM) - 4)

    # Qt overrides

    def sizeHint(self) -> QSize:
        px = Theme.current().px
        longest = max((len(column.items) for column in self._columns), default=0)
        wide = len(self._columns) * (px(_COLUMN) + _GAP) - _GAP
        return QSize(max(wide, px(_COLUMN)), self._top() + (longest + 1) * px(_ITEM))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, theme = painter_on(self), Theme.current()
        target = self._column_at(self._hand) if self._hand is not None else None
        for c, column in enumerate(self._columns):
            self._paint_column(painter, theme, c, column, here=c == target)
        if self._hand is not None and self._chosen:
            text = self._chosen[0] if len(self._chosen) == 1 else self.tr("{} names").format(len(self._chosen))
            box = QRectF(self._hand.x() - 12, self._hand.y() - 12, theme.px(_COLUMN) - 8, theme.px(_ITEM) - 4)
            rounded(painter, box, 5, theme.bg1, theme.ink, 1)
            text_in(painter, box.adjusted(8, 0, -8, 0), text, font("second"), theme.t1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        c, r = self._at(event.position())
        if r < 0:
            if c >= 0:
                self.menu_wished.emit(c, self.mapToGlobal(self.box(c, -1).bottomLeft()))
            return
        text = self._columns[c].items[r].text
        if event.modifiers() & (_CONTROL | _SHIFT):
            self._chosen = tuple(t for t in self._chosen if t != text) if text in self._chosen else (
                *self._chosen, text
            )
        elif text not in self._chosen:
            self._chosen = (text,)
        self._press = event.position()
        self._go((c, r))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._press is None or not self._chosen:
            return
        far = (event.position() - self._press).manhattanLength() >= QApplication.startDragDistance() / 2
        if far or self._hand is not None:
            self._hand = event.position()
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        dragged, self._hand, self._press = self._hand is not None, None, None
        self.update()
        target = self._column_at(event.position())
        if dragged and target is not None:
            self._move(target)
        elif not dragged and len(self._chosen) > 1 and not event.modifiers() & (_CONTROL | _SHIFT):
            c, r = self._at(event.position())
            if r >= 0:
                self.select(self._columns[c].items[r].text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, plain = Qt.Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        c = self._current[0]
        steps = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
        if key in steps and plain == _CONTROL:
            self._move(c + steps[key][0])
        elif key in steps:
            self._walk(*steps[key], add=plain == _SHIFT)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._move(0)
        elif Qt.Key.Key_0 <= key <= Qt.Key.Key_9 and plain in (Qt.KeyboardModifier.NoModifier,):
            self._move(key - Qt.Key.Key_0)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._columns:
            self.menu_wished.emit(c, self.mapToGlobal(self.box(c, -1).bottomLeft()))
        elif key == Qt.Key.Key_Escape and self._hand is not None:
            self._hand = self._press = None
            self.update()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self._chosen:
            self._walk(0, 0, add=False)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            c, r = self._at(QPointF(event.pos()))
            item = self._columns[c].items[r] if r >= 0 else None
            QToolTip.showText(event.globalPos(), (item.tip or item.text) if item is not None else "", self)
            return True
        return super().event(event)

    # private

    def _top(self) -> int:
        px = Theme.current().px
        return px(_HEAD) + (px(_RULE) if any(column.rule for column in self._columns) else 0) + 2

    def _paint_column(self, painter: QPainter, theme: Theme, c: int, column: TierColumn, *, here: bool) -> None:
        head = QRectF(self.box(c, -1))
        whole = QRectF(head.left(), 0, head.width(), self.height())
        edge = theme.ink if here else faded(theme.strong, 0.8) if column.ghost else None
        rounded(
            painter, whole, 8, None if column.ghost else theme.bg2, edge, 2 if here else 1,
            (3, 2.5) if column.ghost and not here else (),
        )
        inner = head.adjusted(10, 0, -8, 0)
        if column.ghost:
            text_in(painter, inner, column.title, font("second"), theme.t2)
            return
        text_in(painter, inner, column.title, font("second", weight=600), theme.t1)
        if c:
            draw_icon(painter, "chevron-down", QPointF(head.right() - 14, head.center().y()), theme.t2, 14)
        if column.rule:
            below = QRectF(inner.left(), head.bottom() - 4, inner.width(), theme.px(_RULE))
            text_in(painter, below, column.rule, font("caption"), theme.t2)
        for r, item in enumerate(column.items):
            self._paint_item(painter, theme, QRectF(self.box(c, r)), item, current=(c, r) == self._current)

    def _paint_item(self, painter: QPainter, theme: Theme, box: QRectF, item: TierItem, *, current: bool) -> None:
        chosen = item.text in self._chosen
        line = theme.ink if chosen else theme.line
        rounded(painter, box, 5, theme.bg3 if chosen else theme.bg1, line, 2 if chosen and current else 1)
        inner = box.adjusted(8, 0, -8, 0)
        if item.figure:
            face = font("caption")
            text_in(painter, inner, item.figure, face, theme.t2, Qt.AlignmentFlag.AlignRight)
            inner.setRight(inner.right() - text_width(item.figure, face) - 6)
        text_in(painter, inner, item.text, font("second"), theme.t1, elide=Qt.TextElideMode.ElideMiddle)

    def _column_at(self, at: QPointF) -> int | None:
        found = int(at.x() // (Theme.current().px(_COLUMN) + _GAP))
        return found if 0 <= found < len(self._columns) else None

    def _at(self, at: QPointF) -> tuple[int, int]:
        """Column and row of a point; row -1 for a head or the ground, column -1 for neither."""
        c = self._column_at(at)
        if c is None:
            return -1, -1
        if self.box(c, -1).contains(at.toPoint()):
            return c, -1
        row = next((r for r in range(len(self._columns[c].items)) if self.box(c, r).contains(at.toPoint())), -1)
        return (c, row) if row >= 0 else (-1, -1)

    def _inside(self, c: int, r: int) -> tuple[int, int]:
        if not self._columns:
            return 0, 0
        c = min(max(c, 0), len(self._columns) - 1)
        return c, min(max(r, 0), max(len(self._columns[c].items) - 1, 0))

    def _walk(self, right: int, down: int, *, add: bool) -> None:
        c, r = self._current
        columns = [i for i, column in enumerate(self._columns) if column.items]
        if not columns:
            return
        if right:
            c = next((i for i in (columns if right > 0 else columns[::-1]) if (i - c) * right > 0), c)
        elif c not in columns:
            c = columns[0]
        to = self._inside(c, r + down)
        text = self._columns[to[0]].items[to[1]].text
        self._chosen = (*(t for t in self._chosen if t != text), text) if add else (text,)
        self._go(to)

    def _go(self, to: tuple[int, int]) -> None:
        self._current = to
        self.update()
        self._describe()
        if self._area is not None:
            centre: QPoint = self.box(*to).center()
            self._area.ensureVisible(centre.x(), centre.y(), self.box(*to).width() // 2 + 8, 24)

    def _move(self, column: int) -> None:
        if self._chosen and 0 <= column < len(self._columns):
            here = {item.text for item in self._columns[column].items}
            if not set(self._chosen) <= here:
                self.moved.emit(self._chosen, column)

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def _describe(self) -> None:
        """For screen readers: the item that is current and where it lies."""
        c, r = self._current
        items = self._columns[c].items if c < len(self._columns) else ()
        if r < len(items) and self._chosen:
            said = f"{items[r].text}, {self._columns[c].title}, {r + 1} of {len(items)}"
            self.setAccessibleName(f"{self._name}: {said}")
        else:
            self.setAccessibleName(self._name)
        self.setAccessibleDescription("\n".join(
            f"{column.title}: {', '.join(item.text for item in column.items)}" for column in self._columns
            if not column.ghost
        ))
