"""The formats: how a part is written to a file, and how the written file is run.

A writer and a runner share the file only: the runner reads what another program would read.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import logging
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engines.contract import Exportable

Arrays = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Format:
    """One format.

    Attributes:
        title: As it is said: "ONNX".
        suffix: Of its files.
        needs: Modules that must be installed; `extra` names the optional dependency that brings them.
        write: (part, path, texts): write a part with texts in the file's own metadata.
        run: (path, inputs) -> outputs: run a written file.
    """

    title: str
    suffix: str
    write: Callable[[Exportable, Path, Mapping[str, str]], None]
    run: Callable[[Path, Arrays], list[np.ndarray]]
    needs: tuple[str, ...] = ()
    extra: str = ""


def missing_extra(to: str) -> str:
    """The extra that must be installed before this format can be written, or an empty name."""
    wanted = FORMATS[to]
    return wanted.extra if any(importlib.util.find_spec(name) is None for name in wanted.needs) else ""


def _write_onnx(part: Exportable, path: Path, texts: Mapping[str, str]) -> None:
    import torch

    with _quietly():
        program = torch.onnx.export(
            _traced(part), dynamo=True, verbose=False, external_data=False,
            input_names=list(part.inputs), output_names=list(part.outputs),
        )
    assert program is not None
    program.model.metadata_props.update(texts)
    program.model.doc_string = part.says
    program.save(str(path))


def _run_onnx(path: Path, inputs: Arrays) -> list[np.ndarray]:
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    return [np.asarray(value) for value in session.run(None, dict(inputs))]


def _write_torch(part: Exportable, path: Path, texts: Mapping[str, str]) -> None:
    import torch

    with _quietly():
        torch.export.save(_traced(part), str(path), extra_files=dict(texts))


def _run_torch(path: Path, inputs: Arrays) -> list[np.ndarray]:
    """Only ever called on a file that was written a moment ago."""
    import torch

    with _quietly(), torch.no_grad():
        told = torch.export.load(str(path)).module()(*(torch.from_numpy(value) for value in inputs.values()))
    return [value.numpy() for value in (told if isinstance(told, tuple) else (told,))]


def _traced(part: Exportable) -> Any:
    """The part as torch.export sees it, the first axis of each input free."""
    import torch

    items = torch.export.Dim("items", min=1, max=1 << 20)
    with torch.no_grad():
        return torch.export.export(
            part.network, tuple(part.inputs.values()), dynamic_shapes=tuple({0: items} for _ in part.inputs)
        )


@contextlib.contextmanager
def _quietly() -> Iterator[None]:
    """torch and onnxscript warn of their own inner workings, and print a report of what goes well."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


FORMATS = {
    "onnx": Format("ONNX", ".onnx", _write_onnx, _run_onnx, ("onnx", "onnxscript", "onnxruntime"), "onnx"),
    "torch_export": Format("torch.export", ".pt2", _write_torch, _run_torch),
}
"""By the name that the command line uses."""
