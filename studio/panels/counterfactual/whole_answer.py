"""Every result of an answer about a row, one at a time in the row's place: rows, tables, charts, sentences."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engines.results import Result
from widgets.kit.button import Button
from widgets.kit.menu import Menu
from widgets.pictures.tile import MARGIN
from widgets.results import ResultView, view_of


class WholeAnswer(QWidget):
    """Shows the result that was chosen; `pick` is the button that chooses, hidden while there is nothing to choose."""

    turned = Signal()           # another result, or the row itself, was chosen

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pick = Button("", "ghost", menu=True)
        self.pick.clicked.connect(self._offer)
        self.pick.hide()
        self._menu = Menu("", self.pick)
        self._results: dict[str, Result] = {}
        self._chosen = ""
        self._view: ResultView | None = None
        self._figure: QWidget | None = None     # the same widget
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(MARGIN, 0, MARGIN, 0)
        self.hide()
        self._say()

    def names(self) -> tuple[str, ...]:
        """Of the results that can be chosen."""
        return tuple(self._results)

    def chosen(self) -> str:
        """Name of the result in the row's place; empty while the row is shown."""
        return self._chosen

    def view(self) -> ResultView | None:
        """The view of the chosen result."""
        return self._view

    def figure(self) -> QWidget | None:
        """The same view, as what an export draws."""
        return self._figure

    def set_results(self, results: Sequence[Result]) -> None:
        """What the newest answer holds. A choice that it does not hold any more ends."""
        self._results = {result.name: result for result in results}
        self.pick.setVisible(bool(results))
        self.choose(self._chosen)

    def choose(self, name: str) -> None:
        """Show a result by its name; any other name shows the row."""
        result = self._results.get(name)
        before, self._chosen = self._chosen, name if result is not None else ""
        if result is not None and self._view is not None and before == name and self._view.result().kind == result.kind:
            self._view.set_result(result)
            return
        self._renew(result)
        self._say()
        self.setVisible(result is not None)
        if before != self._chosen:
            self.turned.emit()

    def _renew(self, result: Result | None) -> None:
        if self._figure is not None:
            self._lines.removeWidget(self._figure)
            self._figure.hide()
            self._figure.deleteLater()
        self._view = self._figure = None
        if result is not None:
            self._view = self._figure = view_of(result)
            self._lines.addWidget(self._figure)

    def _say(self) -> None:
        result = self._results.get(self._chosen)
        self.pick.set_text(result.title if result is not None else self.tr("Before and after"))

    def _offer(self) -> None:
        self._menu.clear()
        self._menu.add(self.tr("Before and after"), partial(self.choose, ""), on=not self._chosen)
        for name, result in self._results.items():
            self._menu.add(result.title, partial(self.choose, name), on=name == self._chosen)
        self._menu.popup_under(self.pick)
