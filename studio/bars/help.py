"""Help: the page of a method, the keys, and the way from what has the keyboard to what explains it."""

from __future__ import annotations

from importlib import resources

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QKeyEvent,
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,
    QTextFrameFormat,
    QTextOption,
    QTextTable,
)
from PySide6.QtWidgets import QTextBrowser, QVBoxLayout, QWidget
from shiboken6 import isValid

from studio.bars.key_table import section
from studio.bars.key_view import KeyView
from studio.panels.check_view import CheckView
from widgets.kit.follow import follow_theme
from widgets.kit.panel_frame import PanelFrame
from widgets.kit.segmented import Segmented
from widgets.kit.state_view import EmptyOr, State
from widgets.kit.tool_button import ToolButton
from widgets.theme import FontRole, Theme, font

WIDTH, MARGIN, TOP, BELOW = 480, 8, 100, 48          # the question and the time left stay in sight
_PAGE, _CHECK, _KEYS = 0, 1, 2

TOPIC = "helpTopic"
"""Property by which a widget names its help: "method:colide", or the name of a panel."""


ABOUT = "helpAbout"
"""Property by which a field says in Markdown what it is for: shown before the page of its method."""


class HelpView(PanelFrame):
    """Stands over the right edge of its host. Escape or F1 closes; Method, Check and Keys are its pages."""

    closed = Signal()

    def __init__(self, host: QWidget | None, check: CheckView) -> None:
        super().__init__("Help", host)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ringRadius", -1)
        self._before: QWidget | None = None
        self._method = ""
        pages = (self.tr("Method"), self.tr("Check"), self.tr("Keys"))
        self._tabs = Segmented(pages, name=self.tr("Pages of the help"))
        self._tabs.chosen.connect(self._show_tab)
        self._page = MarkdownPage()
        self._check = check
        self._keys = KeyView()
        self._method_pages = EmptyOr(self._page, self._no_method())
        close = ToolButton("x", self.tr("Close"), keys="Esc")
        close.clicked.connect(self.close_help)
        self.add_head(self._tabs)
        self.add_tool(close)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._method_pages)
        column.addWidget(self._check)
        column.addWidget(self._keys)
        self.set_body(body)
        self._show_tab(_PAGE)
        if host is not None:
            host.installEventFilter(self)
        self.hide()

    # public

    def show_method(self, method: str, title: str = "", setting: str = "") -> None:
        """Show the help page of a method by its id; `title` is its name for when there is no page.

        `setting`: Markdown about one of its settings, shown before the page.
        """
        self._method = method
        self._check.set_method(method)
        text = page_of(method)
        if text is None:
            sentence = self.tr("There is no help page for {} yet.").format(title or method)
            self._method_pages.show_state(State(sentence, self.tr("Its form explains each setting."), "book-open"))
        else:
            self._page.set_text(f"{setting}\n\n{text}" if setting else text)
            self._method_pages.show_content()
        self._open(_PAGE)

    def show_check(self, method: str) -> None:
        """Show what the check of a method claims, and how it ended here."""
        self.show_method(method)
        self._tabs.set_current(_CHECK)
        self._show_tab(_CHECK)

    def show_keys(self, place: str = "") -> None:
        """Show the table of keys, those of a panel first."""
        self._open(_KEYS)
        self._keys.go_to(place or "Everywhere")

    def show_for(self, widget: QWidget | None, method: str = "", title: str = "") -> None:
        """Help for what has the keyboard: the topic it or a parent names, else the keys of the panel it stands in.

        `method`: the one that is chosen now, for a topic "method".
        """
        about = ""
        while widget is not None:
            about = about or str(widget.property(ABOUT) or "")
            topic = str(widget.property(TOPIC) or "")
            if topic == "method" and method:
                self.show_method(method, title, about)
                return
            if topic.startswith("method:"):
                self.show_method(topic.removeprefix("method:"))
                return
            name = topic or (widget.header.title() if isinstance(widget, PanelFrame) else "")
            if section(name) is not None:
                self.show_keys(name)
                return
            widget = widget.parentWidget()
        self.show_keys("Everywhere")

    def page(self) -> MarkdownPage:
        """The page of a method."""
        return self._page

    def keys(self) -> KeyView:
        """The table of keys."""
        return self._keys

    def close_help(self) -> None:
        """Go, and give the keyboard back."""
        if self.isHidden():
            return
        self.hide()
        if self._before is not None and isValid(self._before) and self._before.isVisible():
            self._before.setFocus(Qt.FocusReason.PopupFocusReason)
        self.closed.emit()

    # Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_F1):
            self.close_help()
        event.accept()

    def event(self, event: QEvent) -> bool:
        closes = isinstance(event, QKeyEvent) and event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_F1)
        if closes and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.parentWidget() and event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _open(self, tab: int) -> None:
        self._tabs.set_current(tab)
        self._show_tab(tab)
        if self.isHidden():
            window = self.window()
            self._before = window.focusWidget() if window is not self else None
            self._place()
            self.show()
            self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def _show_tab(self, tab: int) -> None:
        self._method_pages.setVisible(tab == _PAGE)
        self._check.setVisible(tab == _CHECK)
        self._keys.setVisible(tab == _KEYS)

    def _place(self) -> None:
        host = self.parentWidget()
        if host is not None:
            width = min(Theme.current().px(WIDTH), host.width() - 2 * MARGIN)
            self.setGeometry(QRect(host.width() - width - MARGIN, TOP, width, host.height() - TOP - BELOW))

    def _no_method(self) -> State:
        return State(self.tr("No method is chosen"), self.tr("Its page appears here."), "book-open")


class MarkdownPage(QTextBrowser):
    """Markdown in the type and the colours of the theme. Links are not followed: nothing leaves the machine."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self.setProperty("ringRadius", -1)
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setWordWrapMode(QTextOption.WrapMode.WordWrap)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Help page"))
        self.document().setDocumentMargin(16)
        follow_theme(self._restyle)

    def text(self) -> str:
        """The Markdown that is shown."""
        return self._text

    def set_text(self, text: str) -> None:
        """Show a page, from its beginning."""
        if text != self._text:
            self._text = text
            self._restyle()

    def _restyle(self) -> None:
        theme = Theme.current()
        self.setStyleSheet(f"QTextBrowser {{ background: transparent; border: none; color: {theme.t1.name()}; }}")
        self.document().setDefaultFont(font("body"))
        self.document().setDefaultStyleSheet(f"a {{ color: {theme.info.name()}; }}")
        self.setMarkdown(self._text)
        _typeset(self.document())
        self.moveCursor(QTextCursor.MoveOperation.Start)


def page_of(method: str) -> str | None:
    """The help page of a method as Markdown, or None when there is none."""
    page = resources.files("resources").joinpath("methods", f"{method}.md")
    return page.read_text("utf-8") if page.is_file() else None


def _typeset(document: QTextDocument) -> None:
    """Headings in the scale of the theme, room round paragraphs, lines of 20 px, tables with hairlines."""
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            look = frame.format()
            look.setBorderCollapse(True)
            look.setBorder(1)
            look.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
            look.setBorderBrush(Theme.current().line)
            look.setCellPadding(6)
            look.setTopMargin(4)
            look.setBottomMargin(8)
            frame.setFormat(look)
    roles: dict[int, FontRole] = {1: "section", 2: "card"}
    scale = Theme.current().scale
    block = document.begin()
    while block.isValid():
        level = block.blockFormat().headingLevel()
        cursor = QTextCursor(block)
        shape = QTextBlockFormat()
        shape.setLineHeight(130, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        if level:
            shape.setTopMargin(18 * scale if block.blockNumber() else 0)
            shape.setBottomMargin(4 * scale)
            cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
            heading = cursor.charFormat()
            face = font(roles.get(level, "title"))
            heading.setFont(face)
            heading.setFontWeight(QFont.Weight.DemiBold)
            heading.clearProperty(heading.Property.FontSizeAdjustment)
            cursor.setCharFormat(heading)
        elif block.textList() is None:
            shape.setBottomMargin(8 * scale)
        cursor = QTextCursor(block)
        cursor.mergeBlockFormat(shape)
        block = block.next()
