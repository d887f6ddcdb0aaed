"""`otherwise simulate GRAPH`: rows by known mechanisms over a graph, so that methods can be tried on the truth."""

from __future__ import annotations

import argparse
from pathlib import Path

from engines.graph import formats
from engines.graph.graph import Mark
from engines.refusals import Refusal
from engines.simulators.drawn_graph import KINDS, NOISES, simulate
from studio.commands import DONE, arguments
from studio.commands.console import Console
from studio.intake.simulating import write_rows

_EXAMPLES = """\
otherwise simulate graph.txt --rows 1000 --kind smooth --out rows.csv --truth truth.json
otherwise simulate graph.txt --rows 1000 --seed 1 --do dose=2 --out treated.csv
"""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command and its arguments."""
    parser = commands.add_parser(
        "simulate", help="rows drawn from a graph by known mechanisms",
        description="Draws random mechanisms over the graph and rows by them. Hidden nodes and two-headed edges take "
        "part and are left out of the file. The same seed gives the same mechanisms and the same noise, so that a file "
        "made with --do holds the counterfactual of each row of the file made without.",
        epilog=f"examples:\n{_EXAMPLES}", formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("graph", help="graph file, such as DAGitty text, DOT or GraphML")
    parser.add_argument("--rows", type=int, default=1000, metavar="N")
    parser.add_argument("--kind", choices=KINDS, default="linear", help="how causes act")
    parser.add_argument("--noise", choices=NOISES, default="normal", help="the law of what is a row's own")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--do", action="append", default=[], metavar="NAME=VALUE", help="set a variable in every row")
    parser.add_argument("--out", required=True, metavar="FILE", help="CSV file to write")
    parser.add_argument("--truth", metavar="FILE", help="the true graph, with strengths where mechanisms are linear")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    console = Console(as_json=options.json)
    graph = formats.read(Path(options.graph))
    if not 1 <= options.rows <= 10_000_000:
        raise Refusal(f"{options.rows} rows cannot be drawn.", "Ask for 1 to 10,000,000.")
    for path in filter(None, (options.out, options.truth)):
        if Path(path).exists():
            raise Refusal(f"{path} is there already.", "Choose another name; nothing is written over.")
    data = simulate(graph, options.rows, options.kind, options.noise, options.seed)
    values = data.values(_set(options.do, data.graph.names))
    write_rows(data, values, Path(options.out))
    if options.truth:
        formats.write(data.weighted, options.truth)
    ends = [[n.name for n in graph.nodes if mark in n.marks] for mark in (Mark.EXPOSURE, Mark.OUTCOME)]
    effects = {f"{a} on {b}": data.effect(a, b) for a in ends[0] for b in ends[1]}
    said = f"{options.rows} rows of {len(data.observed)} variables in {options.out}."
    console.say(" ".join([said, *(f"Effect of {pair}, one more: {value:.4g}." for pair, value in effects.items())]),
                rows=options.rows, effects=effects)
    return DONE


def _set(texts: list[str], names: tuple[str, ...]) -> dict[str, float]:
    found = {}
    for name, text in arguments.pairs(texts, "--do").items():
        if name not in names:
            raise Refusal(f"There is no node {name} in the graph.", f"Its nodes are {', '.join(names)}.", about=(name,))
        try:
            found[name] = float(text)
        except ValueError as error:
            raise Refusal(f"{name} cannot be set to {text}.", "It is a number.", about=(name,)) from error
    return found
