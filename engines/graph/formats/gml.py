"""GML (Himsolt 1996): nested lists of keys and values. Characters beyond ASCII are written as &#number;."""

from __future__ import annotations

import html
from typing import Any

from engines.graph.formats.building import Builder, Place, decimal, end_from, listed, marks_from, number, position
from engines.graph.formats.tokens import Words
from engines.graph.graph import Edge, End, Graph

_List = list[tuple[str, Any, int]]


def compose(graph: Graph) -> str:
    """The graph with labels as names, positions in `graphics`, ends as `at_source` and `at_target`."""
    lines = ["graph [", "  directed 1"]
    for i, node in enumerate(graph.nodes):
        lines += ["  node [", f"    id {i}", f"    label {_string(node.name)}"]
        if node.marks:
            lines.append(f"    marks {_string(listed(node.marks))}")
        if node.position is not None:
            lines.append(f"    graphics [ x {_real(node.position[0])} y {_real(node.position[1])} ]")
        lines.append("  ]")
    number_of = {name: i for i, name in enumerate(graph.names)}
    for edge in graph.edges:
        lines += ["  edge [", f"    source {number_of[edge.source]}", f"    target {number_of[edge.target]}"]
        if not edge.directed:
            lines += [f'    at_source "{edge.at_source}"', f'    at_target "{edge.at_target}"']
        if edge.weight is not None:
            lines.append(f"    weight {_real(edge.weight)}")
        if edge.frequency is not None:
            lines.append(f"    frequency {_real(edge.frequency)}")
        lines.append("  ]")
    return "\n".join((*lines, "]", ""))


def _string(text: str) -> str:
    escaped = text.replace("&", "&amp;").replace('"', "&quot;")
    return '"' + "".join(c if 32 <= ord(c) < 127 and c != "\\" else f"&#{ord(c)};" for c in escaped) + '"'


def _real(value: float) -> str:
    text = decimal(value)
    return text if "." in text or "e" in text else text + ".0"


def parse(text: str, place: Place) -> Graph:
    """The first graph of the file."""
    words = Words(text, place, escapes=False)
    top = _lists(words)
    graph = next((value for key, value, _ in top if key == "graph" and isinstance(value, list)), None)
    if graph is None:
        raise place.refusal('this is not GML: there is no "graph [ ... ]".')
    directed = str(_get(graph, "directed", "0")) == "1"
    builder = Builder()
    names: dict[str, str] = {}
    for key, value, line in graph:
        if key == "node":
            here = place.at(line)
            fields = _fields(value, here)
            identity = _get(fields, "id", None)
            name = str(_get(fields, "label", identity if identity is not None else ""))
            if name in builder:
                raise here.refusal(f"two nodes are called {name}.")
            graphics = _get(fields, "graphics", [])
            spot = graphics if isinstance(graphics, list) else []
            builder.node(
                name, here, marks=marks_from(str(_get(fields, "marks", "")), here),
                position=position(_get(spot, "x", None), _get(spot, "y", None), here),
            )
            names[str(identity)] = name
    for key, value, line in graph:
        if key == "edge":
            here = place.at(line)
            fields = _fields(value, here)
            pair = [str(_get(fields, end, "")) for end in ("source", "target")]
            for end in pair:
                if end not in names:
                    raise here.refusal(f"the edge names {end[:40]!r}, which is not a node.")
            builder.edge(
                Edge(
                    names[pair[0]], names[pair[1]],
                    end_from(_get(fields, "at_source", None), here, End.TAIL),
                    end_from(_get(fields, "at_target", None), here, End.ARROW if directed else End.TAIL),
                    number(_get(fields, "weight", None), here, "the weight"),
                    number(_get(fields, "frequency", None), here, "the frequency"),
                ),
                here,
            )
    return builder.graph()


def _lists(words: Words) -> _List:
    """Pairs of key and value to the end of the file; lists within lists are walked without recursion."""
    top: _List = []
    open_lists = [top]
    while True:
        if words.peek().kind == "end":
            if len(open_lists) > 1:
                words.expect("]")
            return top
        if words.takes("]"):
            if len(open_lists) == 1:
                raise words.here().refusal("']' closes a list that was not opened.")
            open_lists.pop()
            continue
        line = words.peek().line
        key = words.word("a key")
        if words.takes("["):
            inner: _List = []
            open_lists[-1].append((key, inner, line))
            open_lists.append(inner)
        else:
            open_lists[-1].append((key, html.unescape(words.word("a value")), line))


def _fields(value: object, place: Place) -> _List:
    if not isinstance(value, list):
        raise place.refusal("'[' is expected here.")
    return value


def _get(fields: _List, key: str, default: Any) -> Any:
    return next((value for name, value, _ in fields if name == key), default)
