"""What a method is, its presets and the form of its settings, one below the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio.bars.help import ABOUT
from studio.catalogue import Announced
from studio.panels.model_row import ModelRow
from widgets.controls.form import ParameterForm
from widgets.kit.label import Label
from widgets.kit.scroll_column import ScrollColumn
from widgets.kit.segmented import Segmented
from widgets.kit.tool_button import ToolButton


class MethodForm(ScrollColumn):
    """Shows a method with its settings; tells what the hand changed, a preset like single values."""

    values_changed = Signal(object)         # dict of all values
    validity_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, margins=(16, 0, 12, 12))
        self._announced: Announced | None = None
        self.form = ParameterForm()
        self.model = ModelRow()
        self.presets = Segmented(name=self.tr("Presets"))
        self.reset = ToolButton("rotate-ccw", self.tr("Back to the preset"))
        self._sentence = Label("", "second", "t2", wrap=True)
        self._reason = Label("", "second", "t1", wrap=True)
        self._preset_head = Label(self.tr("Preset"), "title")
        self._changed = Label("", "second", "t2", elide=True)
        self._source = Label("", "caption", "t2", wrap=True)
        self.form.values_changed.connect(self.values_changed)
        self.form.validity_changed.connect(lambda _count: self.validity_changed.emit())
        self.presets.chosen.connect(self._take_preset)
        self.reset.clicked.connect(lambda: self._take_preset(self.presets.current()))
        self._lay_out()

    def show_method(self, announced: Announced, values: Mapping[str, Any], reason: str) -> None:
        """A method, its settings, and why it is recommended ("": it is not)."""
        self._announced = announced
        self._sentence.setText(announced.sentence)
        self._reason.setText(self.tr("Recommended. {}").format(reason) if reason else "")
        self._reason.setVisible(bool(reason))
        source = announced.source
        if announced.reconstruction:
            source = self.tr("{} Reconstructed: {}").format(source, announced.reconstruction)
        self._source.setText(source)
        self.presets.set_options([name.replace("_", " ").capitalize() for name in announced.presets])
        for part in (self.presets, self._preset_head):
            part.setVisible(len(announced.presets) > 1)
        place, changed = _nearest(announced, values)
        self.presets.set_current(place)
        self._changed.setText(self.tr("{} changed").format(changed) if changed else "")
        self.reset.setVisible(changed > 0)
        self.model.setVisible(announced.accepts.model is not None)
        self.form.set_schema(announced.parameters, list(announced.presets.values())[place])
        self.form.set_values(values)
        for field in self.form.fields():
            field.setProperty(ABOUT, field.field.about())

    def set_low(self, low: bool) -> None:
        """Where there is little height what the method is goes: the list and the help say it too."""
        self._sentence.setVisible(not low)

    def _take_preset(self, place: int) -> None:
        if self._announced is not None:
            self.values_changed.emit(dict(list(self._announced.presets.values())[place]))

    def _lay_out(self) -> None:
        column = self.column
        column.addWidget(self._sentence)
        column.addSpacing(4)
        column.addWidget(self._reason)
        column.addSpacing(10)
        line = QHBoxLayout()
        line.addWidget(self._preset_head)
        line.addStretch(1)
        line.addWidget(self._changed)
        line.addWidget(self.reset)
        column.addLayout(line)
        column.addSpacing(4)
        presets = QHBoxLayout()
        presets.addWidget(self.presets)
        presets.addStretch(1)
        column.addLayout(presets)
        column.addSpacing(14)
        column.addWidget(self.model)
        column.addWidget(self.form)
        column.addSpacing(14)
        column.addWidget(self._source)
        column.addStretch(1)


def _nearest(announced: Announced, values: Mapping[str, Any]) -> tuple[int, int]:
    """Place of the preset that the values are nearest to, and how many of them differ from it."""
    differing = [
        sum(values.get(name) != value for name, value in preset.items()) for preset in announced.presets.values()
    ]
    fewest = min(differing, default=0)
    return (differing.index(fewest) if differing else 0), fewest
