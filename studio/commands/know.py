"""`otherwise know GRAPH`: what follows from a graph, and whether data contradict what it claims."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

from engines.graph import formats
from engines.graph.adjustment import adjustments, direct_adjustments
from engines.graph.answers import listed
from engines.graph.front_door import front_doors
from engines.graph.graph import Graph, Mark
from engines.graph.implications import implications
from engines.graph.instruments import instruments
from engines.graph.judging import Judged, Way, corrected, judge, summary
from engines.graph.ways import ways
from studio.commands import DONE, arguments
from studio.commands.console import Console

_EXAMPLES = """\
otherwise know graph.txt --exposure dose --outcome recovery
otherwise know graph.txt --data patients.csv
otherwise know graph.txt --separate age,sex recovery --given dose
"""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command and its arguments."""
    parser = commands.add_parser(
        "know", help="what follows from a graph: sets to adjust for, instruments, implications",
        description="What follows from a graph. With an exposure and an outcome, given or marked in the file: all "
        "minimal sets to adjust for, front doors and instruments. Always: the independences that the graph claims, "
        "with --data each tested. Each search has a fuse of 5 s and says so when it burns.",
        epilog=f"examples:\n{_EXAMPLES}", formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("graph", help="graph file, such as DAGitty text, DOT or GraphML")
    parser.add_argument("--exposure", action="append", default=[], metavar="NAME", help="may be given several times")
    parser.add_argument("--outcome", action="append", default=[], metavar="NAME", help="may be given several times")
    parser.add_argument("--separate", nargs=2, metavar="NAMES", help="two sets of nodes: are they separated?")
    parser.add_argument("--given", default="", metavar="NAMES", help="what is known then, divided by commas")
    parser.add_argument("--data", metavar="FILE", help="table to test the independences with")
    parser.add_argument("--flexible", action="store_true", help="test for dependence that is not linear as well")
    parser.add_argument("--seed", type=int, default=0, help="of the rows that are drawn from a large table")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.set_defaults(command=know)


def know(options: argparse.Namespace) -> int:
    """Run the command."""
    console = Console(as_json=options.json)
    graph = formats.read(Path(options.graph))
    if options.separate:
        _separation(console, graph, *(_names(graph, text) for text in (*options.separate, options.given)))
        return DONE
    causes = tuple(options.exposure) or _marked(graph, Mark.EXPOSURE)
    effects = tuple(options.outcome) or _marked(graph, Mark.OUTCOME)
    if causes or effects:
        _effect(console, graph, causes, effects)
    _implications(console, graph, options)
    return DONE


def _effect(console: Console, graph: Graph, causes: tuple[str, ...], effects: tuple[str, ...]) -> None:
    found = adjustments(graph, causes, effects)
    console.say(found.sentence(), what="adjustment", sets=found.sets, ended=found.ended)
    if not console.as_json:
        console.table([{"adjust for": listed(names)} for names in found.sets])
    if len(causes) != 1 or len(effects) != 1:
        return
    x, y = causes[0], effects[0]
    direct, doors, others = direct_adjustments(graph, x, y), front_doors(graph, x, y), instruments(graph, x, y)
    console.say(direct.sentence(), what="direct effect", sets=direct.sets, ended=direct.ended)
    console.say(doors.sentence(), what="front door", sets=doors.sets, ended=doors.ended)
    if not console.as_json:
        console.table([{"front door": listed(names)} for names in doors.sets])
    told = [{"instrument": one.name, "given": one.given} for one in others.found]
    console.say(others.sentence(), what="instruments", found=told, ended=others.ended)
    if not console.as_json:
        console.table([{"instrument": one.name, "given": listed(one.given)} for one in others.found])


def _implications(console: Console, graph: Graph, options: argparse.Namespace) -> None:
    found = implications(graph)
    console.say(found.sentence(), what="implications", tied=found.tied, ended=found.ended)
    if options.data is None:
        console.table([_claim(Judged(claim)) for claim in found.claims])
        return
    table = arguments.read_data(arguments.data_reference(options.data, (), (), {})).attributes
    way = Way.FLEXIBLE if options.flexible else Way.LINEAR
    judged = corrected(list(judge(found.claims, table, way, seed=options.seed)))
    console.table([
        {
            **_claim(one), "verdict": str(one.verdict), "p": one.p, "holm": one.holm, "fdr": one.fdr,
            "effect": one.effect, "rows": one.rows, "test": one.test or one.why,
        }
        for one in judged
    ])
    console.say(summary(judged, len(table)), what="verdicts")


def _claim(one: Judged) -> Mapping[str, object]:
    return {"first": one.claim.first, "second": one.claim.second, "given": ", ".join(one.claim.given)}


def _separation(
    console: Console, graph: Graph, first: tuple[str, ...], second: tuple[str, ...], given: tuple[str, ...]
) -> None:
    found = ways(graph, first, second, given)
    console.say(found.sentence(), what="separation", separated=found.separated, ended=found.ended)
    console.table([
        {"path": str(path), "blocked at": ", ".join(path.blocked_at) or "open"}
        for path in (*found.open, *found.blocked)
    ])


def _names(graph: Graph, text: str) -> tuple[str, ...]:
    """Names divided by commas; a name that holds one is given alone."""
    if text in graph:
        return (text,)
    return tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))


def _marked(graph: Graph, mark: Mark) -> tuple[str, ...]:
    return tuple(node.name for node in graph.nodes if mark in node.marks)
