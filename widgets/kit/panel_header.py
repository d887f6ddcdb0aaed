"""The header of a panel: its title, or the tabs of its home; a side note; tools; the `…` menu; a hairline below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QWidget
from shiboken6 import isValid

from widgets.kit.button import Button
from widgets.kit.follow import follow_theme
from widgets.kit.label import Divider, Label
from widgets.kit.laid_out import widgets_in
from widgets.kit.menu import Menu
from widgets.kit.painting import painter_on
from widgets.kit.tabs import Tabs
from widgets.kit.tool_button import ToolButton
from widgets.theme import Theme

_INDENT = 8             # px from the row's edge to the title, as within a tab
_LEAST_NOTE = 56        # px under which a cut side note says nothing
_GAP, _TOOL_GAP = 8, 2
_CAME_OR_WENT = (QEvent.Type.ShowToParent, QEvent.Type.HideToParent)


class PanelHeader(QWidget):
    """Title, side note and what stands beside them on the left; tools on the right; a hairline below.

    A header with a menu gives way when room is short: the side note goes, the tabs fold into the title, and tools that
    do not fit become lines of the menu. Mouse events that no tool takes go to the parent.
    """

    tab_chosen = Signal(int)            # index; only by the user's hand

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = Label(title, "title")
        self._title.setContentsMargins(_INDENT, 0, 0, 0)
        self._tabs = Tabs(name=self.tr("Panels of this place"))
        self._folded = Button(title, "ghost", menu=True, role="title")
        self._note = Label("", "second", "t2", elide=True)
        self._noted = True
        self._menu: Menu | None = None
        self._more: ToolButton | None = None
        self._overflow: list[QAction] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(8, 0, 10, 1)
        self._row.setSpacing(_GAP)
        for widget in (self._title, self._tabs, self._folded, self._note):
            self._row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        self._heads = QHBoxLayout()
        self._heads.setSpacing(_GAP)
        self._heads.setContentsMargins(8, 0, 0, 0)
        self._row.addLayout(self._heads)
        self._row.addStretch(1)
        self._tools = QHBoxLayout()
        self._tools.setSpacing(_TOOL_GAP)
        self._row.addLayout(self._tools)
        self._tabs.hide()
        self._folded.hide()
        self._tabs.chosen.connect(self.tab_chosen)
        self._folded.clicked.connect(self._open_tabs)
        follow_theme(self._restyle)

    def title(self) -> str:
        return self._title.text()

    def set_title(self, title: str) -> None:
        self._title.setText(title)
        self._folded.set_text(title)
        self._fit()

    def set_note(self, note: str) -> None:
        """What stands beside the title, as "4 nodes, 4 edges"."""
        if note != self._note.text():
            self._note.setText(note)
            self._fit()

    def show_note(self, shown: bool) -> None:
        """Side notes are among the first things to go when room is short."""
        self._noted = shown
        self._fit()

    def set_tabs(self, titles: Sequence[str], current: int) -> None:
        """The panels that share a home, this one (`current`) included; fewer than two: only the title stands there."""
        shown = list(titles) if len(titles) > 1 else []
        if shown != self._tabs.titles() or (shown and current != self._tabs.current()):
            self._tabs.set_titles(shown, current)
            self._fit()

    def take_keyboard(self, reason: Qt.FocusReason) -> None:
        """Give the keyboard to the current tab, in whichever form it is shown."""
        tabbed = self._tabs.isVisibleTo(self)
        (self._tabs.tab(self._tabs.current()) if tabbed else self._folded).setFocus(reason)

    def tabs_held(self) -> bool:
        """Whether the keyboard is on the tabs."""
        return self._folded.hasFocus() or any(tab.hasFocus() for tab in self._tabs.findChildren(QAbstractButton))

    def grips(self) -> list[QWidget]:
        """What the panel can be dragged by: the header itself and its own name."""
        tab = [self._tabs.tab(self._tabs.current())] if self._tabs.titles() else []
        return [self, self._folded, *tab]

    def add_head(self, widget: QWidget) -> None:
        """Put a widget left, after title and note."""
        self._heads.addWidget(self._slot(widget), 0, Qt.AlignmentFlag.AlignVCenter)
        self._fit()

    def add_tool(self, widget: QWidget) -> None:
        """Put a widget right, after the tools there; the menu stays the last."""
        place = self._tools.count() - (self._more is not None)
        self._tools.insertWidget(place, self._slot(widget), 0, Qt.AlignmentFlag.AlignVCenter)
        self._fit()

    def add_divider(self) -> None:
        """A short line after the tools there."""
        self.add_tool(Divider())

    def add_menu(self, menu: Menu, tip: str = "") -> ToolButton:
        """The `…` tool with a menu; returns it."""
        self._menu = menu
        more = ToolButton("ellipsis", tip or self.tr("More"), self)
        more.clicked.connect(lambda: menu.popup_under(more))
        menu.aboutToShow.connect(self._list_overflow)
        self._more = more
        self._tools.addWidget(more, 0, Qt.AlignmentFlag.AlignVCenter)
        self._fit()
        return more

    def menu(self) -> Menu:
        """The menu of the `…` tool, which comes with the first call."""
        if self._menu is None:
            self.add_menu(Menu("", self))
        assert self._menu is not None
        return self._menu

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        if self._more is None:
            return hint
        title = self._folded if self._tabs.titles() else self._title
        margins = self._row.contentsMargins()
        least = title.sizeHint().width() + self._more.sizeHint().width() + margins.left() + margins.right() + 2 * _GAP
        return QSize(least, hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:
            self._fit()
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A tool grew in its place; or it came or went, which a place that is hidden is not told by its layout."""
        grew = event.type() is QEvent.Type.LayoutRequest and isinstance(watched, _Slot)
        if grew or (event.type() in _CAME_OR_WENT and not isinstance(watched, _Slot)):
            self._fit()
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter_on(self).fillRect(QRectF(0, self.height() - 1, self.width(), 1), Theme.current().line)

    def _fit(self) -> None:
        """Show what there is room for: the title, then the tools from the left, the tabs, the side note."""
        tabbed, noted = bool(self._tabs.titles()), self._noted and bool(self._note.text())
        if self._more is None:
            for slot, _ in self._slots():
                slot.setVisible(slot.wanted())
            self._note.setVisible(noted)
            self._title.setVisible(self._has_room_for_title())
            return
        room = self.width() - self.minimumSizeHint().width() - self._heads.contentsMargins().left()
        cut = False
        for slot, gap in self._slots():
            if not slot.wanted():
                slot.hide()
                continue
            needed = slot.sizeHint().width() + gap
            slot.setVisible(needed <= room and not (cut and slot.is_divider()))
            cut = cut or needed > room
            room -= needed if needed <= room else 0
        fold = self._tabs.sizeHint().width() - self._folded.sizeHint().width()
        unfolded = tabbed and not cut and fold <= room
        self._title.setVisible(not tabbed)
        self._tabs.setVisible(unfolded)
        self._folded.setVisible(tabbed and not unfolded)
        room -= fold if unfolded else 0
        self._note.setVisible(noted and not cut and room >= Theme.current().px(_LEAST_NOTE))

    def _has_room_for_title(self) -> bool:
        """Where no tool can go into a menu, the title goes before one of them is cut."""
        needed = sum(slot.sizeHint().width() + gap for slot, gap in self._slots() if slot.wanted())
        margins = self._row.contentsMargins()
        return self._title.sizeHint().width() + needed + margins.left() + margins.right() + _GAP <= self.width()

    def _slot(self, widget: QWidget) -> _Slot:
        slot = _Slot(widget, self)
        slot.installEventFilter(self)
        widget.installEventFilter(self)
        return slot

    def _slots(self) -> Iterator[tuple[_Slot, int]]:
        for row in (self._heads, self._tools):
            for slot in widgets_in(row):
                if isinstance(slot, _Slot):
                    yield slot, row.spacing()

    def _list_overflow(self) -> None:
        """Tools that are not to be seen become lines at the top of the menu."""
        menu = self._menu
        assert menu is not None
        for action in filter(isValid, self._overflow):      # a panel that cleared its menu took them along
            menu.removeAction(action)
            action.deleteLater()
        self._overflow = []
        first = next(iter(menu.actions()), None)
        for button in (b for slot, _ in self._slots() if slot.wanted() and slot.isHidden() for b in slot.buttons()):
            action = QAction(button.text() or button.accessibleName(), menu)
            action.setCheckable(button.isCheckable())
            action.setChecked(button.isChecked())
            action.setEnabled(button.isEnabled())
            action.triggered.connect(button.click)
            self._overflow.append(action)
        if self._overflow:
            line = QAction(menu)
            line.setSeparator(True)
            self._overflow.append(line)
        for action in self._overflow:
            menu.insertAction(first, action) if first is not None else menu.addAction(action)

    def _open_tabs(self) -> None:
        menu = Menu("", self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for index, title in enumerate(self._tabs.titles()):
            menu.add(title, partial(self.tab_chosen.emit, index), on=index == self._tabs.current())
        menu.popup_under(self._folded)

    def _restyle(self) -> None:
        self.setFixedHeight(Theme.current().px(40))
        self._fit()


class _Slot(QWidget):
    """The place of a tool: the header hides the place, the panel the tool."""

    def __init__(self, content: QWidget, header: PanelHeader) -> None:
        super().__init__(header)
        self._content = content
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(content)
        self.setVisible(not content.isHidden())

    def wanted(self) -> bool:
        """Whether the panel would have the tool seen."""
        return not self._content.isHidden()

    def is_divider(self) -> bool:
        return isinstance(self._content, Divider)

    def buttons(self) -> list[QAbstractButton]:
        """What can be clicked in it."""
        content = self._content
        return [content] if isinstance(content, QAbstractButton) else content.findChildren(QAbstractButton)
