"""A sweep in the place of the form: one to three settings with their values, seeds, and how many runs that makes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from studio.panels.method_foot import FormFoot
from studio.runs.sweeps import MOST_RUNS, MOST_SETTINGS, Sweep, example, read_values
from widgets.controls.field import UnitEdit
from widgets.controls.schema import Field, fields_of
from widgets.kit.button import Button
from widgets.kit.label import Label
from widgets.kit.scroll_column import ScrollColumn
from widgets.kit.tool_button import ToolButton
from widgets.numbers import format_number

_SHOWN = 8              # values that are listed under their field
_LETTERS = 24
_PAUSE = 150            # ms without a key before the estimate is asked for


class SweepView(QWidget):
    """Makes one sweep. Escape or "Back to the form" leaves it; values are checked while they are typed."""

    queued = Signal(object)                 # Sweep
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fields: tuple[Field, ...] = ()
        self._schema: Mapping[str, Any] | None = None
        self._cost: Callable[[Sweep], str] = lambda _sweep: ""
        self._rows: list[SweepRow] = []
        self._asking = QTimer(self)
        self._asking.setSingleShot(True)
        self._asking.setInterval(_PAUSE)
        self._asking.timeout.connect(self._tell_cost)
        self._more = Button(self.tr("Add a setting"), "ghost", "plus")
        self._more.clicked.connect(self._add)
        self._seeds = ValuesField(
            Field("seeds", self.tr("Seeds"), "whole", 1, self.tr("Each combination is run with so many seeds."),
                  low=1, high=100),
        )
        self._seeds.changed.connect(self._tell)
        self._back = Button(self.tr("Back to the form"), "plain")
        self._back.clicked.connect(self.left)
        self._queue = Button("", "plain", "list-ordered")
        self._queue.clicked.connect(self._wish)
        self._foot = FormFoot(self._back, self._queue)
        self._lay_out()

    def open_for(self, schema: Mapping[str, Any], cost: Callable[[Sweep], str]) -> None:
        """Begin a sweep over the settings of a schema; what was typed for the same method is kept.

        `cost`: the estimate of a sweep in words.
        """
        self._cost = cost
        if schema != self._schema:
            self._schema, self._fields = schema, fields_of(schema)
            for row in list(self._rows):
                self._remove(row)
            self._add()
        self._tell()
        self._rows[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def sweep(self) -> Sweep | None:
        """What is asked for; None while something must be corrected."""
        if any(row.error() for row in self._rows) or self._seeds.error():
            return None
        vary = {row.field().name: row.values() for row in self._rows}
        count = self._seeds.values()[0]
        made = Sweep(vary, tuple(range(count)))
        return made if len(vary) == len(self._rows) and len(made) <= MOST_RUNS else None

    def rows(self) -> list[SweepRow]:
        """The settings that vary, from top to bottom."""
        return self._rows

    def seeds(self) -> ValuesField:
        """How many seeds."""
        return self._seeds

    def more_button(self) -> Button:
        """Adds a setting."""
        return self._more

    def queue_button(self) -> Button:
        """Queues the runs."""
        return self._queue

    def refresh(self) -> None:
        """Estimates may be others now."""
        if self.isVisible():
            self._asking.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _add(self) -> None:
        taken = {row.field().name for row in self._rows}
        free = next((one for one in self._fields if one.name not in taken), None)
        if free is None:
            return
        row = SweepRow(self._fields, free)
        row.changed.connect(self._tell)
        row.removed.connect(lambda: self._remove(row))
        self._rows.append(row)
        self._column.addWidget(row)
        self._tell()

    def _remove(self, row: SweepRow) -> None:
        self._rows.remove(row)
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()
        self._tell()

    def _tell(self) -> None:
        names = [row.field().name for row in self._rows]
        for place, row in enumerate(self._rows):
            row.set_twice(names.index(row.field().name) < place)
            row.set_removable(len(self._rows) > 1)
        self._more.setVisible(len(self._rows) < min(MOST_SETTINGS, len(self._fields)))
        made = self.sweep()
        wrong = sum(bool(row.error()) for row in self._rows) + bool(self._seeds.error())
        self._queue.setEnabled(made is not None)
        if made is not None:
            one = len(made) == 1
            self._queue.set_text((self.tr("Queue {} run") if one else self.tr("Queue {} runs")).format(len(made)))
            self._asking.start()
        elif wrong:
            text = self.tr("{} value to correct") if wrong == 1 else self.tr("{} values to correct")
            self._queue.set_text(text.format(wrong))
            self._foot.set_estimate("")
        else:
            self._queue.set_text(self.tr("Too many runs"))
            self._foot.set_estimate(self.tr("At most {} runs at once").format(format_number(MOST_RUNS)))

    def _tell_cost(self) -> None:
        made = self.sweep()
        if made is not None and self.isVisible():
            self._foot.set_estimate(self._cost(made))

    def _wish(self) -> None:
        made = self.sweep()
        if made is not None:
            self.queued.emit(made)

    def _lay_out(self) -> None:
        scroll = ScrollColumn(margins=(16, 4, 12, 12))
        inner = scroll.column
        inner.addWidget(Label(self.tr("Sweep"), "card"))
        inner.addSpacing(2)
        inner.addWidget(Label(
            self.tr("One run for each combination of values. All other settings are as in the form."),
            "second", "t2", wrap=True,
        ))
        inner.addSpacing(10)
        self._column = QVBoxLayout()
        self._column.setSpacing(12)
        inner.addLayout(self._column)
        inner.addSpacing(6)
        more = QHBoxLayout()
        more.addWidget(self._more)
        more.addStretch(1)
        inner.addLayout(more)
        inner.addSpacing(10)
        inner.addWidget(Label(self.tr("Seeds"), "title"))
        inner.addSpacing(2)
        inner.addWidget(self._seeds)
        inner.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(scroll, 1)
        column.addWidget(self._foot)


class SweepRow(QWidget):
    """A setting and its values."""

    changed = Signal()
    removed = Signal()

    def __init__(self, fields: tuple[Field, ...], chosen: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fields = fields
        self._chooser = QComboBox()
        self._chooser.addItems([one.title for one in fields])
        self._chooser.setCurrentIndex(fields.index(chosen))
        self._chooser.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._chooser.setAccessibleName(self.tr("Setting that varies"))
        self._chooser.activated.connect(self._take)
        self._remove = ToolButton("x", self.tr("Leave this setting as in the form"))
        self._remove.clicked.connect(self.removed)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._chooser, 1)
        head.addWidget(self._remove)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._column.addLayout(head)
        self._values = self._editor(chosen)
        self.setFocusProxy(self._chooser)

    def field(self) -> Field:
        """The setting."""
        return self._fields[self._chooser.currentIndex()]

    def values(self) -> tuple[Any, ...]:
        """Its values; empty while they cannot be read."""
        return self._values.values()

    def error(self) -> str:
        """Why the values cannot be, or ""."""
        return self._values.error()

    def editor(self) -> ValuesField | ValuesChoice:
        """Where the values stand."""
        return self._values

    def choose(self, name: str) -> None:
        """Another setting, as by hand."""
        place = [one.name for one in self._fields].index(name)
        self._chooser.setCurrentIndex(place)
        self._take(place)

    def set_twice(self, twice: bool) -> None:
        """Another row has the same setting."""
        self._values.set_trouble(self.tr("This setting stands there already.") if twice else "")

    def set_removable(self, on: bool) -> None:
        self._remove.setVisible(on)

    def _take(self, _place: int) -> None:
        before = self._values
        self._values = self._editor(self.field())
        self._column.removeWidget(before)
        before.hide()
        before.deleteLater()
        self.changed.emit()

    def _editor(self, field: Field) -> ValuesField | ValuesChoice:
        made = ValuesChoice(field) if field.kind in ("choice", "toggle") else ValuesField(field, many=True)
        made.changed.connect(self.changed)
        self._column.addWidget(made)
        return made


class ValuesField(QWidget):
    """Values of a setting as text; under it what was understood, or why not. `many`: a list or a range."""

    changed = Signal()

    def __init__(self, field: Field, parent: QWidget | None = None, *, many: bool = False) -> None:
        super().__init__(parent)
        self._field, self._many = field, many
        self._trouble = ""
        self._edit = UnitEdit(field.unit)
        self._edit.setAccessibleName(self.tr("Values of {}").format(field.title) if many else field.title)
        self._edit.setText(field.text(field.default))
        if many:
            self._edit.setPlaceholderText(example(field))
        self._help = Label("", "second", "t2", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self._edit)
        column.addWidget(self._help)
        self.setFocusProxy(self._edit)
        self._edit.textChanged.connect(self._take)
        self._show()

    def edit(self) -> UnitEdit:
        """Where it is typed."""
        return self._edit

    def values(self) -> tuple[Any, ...]:
        """The values; empty while they cannot be read."""
        try:
            return self._read()
        except ValueError:
            return ()

    def error(self) -> str:
        """Why they cannot be, or ""."""
        try:
            self._read()
        except ValueError as error:
            return str(error)
        return self._trouble

    def set_trouble(self, text: str) -> None:
        """Something that is wrong with the setting itself."""
        self._trouble = text
        self._show()

    def _read(self) -> tuple[Any, ...]:
        if self._many:
            return read_values(self._edit.text(), self._field)
        return (self._field.read(self._edit.text()),)

    def _take(self) -> None:
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        error = self.error()
        self._help.setText(error or self._understood())
        self._help.set_colour("err" if error else "t2")
        self._edit.setAccessibleDescription(self._help.text())
        self._edit.setProperty("error", bool(error))
        self._edit.style().unpolish(self._edit)
        self._edit.style().polish(self._edit)

    def _understood(self) -> str:
        if not self._many:
            return self._field.help
        values = self.values()
        listed = "; ".join(self._field.text(value) for value in values[:_SHOWN])
        more = " …" if len(values) > _SHOWN else ""
        if len(values) == 1:
            return self.tr("1 value. Give more, such as {}").format(example(self._field))
        return self.tr("{} values: {}{}").format(len(values), listed, more)


class ValuesChoice(QWidget):
    """The options of a choice, each on or off; all are on at first."""

    changed = Signal()

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._options = field.options or (True, False)
        self._trouble = ""
        self._buttons: list[Button] = []
        self._help = Label("", "second", "err", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        names = {True: self.tr("on"), False: self.tr("off")} if not field.options else {}
        texts = [str(names.get(option, option)) for option in self._options]
        row = QHBoxLayout()
        for place, text in enumerate(texts):
            if place == 0 or sum(map(len, texts)) > _LETTERS:        # side by side only where they surely fit
                row = QHBoxLayout()
                row.setSpacing(8)
                row.addStretch(1)
                column.addLayout(row)
            button = Button(text, "toggle")
            button.setChecked(True)
            button.toggled.connect(self._take)
            row.insertWidget(row.count() - 1, button)
            self._buttons.append(button)
        column.addWidget(self._help)
        self.setFocusProxy(self._buttons[0])
        self._show()

    def buttons(self) -> list[Button]:
        """One an option."""
        return self._buttons

    def values(self) -> tuple[Any, ...]:
        """The options that are on."""
        return tuple(o for o, button in zip(self._options, self._buttons, strict=True) if button.isChecked())

    def error(self) -> str:
        """Why they cannot be, or ""."""
        return self._trouble if self.values() else self.tr("Leave one of them on.")

    def set_trouble(self, text: str) -> None:
        """Something that is wrong with the setting itself."""
        self._trouble = text
        self._show()

    def _take(self) -> None:
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        self._help.setText(self.error())
        self._help.setVisible(bool(self.error()))
