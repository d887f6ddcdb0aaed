"""TETRAD's text: `Graph Nodes:` with latent variables in parentheses, and `Graph Edges:` with a numbered edge a line.

Ends are - (tail), > or < (arrow) and o (circle). Marks and positions stand under `Graph Node Attributes:`, weights and
frequencies under `Graph Edge Attributes:`, by the number of the edge; sections of others are read past. Names with
anything but letters, digits and _ . - stand in quotes, which is a way of our own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import replace

from engines.graph.formats.building import Builder, Place, decimal, listed, marks_from, number, position
from engines.graph.formats.tokens import quoted, unescaped
from engines.graph.graph import Edge, End, Graph, Mark

HEAD = "Graph Nodes:"
_SIGNS = {
    (left, right): a + "-" + b
    for left, a in ((End.TAIL, "-"), (End.ARROW, "<"), (End.CIRCLE, "o"))
    for right, b in ((End.TAIL, "-"), (End.ARROW, ">"), (End.CIRCLE, "o"))
}
_ENDS = {sign: ends for ends, sign in _SIGNS.items()}
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")
_QUOTED = r'"(?:[^"\\]|\\.)*"'
_NAME = rf'(?:{_QUOTED}|[^\s;,"()]+)'
_NODE = re.compile(rf"(?P<latent>\(\s*)?(?P<name>{_NAME})\s*(?(latent)\)\s*|)(?:[;,]\s*|$)")
_EDGE = re.compile(
    rf"\s*(?:(?P<number>\d+)\.\s+)?(?P<left>{_NAME})\s+(?P<sign>[-<o]-[->o])\s+(?P<right>{_NAME})(?=\s|$)(?P<rest>.*)"
)
_ATTRIBUTE = re.compile(rf"\s*(?P<name>{_QUOTED}|[^\s;:]+)\s*:(?P<value>[^;]*)(?:;|$)")


def compose(graph: Graph) -> str:
    """Nodes and edges in TETRAD's own words, what it has none for as attributes."""
    nodes = ";".join(
        f"({_name(node.name)})" if Mark.LATENT in node.marks else _name(node.name) for node in graph.nodes
    )
    lines = [HEAD, nodes, "", "Graph Edges:"]
    lines += [
        f"{i}. {_name(edge.source)} {_SIGNS[edge.at_source, edge.at_target]} {_name(edge.target)}"
        for i, edge in enumerate(graph.edges, 1)
    ]
    lines += _section("Graph Node Attributes:", {
        "marks": {_name(n.name): listed(n.marks - {Mark.LATENT}) for n in graph.nodes},
        "position": {_name(n.name): ",".join(map(decimal, n.position or ())) for n in graph.nodes},
    })
    lines += _section("Graph Edge Attributes:", {
        word: {str(i): "" if (value := get(edge)) is None else decimal(value) for i, edge in enumerate(graph.edges, 1)}
        for word, get in _NUMBERS.items()
    })
    return "\n".join((*lines, ""))


_NUMBERS: dict[str, Callable[[Edge], float | None]] = {
    "weight": lambda edge: edge.weight, "frequency": lambda edge: edge.frequency,
}


def _section(head: str, attributes: dict[str, dict[str, str]]) -> list[str]:
    lines = [
        f"{word}: " + ";".join(f"{name}: {value}" for name, value in told.items() if value)
        for word, told in attributes.items() if any(told.values())
    ]
    return ["", head, *lines] if lines else []


def _name(name: str) -> str:
    return name if _PLAIN.fullmatch(name) else quoted(name)


def parse(text: str, place: Place) -> Graph:
    """Nodes, edges and our own attributes; other sections and what follows an edge are read past."""
    return _Reader(place).graph(text.split("\n"))


class _Reader:
    def __init__(self, place: Place) -> None:
        self._place = place
        self._builder = Builder()
        self._edges: dict[str, Edge] = {}
        self._named = False

    def graph(self, lines: list[str]) -> Graph:
        section = ""
        for i, line in enumerate(lines, 1):
            text, here = line.strip(), self._place.at(i)
            if text.endswith(":") and text.casefold() in _SECTIONS:
                section = text.casefold()
                self._named |= section == HEAD.casefold()
            elif text and not self._named:
                raise here.refusal(f"this is not TETRAD's text: it does not begin with {HEAD!r}.")
            elif text and section in _SECTIONS:
                _SECTIONS[section](self, text, here)
        if not self._named:
            raise self._place.refusal(f"this is not TETRAD's text: it does not begin with {HEAD!r}.")
        for edge in self._edges.values():
            self._builder.edge(edge, self._place)
        return self._builder.graph()

    def nodes(self, text: str, here: Place) -> None:
        at = 0
        while at < len(text):
            found = _NODE.match(text, at)
            if found is None:
                raise here.refusal(f"a name is expected at {text[at:at + 40]!r}.", "Names stand between semicolons.")
            name = _read(found["name"])
            if name in self._builder:
                raise here.refusal(f"two nodes are called {name}.")
            self._builder.node(name, here, marks=[Mark.LATENT] if found["latent"] else ())
            at = found.end()

    def edge(self, text: str, here: Place) -> None:
        found = _EDGE.fullmatch(text)
        if found is None:
            raise here.refusal(f"{text[:40]!r} is not an edge.", "An edge reads 1. X --> Y.")
        pair = _read(found["left"]), _read(found["right"])
        for name in pair:
            if name not in self._builder:
                raise here.refusal(f"the edge names {name[:40]!r}, which is not a node.")
        edge = Edge(*pair, *_ENDS[found["sign"]])
        self._builder.edge(edge, here)
        self._edges[found["number"] or f"line {here.line}"] = edge

    def node_attribute(self, text: str, here: Place) -> None:
        word, told = _told(text, ("marks", "position"), here)
        for name, value in told:
            if _read(name) not in self._builder:
                raise here.refusal(f"{_read(name)[:40]!r} is not a node.")
            across, _, down = value.partition(",")
            self._builder.node(
                _read(name), here, marks=marks_from(value, here) if word == "marks" else (),
                position=position(across, down, here) if word == "position" else None,
            )

    def edge_attribute(self, text: str, here: Place) -> None:
        word, told = _told(text, _NUMBERS, here)
        for key, value in told:
            if key not in self._edges:
                raise here.refusal(f"there is no edge number {key[:40]}.")
            amount = number(value, here, f"the {word}")
            edge = self._edges[key]
            self._edges[key] = replace(edge, weight=amount) if word == "weight" else replace(edge, frequency=amount)


_SECTIONS: dict[str, Callable[[_Reader, str, Place], None]] = {
    HEAD.casefold(): _Reader.nodes, "graph edges:": _Reader.edge, "graph node attributes:": _Reader.node_attribute,
    "graph edge attributes:": _Reader.edge_attribute, "graph attributes:": lambda *_: None,
    "ambiguous triples (i.e. list of triples for which there is ambiguous data about whether they are colliders or "
    "not):": lambda *_: None,
}


def _told(text: str, ours: Collection[str], here: Place) -> tuple[str, list[tuple[str, str]]]:
    """The word of a line of attributes, and what it says by name; nothing for a word that is none of ours."""
    word, _, rest = text.partition(":")
    word, at, found = word.strip().casefold(), 0, []
    while word in ours and at < len(rest):
        match = _ATTRIBUTE.match(rest, at)
        if match is None:
            raise here.refusal(f"a name and what it has are expected at {rest[at:at + 40].strip()!r}.")
        found.append((match["name"], match["value"].strip()))
        at = match.end()
    return word, found


def _read(name: str) -> str:
    return unescaped(name[1:-1]) if name.startswith('"') else name
