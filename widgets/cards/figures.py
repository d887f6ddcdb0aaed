"""The one figure of a result: what its card says in a line."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import QCoreApplication

from engines.results import (
    BarsResult,
    CurveResult,
    GraphResult,
    HistogramResult,
    ImageGridResult,
    MatrixResult,
    ParallelResult,
    Result,
    ScatterResult,
    TableResult,
    TextResult,
)
from widgets.curves.figures import plain_text, short_text
from widgets.numbers import NO_BREAK, format_count, format_number


def figure_of(result: Result) -> str:
    """One line for the analyst: the last value of a curve, the size of a table, the strongest cell of a matrix …"""
    say: Callable[[Any], str] = _SAYS[type(result)]
    return say(result)


def _curve(result: CurveResult) -> str:
    for line in result.lines:
        known = np.flatnonzero(np.isfinite(line.y))
        if line.role != "reference" and len(known):
            last = int(known[-1])
            value, at = value_text(float(line.y[last])), value_text(float(line.x[last]))
            return _tr("{} is {} at {}").format(line.label or result.title, value, at)
    return _tr("no values")


def _table(result: TableResult) -> str:
    size = _tr("{} rows, {} columns").format(_count(len(result.table)), _count(len(result.table.columns)))
    if result.changed is None:
        return size
    return _tr("{} cells changed of {}").format(_count(int(result.changed.sum())), _count(result.changed.size))


def _images(result: ImageGridResult) -> str:
    count, height, width = result.pictures.shape[:3]
    return _tr("{} pictures, {} × {}").format(_count(count), width, height)


def _graph(result: GraphResult) -> str:
    return _tr("{} nodes, {} edges").format(_count(len(result.graph.nodes)), _count(len(result.graph.edges)))


def _matrix(result: MatrixResult) -> str:
    if not np.isfinite(result.values).any():
        return _tr("no values")
    row, column = np.unravel_index(int(np.nanargmax(np.abs(result.values))), result.values.shape)
    value = format_number(float(result.values[row, column]), result.unit, 2)
    return _tr("strongest {}: {}, {}").format(value, result.row_names[row], result.column_names[column])


def _scatter(result: ScatterResult) -> str:
    known = np.isfinite(result.x) & np.isfinite(result.y)
    x, y = result.x[known], result.y[known]
    points = _tr("1 point") if len(x) == 1 else _tr("{} points").format(_count(len(x)))
    if len(x) < 3 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return points
    return _tr("{}, correlation {}").format(points, format_number(float(np.corrcoef(x, y)[0, 1]), "", 2))


def _histogram(result: HistogramResult) -> str:
    return _tr("{} values").format(_count(int(result.counts.sum())))


def _bars(result: BarsResult) -> str:
    if not np.isfinite(result.values).any():
        return _tr("no values")
    largest = int(np.nanargmax(result.values))
    return _tr("largest {}: {}").format(value_text(float(result.values[largest]), result.unit), result.labels[largest])


def _parallel(result: ParallelResult) -> str:
    return _tr("{} rows").format(_count(len(result.table)))


def _text(result: TextResult) -> str:
    return _tr("{} words").format(_count(len("".join(span.text for span in result.spans).split())))


_SAYS: dict[type, Callable[[Any], str]] = {
    CurveResult: _curve, TableResult: _table, ImageGridResult: _images, GraphResult: _graph, MatrixResult: _matrix,
    ScatterResult: _scatter, HistogramResult: _histogram, BarsResult: _bars, ParallelResult: _parallel,
    TextResult: _text,
}


def value_text(value: float, unit: str = "") -> str:
    """A figure in a line: whole numbers as they are, others with three digits that count."""
    text = plain_text(value) if math.isfinite(value) and value == round(value) else short_text(value)
    return f"{text}{NO_BREAK}{unit}" if unit else text


def _count(value: int) -> str:
    return format_count(value)


def _tr(text: str) -> str:
    return QCoreApplication.translate("figures", text)
