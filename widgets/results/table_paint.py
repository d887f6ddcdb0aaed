"""A table as text and as a drawing: what stands in its cells, how wide they are, and a page of it for exports."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from engines.data.kinds import Column, ColumnType, Table
from engines.results import TableResult
from widgets.kit.painting import hairline, text_in, text_width
from widgets.numbers import format_count, format_number, natural_precision
from widgets.theme import Theme, font

_SAMPLED = 200
"""So many rows are looked at to find how wide a column must be."""


def head_text(column: Column) -> str:
    """Name and unit."""
    return f"{column.name}, {column.unit}" if column.unit else column.name


def cell_text(column: Column, row: int) -> str:
    """A cell as it is read; missing is an en dash."""
    value = column.label(row)
    if value is None:
        return "\N{EN DASH}"
    return value_text(column, value)


def value_text(column: Column, value: float | str) -> str:
    """A value that a cell of the column could hold, as it is read."""
    return format_number(value, "", decimals_of(column)) if isinstance(value, float) else value


def decimals_of(column: Column) -> int:
    """Places that give a usual value of the column four digits, so that its numbers stand under each other."""
    if column not in _decimals:
        sizes = np.abs(column.values[np.isfinite(column.values) & (column.values != 0)])
        median = float(np.median(sizes)) if len(sizes) else 0.0
        _decimals[column] = 0 if column.whole or not median else max(natural_precision(median * (1 + 1e-9)), 0)
    return _decimals[column]


_decimals: WeakKeyDictionary[Column, int] = WeakKeyDictionary()


def is_changed(result: TableResult, row: int, column: int) -> bool:
    """Whether a cell differs from the factual."""
    return result.changed is not None and bool(result.changed[row, column])


def factual_text(result: TableResult, row: int, column: int) -> str:
    """What stood in a changed cell, empty if that is not known."""
    if result.factual is None or not is_changed(result, row, column):
        return ""
    return cell_text(result.factual.columns[column], row)


def paint_change(
    result: TableResult, row: int, column: int, painter: QPainter, box: QRectF, theme: Theme
) -> None:
    """The new value in accent, and where there is room the factual struck through before it."""
    new, old = cell_text(result.table.columns[column], row), factual_text(result, row, column)
    paint_instead(old, new, theme.acc, alignment(result.table.columns[column]), painter, box, theme)


def paint_instead(
    old: str, new: str, colour: QColor, align: Qt.AlignmentFlag, painter: QPainter, box: QRectF, theme: Theme
) -> None:
    """One value in the place of another, which is struck through before it where there is room."""
    face, thin = font("body", weight=600, scale=theme.scale), font("second", scale=theme.scale)
    thin.setStrikeOut(True)
    used, before = text_width(new, face), text_width(old, thin)
    if old and used + before + 8 <= box.width():
        if align == Qt.AlignmentFlag.AlignRight:
            text_in(painter, box.adjusted(0, 0, -used - 8, 0), old, thin, theme.t3, align)
        else:
            text_in(painter, box, old, thin, theme.t3)
            box = box.adjusted(before + 8, 0, 0, 0)
    text_in(painter, box, new, face, colour, align)


def column_widths(result: TableResult, theme: Theme) -> list[float]:
    """Widths of the row ids and of each column, px, from heads and the first rows."""
    face = QFontMetricsF(font("body", weight=600, scale=theme.scale))
    head = QFontMetricsF(font("second", scale=theme.scale))
    table = result.table
    count = min(len(table), _SAMPLED)
    ids = max((head.horizontalAdvance(format_count(int(i))) for i in table.row_ids[-1:]), default=20.0) + 20
    widths = [ids]
    for place, column in enumerate(table.columns):
        cells = [face.horizontalAdvance(cell_text(column, row)) for row in range(count)]
        changed = [
            face.horizontalAdvance(cell_text(column, row) + factual_text(result, row, place)) + 10
            for row in range(count) if is_changed(result, row, place)
        ]
        widest = max([*cells, *changed, head.horizontalAdvance(head_text(column)) * 1.06], default=40.0)
        widths.append(min(max(widest + 28, 56), theme.px(280)))
    return widths


def table_size(result: TableResult) -> tuple[float, float]:
    """Width and height as a figure, px: all columns, and rows for at most a page."""
    widths = column_widths(result, Theme.of("light"))
    return min(max(sum(widths), 321), 1200), min(len(result.table) * 22.0 + 30, 800)


def paint_table(result: TableResult, painter: QPainter, rect: QRectF, theme: Theme) -> None:
    """Head and as many rows and columns as have room; the last line counts the rows that have not."""
    row_height, face = theme.px(22), font("body", scale=theme.scale)
    head = font("second", weight=500, scale=theme.scale)
    widths = column_widths(result, theme)
    fitting = [sum(widths[: k + 1]) <= rect.width() + 1 for k in range(len(widths))]
    columns = max(sum(fitting) - 1, 1)
    rows = len(result.table)
    room = int((rect.height() - row_height) // row_height)
    shown = rows if rows <= room else max(room - 1, 0)
    _paint_row(painter, rect, rect.top(), row_height, ["", *map(head_text, result.table.columns[:columns])], widths,
               result.table, head, theme.t2)
    hairline(painter, rect.left(), rect.right(), rect.top() + row_height - 1, theme)
    for row in range(shown):
        top = rect.top() + (row + 1) * row_height
        texts = [format_count(int(result.table.row_ids[row]))]
        texts += ["" if is_changed(result, row, c) else cell_text(result.table.columns[c], row) for c in range(columns)]
        _paint_row(painter, rect, top, row_height, texts, widths, result.table, face, theme.t1)
        x = rect.left() + widths[0]
        for column in range(columns):
            if is_changed(result, row, column):
                box = QRectF(x + 8, top, widths[column + 1] - 16, row_height)
                paint_change(result, row, column, painter, box, theme)
            x += widths[column + 1]
    if shown < rows:
        line = QRectF(rect.left() + 8, rect.top() + (shown + 1) * row_height, rect.width() - 8, row_height)
        text_in(painter, line, f"+{format_count(rows - shown)}", head, theme.t2)


def _paint_row(
    painter: QPainter, rect: QRectF, top: float, height: float, texts: list[str], widths: list[float], table: Table,
    face: Any, colour: Any,
) -> None:
    x = rect.left()
    for place, text in enumerate(texts):
        align = Qt.AlignmentFlag.AlignLeft if place == 0 else alignment(table.columns[place - 1])
        box = QRectF(x + 8, top, widths[place] - 16, height)
        text_in(painter, box, text, face, colour, align)
        x += widths[place]


def alignment(column: Column) -> Qt.AlignmentFlag:
    """Numbers stand at the right."""
    return Qt.AlignmentFlag.AlignRight if column.type is ColumnType.NUMBER else Qt.AlignmentFlag.AlignLeft
