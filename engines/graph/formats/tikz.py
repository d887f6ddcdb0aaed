"""A picture in TikZ, a document of its own for LaTeX. Only our own pictures are read: by their comments `% @`.

The comments hold the whole graph as DAGitty's text and alone are read; what is changed in the drawing is not. Latent
nodes are dashed, exposure and outcome filled, adjusted nodes boxed; a hidden common cause is a dashed bow.
"""

from __future__ import annotations

import math

from engines.graph.formats import dagitty, notes
from engines.graph.formats.building import Place
from engines.graph.graph import Edge, End, Graph

NOTE = "% @"
_UNIT = 60              # px to a cm: the labels of 11 pt keep the room that they have on the canvas
_FARTHEST = 200         # cm; TeX knows no lengths beyond 575
_TIPS = {End.TAIL: "", End.ARROW: "Latex", End.CIRCLE: "Circle[open]"}
_SPECIAL = {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}",
    ">": r"\textgreater{}", "|": r"\textbar{}", '"': r"\textquotedbl{}", "`": r"\textasciigrave{}",
    **{character: "\\" + character for character in "&%$#_{}"},
}
_HEAD = r"""\documentclass[tikz, border=6pt]{standalone}
\usepackage{iftex}
\ifPDFTeX \usepackage[T1]{fontenc} \else \usepackage{fontspec} \fi
\usetikzlibrary{arrows.meta}
\begin{document}
\begin{tikzpicture}[
  variable/.style={draw, rounded corners=3pt, inner sep=4pt},
  exposure/.style={fill=black!8}, outcome/.style={fill=black!20}, adjusted/.style={sharp corners, thick},
  latent/.style={dashed}, selected/.style={double}, intervened/.style={very thick},
  common/.style={dashed, bend left=30}]
"""
_FOOT = "\\end{tikzpicture}\n\\end{document}\n"


def compose(graph: Graph) -> str:
    """The document: the graph in comments, then its drawing; nodes without a position stand in rows below."""
    lines = [
        f"{NOTE} // The graph in DAGitty's text: only these lines are read back.",
        *notes.noted(graph, Graph(), lambda _: False, NOTE),
        "% Names with other than Latin letters need lualatex or xelatex.",
        _HEAD.rstrip("\n"),
    ]
    number_of = {name: f"n{i}" for i, name in enumerate(graph.names)}
    for node, (across, up) in zip(graph.nodes, _places(graph)):
        styles = ", ".join(["variable", *(str(mark) for mark in sorted(node.marks))])
        here = f"({across:.3f}, {up:.3f})"
        lines.append(rf"  \node[{styles}] ({number_of[node.name]}) at {here} {{{_escaped(node.name)}}};")
    lines += [_drawn(edge, number_of) for edge in graph.edges]
    return "\n".join(lines) + "\n" + _FOOT


def _drawn(edge: Edge, number_of: dict[str, str]) -> str:
    tips = "-".join(f"{{{tip}}}" if tip else "" for tip in (_TIPS[edge.at_source], _TIPS[edge.at_target]))
    style = f"{tips}, common" if edge.bidirected else tips
    told = "" if edge.weight is None else rf" node[midway, fill=white, font=\scriptsize] {{{edge.weight:.3g}}}"
    return rf"  \draw[{style}] ({number_of[edge.source]}) to{told} ({number_of[edge.target]});"


def _places(graph: Graph) -> list[tuple[float, float]]:
    """Centres in cm, upwards."""
    known = [node.position for node in graph.nodes if node.position is not None]
    farthest = max((abs(value) for position in known for value in position), default=0.0)
    scale = min(1 / _UNIT, _FARTHEST / farthest) if farthest else 1 / _UNIT
    lowest = min((-down * scale for _, down in known), default=2.0)
    across = math.isqrt(len(graph.nodes)) + 1
    rest = iter(range(len(graph.nodes)))
    places = []
    for node in graph.nodes:
        if node.position is not None:
            places.append((node.position[0] * scale, -node.position[1] * scale))
        else:
            row, column = divmod(next(rest), across)
            places.append((column * 2.5, lowest - 2 - row * 1.5))
    return places


def _escaped(name: str) -> str:
    text = "".join(_SPECIAL.get(character, character) for character in name)
    text = text.replace("--", "-{}-").replace("--", "-{}-")
    return text if name == " ".join(name.split()) else text.replace(" ", "\\ ")


def parse(text: str, place: Place) -> Graph:
    """The graph in the comments of one of our pictures."""
    rest, noted = notes.parted(text, NOTE)
    if rest == text:
        raise place.refusal("this picture was not written by Otherwise.", f"Only its comments {NOTE} tell a graph.")
    if r"\end{document}" not in rest:
        raise place.at(text.count("\n") + 1).refusal("the picture does not end.", "The file seems to be cut off.")
    return dagitty.parse(noted, place)
