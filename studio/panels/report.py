"""The report: what stands in it, in which order, with a note under each; and the button that writes it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget
from shiboken6 import isValid

from engines.refusals import Refusal
from studio.panels.inset import Inset
from studio.panels.own_keys import OwnKeys
from studio.report.contents import Entry, Reporting
from widgets.kit.button import Button
from widgets.kit.label import Label
from widgets.kit.message_bar import ErrorBar, MessageBar
from widgets.kit.painting import painter_on, rounded
from widgets.kit.panel_frame import PanelFrame
from widgets.kit.scroll_column import ScrollColumn
from widgets.kit.state_view import EmptyOr, State
from widgets.kit.tool_button import ToolButton
from widgets.theme import Theme

WIDTH, MARGIN, TOP, BELOW = 440, 8, 100, 48          # the question and the time left stay in sight


class ReportDrawer(PanelFrame):
    """Stands over the right edge of its host. Alt+up and down move an entry, Delete removes it, Escape closes."""

    closed = Signal()
    write_wished = Signal(str)              # title of the report

    def __init__(self, reporting: Reporting, host: QWidget | None = None) -> None:
        super().__init__("Report", host)
        self._reporting = reporting
        self._before: QWidget | None = None
        self._rows: dict[int, _EntryRow] = {}
        self._written: Path | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ringRadius", -1)
        self._error, self._said = ErrorBar(), MessageBar("ok")
        self._list = ScrollColumn(margins=(12, 8, 6, 12))
        self._list.column.setSpacing(8)
        self._list.column.addStretch(1)
        nothing = State(
            self.tr("Nothing is in the report yet"),
            self.tr("“Add to report” puts a result, a figure or a model here."), "clipboard-list",
        )
        self._pages = EmptyOr(self._list, nothing)
        self.title = QLineEdit()
        self.title.setPlaceholderText(self.tr("Title of the report"))
        self.title.setAccessibleName(self.tr("Title of the report"))
        self.write = Button(self.tr("Write the report"), "plain", "download")
        self.show_folder = Button(self.tr("Show the folder"), "ghost", "folder-open")
        close = ToolButton("x", self.tr("Close"), keys="Esc")
        self.add_tool(close)
        self._lay_out()
        close.clicked.connect(self.close_drawer)
        self.write.clicked.connect(lambda: self.write_wished.emit(self.title.text().strip()))
        self.title.returnPressed.connect(self.write.click)
        self.show_folder.clicked.connect(self._open_folder)
        OwnKeys(self, {
            "Alt+Up": partial(self._move, -1), "Alt+Down": partial(self._move, 1), "Esc": self.close_drawer,
        }, before=self._list)
        reporting.changed.connect(self._refresh)
        if host is not None:
            host.installEventFilter(self)
        self._refresh()
        self.hide()

    # public

    def open_drawer(self) -> None:
        """Come up and take the keyboard."""
        if self.isHidden():
            window = self.window()
            self._before = window.focusWidget() if window is not self else None
            self._place()
            self.show()
            self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_drawer(self) -> None:
        """Go, and give the keyboard back."""
        if self.isHidden():
            return
        self.hide()
        if self._before is not None and isValid(self._before) and self._before.isVisible():
            self._before.setFocus(Qt.FocusReason.PopupFocusReason)
        self.closed.emit()

    def toggle(self) -> None:
        """Open when closed, close when open."""
        if self.isVisible():
            self.close_drawer()
        else:
            self.open_drawer()

    def rows(self) -> list[_EntryRow]:
        """What is listed, in order."""
        return [self._rows[entry.id] for entry in self._reporting.entries()]

    def tell_written(self, page: Path) -> None:
        """The report was written; where its page lies."""
        self._error.clear()
        self._written = page
        self._said.show_message(self.tr("The report is written."), str(page))
        self.show_folder.setEnabled(True)

    def tell_refused(self, refusal: Refusal) -> None:
        """It could not be written, and why."""
        self._said.clear()
        self._error.show_message(refusal.sentence, refusal.cause)

    def clear(self) -> None:
        """As in a new project."""
        self._written = None
        self.title.clear()
        self.show_folder.setEnabled(False)
        self._error.clear()
        self._said.clear()

    # Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.parentWidget() and event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    # private

    def _lay_out(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for bar in (self._error, self._said):
            column.addWidget(Inset(bar, (12, 12, 12, 0)))
        column.addWidget(self._pages, 1)
        self.set_body(body)
        foot = QWidget()
        under = QVBoxLayout(foot)
        under.setContentsMargins(0, 10, 0, 10)
        under.setSpacing(8)
        under.addWidget(self.title)
        buttons = QHBoxLayout()
        buttons.addWidget(self.show_folder)
        buttons.addStretch(1)
        buttons.addWidget(self.write)
        under.addLayout(buttons)
        self.set_footer(foot, 88)

    def _refresh(self) -> None:
        """Rows in the order of the report; those that are there are kept, so that a hand may go on typing."""
        entries = self._reporting.entries()
        for gone in self._rows.keys() - {entry.id for entry in entries}:
            row = self._rows.pop(gone)
            row.hide()
            row.deleteLater()
        for place, entry in enumerate(entries):
            if entry.id not in self._rows:
                row = self._rows[entry.id] = _EntryRow(entry)
                row.moved.connect(partial(self._reporting.move, entry.id))
                row.removed.connect(partial(self._reporting.remove, entry.id))
                row.noted.connect(partial(self._reporting.set_note, entry.id))
            self._rows[entry.id].set_entry(entry, place, len(entries))
            self._list.column.insertWidget(place, self._rows[entry.id])
        self._pages.show_content(bool(entries))
        self.write.setEnabled(bool(entries))
        self.show_folder.setEnabled(self._written is not None)
        self.set_note(self.tr("{} entries").format(len(entries)) if len(entries) > 1 else "")

    def _move(self, by: int) -> None:
        for row in self._rows.values():
            if row is self.focusWidget() or row.isAncestorOf(self.focusWidget()):
                row.moved.emit(by)
                return

    def _open_folder(self) -> None:
        if self._written is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._written.parent)))

    def _place(self) -> None:
        host = self.parentWidget()
        if host is not None:
            width = min(Theme.current().px(WIDTH), host.width() - 2 * MARGIN)
            self.setGeometry(QRect(host.width() - width - MARGIN, TOP, width, host.height() - TOP - BELOW))


class _EntryRow(QWidget):
    """One entry: its place and title, what it is, a field for the note, and what moves or removes it."""

    moved = Signal(int)             # by the user's hand, as are the next
    removed = Signal()
    noted = Signal(str)

    def __init__(self, entry: Entry) -> None:
        super().__init__()
        self._entry = entry
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ringRadius", 8.0)
        self._title = Label("", "title", elide=True)
        self._what = Label("", "second", "t2", elide=True)
        self.note = QLineEdit()
        self.note.setPlaceholderText(self.tr("Add a note"))
        self.up = ToolButton("chevron-up", self.tr("Further up"), keys="Alt+Up")
        self.down = ToolButton("chevron-down", self.tr("Further down"), keys="Alt+Down")
        self.remove = ToolButton("x", self.tr("Remove from the report"), keys="Del")
        head = QHBoxLayout()
        head.setSpacing(0)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._title)
        words.addWidget(self._what)
        head.addLayout(words)
        head.addStretch(1)
        for tool in (self.up, self.down, self.remove):
            head.addWidget(tool, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 6, 10)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.note)
        self.up.clicked.connect(lambda: self.moved.emit(-1))
        self.down.clicked.connect(lambda: self.moved.emit(1))
        self.remove.clicked.connect(self.removed)
        self.note.editingFinished.connect(self._take_note)

    def set_entry(self, entry: Entry, place: int, count: int) -> None:
        """Show an entry that stands at a place among `count`."""
        self._entry = entry
        self._title.setText(f"{place + 1}. {entry.title}")
        where = self.tr("run {}").format(entry.run) if entry.kind == "result" else self.tr(entry.kind)
        self._what.setText(", ".join(part for part in (where, entry.sentence) if part))
        if not (self.note.hasFocus() and self.note.isModified()):
            self.note.setText(entry.note)
            self.note.setCursorPosition(0)
        self.up.setEnabled(place > 0)
        self.down.setEnabled(place + 1 < count)
        self.setAccessibleName(f"{self._title.text()}, {self._what.text()}")
        self.note.setAccessibleName(self.tr("Note under {}").format(entry.title))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.removed.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.current()
        rounded(painter_on(self), self.rect().toRectF(), 8, theme.bg2, theme.line, theme.border)

    def _take_note(self) -> None:
        if self.note.isModified():
            self.note.setModified(False)
            self.noted.emit(self.note.text().strip())
