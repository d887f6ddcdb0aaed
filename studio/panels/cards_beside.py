"""Cards beside the page of the chosen one; over it where there is little room."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from widgets.kit.scroll_column import ScrollColumn

_CARD, _LEAST_CARD = 280, 200
_ROUND = 16 + 10                # the margin before a card, the scroll bar after it
_NARROW = 620
_MOST = 0.45                    # of the height that cards over the page take
_FREE = 16777215                # Qt's "no limit"


class CardsBeside(QWidget):
    """Cards from 200 to 280 px wide left of a page that keeps the width it needs, else one over the other.

    `turned` says that the cards now stand over the page (True), where they are to be low, or beside it.
    """

    turned = Signal(bool)

    def __init__(self, cards: ScrollColumn, page: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards, self._page = cards, page
        self._over = False
        self._flow = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._flow.setContentsMargins(0, 0, 0, 0)
        self._flow.setSpacing(0)
        self._flow.addWidget(cards)
        self._flow.addWidget(page, 1)

    def is_over(self) -> bool:
        """Whether the cards stand over the page."""
        return self._over

    def arrange(self) -> None:
        """Divide the room; also when there are more cards, or fewer."""
        page = self._page.minimumSizeHint().width()
        over = self.width() < max(_NARROW, page + _LEAST_CARD + _ROUND)
        down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._flow.setDirection(down if over else across)
        if over is not self._over:
            self._over = over
            self.turned.emit(over)
        content = self._cards.column.sizeHint().height()
        wide = min(_CARD + _ROUND, self.width() - page)
        self._cards.setMinimumSize(0 if over else wide, min(content, round(_MOST * self.height())) if over else 0)
        self._cards.setMaximumSize(_FREE if over else wide, self._cards.minimumHeight() if over else _FREE)

    def minimumSizeHint(self) -> QSize:
        """As one over the other: the least that it can be brought to."""
        return QSize(max(self._page.minimumSizeHint().width(), _LEAST_CARD + _ROUND), 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()
