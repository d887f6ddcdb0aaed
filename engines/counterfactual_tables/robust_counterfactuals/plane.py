"""A map of one row: the plane through the row, a counterfactual and another one, with the borders of the models in it.

In this plane the borders are exact, which they are not on a map of principal components.
Symbols: d features in unit range; g x g points of a grid.
"""

from __future__ import annotations

import numpy as np

from engines.counterfactual_tables.robust_counterfactuals.explained import Explained
from engines.counterfactual_tables.robust_counterfactuals.searching import Found, World
from engines.counterfactual_tables.robust_counterfactuals.space import Array
from engines.results import Line, ScatterResult

GRID, EDGE = 36, 0.3
SHOWN_BORDERS = 8


def plane(world: World, row: Array, other: Found, best: Found) -> ScatterResult | None:
    """The first of the rows asked about, row (d,); None where the three points lie on a line, or one is missing."""
    if not (other.there[0] and best.there[0]):
        return None
    numbers = world.explained.space.numbers
    to_other, to_best = ((one.points[0] - row) * numbers for one in (other, best))
    length = np.linalg.norm(to_other)
    first = to_other / max(length, 1e-300)
    second = to_best - (to_best @ first) * first
    if length < 1e-9 or np.linalg.norm(second) < 1e-9:
        return None
    second /= np.linalg.norm(second)
    places = np.array([[0.0, 0.0], [length, 0.0], [to_best @ first, to_best @ second]])
    low, high = places.min(axis=0), places.max(axis=0)
    margin = EDGE * max(float((high - low).max()), 1e-3)
    u, v = np.linspace(low - margin, high + margin, GRID).T
    origin = np.where(numbers, row, best.points[0])
    points = origin + u[None, :, None] * first + v[:, None, None] * second
    lines = [border(one, points, u, v, *said) for one, said in (
        *((member, (f"retrained model {i + 1}", "reference"))
          for i, member in enumerate(world.bank[:SHOWN_BORDERS])),
        (world.explained, ("border of the model", "factual")),
    )]
    way = Line("", places[:, 0], places[:, 1], role="counterfactual")
    return ScatterResult(
        "map", f"The row, {other.search} and {best.search}, with the border of each model", places[:, 0], places[:, 1],
        f"towards {other.search} (ranges)", "across (ranges)", np.arange(3), ("the row", other.search, best.search),
        lines=(*(line for line in lines if len(line.x)), way), roles=("factual", "plain", "counterfactual"),
    )


def border(explained: Explained, points: Array, u: Array, v: Array, label: str, role: str) -> Line:
    """Where the class is as likely as the likeliest other, in pieces; points (g, g, d) at v by u."""
    gap = explained.gap(points.reshape(-1, points.shape[2])).reshape(points.shape[:2])
    x, y = crossings(gap, u, v)
    return Line(label, x, y, role=role)


def crossings(values: Array, u: Array, v: Array) -> tuple[Array, Array]:
    """The line values = 0 of a grid (len(v), len(u)) by linear interpolation on the edges of its cells (marching
    squares); pieces of two points with NaN between them.
    """
    x: list[float] = []
    y: list[float] = []
    up = values > 0
    mixed = (up[:-1, :-1] != up[1:, 1:]) | (up[:-1, :-1] != up[1:, :-1]) | (up[:-1, :-1] != up[:-1, 1:])
    for i, j in np.argwhere(mixed):
        corners = ((i, j), (i, j + 1), (i + 1, j + 1), (i + 1, j))
        cut = []
        for one, other in zip(corners, (*corners[1:], corners[0]), strict=True):
            if up[one] != up[other]:
                share = values[one] / (values[one] - values[other])
                (i0, j0), (i1, j1) = one, other
                cut.append((u[j0] + share * (u[j1] - u[j0]), v[i0] + share * (v[i1] - v[i0])))
        for start in range(0, len(cut), 2):
            x += [cut[start][0], cut[start + 1][0], np.nan]
            y += [cut[start][1], cut[start + 1][1], np.nan]
    return np.array(x), np.array(y)
