"""The question bar: what is being asked, as a sentence with chips, and the next step as one button."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPaintEvent, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from studio.question.sentence import Part, plain
from widgets.kit.button import Button
from widgets.kit.chip import AddChip, Chip
from widgets.kit.label import Label
from widgets.kit.painting import painter_on, surface
from widgets.theme import Theme

HEIGHT, COMPACT_HEIGHT = 48, 44


class QuestionBar(QWidget):
    """A sentence left; method or model chip, estimate and the one primary button right."""

    item_wished = Signal(str)           # what was typed into the factual's chip, or "" for a click
    do_typed = Signal(str, str)         # factor, text of the chip
    do_removed = Signal(str)
    add_wished = Signal()
    data_wished = Signal()
    method_wished = Signal()
    main_wished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: list[Part] = []
        self._widgets: list[QWidget] = []
        self._picture = QPixmap()
        self._why = self._cost = ""
        self.setFixedHeight(HEIGHT)
        self._sentence = QHBoxLayout()
        self._sentence.setSpacing(7)
        self._method = Chip("", "flat", icon="box", menu=True)
        self._method.clicked.connect(self.method_wished)
        self._estimate = Label("", "second", "t2")
        self._main = Button(self.tr("Train"), "primary", "play")
        self._main.clicked.connect(self.main_wished)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 12, 0)
        row.setSpacing(12)
        row.addLayout(self._sentence)
        row.addStretch(1)
        row.addWidget(self._method)
        row.addWidget(self._estimate)
        row.addWidget(self._main)

    def sentence(self) -> str:
        """The sentence as one line."""
        return plain(self._parts)

    def set_sentence(self, parts: list[Part], *, can_add: bool = False) -> None:
        """Show a sentence. Chips that only changed their text stay, so that a drag costs one repaint."""
        if [(p.chip, p.name, bool(p.chip) or p.text) for p in parts] == [
            (p.chip, p.name, bool(p.chip) or p.text) for p in self._parts
        ]:
            for part, widget in zip(parts, self._widgets, strict=False):
                if isinstance(widget, Chip):
                    widget.set_text(part.text)
            self._parts = parts
        else:
            self._parts = parts
            self._build(can_add)
        self.setAccessibleName(self.sentence())

    def set_picture(self, picture: QPixmap) -> None:
        """A small picture of the factual in its chip."""
        self._picture = picture
        for part, widget in zip(self._parts, self._widgets, strict=False):
            if part.chip == "item" and isinstance(widget, Chip):
                widget.set_picture(picture)

    def set_method(self, text: str, icon: str = "box") -> None:
        """The method or model that answers; empty hides the chip."""
        self._method.setVisible(bool(text))
        self._method.set_text(text)
        self._method.set_icon(icon)

    def set_estimate(self, text: str, whole: str = "") -> None:
        """About how long the main action takes; the tooltip says it with its range, memory and device."""
        self._estimate.setText(text)
        self._cost = whole or text
        self._estimate.setToolTip(self._cost)
        self._main.setToolTip(self._why or self._cost)

    def set_main(self, text: str, icon: str = "play", enabled: bool = True, why: str = "") -> None:
        """The next step that is missing; `why` says why it is off."""
        self._main.set_text(text)
        self._main.set_icon(icon)
        self._main.setEnabled(enabled)
        self._why = why
        self._main.setToolTip(why or self._cost)

    def set_compact(self, compact: bool) -> None:
        self.setFixedHeight(Theme.current().px(COMPACT_HEIGHT if compact else HEIGHT))
        self._estimate.setVisible(not compact)

    def _build(self, can_add: bool) -> None:
        while (item := self._sentence.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._widgets = []
        for i, part in enumerate(self._parts):
            if part.text == "?" and can_add:
                add = AddChip(self.tr("Add an intervention"))
                add.clicked.connect(self.add_wished)
                self._sentence.addWidget(add)
            widget = self._widget(part, first=i == 0)
            self._sentence.addWidget(widget)
            self._widgets.append(widget)

    def _widget(self, part: Part, first: bool) -> QWidget:
        match part.chip:
            case "item":
                chip = Chip(part.text, "grey", menu=True, role="card")
                chip.set_picture(self._picture)
                chip.clicked.connect(lambda: self.item_wished.emit(""))
            case "do":
                chip = Chip(part.text, "accent", editable=True, removable=True, role="card")
                chip.edited.connect(lambda text, name=part.name: self.do_typed.emit(name, text))
                chip.removed.connect(lambda name=part.name: self.do_removed.emit(name))
            case "data":
                chip = Chip(part.text, "grey", icon="table-2", menu=True, role="card")
                chip.clicked.connect(self.data_wished)
            case _:
                label = Label(part.text, "sentence", elide=first and len(self._parts) == 1)
                label.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
                return label
        return chip

    def sizeHint(self) -> QSize:
        return QSize(1024, HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        surface(painter_on(self), QRectF(self.rect()), Theme.current(), 10)
