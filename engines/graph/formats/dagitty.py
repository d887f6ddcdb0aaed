"""DAGitty's text: `dag { x [exposure,pos="0,1"] x -> y [beta="0.5"] }`.

Kinds dag, mag, pdag and pag; edges ->, <-, <->, --, @->, <-@, @-@, @--, --@ (the circle is an @). Positions are kept
as they are: DAGitty's unit is free. `intervened` and `frequency` are words of our own.
"""

from __future__ import annotations

import re

from engines.graph.formats.building import Builder, Place, decimal, number, position
from engines.graph.formats.tokens import Words, quoted
from engines.graph.graph import Edge, End, Graph, Mark, Node

_ARROWS = {
    "@->": (End.CIRCLE, End.ARROW), "<-@": (End.ARROW, End.CIRCLE), "@-@": (End.CIRCLE, End.CIRCLE),
    "@--": (End.CIRCLE, End.TAIL), "--@": (End.TAIL, End.CIRCLE), "<->": (End.ARROW, End.ARROW),
    "->": (End.TAIL, End.ARROW), "<-": (End.ARROW, End.TAIL), "--": (End.TAIL, End.TAIL),
}
_SIGNS = {ends: arrow for arrow, ends in _ARROWS.items()}
_WORDS = {
    "exposure": Mark.EXPOSURE, "e": Mark.EXPOSURE, "outcome": Mark.OUTCOME, "o": Mark.OUTCOME,
    "adjusted": Mark.ADJUSTED, "adjustednode": Mark.ADJUSTED, "a": Mark.ADJUSTED, "latent": Mark.LATENT,
    "l": Mark.LATENT, "unobserved": Mark.LATENT, "u": Mark.LATENT, "selected": Mark.SELECTED, "s": Mark.SELECTED,
    "intervened": Mark.INTERVENED,
}
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_KINDS = ("dag", "mag", "pdag", "pag", "digraph", "graph")


def compose(graph: Graph) -> str:
    """The text, one node or edge a line."""
    ends = {end for edge in graph.edges for end in (edge.at_source, edge.at_target)}
    undirected = any(edge.undirected for edge in graph.edges)
    lines = [("pag" if End.CIRCLE in ends else "pdag" if undirected else "dag") + " {"]
    lines += [node_text(node) for node in graph.nodes]
    lines += [edge_text(edge) for edge in graph.edges]
    return "\n".join((*lines, "}", ""))


def node_text(node: Node) -> str:
    """A node with its marks and position, as one statement."""
    options = sorted(str(mark) for mark in node.marks)
    if node.position is not None:
        options.append(f'pos="{decimal(node.position[0])},{decimal(node.position[1])}"')
    return _name(node.name) + (f" [{','.join(options)}]" if options else "")


def edge_text(edge: Edge) -> str:
    """An edge with its weight and frequency, as one statement."""
    options = []
    if edge.weight is not None:
        options.append(f'beta="{decimal(edge.weight)}"')
    if edge.frequency is not None:
        options.append(f'frequency="{decimal(edge.frequency)}"')
    arrow = _SIGNS[edge.at_source, edge.at_target]
    return f"{_name(edge.source)} {arrow} {_name(edge.target)}" + (f" [{','.join(options)}]" if options else "")


def _name(name: str) -> str:
    return name if _PLAIN.fullmatch(name) and name.lower() not in _KINDS else quoted(name)


def parse(text: str, place: Place) -> Graph:
    """DAGitty's text with chains and groups; options that say nothing about causes are passed over."""
    return _Reader(Words(text, place, tuple(_ARROWS))).graph()


class _Reader:
    def __init__(self, words: Words) -> None:
        self._words = words
        self._builder = Builder()

    def graph(self) -> Graph:
        words = self._words
        start = words.here()
        if words.next().text.lower() not in _KINDS:
            raise start.refusal("this is not DAGitty's text: it does not begin with dag, mag, pdag or pag.")
        if words.peek().kind in ("id", "string"):
            words.next()
        words.expect("{")
        self._statements()
        if words.peek().kind != "end":
            raise words.here().refusal("there is more after the end of the graph.")
        return self._builder.graph()

    def _statements(self) -> list[str]:
        words, named = self._words, []
        while not words.takes("}"):
            if words.takes(";") or words.takes(","):
                continue
            if words.peek().kind == "end":
                words.expect("}")
            named += self._statement()
        return named

    def _statement(self) -> list[str]:
        words = self._words
        place, group = words.here(), words.at("{")
        last = self._group()
        if not group and words.takes("="):
            words.word("a value")
            return []
        named = list(last)
        links = []
        while words.peek().kind == "arrow":
            ends = _ARROWS[words.next().text]
            here = words.here()
            after = self._group()
            links += [(a, b, ends, here) for a in last for b in after]
            named += after
            last = after
        options = self._options()
        for name in named:
            self._builder.node(name, place)
        if not links:
            for name in named:
                self._node(name, options, place)
        for a, b, ends, here in links:
            weight = number(options.get("beta"), here, "beta")
            self._builder.edge(Edge(a, b, *ends, weight, number(options.get("frequency"), here, "frequency")), here)
        return named

    def _group(self) -> list[str]:
        if self._words.takes("{"):
            return list(dict.fromkeys(self._statements()))
        return [self._words.word("a node")]

    def _options(self) -> dict[str, str]:
        words, found = self._words, {}
        if words.takes("["):
            while not words.takes("]"):
                key = words.word("an option or ']'")
                found[key] = words.word("a value") if words.takes("=") else ""
                if not words.takes(","):
                    words.takes(";")
        return found

    def _node(self, name: str, options: dict[str, str], place: Place) -> None:
        across, _, down = options.get("pos", "").partition(",")
        marks = [_WORDS[word] for word in options if word in _WORDS]
        self._builder.node(name, place, marks=marks, position=position(across.strip(), down.strip(), place))
