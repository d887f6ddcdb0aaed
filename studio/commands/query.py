"""`otherwise query MODEL FACTUAL`: what would have been otherwise, for the items of a data set."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from engines import catalogue, models
from engines.contract import Query, Support
from engines.data.kinds import DataSet
from engines.data.reference import DataReference
from engines.refusals import Refusal
from engines.runtime import local
from studio.commands import DONE, arguments
from studio.commands.asking import chosen
from studio.commands.console import Console
from studio.exports.atomic import write_text
from studio.exports.data_files import csv_text, write_result
from studio.exports.figures import draw_results


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
    data = _factual(options, document)
    out = arguments.folder_for(options.out)
    answer = local.answered(model, Query(data, do, values, options.seed))
    for result in answer.results:
        write_result(result, out / "results")
    draw_results(answer.results, out / "results")
    rows = [(f.name, f.factual, f.counterfactual, str(f.how), *(f.spread or (None, None))) for f in answer.factors]
    write_text(out / "factors.csv", csv_text(["name", "factual", "counterfactual", "how", "low", "high"], rows))
    write_text(
        out / "query.json",
        json.dumps(
            {
                "format": 1, "model": str(options.model), "method": document["method"],
                "items": data.row_ids.tolist(), "do": do, "set": values, "seed": options.seed,
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


def _factual(options: argparse.Namespace, document: dict[str, object]) -> DataSet:
    """The factual items, read with the roles, types and steps that the model was trained with."""
    inputs = arguments.pairs(options.input, "input")
    reference = arguments.data_reference(options.factual, (), (), inputs)
    if (trained := models.trained_on(document)) is not None:
        reference = DataReference(
            reference.path, reference.fingerprint, reference.labels, trained.roles, trained.types, trained.steps
        )
    data = arguments.read_data(reference)
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
