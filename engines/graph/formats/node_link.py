"""Node-link JSON: the graph's own form, and the one that networkx writes."""

from __future__ import annotations

import json
from typing import Any

from engines.graph.formats.building import Builder, Place, end_from, marks_from, number, position
from engines.graph.graph import Edge, End, Graph


def compose(graph: Graph) -> str:
    """The graph as indented JSON."""
    return json.dumps(graph.to_json(), ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def parse(text: str, place: Place) -> Graph:
    """Our own node-link form, or networkx's with `id`, and `links` or `edges`."""
    try:
        plain = json.loads(text)
    except json.JSONDecodeError as error:
        cause = "It seems to be cut off." if error.pos >= len(text.rstrip()) else ""
        raise place.at(error.lineno).refusal(f"this is not JSON: {error.msg.lower()}.", cause) from error
    except ValueError as error:
        raise place.refusal("the JSON holds a number that is too long.") from error
    if not isinstance(plain, dict) or not isinstance(plain.get("nodes"), list):
        raise place.refusal("this JSON holds no graph.", 'A graph has "nodes" and "edges".')
    version = plain.get("format", 1)
    if version != 1:
        raise place.refusal(f"this is format {version}, this program reads up to 1.", "Update the program.")
    directed = plain.get("directed", True) is not False
    builder = Builder()
    names: dict[Any, str] = {}
    for i, node in enumerate(plain["nodes"]):
        where = f"node {i + 1}"
        fields = _fields(node, place, where)
        identity = fields.get("id", fields.get("name"))
        name = str(fields.get("name", identity)) if identity is not None else ""
        if isinstance(identity, list | dict):
            raise place.refusal(f"the id of {where} is not a name.")
        if name in builder:
            raise place.refusal(f"two nodes are called {name}.")
        marks = fields.get("marks") or ()
        spot = fields.get("position") or (fields.get("x"), fields.get("y"))
        if not isinstance(spot, list | tuple) or len(spot) != 2 or not isinstance(marks, list | tuple):
            raise place.refusal(f"position or marks of {where} cannot be read.")
        x, y = spot
        builder.node(name, place, marks=marks_from(" ".join(map(str, marks)), place), position=position(x, y, place))
        names[identity] = name
    edges = plain.get("edges", plain.get("links", []))
    if not isinstance(edges, list):
        raise place.refusal("this JSON holds no graph.", '"edges" is not a list.')
    for i, edge in enumerate(edges):
        where = f"edge {i + 1}"
        fields = _fields(edge, place, where)
        pair = fields.get("source"), fields.get("target")
        for end in pair:
            if isinstance(end, list | dict) or end not in names:
                raise place.refusal(f"{where} names {str(end)[:40]!r}, which is not a node.")
        builder.edge(
            Edge(
                names[pair[0]], names[pair[1]],
                end_from(fields.get("at_source"), place, End.TAIL),
                end_from(fields.get("at_target"), place, End.ARROW if directed else End.TAIL),
                number(fields.get("weight"), place, f"the weight of {where}"),
                number(fields.get("frequency"), place, f"the frequency of {where}"),
            ),
            place,
        )
    return builder.graph()


def _fields(value: object, place: Place, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise place.refusal(f"{where} is not an object.")
    return value
