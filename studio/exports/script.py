"""A script of commands that repeats the work: the run with its graph and inputs as files beside it, then the question.

Two kinds, by the suffix: a shell script (.sh) and a Python file (.py) for where there is no shell. Numbers are written
so that they read back exactly.
"""

from __future__ import annotations

import json
import shlex
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from engines.refusals import Refusal
from studio.exports.atomic import write_text
from studio.recipes.recipes import Recipe

SUFFIXES = (".sh", ".py")

Command = list[str]


def write_script(recipe: Recipe, path: Path) -> list[Path]:
    """Write the script that repeats what a recipe says, and the files that it reads into `NAME_files` beside it.

    Returns:
        The files written, the script first.

    Raises:
        Refusal: when the suffix is none of `SUFFIXES`, or the recipe names neither a run nor a question.
    """
    if path.suffix not in SUFFIXES:
        raise Refusal(f"{path.name} is no name of a script.", "Scripts end in .sh or .py.", about=(path.name,))
    if recipe.data is None or not recipe.method:
        raise Refusal(
            "There is no run and no question here that a script could repeat.", "Train a model, or open one, first."
        )
    files = path.with_name(f"{path.stem}_files")
    inputs = _inputs(recipe)
    for name, plain in inputs.items():
        write_text(files / name, json.dumps(plain, indent=1))
    commands = commands_of(recipe, path.stem, {name: f"{files.name}/{name}" for name in inputs})
    said = [recipe.sentence or f"The run of {recipe.method}", f"Made by Otherwise{_when(recipe)}."]
    write_text(path, (_shell if path.suffix == ".sh" else _python)(commands, said))
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return [path, *(files / name for name in inputs)]


def commands_of(recipe: Recipe, stem: str, files: dict[str, str]) -> list[Command]:
    """The commands without the program's name; what they write goes into `STEM_run` and `STEM_answer`."""
    data = recipe.data
    assert data is not None
    where = [data.path, "--fingerprint", data.fingerprint] if data.fingerprint else [data.path]
    labels = ["--input", f"labels={data.labels}"] if data.labels else []
    threads = ["--threads", str(recipe.threads)] if recipe.threads is not None else []
    run: Command = ["run", recipe.method, *where, *labels]
    roles: dict[str, list[str]] = {}
    for column, role in data.roles.items():
        roles.setdefault(role, []).append(column)
    for role, columns in roles.items():
        run += ["--role", f"{role}={_json(columns)}"]
    for column, kind in data.types.items():
        run += ["--type", f"{kind}={_json([column])}"]
    for step in data.steps:
        run += ["--step", _json(dict(step))]
    if data.split:
        run += ["--split", _json(dict(data.split))]
    if data.part:
        run += ["--part", data.part]
    if "graph.json" in files:
        run += ["--graph", files["graph.json"]]
    if "knowledge.json" in files:
        run += ["--input", f"knowledge={files['knowledge.json']}"]
    if "truth.json" in files:
        run += ["--input", f"truth={files['truth.json']}"]
    if recipe.explains is not None:
        run += ["--input", f"model={recipe.explains.folder}"]
        if recipe.explains.fingerprint:
            run += ["--model-fingerprint", recipe.explains.fingerprint]
    for name, value in recipe.parameters.items():
        run += ["--set", f"{name}={_json(value)}"]
    run += ["--seed", str(recipe.training_seed or 0), "--device", recipe.device or "cpu", *threads]
    run += ["--out", f"{stem}_run"]
    if recipe.item is None:
        return [run]
    ask: Command = ["query", f"{stem}_run/model", *where, *labels, "--items", str(recipe.item)]
    for name, value in recipe.do.items():
        ask += ["--do", f"{name}={_told(value)}"]
    for name, value in recipe.values.items():
        ask += ["--set", f"{name}={_told(value)}"]
    return [run, [*ask, "--seed", str(recipe.seed or 0), *threads, "--out", f"{stem}_answer"]]


def _inputs(recipe: Recipe) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if recipe.graph is not None:
        found["graph.json"] = recipe.graph.to_json()
    if recipe.truth is not None:
        found["truth.json"] = recipe.truth.to_json()
    if recipe.knowledge:
        found["knowledge.json"] = recipe.knowledge.to_json()
    return found


def _shell(commands: Sequence[Command], said: Sequence[str]) -> str:
    """Every command in one line; $OTHERWISE names another program than the one that is installed."""
    lines = ["#!/bin/sh", *(f"# {line}" for text in said for line in text.splitlines())]
    lines += ["set -e", 'cd "$(dirname "$0")"', 'OTHERWISE="${OTHERWISE:-otherwise}"']
    return "\n".join([*lines, *(f"$OTHERWISE {shlex.join(command)}" for command in commands)]) + "\n"


def _python(commands: Sequence[Command], said: Sequence[str]) -> str:
    lines = [f"# {line}" for text in said for line in text.splitlines()]
    lines += ["import os", "import subprocess", "import sys", ""]
    lines += ["os.chdir(os.path.dirname(os.path.abspath(__file__)))", "for command in ["]
    lines += [f"    {command!r}," for command in commands]
    lines += ["]:", '    subprocess.run([sys.executable, "-m", "studio", *command], check=True)']
    return "\n".join(lines) + "\n"


def _when(recipe: Recipe) -> str:
    version = recipe.versions.get("otherwise-studio", "")
    return f" {version}{f', {recipe.made}' if recipe.made else ''}" if version else ""


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _told(value: Any) -> str:
    """A value as the command line reads it: a level by its bare name, all else as JSON."""
    return value if isinstance(value, str) else _json(value)
