"""A next step that a state or a message offers as a button."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from widgets.kit.button import Button, ButtonKind


@dataclass(frozen=True)
class Action:
    """A verb, what it does, and how its button looks."""

    text: str
    run: Callable[[], object]
    kind: ButtonKind = "plain"
    icon: str = ""

    def button(self, parent: QWidget | None = None, *, height: int = 0) -> Button:
        """A button that does it."""
        result = Button(self.text, self.kind, self.icon, parent, height=height)
        result.clicked.connect(lambda: self.run())
        return result
