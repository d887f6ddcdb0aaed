"""BIF, the interchange format of Bayesian networks: a block a variable, and one that names its causes.

A directed edge stands where others look for it, in `probability ( effect | cause, cause )`. Written are two states and
uniform tables: a graph knows no others. Marks, positions and edges with other ends, weights and frequencies stand in
`property` lines, which others skip: to them a graph with such edges is one without. A name with other than letters,
digits and _ is written as n1, n2 and so on, the name itself in a property with its odd characters as %20.
Tables of others are read past. A cycle of directed edges can be written, though no other reader will take it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote, unquote

from engines.graph.formats.building import Builder, Place, decimal, end_from, listed, marks_from, number, position
from engines.graph.graph import Edge, End, Graph

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_TAKEN = re.compile(r"n\d+|network|variable|probability|property|type|discrete|table|default", re.IGNORECASE)
_TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/) | (?P<space>\s+) | property\s+(?P<property>[^;]*) | "(?P<string>[^"\n]*)"
    | (?P<broken>"|/\*) | (?P<sign>[{}()\[\]|,;]) | (?P<word>[^\s{}()\[\]|,;"]+)""",
    re.VERBOSE | re.DOTALL,
)
_MOST_TABLE = 16        # causes; a table of two states has 2 ** (causes + 1) numbers
Token = tuple[str, str, int]


def draws(edge: Edge) -> bool:
    """A network has directed edges only."""
    return {edge.at_source, edge.at_target} == {End.TAIL, End.ARROW}


def compose(graph: Graph) -> str:
    """A network that other readers take, as long as its directed edges make no cycle."""
    words = {name: name if _PLAIN.fullmatch(name) and not _TAKEN.fullmatch(name) else f"n{i}"
             for i, name in enumerate(graph.names, 1)}
    lines = ["network unknown {"]
    causes: dict[str, list[str]] = {name: [] for name in graph.names}
    for edge in graph.edges:
        if draws(edge):
            cause, effect = edge.pair if edge.at_target is End.ARROW else edge.pair[::-1]
            causes[effect].append(cause)
        if not draws(edge) or edge.weight is not None or edge.frequency is not None:
            told = [words[edge.source], str(edge.at_source), str(edge.at_target), words[edge.target]]
            told += ["-" if value is None else decimal(value) for value in (edge.weight, edge.frequency)]
            lines.append(f"  property edge = {' '.join(told)} ;")
    lines.append("}")
    for node in graph.nodes:
        lines += [f"variable {words[node.name]} {{", "  type discrete [ 2 ] { no, yes };"]
        if words[node.name] != node.name:
            lines.append(f"  property name = {quote(node.name, safe='')} ;")
        if node.marks:
            lines.append(f"  property marks = {listed(node.marks)} ;")
        if node.position is not None:
            lines.append(f"  property position = ({', '.join(map(decimal, node.position))}) ;")
        lines.append("}")
    for name, above in causes.items():
        behind = f" | {', '.join(words[cause] for cause in above)}" if above else ""
        if len(above) > _MOST_TABLE:
            table = "  default 0.5, 0.5;"
        else:
            table = "  table " + ", ".join(["0.5"] * 2 ** (len(above) + 1)) + ";"
        lines += [f"probability ( {words[name]}{behind} ) {{", table, "}"]
    return "\n".join((*lines, ""))


def parse(text: str, place: Place) -> Graph:
    """The variables and their causes; the states and the tables are read past."""
    return _Reader(list(_cut(text, place)), place).graph()


def _cut(text: str, place: Place) -> Iterator[Token]:
    at, line = 0, 1
    while at < len(text):
        found = _TOKEN.match(text, at)
        kind = "broken" if found is None else found.lastgroup or ""
        if found is None or kind == "broken":
            raise place.at(line).refusal("a string or a comment begins here and does not end.")
        if kind not in ("space", "comment"):
            yield kind, found[kind], line
        line += text.count("\n", at, found.end())
        at = found.end()
    yield "end", "", line


class _Reader:
    def __init__(self, tokens: list[Token], place: Place) -> None:
        self._tokens, self._place, self._at = tokens, place, 0
        self._builder = Builder()
        self._names: dict[str, str] = {}
        self._told: list[tuple[str, Place]] = []            # properties that tell an edge

    def graph(self) -> Graph:
        blocks = {"network": self._network, "variable": self._variable, "probability": self._probability}
        if self._tokens[0][1] not in blocks:
            raise self._here().refusal("this is not BIF: it does not begin with network, variable or probability.")
        while self._tokens[self._at][0] != "end":
            word = self._word("a block")
            if word not in blocks:
                raise self._here(-1).refusal(f"{word[:40]!r} is not a block of BIF.")
            blocks[word]()
        for told, here in self._told:
            self._edge(told, here)
        return self._builder.graph()

    def _network(self) -> None:
        while not self._sees("{"):
            self._word("'{'")
        self._told += [(value, here) for key, value, here in self._block() if key == "edge"]

    def _variable(self) -> None:
        here, word = self._here(), self._word("a variable")
        told = {key: value for key, value, _ in self._block()}
        name = unquote(told.get("name", "")) or word
        if word in self._names or name in self._builder:
            raise here.refusal(f"two variables are called {name}.")
        self._names[word] = name
        across, _, down = told["position"].strip("()").partition(",") if "position" in told else ("", "", "")
        marks = told.get("marks", "")
        self._builder.node(
            name, here, marks=marks_from(marks, here), position=position(across.strip(), down.strip(), here)
        )

    def _probability(self) -> None:
        here = self._here()
        self._expect("(")
        words: list[str] = []
        while not self._sees(")"):
            if not (self._sees("|") and len(words) == 1) and not (self._sees(",") and words):
                words.append(self._known(self._word("a variable"), self._here(-1)))
            else:
                self._at += 1
        self._at += 1
        if not words:
            raise here.refusal("a probability names no variable.")
        for cause in words[1:]:
            self._builder.edge(Edge(cause, words[0]), here)
        self._block()

    def _edge(self, told: str, here: Place) -> None:
        parts = told.split()
        if len(parts) != 6:
            raise here.refusal(f"{told[:40]!r} is not an edge.", "It has two nodes with their ends and two numbers.")
        source, at_source, at_target, target, *numbers = parts
        weight, frequency = (
            None if text == "-" else number(text, here, what) for text, what in zip(numbers, ("weight", "frequency"))
        )
        edge = Edge(
            self._known(source, here), self._known(target, here), end_from(at_source, here, End.TAIL),
            end_from(at_target, here, End.ARROW), weight, frequency,
        )
        if not draws(edge) or self._builder.joins(edge):
            self._builder.edge(edge, here)

    def _known(self, word: str, here: Place) -> str:
        if word not in self._names:
            raise here.refusal(f"{word[:40]!r} is not a variable of the network.")
        return self._names[word]

    def _block(self) -> list[tuple[str, str, Place]]:
        """Step over a block in braces; its properties `key = value`."""
        self._expect("{")
        found, depth = [], 1
        while depth:
            kind, text, line = self._tokens[self._at]
            if kind == "end":
                self._expect("}")
            if kind == "property":
                key, _, value = text.partition("=")
                found.append((key.strip(' "'), value.strip(' "'), self._place.at(line)))
            depth += {("sign", "{"): 1, ("sign", "}"): -1}.get((kind, text), 0)
            self._at += 1
        return found

    def _here(self, step: int = 0) -> Place:
        return self._place.at(self._tokens[self._at + step][2])

    def _sees(self, sign: str) -> bool:
        return self._tokens[self._at][:2] == ("sign", sign)

    def _expect(self, sign: str) -> None:
        kind, text, _ = self._tokens[self._at]
        if kind == "end":
            raise self._here().refusal(f"the file ends here, where {sign!r} is expected.", "It seems to be cut off.")
        if not self._sees(sign):
            raise self._here().refusal(f"{sign!r} is expected before {text[:40]!r}.")
        self._at += 1

    def _word(self, what: str) -> str:
        kind, text, _ = self._tokens[self._at]
        if kind == "end":
            raise self._here().refusal(f"the file ends here, where {what} is expected.", "It seems to be cut off.")
        if kind not in ("word", "string"):
            raise self._here().refusal(f"{what} is expected before {text[:40]!r}.")
        self._at += 1
        return text
