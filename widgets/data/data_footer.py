"""What was read, and its fingerprint; while it is being read, how far it is."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from widgets.kit.button import Button
from widgets.kit.label import Label
from widgets.kit.progress_bar import ProgressBar
from widgets.kit.state_view import Sign


class DataFooter(QWidget):
    """One line for the foot of a panel (34 high there)."""

    stop_asked = Signal()           # by the user's hand, while something is read

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sign = Sign("circle-check", "ok", 16)
        self._text = Label("", "second", "t2", elide=True)
        self._mark = Label("", "second", "t2")
        self._bar = ProgressBar()
        self._bar.setFixedWidth(120)
        self._stop = Button(self.tr("Stop"), "ghost", height=24)
        self._stop.clicked.connect(self.stop_asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._sign)
        row.addWidget(self._text)
        row.addWidget(self._bar)
        row.addWidget(self._stop)
        row.addStretch(1)
        row.addWidget(self._mark)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.clear()

    def clear(self) -> None:
        """Nothing was read yet."""
        for widget in (self._sign, self._bar, self._stop):
            widget.hide()
        self._text.setText("")
        self._mark.setText("")

    def set_read(self, sentence: str, fingerprint: str = "", *, warns: bool = False) -> None:
        """Such as "Read whole: no missing values, no constant columns"; `warns` changes the sign."""
        self._sign.set_sign(*(("triangle-alert", "warn") if warns else ("circle-check", "ok")))
        self._sign.show()
        self._bar.hide()
        self._stop.hide()
        self._text.setText(sentence)
        self._mark.setText(self.tr("fingerprint {}").format(short_fingerprint(fingerprint)) if fingerprint else "")
        self._mark.setToolTip(fingerprint)
        self._mark.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setAccessibleName(sentence)

    def set_reading(self, sentence: str, fraction: float | None = None) -> None:
        """Such as "Read 1.2 of 4.0 million rows, 8 s left"; without a fraction the bar moves."""
        self._sign.hide()
        self._bar.show()
        self._bar.set_fraction(fraction)
        self._bar.setAccessibleName(sentence)
        self._stop.show()
        self._text.setText(sentence)
        self._mark.setText("")
        self.setAccessibleName(sentence)


def short_fingerprint(fingerprint: str) -> str:
    """The first eight digits in two groups: `9c41 e07b`."""
    return f"{fingerprint[:4]} {fingerprint[4:8]}".strip()
