"""`otherwise methods`: what there is."""

from __future__ import annotations

import argparse
import json
from importlib import resources

from engines.questions import Question
from studio.commands import DONE
from studio.commands.console import Console


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command and its arguments."""
    parser = commands.add_parser("methods", help="list the methods, by question")
    parser.add_argument("--json", action="store_true", help="the whole manifest")
    parser.set_defaults(command=methods)


def methods(options: argparse.Namespace) -> int:
    """Run the command."""
    manifest = json.loads(resources.files("resources").joinpath("methods/manifest.json").read_text("utf-8"))
    if options.json:
        print(json.dumps(manifest, indent=1))
        return DONE
    Console(as_json=False).table(
        [
            {
                "method": method["id"],
                "title": method["title"],
                "question": Question(method["question"]).sentence,
                "tells": method["sentence"],
            }
            for method in manifest["methods"]
        ]
    )
    return DONE
