"""The command `otherwise`: open the studio, or do the same work without a window."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from engines.refusals import Refusal
from studio.commands import (
    CANCELLED,
    FAILED,
    REFUSED,
    check,
    convert,
    demo,
    export,
    identify,
    know,
    methods,
    open_project,
    query,
    report,
    run,
    script,
    simulate,
    sweep,
)
from studio.commands.console import Console


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; without any, open the studio.

    Returns:
        The exit code: 0 done, 1 failed, 2 refused, 130 cancelled.
    """
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    parser = argparse.ArgumentParser(
        prog="otherwise", description="Causal and counterfactual exploration: what would have been otherwise?"
    )
    commands = parser.add_subparsers(metavar="COMMAND")
    for command in (
        open_project, run, sweep, query, methods, check, know, identify, convert, export, script, report, demo,
        simulate,
    ):
        command.add(commands)
    given = sys.argv[1:] if arguments is None else list(arguments)
    options = parser.parse_args(given or ["open"])
    try:
        return int(options.command(options))
    except Refusal as refusal:
        Console(as_json=getattr(options, "json", False)).refuse(refusal)
        return REFUSED
    except OSError as error:
        said = f"{error.filename} cannot be used: {error.strerror}." if error.filename else f"{error}."
        Console(as_json=getattr(options, "json", False)).fail(said)
        return FAILED
    except KeyboardInterrupt:
        return CANCELLED
