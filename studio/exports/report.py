"""Writing a report: a folder with a page, figures as SVG and PNG, data as CSV, recipes and what was checked.

Results are drawn again from what the project keeps; nothing in a report comes from anywhere but the runs, the models'
cards and what the analyst wrote.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from engines import models
from engines.refusals import Refusal
from engines.results import BarsResult, MatrixResult, Result, TableResult
from engines.runtime.execution import versions
from engines.writing import new_folder
from studio.catalogue import Announced, Catalogue
from studio.exports.atomic import write_text
from studio.exports.data_files import csv_text, rows_of, write_result
from studio.exports.figures import offscreen
from studio.exports.model_files import graph_of
from studio.exports.report_page import Cell, Page, Section, Sheet, html_of
from studio.project import Kind, Store
from studio.project.store import RunRecord
from studio.report.contents import Entry
from widgets.decisions import Decisions
from widgets.export import figure_of_result, save

PAGE = "report.html"
_MOST_ROWS, _MOST_LINKS = 40, 6


@dataclass(frozen=True)
class Sources:
    """Where a report takes everything from.

    Attributes:
        folder: Of the project.
    """

    name: str
    folder: Path
    store: Store
    catalogue: Catalogue


def write_report(entries: tuple[Entry, ...], sources: Sources, out: Path, title: str = "") -> Path:
    """Write the report into a new folder; where its page lies.

    Nothing is overwritten, and what cannot be written whole is not there at all. Starts Qt without a screen if needed.

    Raises:
        Refusal: when nothing stands in the report, when there is something at `out`, or when it cannot be written.
    """
    if not entries:
        raise Refusal("There is nothing in the report yet.", "Add a result, a figure or a model to it first.")
    if out.exists() and (out.is_file() or any(out.iterdir())):
        raise Refusal(f"{out.name} exists already.", "Choose another name; nothing is overwritten.", about=(str(out),))
    application = offscreen()
    try:
        with new_folder(out) as part:
            sections = tuple(_written(number, entry, sources, part) for number, entry in enumerate(entries, start=1))
            about = f"From the project {sources.name}, written on {datetime.now():%d %B %Y at %H:%M}."
            page = Page(title or f"Report of {sources.name}", about, sections, tuple(versions().items()))
            write_text(part / PAGE, html_of(page))
    except OSError as error:
        raise Refusal(f"The report could not be written to {out.parent}.", str(error), about=(str(out),)) from error
    del application
    return out / PAGE


def _written(number: int, entry: Entry, sources: Sources, out: Path) -> Section:
    """The files of one entry, and its section; one whose source is gone says so."""
    write = {"result": _write_result, "figure": _write_figure, "model": _write_model}[entry.kind]
    try:
        return write(f"{number:02d}", entry, sources, out)
    except Refusal as refusal:
        why = f"{refusal.sentence} {refusal.cause}".strip()
        return Section(entry.title, sentence=entry.sentence, note=entry.note, problem=why)


# --------------------------------------------------------------------------------------------------------- results


def _write_result(prefix: str, entry: Entry, sources: Sources, out: Path) -> Section:
    record = sources.store.run(entry.run)
    result = sources.store.results(entry.run).get(entry.result)
    if record is None or result is None:
        raise Refusal(f"Run {entry.run} and its result are not in the project any more.")
    announced = sources.catalogue.find(record.request.method)
    recipe = run_recipe(record)
    name = f"{prefix}-{result.name}"
    picture = _draw(result, entry.sentence, recipe, out, name)
    data = _write_data(result, out, name)
    sheets = _sheets_of(result)
    decisions = Decisions.from_json(sources.store.get(Kind.ROWS, f"run {entry.run}/{entry.result}"))
    if decisions.by_id:
        path = out / "data" / name / "decisions.csv"
        write_text(path, decisions_csv(decisions))
        data.append(path.relative_to(out).as_posix())
    figures = _final_scalars(sources.store, entry.run)
    if figures:
        sheets = (*sheets, Sheet("Figures of the run", ("figure", "last value"), tuple(figures.items())))
    said: tuple[tuple[str, Cell], ...] = (("Decided on its items", decisions.sentence()),) if decisions.by_id else ()
    title = announced.title if announced is not None else record.request.method
    return Section(
        result.title, f"Run {entry.run}, {title}", entry.sentence, entry.note, picture,
        _files(picture, data) + _recipe_file(recipe, out, name), said + _run_facts(record, announced, sources),
        sheets, check_words(announced), _json(recipe),
    )


def run_recipe(record: RunRecord) -> dict[str, Any]:
    """All that is needed to do a run again."""
    request = record.request
    return {
        "run": request.run, "method": request.method, "parameters": dict(request.parameters), "seed": request.seed,
        "data": asdict(request.data), "graph": None if request.graph is None else request.graph.to_json(),
        "device": request.device, "threads": request.threads,
    }


def _draw(result: Result, sentence: str, recipe: Mapping[str, Any], out: Path, name: str) -> str:
    """The drawing as SVG and PNG; the SVG's path beside the page."""
    (out / "figures").mkdir(exist_ok=True)
    figure = figure_of_result(result, sentence, recipe)
    for suffix in ("svg", "png"):
        save(figure, out / "figures" / f"{name}.{suffix}")
    return f"figures/{name}.svg"


def _write_data(result: Result, out: Path, name: str) -> list[str]:
    """The data files; their paths beside the page."""
    folder = out / "data" / name
    folder.mkdir(parents=True)
    return [path.relative_to(out).as_posix() for path in write_result(result, folder)]


def _sheets_of(result: Result) -> tuple[Sheet, ...]:
    """The numbers of what is a table at heart, as far as a page has room."""
    if not isinstance(result, (TableResult, BarsResult, MatrixResult)):
        return ()
    head, rows = rows_of(result)
    cells = tuple(tuple(_plain(cell) for cell in row) for row in rows[:_MOST_ROWS])
    return (Sheet(result.title, tuple(head), cells, max(len(rows) - _MOST_ROWS, 0)),)


def _plain(cell: object) -> Cell:
    if cell is None or isinstance(cell, (bool, str)):
        return cell
    if isinstance(cell, int):
        return int(cell)
    try:
        return float(cell)          # type: ignore[arg-type]
    except (TypeError, ValueError):
        return str(cell)


def _run_facts(record: RunRecord, announced: Announced | None, sources: Sources) -> tuple[tuple[str, Cell], ...]:
    request = record.request
    known = announced.parameters.get("properties", {}) if announced is not None else {}
    settings: list[tuple[str, Cell]] = []
    for name, value in request.parameters.items():
        field = known.get(name, {})
        unit = f", {field['unit']}" if field.get("unit") else ""
        settings.append((f"{field.get('title') or name.replace('_', ' ')}{unit}", _plain(value)))
    facts: list[tuple[str, Cell]] = [
        ("Data", Path(request.data.path).name), ("Fingerprint of the data", request.data.fingerprint),
        ("Preparation", ", ".join(str(step.get("step")) for step in request.data.steps) or "none"),
        ("Seed", str(request.seed)), ("Device", request.device), *settings,
    ]
    if record.ending is not None:
        facts.append(("Took, s", float(record.ending.seconds)))
    model = sources.folder / "runs" / str(request.run) / "model"
    try:
        made_with = models.read_card(model).get("card", {}).get("versions", {})
    except Refusal:
        made_with = {}
    return (*facts, *((f"Made with {name}", str(version)) for name, version in made_with.items()))


def _final_scalars(store: Store, run: int) -> dict[str, float]:
    return {
        f"{name}, {series.unit}" if series.unit not in ("", name) else name: float(series.values[-1])
        for name, series in store.scalars(run).items() if len(series.values)
    }


def decisions_csv(decisions: Decisions) -> str:
    """What was said of each item: id, verdict, whether it is marked, and each corrected value."""
    columns = sorted({column for decision in decisions.by_id.values() for column in decision.values})
    return csv_text(
        ["row", "verdict", "marked", *(f"{column} corrected" for column in columns)],
        [
            (item, said.verdict or "", said.marked, *(said.values.get(column) for column in columns))
            for item, said in sorted(decisions.by_id.items())
        ],
    )


def check_words(announced: Announced | None) -> str:
    """What is known of a method's check on this machine, and whether it was reconstructed."""
    if announced is None:
        return "The method is not installed here, so nothing is known of its check."
    verdict = announced.verdict
    checked = f"The check of {announced.title} was not run on this machine."
    if verdict is not None:
        ended = _ENDED[verdict.outcome]
        checked = f"The check of {announced.title} {ended} on {verdict.on:%d %B %Y}. {verdict.sentence}"
    if announced.reconstruction:
        return f"{checked} The method had to be reconstructed: {announced.reconstruction}"
    return checked


_ENDED = {"passed": "passed here", "failed": "failed here", "incomplete": "could not be completed here"}


# ----------------------------------------------------------------------------------------------- figures and models


def _write_figure(prefix: str, entry: Entry, sources: Sources, out: Path) -> Section:
    kept = sources.folder / entry.folder
    if not (kept / "figure.svg").is_file():
        raise Refusal("The drawing of this figure is not in the project any more.")
    name = f"{prefix}-figure"
    (out / "figures").mkdir(exist_ok=True)
    for suffix in ("svg", "png"):
        shutil.copyfile(kept / f"figure.{suffix}", out / "figures" / f"{name}.{suffix}")
    data = []
    if (kept / "data").is_dir():
        shutil.copytree(kept / "data", out / "data" / name)
        data = sorted(path.relative_to(out).as_posix() for path in (out / "data" / name).iterdir())
    announced = sources.catalogue.find(str(entry.recipe.get("method", "")))
    facts = tuple((key, _plain(value)) for key, value in _flat(entry.recipe))
    picture = f"figures/{name}.svg"
    return Section(
        entry.title or "Figure", "Figure", entry.sentence, entry.note, picture,
        _files(picture, data) + _recipe_file(entry.recipe, out, name), facts,
        check=check_words(announced) if announced is not None else "", recipe=_json(entry.recipe),
    )


def _flat(recipe: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The recipe as names with values; what stands within another mapping is named after both."""
    found: list[tuple[str, Any]] = []
    for name, value in recipe.items():
        if isinstance(value, Mapping):
            found += [(f"{name} {inner}", _simple(v)) for inner, v in value.items()]
        else:
            found.append((name, _simple(value)))
    return found


def _simple(value: Any) -> Any:
    return value if isinstance(value, (str, int, float, bool)) or value is None else json.dumps(value, default=str)


def _write_model(prefix: str, entry: Entry, sources: Sources, out: Path) -> Section:
    folder = sources.folder / entry.folder
    document = models.read_card(folder)
    card = document.get("card", {})
    announced = sources.catalogue.find(str(document["method"]))
    name, picture, data = f"{prefix}-model", "", []
    graph = graph_of(folder, document)
    recipe = {key: value for key, value in card.items() if key not in ("figures", "versions")}
    recipe = {"method": document["method"], **recipe}
    if graph is not None:
        from engines.results import GraphResult

        drawn = GraphResult("graph", entry.title, graph)
        picture = _draw(drawn, entry.sentence, recipe, out, name)
        data = _write_data(drawn, out, name)
    figures = {key: float(v) for key, v in card.get("figures", {}).items() if isinstance(v, (int, float))}
    sheets = (Sheet("Figures", ("figure", "value"), tuple(figures.items())),) if figures else ()
    facts: list[tuple[str, Cell]] = [
        ("Data", str(card.get("data", {}).get("name", ""))), ("Items", _plain(card.get("data", {}).get("items"))),
        ("Made", str(card.get("made", ""))), ("Seed", str(card.get("seed", ""))),
        *((key.replace("_", " "), _plain(_simple(value))) for key, value in card.get("parameters", {}).items()),
        *((f"Made with {key}", str(value)) for key, value in card.get("versions", {}).items()),
    ]
    return Section(
        entry.title, "Model", entry.sentence, entry.note, picture,
        _files(picture, data) + _recipe_file(recipe, out, name), tuple(facts), sheets, check_words(announced),
        _json(recipe),
    )


def _files(picture: str, data: list[str]) -> tuple[tuple[str, str], ...]:
    pictures = [path for path in data if path.endswith(".png")]
    if len(pictures) > _MOST_LINKS:         # their names are in the CSV beside them
        data = [path for path in data if path not in pictures]
    drawn = (("SVG", picture), ("PNG", picture.replace(".svg", ".png"))) if picture else ()
    return (*drawn, *((Path(path).name, path) for path in data))


def _recipe_file(recipe: Mapping[str, Any], out: Path, name: str) -> tuple[tuple[str, str], ...]:
    path = out / "recipes" / f"{name}.json"
    write_text(path, _json(recipe))
    return (("recipe", path.relative_to(out).as_posix()),)


def _json(recipe: Mapping[str, Any]) -> str:
    return json.dumps(dict(recipe), indent=1, sort_keys=True, ensure_ascii=False, default=str)
