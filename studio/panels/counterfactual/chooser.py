"""Choose an image: twelve at a time, when none is chosen or another one is wanted."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engines.data.kinds import Images
from studio.exploration.exploration import Exploration
from widgets.kit.button import Button
from widgets.kit.label import Label
from widgets.numbers import format_number
from widgets.pictures import StripItem
from widgets.pictures.pixels import fitted
from widgets.pictures.strip import PictureStrip
from widgets.pictures.tile import MARGIN

TWELVE = 12
_SIDE = 112


class FactualChooser(QWidget):
    """A strip of twelve pictures of the data; a click chooses the factual."""

    chosen = Signal(int)            # row id, by the user's hand
    left = Signal()                 # without a choice

    def __init__(self, exploration: Exploration, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._exploration = exploration
        self._first = 0
        self._ids: tuple[int, ...] = ()
        self._strip = PictureStrip(_SIDE, rows=2)
        self._strip.setAccessibleName(self.tr("Images to choose from"))
        self._more = Button(self.tr("Show twelve others"), "ghost", "shuffle")
        head = QHBoxLayout()
        head.setContentsMargins(MARGIN, 0, 0, 0)
        head.setSpacing(12)
        head.addWidget(Label(self.tr("Choose an image"), "title"))
        head.addWidget(Label(self.tr("the question is asked about it"), "second", "t2"))
        head.addStretch(1)
        head.addWidget(self._more)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self._strip)
        column.addStretch(1)
        self._more.clicked.connect(self._show_others)
        self._strip.chosen.connect(lambda index: self.chosen.emit(self._ids[index]))
        self.setFocusProxy(self._strip)

    def refresh(self) -> None:
        """Pictures of the data that are asked about now."""
        subject = self._exploration.subject
        if subject is None or not isinstance(subject.data, Images) or not len(subject.data):
            return
        count = min(TWELVE, len(subject.data))
        spread = np.unique(np.linspace(0, len(subject.data) - 1, count).astype(int))
        places = (spread + self._first) % len(subject.data)
        self._ids = tuple(int(subject.data.row_ids[place]) for place in places)
        size = subject.data.pixels.shape[1:3]
        square = fitted((int(size[0]), int(size[1])), _SIDE, self.devicePixelRatioF())
        self._strip.set_side(round(max(square.width(), square.height())))
        self._strip.set_items([
            StripItem(subject.data.pixels[place], format_number(item, "", 0),
                      "factual" if item == self._exploration.wish.item else "")
            for place, item in zip(places, self._ids, strict=True)
        ])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._exploration.wish.item is not None:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _show_others(self) -> None:
        self._first += 1
        self.refresh()
