"""`otherwise script SOURCE`: the commands that repeat what made a figure, a model or a run of a project."""

from __future__ import annotations

import argparse
from pathlib import Path

from engines.refusals import Refusal
from studio.commands import DONE
from studio.commands.console import Console
from studio.exports.script import write_script
from studio.recipes.files import recipe_in


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command and its arguments."""
    parser = commands.add_parser("script", help="write the commands that repeat a figure, a model or a run")
    parser.add_argument("source", help="figure (PNG, SVG, PDF), model folder, exported networks, or project")
    parser.add_argument("--run", type=int, metavar="N", help="run of the project")
    parser.add_argument("--out", required=True, metavar="FILE", help="script to write: .sh or .py")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.set_defaults(command=script)


def script(options: argparse.Namespace) -> int:
    """Run the command."""
    source, out = Path(options.source), Path(options.out)
    if source.suffix == ".otherwise":
        if options.run is None:
            raise Refusal(f"{source.name} is a project.", "Say which run with --run N.")
        source = source / "runs" / str(options.run) / "model"
        if not source.is_dir():
            raise Refusal(f"Run {options.run} left no model.", "Only a run that was finished can be repeated.")
    if not source.exists():
        raise Refusal(f"{source} is not there.")
    recipe = recipe_in(source)
    if recipe is None:
        raise Refusal(f"{source.name} carries no recipe.", "It was not made by Otherwise, or was changed since.")
    if out.exists():
        raise Refusal(f"{out} exists already.", "Give another name with --out; nothing is overwritten.")
    written = write_script(recipe, out)
    Console(as_json=options.json).say(f"Written: {', '.join(str(path) for path in written)}.")
    return DONE
