"""lavaan's model syntax: `y ~ 0.5*x + z` (x and z cause y), `x ~~ y` (a hidden common cause), `f =~ a + b` (f latent).

A number before a `*` is the weight; labels, starting values and lists of groups say nothing about causes. Variances,
intercepts, thresholds, constraints and definitions are read past. Names that R does not know as names stand in quotes,
which is a way of our own; so are the lines `# @`, with marks, positions, frequencies and edges with other ends.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from engines.graph.formats import notes
from engines.graph.formats.building import Builder, Place, decimal, number
from engines.graph.formats.tokens import quoted, unescaped
from engines.graph.graph import Edge, End, Graph, Mark

NOTE = "# @"
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_.]*")
_NOT_NAMES = ("NA", "TRUE", "FALSE", "NULL", "Inf", "NaN", "level", "group", "block")
_TOKEN = re.compile(
    r"""(?P<space>[^\S\n]+|[#!][^\n]*) | (?P<end>[\n;])
    | (?P<operator>=~|~\*~|<~|~~|~|:=|==|<|>|\|) | (?P<sign>[+*:(),=/^-])
    | (?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]))
    | "(?P<string>(?:[^"\\\n]|\\.)*)" | (?P<name>[^\W\d][\w.]*|\.[\w.]*)""",
    re.VERBOSE,
)
_CAUSES = ("~", "~~", "=~", "<~")


class _Token(NamedTuple):
    kind: str
    text: str
    line: int


def draws(edge: Edge) -> bool:
    """lavaan has regressions and covariances, and no other edges."""
    return edge.bidirected or {edge.at_source, edge.at_target} == {End.TAIL, End.ARROW}


def compose(graph: Graph) -> str:
    """Notes, then what each latent variable shows itself in, then regressions, then covariances."""
    latent = {node.name for node in graph.nodes if Mark.LATENT in node.marks}
    shown: dict[str, list[str]] = {}
    caused: dict[str, list[str]] = {}
    common: list[str] = []
    for stored in filter(draws, graph.edges):
        edge = stored if stored.bidirected or stored.directed else stored.seen_from(stored.target)
        if edge.bidirected:
            common.append(f"{_name(edge.source)} ~~ {_term(edge.target, edge.weight)}")
        elif edge.source in latent and edge.target not in latent:
            shown.setdefault(edge.source, []).append(_term(edge.target, edge.weight))
        else:
            caused.setdefault(edge.target, []).append(_term(edge.source, edge.weight))
    lines = [f"{_name(name)} =~ {' + '.join(terms)}" for name, terms in shown.items()]
    lines += [f"{_name(name)} ~ {' + '.join(terms)}" for name, terms in caused.items()]
    text = "".join(f"{line}\n" for line in (*lines, *common))
    above = notes.noted(graph, parse(text, Place("")), draws, NOTE)
    return "".join(f"{line}\n" for line in above) + text


def _name(name: str) -> str:
    return name if _PLAIN.fullmatch(name) and name not in _NOT_NAMES else quoted(name)


def _term(name: str, weight: float | None) -> str:
    return _name(name) if weight is None else f"{decimal(weight)}*{_name(name)}"


def parse(text: str, place: Place) -> Graph:
    """The graph in a model, its notes read with it."""
    bare, noted = notes.parted(text, NOTE)
    builder, edges = notes.begun(noted, place)
    for formula in _formulas(bare, place):
        _read(formula, builder, place)
    return notes.finished(builder, edges, draws, place)


def _formulas(text: str, place: Place) -> list[list[_Token]]:
    """The words of each formula; one goes on over the end of a line where a sign asks for more."""
    found: list[list[_Token]] = [[]]
    at, line = 0, 1
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            open_string = text[at] == '"'
            raise place.at(line).refusal(
                "a string begins here and does not end." if open_string else f"{text[at]!r} is not expected here."
            )
        kind, word, at = match.lastgroup or "", match.group(match.lastgroup or 0), match.end()
        if kind == "end":
            line += word == "\n"
            if found[-1] and (word == ";" or found[-1][-1].kind not in ("sign", "operator")):
                found.append([])
        elif kind != "space":
            if kind == "sign" and word == "+" and not found[-1] and len(found) > 1:
                found.pop()
            found[-1].append(_Token(kind, unescaped(word) if kind == "string" else word, line))
    return [formula for formula in found if formula]


def _read(formula: list[_Token], builder: Builder, place: Place) -> None:
    at = next((i for i, token in enumerate(formula) if token.kind == "operator"), None)
    here = place.at(formula[0].line)
    if at is None:
        if formula[0].text in ("level", "group", "block", "class") and len(formula) > 1 and formula[1].text == ":":
            return
        raise here.refusal("this is not a formula of lavaan's: it has none of ~, ~~ and =~.")
    sign = formula[at].text
    if sign not in _CAUSES:
        return
    left = [name for name, _, _ in _terms(formula[:at], here, f"before {sign}") if name]
    for name, weight, line in _terms(formula[at + 1:], here, f"after {sign}"):
        for other in left if name else ():
            _join(builder, sign, other, name, weight, place.at(line))
        for other in left:
            builder.node(other, place.at(line), marks=[Mark.LATENT] if sign == "=~" else ())


def _join(builder: Builder, sign: str, left: str, right: str, weight: float | None, here: Place) -> None:
    if sign == "=~":
        builder.node(left, here, marks=[Mark.LATENT])
        builder.edge(Edge(left, right, weight=weight), here)
    elif sign == "~~":
        if left != right:                       # a variance
            builder.edge(Edge(left, right, End.ARROW, End.ARROW, weight), here)
    else:
        builder.edge(Edge(right, left, weight=weight), here)


def _terms(tokens: list[_Token], here: Place, where: str) -> list[tuple[str, float | None, int]]:
    """Name, weight and line of each summand; a number alone, an intercept, has no name."""
    summands: list[list[_Token]] = [[]]
    depth = 0
    for token in tokens:
        depth += {("sign", "("): 1, ("sign", ")"): -1}.get((token.kind, token.text), 0)
        if token.kind == "sign" and token.text == "+" and not depth:
            summands.append([])
        else:
            summands[-1].append(token)
    if not all(summands):
        raise here.refusal(f"a variable is expected {where}.", "The file may be cut off.")
    return [_term_of(summand, here) for summand in summands]


def _term_of(summand: list[_Token], here: Place) -> tuple[str, float | None, int]:
    here = here.at(summand[0].line)
    factors: list[list[_Token]] = [[]]
    for token in summand:
        if token.kind == "sign" and token.text == "*":
            factors.append([])
        else:
            factors[-1].append(token)
    *before, last = factors
    told = [text for text in map(_number_in, before) if text]
    weight = number(told[0], here, "the coefficient") if told else None
    if _number_in(last):
        return "", None, here.line
    names, colons = last[::2], last[1::2]
    if len(names) == len(colons) or any(t.kind not in ("name", "string") for t in names) or any(
        t.text != ":" or t.kind != "sign" for t in colons
    ):
        raise here.refusal(f"{''.join(token.text for token in summand)[:40]!r} is not a variable.")
    return ":".join(token.text for token in names), weight, here.line


def _number_in(factor: list[_Token]) -> str:
    """The number that a factor is, as text; empty when it is something else."""
    is_number = bool(factor) and factor[-1].kind == "number" and [t.text for t in factor[:-1]] in ([], ["-"], ["+"])
    return "".join(token.text for token in factor) if is_number else ""
