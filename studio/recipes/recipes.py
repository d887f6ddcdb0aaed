"""The recipe: what a figure or a model was made of, as plain JSON inside the file.

A recipe comes from a file, perhaps a stranger's: `Recipe.from_json` takes nothing on trust. It holds words, numbers and
local paths, never code, and what it asks for is opened only by what opens such things anyway.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from engines import models
from engines.data.kinds import ColumnType
from engines.data.reference import DataReference
from engines.data.roles import Role
from engines.graph.graph import Graph
from engines.graph.knowledge import Knowledge
from engines.questions import Question
from engines.refusals import Refusal
from engines.runtime import wire
from engines.runtime.messages import ModelReference

FORMAT = 1
PRODUCT = "Otherwise"
LONGEST = 2_000_000         # characters of a recipe
_TEXT, _MANY = 10_000, 10_000
_NETWORK_PATH = re.compile(r"^(\\\\|//)|^[A-Za-z][A-Za-z0-9+.-]+:")     # a share, or a URL; C: is one letter


@dataclass(frozen=True)
class Recipe:
    """What a figure or a model was made of. What does not apply is empty.

    Attributes:
        sentence: The question that it answers.
        project, folder: Name of the project, and where it lies.
        data_name, data: What was looked at, and the reference that reads it again, fingerprint included.
        graph, question, method, parameters: As the run had them.
        truth: The known graph that a run was measured against.
        explains: The model that the run explained.
        knowledge, training_seed, run, device, threads: Of the run that made the model.
        model: Folder of the model.
        item, do, values, seed: What was asked of it; `seed` is that of the answer.
        view, result: The panel with its mode, such as "Counterfactual, side by side", and the result shown.
        made, versions: When, and with which programs.
    """

    sentence: str = ""
    project: str = ""
    folder: str = ""
    data_name: str = ""
    data: DataReference | None = None
    graph: Graph | None = None
    question: str = ""
    method: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    knowledge: Knowledge = Knowledge()
    truth: Graph | None = None
    explains: ModelReference | None = None
    training_seed: int | None = None
    run: int | None = None
    device: str = ""
    threads: int | None = None
    model: str = ""
    item: int | None = None
    do: Mapping[str, float | str] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    seed: int | None = None
    view: str = ""
    result: str = ""
    made: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The whole recipe as plain JSON."""
        own = {"data", "graph", "knowledge", "truth", "explains"}
        plain = {name: value for name, value in vars(self).items() if name not in own}
        return {
            "format": FORMAT, "made_by": PRODUCT, **plain,
            "data": None if self.data is None else {**vars(self.data), "steps": [dict(s) for s in self.data.steps]},
            "graph": None if self.graph is None else self.graph.to_json(),
            "knowledge": self.knowledge.to_json(),
            "truth": None if self.truth is None else self.truth.to_json(),
            "explains": None if self.explains is None else dict(vars(self.explains)),
        }

    @staticmethod
    def from_json(plain: Any, name: str) -> Recipe:
        """The inverse of `to_json`, for the file `name`; what is not there stays empty.

        Raises:
            Refusal: when anything in it is not what it must be.
        """
        if isinstance(plain, Mapping) and isinstance(plain.get("format"), int) and plain["format"] > FORMAT:
            raise Refusal(f"{name} was made by a newer Otherwise.", "Update Otherwise to reopen it.", about=(name,))
        try:
            return _recipe(plain)
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError, Refusal) as error:
            raise Refusal(
                f"The recipe in {name} is damaged, or not from Otherwise: nothing was opened.", f"{error}",
                about=(name,),
            ) from error


def of_model(folder: Path, document: Mapping[str, Any]) -> Recipe:
    """What a model was made of, by its card; `document` as `engines.models.read_card` gives it.

    Raises:
        Refusal: when the card is damaged.
    """
    inside = next((above for above in folder.absolute().parents if above.suffix == ".otherwise"), None)
    return replace(
        of_card(document.get("card", {}), document["method"], folder.name), model=str(folder.absolute()),
        project="" if inside is None else inside.stem, folder="" if inside is None else str(inside),
    )


def of_card(card: Mapping[str, Any], method: str, name: str = "the model") -> Recipe:
    """What the card of a model says that it was made of.

    Raises:
        Refusal: when the card is damaged.
    """
    data = card.get("data")
    plain = {
        "format": FORMAT, "made_by": PRODUCT, "method": method, "training_seed": card.get("seed"),
        "data_name": data.get("name", "") if isinstance(data, Mapping) else "",
        **{name: card[name] for name in ("graph", "parameters", "run", "device", "threads", "made", "versions")
           if card.get(name) is not None},
    }
    recipe = Recipe.from_json(plain, name)
    knowledge = wire.from_plain(card["knowledge"]) if card.get("knowledge") else Knowledge()
    if not isinstance(knowledge, Knowledge):
        raise Refusal(f"The card of {name} is damaged.", about=(name,))
    explains = wire.from_plain(card["model"]) if card.get("model") else None
    if not isinstance(explains, ModelReference | None):
        raise Refusal(f"The card of {name} is damaged.", about=(name,))
    return replace(recipe, explains=explains, data=models.trained_on({"card": card}), knowledge=knowledge)


def readable(recipe: Recipe) -> list[tuple[str, str]]:
    """The recipe as names and values, for people; what is empty is left out."""
    data = recipe.data
    rows = [
        ("Question", recipe.sentence),
        ("Project", f"{recipe.project} in {Path(recipe.folder).parent}" if recipe.folder else recipe.project),
        ("Data", recipe.data_name), ("File", "" if data is None else data.path),
        ("Fingerprint", "" if data is None else data.fingerprint),
        ("Preparation", "" if data is None else ", ".join(str(step["step"]) for step in data.steps)),
        ("Graph", "" if recipe.graph is None else f"{len(recipe.graph.nodes)} nodes, {len(recipe.graph.edges)} edges"),
        ("Method", recipe.method), ("Model explained", "" if recipe.explains is None else recipe.explains.title),
        ("Run", _said(recipe.run)), ("Seed of the training", _said(recipe.training_seed)),
        ("Settings", _pairs(recipe.parameters)), ("Model", recipe.model), ("Item", _said(recipe.item)),
        ("Set", _pairs(recipe.do)), ("Controls", _pairs(recipe.values)), ("Seed of the answer", _said(recipe.seed)),
        ("Shown in", ", ".join(part for part in (recipe.view, recipe.result) if part)), ("Made", recipe.made),
        ("Versions", " ".join(f"{name} {version}" for name, version in recipe.versions.items())),
    ]
    return [(name, value) for name, value in rows if value]


def _said(number: int | None) -> str:
    return "" if number is None else str(number)


def _pairs(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in values.items())


def is_ours(plain: Any) -> bool:
    """Whether this claims to be a recipe of this program; whether it can be used is for `Recipe.from_json` to say."""
    return isinstance(plain, Mapping) and plain.get("made_by") == PRODUCT and "format" in plain


def _recipe(plain: Any) -> Recipe:
    if not is_ours(plain):
        raise ValueError("It does not say that it was made by Otherwise.")
    method = _text(plain, "method")
    if not re.fullmatch(r"[\w.-]*", method):
        raise ValueError("Its method is no name of a method.")
    question = _text(plain, "question")
    graph = plain.get("graph")
    return Recipe(
        sentence=_text(plain, "sentence"),
        project=_text(plain, "project"),
        folder=_path(plain, "folder"),
        data_name=_text(plain, "data_name"),
        data=None if plain.get("data") is None else _reference(plain["data"]),
        graph=None if graph is None else _graph(graph),
        question="" if not question else Question(question).value,
        method=method,
        parameters=_mapping(plain, "parameters", _plain_value),
        knowledge=Knowledge.from_json(plain.get("knowledge") or {}),
        truth=None if plain.get("truth") is None else _graph(plain["truth"]),
        explains=None if plain.get("explains") is None else _model(plain["explains"]),
        training_seed=_whole(plain, "training_seed"),
        run=_whole(plain, "run"),
        device=_text(plain, "device"),
        threads=_whole(plain, "threads"),
        model=_path(plain, "model"),
        item=_whole(plain, "item"),
        do=_mapping(plain, "do", _set_to),
        values=_mapping(plain, "values", _plain_value),
        seed=_whole(plain, "seed"),
        view=_text(plain, "view"),
        result=_text(plain, "result"),
        made=_text(plain, "made"),
        versions=_mapping(plain, "versions", _word),
    )


def _reference(plain: Any) -> DataReference:
    if not isinstance(plain, Mapping):
        raise TypeError("Its data are no reference.")
    fingerprint = _fingerprint(plain)
    steps = plain.get("steps", ())
    if not isinstance(steps, (list, tuple)) or len(steps) > _MANY:
        raise TypeError("Its steps are no list.")
    if not all(isinstance(step, Mapping) and isinstance(step.get("step"), str) for step in steps):
        raise TypeError("One of its steps is none.")
    return DataReference(
        _path(plain, "path"), fingerprint, _path(plain, "labels"),
        {name: str(Role(role)) for name, role in _mapping(plain, "roles", _word).items()},
        {name: str(ColumnType(kind)) for name, kind in _mapping(plain, "types", _word).items()},
        tuple({str(key): _plain_value(value) for key, value in step.items()} for step in steps),
        _mapping(plain, "split", _plain_value), _text(plain, "part"),
    )


def _model(plain: Any) -> ModelReference:
    if not isinstance(plain, Mapping):
        raise TypeError("The model that it explains is none.")
    return ModelReference(_path(plain, "folder"), _fingerprint(plain), _text(plain, "title"), _text(plain, "made"))


def _fingerprint(plain: Mapping[str, Any]) -> str:
    text = _text(plain, "fingerprint")
    if not re.fullmatch(r"[0-9a-f]{0,64}", text):
        raise ValueError("A fingerprint in it is none.")
    return text


def _graph(plain: Any) -> Graph:
    if not isinstance(plain, Mapping):
        raise TypeError("Its graph is none.")
    for part in (plain.get("nodes"), plain.get("edges")):
        if not isinstance(part, list) or len(part) > _MANY:
            raise ValueError("Its graph is too large, or none.")
    return Graph.from_json(dict(plain))


def _text(plain: Mapping[str, Any], name: str) -> str:
    return _word(plain.get(name, ""))


def _word(value: Any) -> str:
    if not isinstance(value, str) or len(value) > _TEXT or "\0" in value:
        raise TypeError("A word in it is none, or is too long.")
    return value


def _path(plain: Mapping[str, Any], name: str) -> str:
    """An absolute path on this machine, or empty: no share, no address, no way up, no device."""
    text = _text(plain, name)
    if not text:
        return ""
    path = Path(text)
    if _NETWORK_PATH.match(text) or ".." in path.parts or text.startswith(("/dev/", "/proc/", "/sys/")):
        raise ValueError(f"It names a place that no recipe may name: {text[:200]}")
    if not (path.is_absolute() or re.match(r"^[A-Za-z]:[\\/]", text) or text.startswith("/")):
        raise ValueError(f"It names a place that is not a whole path: {text[:200]}")
    return text


def _whole(plain: Mapping[str, Any], name: str) -> int | None:
    value = plain.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 1 << 63:
        raise TypeError(f"Its {name} is no whole number.")
    return value


def _mapping(plain: Mapping[str, Any], name: str, value: Callable[[Any], Any]) -> dict[str, Any]:
    found = plain.get(name) or {}
    if not isinstance(found, Mapping) or len(found) > _MANY:
        raise TypeError(f"Its {name} are not names and values.")
    return {_word(key): value(one) for key, one in found.items()}


def _set_to(value: Any) -> float | str:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise TypeError("Something in it is set to no value.")
    if isinstance(value, str):
        return _word(value)
    if not math.isfinite(value):
        raise ValueError("Something in it is set to no number.")
    return value


def _plain_value(value: Any, depth: int = 0) -> Any:
    """JSON of a moderate size."""
    if depth > 6:
        raise ValueError("It is nested too deeply.")
    match value:
        case None | bool() | int() | float():
            return value
        case str():
            return _word(value)
        case list() | tuple() if len(value) <= _MANY:
            return [_plain_value(one, depth + 1) for one in value]
        case Mapping() if len(value) <= _MANY:
            return {_word(key): _plain_value(one, depth + 1) for key, one in value.items()}
    raise TypeError("A value in it is none, or is too long.")
