"""`otherwise convert GRAPH OUT`: a graph in another format, or as a figure."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from engines.graph import formats, layout
from engines.graph.graph import Graph
from engines.refusals import Refusal
from engines.results import GraphResult
from studio.commands import DONE
from studio.commands.console import Console

_FIGURES = (".png", ".svg", ".pdf")


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command and its arguments."""
    known = ", ".join((*formats.FORMATS, *_FIGURES))
    parser = commands.add_parser(
        "convert", help="write a graph in another format",
        description=f"Write a graph in another format, told by the endings of both names: {known}. "
        "Positions, marks and ends are kept in each; figures are not read again.",
        epilog="example: otherwise convert graph.txt graph.graphml",
    )
    parser.add_argument("graph", help="graph file")
    parser.add_argument("out", help="file to write; nothing may lie there yet")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.set_defaults(command=convert)


def convert(options: argparse.Namespace) -> int:
    """Run the command."""
    out = Path(options.out)
    if out.exists():
        raise Refusal(f"{out} exists already.", "Give another name.", about=(str(out),))
    graph = formats.read(Path(options.graph))
    if out.suffix.lower() in _FIGURES:
        _draw(graph, out)
    else:
        formats.write(graph, out)
    Console(as_json=options.json).say(f"Written: {out}, {len(graph.nodes)} nodes, {len(graph.edges)} edges.")
    return DONE


def _draw(graph: Graph, out: Path) -> None:
    """A figure in the light colours on white; nodes without a place are laid out."""
    from studio.exports.figures import offscreen
    from widgets.export import figure_of_result, save

    application = offscreen()
    if any(node.position is None for node in graph.nodes):
        graph = layout.kept(graph, graph)
    save(replace(figure_of_result(GraphResult("graph", "Graph", graph)), title=out.stem), out)
    del application
