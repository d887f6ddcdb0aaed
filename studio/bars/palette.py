"""The command palette: a field and the commands that fit what is typed in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFontMetricsF,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from studio.bars.fuzzy import Match, ranked
from studio.bars.popup import Popup
from widgets.kit.follow import follow_theme
from widgets.kit.label import Hairline, Label
from widgets.kit.painting import painter_on, rounded, text_in, text_width
from widgets.theme import Theme, draw_icon, font, known_icon

WIDTH = 560
_ROW, _MOST, _TOP = 36, 10, 52


@dataclass(frozen=True)
class Command:
    """A verb with what it does.

    Attributes:
        keys: Its shortcut, such as "Ctrl+E"; only shown.
        group: Where it belongs, such as the panel's name; shown in grey and found as well.
        off_because: Why it cannot be done now; empty when it can.
    """

    name: str
    run: Callable[[], object]
    keys: str = ""
    icon: str = ""
    group: str = ""
    off_because: str = ""

    @property
    def text(self) -> str:
        """What is searched: the name, then the group."""
        return f"{self.name} {self.group}" if self.group else self.name


class CommandPalette(Popup):
    """Up and down choose, Enter or a click runs the command and closes, Escape closes."""

    ran = Signal(str)           # name of the command

    def __init__(self, host: QWidget | None = None) -> None:
        super().__init__(host)
        self._commands: Callable[[], Sequence[Command]] = tuple
        self._open: Sequence[Command] = ()
        self.setAccessibleName(self.tr("Search or run a command"))
        self._field = QLineEdit()
        self._field.setProperty("bare", True)
        self._field.setProperty("ringRadius", -1)
        self._field.setPlaceholderText(self.tr("Search or run a command"))
        self._field.setAccessibleName(self.tr("Search or run a command"))
        self._field.installEventFilter(self)
        self._field.textChanged.connect(self._search)
        self._rows = _Rows()
        self._rows.picked.connect(self._run)
        self._none = Label(self.tr("No command matches."), "second", "t2")
        self._none.setMargin(14)
        self._none.hide()
        self._head = QWidget()
        head = QHBoxLayout(self._head)
        head.setContentsMargins(16, 0, 16, 0)
        head.addWidget(self._field)
        self.column.addWidget(self._head)
        self.column.addWidget(Hairline())
        self.column.addWidget(self._rows)
        self.column.addWidget(self._none)
        follow_theme(self._restyle)

    def set_commands(self, commands: Callable[[], Sequence[Command]]) -> None:
        """Where the commands come from; asked each time the palette opens, so that they are those of the moment."""
        self._commands = commands

    def open_palette(self) -> None:
        """Show it under the top bar with an empty field."""
        self._open = tuple(self._commands())
        self._field.clear()
        self._search("")
        host = self.parentWidget()
        width = min(Theme.current().px(WIDTH), (host.width() if host is not None else 2000) - 32)
        self._rows.setFixedWidth(width)
        left = ((host.width() if host is not None else width) - width) // 2
        self.open_at(QPoint(left, _TOP))
        self._field.setFocus(Qt.FocusReason.PopupFocusReason)

    def query(self) -> str:
        return self._field.text()

    def field(self) -> QLineEdit:
        """Where one types."""
        return self._field

    def found(self) -> list[str]:
        """Names of the commands that fit, the best first."""
        return [command.name for command, _ in self._rows.found]

    def current(self) -> str:
        """Name of the command that Enter would run; empty when none fits."""
        found = self._rows.found
        return found[self._rows.current][0].name if found else ""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._field and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            key = Qt.Key(event.key())
            steps = {
                Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -_MOST, Qt.Key.Key_PageDown: _MOST,
            }
            if key in steps:
                self._rows.step(steps[key])
                self._speak()
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                if self._rows.found:
                    self._run(self._rows.current)
                return True
        return super().eventFilter(watched, event)

    def _search(self, query: str) -> None:
        found = ranked(query, self._open, lambda command: command.text)
        self._rows.set_found(found)
        self._rows.setVisible(bool(found))
        self._none.setVisible(not found)
        self.fit()
        self._speak()

    def _run(self, index: int) -> None:
        command = self._rows.found[index][0]
        if command.off_because:
            return
        self.close_popup()
        command.run()
        self.ran.emit(command.name)

    def _speak(self) -> None:
        """Tell a screen reader which command is chosen."""
        self._field.setAccessibleDescription(self.current())
        if self.isVisible():
            QAccessible.updateAccessibility(QAccessibleEvent(self._field, QAccessible.Event.DescriptionChanged))

    def _restyle(self) -> None:
        self._field.setFont(font("sentence", weight=400))
        self._head.setFixedHeight(Theme.current().px(44))


class _Rows(QWidget):
    """At most ten commands at a time; the wheel and the arrows move them."""

    picked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.found: Sequence[tuple[Command, Match]] = ()
        self.current = 0
        self._first = 0
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_found(self, found: Sequence[tuple[Command, Match]]) -> None:
        self.found, self.current, self._first = found, 0, 0
        self.setFixedHeight(self.sizeHint().height())
        self.update()

    def step(self, by: int) -> None:
        """Choose another one; a single step goes round, a page stops at the ends."""
        if not self.found:
            return
        last = len(self.found) - 1
        self.current = (self.current + by) % len(self.found) if abs(by) == 1 else min(max(self.current + by, 0), last)
        self._first = min(max(self._first, self.current - _MOST + 1), self.current)
        self.update()

    def sizeHint(self) -> QSize:
        rows = min(len(self.found), _MOST)
        return QSize(Theme.current().px(WIDTH), rows * Theme.current().px(_ROW) + 12)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        index = self._index_at(event.position())
        if index is not None and index != self.current:
            self.current = index
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        index = self._index_at(event.position())
        if index is not None:
            self.picked.emit(index)

    def wheelEvent(self, event: QWheelEvent) -> None:
        step = -1 if event.angleDelta().y() > 0 else 1
        self._first = min(max(self._first + step, 0), max(len(self.found) - _MOST, 0))
        self.update()
        event.accept()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, painter = Theme.current(), painter_on(self)
        height = theme.px(_ROW)
        for row, index in enumerate(range(self._first, min(self._first + _MOST, len(self.found)))):
            command, fits = self.found[index]
            box = QRectF(6, 6 + row * height, self.width() - 12, height)
            if index == self.current:
                rounded(painter, box, 6, theme.bg3)
            painter.setOpacity(0.6 if command.off_because else 1)
            self._paint_row(painter, theme, box.adjusted(10, 0, -10, 0), command, fits)
            painter.setOpacity(1)

    def _paint_row(self, painter: QPainter, theme: Theme, box: QRectF, command: Command, fits: Match) -> None:
        if command.icon:
            draw_icon(painter, known_icon(command.icon), QPointF(box.left() + 8, box.center().y()), theme.t2)
        right = box.right()
        if command.keys:
            keys = _keys_text(command.keys)
            face = font("strong_caption")
            width = text_width(keys, face) + 10
            hint = QRectF(right - width, box.center().y() - theme.px(18) / 2, width, theme.px(18))
            rounded(painter, hint, 4, theme.bg4 if theme.dark else theme.bg1, None if theme.dark else theme.line)
            text_in(painter, hint, keys, face, theme.t2, Qt.AlignmentFlag.AlignHCenter)
            right -= width + 12
        note = command.off_because or command.group
        if note:
            width = min(text_width(note, font("second")), (right - box.left()) / 2)
            place = QRectF(right - width - 1, box.top(), width + 1, box.height())
            text_in(painter, place, note, font("second"), theme.t2, Qt.AlignmentFlag.AlignRight)
            right -= width + 12
        name = QRectF(box.left() + 28, box.top(), right - box.left() - 28, box.height())
        _paint_marked(painter, name, command.name, fits.at, theme)

    def _index_at(self, point: QPointF) -> int | None:
        row = int((point.y() - 6) // Theme.current().px(_ROW))
        index = self._first + row
        return index if 0 <= row < _MOST and index < len(self.found) else None


def _keys_text(keys: str) -> str:
    """As the key hints write it: "Ctrl Enter"."""
    native = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
    return native.replace("Return", "Enter").replace("+", " ").strip() or keys


def _paint_marked(painter: QPainter, box: QRectF, text: str, at: Sequence[int], theme: Theme) -> None:
    """A line of text with the letters that match in first text and bold, the others in second text."""
    plain, bold = font("body"), font("body", weight=600)
    if not at:
        text_in(painter, box, text, plain, theme.t1)
        return
    x = box.left()
    marked = set(at)
    start = 0
    while start < len(text):
        end = start + 1
        while end < len(text) and (end in marked) == (start in marked):
            end += 1
        face = bold if start in marked else plain
        width = QFontMetricsF(face).horizontalAdvance(text[start:end])
        if x + width > box.right():
            text_in(painter, QRectF(x, box.top(), box.right() - x, box.height()), text[start:], face, theme.t1)
            return
        text_in(painter, QRectF(x, box.top(), width + 1, box.height()), text[start:end], face,
                theme.t1 if start in marked else theme.t2)
        x += width
        start = end

