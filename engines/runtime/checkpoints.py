"""Checkpoints of a run: safetensors and JSON in numbered folders, the two newest kept."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from engines.models import from_parts, to_parts
from engines.writing import new_folder

FORMAT = 1
KEPT = 2
_STATE, _TENSORS = "state.json", "tensors.safetensors"


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """Where a run can go on from.

    Attributes:
        step: How far the phase was.
        phase: The phase it was taken in; the generators are put back when that phase begins again.
        state: What the method gave.
        generators: See `randomness.Generators.state`.
        scalars: The last points before it (name, step, value, unit), told again by a run that goes on from here: those
            of the last moment may not have reached anybody.
    """

    step: int
    phase: str
    state: Mapping[str, Any]
    generators: Mapping[str, Any]
    scalars: Sequence[tuple[str, int, float, str]] = ()


class Checkpoints:
    """The checkpoints of one run in `folder`, which is made when the first is written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, checkpoint: Checkpoint) -> None:
        """Write it, then drop all but the newest two.

        Raises:
            OSError: when it cannot be written; those that are there stay whole.
        """
        numbers = self._numbers()
        number = numbers[-1] + 1 if numbers else 1
        plain, tensors = to_parts({"state": checkpoint.state, "generators": checkpoint.generators})
        document = {
            "format": FORMAT, "step": checkpoint.step, "phase": checkpoint.phase, "values": plain,
            "scalars": list(checkpoint.scalars),
        }
        try:
            with new_folder(self._folder / f"{number:06}") as part:
                save_file(tensors, part / _TENSORS)
                (part / _STATE).write_text(json.dumps(document), encoding="utf-8")
        except SafetensorError as error:
            raise OSError(str(error)) from error
        for old in numbers[: max(0, len(numbers) - KEPT + 1)]:
            shutil.rmtree(self._folder / f"{old:06}", ignore_errors=True)

    def newest(self) -> Checkpoint | None:
        """The newest that can be read, or None."""
        for number in reversed(self._numbers()):
            try:
                return _read(self._folder / f"{number:06}")
            except (OSError, SafetensorError, ValueError, KeyError, TypeError):
                continue
        return None

    def newest_step(self) -> int | None:
        """The step of the newest, without reading what it holds; None when there is none."""
        for number in reversed(self._numbers()):
            try:
                return int(json.loads((self._folder / f"{number:06}" / _STATE).read_text(encoding="utf-8"))["step"])
            except (OSError, ValueError, KeyError, TypeError):
                continue
        return None

    def _numbers(self) -> list[int]:
        if not self._folder.is_dir():
            return []
        return sorted(int(path.name) for path in self._folder.iterdir() if path.name.isdecimal())


def _read(folder: Path) -> Checkpoint:
    document = json.loads((folder / _STATE).read_text(encoding="utf-8"))
    if document["format"] > FORMAT:
        raise ValueError("made by a newer version")
    values = from_parts(document["values"], load_file(folder / _TENSORS))
    scalars = [(str(n), int(step), float(value), str(unit)) for n, step, value, unit in document.get("scalars", ())]
    return Checkpoint(document["step"], document["phase"], values["state"], values["generators"], scalars)
