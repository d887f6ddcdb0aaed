"""`otherwise export MODEL --to FORMAT`: a trained model in a format that other tools read."""

from __future__ import annotations

import argparse
from pathlib import Path

from studio.commands import DONE, arguments
from studio.commands.console import Console
from studio.exports.model_files import FORMATS, export_model


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command and its arguments."""
    parser = commands.add_parser("export", help="write a trained model in another format")
    parser.add_argument("model", help="model folder")
    parser.add_argument("--to", required=True, choices=FORMATS, help="format")
    parser.add_argument("--out", required=True, metavar="PATH", help="file or folder to write")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.set_defaults(command=export)


def export(options: argparse.Namespace) -> int:
    """Run the command."""
    out = Path(options.out)
    arguments.folder_for(str(out.parent))
    written = export_model(Path(options.model), options.to, out)
    Console(as_json=options.json).say(f"Written: {', '.join(str(path) for path in written)}.")
    return DONE
