"""Models in formats that other tools read."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from engines import models
from engines.graph import formats
from engines.graph.graph import Graph
from engines.refusals import Refusal
from engines.results import GraphResult
from engines.runtime.execution import read_results
from studio.exports.atomic import write_text

FORMATS = ("safetensors", "graphml", "dot", "json")
"""safetensors: the model folder itself (tensors.safetensors and model.json). The others: the model's graph."""


def export_model(folder: Path, to: str, out: Path) -> list[Path]:
    """Write the model in `folder` to `out`.

    Returns:
        The files written.

    Raises:
        Refusal: when the folder holds no model, when it has no graph, or when `out` exists already.
    """
    document = models.read_card(folder)
    if to != "safetensors" and out.suffix != f".{to}":
        out = out.with_name(f"{out.name}.{to}")
    if out.exists() and (out.is_file() or any(out.iterdir())):
        raise Refusal(f"{out} exists already.", "Give another name with --out; nothing is overwritten.")
    if to == "safetensors":
        out.mkdir(parents=True, exist_ok=True)
        names = ("model.json", "tensors.safetensors")
        for name in names:
            shutil.copyfile(folder / name, out / name)
        return [out / name for name in names]
    graph = graph_of(folder, document)
    if graph is None:
        raise Refusal(f"{folder.name} has no graph to write as {to}.", "Export it as safetensors.")
    if to == "json":
        write_text(out, json.dumps(graph.to_json(), indent=1))
    else:
        formats.write(graph, out)
    return [out]


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
