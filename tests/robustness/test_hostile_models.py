"""Model files from strangers: each is refused with a sentence in under two seconds, and runs nothing."""

from __future__ import annotations

import json
import os
import struct
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engines import catalogue, models
from engines.refusals import Refusal
from engines.runtime import local
from tests.robustness.corpus import pickled, zipped

SECONDS = 2.0


def header(tensors: dict, data: bytes = bytes(64)) -> bytes:
    """A safetensors file with any header."""
    text = json.dumps(tensors).encode()
    return struct.pack("<Q", len(text)) + text + data


def f32(shape, offsets) -> dict:
    return {"dtype": "F32", "shape": shape, "data_offsets": offsets}


@pytest.fixture(scope="module")
def honest(tmp_path_factory) -> Path:
    """A small model of pictures, as a run leaves it."""
    method = catalogue.load("causal_diffae")
    folder = tmp_path_factory.mktemp("models") / "model"
    models.save(local.fit(method, method.trial.inputs(), method.trial.parameters).model, folder, method="causal_diffae")
    models.load(folder, method)
    return folder


@pytest.fixture
def folder(honest: Path, tmp_path: Path) -> Path:
    """A copy to spoil."""
    there = tmp_path / "model"
    there.mkdir()
    for name in (models.MODEL, models.TENSORS):
        (there / name).write_bytes((honest / name).read_bytes())
    return there


def changed(folder: Path, change: Callable[[dict], None]) -> None:
    document = json.loads((folder / models.MODEL).read_text())
    change(document)
    (folder / models.MODEL).write_text(json.dumps(document))


def settings(**values) -> Callable[[Path], None]:
    return lambda folder: changed(folder, lambda d: d["fields"]["autoencoder"]["settings"].update(values))


def field(name: str, value) -> Callable[[Path], None]:
    return lambda folder: changed(folder, lambda d: d["fields"].update({name: value}))


def tensors(content: bytes) -> Callable[[Path], None]:
    return lambda folder: (folder / models.TENSORS).write_bytes(content) and None


def card(content: bytes) -> Callable[[Path], None]:
    return lambda folder: (folder / models.MODEL).write_bytes(content) and None


def linked(name: str, target: str) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        (folder / name).unlink()
        (folder / name).symlink_to(target)

    return spoil


def piped(folder: Path) -> None:
    (folder / models.MODEL).unlink()
    os.mkfifo(folder / models.MODEL)


def sparse(folder: Path) -> None:
    with (folder / models.TENSORS).open("wb") as file:
        file.write(header({"a": f32([1 << 40], [0, 1 << 42])}, b""))
        file.truncate(1 << 42)


def long_card(folder: Path) -> None:
    with (folder / models.MODEL).open("wb") as file:
        file.write(b'{"format": 1, "x": "')
        file.truncate(models.LONGEST + 1)


SPOILT: dict[str, tuple[Callable[[Path], None], str]] = {
    # tensors.safetensors
    "empty": (tensors(b""), "tensors.safetensors in model cannot be read"),
    "a header longer than the file": (tensors(struct.pack("<Q", 1 << 20) + b"{}"), "cannot be read"),
    "a header without end": (tensors(struct.pack("<Q", (1 << 63) + 5) + b"{}"), "cannot be read"),
    "a header that is no JSON": (tensors(struct.pack("<Q", 4) + b"[[[["), "cannot be read"),
    "a header that nests": (tensors(struct.pack("<Q", 200_000) + b"[" * 200_000), "cannot be read"),
    "overlapping": (tensors(header({"a": f32([8], [0, 32]), "b": f32([8], [16, 48])})), "cannot be read"),
    "a hole": (tensors(header({"a": f32([4], [0, 16]), "b": f32([4], [32, 48])})), "cannot be read"),
    "negative offsets": (tensors(header({"a": f32([4], [-16, 0])})), "cannot be read"),
    "offsets turned round": (tensors(header({"a": f32([4], [16, 0])})), "cannot be read"),
    "beyond the end": (tensors(header({"a": f32([400], [0, 1600])})), "cannot be read"),
    "a huge shape": (tensors(header({"a": f32([1 << 62, 1 << 62], [0, 64])})), "cannot be read"),
    "an overflowing shape": (tensors(header({"a": f32([1 << 32, 1 << 32], [0, 0])}, b"")), "cannot be read"),
    "a negative shape": (tensors(header({"a": f32([-4], [0, 16])})), "cannot be read"),
    "an unknown type": (
        tensors(header({"a": {"dtype": "OBJ", "shape": [8], "data_offsets": [0, 64]}})), "cannot be read",
    ),
    "a type that numpy lacks": (
        tensors(header({"a": {"dtype": "F8_E4M3", "shape": [64], "data_offsets": [0, 64]}})), "cannot be read",
    ),
    "a pickle as tensors": (tensors(pickled(Path("it ran"))), "cannot be read"),
    "four terabytes": (sparse, "more than the"),
    "none at all": (lambda folder: (folder / models.TENSORS).unlink(), "cannot be read. It is not there."),
    "tensors linked elsewhere": (linked(models.TENSORS, "/etc/hostname"), "is a link to another place"),
    "tensors from a device": (linked(models.TENSORS, "/dev/zero"), "is a link to another place"),
    # model.json
    "a card from a device": (linked(models.MODEL, "/dev/zero"), "is a link to another place"),
    "a card that is a pipe": (piped, "model.json in model is no file"),
    "a card without end": (long_card, "more than the"),
    "a card that nests": (card(b'{"format": 1, "fields": ' + b"[" * 100_000), "cannot be read as a model"),
    "a card with an endless number": (card(b'{"format": ' + b"9" * 10_000 + b"}"), "cannot be read as a model"),
    "a card that is a pickle": (card(pickled(Path("it ran"))), "is a pickle, which can run code"),
    "a card that is a zip": (card(b"PK\x03\x04rest"), "is a pickle, which can run code"),
    "a card of another program": (card(b'{"weights": []}'), "is not a model of this studio"),
    "another kind of format": (lambda f: changed(f, lambda d: d.update(format="1")), "is not a model of this studio"),
    "a method that is a path": (lambda f: changed(f, lambda d: d.update(method="../../evil")), "There is no method"),
    "a method that is a module": (lambda f: changed(f, lambda d: d.update(method="os.system")), "There is no method"),
    # what the fields name
    "a class outside the list": (
        field("reader", {"$network": "Popen", "settings": {}, "at": "x", "keys": []}), "does not fit",
    ),
    "a class of torch": (
        field("reader", {"$network": "torch.nn.Linear", "settings": {}, "at": "x", "keys": []}), "does not fit",
    ),
    "a tensor that is not there": (field("errors", {"$array": "../../etc/passwd"}), "does not fit"),
    "a field too many": (field("__class__", "x"), "does not fit"),
    "a field too few": (lambda f: changed(f, lambda d: d["fields"].pop("labels")), "does not fit"),
    "a graph with a node that is not there": (
        field("graph", {"$graph": {"nodes": [{"name": "a"}], "edges": [{"source": "a", "target": "b"}]}}),
        "which is not a node",
    ),
    "deep fields": (
        lambda f: (f / models.MODEL).write_text(
            '{"format": 1, "method": "causal_diffae", "fields": {"graph": ' + "[" * 900 + "]" * 900 + "}}"
        ) and None, "",
    ),
    "a network that is too wide": (settings(width=1 << 30), "does not fit"),
    "a network for huge pictures": (settings(side=1 << 24), "does not fit"),
    "a network of many levels": (settings(levels=[1 << 30, 1 << 30, 1 << 30]), "does not fit"),
    "a network of many parents": (settings(parents=[[0] * 1_000_000] * 3), "does not fit"),
    "a schedule without end": (settings(steps=1 << 40), "does not fit"),
    "settings that are code": (settings(size="__import__('os').mkdir('it ran')"), "does not fit"),
}


@pytest.mark.parametrize("case", sorted(SPOILT))
def test_a_spoilt_model_is_refused_at_once_and_runs_nothing(case, folder: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    spoil, says = SPOILT[case]
    spoil(folder)
    began = time.process_time()
    with pytest.raises(Refusal) as refused:
        models.load(folder, catalogue.load(models.read_card(folder)["method"]))
    assert time.process_time() - began < SECONDS
    assert says in str(refused.value)
    assert str(refused.value).endswith(".")
    assert not (tmp_path / "it ran").exists()


@pytest.mark.parametrize("name", ["m.pt", "m.pth", "m.pkl", "m.pickle", "m.ckpt", "m.bin", "m.joblib", "m.dat"])
def test_a_pickle_is_refused_under_any_name(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    if name in {"m.pt", "m.pth", "m.ckpt"}:
        zipped(tmp_path, name, {"m/data.pkl": pickled(tmp_path / "it ran")})
    else:
        path.write_bytes(pickled(tmp_path / "it ran"))
    with pytest.raises(Refusal, match="is a pickle, which can run code") as refused:
        models.read_card(path)
    assert "export the model to ONNX" in refused.value.cause
    assert not (tmp_path / "it ran").exists()


def test_tensors_alone_are_no_model(tmp_path: Path) -> None:
    path = tmp_path / "weights.safetensors"
    path.write_bytes(header({"a": f32([4], [0, 16])}, bytes(16)))
    with pytest.raises(Refusal, match=r"weights\.safetensors holds no model") as refused:
        models.read_card(path)
    assert "model.json" in refused.value.cause


def test_the_file_of_tensors_stands_for_its_folder(honest: Path) -> None:
    assert models.read_card(honest / models.TENSORS) == models.read_card(honest)
    assert np.isfinite(models.load(honest / models.TENSORS, catalogue.load("causal_diffae")).identity)
