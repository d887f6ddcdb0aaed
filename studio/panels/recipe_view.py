"""A recipe to read: what a figure or a model was made of, over the window."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio.bars.popup import Popup
from studio.recipes.recipes import Recipe, readable
from widgets.cards import Facts
from widgets.kit.label import Label
from widgets.kit.tool_button import ToolButton
from widgets.theme import Theme

_WIDTH = 560


class RecipeView(Popup):
    """Goes with Escape or a click beside it."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self.facts = Facts(self.tr("Recipe"))
        close = ToolButton("x", self.tr("Close"), keys="Esc")
        close.clicked.connect(self.close_popup)
        head = QHBoxLayout()
        head.setContentsMargins(16, 8, 8, 4)
        head.addWidget(Label(self.tr("Recipe"), "title"))
        head.addStretch(1)
        head.addWidget(close)
        body = QHBoxLayout()
        body.setContentsMargins(16, 0, 16, 12)
        body.addWidget(self.facts)
        self.column.addLayout(head)
        self.column.addLayout(body)

    def show_recipe(self, recipe: Recipe) -> None:
        """Open in the middle of the window."""
        self.facts.set_rows(readable(recipe))
        self.facts.setFixedWidth(Theme.current().px(_WIDTH))
        host = self.parentWidget()
        assert host is not None
        self.fit()
        self.open_at(QPoint((host.width() - self.width()) // 2, max((host.height() - self.height()) // 3, 60)))
        self.setFocus()
