"""`otherwise report PROJECT --out DIR`: the report of a project, as it stands there."""

from __future__ import annotations

import argparse
from pathlib import Path

from engines.refusals import Refusal
from studio.catalogue import Catalogue
from studio.commands import DONE
from studio.commands.console import Console
from studio.exports.report import Sources, write_report
from studio.project import Kind, Project
from studio.project.project import DATABASE
from studio.report.contents import REPORT, from_plain


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command and its arguments."""
    parser = commands.add_parser("report", help="write the report of a project")
    parser.add_argument("project", help="folder of the project")
    parser.add_argument("--out", required=True, metavar="DIR", help="folder to write, which must not be there yet")
    parser.add_argument("--title", default="", help="heading of the page")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.set_defaults(command=report)


def report(options: argparse.Namespace) -> int:
    """Run the command."""
    folder, out = Path(options.project), Path(options.out).absolute()
    if not (folder / DATABASE).is_file():
        raise Refusal(f"{folder.name} is not a project.", "Give a folder whose name ends in .otherwise.")
    project = Project.open(folder)
    try:
        entries = from_plain(project.store.get(Kind.REPORT, REPORT))
        sources = Sources(project.name, project.folder, project.store, Catalogue())
        page = write_report(entries, sources, out, options.title)
    finally:
        project.close()
    Console(as_json=options.json).say(f"Written: {page}.", page=str(page))
    return DONE
