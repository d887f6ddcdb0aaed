"""What stands where the result would be: empty, busy, refused and failed states, each with the next step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from widgets.kit.action import Action
from widgets.kit.label import Label
from widgets.kit.painting import painter_on
from widgets.kit.progress_bar import ProgressBar
from widgets.theme import Theme, draw_icon, known_icon

StateKind = Literal["empty", "busy", "refused", "failed"]

_WIDEST = 420
_SIGNS: dict[StateKind, tuple[str, str]] = {
    "empty": ("", "t2"), "busy": ("", "t2"), "refused": ("triangle-alert", "warn"), "failed": ("circle-alert", "err"),
}


@dataclass(frozen=True)
class State:
    """A sentence in place of a result. `icon` overrides the sign of the kind; `fraction` is for busy ones (None: the
    total is not known).
    """

    sentence: str
    help: str = ""
    icon: str = ""
    actions: tuple[Action, ...] = ()
    kind: StateKind = "empty"
    fraction: float | None = None


class StateView(QWidget):
    """Shows one State, centred, at most 420 px wide."""

    def __init__(self, state: State | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: State | None = None
        self._sign = Sign()
        self._sentence = _centred(Label("", "card", wrap=True))
        self._help = _centred(Label("", "second", "t2", wrap=True))
        self._bar = ProgressBar()
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        block = QWidget()
        block.setMaximumWidth(_WIDEST)
        block.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        column = QVBoxLayout(block)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(12)
        column.addWidget(self._sentence)
        column.addSpacing(4)
        column.addWidget(self._help)
        column.addSpacing(8)
        column.addWidget(self._bar, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(12)
        column.addLayout(self._buttons)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(24, 16, 24, 16)
        outer.addStretch(1)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(block, 100)
        middle.addStretch(1)
        outer.addLayout(middle)
        outer.addStretch(1)
        if state is not None:
            self.set_state(state)

    def state(self) -> State | None:
        return self._state

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """In a low place the sign goes before the words are cut."""
        wanted = self._state is not None and bool(self._state.icon or _SIGNS[self._state.kind][0])
        self._sign.setVisible(wanted)
        layout = self.layout()
        if wanted and layout is not None and layout.totalHeightForWidth(self.width()) > self.height():
            self._sign.setVisible(False)

    def set_state(self, state: State) -> None:
        if state == self._state:
            return
        old, self._state = self._state, state
        sign, colour = _SIGNS[state.kind]
        self._sign.set_sign(state.icon or sign, colour)
        self._sentence.setText(state.sentence)
        self._help.setText(state.help)
        self._help.setVisible(bool(state.help))
        self._bar.setVisible(state.kind == "busy")
        self._bar.set_fraction(state.fraction)
        self._bar.setAccessibleName(state.sentence)
        self.setAccessibleName(state.sentence)
        self.setAccessibleDescription(state.help)
        if old is None or old.actions != state.actions:
            self._set_actions(state.actions)
        self._fit()

    def _set_actions(self, actions: Sequence[Action]) -> None:
        while (item := self._buttons.takeAt(0)) is not None:
            if (button := item.widget()) is not None:
                button.hide()
                button.deleteLater()
        if actions:
            self._buttons.addStretch(1)
            for action in actions:
                button = action.button(self)
                self._buttons.addWidget(button)
                button.show()           # now, not with the next event
            self._buttons.addStretch(1)


class EmptyOr(QStackedWidget):
    """Some content, or a state in its place while there is nothing to show."""

    def __init__(self, content: QWidget, state: State, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._states = StateView(state)
        self.addWidget(self._states)
        self.addWidget(content)

    def show_content(self, shown: bool = True) -> None:
        self.setCurrentIndex(1 if shown else 0)

    def shows_content(self) -> bool:
        return self.currentIndex() == 1

    def show_state(self, state: State) -> None:
        """Put a state in the content's place."""
        self._states.set_state(state)
        self.setCurrentIndex(0)


class Sign(QWidget):
    """A large icon in a colour of the theme."""

    def __init__(self, icon: str = "", colour: str = "t2", size: int = 24, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon, self._colour, self._size = known_icon(icon), colour, size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_sign(self, icon: str, colour: str = "t2") -> None:
        self._icon, self._colour = known_icon(icon), colour
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._size, self._size)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._icon:
            colour = Theme.current().colour(self._colour)
            draw_icon(painter_on(self), self._icon, self.rect().toRectF().center(), colour, self._size)


def _centred(label: Label) -> Label:
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return label
