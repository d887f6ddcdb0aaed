"""The column of tools beside the canvas: select, node, three kinds of edge, end, roles, what is known."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QWidget

from widgets.graph.tools import Tool
from widgets.kit.tool_button import ToolButton

_GAP = 4


class Toolbox(QWidget):
    """One tool is in hand; a click takes another. The arrow keys walk through the column."""

    tool_chosen = Signal(object)                    # Tool; only by the user's hand

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Tools of the graph"))
        looks = {
            Tool.SELECT: ("mouse-pointer-2", self.tr("Select and move"), "V"),
            Tool.NODE: ("plus", self.tr("Add a node"), "N"),
            Tool.DIRECTED: ("arrow-right", self.tr("Draw a cause"), "E"),
            Tool.BIDIRECTED: ("arrow-left-right", self.tr("Draw a hidden common cause"), "B"),
            Tool.UNDIRECTED: ("minus", self.tr("Draw an edge without direction"), "U"),
            Tool.END: ("circle-dot", self.tr("Turn the end of an edge"), "O"),
            Tool.ROLES: ("tag", self.tr("Give marks"), "R"),
            Tool.KNOW: ("book-open", self.tr("Require an edge; again forbids it, again leaves it open"), "K"),
        }
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(_GAP)
        self._grid.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._group = QButtonGroup(self)
        self._buttons: dict[Tool, ToolButton] = {}
        for tool, (icon, tip, keys) in looks.items():
            button = ToolButton(icon, tip, self, checkable=True, strong=True, keys=keys)
            self._group.addButton(button)
            self._buttons[tool] = button
            button.clicked.connect(lambda _on=False, tool=tool: self.tool_chosen.emit(tool))
        self._wide = 0
        self._fold(1)
        self._buttons[Tool.SELECT].setChecked(True)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.sizeHint().width(), 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many columns as it takes for all tools to be seen; before a second one the gaps go."""
        super().resizeEvent(event)
        side, count = next(iter(self._buttons.values())).sizeHint().height(), len(self._buttons)
        tall = max(event.size().height() // side, 1)
        wide = -(-count // tall)
        left = event.size().height() - side * -(-count // wide)
        self._grid.setSpacing(max(min(_GAP, left // max(-(-count // wide) - 1, 1)), 0))
        self._fold(wide)

    def _fold(self, wide: int) -> None:
        if wide == self._wide:
            return
        self._wide = wide
        for place, button in enumerate(self._buttons.values()):
            self._grid.addWidget(button, place // wide, place % wide)

    def tool(self) -> Tool:
        """The tool in hand."""
        return next(tool for tool, button in self._buttons.items() if button.isChecked())

    def set_tool(self, tool: Tool) -> None:
        """Show which tool is in hand."""
        self._buttons[tool].setChecked(True)
