"""The enlarged result, and beside it the same result of another run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from engines.graph.compare import compare
from engines.results import Result
from widgets.kit.label import Label
from widgets.results import view_of
from widgets.results.graph import GraphView


@dataclass(frozen=True, eq=False)
class Enlarged:
    """What stands in one place of the stage.

    Attributes:
        title, figure: Over it, left and right.
        result: None: the note stands in its place.
        note: Why there is no result.
    """

    title: str
    figure: str = ""
    result: Result | None = None
    note: str = ""


class ResultStage(QWidget):
    """One place, or two of equal width. A newer result of the same kind is given to the view that is there."""

    def __init__(self, bar: QWidget | None = None, parent: QWidget | None = None) -> None:
        """`bar`: stands between the title of the chosen result and its view."""
        super().__init__(parent)
        self._main, self._beside = _Place(bar), _Place()
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(20)
        row.addWidget(self._main, 1)
        row.addWidget(self._beside, 1)
        self._beside.hide()

    def set_main(self, enlarged: Enlarged) -> None:
        """The chosen result."""
        self._main.set(enlarged)
        self._overlay()

    def set_beside(self, enlarged: Enlarged | None) -> None:
        """What it is compared with; None: nothing."""
        self._beside.setVisible(enlarged is not None)
        if enlarged is None:
            self._beside.drop()
        else:
            self._beside.set(enlarged)
        self._overlay()

    def _overlay(self) -> None:
        """Where both give a graph, nodes stand at the same places and each edge tells whether the other has it."""
        for place, other in ((self._main, self._beside), (self._beside, self._main)):
            if isinstance(place.view, GraphView):
                there = other.view.result().graph if isinstance(other.view, GraphView) else None
                here = place.view.result().graph
                place.view.set_comparison(None if there is None else compare(here, there))
        if isinstance(self._main.view, GraphView) and isinstance(self._beside.view, GraphView):
            self._beside.view.stand_as(self._main.view.graph())

    def set_said(self, said: str) -> None:
        """What was said of the items of the chosen result; it takes the place of its figure."""
        self._main.set_said(said)

    def view(self) -> Any:
        """The view of the chosen result, None while there is none."""
        return self._main.view

    def other_view(self) -> Any:
        """The view that stands beside it, None while there is none."""
        return self._beside.view

    def drop(self) -> None:
        """Forget what is shown."""
        self._main.drop()
        self.set_beside(None)


class _Place(QWidget):
    """A title with its figure over a view, or over a note where there is none."""

    def __init__(self, bar: QWidget | None = None) -> None:
        super().__init__()
        self.view: Any = None
        self._kind, self._enlarged_figure = "", ""
        self._title = Label("", "title", elide=True)
        self._figure = Label("", "second", "t2", elide=True)
        self._note = Label("", "second", "t2", wrap=True)
        self._note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._note)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._figure)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        if bar is not None:
            column.addWidget(bar)
        column.addWidget(self._pages, 1)

    def set(self, enlarged: Enlarged) -> None:
        self._title.setText(enlarged.title)
        self._enlarged_figure = enlarged.figure
        self.set_said("")
        result = enlarged.result
        if result is None:
            self.drop()
            self._note.setText(enlarged.note)
            return
        if self.view is None or self._kind != result.kind:
            self.drop()
            self.view, self._kind = view_of(result), result.kind
            self._pages.addWidget(self.view)
        else:
            self.view.set_result(result)
        self._pages.setCurrentWidget(self.view)

    def set_said(self, said: str) -> None:
        self._figure.setText(said or self._enlarged_figure)

    def drop(self) -> None:
        if self.view is not None:
            self._pages.removeWidget(self.view)
            self.view.hide()
            self.view.deleteLater()
        self.view, self._kind = None, ""
        self._pages.setCurrentWidget(self._note)
