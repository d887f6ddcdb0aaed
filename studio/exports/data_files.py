"""Results as plain files: numbers as CSV, graphs as JSON and GraphML, pictures as PNG, text as TXT.

Numbers are written plainly (point as decimal mark, as many digits as needed), whatever the locale of the window. The
same function serves every panel and the command line, so both write the same bytes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from engines.contract import Answer
from engines.data.kinds import Table
from engines.graph import formats
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
from studio.exports.atomic import write_bytes, write_text


def write_result(result: Result, folder: Path) -> list[Path]:
    """Write the data files of one result into `folder` under its announced name.

    Returns:
        The files written.
    """
    match result:
        case GraphResult():
            paths = [folder / f"{result.name}.json", folder / f"{result.name}.graphml"]
            for path in paths:
                formats.write(result.graph, path)
            return paths
        case ImageGridResult():
            return _write_pictures(result, folder)
        case TextResult():
            path = folder / f"{result.name}.txt"
            write_text(path, "".join(span.text for span in result.spans))
            return [path]
    path = folder / f"{result.name}.csv"
    write_text(path, csv_text(*rows_of(result)))
    return [path]


def write_scalars(path: Path, points: Iterable[tuple[str, int, float]]) -> None:
    """The scalars of a run as CSV: points (name, step, value), each scalar whole and in the order it came first."""
    by_name: dict[str, list[tuple[str, int, float]]] = {}
    for point in points:
        by_name.setdefault(point[0], []).append(point)
    write_text(path, csv_text(["name", "step", "value"], [point for line in by_name.values() for point in line]))


def factors_of(answer: Answer) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
    """Head and rows of the table of an answer's factors: before, after, and why."""
    rows: list[tuple[object, ...]] = [
        (f.name, f.factual, f.counterfactual, str(f.how), *(f.spread or (None, None))) for f in answer.factors
    ]
    return ("name", "factual", "counterfactual", "how", "low", "high"), rows


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A CSV with a header line; None is empty, floats are written so that they read back exactly."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue()


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool() | np.bool_():
            return "true" if value else "false"
        case float() | np.floating():
            number = float(value)
            return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
    return str(value)


def rows_of(result: Result) -> tuple[list[str], list[list[object]]]:
    """Column names and rows of the data file of a result that is written as a table."""
    match result:
        case CurveResult(lines=lines):
            head = ["line", result.x_label or "x", result.y_label or "y", "low", "high"]
            none = [None] * max((len(line.x) for line in lines), default=0)
            return head, [
                [line.label, x, y, low, high]
                for line in lines
                for x, y, low, high in zip(
                    line.x, line.y, none if line.low is None else line.low, none if line.high is None else line.high,
                    strict=False,
                )
            ]
        case TableResult(table=table, factual=factual):
            head, rows = _table(table)
            if factual is None:
                return head, rows
            _, before = _table(factual)
            both = [[*after, *old[1:]] for after, old in zip(rows, before, strict=True)]
            return [*head, *(f"{name} factual" for name in factual.names)], both
        case ParallelResult(table=table):
            return _table(table)
        case MatrixResult():
            return ["", *result.column_names], [
                [name, *row] for name, row in zip(result.row_names, result.values, strict=True)
            ]
        case ScatterResult():
            group = [None] * len(result.x) if result.group is None else [result.groups[int(g)] for g in result.group]
            none = [None] * len(result.x)
            return [result.x_label or "x", result.y_label or "y", "group", "low", "high"], [
                list(row)
                for row in zip(
                    result.x, result.y, group, none if result.low is None else result.low,
                    none if result.high is None else result.high, strict=True,
                )
            ]
        case HistogramResult():
            return ["from", "to", "count"], [
                list(row) for row in zip(result.edges[:-1], result.edges[1:], result.counts, strict=True)
            ]
        case BarsResult():
            none = [None] * len(result.labels)
            return ["name", "value", "low", "high"], [
                list(row)
                for row in zip(
                    result.labels, result.values, none if result.low is None else result.low,
                    none if result.high is None else result.high, strict=True,
                )
            ]
    raise TypeError(f"A {type(result).__name__} has no rows.")


def _table(table: Table) -> tuple[list[str], list[list[object]]]:
    return ["row", *table.names], [
        [int(row), *(column.label(i) for column in table.columns)] for i, row in enumerate(table.row_ids)
    ]


def _write_pictures(result: ImageGridResult, folder: Path) -> list[Path]:
    from PIL import Image

    paths, rows = [], []
    for i, picture in enumerate(result.pictures):
        path = folder / f"{result.name}_{i + 1:03d}.png"
        data = io.BytesIO()
        Image.fromarray(picture[:, :, 0] if picture.shape[2] == 1 else picture).save(data, "PNG")
        write_bytes(path, data.getvalue())
        paths.append(path)
        row_id = None if result.row_ids is None else int(result.row_ids[i])
        rows.append([path.name, row_id, result.captions[i] if result.captions else ""])
    index = folder / f"{result.name}.csv"
    write_text(index, csv_text(["file", "row", "caption"], rows))
    return [*paths, index]
