"""Packages of the tests made known as if pip had installed them, to this process and to those that it starts."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest


def install(project: Path, place: Path, patch: pytest.MonkeyPatch) -> None:
    """Write the metadata that an installer would write for `project` into `place`, and put both on the path."""
    about = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    info = place / f"{about['name'].replace('-', '_')}-{about['version']}.dist-info"
    info.mkdir(parents=True)
    metadata = f"Metadata-Version: 2.1\nName: {about['name']}\nVersion: {about['version']}\n"
    (info / "METADATA").write_text(metadata, encoding="utf-8")
    lines = []
    for group, points in about.get("entry-points", {}).items():
        lines += [f"[{group}]", *(f"{name} = {value}" for name, value in points.items())]
    (info / "entry_points.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for path in (str(place), str(project)):
        patch.syspath_prepend(path)
        others = os.environ.get("PYTHONPATH")
        patch.setenv("PYTHONPATH", path + (os.pathsep + others if others else ""))
