"""The samples that come with the program: data, graph, and a trained model, each in a folder of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from engines.questions import Question

ROOT = Path(str(resources.files("resources"))) / "samples"


@dataclass(frozen=True)
class Sample:
    """One sample project, as its `sample.json` describes it. Paths are absolute; None where it has no such file.

    Attributes:
        id: The folder's name.
        subtitle: One line under the title: what is in it.
        question, method: Ids of the question it opens with and of the method that answers it.
        steps: Recorded preparation of the data.
        roles: Role by column, where it differs from the guess.
        item: Row id of the first factual.
    """

    id: str
    title: str
    subtitle: str
    question: str
    method: str
    data: Path
    steps: tuple[Mapping[str, Any], ...]
    roles: Mapping[str, str]
    graph: Path | None
    truth: Path | None
    model: Path | None
    picture: Path | None
    item: int | None


def samples() -> tuple[Sample, ...]:
    """All shipped samples: those with a trained model first, then in the order of their questions."""
    def place(sample: Sample) -> tuple[bool, int, str]:
        return sample.model is None, list(Question).index(Question(sample.question)), sample.title

    found = [_read(folder) for folder in sorted(ROOT.iterdir()) if (folder / "sample.json").is_file()]
    return tuple(sorted(found, key=place))


def sample(id: str) -> Sample:
    """One sample by the name of its folder."""
    return _read(ROOT / id)


def _read(folder: Path) -> Sample:
    plain = json.loads((folder / "sample.json").read_text("utf-8"))

    def path(key: str) -> Path | None:
        return folder / plain[key] if plain.get(key) else None

    return Sample(
        folder.name, plain["title"], plain["subtitle"], plain["question"], plain["method"], folder / plain["data"],
        tuple(plain.get("steps", ())), plain.get("roles", {}), path("graph"), path("truth"), path("model"),
        path("picture"), plain.get("item"),
    )
