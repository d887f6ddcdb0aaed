"""The popup that gives the open project another name: type, Enter; Escape leaves it as it was."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from engines.refusals import Refusal
from studio.bars.popup import Popup
from widgets.kit.button import Button
from widgets.kit.label import Label
from widgets.kit.message_bar import ErrorBar
from widgets.theme import Theme

_WIDTH = 360


class RenamePopup(Popup):
    """Opens under the project's name. A name that is refused is said in it, and can be corrected there."""

    def __init__(self, rename: Callable[[str], None], host: QWidget | None = None) -> None:
        """`rename`: does it, or raises a Refusal."""
        super().__init__(host)
        self._rename = rename
        self.setAccessibleName(self.tr("Rename the project"))
        self.field = QLineEdit()
        self.field.setAccessibleName(self.tr("Name of the project"))
        self.error = ErrorBar(closable=False)
        done, back = Button(self.tr("Rename"), "primary"), Button(self.tr("Leave it"), "ghost")
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(back)
        buttons.addWidget(done)
        self._inner = QWidget()
        body = QVBoxLayout(self._inner)
        body.setContentsMargins(16, 14, 16, 16)
        body.setSpacing(10)
        body.addWidget(Label(self.tr("Rename the project"), "card"))
        body.addWidget(Label(self.tr("Its folder gets the same name."), "second", "t2"))
        body.addWidget(self.field)
        body.addWidget(self.error)
        body.addLayout(buttons)
        self.column.addWidget(self._inner)
        self.field.returnPressed.connect(self._take)
        self.field.textChanged.connect(self._clear)
        done.clicked.connect(self._take)
        back.clicked.connect(self.close_popup)

    def open_under(self, button: QWidget, name: str) -> None:
        """Open below the project's name with the name as it is, marked so that typing replaces it."""
        host = self.parentWidget() or button.window()
        self._inner.setFixedWidth(Theme.current().px(_WIDTH))
        self.error.clear()
        self.field.setText(name)
        self.field.selectAll()
        self.open_at(button.mapTo(host, QPoint(0, button.height() + 6)), button)
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def _take(self) -> None:
        try:
            self._rename(self.field.text())
        except Refusal as refusal:
            self.error.show_message(refusal.sentence, refusal.cause)
            self.fit()
            self.field.setFocus()
        else:
            self.close_popup()

    def _clear(self, _text: str) -> None:
        self.error.clear()
        self.fit()
