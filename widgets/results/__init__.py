"""Results: one view for each of the ten kinds, and the same drawing for exports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from engines.results import Result
from widgets.pictures.grid import PictureGrid, grid_size, paint_grid
from widgets.results.bars import BarsView, bars_size, paint_bars
from widgets.results.curve import CurveView, paint_curve
from widgets.results.frame import plot_size
from widgets.results.graph import GraphView, graph_result_size, paint_graph_result
from widgets.results.histogram import HistogramView, paint_histogram
from widgets.results.matrix import MatrixView, matrix_size, paint_matrix
from widgets.results.parallel import ParallelView, paint_parallel, parallel_size
from widgets.results.scatter import ScatterView, paint_scatter
from widgets.results.table import TableView
from widgets.results.table_paint import paint_table, table_size
from widgets.results.text import TextView, paint_text, text_size
from widgets.theme import Theme


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


@dataclass(frozen=True)
class _Kind:
    """How a kind of result is shown: in a view, drawn without one, and how large as a figure."""

    view: Callable[[Any], QWidget]
    paint: Callable[[Any, QPainter, QRectF, Theme], None]
    size: Callable[[Any], tuple[float, float]]


_KINDS = {
    "curve": _Kind(CurveView, paint_curve, plot_size),
    "table": _Kind(TableView, paint_table, table_size),
    "images": _Kind(PictureGrid, paint_grid, grid_size),
    "graph": _Kind(GraphView, paint_graph_result, graph_result_size),
    "matrix": _Kind(MatrixView, paint_matrix, matrix_size),
    "scatter": _Kind(ScatterView, paint_scatter, plot_size),
    "histogram": _Kind(HistogramView, paint_histogram, plot_size),
    "bars": _Kind(BarsView, paint_bars, bars_size),
    "parallel": _Kind(ParallelView, paint_parallel, parallel_size),
    "text": _Kind(TextView, paint_text, text_size),
}


def view_of(result: Result) -> Any:
    """A new view of a result: a QWidget that is a `ResultView`."""
    return _KINDS[result.kind].view(result)


def paint_result(result: Result, painter: QPainter, rect: QRectF, theme: Theme) -> None:
    """Draw a result into a place without a view; a QGuiApplication is enough."""
    _KINDS[result.kind].paint(result, painter, rect, theme)


def figure_size(result: Result) -> tuple[float, float]:
    """Width and height of a result as a figure, px."""
    return _KINDS[result.kind].size(result)


__all__ = ["ResultView", "figure_size", "paint_result", "view_of"]
