"""Tables of edges with commas, semicolons or tabs: a row an edge, `Cause,Effect` and what else is known of it.

A row without an effect is a node, with its marks and position. Heads may also be from and to, source and target,
parent and child; without a known head the first row is an edge already. A square table is read as a matrix.
"""

from __future__ import annotations

import csv
import io
import re

from engines.graph.formats import matrix, notes
from engines.graph.formats.building import Builder, Place, decimal, end_from, listed, marks_from, number, position
from engines.graph.graph import Edge, End, Graph

PAIRS = (
    ("cause", "effect"), ("from", "to"), ("source", "target"), ("parent", "child"), ("tail", "head"),
    ("start", "end"), ("node1", "node2"),
)
_EXTRA = ("at_source", "at_target", "weight", "frequency", "marks", "x", "y")

Row = tuple[int, list[str]]


def compose(graph: Graph) -> str:
    """Edges, before them nodes where edges alone would not tell all; only columns that say something."""
    return _composed(graph, ",")


def compose_tabs(graph: Graph) -> str:
    """The same with tabs."""
    return _composed(graph, "\t")


def _composed(graph: Graph, delimiter: str) -> str:
    rows: list[dict[str, str]] = []
    met = list(dict.fromkeys(name for edge in graph.edges for name in edge.pair))
    if tuple(met) != graph.names or any(node.marks or node.position for node in graph.nodes):
        for node in graph.nodes:
            row = {"Cause": node.name, "Effect": "", "marks": listed(node.marks)}
            if node.position is not None:
                row |= {"x": decimal(node.position[0]), "y": decimal(node.position[1])}
            rows.append(row)
    for edge in graph.edges:
        row = {"Cause": edge.source, "Effect": edge.target}
        if not edge.directed:
            row |= {"at_source": str(edge.at_source), "at_target": str(edge.at_target)}
        row["weight"] = "" if edge.weight is None else decimal(edge.weight)
        row["frequency"] = "" if edge.frequency is None else decimal(edge.frequency)
        rows.append(row)
    columns = ["Cause", "Effect", *(name for name in _EXTRA if any(row.get(name) for row in rows))]
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", extrasaction="ignore", delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def parse(text: str, place: Place) -> Graph:
    """A list of edges, or a matrix of them."""
    text, noted = notes.parted(text, matrix.NOTE)
    rows = _rows(text, place)
    if not rows and text.strip() == '""':
        return Graph()
    if not rows:
        raise place.refusal("the file is empty.", "A list of edges begins with Cause,Effect.")
    if matrix.is_matrix([cells for _, cells in rows]):
        return matrix.from_rows(rows, noted, place)
    return _edges(rows, place)


def _rows(text: str, place: Place) -> list[Row]:
    unquoted = re.sub(r'"[^"]*"', "", text.lstrip("\r\n").partition("\n")[0])
    delimiter = max(",;\t", key=unquoted.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[Row] = []
    try:
        rows.extend((reader.line_num, cells) for cells in reader if any(cells) and not _is_blank(cells))
    except csv.Error as error:
        cut = "unexpected end" in str(error)
        raise place.at(reader.line_num).refusal(
            "a quoted field does not end." if cut else f"this is not a table: {error}.",
            "The file seems to be cut off." if cut else "",
        ) from error
    return rows


def _is_blank(cells: list[str]) -> bool:
    return len(cells) == 1 and not cells[0].strip()


def _edges(rows: list[Row], place: Place) -> Graph:
    head = [cell.strip().lower().replace(" ", "") for cell in rows[0][1]]
    known = next((pair for pair in PAIRS if set(pair) <= set(head)), None)
    if known is None:
        if len(head) < 2:
            raise place.at(rows[0][0]).refusal(
                "a list of edges has at least two columns.", "Their heads are Cause and Effect."
            )
        columns = {"cause": 0, "effect": 1} | ({"weight": 2} if len(head) == 3 else {})
    else:
        columns = {name: i for i, name in enumerate(head)} | {
            "cause": head.index(known[0]), "effect": head.index(known[1])
        }
        rows = rows[1:]
    builder = Builder()
    for line, cells in rows:
        here = place.at(line)
        row = {name: cells[i].strip() if name not in ("cause", "effect") else cells[i]
               for name, i in columns.items() if i < len(cells)}
        cause, effect = row.get("cause", ""), row.get("effect", "")
        if cause and not effect:
            builder.node(
                cause, here, marks=marks_from(row.get("marks", ""), here),
                position=position(row.get("x"), row.get("y"), here),
            )
            continue
        if not cause:
            raise here.refusal("the edge has no cause.")
        builder.edge(
            Edge(
                cause, effect,
                end_from(row.get("at_source"), here, End.TAIL), end_from(row.get("at_target"), here, End.ARROW),
                number(row.get("weight"), here, "the weight"), number(row.get("frequency"), here, "the frequency"),
            ),
            here,
        )
    return builder.graph()
