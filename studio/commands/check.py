"""`otherwise check METHOD`: the paper's claim, its baselines and the fakes, measured here and now."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime

from engines.runtime import checking
from studio.catalogue import Catalogue
from studio.commands import DONE, FAILED, arguments
from studio.commands.console import Console
from studio.exports.atomic import write_text


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command and its arguments."""
    parser = commands.add_parser("check", help="reproduce a method's claim at desk scale")
    parser.add_argument("method", help="id of the method")
    parser.add_argument("--seed", type=int, default=0)
    arguments.add_threads(parser)
    parser.add_argument("--out", metavar="DIR", help="folder for verdict.json")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.set_defaults(command=check)


def check(options: argparse.Namespace) -> int:
    """Run the command."""
    console = Console(as_json=options.json)
    out = arguments.folder_for(options.out) if options.out else None
    report = checking.measured(options.method, seed=options.seed, threads=options.threads, on_events=console.events)
    plain = {**asdict(report), "on": datetime.now(UTC).astimezone().date().isoformat()}
    console.done()
    console.say(report.claim)
    rows: list[Mapping[str, object]] = [{"": "ours", **report.evidence.ours}]
    rows += [{"": name, **figures} for name, figures in report.evidence.baselines.items()]
    rows += [{"": f"fake: {name}", **figures} for name, figures in report.evidence.fakes.items()]
    console.table(rows)
    for finding in report.findings:
        held = {True: "holds", False: "does not hold", None: "was not judged"}[finding.held]
        figures = ", ".join(f"{name} {value:.4g}" for name, value in finding.ours.items())
        console.say(f"{finding.name} {held}: {finding.sentence} Measured: {figures or 'nothing'}.")
    for name, reasons in report.verdict.unmasked.items():
        console.say(f"{name} is {'rejected by ' + ', '.join(reasons) if reasons else 'not rejected'}.")
    console.say(f"{report.verdict.sentence} ({report.seconds:.0f} s)", outcome=str(report.verdict.outcome))
    if out is not None:
        write_text(out / "verdict.json", json.dumps(plain, indent=1))
    Catalogue().note_check(options.method, plain)
    return DONE if report.verdict.outcome == "passed" else FAILED
