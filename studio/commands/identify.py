"""`otherwise identify GRAPH`: the effect of an intervention as a formula of what is observed, verified; or why not."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from engines.graph import formats
from engines.graph.do_calculus.answer import answered
from engines.graph.do_calculus.effect import Effect
from engines.graph.do_calculus.remedies import remedies
from engines.graph.fuse import SECONDS, Burnt, Fuse
from engines.graph.graph import Edge, Graph, Mark
from studio.commands import DONE, FAILED
from studio.commands.console import Console

_EXAMPLES = """\
otherwise identify napkin.txt
otherwise identify graph.dot --do dose --outcome recovery --given age
"""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command and its arguments."""
    parser = commands.add_parser(
        "identify", help="the effect of an intervention as a formula of what is observed, or why there is none",
        description="The effect of an intervention in a graph with hidden causes, by ID and IDC: a formula of what is "
        "observed, in symbols and in words, verified on random models over the graph; or the hedge that excludes one. "
        "No formula is printed that was not verified. Without --do and --outcome the marks of the file count.",
        epilog=f"examples:\n{_EXAMPLES}\nexit codes: 0 answered (identified or not), 1 no answer within the time or "
        "the formula could not be verified, 2 the graph or the query was refused",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("graph", help="graph file, such as DAGitty text, DOT or GraphML")
    parser.add_argument("--do", action="append", default=[], metavar="NAME", help="what is set; may be repeated")
    parser.add_argument("--outcome", action="append", default=[], metavar="NAME", help="may be repeated")
    parser.add_argument("--given", action="append", default=[], metavar="NAME", help="what is known; may be repeated")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="how long it may take (default 5)")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.set_defaults(command=identify)


def identify(options: argparse.Namespace) -> int:
    """Run the command."""
    console = Console(as_json=options.json)
    graph = formats.read(Path(options.graph))
    causes = tuple(options.do) or _marked(graph, Mark.EXPOSURE)
    effects = tuple(options.outcome) or _marked(graph, Mark.OUTCOME)
    fuse = Fuse(options.seconds)
    try:
        effect = answered(graph, effects, causes, tuple(options.given), fuse)
    except Burnt:
        console.fail(f"No answer within {options.seconds:g} s.", "Nothing was found until then.", ("Raise --seconds",))
        return FAILED
    help_ = [remedy.sentence() for remedy in remedies(graph, effect, fuse)] if effect.hedge is not None else []
    if console.as_json:
        console.say(effect.sentence(), **_plain(effect), would_help=help_)
    else:
        console.say("\n".join(_lines(effect, help_)))
    unverified = effect.estimand is not None and effect.formula is None
    return FAILED if unverified else DONE


def _lines(effect: Effect, would_help: list[str]) -> list[str]:
    lines = [effect.sentence()]
    if effect.formula is not None:
        lines += [effect.text(), effect.words()]
    if effect.verification is not None:
        lines.append(effect.verification.sentence())
    lines += [f"  {number}. {step}" for number, step in enumerate(effect.steps, 1) if effect.formula is not None]
    if effect.hedge is not None:
        forests = effect.hedge.larger, effect.hedge.smaller
        lines += [
            f"Hedge, the {word} forest: {', '.join(map(_shown, forest.edges)) or ', '.join(forest.nodes)}"
            for word, forest in zip(("larger", "smaller"), forests, strict=True)
        ]
        lines += [f"Would settle it: {said[0].lower()}{said[1:]}." for said in would_help]
    return [line for line in lines if line]


def _plain(effect: Effect) -> dict[str, Any]:
    """Everything that is known of the effect; nothing of a formula that was not verified."""
    shown = effect.formula is not None
    plain: dict[str, Any] = {
        "verdict": str(effect.verdict), "do": effect.do, "outcome": effect.outcomes, "given": effect.given,
        "formula": effect.text() if shown else None, "latex": effect.latex() if shown else None,
        "words": effect.words() or None, "measured": effect.measured if shown else None,
        "any_value": effect.any_value if shown else None, "steps": effect.steps if shown else None,
        "hedge": None, "verification": None,
    }
    if effect.hedge is not None:
        plain["hedge"] = {
            "roots": effect.hedge.roots, "caught": effect.hedge.caught,
            **{
                word: {"nodes": forest.nodes, "edges": [_shown(edge) for edge in forest.edges]}
                for word, forest in (("larger", effect.hedge.larger), ("smaller", effect.hedge.smaller))
            },
        }
    if (made := effect.verification) is not None:
        error = made.error if made.models else None
        plain["verification"] = {
            "passed": made.passed, "models": made.models, "error": error, "why_not": made.why_not or None,
        }
    return plain


def _shown(edge: Edge) -> str:
    return f"{edge.source} {'<->' if edge.bidirected else '->'} {edge.target}"


def _marked(graph: Graph, mark: Mark) -> tuple[str, ...]:
    return tuple(node.name for node in graph.nodes if mark in node.marks)
