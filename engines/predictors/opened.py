"""A predictor that somebody else trained, from an ONNX file: run by onnxruntime, without gradients.

The file's bytes are kept, so that the model answers where the file is gone; what it says of itself is looked at before
the runtime sees it. Symbols: n rows, d features, k levels of a target.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from engines.abilities import Feature, Target
from engines.model_formats import Heading, fitting, read_heading
from engines.predictors.stored import Learning, Stored, features_from, learning_from, targets_from
from engines.refusals import Refusal

TYPES: Mapping[str, Any] = {
    "tensor(float)": np.float32, "tensor(double)": np.float64, "tensor(int64)": np.int64, "tensor(int32)": np.int32,
}
FAR = 1e-3
"""How far the sum of a row's probabilities may lie from 1."""


@dataclass(frozen=True, eq=False)
class Opened(Stored):
    """A network or pipeline. A category goes in as the place of its level, or as text where the file asks for text.

    Attributes:
        content: The file, (bytes,) uint8, its weights inside.
        inputs: By feature the input that takes it; empty: the one input takes (n, d), the features in order.
        outputs: By target: which output of the file tells it, (n,) or (n, 1) of a number, (n, k) probabilities.
    """

    kind: ClassVar[str] = "opened"

    learned: Learning
    read: tuple[Feature, ...]
    predicted: tuple[Target, ...]
    content: np.ndarray
    inputs: Mapping[str, str]
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
        names = list(self.outputs.values())
        told = self._session.run(names, self.fed(rows))
        found = {name: np.asarray(values, dtype=np.float64) for name, values in zip(names, told, strict=True)}
        return {
            t.name: found[self.outputs[t.name]].reshape(len(rows), *([len(t.levels)] if t.levels else []))
            for t in self.predicted
        }

    def fed(self, rows: np.ndarray) -> dict[str, np.ndarray]:
        """The rows (n, d) as the file takes them, by input."""
        ports = {port.name: port for port in self._session.get_inputs()}
        if not self.inputs:
            return {name: rows.astype(TYPES[port.type]) for name, port in ports.items()}
        fed = {}
        for j, feature in enumerate(self.read):
            port = ports[self.inputs[feature.name]]
            if port.type == "tensor(string)":
                values = np.array(feature.levels, dtype=object)[rows[:, j].astype(int)]
            else:
                values = rows[:, j].astype(TYPES[port.type])
            fed[port.name] = values.reshape(-1, 1) if len(port.shape) == 2 else values
        return fed

    def labels(self, rows: np.ndarray) -> np.ndarray | None:
        """(n,) text: the class that the file itself says of each row, where one of its outputs does; else None."""
        for port in self._session.get_outputs():
            if port.type in ("tensor(string)", "tensor(int64)") and len(port.shape) == 1:
                (said,) = self._session.run([port.name], self.fed(rows))
                return np.asarray(said).astype(str)
        return None

    def state(self) -> dict[str, Any]:
        return {
            **self.head(), "content": self.content, "inputs": dict(self.inputs), "outputs": dict(self.outputs),
        }

    @staticmethod
    def from_state(state: Mapping[str, Any]) -> Opened:
        """The inverse of `state`."""
        return Opened(
            learning_from(state["learned"]), features_from(state["features"]), targets_from(state["targets"]),
            np.asarray(state["content"]), dict(state.get("inputs", {})), dict(state["outputs"]),
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
        Refusal: when it is no ONNX file, reaches beyond itself, takes other columns, or tells no number or
            probabilities of a target.
    """
    heading = read_heading(file)
    found, name = fitting(heading, features, targets), heading.path.name
    at = [place for place, feature in enumerate(features) if feature in found.features]
    order = sorted(at, key=lambda place: found.features.index(features[place]))
    content = whole(heading)
    model = Opened(
        how, found.features, tuple(targets), np.frombuffer(content, dtype=np.uint8).copy(), found.inputs, found.outputs
    )
    session(content, name)
    _try(model, rows[:64, order], name)
    return model


def whole(heading: Heading) -> bytes:
    """The file with the weights that lie beside it.

    Raises:
        Refusal: when they cannot be taken in.
    """
    if not heading.beside:
        return heading.path.read_bytes()
    try:
        import onnx
    except ImportError as error:
        raise Refusal(
            f"Taking in the weights beside {heading.path.name} needs onnx.",
            'Install it: pip install "otherwise-studio[onnx]".',
        ) from error
    try:
        return onnx.load(str(heading.path)).SerializeToString()
    except Exception as error:
        raise Refusal(
            f"The weights beside {heading.path.name} cannot be read.", str(error).partition("\n")[0][:300],
            about=(heading.path.name, *heading.beside),
        ) from error


def _try(model: Opened, rows: np.ndarray, file: str) -> None:
    """Let it predict once, so that what it cannot do is said now."""
    try:
        told, said = model.predict(rows), model.labels(rows)
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
        if target.levels and len(model.targets) == 1 and said is not None:
            _check_order(target, values, said, file)


def _check_order(target: Target, values: np.ndarray, said: np.ndarray, file: str) -> None:
    """Refuse probabilities whose columns are not the levels in their order, where the file's own classes tell."""
    likeliest = np.array(target.levels)[values.argmax(axis=1)]
    if np.isin(said, target.levels).all() and (differ := likeliest != said).any():
        at = int(np.argmax(differ))
        raise Refusal(
            f"{file} tells the levels of {target.name} in another order.",
            f"It says {said[at]} where its probabilities say {likeliest[at]}; they must stand in the order "
            f"{', '.join(target.levels)}.", about=(file, target.name),
        )
