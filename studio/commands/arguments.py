"""Reading the arguments that several commands share."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from engines.data.kinds import ColumnType, DataSet
from engines.data.reading import read, refer
from engines.data.reference import DataReference
from engines.data.roles import Role
from engines.graph import formats
from engines.graph.graph import Graph
from engines.graph.knowledge import Knowledge
from engines.refusals import Refusal
from engines.runtime import explained
from engines.runtime.devices import default_threads
from engines.runtime.messages import ModelReference


def add_threads(parser: argparse.ArgumentParser) -> None:
    """The argument that says how many threads to use."""
    usual = default_threads()
    parser.add_argument("--threads", type=_positive, default=usual, help=f"threads to use (default: {usual})")


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is no number of threads; give 1 or more")
    return int(text)


def add_fingerprint(parser: argparse.ArgumentParser) -> None:
    """The argument that holds the data to what they were."""
    parser.add_argument("--fingerprint", default="", metavar="HEX", help="stop when the data have another one")


def held_to(reference: DataReference, fingerprint: str) -> DataReference:
    """The reference with the fingerprint that the data must have; reading it refuses others. Empty: as they are."""
    return replace(reference, fingerprint=fingerprint) if fingerprint else reference


def folder_for(path: str) -> Path:
    """A folder to write into, made when it is missing.

    Raises:
        Refusal: when it cannot be written.
    """
    folder = Path(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        said = f"{path} cannot be written as a folder."
        raise Refusal(said, f"{error.strerror}. Give another one with --out.", about=(path,)) from error
    return folder


def pairs(texts: Iterable[str], what: str) -> dict[str, str]:
    """`name=value` arguments.

    Raises:
        Refusal: when there is no equals sign.
    """
    found: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name:
            article = "an" if what[0] in "aeiou" else "a"
            example = f"Write it as name=value, for example --{what} name=value."
            raise Refusal(f"{text!r} is not {article} {what}.", example)
        found[name.strip()] = value.strip()
    return found


def value_of(text: str) -> Any:
    """A value as JSON would read it; anything else is text."""
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def data_reference(
    path: str, roles: Iterable[str], steps: Iterable[str], inputs: Mapping[str, str], types: Iterable[str] = ()
) -> DataReference:
    """The reference to a data set with roles (ROLE=COLUMN[,COLUMN]), steps (STEP or STEP=COLUMN[,COLUMN]) and types
    (TYPE=COLUMN[,COLUMN]). Columns may also be a JSON list, for names with a comma.
    """
    by_column: dict[str, str] = {}
    for text in roles:
        role, equals, columns = text.partition("=")
        if not equals:
            raise Refusal(f"{text!r} is not a role.", 'Write it as role=column, for example --role "left out=batch".')
        try:
            known = Role(role.strip().replace("_", " "))
        except ValueError:
            raise Refusal(f"There is no role {role}.", f"Roles are {', '.join(Role)}.", about=(role,)) from None
        by_column |= dict.fromkeys(_columns(columns), str(known))
    kinds: dict[str, str] = {}
    for kind, columns in pairs(types, "type").items():
        if kind not in list(ColumnType):
            raise Refusal(f"There is no type {kind}.", f"Types are {', '.join(ColumnType)}.", about=(kind,))
        kinds |= dict.fromkeys(_columns(columns), kind)
    reference = refer(path, inputs.get("labels"))
    return replace(
        reference, roles=by_column, types=kinds, steps=(*reference.steps, *(_step(text) for text in steps))
    )


def _columns(text: str) -> list[str]:
    """Names of columns: a JSON list, or names between commas."""
    listed = value_of(text) if text.startswith("[") else None
    if isinstance(listed, list):
        return [str(name) for name in listed]
    return [name.strip() for name in text.split(",")]


def as_trained(path: str, inputs: Mapping[str, str], trained: DataReference | None) -> DataReference:
    """The reference to other items, to be read with the roles, types and steps that a model was trained with."""
    found = data_reference(path, (), (), inputs)
    if trained is None:
        return found
    return replace(found, roles=trained.roles, types=trained.types, steps=trained.steps)


def model_reference(path: str | None, fingerprint: str = "") -> ModelReference | None:
    """The model in a folder, to be explained; None when no path is given.

    Args:
        fingerprint: What it must have; empty: as it is.
    """
    if path is None:
        return None
    found = explained.refer(path)
    return replace(found, fingerprint=fingerprint) if fingerprint else found


def _step(text: str) -> dict[str, Any]:
    if text.startswith("{"):
        step = value_of(text)
        if isinstance(step, dict) and "step" in step:
            return step
        example = '{"step": "logarithm", "columns": ["a"]}'
        raise Refusal(f"{text} is not a step.", f"A step in full is JSON such as {example}.")
    name, _, columns = text.partition("=")
    step = {"step": name.strip()}
    return {**step, "columns": [c.strip() for c in columns.split(",")]} if columns else step


def read_data(reference: DataReference) -> DataSet:
    """The data set, with a refusal for a role given to a column that is not there."""
    data = read(reference)
    for column in reference.roles:
        data.attributes[column]
    return data


def read_graph(path: str | None) -> Graph | None:
    """A graph file, or None when no path is given."""
    return None if path is None else formats.read(Path(path))


def read_split(text: str | None) -> dict[str, Any]:
    """A recorded split as JSON; nothing given: not split.

    Raises:
        Refusal: when it is no object of numbers.
    """
    plain = value_of(text) if text is not None else {}
    if not isinstance(plain, dict) or not all(isinstance(share, (int, float)) for share in plain.values()):
        example = '{"train": 0.8, "test": 0.2, "seed": 1}'
        raise Refusal(f"{text} is no split.", f"A split is JSON such as {example}.")
    return plain


def read_knowledge(path: str | None) -> Knowledge:
    """Knowledge as JSON: {"required": [["a", "b"]], "forbidden": [], "tiers": [["a"], ["gene_*"]]}, and all that
    `Knowledge.to_json` writes beside: groups, and tiers with rules of their own.

    Raises:
        Refusal: when the file cannot be read so.
    """
    if path is None:
        return Knowledge()
    try:
        return Knowledge.from_json(json.loads(Path(path).read_text("utf-8")))
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise Refusal(f"{path} cannot be read as knowledge.", str(error), about=(path,)) from error
