"""`otherwise run METHOD DATA`: train, and write model, results, scalars and figures into a folder."""

from __future__ import annotations

import argparse
import csv
import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from engines import catalogue, models
from engines.contract import validated
from engines.data.kinds import DataSet
from engines.refusals import Refusal
from engines.runtime import local
from engines.runtime.context import Token
from engines.runtime.execution import read_results, versions
from engines.runtime.messages import Event, RunEnded, RunRequest, RunState, Scalar
from studio.catalogue import Catalogue
from studio.commands import CANCELLED, DONE, FAILED, REFUSED, arguments
from studio.commands.console import Console
from studio.exports.atomic import write_text
from studio.exports.data_files import write_result, write_scalars
from studio.exports.figures import draw_results
from studio.recipes.recipes import of_model
from studio.runs.estimates import Work

_EXIT = {RunState.DONE: DONE, RunState.CANCELLED: CANCELLED, RunState.FAILED: FAILED}


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command and its arguments."""
    parser = commands.add_parser("run", help="train a method on data")
    add_inputs(parser)
    parser.add_argument("--resume", action="store_true", help="go on from the newest checkpoint in the folder")
    parser.set_defaults(command=run)


def add_inputs(parser: argparse.ArgumentParser) -> None:
    """What a run is made of, and where it is written."""
    parser.add_argument("method", help="id of the method, as `otherwise methods` lists it")
    parser.add_argument("data", help="file or folder of data")
    parser.add_argument("--role", action="append", default=[], metavar="ROLE=COLUMN", help="what a column is for")
    parser.add_argument("--type", action="append", default=[], metavar="TYPE=COLUMN", help="what a column is read as")
    parser.add_argument("--step", action="append", default=[], metavar="STEP=COLUMNS", help="preparation, in order")
    parser.add_argument(
        "--input", action="append", default=[], metavar="NAME=PATH", help="labels, knowledge, truth or model"
    )
    parser.add_argument("--split", metavar="JSON", help='shares by name: {"train": 0.8, "test": 0.2, "seed": 1}')
    parser.add_argument("--part", default="", metavar="NAME", help="the part of the split that is meant")
    arguments.add_fingerprint(parser)
    parser.add_argument(
        "--model-fingerprint", default="", metavar="HEX", help="stop when the model of --input has another one"
    )
    parser.add_argument("--graph", metavar="FILE", help="causal graph")
    parser.add_argument("--preset", help="named settings to start from")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a setting of the method")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="cpu")
    arguments.add_threads(parser)
    parser.add_argument("--out", required=True, metavar="DIR", help="folder to write into")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    console = Console(as_json=options.json)
    request, data = request_of(options, resume=options.resume)
    out = arguments.folder_for(options.out)
    if (out / "run.json").exists() and not options.resume:
        raise Refusal(f"{out} already holds a run.", "Give another folder with --out, or --resume to go on with it.")
    with cancelled_by_interrupt() as token:
        ended, figures = run_into(out, request, data, console, token)
    if ended.refused:
        console.fail(ended.sentence, ended.cause, ended.offers)
        return REFUSED
    if ended.state is RunState.DONE:
        console.say(f"Done in {ended.seconds:.1f} s. Model, results and figures are in {out}.", folder=str(out))
        console.table([{"figure": name, "value": value} for name, value in figures.items()])
    elif ended.state is RunState.CANCELLED:
        console.fail(ended.sentence, "Go on with --resume where a checkpoint was written.")
    else:
        console.fail(ended.sentence, ended.cause, ended.offers)
    return _EXIT[ended.state]


def run_into(
    out: Path, request: RunRequest, data: DataSet, console: Console, token: Token
) -> tuple[RunEnded, dict[str, float]]:
    """Run a request and write all that it told into its folder; how it ended, and its last figures.

    A run that is done is remembered for estimates. One that was refused leaves nothing.
    """
    earlier = _scalars_of(out) if request.resume else []
    scalars: list[Scalar] = []

    def take(events: tuple[Event, ...]) -> None:
        scalars.extend(event for event in events if isinstance(event, Scalar))
        console.events(events)

    ended = local.run(request, take, token)
    console.done()
    if ended.refused:
        return ended, {}
    first = {scalar.name: scalar.step for scalar in reversed(scalars)}
    scalars[:0] = [old for old in earlier if old.step < first.get(old.name, old.step + 1)]
    write_run(out, request, ended, scalars)
    if ended.state is RunState.DONE:
        results = read_results(out)
        for path in (out / "results").glob("*.result"):
            path.unlink()
        for result in results.values():
            write_result(result, out / "results")
        recipe = of_model(out / "model", models.read_card(out / "model"))
        draw_results(results.values(), out / "results", recipe=recipe.to_json())
        if not request.resume:
            work = Work.on(data, request.parameters, request.threads, request.device)
            Catalogue().estimates.note(
                request.method, work, ended.seconds, ended.memory, ended.cpu_seconds
            )
    return ended, {scalar.name: scalar.value for scalar in scalars}


def write_run(out: Path, request: RunRequest, ended: RunEnded, scalars: list[Scalar]) -> None:
    """`run.json` and `scalars.csv` of a run that has ended."""
    final = {scalar.name: scalar.value for scalar in scalars}
    document: dict[str, Any] = {
        "format": 1,
        "method": request.method,
        "parameters": dict(request.parameters),
        "seed": request.seed,
        "data": {"path": request.data.path, "fingerprint": request.data.fingerprint, "steps": list(request.data.steps)},
        "model": None if request.model is None else vars(request.model),
        "versions": versions(),
        "device": request.device,
        "threads": request.threads,
        "seconds": ended.seconds,
        "cpu_seconds": ended.cpu_seconds,
        "memory": ended.memory,
        "scalars": final,
        "status": str(ended.state),
        "sentence": ended.sentence,
    }
    write_text(out / "run.json", json.dumps(document, indent=1))
    write_scalars(out / "scalars.csv", [(scalar.name, scalar.step, scalar.value) for scalar in scalars])


def request_of(options: argparse.Namespace, *, resume: bool = False) -> tuple[RunRequest, DataSet]:
    """The run that the arguments ask for, and its data.

    Raises:
        Refusal: when something cannot be read, or a setting cannot be so.
    """
    method = catalogue.load(options.method)
    inputs = arguments.pairs(options.input, "input")
    for name in inputs:
        if name not in {"labels", "knowledge", "truth", "model"}:
            raise Refusal(f"There is no input {name}.", "Inputs are labels, knowledge, truth and model.")
    preset = options.preset or next(iter(method.presets))
    if preset not in method.presets:
        raise Refusal(f"There is no preset {preset}.", f"Presets are {', '.join(method.presets)}.")
    settings = {name: arguments.value_of(text) for name, text in arguments.pairs(options.set, "set").items()}
    parameters = validated(method.parameters, {**method.presets[preset].model_dump(), **settings})
    reference = arguments.data_reference(options.data, options.role, options.step, inputs, options.type)
    reference = arguments.held_to(reference, options.fingerprint)
    reference = replace(reference, split=arguments.read_split(options.split), part=options.part)
    data = arguments.read_data(reference)
    request = RunRequest(
        1, options.method, reference, parameters.model_dump(mode="json"), options.seed, str(Path(options.out)),
        arguments.read_graph(options.graph), arguments.read_knowledge(inputs.get("knowledge")),
        arguments.read_graph(inputs.get("truth")), options.device, options.threads, resume,
        arguments.model_reference(inputs.get("model"), options.model_fingerprint),
    )
    return request, data


def _scalars_of(out: Path) -> list[Scalar]:
    """What the run in this folder told before it was stopped."""
    try:
        with (out / "scalars.csv").open(encoding="utf-8", newline="") as file:
            return [Scalar(row["name"], int(row["step"]), float(row["value"])) for row in csv.DictReader(file)]
    except (OSError, KeyError, ValueError):
        return []


@contextmanager
def cancelled_by_interrupt() -> Iterator[Token]:
    """The first Ctrl+C asks the run to stop, a second one ends it at once."""
    token = Token()
    before = signal.getsignal(signal.SIGINT)

    def ask(*_: object) -> None:
        token.cancel()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    signal.signal(signal.SIGINT, ask)
    try:
        yield token
    finally:
        signal.signal(signal.SIGINT, before)
