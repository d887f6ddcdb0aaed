"""What a dropped path is: a project, a model, a graph or data; told from its name and first bytes."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from engines.data.reading import recognise
from engines.graph import formats
from engines.graph.formats.table import PAIRS
from engines.graph.formats.telling import told_by
from engines.graph.graph import Graph
from engines.model_formats import REPORT, read_heading
from engines.models import PICKLES, is_pickle, pickle_refusal
from engines.refusals import Refusal
from studio.question.wording import size_text
from studio.recipes.files import BESIDE, recipe_in
from widgets.export import CARRIERS as FIGURES
from widgets.kit.drop_zone import Recognised

GRAPH_SUFFIXES = frozenset(formats.FORMATS) - {".json", ".csv", ".tsv", ".adjacency.csv", ".txt", ".xml"}
"""Suffixes that only graphs have; files with others are looked into."""
PICKLE_SUFFIXES = PICKLES - {".bin"}            # a .bin may hold anything: it is looked at
ONNX = ".onnx"
_SEEN_THROUGH = 300_000         # bytes of a graph that is read while it hovers
CARRIERS = frozenset({".png", ".svg", ".pdf", ".gif", ".onnx", ".pt2"})
"""Suffixes of files that may carry a recipe of ours; other figures are pictures."""


class Incoming(StrEnum):
    """The kinds of things that are dropped."""

    PROJECT = "project"
    MODEL = "model"
    PREDICTOR = "predictor"
    RECIPE = "recipe"
    GRAPH = "graph"
    DATA = "data"


def kind_of(path: Path) -> Incoming:
    """What a path is. A pickle counts as a model, so that it is refused as one; a network with no recipe of ours was
    trained elsewhere.
    """
    suffix = path.suffix.lower()
    if path.is_dir() and suffix == ".otherwise":
        return Incoming.PROJECT
    if suffix in PICKLE_SUFFIXES or path.name == "model.json" or (path.is_dir() and (path / "model.json").is_file()):
        return Incoming.MODEL
    if suffix == ".bin" and is_pickle(path):
        return Incoming.MODEL
    if suffix in CARRIERS or path.name.endswith(BESIDE) or (path.is_dir() and (path / REPORT).is_file()):
        try:
            if recipe_in(path) is not None:
                return Incoming.RECIPE
            return Incoming.PREDICTOR if suffix == ONNX else Incoming.DATA
        except Refusal:
            return Incoming.RECIPE          # it is refused as one
    if suffix in GRAPH_SUFFIXES or (suffix in formats.FORMATS and _is_edge_file(path)):
        return Incoming.GRAPH
    return Incoming.DATA


def recognised(paths: Sequence[Path]) -> Recognised:
    """What hovers over the window, in words."""
    match kind_of(paths[0]):
        case Incoming.PROJECT:
            return Recognised(_tr("Project"))
        case Incoming.MODEL:
            return Recognised(pickle_refusal(paths[0].name).sentence, False) if _runs_code(paths[0]) else (
                Recognised(_tr("Model")))
        case Incoming.PREDICTOR:
            return _predictor_in_words(paths[0])
        case Incoming.GRAPH:
            return _graph_in_words(paths[0])
        case Incoming.RECIPE:
            return _recipe_in_words(paths[0])
        case Incoming.DATA:
            found = recognise(paths)
            return Recognised(found.sentence, found.refusal is None)


def _runs_code(path: Path) -> bool:
    return path.suffix.lower() in PICKLES


def _predictor_in_words(path: Path) -> Recognised:
    try:
        heading = read_heading(path)
    except Refusal as refusal:
        return Recognised(refusal.sentence, False)
    told = ", ".join(port.name for port in heading.outputs)
    return Recognised(_tr("Model from another program, without gradients: it tells {}").format(told))


def _graph_in_words(path: Path) -> Recognised:
    """How large a graph is, or why it cannot be read; large files are read only when they are dropped."""
    try:
        if path.stat().st_size > _SEEN_THROUGH:
            return Recognised(_tr("Graph"))
        return Recognised(_tr("Graph, {}").format(size_text(read_graph(path))))
    except OSError as error:
        return Recognised(_tr("{} cannot be read: {}.").format(path.name, error.strerror), False)
    except Refusal as refusal:
        return Recognised(refusal.sentence, False)


def _recipe_in_words(path: Path) -> Recognised:
    try:
        recipe = recipe_in(path)
    except Refusal as refusal:
        return Recognised(refusal.sentence, False)
    is_figure = path.suffix.lower().removeprefix(".") in FIGURES
    what = _tr("Data") if path.name.endswith(BESIDE) else _tr("Figure") if is_figure else _tr("Networks")
    asked = recipe.sentence if recipe is not None else ""
    if not asked:
        return Recognised(_tr("{} made by Otherwise").format(what))
    return Recognised(_tr("{} made by Otherwise: {}").format(what, asked[:1].lower() + asked[1:]))


def read_graph(path: Path) -> Graph:
    """The graph in a file.

    Raises:
        Refusal: when it cannot be read as one.
    """
    return formats.read(path)


def _is_edge_file(path: Path) -> bool:
    """Whether a table says cause and effect in its head or is named as a matrix, or a text begins like a graph."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            head = file.read(4096)
    except OSError:
        return False
    if path.suffix.lower() == ".json":
        return '"nodes"' in head and ('"edges"' in head or '"links"' in head)
    if path.suffix.lower() in (".txt", ".xml"):
        return told_by(head) in formats.FORMATS
    if path.name.lower().endswith(".adjacency.csv"):
        return True
    names = [name.strip().strip('"').lower() for name in head.partition("\n")[0].replace("\t", ",").split(",")]
    return tuple(names[:2]) in PAIRS


def _tr(text: str) -> str:
    return QCoreApplication.translate("incoming", text)
