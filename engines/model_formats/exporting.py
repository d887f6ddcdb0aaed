"""Writing the parts of a model one by one, and keeping them only when they compute what ours compute."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from engines.contract import Exportable, Model
from engines.data.kinds import DataSet
from engines.model_formats.formats import FORMATS, Format, missing_extra
from engines.refusals import Refusal
from engines.writing import new_folder

REPORT = "export.json"
_VERSIONED = ("torch", "onnx", "onnxscript", "onnxruntime", "numpy")


def export_networks(
    model: Model,
    name: str,
    to: str,
    out: Path,
    factual: DataSet | None,
    *,
    texts: Mapping[str, Any],
    tell: Callable[[int, int], None],
) -> list[Path]:
    """Write the parts of a model as files of one format into the folder `out`, with a report beside them.

    Args:
        name: What refusals call the model.
        factual: Items to check the files with; None: the model draws its own.
        texts: JSON by name, kept in each file's metadata and in the report: card and recipe.
        tell: Gets (parts done, all parts).

    Returns:
        The files written.

    Raises:
        Refusal: when an extra is missing, the model offers no network, or a file computes something else than ours:
            then nothing is left.
    """
    target = FORMATS[to]
    if extra := missing_extra(to):
        how = f'Install it with: pip install "otherwise-studio[{extra}]"'
        raise Refusal(f"{target.title} files need the extra {extra}.", how, about=(extra,))
    offered = model.exports(factual)
    if not offered:
        raise Refusal(f"{name} has no network to write as {target.title}.", "Export it as safetensors.")
    with new_folder(out) as work:
        told = []
        for done, part in enumerate(offered):
            tell(done, len(offered))
            told.append(_written(part, target, work / f"{part.name}{target.suffix}", name, texts))
        report = {
            "format": 1, "to": to, "parts": told, "versions": _versions(),
            "checked_with": "numbers that the model drew" if factual is None else factual.name, **texts,
        }
        (work / REPORT).write_text(json.dumps(report, indent=1, default=str), encoding="utf-8")
    tell(len(offered), len(offered))
    return [out / f"{part.name}{target.suffix}" for part in offered] + [out / REPORT]


def _written(part: Exportable, target: Format, path: Path, name: str, texts: Mapping[str, Any]) -> dict[str, Any]:
    """Write a part, run the file, compare; what the report says of it."""
    about = {**texts, "part": {"name": part.name, "says": part.says, **part.facts}}
    target.write(part, path, {key: json.dumps(value, default=str) for key, value in about.items()})
    items = len(next(iter(part.inputs.values())))
    difference = max(_difference(part, target, path, count) for count in {items, 1})
    if not difference <= part.tolerance:                        # NaN is refused as well
        raise Refusal(
            f"The part {part.name} of {name} computes something else as {target.title}: it differs by "
            f"{difference:.3g}, where {part.tolerance:.3g} is allowed.",
            "Nothing was written. Export it as safetensors.", about=(part.name,),
        )
    return {
        "name": part.name, "file": path.name, "says": part.says, "facts": dict(part.facts),
        "inputs": {key: _shape(value) for key, value in part.inputs.items()}, "outputs": list(part.outputs),
        "largest_difference": difference, "tolerance": part.tolerance, "items_checked": items,
        "bytes": path.stat().st_size,
    }


def _difference(part: Exportable, target: Format, path: Path, count: int) -> float:
    """The largest absolute difference between our outputs and the file's, over the first `count` items."""
    import torch

    inputs = {key: value[:count].contiguous() for key, value in part.inputs.items()}
    with torch.no_grad():
        ours = part.network(*inputs.values())
    expected = ours if isinstance(ours, tuple) else (ours,)
    found = target.run(path, {key: value.numpy() for key, value in inputs.items()})
    if len(found) != len(expected) or any(a.shape != b.shape for a, b in zip(found, expected, strict=True)):
        return float("inf")
    return max(float(np.abs(a - b.numpy()).max()) for a, b in zip(found, expected, strict=True))


def _shape(value: Any) -> dict[str, Any]:
    return {"shape": ["items", *value.shape[1:]], "type": str(value.dtype).removeprefix("torch.")}


def _versions() -> dict[str, str]:
    found = {}
    for name in _VERSIONED:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found
