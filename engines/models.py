"""Saving and loading a model: safetensors for numbers, JSON for the rest, never a pickle.

A model folder holds `model.json` (format, method, fields, card) and `tensors.safetensors`. Only the classes that the
method announces are rebuilt; nothing that the file names is imported.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from engines.contract import Method, MethodParameters, Model
from engines.data.kinds import Column, ColumnType, Table
from engines.data.limits import free_memory, in_words
from engines.data.reference import DataReference
from engines.data.roles import Role
from engines.graph.graph import Graph
from engines.refusals import Refusal
from engines.runtime import wire
from engines.writing import replacing

FORMAT = 1
MODEL, TENSORS = "model.json", "tensors.safetensors"
LONGEST = 256 << 20             # bytes of model.json
PICKLES = frozenset({".pkl", ".pickle", ".pt", ".pth", ".ckpt", ".bin", ".joblib"})


def save(model: Model, folder: Path, *, method: str, card: Mapping[str, Any] | None = None) -> None:
    """Write the model into `folder` (made when missing). `card` is kept beside it: data, graph, settings, figures."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors: dict[str, np.ndarray] = {}
    fields = {
        f.name: _plain(getattr(model, f.name), f.name, tensors) for f in dataclasses.fields(model)  # type: ignore[arg-type]
    }
    document = {"format": FORMAT, "method": method, "fields": fields, "card": dict(card or {})}
    with replacing(folder / MODEL) as card_part, replacing(folder / TENSORS) as tensors_part:
        try:
            save_file(tensors, tensors_part)
        except SafetensorError as error:
            raise OSError(str(error)) from error        # it says so of a full disk
        card_part.write_text(json.dumps(document, indent=1), encoding="utf-8")


def read_card(folder: Path) -> dict[str, Any]:
    """The document of a model folder without its tensors: `method` and `card`.

    Raises:
        Refusal: when it is not a model folder of ours.
    """
    path = folder if folder.is_file() and folder.suffix != ".safetensors" else _folder(folder) / MODEL
    if path.suffix in PICKLES or (path.is_file() and is_pickle(path)):
        raise pickle_refusal(path.name)
    if not path.exists():
        raise Refusal(f"{folder.name} holds no model.", f"A model folder has a file {MODEL}.")
    _check_file(path, LONGEST)
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise Refusal(f"{_named(path)} cannot be read as a model.", f"{error}.", about=(path.name,)) from error
    if not isinstance(document, dict) or not {"format", "method", "fields"} <= document.keys():
        raise Refusal(f"{_named(path)} is not a model of this studio.", about=(path.name,))
    card = document.get("card", {})
    kinds = {"format": int, "method": str, "fields": dict}
    if not isinstance(card, dict) or not all(isinstance(document[name], kind) for name, kind in kinds.items()):
        raise Refusal(f"{_named(path)} is not a model of this studio.", about=(path.name,))
    if document["format"] > FORMAT:
        raise Refusal(
            f"This model was made by a newer Otherwise (format {document['format']}, this one reads up to {FORMAT}).",
            "Update Otherwise.",
        )
    return document


def pickle_refusal(name: str) -> Refusal:
    """What the analyst is told about a model in a pickle, and how it comes here all the same."""
    return Refusal(
        f"{name} is a pickle, which can run code.",
        "It is never opened. Where it was trained, export the model to ONNX and drop that file: "
        'skl2onnx.to_onnx(model, X) for scikit-learn, torch.onnx.export(model, rows, "model.onnx") for torch.',
        about=(name,),
    )


def _named(path: Path) -> str:
    return f"{path.name} in {path.parent.name}"


def _because(error: Exception) -> str:
    """What an error says, cut short: a file may have put much into it."""
    return f"{type(error).__name__}: {str(error)[:300]}".rstrip(".") + "."


def _folder(path: Path) -> Path:
    """The folder that a path means: itself, or where the file lies."""
    return path.parent if path.suffix == ".safetensors" and path.is_file() else path


def _check_file(path: Path, most: int) -> None:
    """Refuse what is no plain file of its own folder, or too large, before it is opened.

    A pipe or device would never end, and a link could show a stranger's model a file that is none of its own.
    """
    if path.is_symlink() and path.parent.resolve() not in path.resolve().parents:
        said = f"{_named(path)} is a link to another place."
        raise Refusal(said, "A model's files lie in its folder.", about=(path.name,))
    if not path.is_file():
        raise Refusal(f"{_named(path)} is no file.", "A pipe or device is never read.", about=(path.name,))
    if (size := path.stat().st_size) > most:
        said = f"{_named(path)} is {in_words(size)} large, more than the {in_words(most)} that can be read here."
        raise Refusal(said, "Nothing of it was read.", about=(path.name,))


def trained_on(document: Mapping[str, Any]) -> DataReference | None:
    """The data that a model's document names, or None where it names none.

    Raises:
        Refusal: when what stands there is no reference.
    """
    damaged = "The model's card is damaged: it does not say which data it was trained on."
    try:
        if (data := document.get("card", {}).get("data")) is None:
            return None
        reference = wire.from_plain(data["reference"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Refusal(damaged, str(error)) from error
    if not isinstance(reference, DataReference):
        raise Refusal(damaged)
    return reference


def load(folder: Path, method: Method) -> Model:
    """The model in `folder`, rebuilt from the classes that `method` announces.

    Raises:
        Refusal: when a file is missing, cut off, a pickle, or does not fit the method.
    """
    document = read_card(folder)
    tensors = _tensors(_folder(folder) / TENSORS)
    try:
        values = {name: _rich(plain, tensors, method.model.networks) for name, plain in document["fields"].items()}
        parameters = values.get("parameters")
        if isinstance(parameters, dict):
            values["parameters"] = method.parameters(**parameters)
        return method.model(**values)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, MemoryError, RuntimeError) as error:
        raise Refusal(
            f"{folder.name} does not fit {method.title}.", _because(error), about=(folder.name,)
        ) from error


def _tensors(path: Path) -> dict[str, np.ndarray]:
    """The arrays of a file whose header was looked at before any of them is made.

    Raises:
        Refusal: when it is missing, no plain file, does not fit into memory, or is no safetensors file.
    """
    said = f"{_named(path)} cannot be read."
    if not path.exists():
        raise Refusal(said, "It is not there.", about=(path.name,))
    _check_file(path, free_memory())
    try:
        return load_file(path)
    except (
        OSError, SafetensorError, KeyError, TypeError, ValueError, AttributeError, OverflowError, MemoryError,
    ) as error:
        raise Refusal(said, _because(error), about=(path.name,)) from error


def _network(made: type, settings: Mapping[str, Any], stored: Mapping[str, np.ndarray]) -> Any:
    """A network of a class in the allow-list, with its weights.

    The settings come from the file: they are first tried where tensors take no memory, and the network is built only
    when it has the very tensors that are stored.

    Raises:
        TypeError, ValueError, RuntimeError: when they do not fit the class or the weights.
    """
    import torch

    if _holds_more(settings, 100 * (len(stored) + 1)):
        raise ValueError(f"The settings of {made.__name__} are out of proportion to its weights.")
    with torch.device("meta"):
        planned = made(**settings).state_dict()
    expected, found = {k: tuple(v.shape) for k, v in planned.items()}, {k: v.shape for k, v in stored.items()}
    if expected != found:
        name = next((k for k in (*expected, *found) if expected.get(k) != found.get(k)), "")
        raise ValueError(f"{made.__name__} needs {name} {expected.get(name)}, the file holds {found.get(name)}.")
    network = made(**settings)
    network.load_state_dict({k: torch.from_numpy(v.copy()) for k, v in stored.items()})
    return network.eval()


def _holds_more(plain: Any, most: int) -> bool:
    """Whether there are more than so many values in JSON; looks no further than it must."""
    waiting, seen = [plain], 0
    while waiting and seen <= most:
        value = waiting.pop()
        inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
        if len(inner) > most:
            return True
        waiting.extend(inner)
        seen += not inner
    return seen > most


def to_parts(value: Any) -> tuple[Any, dict[str, np.ndarray]]:
    """A nested value as JSON data and the arrays that it names, as a model folder and a checkpoint keep it."""
    tensors: dict[str, np.ndarray] = {}
    return _plain(value, "", tensors), tensors


def from_parts(plain: Any, tensors: Mapping[str, np.ndarray]) -> Any:
    """The inverse of `to_parts`; sequences come back as tuples."""
    return _rich(plain, tensors, ())


def is_pickle(path: Path) -> bool:
    """Whether the file starts like a pickle (protocol 2 and later) or like a zip of one."""
    try:
        with path.open("rb") as file:
            head = file.read(4)
    except OSError:
        return False
    return head[:1] == b"\x80" or head == b"PK\x03\x04"


def _plain(value: Any, name: str, tensors: dict[str, np.ndarray]) -> Any:
    """JSON for a field's value; arrays go into `tensors` under a name made of the path to them."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case np.ndarray():
            tensors[name] = np.asarray(value, order="C")
            return {"$array": name}
        case np.generic():
            return value.item()
        case MethodParameters():
            return {"$plain": value.model_dump(mode="json")}
        case Graph():
            return {"$graph": value.to_json()}
        case Column():
            return {
                "$column": {
                    "name": value.name, "type": str(value.type), "levels": list(value.levels), "unit": value.unit,
                    "role": str(value.role), "whole": value.whole,
                    "values": _plain(value.values, f"{name}.values", tensors),
                }
            }
        case Table():
            return {
                "$table": {
                    "name": value.name,
                    "columns": [_plain(c, f"{name}.{i}", tensors) for i, c in enumerate(value.columns)],
                    "row_ids": _plain(value.row_ids, f"{name}.row_ids", tensors),
                }
            }
        case tuple() | list():
            return [_plain(v, f"{name}.{i}", tensors) for i, v in enumerate(value)]
        case Mapping():
            return {"$dict": [[k, _plain(v, f"{name}.{k}", tensors)] for k, v in value.items()]}
    if hasattr(value, "state_dict"):
        state = {k: v.detach().cpu().numpy() for k, v in value.state_dict().items()}
        tensors.update({f"{name}.{k}": np.asarray(v, order="C") for k, v in state.items()})
        return {"$network": type(value).__name__, "settings": dict(value.settings), "at": name, "keys": list(state)}
    if hasattr(value, "detach"):
        tensors[name] = np.asarray(value.detach().cpu().numpy(), order="C")
        return {"$tensor": name}
    raise TypeError(f"The field {name} holds a {type(value).__name__}, which a model cannot keep.")


def _rich(plain: Any, tensors: Mapping[str, np.ndarray], networks: tuple[type, ...]) -> Any:
    """The inverse of `_plain`; sequences come back as tuples."""
    match plain:
        case {"$array": name}:
            return tensors[name]
        case {"$tensor": name}:
            import torch

            return torch.from_numpy(tensors[name].copy())
        case {"$network": str(class_name), "settings": settings, "at": at, "keys": keys}:
            known = {cls.__name__: cls for cls in networks}
            return _network(known[class_name], settings, {k: tensors[f"{at}.{k}"] for k in keys})
        case {"$graph": graph}:
            return Graph.from_json(graph)
        case {"$plain": values}:
            return values
        case {"$column": c}:
            return Column(
                c["name"], ColumnType(c["type"]), tensors[c["values"]["$array"]].copy(), tuple(c["levels"]), c["unit"],
                Role(c["role"]), c["whole"],
            )
        case {"$table": t}:
            return Table(
                t["name"], tuple(_rich(c, tensors, networks) for c in t["columns"]),
                tensors[t["row_ids"]["$array"]].copy(),
            )
        case {"$dict": pairs}:
            return {k: _rich(v, tensors, networks) for k, v in pairs}
        case list():
            return tuple(_rich(v, tensors, networks) for v in plain)
    return plain
