"""GraphML (Brandes et al. 2002), as networkx, igraph and yEd write it. Names are the ids of nodes."""

from __future__ import annotations

from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from engines.graph.formats.building import Builder, Place, decimal, end_from, listed, marks_from, number, position
from engines.graph.graph import Edge, End, Graph
from engines.refusals import Refusal

_KEYS = (
    ("node", "marks", "string"), ("node", "x", "double"), ("node", "y", "double"), ("edge", "at_source", "string"),
    ("edge", "at_target", "string"), ("edge", "weight", "double"), ("edge", "frequency", "double"),
)


def compose(graph: Graph) -> str:
    """The graph with marks, positions, ends, weights and frequencies as data."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">']
    lines += [
        f'  <key id="{owner[0]}_{name}" for="{owner}" attr.name="{name}" attr.type="{kind}"/>'
        for owner, name, kind in _KEYS
    ]
    lines.append('  <graph edgedefault="directed">')
    for node in graph.nodes:
        data = {"n_marks": listed(node.marks)}
        if node.position is not None:
            data |= {"n_x": decimal(node.position[0]), "n_y": decimal(node.position[1])}
        lines.append(f"    <node id={quoteattr(node.name)}>{_data(data)}</node>")
    for edge in graph.edges:
        data = {} if edge.directed else {"e_at_source": str(edge.at_source), "e_at_target": str(edge.at_target)}
        data["e_weight"] = "" if edge.weight is None else decimal(edge.weight)
        data["e_frequency"] = "" if edge.frequency is None else decimal(edge.frequency)
        pair = f"source={quoteattr(edge.source)} target={quoteattr(edge.target)}"
        lines.append(f"    <edge {pair}>{_data(data)}</edge>")
    return "\n".join((*lines, "  </graph>", "</graphml>", ""))


def _data(data: dict[str, str]) -> str:
    return "".join(f'<data key="{key}">{escape(value)}</data>' for key, value in data.items() if value)


def parse(text: str, place: Place) -> Graph:
    """The first graph of the file; what other programs add is passed over. Hyperedges and nested graphs are refused."""
    reader = _Reader(place)
    reader.read(text)
    return reader.graph()


class _Reader:
    def __init__(self, place: Place) -> None:
        self._place = place
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._keys: dict[str, str] = {}
        self._graphs = 0
        self._inside = False
        self._directed = True
        self._item: tuple[str, dict[str, str], Place] | None = None
        self._data: dict[str, str] = {}
        self._key: str | None = None
        self._nodes: list[tuple[str, dict[str, str], Place]] = []
        self._edges: list[tuple[dict[str, str], dict[str, str], Place]] = []

    def read(self, text: str) -> None:
        try:
            self._parser.Parse(text.encode(), True)
        except expat.ExpatError as error:
            words = expat.errors.messages[error.code]
            cut = words in ("no element found", "unclosed token", "unclosed CDATA section")
            raise self._place.at(error.lineno).refusal(
                f"this is not XML: {words}.", "The file seems to be cut off." if cut else ""
            ) from error
        if not self._graphs:
            raise self._place.refusal("this XML holds no graph.", "GraphML has an element <graph>.")

    def graph(self) -> Graph:
        builder = Builder()
        for name, data, here in self._nodes:
            if name in builder:
                raise here.refusal(f"two nodes are called {name}.")
            builder.node(
                name, here, marks=marks_from(data.get("marks", ""), here),
                position=position(data.get("x"), data.get("y"), here),
            )
        for attributes, data, here in self._edges:
            pair = attributes.get("source", ""), attributes.get("target", "")
            for end in pair:
                if end not in builder:
                    raise here.refusal(f"the edge names {end[:40]!r}, which is not a node.")
            directed = attributes.get("directed", "true" if self._directed else "false") != "false"
            builder.edge(
                Edge(
                    *pair,
                    end_from(data.get("at_source"), here, End.TAIL),
                    end_from(data.get("at_target"), here, End.ARROW if directed else End.TAIL),
                    number(data.get("weight"), here, "the weight"),
                    number(data.get("frequency"), here, "the frequency"),
                ),
                here,
            )
        return builder.graph()

    def _here(self) -> Place:
        return self._place.at(self._parser.CurrentLineNumber)

    def _doctype(self, *_: object) -> None:
        raise self._here().refusal("a document type is declared.", "It could pull in other files; remove that line.")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "key":
            self._keys[attributes.get("id", "")] = attributes.get("attr.name", "")
        elif tag == "graph":
            self._graphs += 1
            if self._inside:
                raise self._refusal("a graph within a graph.")
            self._inside = self._graphs == 1
            if self._inside:
                self._directed = attributes.get("edgedefault", "directed") != "undirected"
        elif self._inside and tag == "hyperedge":
            raise self._refusal("an edge of more than two nodes.")
        elif self._inside and tag in ("node", "edge"):
            self._item, self._data = (tag, attributes, self._here()), {}
        elif tag == "data" and self._item is not None:
            self._key = self._keys.get(attributes.get("key", ""), "")
            self._data[self._key] = ""

    def _end(self, tag: str) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "data":
            self._key = None
        elif self._item is not None and tag == self._item[0]:
            kind, attributes, here = self._item
            if kind == "node":
                self._nodes.append((attributes.get("id", ""), self._data, here))
            else:
                self._edges.append((attributes, self._data, here))
            self._item = None
        elif tag == "graph":
            self._inside = False

    def _text(self, text: str) -> None:
        if self._key is not None:
            self._data[self._key] += text.strip()

    def _refusal(self, what: str) -> Refusal:
        return self._here().refusal(f"{what} cannot be taken over.", "A causal graph has nodes and edges of two.")
