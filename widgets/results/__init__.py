"""Results: one view for each of the ten kinds, and the same drawing for exports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, cast

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from engines.results import Result
from widgets.pictures.grid import PictureGrid, paint_grid
from widgets.results.bars import BarsView, paint_bars
from widgets.results.curve import CurveView, paint_curve
from widgets.results.graph import GraphView, paint_graph_result
from widgets.results.histogram import HistogramView, paint_histogram
from widgets.results.matrix import MatrixView, paint_matrix
from widgets.results.parallel import ParallelView, paint_parallel
from widgets.results.scatter import ScatterView, paint_scatter
from widgets.results.table import TableView, paint_table
from widgets.results.text import TextView, paint_text
from widgets.theme import Theme

Paint = Callable[[Any, QPainter, QRectF, Theme], None]


class ResultView(Protocol):
    """What every view of a result can do, besides being a QWidget."""

    def result(self) -> Any:
        """The result that is shown."""

    def set_result(self, result: Any) -> None:
        """Show another result of the same kind; fires no signal."""

    def paint(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """Draw what is shown into any place, for exports."""

    def figure_size(self) -> tuple[float, float]:
        """Width and height as a figure, px."""


_VIEWS: dict[str, tuple[Callable[[Any], QWidget], Paint]] = {
    "curve": (CurveView, paint_curve),
    "table": (TableView, paint_table),
    "images": (PictureGrid, paint_grid),
    "graph": (GraphView, paint_graph_result),
    "matrix": (MatrixView, paint_matrix),
    "scatter": (ScatterView, paint_scatter),
    "histogram": (HistogramView, paint_histogram),
    "bars": (BarsView, paint_bars),
    "parallel": (ParallelView, paint_parallel),
    "text": (TextView, paint_text),
}


def view_of(result: Result) -> Any:
    """A new view of a result: a QWidget that is a `ResultView`."""
    return _VIEWS[result.kind][0](result)


def paint_result(result: Result, painter: QPainter, rect: QRectF, theme: Theme) -> None:
    """Draw a result into a place without a view."""
    _VIEWS[result.kind][1](result, painter, rect, theme)


def figure_size(result: Result) -> tuple[float, float]:
    """Width and height of a result as a figure, px."""
    view = view_of(result)
    size = cast(ResultView, view).figure_size()
    view.deleteLater()
    return size


__all__ = ["ResultView", "figure_size", "paint_result", "view_of"]
