"""One result of each kind, for the tests of views and exports."""

import numpy as np

from engines.data.kinds import category_column, number_column, table_of
from engines.graph.graph import Edge, Graph, Node
from engines.results import (
    BarsResult,
    CurveResult,
    GraphResult,
    HistogramResult,
    ImageGridResult,
    Line,
    MatrixResult,
    ParallelResult,
    Result,
    ScatterResult,
    Span,
    TableResult,
    TextResult,
)


def table(shift=0.0):
    return table_of(
        "rows",
        [
            number_column("dose", [1.5 + shift, 2.5, np.nan], "mg"), number_column("count", [3, 40, 500]),
            category_column("tone", ["sad", "glad", None]),
        ],
    )


def results() -> dict[str, Result]:
    x = np.linspace(0, 10, 50)
    generator = np.random.default_rng(0)
    changed = np.zeros((3, 3), dtype=bool)
    changed[0, 0] = True
    every = [
        CurveResult(
            "angle", "Angle", (
                Line("factual", x, np.cos(x), role="factual"),
                Line("counterfactual", x, np.sin(x), np.sin(x) - 0.1, np.sin(x) + 0.1, "counterfactual"),
                Line("rest", np.array([0.0, 10.0]), np.zeros(2), role="reference"),
            ), "time, s", "angle, rad",
        ),
        TableResult("rows", "Rows", table(1.0), changed, table()),
        ImageGridResult(
            "pictures", "Pictures", generator.integers(0, 255, (6, 8, 8, 1), dtype=np.uint8),
            tuple(f"picture {i}" for i in range(6)), 3, heat=generator.uniform(-1, 1, (6, 8, 8)),
        ),
        GraphResult("graph", "Graph", Graph((Node("a"), Node("b"), Node("c")), (Edge("a", "b"), Edge("b", "c")))),
        MatrixResult(
            "weights", "Weights", np.array([[0.5, -1.0], [np.nan, 0.0]]), ("a", "b"), ("c", "d"), True, "px"
        ),
        ScatterResult(
            "points", "Points", generator.normal(size=40), generator.normal(size=40), "wanted", "measured",
            generator.integers(0, 2, 40), ("first group", "second group"), row_ids=np.arange(40),
        ),
        HistogramResult("residuals", "Residuals", np.linspace(0, 1, 5), np.array([1.0, 4.0, 0.0, 2.0]), "residual"),
        BarsResult(
            "effect", "Effect", ("thickness", "intensity"), np.array([0.9, -0.2]), np.array([0.8, -0.3]),
            np.array([1.0, -0.1]), "R²",
        ),
        ParallelResult("parallel", "Parallel", table(), "tone"),
        TextResult(
            "review", "Review",
            (
                Span("A "), Span("good", 0.9, "tone"), Span(" film, "), Span("sad", None, "removed"),
                Span("glad", None, "added"),
            ),
            {"label": "positive"},
        ),
    ]
    return {result.kind: result for result in every}
