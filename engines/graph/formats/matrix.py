"""Adjacency matrices: row = cause, column = effect; 0 or nothing is no edge, a number is a weight, 1 alone is an edge.

Where a number does not say all, a cell holds the edge as seen from row to column, with its weight behind it:
`->`, `<->`, `--`, `o->`, `o-o`, `-o`, `o-`. Two numbers across the diagonal that are equal are an undirected edge.
Marks, positions and frequencies, where there are any, stand above the table in lines that begin with `# @`.
"""

from __future__ import annotations

import csv
import io

from engines.graph.formats import notes
from engines.graph.formats.building import Place, decimal, number
from engines.graph.graph import Edge, End, Graph, Node

NOTE = "# @"
_SIGNS = {
    (End.TAIL, End.ARROW): "->", (End.ARROW, End.ARROW): "<->", (End.TAIL, End.TAIL): "--",
    (End.CIRCLE, End.ARROW): "o->", (End.CIRCLE, End.CIRCLE): "o-o", (End.TAIL, End.CIRCLE): "-o",
    (End.CIRCLE, End.TAIL): "o-", (End.ARROW, End.TAIL): "<-", (End.ARROW, End.CIRCLE): "<-o",
}
_ENDS = {sign: ends for ends, sign in _SIGNS.items()}
_LONGEST_FIRST = sorted(_ENDS, key=len, reverse=True)


def compose(graph: Graph) -> str:
    """A square table with names on both sides."""
    weighted = any(edge.weight is not None for edge in graph.edges)
    cells: dict[tuple[str, str], list[str]] = {}
    for edge in graph.edges:
        if edge.directed and (edge.weight is not None) == weighted and edge.weight not in (0, 1):
            text = decimal(edge.weight) if edge.weight is not None else "1"
        else:
            text = _SIGNS[edge.at_source, edge.at_target] + ("" if edge.weight is None else decimal(edge.weight))
        cells.setdefault(edge.pair, []).append(text)
    bare = Graph(tuple(Node(name) for name in graph.names))
    out = io.StringIO("".join(f"{line}\n" for line in notes.noted(graph, bare, draws, NOTE)))
    out.seek(0, io.SEEK_END)
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(["", *graph.names])
    for name in graph.names:
        writer.writerow([name, *(" ".join(cells.get((name, other), ["0"])) for other in graph.names)])
    return out.getvalue()


def draws(_edge: Edge) -> bool:
    """A cell can hold every sort of edge."""
    return True


def is_matrix(rows: list[list[str]]) -> bool:
    """Whether a table is square: names on both sides, or over numbers only, or numbers only."""
    across = len(rows[0])
    if across > 1 and not rows[0][0].strip():
        return True
    if len(rows) == across > 2 and [row[0] for row in rows[1:]] == rows[0][1:]:
        return True
    numbers = [all(_is_number(cell) for cell in row) for row in rows]
    return across > 2 and len(rows) >= across and all(numbers[1:])


def from_rows(rows: list[tuple[int, list[str]]], noted: str, place: Place) -> Graph:
    """The graph in a square table and the notes above it; without names the nodes are X1, X2 and so on."""
    first = rows[0][1]
    if all(_is_number(cell) for cell in first):
        names, body, skip = [f"X{i + 1}" for i in range(len(first))], rows, 0
    elif not first[0].strip() or [cells[0] for _, cells in rows[1:]] == first[1:]:
        names, body, skip = first[1:], rows[1:], 1
        for (line, cells), name in zip(body, names):
            if cells[0] != name:
                raise place.at(line).refusal(
                    f"the row is called {cells[0][:40]!r}, the column in its place {name[:40]!r}.",
                    "Rows and columns have the same names in the same order.",
                )
    else:
        names, body, skip = first, rows[1:], 0
    if len(body) != len(names):
        raise place.at(rows[-1][0]).refusal(
            f"the matrix has {len(names)} columns and {len(body)} rows.", "It must be square; the file may be cut off."
        )
    table: dict[tuple[str, str], tuple[str, Place]] = {}
    builder, edges = notes.begun(noted, place)
    met: set[str] = set()
    for name, (line, cells) in zip(names, body):
        here = place.at(line)
        if name in met:
            raise here.refusal(f"two nodes are called {name}.")
        met.add(name)
        builder.node(name, here)
        if len(cells) != len(names) + skip:
            raise here.refusal(f"the row has {len(cells) - skip} values, the matrix {len(names)} columns.")
        for other, cell in zip(names, cells[skip:]):
            if not _is_nothing(cell):
                table[name, other] = cell.strip(), here
    pieces = [piece for cell, _ in table.values() for piece in cell.split()]
    weights = any(_is_number(piece) and float(piece) != 1 for piece in pieces)
    for (a, b), (cell, here) in table.items():
        mirrored = table.get((b, a), ("", here))[0]
        if _is_number(cell) and mirrored == cell and a != b:
            earlier, later = sorted((a, b), key=names.index)
            builder.edge(Edge(earlier, later, End.TAIL, End.TAIL, _weight(cell, weights)), here)
            continue
        for piece in cell.split():
            builder.edge(_edge(a, b, piece, here, weights=weights), here)
    return notes.finished(builder, edges, draws, place)


def _edge(a: str, b: str, text: str, here: Place, *, weights: bool) -> Edge:
    if _is_number(text):
        return Edge(a, b, weight=_weight(text, weights))
    sign = next((sign for sign in _LONGEST_FIRST if text.startswith(sign)), None)
    if sign is None:
        raise here.refusal(f"{text[:40]!r} is neither a number nor an edge.", f"Edges are {', '.join(_ENDS)}.")
    return Edge(a, b, *_ENDS[sign], number(text[len(sign):], here, "the weight"))


def _weight(text: str, weights: bool) -> float | None:
    return float(text) if weights else None


def _is_number(text: str) -> bool:
    try:
        value = float(text)
    except ValueError:
        return False
    return value - value == 0


def _is_nothing(text: str) -> bool:
    return not text.strip() or (_is_number(text) and float(text) == 0)
