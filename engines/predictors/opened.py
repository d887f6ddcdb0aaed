"""A predictor that somebody else trained, from an ONNX file: run by onnxruntime, without gradients.

The file's bytes are kept, so that the model answers where the file is gone. It is read from memory: an ONNX file that
points at other files is refused by the runtime. Symbols: n rows, d features, k levels of a target.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from engines.abilities import Feature, Target
from engines.data.limits import in_words
from engines.predictors.stored import Learning, Stored, features_from, learning_from, targets_from
from engines.refusals import Refusal

LARGEST = 256 << 20             # bytes of a file
NUMBERS = {"tensor(float)": np.float32, "tensor(double)": np.float64}
FAR = 1e-3
"""How far the sum of a row's probabilities may lie from 1."""


@dataclass(frozen=True, eq=False)
class Opened(Stored):
    """A network or pipeline of one input (n, d), the features in order, of a category the place of its level.

    Attributes:
        content: The file, (bytes,) uint8.
        outputs: By target: which output of the file tells it, (n,) or (n, 1) of a number, (n, k) probabilities.
    """

    kind: ClassVar[str] = "opened"

    learned: Learning
    read: tuple[Feature, ...]
    predicted: tuple[Target, ...]
    content: np.ndarray
    outputs: Mapping[str, str]

    @property
    def features(self) -> tuple[Feature, ...]:
        return self.read

    @property
    def targets(self) -> tuple[Target, ...]:
        return self.predicted

    @cached_property
    def _session(self) -> Any:
        return session(self.content.tobytes(), "the kept ONNX file")

    def predict(self, rows: np.ndarray) -> dict[str, np.ndarray]:
        (taken,) = self._session.get_inputs()
        names = list(self.outputs.values())
        told = self._session.run(names, {taken.name: rows.astype(NUMBERS[taken.type])})
        found = {name: np.asarray(values, dtype=np.float64) for name, values in zip(names, told, strict=True)}
        return {
            t.name: found[self.outputs[t.name]].reshape(len(rows), *([len(t.levels)] if t.levels else []))
            for t in self.predicted
        }

    def state(self) -> dict[str, Any]:
        return {**self.head(), "content": self.content, "outputs": dict(self.outputs)}

    @staticmethod
    def from_state(state: Mapping[str, Any]) -> Opened:
        """The inverse of `state`."""
        return Opened(
            learning_from(state["learned"]), features_from(state["features"]), targets_from(state["targets"]),
            np.asarray(state["content"]), dict(state["outputs"]),
        )


def session(content: bytes, name: str) -> Any:
    """What runs the file.

    Raises:
        Refusal: when onnxruntime is not here, or cannot read it.
    """
    try:
        import onnxruntime
    except ImportError as error:
        raise Refusal(
            "Opening an ONNX file needs onnxruntime.", 'Install it: pip install "otherwise-studio[onnx]".'
        ) from error
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = 1
    try:
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        cause = str(error).partition("\n")[0][:300]
        raise Refusal(f"{name} cannot be read as ONNX.", cause, about=(name,)) from error


def opened(
    file: str, how: Learning, features: Sequence[Feature], targets: Sequence[Target], rows: np.ndarray
) -> Opened:
    """The predictor in `file`, tried on `rows` (n, d).

    Raises:
        Refusal: when it is no ONNX file, takes other columns, or tells no number or probabilities of a target.
    """
    path = Path(file).expanduser()
    if not file or not path.is_file():
        said = f"There is no file {file}." if file else "Which ONNX file is to be opened is not said."
        raise Refusal(said, "Give its path under File.", about=("file",))
    if (size := path.stat().st_size) > LARGEST:
        raise Refusal(f"{path.name} is {in_words(size)} large, more than {in_words(LARGEST)}.", about=(path.name,))
    content = path.read_bytes()
    found = session(content, path.name)
    inputs = found.get_inputs()
    if len(inputs) != 1 or inputs[0].type not in NUMBERS or len(inputs[0].shape) != 2:
        takes = ", ".join(f"{one.name} {one.type} {one.shape}" for one in inputs)
        raise Refusal(
            f"{path.name} does not take one table of numbers.", f"It takes {takes}; needed is one input (rows, "
            f"{len(features)}).", about=(path.name,),
        )
    width = inputs[0].shape[1]
    if isinstance(width, int) and width != len(features):
        raise Refusal(
            f"{path.name} takes {width} columns; {len(features)} have the role factor.",
            f"They go in as they stand: {', '.join(f.name for f in features)}.", about=(path.name,),
        )
    outputs = {one.name: one for one in found.get_outputs()}
    chosen = {target.name: _output_for(target, list(outputs), targets, outputs, path.name) for target in targets}
    model = Opened(how, tuple(features), tuple(targets), np.frombuffer(content, dtype=np.uint8).copy(), chosen)
    _try(model, rows, path.name)
    return model


def _output_for(
    target: Target, names: list[str], targets: Sequence[Target], outputs: Mapping[str, Any], file: str
) -> str:
    """By its name; where one target is asked for, the one output of the right shape will do."""
    if target.name in outputs:
        return target.name
    fitting = [name for name in names if outputs[name].type in NUMBERS and _fits(outputs[name].shape, target)]
    if len(targets) == 1 and len(fitting) == 1:
        return fitting[0]
    wanted = f"probabilities of {', '.join(target.levels)}" if target.levels else "one number a row"
    raise Refusal(
        f"{file} has no output that tells {target.name}.", f"Its outputs are {', '.join(names)}; needed is one called "
        f"{target.name}, or the only one with {wanted}.", about=(file, target.name),
    )


def _fits(shape: Sequence[Any], target: Target) -> bool:
    if target.levels:
        return len(shape) == 2 and (not isinstance(shape[1], int) or shape[1] == len(target.levels))
    return len(shape) == 1 or (len(shape) == 2 and shape[1] == 1)


def _try(model: Opened, rows: np.ndarray, file: str) -> None:
    """Let it predict once, so that what it cannot do is said now."""
    try:
        told = model.predict(rows[:64])
    except Exception as error:
        cause = str(error).partition("\n")[0][:300]
        raise Refusal(f"{file} cannot predict the rows of these data.", cause, about=(file,)) from error
    for target in model.targets:
        values = told[target.name]
        if not np.isfinite(values).all():
            raise Refusal(f"{file} gives no number for {target.name} in some rows.", about=(file, target.name))
        if target.levels and ((values < 0).any() or np.abs(values.sum(axis=1) - 1).max() > FAR):
            raise Refusal(
                f"{file} gives no probabilities for {target.name}.",
                "Each row must have one for each level, in the order of the levels, and they must add up to 1.",
                about=(file, target.name),
            )
