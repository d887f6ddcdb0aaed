"""A full disk, a forbidden folder or a kill at any step of writing leaves what was there, byte for byte."""

from __future__ import annotations

import ast
import builtins
import errno
import io
import itertools
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from engines import catalogue, manifest, models
from engines.data.reference import DataReference
from engines.graph import formats
from engines.graph.graph import Graph
from engines.refusals import Refusal
from engines.runtime import execution, local
from engines.runtime.checkpoints import Checkpoint, Checkpoints
from engines.runtime.messages import RunRequest
from engines.runtime.randomness import Generators
from studio.catalogue import Catalogue
from studio.exports.atomic import write_text
from studio.exports.data_files import write_result
from studio.exports.model_files import export_model
from studio.exports.report import Sources, write_report
from studio.exports.script import write_script
from studio.project import Project
from studio.project.earlier import keep_snapshot, restore, snapshots
from studio.project.migrations import copy_database
from studio.project.project import _move
from studio.project.recent import RecentProjects
from studio.recipes.recipes import Recipe
from studio.report.contents import Entry
from studio.runs.verdicts import Verdicts
from tests.small_disk import room_for
from tests.studio.stand_ins import curve_result, images_result, table_result, verdict, write_model
from widgets.export import figure_of_result, save
from widgets.theme import appearance

Tree = dict[str, bytes]
ROOT = Path(__file__).parent.parent.parent


# ------------------------------------------------------------------------------------------- what is written, by kind


def figure(suffix: str) -> Callable[[Path, int], None]:
    return lambda folder, version: save(figure_of_result(curve_result(version)), folder / f"figure.{suffix}")


def graph(suffix: str) -> Callable[[Path, int], None]:
    def write(folder: Path, version: int) -> None:
        names = [f"n{i}" for i in range(40 * version)]
        formats.write(Graph.of(names, list(itertools.pairwise(names))), folder / f"g.{suffix}")

    return write


def result(make: Callable[..., Any]) -> Callable[[Path, int], None]:
    return lambda folder, version: write_result(make(version + 2), folder) and None


def text(folder: Path, version: int) -> None:
    """As every table, animation and document of the studio is written."""
    write_text(folder / "scalars.csv", f"{version}," * 4000)


def script(folder: Path, version: int) -> None:
    data = DataReference("/data/chain.csv", "9c41e07b")
    recipe = Recipe(data=data, method="colide", graph=Graph.of("ab", [("a", "b")]), training_seed=version)
    write_script(recipe, folder / "again.sh")


def model(folder: Path, version: int) -> None:
    method = catalogue.load("colide")
    if "fitted" not in _kept:
        _kept["fitted"] = local.fit(method, method.trial.inputs(), method.trial.parameters)
    models.save(_kept["fitted"].model, folder / "model", method="colide", card={"version": "x" * version * 900})


def results(folder: Path, version: int) -> None:
    """The files that a run leaves: its model, then its results."""
    if version == 1:
        return
    model(folder / "made elsewhere", 1)
    method = catalogue.load("colide")
    request = RunRequest(1, "colide", DataReference("/data/x.csv"), {}, 0, "")
    execution.save(request, method.trial.inputs(), method.trial.parameters, _kept["fitted"], folder)


def checkpoint(folder: Path, version: int) -> None:
    state = {"weights": np.full(500, float(version))}
    Checkpoints(folder).write(Checkpoint(version, "work", state, Generators(0).state()))
    found = Checkpoints(folder).newest()
    assert found is not None
    assert found.step == version


def recent(folder: Path, version: int) -> None:
    class Opened:
        pass

    Opened.folder = folder / f"{version}.otherwise"  # type: ignore[attr-defined]
    RecentProjects(folder / "recent.json").note(Opened)  # type: ignore[arg-type]


def check(folder: Path, version: int) -> None:
    Verdicts(folder).keep("colide", {**verdict("passed"), "seconds": version})


def methods(folder: Path, version: int) -> None:
    if version == 1:
        (folder / "manifest.json").write_text("{}")
    else:
        manifest.main(["--out", str(folder / "manifest.json")])


def exported(folder: Path, version: int) -> None:
    if version == 1:
        write_model(folder / "model")
    else:
        export_model(folder / "model", "safetensors", folder / "out")


def report(folder: Path, version: int) -> None:
    if version == 1:
        write_model(folder / "model")
    else:
        sources = Sources("p", folder, None, Catalogue(folder / "state"))  # type: ignore[arg-type]
        write_report((Entry(1, "model", "A model", folder="model"),), sources, folder / "out")


def snapshot(folder: Path, version: int) -> None:
    if version == 1:
        Project.open(folder / "p.otherwise").close()
    keep_snapshot(folder / "p.otherwise")


def put_back(folder: Path, version: int) -> None:
    if version == 1:
        Project.open(folder / "p.otherwise").close()
        Project.open(folder / "p.otherwise").close()
    else:
        restore(folder / "p.otherwise", snapshots(folder / "p.otherwise")[0])


def backup(folder: Path, version: int) -> None:
    with closing(sqlite3.connect(folder / "now.db")) as database:
        if version == 1:
            database.execute("CREATE TABLE t AS SELECT 1 AS a")
            database.commit()
        copy_database(database, folder / f"{version}.db")


def other_disk(folder: Path, version: int) -> None:
    if version == 1:
        (folder / "p.otherwise" / "data").mkdir(parents=True)
        (folder / "p.otherwise" / "data" / "x.csv").write_text("a\n1\n" * 400)
    else:
        _move(folder / "p.otherwise", folder / "q.otherwise")


_kept: dict[str, Any] = {}

KINDS: dict[str, Callable[[Path, int], None]] = {
    "png": figure("png"), "svg": figure("svg"), "pdf": figure("pdf"), "text": text,
    "graph json": graph("json"), "graph graphml": graph("graphml"), "graph dot": graph("dot"),
    "table": result(table_result), "pictures": result(images_result),
    "script": script, "model": model, "run": results, "checkpoint": checkpoint, "recent projects": recent,
    "check": check, "manifest": methods, "exported model": exported, "report": report, "snapshot": snapshot,
    "state put back": put_back, "backup": backup, "project on another disk": other_disk,
}
"""Each writes into a folder: version 1 is what lies there before, version 2 what is written when something happens."""


# ------------------------------------------------------------------------------------------------------- what happens


class Killed(BaseException):
    """The process is gone: nothing after this reaches the disk."""


class Disk:
    """Counts what is done to the disk, and lets one of these steps fail.

    Args:
        step: Which one, from 0; -1 for none.
        error: What it raises. After `Killed` nothing can be done any more.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, step: int, error: BaseException, *, two_disks: bool) -> None:
        self.steps, self._step, self._error, self._dead = 0, step, error, False
        self._two = two_disks
        for module, name in ((io, "open"), (builtins, "open")):
            monkeypatch.setattr(module, name, self._opening(getattr(module, name)))
        for name in ("fsync", "replace", "rename", "mkdir", "rmdir", "unlink", "remove"):
            monkeypatch.setattr(os, name, self._watched(name, getattr(os, name)))

    def _opening(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def opened(file: Any, mode: str = "r", *more: Any, **named: Any) -> Any:
            if set(mode) & set("wxa"):
                self._pass()
            return real(file, mode, *more, **named)

        return opened

    def _watched(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def done(*given: Any, **named: Any) -> Any:
            self._pass()
            if self._two and name == "rename" and str(given[0]).endswith("p.otherwise"):
                raise OSError(errno.EXDEV, "Invalid cross-device link")
            return real(*given, **named)

        return done

    def _pass(self) -> None:
        if self._dead:
            raise self._error
        self.steps += 1
        if self.steps - 1 == self._step:
            self._dead = isinstance(self._error, Killed)
            raise self._error


def tree(folder: Path) -> Tree:
    """Every file below a folder, but for what SQLite keeps beside a database, and a lock: a stale one is taken over."""
    beside = ("-shm", "-wal", "-journal", "lock.json")
    files = (p for p in sorted(folder.rglob("*")) if p.is_file() and not p.name.endswith(beside))
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in files}


def stood(before: Tree, after: Tree, whole: Tree, *, died: bool) -> None:
    """What was there is there still, or the new one in its place; what is new is whole; nothing half done stays."""
    for name, content in after.items():
        if name in before and content == before[name]:
            continue
        half = name.split("/")[-1].startswith(".") or any(part.endswith(".part") for part in name.split("/"))
        assert (died and half) or (name in whole and _same(name, content, whole[name])), name
    gone = before.keys() - after.keys()
    assert not gone or all(name in whole or f"q{name[1:]}" in after for name in gone), gone


def _same(name: str, content: bytes, whole: bytes) -> bool:
    """Whether a new file is whole; those that hold the hour are as long as another of their kind."""
    return content == whole or (len(content) > 0 and abs(len(content) - len(whole)) < 64 and not name.endswith(".part"))


def begun(write: Callable[[Path, int], None], folder: Path) -> Tree:
    """What lies there before."""
    folder.mkdir()
    write(folder, 1)
    return tree(folder)


@pytest.fixture(scope="module")
def themed(qapp: QApplication) -> None:
    """Figures are drawn with the fonts of the theme."""
    appearance().install(qapp)


FAULTS = {
    "no room": OSError(errno.ENOSPC, "No space left on device"), "forbidden": PermissionError(errno.EACCES, "Denied"),
    "killed": Killed(),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_at_any_step_leaves_what_was_there(kind: str, themed, tmp_path: Path) -> None:
    write, two = KINDS[kind], kind == "project on another disk"
    begun(write, tmp_path / "good")
    with pytest.MonkeyPatch.context() as patch:
        disk = Disk(patch, -1, Killed(), two_disks=two)
        write(tmp_path / "good", 2)
    whole = tree(tmp_path / "good")
    assert disk.steps >= 2
    steps = sorted({*range(min(disk.steps, 5)), *range(max(0, disk.steps - 3), disk.steps)})
    for name, error in FAULTS.items():
        for step in steps:
            folder = tmp_path / f"{name} {step}"
            before = begun(write, folder)
            with pytest.MonkeyPatch.context() as patch:
                Disk(patch, step, error, two_disks=two)
                try:
                    write(folder, 2)
                except (OSError, Refusal, Killed):
                    pass
            stood(before, tree(folder), whole, died=name == "killed")


CONVENIENCES = {"snapshot", "recent projects"}
"""What is done without where it cannot be written: a project opens all the same."""


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "project on another disk"])
def test_a_write_that_the_system_cuts_short_leaves_what_was_there(kind: str, themed, tmp_path: Path) -> None:
    write = KINDS[kind]
    before = begun(write, tmp_path / "good")
    write(tmp_path / "good", 2)
    whole = tree(tmp_path / "good")
    longest = max(len(content) for name, content in whole.items() if content != before.get(name))
    for size in (0, longest // 2):
        folder = tmp_path / f"{size}"
        before = begun(write, folder)
        failed = False
        with room_for(size):
            try:
                write(folder, 2)
            except (OSError, Refusal, sqlite3.Error):
                failed = True
        after = tree(folder)
        stood(before, after, whole, died=False)
        assert failed or kind in CONVENIENCES, "nobody was told"
        assert failed or after == before


# ------------------------------------------------------------------------------------------------------- nothing else

WRITERS = {
    **dict.fromkeys(
        (
            "engines/graph/formats/__init__.py", "engines/model_formats/exporting.py", "engines/models.py",
            "engines/runtime/checkpoints.py", "engines/runtime/execution.py", "studio/exports/atomic.py",
            "studio/exports/model_files.py", "studio/exports/report.py", "studio/project/earlier.py",
            "studio/project/project.py", "widgets/export.py",
        ),
        "writes to a name that engines.writing gave",
    ),
    "engines/manifest.py": "the same; and a child's answer to its parent",
    "studio/project/lock.py": "made by whoever is first, never in the place of another",
    "studio/engine/lanes.py": "a log, which only grows",
    "engines/runtime/memory.py": "asks the system", "engines/runtime/lane.py": "asks the system; a pipe",
    "widgets/theme/appearance.py": "icons in a folder that goes with the process",
}
_WRITE = {"write_text", "write_bytes", "save_file", "copyfile", "copytree", "copy2", "copy", "move"}


def writes(source: str) -> list[str]:
    """Calls that write a file by themselves."""
    found = []
    for call in (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        owner = getattr(call.func.value, "id", "") if isinstance(call.func, ast.Attribute) else ""
        modes = [a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        opens = name in ("open", "fdopen") and any(set(mode) & set("wxa") and len(mode) <= 3 for mode in modes)
        named = name in _WRITE and (name not in ("copy", "move", "write_text", "write_bytes") or owner == "shutil")
        if opens or named or (name in ("write_text", "write_bytes") and isinstance(call.func, ast.Attribute)):
            found.append(name)
    return found


def test_only_known_modules_write_files() -> None:
    """What is new here must be one of the kinds above, or say why it need not be."""
    found = {
        path.relative_to(ROOT).as_posix()
        for folder in ("engines", "studio", "widgets") for path in (ROOT / folder).rglob("*.py")
        if writes(path.read_text("utf-8"))
    }
    assert found == WRITERS.keys()
    assert writes("path.write_text('x')\nopen(p, 'wb')\nshutil.copyfile(a, b)") == ["write_text", "open", "copyfile"]
