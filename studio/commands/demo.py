"""`otherwise demo`: the main job on the first sample without a window: train, ask, draw, keep the model."""

from __future__ import annotations

import argparse
from pathlib import Path

from engines.refusals import Refusal
from studio.commands import DONE, arguments, query, run
from studio.samples.samples import sample

_SAMPLE = "morpho_digits"
_TARGETS = {"thickness": "3.4", "intensity": "120"}


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command and its arguments."""
    parser = commands.add_parser("demo", help="train on the sample, ask, draw and keep the model, without a window")
    parser.add_argument("--out", default="otherwise-out", metavar="DIR", help="folder to write into")
    arguments.add_threads(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.set_defaults(command=demo)


def demo(options: argparse.Namespace) -> int:
    """Run the command."""
    chosen = sample(_SAMPLE)
    if chosen.graph is None:
        raise Refusal(f"The sample {chosen.title} has no graph.")
    out = _fresh(Path(options.out))
    commands = argparse.ArgumentParser()
    parsers = commands.add_subparsers()
    run.add(parsers)
    query.add(parsers)
    more = ["--json"] if options.json else []
    train = [
        "run", chosen.method, str(chosen.data), "--graph", str(chosen.graph), "--threads", str(options.threads),
        "--out", str(out), *more,
    ]
    for column, role in chosen.roles.items():
        train += ["--role", f"{role}={column}"]
    code = _call(commands, train)
    if code != DONE:
        return code
    item = ["--items", str(chosen.item)] if chosen.item is not None else []
    for name, value in _TARGETS.items():
        ask = ["query", str(out / "model"), str(chosen.data), *item, "--do", f"{name}={value}"]
        code = _call(commands, [*ask, "--out", str(out / "counterfactuals" / name), *more])
        if code != DONE:
            return code
    return DONE


def _call(commands: argparse.ArgumentParser, arguments: list[str]) -> int:
    options = commands.parse_args(arguments)
    return int(options.command(options))


def _fresh(out: Path) -> Path:
    """A folder that holds no run yet: a number is added rather than overwriting one."""
    number = 2
    chosen = out
    while (chosen / "run.json").exists():
        chosen = out.with_name(f"{out.name}-{number}")
        number += 1
    return chosen
