"""Results in small, for cards: made ready once from a result, painted in the colours of the theme.

`drawing_of(result)` does the work that does not depend on the place; what it returns only strokes. Coordinates of
prepared shapes lie in the unit square, y downwards.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPolygonF

from engines.data.kinds import ColumnType, Table
from engines.graph import layout
from engines.graph.graph import End, Graph
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
from widgets.kit.painting import hairline, rounded, text_in, text_width
from widgets.numbers import format_number
from widgets.pictures import fitted, image_of
from widgets.theme import Theme, diverging, faded, font, weights

Drawing = Callable[[QPainter, QRectF, Theme], None]
Floats = NDArray[np.float64]

_GAP = 4.0
_MOST_LINES, _MOST_POINTS, _MOST_CURVE, _MOST_CELLS = 8, 400, 240, 24


def drawing_of(result: Result) -> Drawing:
    """What the card of a result shows."""
    make: Callable[[Any], Drawing] = _MAKERS[type(result)]
    return make(result)


# ------------------------------------------------------------------------------------------------- curves and points


def _curve(result: CurveResult) -> Drawing:
    xs = [np.asarray(line.x, dtype=float) for line in result.lines]
    ys = [np.asarray(line.y, dtype=float) for line in result.lines]
    x_of, y_of = _axis(xs, result.x_log), _axis(ys, result.y_log)
    shapes = [
        (line.role, _thinned(x_of(x), 1 - y_of(y))) for line, x, y in zip(result.lines, xs, ys)
    ][:_MOST_LINES]

    def draw(painter: QPainter, box: QRectF, theme: Theme) -> None:
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), theme.strong)
        inner = box.adjusted(1, 2, -1, -4)
        for index, (role, points) in enumerate(shapes):
            painter.setPen(_line_pen(theme, role, index))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(_path(points, inner))

    return draw


def _line_pen(theme: Theme, role: str, index: int) -> QPen:
    if role == "reference":
        return QPen(theme.strong, 1)
    if role in ("factual", "counterfactual"):
        pen = QPen(theme.t2 if role == "factual" else theme.acc, 1.5)
        dash: tuple[float, ...] = (6, 3) if role == "factual" else ()
    else:
        series = theme.series(index)
        pen, dash = QPen(series.colour, 1.5), series.dash
    if dash:
        pen.setDashPattern([length / 1.5 for length in dash])
    return pen


def _scatter(result: ScatterResult) -> Drawing:
    step = max(len(result.x) // _MOST_POINTS, 1)
    x, y = np.asarray(result.x, dtype=float), np.asarray(result.y, dtype=float)
    x_of, y_of = _axis([x], False), _axis([y], False)
    points = np.column_stack([x_of(x), 1 - y_of(y)])[::step]
    group = (np.zeros(len(x), dtype=int) if result.group is None else result.group)[::step]
    lines = [np.column_stack([x_of(line.x), 1 - y_of(line.y)]) for line in result.lines]

    def draw(painter: QPainter, box: QRectF, theme: Theme) -> None:
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), theme.strong)
        inner = box.adjusted(3, 3, -3, -5)
        painter.save()
        painter.setClipRect(box)
        painter.setPen(QPen(theme.strong, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for line in lines:
            painter.drawPath(_path(line, inner))
        painter.setPen(Qt.PenStyle.NoPen)
        for (px, py), which in zip(points, group):
            if np.isfinite(px) and np.isfinite(py):
                painter.setBrush(faded(theme.series(int(which)).colour, 0.7))
                painter.drawEllipse(_at(px, py, inner), 2, 2)
        painter.restore()

    return draw


def _parallel(result: ParallelResult) -> Drawing:
    numbers = [column for column in result.table.columns if column.type is ColumnType.NUMBER]
    step = max(len(result.table) // 60, 1)
    scaled = [_axis([column.values], False)(column.values)[::step] for column in numbers]
    rows = 1 - np.column_stack(scaled) if scaled else np.zeros((0, 0))

    def draw(painter: QPainter, box: QRectF, theme: Theme) -> None:
        inner = box.adjusted(1, 2, -1, -2)
        places = np.linspace(0, 1, max(rows.shape[1], 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(faded(theme.series(0).colour, 0.35), 1))
        for row in rows:
            painter.drawPath(_path(np.column_stack([places[: len(row)], row]), inner))
        for place in places:
            x = inner.left() + place * inner.width() - 0.5
            painter.fillRect(QRectF(x, inner.top(), 1, inner.height()), theme.strong)

    return draw


# ------------------------------------------------------------------------------------------------------ bars and cells


def _histogram(result: HistogramResult) -> Drawing:
    most = max(float(result.counts.max(initial=0)), 1.0)
    heights = np.asarray(result.counts, dtype=float) / most

    def draw(painter: QPainter, box: QRectF, theme: Theme) -> None:
        width = box.width() / max(len(heights), 1)
        room = box.height() - 4
        for i, height in enumerate(heights):
            bar = QRectF(box.left() + i * width, box.bottom() - 1 - height * room, max(width - 1, 1), height * room)
            painter.fillRect(bar, faded(theme.strong, 0.6))
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), theme.strong)

    return draw


def _bars(result: BarsResult) -> Drawing:
    order = np.argsort(-np.abs(np.nan_to_num(result.values)), kind="stable")[:5]
    order = np.sort(order)
    known = np.nan_to_num(result.values[order])
    low, high = min(float(known.min(initial=0)), 0.0), max(float(known.max(initial=0)), 0.0)
    span = (high - low) or 1.0

    def draw(painter: QPainter, box: QRectF, theme: Theme) -> None:
        face = font("caption")
        names = min(max((text_width(result.labels[i], face) for i in order), default=0.0), box.width() * 0.42)
        room = QRectF(box.left() + names + 8, box.top(), box.width() - names - 8, box.height())
        zero = room.left() - low / span * room.width()
        line = min(box.height() / max(len(order), 1), 26.0)
        first = box.center().y() - line * len(order) / 2
        for row, index in enumerate(order):
            top = first + row * line
            label = QRectF(box.left(), top, names + 1, line)
            text_in(painter, label, result.labels[index], face, theme.t2, Qt.AlignmentFlag.AlignRight)
            end = zero + known[row] / span * room.width()
            bar = QRectF(QPointF(min(zero, end), top + line * 0.22), QPointF(max(zero, end), top + line * 0.78))
            painter.fillRect(bar, theme.series(0).colour)
        painter.fillRect(QRectF(zero - 0.5, first, 1, line * len(order)), theme.strong)

    return draw


def _matrix(result: MatrixResult) -> Drawing:
    values = np.nan_to_num(np.asarray(result.values, dtype=float))
    limit = float(np.abs(values).max(initial=0.0)) or 1.0
    signed = result.diverging or bool((values < 0).any())

    def draw(painter: QPainter, box: QRectF, theme: Theme) -> None:
        if not values.size:
            return
        lut = diverging(theme) if signed else weights(theme)
        share = (values / limit + 1) / 2 if signed else values / limit
        pixels = np.ascontiguousarray(lut[np.rint(share * (len(lut) - 1)).astype(int)][..., :3])
        rows, columns = values.shape
        cell = min(box.height() / rows, box.width() / columns, float(_MOST_CELLS))
        cell = float(int(cell)) if cell >= 1 else cell
        place = QRectF(0, 0, cell * columns, cell * rows)
        place.moveCenter(box.center())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawImage(place, image_of(pixels))
        painter.restore()
        rounded(painter, place.adjusted(-1, -1, 1, 1), 0, None, theme.line)

    return draw


# ------------------------------------------------------------------------------------------- pictures, tables, graphs


def _images(result: ImageGridResult) -> Drawing:
    height, width = result.pictures.shape[1:3]
    images: dict[int, QImage] = {}

    def image(index: int) -> QImage:
        if index not in images:
            images[index] = image_of(result.pictures[index])
        return images[index]

    def draw(painter: QPainter, box: QRectF, _theme: Theme) -> None:
        size = fitted((height, width), 54.0)
        across = int((box.width() + _GAP) // (size.width() + _GAP)) or 1
        down = int((box.height() + _GAP) // (size.height() + _GAP)) or 1
        columns = min(across, max(result.columns, 1))
        lines = min(down, -(-len(result.pictures) // max(result.columns, 1)))
        top = box.center().y() - (lines * (size.height() + _GAP) - _GAP) / 2
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        for row in range(lines):
            for column in range(columns):
                index = row * result.columns + column
                if index < len(result.pictures):
                    corner = QPointF(
                        box.left() + column * (size.width() + _GAP), round(top + row * (size.height() + _GAP))
                    )
                    painter.drawImage(QRectF(corner, size), image(index))
        painter.restore()

    return draw


def _table(result: TableResult) -> Drawing:
    columns = _shown_columns(result.table)
    cells = [[_cell(column.label(row)) for row in range(min(len(result.table), 8))] for column in columns]
    changed = result.changed
    places = [result.table.names.index(column.name) for column in columns]

    def draw(painter: QPainter, box: QRectF, theme: Theme) -> None:
        line = float(theme.px(18))
        width = box.width() / max(len(columns), 1)
        for i, column in enumerate(columns):
            right = column.type is ColumnType.NUMBER and i > 0
            align = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            left = box.left() + i * width
            head = QRectF(left, box.top(), width - 8, line)
            text_in(painter, head, column.name, font("strong_caption"), theme.t2, align)
            for row, text in enumerate(cells[i]):
                top = box.top() + (row + 1) * line
                if top + line > box.bottom() + 1:
                    break
                accent = changed is not None and bool(changed[row, places[i]])
                colour = theme.acc if accent else theme.t1
                text_in(painter, QRectF(left, top, width - 8, line), text, font("caption"), colour, align)
        for row in range(1, int(box.height() // line) + 1):
            if row <= len(cells[0] if cells else ()):
                hairline(painter, box.left(), box.right(), box.top() + row * line - 0.5, theme)

    return draw


def _shown_columns(table: Table) -> tuple[Any, ...]:
    return table.columns[:3] if len(table.columns) != 4 else table.columns[:4]


def _cell(value: str | float | None) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else format_number(value)


def graph_drawing(graph: Graph) -> Drawing:
    """A graph as dots and arrows; names are written while there is room for them."""
    placed = layout.completed(graph)
    where = {node.name: node.position or (0.0, 0.0) for node in placed.nodes}
    x_of = _axis([np.array([x for x, _ in where.values()])], False)
    y_of = _axis([np.array([y for _, y in where.values()])], False)
    unit = {name: (float(x_of(np.array([x]))[0]), float(y_of(np.array([y]))[0])) for name, (x, y) in where.items()}
    arrows = [
        (edge.source, edge.target, edge.at_source is End.ARROW, edge.at_target is End.ARROW) for edge in placed.edges
    ]
    named = len(unit) <= 6
    above = {name for name in unit if _hangs(unit, name, placed)}       # their names stand clear of the arrows

    def draw(painter: QPainter, box: QRectF, theme: Theme) -> None:
        side = theme.px(28)
        top = theme.px(20) if named and above else 8
        inner = box.adjusted(side, top, -side, -theme.px(22)) if named else box.adjusted(8, 8, -8, -8)
        at = {name: _at(x, y, inner) for name, (x, y) in unit.items()}
        for source, target, starts, ends in arrows:
            _arrow(painter, at[source], at[target], theme.t2, starts, ends)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.t1)
        for point in at.values():
            painter.drawEllipse(point, 3.5, 3.5)
        if named:
            for name, point in at.items():
                wide = theme.px(88)
                drop = -4 - theme.px(16) if name in above else 4
                label = QRectF(point.x() - wide / 2, point.y() + drop, wide, theme.px(16))
                text_in(painter, label, name, font("caption"), theme.t2, Qt.AlignmentFlag.AlignHCenter)

    return draw


def _hangs(unit: Mapping[str, tuple[float, float]], name: str, graph: Graph) -> bool:
    """Whether all arrows of a node go down from it."""
    others = [e.target if e.source == name else e.source for e in graph.edges if name in (e.source, e.target)]
    return bool(others) and all(unit[other][1] > unit[name][1] + 0.2 for other in others)


def _graph(result: GraphResult) -> Drawing:
    return graph_drawing(result.graph)


def _arrow(painter: QPainter, start: QPointF, end: QPointF, colour: QColor, starts: bool, ends: bool) -> None:
    way = end - start
    length = float(np.hypot(way.x(), way.y()))
    if length < 14:
        return
    unit = QPointF(way.x() / length, way.y() / length)
    first, last = start + unit * 6, end - unit * 6
    painter.setPen(QPen(colour, 1.2))
    painter.drawLine(first, last)
    side = QPointF(-unit.y(), unit.x()) * 2.6
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    for is_head, tip, back in ((ends, last, -unit * 5.5), (starts, first, unit * 5.5)):
        if is_head:
            painter.drawPolygon(QPolygonF([tip, tip + back + side, tip + back - side]))


def _text(result: TextResult) -> Drawing:
    words = [(word, span.value) for span in result.spans for word in span.text.split()][:60]

    def draw(painter: QPainter, box: QRectF, theme: Theme) -> None:
        face, line = font("second"), float(theme.px(18))
        lut = diverging(theme)
        x, y = box.left(), box.top()
        for word, value in words:
            width = text_width(word, face)
            if x + width > box.right() and x > box.left():
                x, y = box.left(), y + line
            if y + line > box.bottom() + 1:
                return
            place = QRectF(x, y, min(width, box.right() - x) + 1, line)
            if value and np.isfinite(value):
                share = (min(max(value, -1.0), 1.0) + 1) / 2
                red, green, blue = (int(part) for part in lut[round(share * (len(lut) - 1))][:3])
                painter.fillRect(QRectF(x - 1, y + line - 3, width + 2, 2), QColor(red, green, blue))
            text_in(painter, place, word, face, theme.t1)
            x += width + 4

    return draw


_MAKERS: dict[type, Callable[[Any], Drawing]] = {
    CurveResult: _curve, TableResult: _table, ImageGridResult: _images, GraphResult: _graph, MatrixResult: _matrix,
    ScatterResult: _scatter, HistogramResult: _histogram, BarsResult: _bars, ParallelResult: _parallel,
    TextResult: _text,
}

# ---------------------------------------------------------------------------------------------------------------- axes


def _axis(arrays: list[Floats], is_log: bool) -> Callable[[Floats], Floats]:
    """Values to [0, 1] over the finite ones; a single value lies in the middle."""

    def scale(values: Floats) -> Floats:
        values = np.asarray(values, dtype=float)
        return np.log10(np.where(values > 0, values, np.nan)) if is_log else values

    together = np.concatenate([scale(array) for array in arrays]) if arrays else np.zeros(0)
    known = together[np.isfinite(together)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    if high == low:
        return lambda values: scale(values) * 0 + 0.5
    return lambda values: (scale(values) - low) / (high - low)


def _thinned(x: Floats, y: Floats) -> Floats:
    """(m, 2) with at most a few hundred points: of each stretch the least and the largest y, in their order."""
    points = np.column_stack([x, y])
    if len(points) <= _MOST_CURVE:
        return points
    kept: list[int] = []
    for stretch in np.array_split(np.arange(len(points)), _MOST_CURVE // 2):
        part = y[stretch]
        if np.isfinite(part).any():
            kept += sorted({int(stretch[np.nanargmin(part)]), int(stretch[np.nanargmax(part)])})
        else:
            kept.append(int(stretch[0]))
    return points[kept]


def _path(points: Floats, box: QRectF) -> QPainterPath:
    """A line through the points; what is not finite breaks it."""
    path, pen_up = QPainterPath(), True
    for x, y in points:
        if not (np.isfinite(x) and np.isfinite(y)):
            pen_up = True
            continue
        point = _at(float(x), float(y), box)
        path.moveTo(point) if pen_up else path.lineTo(point)
        pen_up = False
    return path


def _at(x: float, y: float, box: QRectF) -> QPointF:
    return QPointF(box.left() + x * box.width(), box.top() + y * box.height())
