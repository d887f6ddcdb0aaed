"""What a format has no place for, in its comments: statements of DAGitty's text, each behind a sign such as `# @`.

Notes on nodes list all of them, in their order, as soon as one has something to say or the format alone would bring
them in another order. Notes on edges hold those that the format cannot draw, and what it cannot say of those it draws:
such a note counts only while its edge is drawn, so that an edge taken out of the text by hand stays out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from engines.graph.formats import dagitty
from engines.graph.formats.building import Builder, Place
from engines.graph.graph import Edge, Graph


def noted(graph: Graph, told: Graph, draws: Callable[[Edge], bool], sign: str) -> list[str]:
    """Lines of notes with what `graph` says and `told`, the graph that the text gives without notes, does not."""
    lines = []
    for edge in graph.edges:
        if not draws(edge):
            lines.append(dagitty.edge_text(edge))
        elif edge.frequency is not None:
            lines.append(dagitty.edge_text(replace(edge, weight=None)))
    if lines or told.nodes != graph.nodes:
        lines = [*(dagitty.node_text(node) for node in graph.nodes), *lines]
    return [f"{sign} {line}" for line in lines]


def parted(text: str, sign: str) -> tuple[str, str]:
    """A text without its notes, and its notes as DAGitty's text; each line stays where it was."""
    rest, notes = [], []
    for line in text.split("\n"):
        begins = line.lstrip(" \t")
        is_note = begins.startswith(sign)
        rest.append("" if is_note else line)
        notes.append(begins.removeprefix(sign) if is_note else "")
    return "\n".join(rest), "dag {" + "\n".join(notes) + "\n}"


def begun(notes: str, place: Place) -> tuple[Builder, tuple[Edge, ...]]:
    """A graph with the nodes that notes tell of, and the edges they tell of, to be brought in by `finished`."""
    graph, builder = dagitty.parse(notes, place), Builder()
    for node in graph.nodes:
        builder.node(node.name, place, marks=node.marks, position=node.position)
    return builder, graph.edges


def finished(builder: Builder, edges: Iterable[Edge], draws: Callable[[Edge], bool], place: Place) -> Graph:
    """The graph with the edges of the notes."""
    for edge in edges:
        if builder.joins(edge) or not draws(edge):
            builder.edge(edge, place)
    return builder.graph()
