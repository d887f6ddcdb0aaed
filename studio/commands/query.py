"""`otherwise query MODEL FACTUAL`: what would have been otherwise, for the items of a data set."""

from __future__ import annotations

import argparse
import json
from dataclasses import astuple, fields, replace
from pathlib import Path

import numpy as np

from engines import catalogue, models
from engines.contract import Model, Query, Support
from engines.data.kinds import DataSet
from engines.data.reference import DataReference
from engines.refusals import Refusal
from engines.results import TableResult
from engines.runtime import local, measuring
from engines.runtime.devices import held_threads
from studio.commands import DONE, arguments
from studio.commands.asking import chosen
from studio.commands.console import Console
from studio.exports.atomic import write_text
from studio.exports.data_files import csv_text, factors_of, write_result
from studio.exports.figures import draw_results
from studio.recipes.recipes import of_model


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command and its arguments."""
    parser = commands.add_parser("query", help="ask a trained model what would have been otherwise")
    parser.add_argument("model", help="model folder")
    parser.add_argument("factual", help="file or folder of data with the factual items")
    parser.add_argument("--do", action="append", default=[], metavar="NAME=VALUE", help="set a factor, raw units")
    parser.add_argument("--set", action="append", default=[], metavar="CONTROL=VALUE", help="set another control")
    parser.add_argument("--items", metavar="FILE", help="row ids, one a line or separated by commas")
    parser.add_argument("--input", action="append", default=[], metavar="NAME=PATH", help="labels")
    parser.add_argument("--seed", type=int, default=0)
    arguments.add_fingerprint(parser)
    arguments.add_threads(parser)
    parser.add_argument(
        "--measure", type=int, nargs="?", const=measuring.PICTURES, metavar="N",
        help="measure composition, effectiveness, minimality and reversibility on N held-out pictures "
        f"({measuring.PICTURES}), under --do or each factor in turn",
    )
    parser.add_argument("--out", required=True, metavar="DIR", help="folder to write into")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.set_defaults(command=query)


def query(options: argparse.Namespace) -> int:
    """Run the command."""
    console = Console(as_json=options.json)
    document = models.read_card(Path(options.model))
    model = models.load(Path(options.model), catalogue.load(document["method"]))
    controls = model.controls()
    do = chosen(controls, arguments.pairs(options.do, "do"), do=True)
    values = chosen(controls, arguments.pairs(options.set, "set"), do=False)
    data, reference = _data(options, document)
    factual = _factual(data, options)
    out = arguments.folder_for(options.out)
    asked = Query(factual, do, values, options.seed)
    if options.measure is not None:
        return _measure(options, console, model, asked, data, reference, out)
    with held_threads(options.threads):
        answer = local.answered(model, asked)
    for result in answer.results:
        write_result(result, out / "results")
    item = int(factual.row_ids[0]) if len(factual) == 1 else None
    recipe = replace(
        of_model(Path(options.model), document), data=reference, data_name=data.name, item=item, do=do, values=values,
        seed=options.seed,
    )
    draw_results(answer.results, out / "results", recipe=recipe.to_json())
    write_text(out / "factors.csv", csv_text(*factors_of(answer)))
    write_text(
        out / "query.json",
        json.dumps(
            {
                "format": 1, "model": str(options.model), "method": document["method"],
                "items": factual.row_ids.tolist(), "do": do, "set": values, "seed": options.seed,
                "support": str(answer.support), "support_note": answer.support_note,
            },
            indent=1,
        ),
    )
    console.table(
        [
            {"factor": f.name, "factual": f.factual, "counterfactual": f.counterfactual, "how": str(f.how)}
            for f in answer.factors
        ]
    )
    for m in answer.measured:
        console.say(f"{m.name} measured {m.counterfactual:.4g} {m.unit} (wanted {m.wanted:.4g}), by {m.predictor}.")
    if answer.support is not Support.INSIDE:
        console.say(f"This question lies {answer.support}. {answer.support_note}".strip())
    console.say(f"The answer is in {out}.", folder=str(out))
    return DONE


def _measure(
    options: argparse.Namespace, console: Console, model: Model, asked: Query, data: DataSet, reference: DataReference,
    out: Path,
) -> int:
    """Measure the answers to many pictures, and write each picture's figures and what they come to."""
    if options.items is None:
        ids, what = measuring.held_out(data, reference)
        items = measuring.spread_over(ids, options.measure)
    else:
        items, what = tuple(asked.factual.row_ids.tolist()), "pictures that were named"
    places = {int(row): place for place, row in enumerate(data.row_ids)}
    measures = measuring.measures_of(model, data, reference)
    plan = (
        measuring.planned(items, asked.do) if asked.do
        else measuring.in_turn(items, model.controls(), data, seed=asked.seed)
    )
    tables = []
    for batch in plan:
        some = data.rows(np.array([places[item] for item in batch.items]))
        *_, last = measures.of(replace(asked, factual=some, do=batch.do))
        tables += [result.table for result in last.results if isinstance(result, TableResult)]
    rows = [[column.label(i) for column in table.columns] for table in tables for i in range(len(table))]
    write_text(out / "measured.csv", csv_text(measuring.COLUMNS, rows))
    figures = measuring.summarised(tables)
    write_text(out / "checks.csv", csv_text([f.name for f in fields(measuring.Figure)], map(astuple, figures)))
    console.table(
        [
            {"check": f.check, "set": f.set, "factor": f.factor, "mean": f.mean, "spread": f.spread,
             "pictures": f.count, "unit": f.unit, "read by": f.predictor}
            for f in figures
        ]
    )
    console.say(f"{len(items)} {what} were measured; the figures are in {out}.", folder=str(out))
    return DONE


def _data(options: argparse.Namespace, document: dict[str, object]) -> tuple[DataSet, DataReference]:
    """The data, read with the roles, types and steps that the model was trained with."""
    inputs = arguments.pairs(options.input, "input")
    reference = arguments.as_trained(options.factual, inputs, models.trained_on(document))
    reference = arguments.held_to(reference, options.fingerprint)
    return arguments.read_data(reference), reference


def _factual(data: DataSet, options: argparse.Namespace) -> DataSet:
    """The items that are asked about."""
    if options.items is None:
        return data.rows(np.array([0]))
    return data.rows(np.array([_position(data, item) for item in _items(options.items)]))


def _items(text: str) -> list[int]:
    path = Path(text)
    try:
        words = (path.read_text("utf-8") if path.is_file() else text).replace(",", " ").split()
        items = [int(word) for word in words]
    except ValueError:
        items = []
    if not items:
        raise Refusal(f"{text!r} is no list of row ids.", "Give whole numbers, one a line or separated by commas.")
    return items


def _position(data: DataSet, item: int) -> int:
    found = np.flatnonzero(data.row_ids == item)
    if not len(found):
        raise Refusal(f"{data.name} has no item {item}.", f"Its row ids go up to {int(data.row_ids.max())}.")
    return int(found[0])
