"""The announcements of methods as data, so that the window need not import them. `python -m engines.manifest`.

Built-in methods stand in `resources/methods/manifest.json`; a test fails when it is stale. A third party's package is
described once in a child process with a time limit, and its description kept until the package changes.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import importlib.util
import json
import logging
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

from engines import catalogue
from engines.writing import replacing

FORMAT = 1
CHILD_SECONDS = 30.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Failure:
    """A package of methods that cannot be used, and why."""

    package: str
    sentence: str
    cause: str = ""


def built_in() -> dict[str, Any]:
    """The manifest of the built-in methods, made by importing them all."""
    found = sorted(catalogue.built_in())
    methods = [{**_described(name, module), "check": _checked(name)} for name, module in found]
    return {"format": FORMAT, "methods": methods}


def read() -> dict[str, Any]:
    """The manifest of the built-in methods as it is kept."""
    document: dict[str, Any] = json.loads(_kept().read_text(encoding="utf-8"))
    return document


def third_party(cache: Path, *, describe_new: bool = True, seconds: float = CHILD_SECONDS) -> tuple[
    list[dict[str, Any]], list[Failure]
]:
    """Descriptions of the methods of other packages, and the packages that cannot be used.

    Args:
        cache: Folder of what was described before.
        describe_new: Describe packages that are new or changed, in a child process each; otherwise they are left out.
        seconds: What a child process is given.
    """
    methods: list[dict[str, Any]] = []
    failures: list[Failure] = []
    for point in entry_points(group=catalogue.ENTRY_POINTS):
        kept = cache / f"{point.name}-{_key(point)}.json"
        document = _document(kept)
        if document is None and describe_new:
            cache.mkdir(parents=True, exist_ok=True)
            document = _described_by_child(point, seconds)
            with replacing(kept) as part:
                part.write_text(json.dumps(document), encoding="utf-8")
        if document is None:
            continue
        methods += document["methods"]
        if "failure" in document:
            failures.append(Failure(point.name, *document["failure"]))
    return methods, failures


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the manifest of the built-in methods; or, as a child, the description of one package."""
    parser = argparse.ArgumentParser(prog="engines.manifest", description=main.__doc__)
    parser.add_argument("--check", action="store_true", help="only say, by exit code 1, whether it is stale")
    parser.add_argument("--package", help="describe the package of this entry point instead")
    parser.add_argument("--out", type=Path, help="where to write it")
    options = parser.parse_args(arguments)
    if options.package:
        methods = [_described(name, module) for name, module in catalogue.third_party(options.package)]
        options.out.write_text(json.dumps({"methods": methods}), encoding="utf-8")
        return 0
    text = as_text(built_in())
    path = options.out or _kept()
    if options.check:
        return int(not path.exists() or path.read_text(encoding="utf-8") != text)
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as part:
        part.write_text(text, encoding="utf-8")
    return 0


def as_text(document: Mapping[str, Any]) -> str:
    """The manifest as it stands in its file."""
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _described(name: str, module: str) -> dict[str, Any]:
    description: dict[str, Any] = importlib.import_module(module).method.describe(name)
    return description


def _checked(name: str) -> dict[str, Any] | None:
    """What the check of a built-in method claims and asks; None when it has none."""
    module = f"engines.checks.{name}"
    if importlib.util.find_spec(module) is None:
        return None
    check = importlib.import_module(module).check
    criteria = [{"name": one.name, "sentence": one.sentence} for one in check.criteria]
    return {"claim": check.claim, "calibrated": check.calibrated, "minutes": check.minutes, "criteria": criteria}


def _kept() -> Path:
    with resources.as_file(resources.files("resources")) as folder:
        return folder / "methods" / "manifest.json"


def _document(path: Path) -> dict[str, Any] | None:
    try:
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return document


def _key(point: EntryPoint) -> str:
    """Changes with the package's version, and with its files where they can be edited in place."""
    facts = [str(FORMAT), point.value, sys.version, point.dist.version if point.dist else ""]
    try:
        spec = importlib.util.find_spec(point.value.partition(".")[0])
    except (ImportError, ValueError):
        spec = None
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        files = sorted(Path(folder).rglob("*.py"))
        facts += [f"{path}:{path.stat().st_mtime_ns}" for path in files]
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:16]


def _described_by_child(point: EntryPoint, seconds: float) -> dict[str, Any]:
    """The description of one package; a failure is named and kept like one."""
    with tempfile.TemporaryDirectory(prefix="otherwise-manifest-") as folder:
        out = Path(folder) / "methods.json"
        command = [sys.executable, "-m", "engines.manifest", "--package", point.name, "--out", str(out)]
        try:
            child = subprocess.run(
                command, capture_output=True, text=True, timeout=seconds, stdin=subprocess.DEVNULL, check=False
            )
        except subprocess.TimeoutExpired:
            sentence = f"The methods of {point.name} did not describe themselves within {seconds:g} s."
            cause = "Update the package or remove it. The command otherwise open --safe leaves it out."
            return {"methods": [], "failure": [sentence, cause]}
        document = _document(out)
    if document is None:
        _log.warning("%s: %s", point.name, child.stderr)
        last = child.stderr.strip().splitlines()[-1:] or [f"It ended with exit code {child.returncode}."]
        return {"methods": [], "failure": [f"The methods of {point.name} could not be loaded.", last[0]]}
    return document


if __name__ == "__main__":
    sys.exit(main())
