"""What to simulate: rows, how causes act, the noise, the seed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QSpinBox, QVBoxLayout, QWidget

from engines.refusals import Refusal
from engines.simulators.drawn_graph import KINDS, NOISES, Kind, Noise
from studio.bars.popup import Popup
from studio.intake.simulating import MOST_ROWS
from widgets.kit.button import Button
from widgets.kit.label import Label
from widgets.kit.message_bar import ErrorBar
from widgets.theme import Theme

_WIDTH = 340


class SimulatePopup(Popup):
    """Opens at the tools of the graph. What cannot be simulated is said in it."""

    def __init__(self, simulate: Callable[[int, Kind, Noise, int], object], host: QWidget | None = None) -> None:
        """`simulate`: does it, or raises a Refusal."""
        super().__init__(host)
        self._simulate = simulate
        self.setAccessibleName(self.tr("Simulate data from this graph"))
        self.rows, self.seed = _number(1, MOST_ROWS, 1000), _number(0, 10**6, 0)
        self.kind, self.noise = QComboBox(), QComboBox()
        self.kind.addItems(KINDS)
        self.noise.addItems(NOISES)
        self.error = ErrorBar(closable=False)
        fields = QGridLayout()
        fields.setHorizontalSpacing(12)
        fields.setVerticalSpacing(8)
        for line, (word, field) in enumerate((
            (self.tr("Rows"), self.rows), (self.tr("Causes act"), self.kind), (self.tr("Noise"), self.noise),
            (self.tr("Seed"), self.seed),
        )):
            field.setAccessibleName(word)
            fields.addWidget(Label(word, "second", "t2"), line, 0)
            fields.addWidget(field, line, 1)
        fields.setColumnStretch(1, 1)
        self.done = Button(self.tr("Simulate"), "primary", "dices")
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.done)
        self._inner = QWidget()
        body = QVBoxLayout(self._inner)
        body.setContentsMargins(16, 14, 16, 16)
        body.setSpacing(10)
        body.addWidget(Label(self.tr("Simulate data from this graph"), "card"))
        body.addWidget(Label(
            self.tr("Rows by known mechanisms, to try methods on the truth. Hidden causes act and are left out."),
            "second", "t2", wrap=True,
        ))
        body.addLayout(fields)
        body.addWidget(self.error)
        body.addLayout(buttons)
        self.column.addWidget(self._inner)
        self.done.clicked.connect(self._take)

    def open_over(self, widget: QWidget) -> None:
        """Open at the upper right corner of a widget."""
        host = self.parentWidget() or widget.window()
        width = Theme.current().px(_WIDTH)
        self._inner.setFixedWidth(width)
        self.error.clear()
        self.open_at(widget.mapTo(host, QPoint(max(widget.width() - width - 16, 8), 44)))
        self.rows.setFocus(Qt.FocusReason.PopupFocusReason)
        self.rows.selectAll()

    def _take(self) -> None:
        kind, noise = KINDS[self.kind.currentIndex()], NOISES[self.noise.currentIndex()]
        try:
            self._simulate(self.rows.value(), kind, noise, self.seed.value())
        except Refusal as refusal:
            self.error.show_message(refusal.sentence, refusal.cause)
            self.fit()
        else:
            self.close_popup()


def _number(low: int, high: int, value: int) -> QSpinBox:
    field = QSpinBox()
    field.setRange(low, high)
    field.setValue(value)
    field.setGroupSeparatorShown(True)
    return field
