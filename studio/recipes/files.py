"""Finding the recipe that a file carries: a figure, a model folder, or networks written in another format.

Files may come from strangers: nothing in them is run, parsed as a program or unpacked beyond a limit.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from engines import models
from engines.model_formats import REPORT, onnx_texts
from engines.refusals import Refusal
from studio.exports.atomic import write_text
from studio.exports.model_files import RECIPE
from studio.recipes.recipes import LONGEST, Recipe, is_ours, of_model
from widgets.export import CARRIERS as FIGURES
from widgets.export import recipe_text

_MODEL_FILES = {models.MODEL, models.TENSORS, REPORT, RECIPE}
BESIDE = ".recipe.json"
"""How the file ends that lies beside exported data, which hold nothing but themselves."""

_LARGEST = 512 << 20            # of a file of networks that is looked into, bytes


def recipe_in(path: Path) -> Recipe | None:
    """The recipe of a figure, a model folder, an exported model or a file of one; None where there is none of ours.

    Raises:
        Refusal: when there is one that cannot be used: damaged, too long, of a newer program, or hostile.
    """
    if path.name in _MODEL_FILES:
        path = path.parent
    try:
        if path.is_dir():
            return _of_folder(path)
        text = _text_in(path)
    except OSError:
        return None
    return None if text is None else _parsed(text, path.name)


def write_beside(path: Path, recipe: Mapping[str, Any]) -> Path:
    """Write the recipe of the data in `path` into a file beside it, and say where: "checks.csv", "checks.recipe.json".

    Raises:
        Refusal: when something else of that name lies there already.
    """
    beside = beside_of(path)
    write_text(beside, json.dumps(dict(recipe), ensure_ascii=False, indent=1, sort_keys=True, default=str))
    return beside


def beside_of(path: Path) -> Path:
    """Where the recipe of exported data goes.

    Raises:
        Refusal: when something else of that name lies there already.
    """
    beside = path.with_name(f"{path.stem}{BESIDE}")
    if beside.exists() and not (beside.is_file() and is_ours(_json(_short(beside)))):
        raise Refusal(
            f"{beside.name} lies there already, and is not from Otherwise.",
            f"The recipe of {path.name} would go there: choose another name.", about=(beside.name,),
        )
    return beside


def _of_folder(folder: Path) -> Recipe | None:
    """That of a model folder (it is opened itself, wherever it was made) or of a folder of networks."""
    if (folder / models.MODEL).is_file():
        if (folder / RECIPE).is_file() and (told := _parsed(_short(folder / RECIPE), folder.name)) is not None:
            return replace(told, model=str(folder.absolute()))
        return of_model(folder, models.read_card(folder))
    if (folder / REPORT).is_file():
        plain = _json(_short(folder / REPORT, 64))
        return Recipe.from_json(plain["recipe"], folder.name) if is_ours(plain.get("recipe")) else None
    return None


def _text_in(path: Path) -> str | None:
    suffix = path.suffix.lower()
    if path.name.endswith(BESIDE):
        return _short(path)
    if suffix.removeprefix(".") in FIGURES:
        return recipe_text(path)
    if suffix == ".onnx":
        return next((value for key, value in onnx_texts(path, _LARGEST) if key == "recipe"), None)
    if suffix == ".pt2":
        return _zipped_text(path)
    return None


def _parsed(text: str, name: str) -> Recipe | None:
    if len(text) > LONGEST:
        raise Refusal(
            f"The recipe in {name} is {len(text) / 1e6:.1f} MB long: nothing was opened.",
            f"Otherwise writes at most {LONGEST / 1e6:.0f} MB.", about=(name,),
        )
    plain = _json(text)
    return Recipe.from_json(plain, name) if is_ours(plain) else None


def _json(text: str) -> Any:
    """JSON that is an object; anything else is no recipe of ours."""
    try:
        plain = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return plain if isinstance(plain, dict) else {}


def _short(path: Path, times: int = 1) -> str:
    """The text of a small file; one character more than a recipe may have tells that it is too long."""
    with path.open(encoding="utf-8", errors="replace") as file:
        return file.read(times * LONGEST + 1)


def _zipped_text(path: Path) -> str | None:
    """The text that torch.export keeps beside a program; the program itself is not touched."""
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                if entry.filename.endswith("/extra/recipe"):
                    with archive.open(entry) as file:
                        return file.read(LONGEST + 1).decode("utf-8", "replace")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError):
        return None
    return None
