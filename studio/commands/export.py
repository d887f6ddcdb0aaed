"""`otherwise export MODEL --to FORMAT`: a trained model in a format that other tools read."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from engines import model_formats, models
from engines.runtime.messages import Progress
from studio.commands import DONE, arguments
from studio.commands.console import Console
from studio.exports.model_files import FORMATS, export_model


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command and its arguments."""
    parser = commands.add_parser("export", help="write a trained model in another format")
    parser.add_argument("model", help="model folder")
    parser.add_argument("--to", required=True, choices=FORMATS, help="format")
    parser.add_argument("--data", metavar="PATH", help="items to check networks with (default: the training data)")
    parser.add_argument("--input", action="append", default=[], metavar="NAME=PATH", help="labels of these items")
    parser.add_argument("--out", required=True, metavar="PATH", help="file or folder to write")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.set_defaults(command=export)


def export(options: argparse.Namespace) -> int:
    """Run the command."""
    console, out, folder = Console(as_json=options.json), Path(options.out), Path(options.model)
    arguments.folder_for(str(out.parent))
    data = None
    if options.data is not None:
        inputs = arguments.pairs(options.input, "input")
        data = arguments.as_trained(options.data, inputs, models.trained_on(models.read_card(folder)))

    def tell(done: int, parts: int) -> None:
        console.events((Progress(f"Exporting to {model_formats.FORMATS[options.to].title}", done, parts),))

    written = export_model(folder, options.to, out, data=data, tell=tell)
    if (report := out / model_formats.REPORT) in written:
        parts = json.loads(report.read_text("utf-8"))["parts"]
        console.table([{"part": p["file"], "largest difference": p["largest_difference"]} for p in parts])
    console.say(f"Written: {', '.join(str(path) for path in written)}.")
    return DONE
