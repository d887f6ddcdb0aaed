"""`otherwise open [PROJECT]`: the window."""

from __future__ import annotations

import argparse


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command and its arguments."""
    parser = commands.add_parser("open", help="open the studio")
    parser.add_argument("project", nargs="?", help="a folder ending in .otherwise, or data, a graph or a model")
    parser.add_argument("--sample", metavar="NAME", help="open a sample project, such as morpho_digits")
    parser.add_argument("--safe", action="store_true", help="with the built-in methods alone, none of other packages")
    parser.set_defaults(command=open_window)


def open_window(options: argparse.Namespace) -> int:
    """Run the command."""
    from studio.app import launch

    return launch(options.project, options.sample, safe=options.safe)
