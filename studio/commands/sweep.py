"""`otherwise sweep METHOD DATA --vary NAME=VALUES`: a run for each combination of values and seeds, and one table."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from engines import catalogue
from engines.contract import Inputs, MethodParameters, validated
from engines.refusals import Refusal
from engines.runtime import explained
from engines.runtime.messages import RunEnded, RunState
from studio.commands import CANCELLED, DONE, FAILED, arguments
from studio.commands.console import Console
from studio.commands.run import add_inputs, cancelled_by_interrupt, request_of, run_into
from studio.exports.atomic import write_text
from studio.exports.data_files import csv_text
from studio.runs.sweeps import MOST_RUNS, MOST_SETTINGS, Sweep, Variant, read_values
from widgets.controls.schema import fields_of


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command and its arguments."""
    parser = commands.add_parser("sweep", help="train a method for each combination of some settings")
    add_inputs(parser)
    parser.add_argument(
        "--vary", action="append", default=[], metavar="NAME=VALUES",
        help='values of a setting: "1,2,3" or "0.01 to 1 in 5", at the end "log"; up to three times',
    )
    parser.add_argument("--seeds", type=int, default=1, metavar="N", help="seeds of each combination, from --seed on")
    parser.set_defaults(command=sweep)


def sweep(options: argparse.Namespace) -> int:
    """Run the command. A run that fails does not end the others; Ctrl+C ends them all."""
    console = Console(as_json=options.json)
    request, data = request_of(options)
    method = catalogue.load(options.method)
    asked = _sweep(options, method.parameters)
    model = None if request.model is None else explained.load(request.model)
    inputs = Inputs(data, request.graph, request.knowledge, request.truth, model)
    settings = {}
    for variant in asked.variants():            # everything is checked before the first begins
        parameters = validated(method.parameters, {**request.parameters, **variant.settings})
        method.check(inputs, parameters)
        settings[variant.place] = parameters.model_dump(mode="json")
    out = arguments.folder_for(options.out)
    if any(out.iterdir()):
        raise Refusal(f"{out} is not empty.", "Give another folder with --out.")
    rows: list[dict[str, Any]] = []
    ended: RunEnded | None = None
    with cancelled_by_interrupt() as token:
        for variant in asked.variants():
            said = ", ".join(f"{name} {value}" for name, value in variant.settings.items())
            console.say(f"Run {variant.place} of {len(asked)}: {said}{', ' if said else ''}seed {variant.seed}.")
            folder = out / f"{variant.place:03d}"
            one = replace(
                request, run=variant.place, parameters=settings[variant.place], seed=variant.seed, folder=str(folder)
            )
            ended, figures = run_into(folder, one, data, console, token)
            rows.append(_row(variant, ended, figures))
            _write(rows, out / "sweep.csv")
            if ended.state is RunState.CANCELLED:
                said = f"The sweep was stopped in run {variant.place} of {len(asked)}."
                console.fail(said, f"Those before it are in {out}.")
                return CANCELLED
            if ended.state is not RunState.DONE:
                console.fail(ended.sentence, ended.cause)
    console.table(rows)
    failed = sum(row["status"] != RunState.DONE for row in rows)
    which = f"; {failed} failed" if failed else ""
    console.say(f"{len(rows)} runs{which}. Each has a folder in {out}; the table is sweep.csv.", folder=str(out))
    return FAILED if failed else DONE


def _sweep(options: argparse.Namespace, parameters: type[MethodParameters]) -> Sweep:
    fields = {field.name: field for field in fields_of(parameters.model_json_schema())}
    vary = {}
    for name, text in arguments.pairs(options.vary, "vary").items():
        if name not in fields:
            raise Refusal(f"There is no setting {name}.", f"Settings are {', '.join(fields)}.", about=(name,))
        try:
            vary[name] = read_values(text, fields[name], arguments.value_of)
        except ValueError as error:
            raise Refusal(f"{name} cannot vary over {text!r}: {error}", about=(name,)) from error
    if len(vary) > MOST_SETTINGS:
        raise Refusal(f"{len(vary)} settings vary; at most {MOST_SETTINGS} may.", "Leave some of them as they are.")
    if options.seeds < 1:
        raise Refusal(f"{options.seeds} is no number of seeds.", "Give 1 or more.")
    made = Sweep(vary, tuple(range(options.seed, options.seed + options.seeds)))
    if len(made) > MOST_RUNS:
        raise Refusal(f"That makes {len(made)} runs; at most {MOST_RUNS} are made at once.", "Give fewer values.")
    if len(made) < 2:
        raise Refusal("Nothing varies.", "Give --vary name=1,2,3 or --seeds 3.")
    return made


def _row(variant: Variant, ended: RunEnded, figures: Mapping[str, float]) -> dict[str, Any]:
    settings = {name: json.dumps(v) if isinstance(v, list | dict) else v for name, v in variant.settings.items()}
    return {
        "run": variant.place, **settings, "seed": variant.seed, "status": str(ended.state),
        "seconds": round(ended.seconds, 3), "memory": ended.memory, **figures,
    }


def _write(rows: list[dict[str, Any]], path: Path) -> None:
    names = list(dict.fromkeys(name for row in rows for name in row))
    write_text(path, csv_text(names, [[row.get(name, "") for name in names] for row in rows]))
