"""What an ONNX file says of itself: inputs, outputs and all that would reach beyond it; nothing of it is run.

Read without onnx and without a runtime, so that the window may look at a stranger's file. The numbers of the fields are
those of onnx.proto.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath

from engines.data.limits import in_words
from engines.model_formats.protobuf import fields, parts, text, whole
from engines.models import is_pickle, pickle_refusal
from engines.refusals import Refusal

LARGEST = 256 << 20             # bytes of a file, with those that it names
_MOST, _DEEPEST = 200_000, 16   # operators of a file; graphs inside one another
_HERE = frozenset({"", "ai.onnx", "ai.onnx.ml", "com.microsoft"})
"""Families of operators that onnxruntime brings; code of any other would have to be loaded from somewhere."""
_TYPES = {1: "float", 2: "uint8", 3: "int8", 5: "int16", 6: "int32", 7: "int64", 8: "string", 9: "bool", 10: "float16",
          11: "double"}


@dataclass(frozen=True)
class Port:
    """An input or output. type: of its elements, as onnxruntime names them, or "sequence" or "map", which hold none.

    Attributes:
        shape: None for a size that is open; the whole None where the file does not say.
    """

    name: str
    type: str
    shape: tuple[int | None, ...] | None = None


@dataclass(frozen=True)
class Heading:
    """Of a file that keeps to itself.

    Attributes:
        beside: Files of its folder that hold its weights, by name.
    """

    path: Path
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    beside: tuple[str, ...] = ()


def read_heading(file: str | Path) -> Heading:
    """What the file says of itself.

    Raises:
        Refusal: when it is not there, too large, a pickle or no ONNX, or would load code or files of another place.
    """
    path = Path(file).expanduser()
    if not str(file) or not path.is_file():
        said = f"There is no file {file}." if str(file) else "Which ONNX file is to be opened is not said."
        raise Refusal(said, "Give its path under File.", about=("file",))
    if (size := path.stat().st_size) > LARGEST:
        raise Refusal(f"{path.name} is {in_words(size)} large, more than {in_words(LARGEST)}.", about=(path.name,))
    if is_pickle(path):
        raise pickle_refusal(path.name)
    try:
        return _heading(path, memoryview(path.read_bytes()))
    except (IndexError, ValueError) as error:
        raise Refusal(
            f"{path.name} cannot be read as ONNX.", f"It is cut off, damaged or of another kind ({error}).",
            about=(path.name,),
        ) from error


def texts(path: Path, largest: int) -> Iterator[tuple[str, str]]:
    """The metadata of an ONNX file of at most so many bytes: pairs of key and value; none of what is no ONNX."""
    if path.stat().st_size > largest:
        return
    try:
        for entry in parts(memoryview(path.read_bytes()), 14):
            yield text(entry, 1), text(entry, 2)
    except (IndexError, ValueError):
        return


def _heading(path: Path, model: memoryview) -> Heading:
    graph = next(parts(model, 7), None)
    if graph is None or whole(model, 1) is None:
        raise ValueError("it holds no graph")
    seen = _Seen(path.name)
    local = {(text(one, 10), text(one, 1)) for one in parts(model, 25)}
    for function in parts(model, 25):
        for node in parts(function, 7):
            seen.node(node)
    seen.graph(graph)
    if strange := sorted(seen.operators - local):
        names = ", ".join(f"{domain}.{name}" for domain, name in strange[:3])
        raise Refusal(
            f"{path.name} needs operators that are not part of ONNX: {names}.",
            "They are code of their own, which is never loaded. Export it with standard operators only.",
            about=(path.name,),
        )
    _check_beside(path, seen.places)
    constants = {text(one, 8) for one in parts(graph, 5)}
    inputs = tuple(port for port in map(_port, parts(graph, 11)) if port.name not in constants)
    return Heading(path, inputs, tuple(map(_port, parts(graph, 12))), tuple(sorted(seen.places)))


class _Seen:
    """What the graphs of a file ask for: operators of other families, and the places of weights."""

    def __init__(self, name: str) -> None:
        self._name, self._count = name, 0
        self.operators: set[tuple[str, str]] = set()
        self.places: set[str] = set()

    def graph(self, graph: memoryview, depth: int = 0) -> None:
        if depth > _DEEPEST:
            raise ValueError("its graphs are nested too deeply")
        for number, content in fields(graph):
            if not isinstance(content, memoryview):
                continue
            if number == 1:
                self.node(content, depth)
            elif number == 5:
                self._tensor(content)
            elif number == 15:
                self._sparse(content)

    def node(self, node: memoryview, depth: int = 0) -> None:
        self._count += 1
        if self._count > _MOST:
            raise Refusal(f"{self._name} has more than {_MOST:,} operators.", about=(self._name,))
        domain, name = text(node, 7), text(node, 4)
        if domain not in _HERE:
            self.operators.add((domain, name))
        for attribute in parts(node, 5):
            for number, content in fields(attribute):
                if not isinstance(content, memoryview):
                    continue
                if number in (5, 10):
                    self._tensor(content)
                elif number in (6, 11):
                    self.graph(content, depth + 1)
                elif number in (22, 23):
                    self._sparse(content)

    def _tensor(self, tensor: memoryview) -> None:
        for entry in parts(tensor, 13):
            if text(entry, 1) == "location":
                self.places.add(text(entry, 2))

    def _sparse(self, tensor: memoryview) -> None:
        for number in (1, 2):
            for part in parts(tensor, number):
                self._tensor(part)


def _check_beside(path: Path, places: set[str]) -> None:
    """Refuse weights that lie anywhere but in the file's own folder, are missing, or make it too large."""
    folder, size = path.parent.resolve(), path.stat().st_size
    for place in sorted(places):
        there = path.parent / place
        plain = place == PurePosixPath(place).name == PureWindowsPath(place).name and place not in ("", ".", "..")
        if not plain or there.resolve().parent != folder:
            raise Refusal(
                f"{path.name} takes its weights from another place: {place[:200]}.",
                "Only files of its own folder are read. Export it with the weights inside.", about=(path.name,),
            )
        if not there.is_file():
            raise Refusal(
                f"{path.name} takes its weights from {place}, which does not lie beside it.",
                "Put both into one folder, or export it with the weights inside.", about=(path.name, place),
            )
        size += there.stat().st_size
    if size > LARGEST:
        raise Refusal(
            f"{path.name} is {in_words(size)} large with its weights, more than {in_words(LARGEST)}.",
            about=(path.name,),
        )


def _port(info: memoryview) -> Port:
    name, kind = text(info, 1), next(parts(info, 2), memoryview(b""))
    for number, content in fields(kind):
        if isinstance(content, memoryview) and number == 1:
            return Port(name, _TYPES.get(whole(content, 1) or 0, "of another type"), _shape(content))
        if number in (4, 5):
            return Port(name, "sequence" if number == 4 else "map")
    return Port(name, "of another type")


def _shape(tensor: memoryview) -> tuple[int | None, ...] | None:
    shape = next(parts(tensor, 2), None)
    return None if shape is None else tuple(whole(size, 1) for size in parts(shape, 1))
