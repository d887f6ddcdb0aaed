"""Files of graphs: `read` and `write` by the ending of the name, `parse` and `compose` for text.

| ending              | format        | keeps                                                                   |
|---------------------|---------------|-------------------------------------------------------------------------|
| .json               | node-link     | everything; also reads networkx's                                       |
| .dot .gv            | DOT           | everything (marks, effect and frequency as attributes of their own)     |
| .graphml .xml       | GraphML       | everything                                                              |
| .gml                | GML           | everything                                                              |
| .txt .dagitty       | DAGitty text  | everything                                                              |
| .csv .tsv           | edge list     | everything (a row without an effect is a node); read: matrices as well  |
| .adjacency.csv      | matrix        | everything (rows are causes; marks and positions in lines `# @` above)  |
| .lav .lavaan        | lavaan model  | everything (what lavaan has no word for in comments `# @`)              |
| .tetrad             | TETRAD text   | everything (.txt that begins with `Graph Nodes:` is read as this)       |
| .bif                | BIF           | everything (edges that are not directed in properties; no tables)       |
| .tex                | TikZ picture  | everything, in comments; read: only our own pictures                    |

Graphs with cycles are read: whether one is allowed is for those who use it to say.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from engines.graph.formats import bif, dagitty, dot, gml, graphml, lavaan, matrix, node_link, table, tetrad, tikz
from engines.graph.formats.building import Place
from engines.graph.graph import Graph
from engines.graph.layout import spread
from engines.refusals import Refusal
from engines.writing import replacing

LARGEST = 8_000_000             # bytes; a graph of 500 nodes and 1,500 edges takes 0.2 MB


class Format(NamedTuple):
    """One format: how it is called, how text becomes a graph, and how a graph becomes text."""

    title: str
    parse: Callable[[str, Place], Graph]
    compose: Callable[[Graph], str]


def _text_of_either(text: str, place: Place) -> Graph:
    """DAGitty's text, or TETRAD's, which tells itself by how it begins."""
    return (tetrad if is_tetrad(text) else dagitty).parse(text, place)


def is_tetrad(text: str) -> bool:
    """Whether a text begins as TETRAD's do."""
    return text.lstrip().startswith(tetrad.HEAD)


FORMATS: Mapping[str, Format] = MappingProxyType({
    ".json": Format("Node-link JSON", node_link.parse, node_link.compose),
    ".dot": Format("Graphviz DOT", dot.parse, dot.compose),
    ".gv": Format("Graphviz DOT", dot.parse, dot.compose),
    ".graphml": Format("GraphML", graphml.parse, graphml.compose),
    ".xml": Format("GraphML", graphml.parse, graphml.compose),
    ".gml": Format("GML", gml.parse, gml.compose),
    ".adjacency.csv": Format("Adjacency matrix", table.parse, matrix.compose),
    ".csv": Format("Edge list", table.parse, table.compose),
    ".tsv": Format("Edge list, tabs", table.parse, table.compose_tabs),
    ".txt": Format("DAGitty text", _text_of_either, dagitty.compose),
    ".dagitty": Format("DAGitty text", dagitty.parse, dagitty.compose),
    ".tetrad": Format("TETRAD text", tetrad.parse, tetrad.compose),
    ".tex": Format("TikZ picture", tikz.parse, tikz.compose),
    ".bif": Format("BIF network", bif.parse, bif.compose),
    ".lav": Format("lavaan model", lavaan.parse, lavaan.compose),
    ".lavaan": Format("lavaan model", lavaan.parse, lavaan.compose),
})


def read(path: str | Path) -> Graph:
    """The graph in a file, by the ending of its name. Positions in DAGitty's own unit are brought to px.

    Raises:
        Refusal: naming file and line, when the file is missing, too large, not text, cut off or not of its format.
    """
    path = Path(path)
    chosen = _format_of(path)
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise Refusal(
                f"{path.name} has {size / 1e6:,.0f} MB; a file with a graph has at most {LARGEST / 1e6:,.0f} MB.",
                "It is probably a table of data.", about=(path.name,),
            )
        raw = path.read_bytes()
    except OSError as error:
        raise Refusal(f"{path.name} cannot be read.", f"{error.strerror}.", about=(path.name,)) from error
    text = _text(raw, path.name)
    graph = _parsed(chosen, text, path.name)
    return spread(graph) if chosen.compose is dagitty.compose and not is_tetrad(text) else graph


def write(graph: Graph, path: str | Path) -> None:
    """Write a graph, in the format that the ending of the name asks for. The file appears whole or not at all.

    Raises:
        Refusal: when the ending is unknown, a name or a number cannot be written, or the file cannot be.
    """
    path = Path(path)
    text = compose(graph, path.name)
    try:
        with replacing(path) as part:
            part.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise Refusal(f"{path.name} cannot be written.", f"{error.strerror}.", about=(path.name,)) from error


def parse(text: str, name: str) -> Graph:
    """The graph in a text; `name` gives the format by its ending and is named when the text is refused."""
    return _parsed(_format_of(Path(name)), text, name)


def compose(graph: Graph, name: str) -> str:
    """A graph as text, in the format that the ending of `name` asks for."""
    chosen = _format_of(Path(name))
    for node in graph.nodes:
        if not node.name or any(_unwritable(character) for character in node.name):
            raise Refusal(
                f"The name {node.name!r} holds a character that files of graphs cannot keep.", "Rename the node.",
                about=(node.name,),
            )
    for edge in graph.edges:
        for word, value in (("weight", edge.weight), ("frequency", edge.frequency)):
            if value is not None and not math.isfinite(value):
                raise Refusal(f"The {word} of {edge.source} → {edge.target} is not a number.", about=edge.pair)
    return chosen.compose(graph)


def _parsed(chosen: Format, text: str, name: str) -> Graph:
    try:
        return chosen.parse(text, Place(name))
    except RecursionError as error:
        raise Place(name).refusal("groups are nested too deeply for a graph.") from error


def _unwritable(character: str) -> bool:
    """Control characters, surrogates and noncharacters, which XML and GML have no way to write."""
    code = ord(character)
    return unicodedata.category(character) in ("Cc", "Cs") or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def _format_of(path: Path) -> Format:
    name = path.name.lower()
    for ending, chosen in FORMATS.items():
        if name.endswith(ending):
            return chosen
    raise Refusal(
        f"{path.name} has no ending of a graph format.", f"Known are {', '.join(FORMATS)}.", about=(path.name,)
    )


def _text(raw: bytes, name: str) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Refusal(
            f"{name}, line {line}: this is not text in UTF-8.", "Save the file as UTF-8.", about=(name,)
        ) from error
