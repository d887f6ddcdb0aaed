"""Recipes: they go round, and what is hostile, damaged or too long in one is refused before anything is opened."""

from __future__ import annotations

import json
import struct
import zipfile
from pathlib import Path

import pytest

from engines.data.reference import DataReference
from engines.graph.graph import Graph
from engines.graph.knowledge import Knowledge
from engines.refusals import Refusal
from studio.exports.model_files import export_model
from studio.recipes.files import recipe_in
from studio.recipes.recipes import LONGEST, Recipe, readable
from tests.studio.stand_ins import write_model
from widgets.export import Figure, save

FULL = Recipe(
    sentence="What would row 12 have been if a = 1.5?", project="Chain", folder="/home/analyst/Chain.otherwise",
    data_name="chain",
    data=DataReference(
        "/data/chain.csv", "9c41e07b", "", {"a": "factor"}, {"a": "number"},
        ({"step": "logarithm", "columns": ["a"]},), {"train": 0.8, "test": 0.2, "seed": 1}, "train",
    ),
    graph=Graph.of(("a", "b"), (("a", "b"),)), question="causes", method="colide",
    parameters={"penalty": 0.05, "nested": {"list": [1, 2.5, None, True, "x"]}},
    knowledge=Knowledge(frozenset({("a", "b")}), frozenset({("b", "a")}), (("a",), ("b",))),
    training_seed=3, run=2, device="cpu", threads=1, model="/home/analyst/Chain.otherwise/models/run_2/model", item=12,
    do={"a": 1.5, "c": "glad"}, values={"threshold": 0.4}, seed=7, view="Counterfactual", result="Checks",
    made="2026-05-12T09:30:00+00:00", versions={"numpy": "2.4.6"},
)
PLAIN = FULL.to_json()


def test_a_recipe_goes_round() -> None:
    assert Recipe.from_json(json.loads(json.dumps(PLAIN)), "x") == FULL
    assert Recipe.from_json(Recipe().to_json(), "x") == Recipe()


def test_a_recipe_can_be_read() -> None:
    rows = dict(readable(FULL))
    assert rows["Set"] == "a = 1.5, c = glad"
    assert rows["Project"] == "Chain in /home/analyst"
    assert rows["Preparation"] == "logarithm"
    assert "Fingerprint" not in dict(readable(Recipe(method="colide")))


def data(**values: object) -> dict[str, object]:
    return {"data": {**PLAIN["data"], **values}}


HOSTILE = {
    "a share": {"folder": "\\\\host\\share\\x.otherwise"}, "a share in slashes": {"model": "//host/share/model"},
    "an address": {"folder": "https://example.org/x.otherwise"}, "a file address": data(path="file:///etc/passwd"),
    "a device": data(path="/dev/zero"), "a process": data(path="/proc/self/mem"),
    "a way up": data(path="/data/../etc/x"),
    "a place of no root": data(path="data.csv"), "labels elsewhere": data(labels="//host/labels.csv"),
    "a number as a path": {"model": 5}, "a byte of nothing": {"model": "/a\0b"},
    "a path without end": {"model": "/" * 20_000},
    "a fingerprint that is none": data(fingerprint="../.."), "an unknown role": data(roles={"a": "king"}),
    "an unknown type": data(types={"a": "os.system"}), "steps that are none": data(steps=[1, 2]),
    "a list for data": {"data": [1]}, "a list for settings": {"parameters": [1]}, "a text to set": {"do": {"a": [1]}},
    "nothing to set": {"do": {"a": None}}, "true to set": {"do": {"a": True}},
    "endless to set": {"do": {"a": float("inf")}},
    "no number to set": {"do": {"a": float("nan")}}, "half an item": {"item": 1.5}, "true as an item": {"item": True},
    "a huge item": {"item": 1 << 70}, "a method that is a path": {"method": "../../evil"},
    "an unknown question": {"question": "why"}, "a graph that is none": {"graph": "a -> b"},
    "an edge to nowhere": {"graph": {"nodes": [{"name": "a"}], "edges": [{"source": "a", "target": "b"}]}},
    "a graph without end": {"graph": {"nodes": [{"name": str(i)} for i in range(10_001)], "edges": []}},
    "too many to set": {"do": {str(i): 1.0 for i in range(10_001)}}, "knowledge that is none": {"knowledge": [1]},
    "deep settings": {"parameters": {"a": [[[[[[[[[1]]]]]]]]]}}, "a sentence without end": {"sentence": "a" * 20_000},
}


@pytest.mark.parametrize("case", sorted(HOSTILE))
def test_a_hostile_recipe_is_refused(case: str) -> None:
    with pytest.raises(Refusal, match="is damaged, or not from Otherwise: nothing was opened") as refused:
        Recipe.from_json({**PLAIN, **HOSTILE[case]}, "figure.png")
    assert refused.value.sentence.startswith("The recipe in figure.png")


def test_a_recipe_of_a_newer_program_says_so() -> None:
    with pytest.raises(Refusal, match="was made by a newer Otherwise"):
        Recipe.from_json({**PLAIN, "format": 2}, "figure.png")


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_figures_carry_it_and_megabytes_are_refused(suffix: str, tmp_path: Path, dressed) -> None:
    path = tmp_path / f"figure.{suffix}"
    save(Figure(lambda *_: None, 40, 40, FULL.sentence, PLAIN), path)
    assert recipe_in(path) == FULL
    save(Figure(lambda *_: None, 40, 40, "", {**PLAIN, "parameters": {"a": "b" * (LONGEST + 5)}}), path)
    with pytest.raises(Refusal, match="MB long: nothing was opened"):
        recipe_in(path)


def test_an_exported_model_carries_it_and_stands_for_itself(tmp_path: Path) -> None:
    made = write_model(tmp_path / "Chain.otherwise" / "runs" / "1" / "model")
    there = recipe_in(made)
    assert there is not None
    assert (there.project, there.run, there.training_seed, there.method) == ("Chain", 1, 3, "colide")
    assert there.folder == str(tmp_path / "Chain.otherwise")
    export_model(made, "safetensors", tmp_path / "out")
    for path in (tmp_path / "out", tmp_path / "out" / "model.json", tmp_path / "out" / "tensors.safetensors"):
        carried = recipe_in(path)
        assert carried is not None
        assert (carried.folder, carried.model) == (there.folder, str(tmp_path / "out"))


def field(number: int, content: bytes) -> bytes:
    """A field with a length of a protocol-buffers message."""
    size, head = len(content), b""
    while size >= 0x80:
        head, size = head + bytes([size & 0x7F | 0x80]), size >> 7
    return bytes([number << 3 | 2]) + head + bytes([size]) + content


def test_networks_carry_it_and_are_never_run(tmp_path: Path) -> None:
    text = json.dumps(PLAIN).encode()
    path = tmp_path / "network.onnx"
    path.write_bytes(b"\x08\x0a" + field(7, bytes(300)) + field(14, field(1, b"recipe") + field(2, text)))
    assert recipe_in(path) == FULL
    for spoilt in (b"", b"\xff" * 40, field(14, b"\xff"), struct.pack("<B", 14 << 3 | 2) + b"\xff\xff\xff\x7f"):
        path.write_bytes(spoilt)
        assert recipe_in(path) is None
    path = tmp_path / "network.pt2"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("network/data/sample_inputs/model.pt", b"\x80\x04not loaded")
        archive.writestr("network/extra/recipe", text)
    assert recipe_in(path) == FULL
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("network/extra/recipe", b" " * (50 << 20))
    with pytest.raises(Refusal, match="MB long"):
        recipe_in(path)
    path.write_bytes(b"PK\x03\x04cut off")
    assert recipe_in(path) is None
