"""The top bar: the mark, the project, the panels as toggles, the command field, undo and redo, settings."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from studio.project.history import History
from widgets.kit.button import Button
from widgets.kit.label import Divider
from widgets.kit.menu import Menu
from widgets.kit.search_field import SearchField
from widgets.kit.tool_button import ToolButton
from widgets.theme import Theme, draw_mark

HEIGHT = 44
_NAMES = 1100           # px; below it the names of the panels become one menu


class TopBar(QWidget):
    """44 px over everything. Panel toggles emit `panel_toggled`; the project's name opens its menu."""

    panel_toggled = Signal(str, bool)
    command_wished = Signal()
    settings_wished = Signal()
    help_wished = Signal()
    project_wished = Signal(str)        # "start", "new", "open", "rename", "earlier"

    def __init__(self, panels: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self.project_button = Button("Otherwise", "ghost", menu=True)
        self.project_button.setAccessibleDescription(self.tr("Menu of the project"))
        menu = Menu(parent=self)
        for text, wish in (
            (self.tr("Start page"), "start"), (self.tr("New project"), "new"), (self.tr("Open project"), "open"),
        ):
            menu.add(text, partial(self.project_wished.emit, wish))
        menu.addSeparator()
        self._for_open = [
            menu.add(text, partial(self.project_wished.emit, wish))
            for text, wish in ((self.tr("Rename"), "rename"), (self.tr("Open an earlier state"), "earlier"))
        ]
        self._menu = menu
        self.project_button.clicked.connect(self._open_menu)
        self._divider = Divider()
        self._open = False
        self._toggles: dict[str, Button] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 0, 12, 0)
        row.setSpacing(2)
        row.addWidget(_Mark())
        row.addSpacing(2)
        row.addWidget(self.project_button)
        row.addSpacing(6)
        row.addWidget(self._divider)
        row.addSpacing(8)
        for name in panels:
            toggle = Button(name, "toggle")
            toggle.clicked.connect(lambda on, name=name: self.panel_toggled.emit(name, on))
            row.addWidget(toggle)
            self._toggles[name] = toggle
        self._panels = Button(self.tr("Panels"), "ghost", menu=True)
        self._panels.clicked.connect(self._open_panels)
        self._panels.hide()
        row.addWidget(self._panels)
        row.addStretch(1)
        self._commands = _CommandField(self.tr("Search or run a command"), "Ctrl K")
        self._commands.asked.connect(self.command_wished)
        self._search = ToolButton("search", self.tr("Search or run a command"), keys="Ctrl+K")
        self._search.clicked.connect(self.command_wished)
        row.addWidget(self._commands)
        row.addWidget(self._search)
        row.addSpacing(8)
        self._undo = ToolButton("undo-2", self.tr("Undo"), keys="Ctrl+Z")
        self._redo = ToolButton("redo-2", self.tr("Redo"), keys="Ctrl+Shift+Z")
        help_button = ToolButton("circle-help", self.tr("Help"), keys="F1")
        help_button.clicked.connect(self.help_wished)
        self.settings_button = ToolButton("settings", self.tr("Settings"))
        self.settings_button.clicked.connect(self.settings_wished)
        for tool in (self._undo, self._redo, help_button, self.settings_button):
            row.addWidget(tool)

    def set_history(self, history: History) -> None:
        """Whose steps undo and redo take."""
        self._history = history
        self._undo.clicked.connect(history.undo)
        self._redo.clicked.connect(history.redo)
        history.changed.connect(self._name_steps)
        self._name_steps()

    def set_project(self, name: str) -> None:
        """Name of the open project; empty on the start page, where the panels are not offered."""
        self.project_button.set_text(name or "Otherwise")
        self._divider.setVisible(bool(name))
        self._open = bool(name)
        for action in self._for_open:
            action.setVisible(self._open)
        self._show_names()
        self._undo.setVisible(bool(name))
        self._redo.setVisible(bool(name))

    def set_shown(self, names: Sequence[str]) -> None:
        """Which panels are to be seen now."""
        for name, toggle in self._toggles.items():
            toggle.setChecked(name in names)

    def set_compact(self, compact: bool) -> None:
        """Below 1440 px the command field becomes an icon."""
        self.setFixedHeight(Theme.current().px(HEIGHT))
        self._commands.setVisible(not compact)
        self._search.setVisible(compact)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_names()

    def _show_names(self) -> None:
        """Below 1100 px the names of the panels become one menu."""
        named = self.width() >= _NAMES
        for toggle in self._toggles.values():
            toggle.setVisible(self._open and named)
        self._panels.setVisible(self._open and not named)

    def _open_panels(self) -> None:
        menu = Menu(parent=self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name, toggle in self._toggles.items():
            shown = toggle.isChecked()
            menu.add(name, partial(self.panel_toggled.emit, name, not shown), on=shown)
        menu.popup_under(self._panels)

    def _open_menu(self) -> None:
        self._menu.popup_under(self.project_button)

    def _name_steps(self) -> None:
        undo, redo = self._history.undo_text(), self._history.redo_text()
        self._undo.set_tip(self.tr("Undo: {}").format(undo) if undo else self.tr("Undo"))
        self._redo.set_tip(self.tr("Redo: {}").format(redo) if redo else self.tr("Redo"))
        self._undo.setEnabled(bool(undo))
        self._redo.setEnabled(bool(redo))


class _CommandField(SearchField):
    """Looks like the field of the palette that it opens."""

    asked = Signal()

    def __init__(self, placeholder: str, keys: str) -> None:
        super().__init__(placeholder, keys)
        self.setReadOnly(True)

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        self.asked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.asked.emit()
        else:
            super().keyPressEvent(event)


class _Mark(QWidget):
    """The product's mark."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(QSize(28, 28))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_mark(painter, self.rect().toRectF().adjusted(2, 2, -2, -2), Theme.current())
