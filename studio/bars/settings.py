"""The settings: scheme, text size, motion, contrast, threads. A change acts at once and is kept."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio.bars.popup import Popup
from studio.settings import AUTOMATIC, Settings
from widgets.kit.label import Hairline, Label
from widgets.kit.segmented import Segmented
from widgets.kit.tool_button import ToolButton
from widgets.numbers import format_count, format_number
from widgets.theme import Theme, appearance
from widgets.theme.appearance import LEAST_SCALE, MOST_SCALE

WIDTH = 360
_STEP = 10


class SettingsPopup(Popup):
    """Opens under its button; Escape or a click beside it closes."""

    def __init__(self, settings: Settings, host: QWidget | None = None) -> None:
        super().__init__(host)
        self._settings = settings
        self.setAccessibleName(self.tr("Settings"))
        tr = self.tr
        self.scheme = _Choice(("system", "light", "dark"), (tr("System"), tr("Light"), tr("Dark")), tr("Colours"))
        self.motion = _Choice(("system", "on", "reduced"), (tr("System"), tr("On"), tr("Reduced")), tr("Motion"))
        self.contrast = _Choice(("system", "normal", "high"), (tr("System"), tr("Normal"), tr("High")), tr("Contrast"))
        self.text_scale = _Steps(tr("Text size"), LEAST_SCALE, MOST_SCALE, _STEP, lambda n: format_number(n, "%", 0))
        self.threads = _Steps(
            tr("Threads"), AUTOMATIC, max(os.cpu_count() or 1, 1), 1,
            lambda n: format_count(n) if n else tr("Automatic"),
        )
        body = QVBoxLayout()
        body.setContentsMargins(16, 14, 16, 16)
        body.setSpacing(14)
        body.addWidget(Label(tr("Settings"), "card"))
        for name, field in (
            (tr("Colours"), self.scheme), (tr("Text size"), self.text_scale), (tr("Motion"), self.motion),
            (tr("Contrast"), self.contrast),
        ):
            body.addLayout(_row(name, field))
        body.addWidget(Hairline())
        body.addLayout(_row(tr("Threads"), self.threads, tr("For the next run. Automatic leaves one core free.")))
        self._inner = QWidget()
        self._inner.setLayout(body)
        self.column.addWidget(self._inner)
        self.scheme.picked.connect(settings.set_scheme)
        self.motion.picked.connect(settings.set_motion)
        self.contrast.picked.connect(settings.set_contrast)
        self.text_scale.changed.connect(settings.set_text_scale)
        self.threads.changed.connect(settings.set_threads)
        appearance().changed.connect(self._refresh)
        self._refresh()

    def open_under(self, button: QWidget) -> None:
        """Open below a button at the right; a second click on it closes."""
        if not self.isHidden():
            self.close_popup()
            return
        host = self.parentWidget() or button.window()
        corner = button.mapTo(host, QPoint(button.width(), button.height() + 6))
        self._refresh()
        self.open_at(corner - QPoint(self._inner.width(), 0), button)
        self.scheme.setFocus(Qt.FocusReason.PopupFocusReason)

    def _refresh(self) -> None:
        look = appearance()
        self._inner.setFixedWidth(Theme.current().px(WIDTH))
        self.scheme.set_value(look.scheme())
        self.motion.set_value(look.motion())
        self.contrast.set_value(look.contrast())
        self.text_scale.set_value(look.text_scale())
        self.threads.set_value(self._settings.threads)
        self.fit()


class _Choice(Segmented):
    """Segments that speak in values instead of places."""

    picked = Signal(str)            # the value; only by the user's hand

    def __init__(self, values: Sequence[str], texts: Sequence[str], name: str) -> None:
        super().__init__(texts, name=name)
        self._values = tuple(values)
        self.chosen.connect(lambda index: self.picked.emit(self._values[index]))

    def value(self) -> str:
        return self._values[self.current()]

    def set_value(self, value: str) -> None:
        self.set_current(self._values.index(value))


class _Steps(QWidget):
    """A number with less and more beside it; up and down do the same."""

    changed = Signal(int)           # only by the user's hand

    def __init__(self, name: str, low: int, high: int, step: int, text: Callable[[int], str]) -> None:
        super().__init__()
        self._name, self._low, self._high, self._step, self._text = name, low, high, step, text
        self._value = low
        self.less, self.more = ToolButton("minus", self.tr("Less")), ToolButton("plus", self.tr("More"))
        self._label = Label("", "body", weight=500)
        self._label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._label.setMinimumWidth(84)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addStretch(1)
        for widget in (self.less, self._label, self.more):
            row.addWidget(widget)
        self.less.clicked.connect(lambda: self._move(-1))
        self.more.clicked.connect(lambda: self._move(1))

    def value(self) -> int:
        return self._value

    def set_value(self, value: int) -> None:
        self._value = min(max(value, self._low), self._high)
        text = self._text(self._value)
        self._label.setText(text)
        self.less.setEnabled(self._value > self._low)
        self.more.setEnabled(self._value < self._high)
        for button, verb in ((self.less, self.tr("Less")), (self.more, self.tr("More"))):
            button.setAccessibleName(f"{self._name}, {verb}")
            button.setAccessibleDescription(text)

    def _move(self, way: int) -> None:
        before = self._value
        self.set_value(before + way * self._step)
        if self._value != before:
            self.changed.emit(self._value)


def _row(name: str, field: QWidget, note: str = "") -> QVBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(12)
    label = Label(name, "body", weight=500)
    label.setMinimumWidth(88)
    line.addWidget(label)
    line.addWidget(field, 1)
    column = QVBoxLayout()
    column.setSpacing(4)
    column.addLayout(line)
    if note:
        column.addWidget(Label(note, "second", "t2", wrap=True))
    return column
