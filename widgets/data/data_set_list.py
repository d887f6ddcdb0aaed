"""The data sets of a project, one card each; a refused file stays as a card that says why, with its ways out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from engines.data.kinds import DataSet, Images
from widgets.kit.button import Button
from widgets.kit.control import Control
from widgets.kit.drop_zone import DropZone, Recogniser
from widgets.kit.label import Label
from widgets.kit.painting import painter_on, rounded, text_in
from widgets.kit.progress_bar import ProgressBar
from widgets.kit.scroll_column import ScrollColumn
from widgets.kit.state_view import Sign
from widgets.kit.tool_button import ToolButton
from widgets.numbers import format_count
from widgets.theme import Theme, draw_icon, font, line_height


@dataclass(frozen=True)
class DataCard:
    """A data set (or graph, or model) that can be chosen: `key` is the caller's, `icon` a Lucide name."""

    key: str
    name: str
    note: str
    icon: str = "table-2"


@dataclass(frozen=True)
class BusyCard:
    """A file that is being read; `fraction` None: the total is not known."""

    key: str
    name: str
    note: str
    fraction: float | None = None


@dataclass(frozen=True)
class RefusedCard:
    """A file that was refused: the sentence, its cause, and the offers as buttons, the first one plain."""

    key: str
    name: str
    sentence: str
    cause: str = ""
    offers: tuple[str, ...] = ()


Card = DataCard | BusyCard | RefusedCard


def card_of(key: str, data: DataSet) -> DataCard:
    """The card of a data set: "Table, 7,466 rows, 11 columns" or "Images, 28 × 28, 10,000"."""
    if isinstance(data, Images):
        height, width = data.pixels.shape[1:3]
        return DataCard(key, data.name, f"{_tr('Images')}, {width} × {height}, {format_count(len(data))}", "images")
    rows, columns = format_count(len(data)), format_count(len(data.columns))
    return DataCard(key, data.name, _tr("Table, {} rows, {} columns").format(rows, columns), "table-2")


class DataSetList(QWidget):
    """Shows cards; a click or the arrow keys choose one, Delete asks to remove it. More can be dropped below."""

    chosen = Signal(str)                     # key; by the user's hand, as are all below
    remove_asked = Signal(str)               # key
    offer_chosen = Signal(str, str)          # key of the refused card, offer
    dismissed = Signal(str)                  # key of a refused card that was closed
    stop_asked = Signal(str)                 # key of a card that is being read
    dropped = Signal(list)                   # list of Path

    def __init__(self, recognise: Recogniser | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards: tuple[Card, ...] = ()
        self._current = ""
        self._rows: dict[str, _Row] = {}
        self._busy: dict[str, _Busy] = {}
        self._scroll = ScrollColumn(margins=(8, 8, 8, 8))
        self._scroll.column.setSpacing(4)
        self._zone = DropZone(
            self.tr("Drop more here"), self.tr("files, folders, graphs, models"), recognise, self, compact=True
        )
        self._zone.dropped.connect(self.dropped)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._scroll, 1)
        below = QHBoxLayout()
        below.setContentsMargins(12, 8, 12, 16)
        below.addWidget(self._zone)
        column.addLayout(below)
        self.setAccessibleName(self.tr("Data sets"))

    def cards(self) -> tuple[Card, ...]:
        return self._cards

    def set_cards(self, cards: Sequence[Card]) -> None:
        """All cards in order; the chosen one stays chosen."""
        if tuple(cards) == self._cards:
            return
        if [_kind(card) for card in cards] == [_kind(card) for card in self._cards]:
            self._cards = tuple(cards)
            for card in self._cards:
                if isinstance(card, BusyCard):
                    self._busy[card.key].set_card(card)
            return
        self._cards = tuple(cards)
        focused = next((key for key, row in self._rows.items() if row.hasFocus()), None)
        layout = self._scroll.column
        while (item := layout.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._rows, self._busy = {}, {}
        for card in self._cards:
            layout.addWidget(self._made(card))
        layout.addStretch(1)
        self.set_current(self._current)
        if focused in self._rows:
            self._rows[focused].setFocus()

    def current(self) -> str:
        """Key of the chosen card; empty if none."""
        return self._current

    def set_current(self, key: str) -> None:
        self._current = key
        for name, row in self._rows.items():
            row.setChecked(name == key)
        self._reach()

    def set_recogniser(self, recognise: Recogniser | None) -> None:
        """What tells of a hovering file, from the paths alone, what it is."""
        self._zone.set_recogniser(recognise)

    def drop_zone(self) -> DropZone:
        return self._zone

    def _made(self, card: Card) -> QWidget:
        if isinstance(card, RefusedCard):
            refused = _Refused(card)
            refused.offer_chosen.connect(lambda offer: self.offer_chosen.emit(card.key, offer))
            refused.closed.connect(lambda: self.dismissed.emit(card.key))
            return refused
        if isinstance(card, BusyCard):
            busy = _Busy(card)
            busy.stopped.connect(lambda: self.stop_asked.emit(card.key))
            self._busy[card.key] = busy
            return busy
        row = _Row(card)
        row.clicked.connect(lambda: self._choose(card.key))
        row.key_pressed.connect(self._take_key)
        self._rows[card.key] = row
        return row

    def _take_key(self, pressed: int) -> None:
        keys = list(self._rows)
        step = {Qt.Key.Key_Down.value: 1, Qt.Key.Key_Up.value: -1}.get(pressed, 0)
        if step:
            place = keys.index(self._current) + step if self._current in keys else 0
            key = keys[min(max(place, 0), len(keys) - 1)]
            self._rows[key].setFocus(Qt.FocusReason.TabFocusReason)
            self._choose(key)
        elif self._current in keys:
            self.remove_asked.emit(self._current)

    def _choose(self, key: str) -> None:
        changed = key != self._current
        self.set_current(key)
        if changed:
            self.chosen.emit(key)

    def _reach(self) -> None:
        """Tab enters the list at the chosen card, or at the first."""
        entry = self._current if self._current in self._rows else next(iter(self._rows), "")
        for key, row in self._rows.items():
            row.setFocusPolicy(Qt.FocusPolicy.StrongFocus if key == entry else Qt.FocusPolicy.ClickFocus)


class _Row(Control):
    key_pressed = Signal(int)

    def __init__(self, card: DataCard) -> None:
        super().__init__(card.name, None)
        self._card = card
        self.setCheckable(True)
        self.setAccessibleName(f"{card.name}, {card.note}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(160, Theme.current().px(52))

    def nextCheckState(self) -> None:
        """The list says which card is on."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.key_pressed.emit(event.key())  # the scroll area between here and the list would take them
            return
        super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, painter = Theme.current(), painter_on(self)
        box = self.box()
        rounded(painter, box, 6, self.ground(theme, on=theme.bg3))
        if self.isChecked():
            bar = QRectF(box.left(), box.center().y() - theme.px(16), 3, theme.px(32))
            rounded(painter, bar, 1.5, theme.ink)
        colour = theme.t1 if self.isChecked() else theme.t2
        draw_icon(painter, self._card.icon, QPointF(24, box.center().y()), colour)
        high, low = line_height("title"), line_height("second")
        top = box.center().y() - (high + low) / 2
        text = QRectF(42, top, box.width() - 42 - 12, high)
        text_in(painter, text, self._card.name, font("title"), theme.t1, elide=Qt.TextElideMode.ElideMiddle)
        text_in(painter, QRectF(42, top + high, text.width(), low), self._card.note, font("second"), theme.t2)


class _Busy(QWidget):
    stopped = Signal()

    def __init__(self, card: BusyCard) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._bar = ProgressBar()
        self._bar.setAccessibleName(card.name)
        self._note = Label("", "second", "t2", elide=True)
        self.set_card(card)
        stop = ToolButton("x", self.tr("Stop"), self)
        stop.clicked.connect(self.stopped)
        text = QVBoxLayout()
        text.setSpacing(2)
        text.addWidget(Label(card.name, "title", elide=True))
        text.addWidget(self._note)
        text.addSpacing(4)
        text.addWidget(self._bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 8, 8)
        row.setSpacing(10)
        row.addWidget(Sign("hourglass", "t2", 16), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(text, 1)
        row.addWidget(stop, 0, Qt.AlignmentFlag.AlignTop)

    def set_card(self, card: BusyCard) -> None:
        """How far it is."""
        self.setAccessibleName(f"{card.name}, {card.note}")
        self._note.setText(card.note)
        self._bar.set_fraction(card.fraction)


class _Refused(QWidget):
    offer_chosen = Signal(str)
    closed = Signal()

    def __init__(self, card: RefusedCard) -> None:
        super().__init__()
        sentence = _without_name(card)
        self.setAccessibleName(f"{card.name}: {sentence} {card.cause}".strip())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)    # wrapped lines set its height
        close = ToolButton("x", self.tr("Close"), self)
        close.clicked.connect(self.closed)
        text = QVBoxLayout()
        text.setSpacing(0)
        head = _indented(8)
        head.addWidget(Label(card.name, "title", elide=True))
        head.addStretch(1)
        head.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        text.addLayout(head)
        for words, colour in ((sentence, "t1"), (card.cause, "t2")):
            if words:
                line = _indented(8)
                line.addWidget(Label(words, "second", colour, wrap=True))
                text.addLayout(line)
        if card.offers:
            text.addSpacing(10)
        for i, offer in enumerate(card.offers):
            button = Button(offer, "plain" if i == 0 else "ghost")
            button.clicked.connect(lambda _=False, o=offer: self.offer_chosen.emit(o))
            line = _indented(8 if i == 0 else 0, above=4 if i else 0)     # a ghost's word stands under the sentence
            line.addWidget(button)
            line.addStretch(1)
            text.addLayout(line)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 8, 12)
        row.setSpacing(0)
        sign = Sign("circle-alert", "err", 16)
        sign.setFixedHeight(Theme.current().px(28))
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(text, 1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.current()
        border = theme.err if theme.high_contrast else None
        rounded(painter_on(self), QRectF(self.rect()), 6, theme.errt, border, theme.border)


def _indented(left: int, above: int = 0) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setContentsMargins(left, above, 0, 0)
    line.setSpacing(4)
    return line


def _without_name(card: RefusedCard) -> str:
    """The sentence without the file's name before a colon: the card has it in its first line."""
    rest = card.sentence.removeprefix(f"{card.name}: ")
    return rest[:1].upper() + rest[1:] if rest != card.sentence else card.sentence


def _tr(text: str) -> str:
    return QCoreApplication.translate("DataSetList", text)


def _kind(card: Card) -> object:
    """What a card is apart from how far it is; another one needs another widget."""
    return (card.key, card.name) if isinstance(card, BusyCard) else card
