"""`otherwise methods`: what there is, of ours and of other packages."""

from __future__ import annotations

import argparse
import json

from platformdirs import user_state_path

from engines import manifest
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
    document = manifest.read()
    others, failures = manifest.third_party(user_state_path("otherwise") / "methods")
    document["methods"] += others
    if options.json:
        print(json.dumps(document, indent=1))
        return DONE
    console = Console(as_json=False)
    console.table(
        [
            {
                "method": method["id"],
                "title": method["title"],
                "question": Question(method["question"]).sentence,
                "tells": method["sentence"],
            }
            for method in document["methods"]
        ]
    )
    for failure in failures:
        console.fail(failure.sentence, failure.cause)
    return DONE
