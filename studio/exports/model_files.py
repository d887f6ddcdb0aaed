"""Models in formats that other tools read."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from engines import catalogue, model_formats, models
from engines.data.kinds import DataSet
from engines.data.reading import read
from engines.data.reference import DataReference
from engines.graph import formats
from engines.graph.graph import Graph
from engines.refusals import Refusal
from engines.results import GraphResult
from engines.runtime.execution import read_results
from engines.writing import new_folder
from studio.exports.atomic import write_text
from studio.recipes.recipes import Recipe, of_model

NETWORKS = tuple(model_formats.FORMATS)
"""Formats of the model's networks: a folder with a file a part and a report. They are made in a process of their own,
because torch is needed."""

FORMATS = ("safetensors", *NETWORKS, "graphml", "dot", "json")
"""safetensors: the model folder itself (tensors.safetensors and model.json). The last three: the model's graph."""

RECIPE = "recipe.json"

Tell = Callable[[int, int], None]


def export_model(
    folder: Path, to: str, out: Path, *, data: DataReference | None = None, tell: Tell = lambda _done, _all: None
) -> list[Path]:
    """Write the model in `folder` to `out`.

    Args:
        data: Items to check written networks with; None: the data that the model was trained on, if they are there.
        tell: Gets (parts done, all parts) while networks are written.

    Returns:
        The files written.

    Raises:
        Refusal: when the folder holds no model, when it has no graph or network, or when `out` exists already.
    """
    document = models.read_card(folder)
    if to in {"graphml", "dot", "json"} and out.suffix != f".{to}":
        out = out.with_name(f"{out.name}.{to}")
    if taken(out):
        raise Refusal(f"{out} exists already.", "Give another name with --out; nothing is overwritten.")
    if to == "safetensors":
        return _copied(folder, document, out)
    if to in NETWORKS:
        method = catalogue.load(document["method"])
        texts = {"card": document.get("card", {}), "recipe": of_model(folder, document).to_json()}
        model = models.load(folder, method)
        items = read(data) if data is not None else _trained_on(folder, document)
        return model_formats.export_networks(model, method.title, to, out, items, texts=texts, tell=tell)
    graph = graph_of(folder, document)
    if graph is None:
        raise Refusal(f"{folder.name} has no graph to write as {to}.", "Export it as safetensors.")
    if to == "json":
        write_text(out, json.dumps(graph.to_json(), indent=1))
    else:
        formats.write(graph, out)
    return [out]


def taken(out: Path) -> bool:
    """Whether something lies there that an export would overwrite; an empty folder does not."""
    return out.exists() and (out.is_file() or any(out.iterdir()))


def graph_of(folder: Path, document: dict[str, Any]) -> Graph | None:
    """The graph that a model was trained with or has learned: what its run wrote beside it, else what its card says."""
    written = folder.parent / "results" / "graph.json"
    if written.is_file():
        return formats.read(written)
    learned = next((r.graph for r in read_results(folder.parent).values() if isinstance(r, GraphResult)), None)
    if learned is not None:
        return learned
    for plain in (document["fields"].get("graph"), document.get("card", {}).get("graph")):
        if isinstance(plain, dict):
            return Graph.from_json(plain.get("$graph", plain))
    return None


def _copied(folder: Path, document: dict[str, Any], out: Path) -> list[Path]:
    """The model folder as it is, with its recipe beside it: where it was made, which the card does not know."""
    names = (models.MODEL, models.TENSORS)
    recipe: Recipe = of_model(folder, document)
    with new_folder(out) as part:
        for name in names:
            shutil.copyfile(folder / name, part / name)
        write_text(part / RECIPE, json.dumps(recipe.to_json(), indent=1))
    return [out / name for name in (*names, RECIPE)]


def _trained_on(folder: Path, document: dict[str, Any]) -> DataSet | None:
    """The data that the model was trained on, where they still lie as they were; a shipped model names them by where
    they lie beside it.
    """
    reference = models.trained_on(document)
    try:
        return None if reference is None else read(replace(reference, path=str(folder.parent / reference.path)))
    except Refusal:
        return None
