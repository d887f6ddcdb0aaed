"""Graphviz DOT. Ends are arrowhead and arrowtail (normal, none, odot), positions `pos` in points with y upwards.

Marks, effect and frequency are attributes of their own, which Graphviz passes over. `weight` is read as the weight of
an edge where there is no `effect`, but never written: to Graphviz it is a wish about the layout.
"""

from __future__ import annotations

from itertools import pairwise

from engines.graph.formats.building import Builder, Place, decimal, listed, marks_from, number, position
from engines.graph.formats.tokens import Words, quoted
from engines.graph.graph import Edge, End, Graph

_HEADS = {End.ARROW: "normal", End.TAIL: "none", End.CIRCLE: "odot"}
_ENDS = {"none": End.TAIL, "odot": End.CIRCLE, "dot": End.CIRCLE}

Attributes = dict[str, str]


def compose(graph: Graph) -> str:
    """A digraph; the order of nodes is kept."""
    lines = ["digraph {"]
    for node in graph.nodes:
        attributes = {}
        if node.position is not None:
            attributes["pos"] = f"{decimal(node.position[0])},{decimal(0.0 - node.position[1])}!"
        if node.marks:
            attributes["marks"] = listed(node.marks)
        lines.append(f"  {quoted(node.name)}{_written(attributes)};")
    for edge in graph.edges:
        attributes = {}
        if not edge.directed:
            attributes = {"dir": "both", "arrowhead": _HEADS[edge.at_target], "arrowtail": _HEADS[edge.at_source]}
        if edge.weight is not None:
            attributes["effect"] = decimal(edge.weight)
        if edge.frequency is not None:
            attributes["frequency"] = decimal(edge.frequency)
        lines.append(f"  {quoted(edge.source)} -> {quoted(edge.target)}{_written(attributes)};")
    return "\n".join((*lines, "}", ""))


def _written(attributes: Attributes) -> str:
    return " [" + ", ".join(f"{key}={quoted(value)}" for key, value in attributes.items()) + "]" if attributes else ""


def parse(text: str, place: Place) -> Graph:
    """A graph or digraph with subgraphs, chains, groups, defaults and comments; ports and styles are passed over."""
    return _Reader(Words(text, place, ("->", "--"), html=True)).graph()


class _Reader:
    def __init__(self, words: Words) -> None:
        self._words = words
        self._builder = Builder()
        self._directed = True

    def graph(self) -> Graph:
        words = self._words
        start = words.here()
        kind = words.next().text.lower()
        if kind == "strict":
            kind = words.next().text.lower()
        if kind not in ("graph", "digraph"):
            raise start.refusal('this is not DOT: it begins neither with "graph" nor "digraph".')
        self._directed = kind == "digraph"
        if words.peek().kind in ("id", "string", "html"):
            words.next()
        words.expect("{")
        self._statements({}, {})
        if words.peek().kind != "end":
            raise words.here().refusal("there is more after the end of the graph.")
        return self._builder.graph()

    def _statements(self, node_defaults: Attributes, edge_defaults: Attributes) -> list[str]:
        """Statements up to the closing brace; returns the nodes named in them."""
        words, named = self._words, []
        while not words.takes("}"):
            if words.takes(";") or words.takes(","):
                continue
            if words.peek().kind == "end":
                words.expect("}")
            token = words.peek()
            keyword = token.text.lower() if token.kind == "id" else ""
            if keyword in ("graph", "node", "edge"):
                words.next()
                attributes = self._attributes()
                defaults = {"node": node_defaults, "edge": edge_defaults}.get(keyword, {})
                defaults |= attributes
                continue
            named += self._statement(node_defaults, edge_defaults)
        return named

    def _statement(self, node_defaults: Attributes, edge_defaults: Attributes) -> list[str]:
        words = self._words
        place, group = words.here(), words.at("{") or words.at("subgraph")
        chain = [(place, self._group(node_defaults, edge_defaults))]
        if not group and words.takes("="):
            words.word("a value")
            return []
        while words.peek().kind == "arrow":
            words.next()
            here = words.here()
            chain.append((here, self._group(node_defaults, edge_defaults)))
        attributes = self._attributes()
        named = [name for _, names in chain for name in names]
        if len(chain) == 1:
            for name in named:
                self._node(name, attributes if group else node_defaults | attributes, place)
            return named
        for name in named:
            self._node(name, node_defaults if name not in self._builder else {}, place)
        for (_, before), (here, after) in pairwise(chain):
            for a in before:
                for b in after:
                    self._builder.edge(self._edge(a, b, edge_defaults | attributes, here), here)
        return named

    def _group(self, node_defaults: Attributes, edge_defaults: Attributes) -> list[str]:
        """One node, or the nodes of a subgraph."""
        words = self._words
        if words.at("subgraph"):
            words.next()
            if words.peek().kind in ("id", "string", "html"):
                words.next()
        if words.takes("{"):
            return list(dict.fromkeys(self._statements(dict(node_defaults), dict(edge_defaults))))
        name = words.word("a node")
        while words.takes("+"):
            name += words.word("a string")
        while words.takes(":"):
            words.word("a port")
        return [name]

    def _attributes(self) -> Attributes:
        words, found = self._words, {}
        while words.takes("["):
            while not words.takes("]"):
                key = words.word("an attribute or ']'")
                found[key] = words.word("a value") if words.takes("=") else "true"
                if not words.takes(","):
                    words.takes(";")
        return found

    def _node(self, name: str, attributes: Attributes, place: Place) -> None:
        across, _, down = attributes.get("pos", "").rstrip("!").partition(",")
        spot = position(across.strip(), down.split(",")[0].strip(), place)
        self._builder.node(
            name, place, marks=marks_from(attributes.get("marks", ""), place),
            position=None if spot is None else (spot[0], 0.0 - spot[1]),
        )

    def _edge(self, a: str, b: str, attributes: Attributes, place: Place) -> Edge:
        way = attributes.get("dir", "forward" if self._directed else "none")
        at_target = _ENDS.get(attributes.get("arrowhead", "normal"), End.ARROW)
        at_source = _ENDS.get(attributes.get("arrowtail", "normal"), End.ARROW)
        return Edge(
            a, b,
            at_source if way in ("back", "both") else End.TAIL,
            at_target if way in ("forward", "both") else End.TAIL,
            number(attributes.get("effect", attributes.get("weight")), place, "the effect"),
            number(attributes.get("frequency"), place, "the frequency"),
        )
