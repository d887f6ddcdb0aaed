"""What else an answer about a row holds: its charts and sentences, side by side, where the panel has room for them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engines.results import BarsResult, HistogramResult, Result, ScatterResult, TextResult
from widgets.kit.label import Label
from widgets.results import ResultView, view_of
from widgets.theme import Theme

LEAST, MOST = 170, 280
"""Heights between which they can be read and do not sprawl, px."""

_KINDS = (TextResult, BarsResult, HistogramResult, ScatterResult)


def is_beside(result: Result) -> bool:
    """Whether it is a chart or a text that reads well beside others."""
    return isinstance(result, _KINDS)


class FurtherResults(QWidget):
    """One column a result, in the answer's order; hidden while there is none, or too little height."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 8, 16, 4)
        self._row.setSpacing(20)
        self._views: dict[tuple[str, str], ResultView] = {}
        self._room = 0
        self.hide()

    def results(self) -> tuple[Result, ...]:
        """What is shown, or would be with more room."""
        return tuple(view.result() for view in self._views.values())

    def set_results(self, results: Sequence[Result]) -> None:
        """Show those that are charts or text; views of the same names and kinds are kept."""
        shown = {(one.name, one.kind): one for one in results if is_beside(one)}
        if list(shown) != list(self._views):
            self._rebuild(list(shown.values()))
        for key, result in shown.items():
            self._views[key].set_result(result)
        self._fit()

    def set_room(self, height: int) -> None:
        """So much height is free for it, px."""
        self._room = height
        self._fit()

    def _fit(self) -> None:
        px = Theme.current().px
        self.setFixedHeight(max(min(self._room, px(MOST)), px(LEAST)))
        self.setVisible(bool(self._views) and self._room >= px(LEAST))

    def _rebuild(self, results: Sequence[Result]) -> None:
        while (item := self._row.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._views = {}
        for result in results:
            column, view = QWidget(), view_of(result)
            lines = QVBoxLayout(column)
            lines.setContentsMargins(0, 0, 0, 0)
            lines.setSpacing(6)
            if isinstance(result, (TextResult, BarsResult)):        # the others draw their titles themselves
                title = Label(result.title, "second", "t2")
                title.setWordWrap(True)
                lines.addWidget(title)
            lines.addWidget(view, 1)
            self._row.addWidget(column, 1)
            self._views[result.name, result.kind] = view
