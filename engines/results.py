"""Results: the closed set of things that a run or an answer gives back, one widget each.

All are immutable values with plain arrays. `name` is the announced name (a short slug, the file name on export),
`title` what the analyst reads. Arrays are float64 unless said otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from engines.data.kinds import Table
from engines.graph.graph import Graph


@dataclass(frozen=True, eq=False)
class Line:
    """One line of a curve: y against x, with an optional band.

    Attributes:
        label: Its name, drawn at the line's end.
        x, y: (m,). NaN breaks the line.
        low, high: (m,) band, or None.
        role: "plain", "factual" (grey, dashed), "counterfactual" (accent) or "reference" (hairline).
    """

    label: str
    x: np.ndarray
    y: np.ndarray
    low: np.ndarray | None = None
    high: np.ndarray | None = None
    role: str = "plain"


@dataclass(frozen=True)
class Shade:
    """A range of an axis that is set off from the rest, such as what was tried; `label` says what it is."""

    low: float
    high: float
    label: str = ""


@dataclass(frozen=True, eq=False)
class CurveResult:
    """Lines over a common x axis, with ranges of it shaded."""

    kind: ClassVar[str] = "curve"
    name: str
    title: str
    lines: tuple[Line, ...]
    x_label: str = ""
    y_label: str = ""
    x_log: bool = False
    y_log: bool = False
    shaded: tuple[Shade, ...] = ()


@dataclass(frozen=True, eq=False)
class TableResult:
    """A table of typed cells.

    Attributes:
        table: The cells; row ids are those of the data where a row stands for one.
        changed: (n, k) bool, cells that differ from the factual (shown in accent), or None.
        factual: The cells before the change, same shape, or None.
        of_data: The row ids are those of the data, so that its rows can be put right and used as input.
    """

    kind: ClassVar[str] = "table"
    name: str
    title: str
    table: Table
    changed: np.ndarray | None = None
    factual: Table | None = None
    of_data: bool = False


@dataclass(frozen=True, eq=False)
class ImageGridResult:
    """Pictures in rows.

    Attributes:
        pictures: (n, h, w, c) uint8, c = 1 or 3.
        captions: n short texts, shown under the pictures; may be empty.
        columns: Pictures a row.
        row_ids: (n,) int64 of the pictures in the data, or None.
        heat: (n, h, w) in [-1, 1] drawn over or beside the picture by the diverging map, or None.
    """

    kind: ClassVar[str] = "images"
    name: str
    title: str
    pictures: np.ndarray
    captions: tuple[str, ...] = ()
    columns: int = 8
    row_ids: np.ndarray | None = None
    heat: np.ndarray | None = None


@dataclass(frozen=True, eq=False)
class GraphResult:
    """A causal graph."""

    kind: ClassVar[str] = "graph"
    name: str
    title: str
    graph: Graph


@dataclass(frozen=True, eq=False)
class MatrixResult:
    """A matrix with named rows and columns, (k, l); `diverging` centres the colours on zero."""

    kind: ClassVar[str] = "matrix"
    name: str
    title: str
    values: np.ndarray
    row_names: tuple[str, ...]
    column_names: tuple[str, ...]
    diverging: bool = False
    unit: str = ""


@dataclass(frozen=True, eq=False)
class ScatterResult:
    """Points in groups.

    Attributes:
        x, y: (n,).
        group: (n,) int index into `groups`, or None.
        low, high: (n,) interval of y, or None.
        lines: Reference lines drawn through the points.
        roles: Of the groups, as a line has one: plain, factual or counterfactual; empty where all are plain.
    """

    kind: ClassVar[str] = "scatter"
    name: str
    title: str
    x: np.ndarray
    y: np.ndarray
    x_label: str = ""
    y_label: str = ""
    group: np.ndarray | None = None
    groups: tuple[str, ...] = ()
    low: np.ndarray | None = None
    high: np.ndarray | None = None
    lines: tuple[Line, ...] = ()
    row_ids: np.ndarray | None = None
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class HistogramResult:
    """Counts (m,) between edges (m + 1,)."""

    kind: ClassVar[str] = "histogram"
    name: str
    title: str
    edges: np.ndarray
    counts: np.ndarray
    x_label: str = ""


@dataclass(frozen=True, eq=False)
class BarsResult:
    """One bar a label, (m,), with optional intervals."""

    kind: ClassVar[str] = "bars"
    name: str
    title: str
    labels: tuple[str, ...]
    values: np.ndarray
    low: np.ndarray | None = None
    high: np.ndarray | None = None
    unit: str = ""


@dataclass(frozen=True, eq=False)
class ParallelResult:
    """Rows across several axes: the numeric columns of a table, coloured by `colour_by`.

    roles: Of the levels of `colour_by`, as a line has one: plain, factual or counterfactual; empty where all are plain.
    apart: Each counterfactual is drawn by itself, as a radar, over the factual that stands before it in the table.
    """

    kind: ClassVar[str] = "parallel"
    name: str
    title: str
    table: Table
    colour_by: str = ""
    roles: tuple[str, ...] = ()
    apart: bool = False


@dataclass(frozen=True)
class Span:
    """A piece of text with an optional value in [-1, 1] and label."""

    text: str
    value: float | None = None
    label: str = ""


@dataclass(frozen=True)
class TextResult:
    """Text in spans; joined they are the whole text."""

    kind: ClassVar[str] = "text"
    name: str
    title: str
    spans: tuple[Span, ...]
    captions: Mapping[str, str] = field(default_factory=dict)


Result = (
    CurveResult
    | TableResult
    | ImageGridResult
    | GraphResult
    | MatrixResult
    | ScatterResult
    | HistogramResult
    | BarsResult
    | ParallelResult
    | TextResult
)

RESULT_KINDS: dict[str, type[Result]] = {
    cls.kind: cls
    for cls in (
        CurveResult,
        TableResult,
        ImageGridResult,
        GraphResult,
        MatrixResult,
        ScatterResult,
        HistogramResult,
        BarsResult,
        ParallelResult,
        TextResult,
    )
}
