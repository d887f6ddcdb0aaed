"""`otherwise query`: the same answers as the model gives, what is written, and what is refused."""

from __future__ import annotations

import csv
import json
from importlib import resources
from pathlib import Path

import pytest

from tests.installing import install

TESTS = Path(__file__).parent.parent


def factors(folder: Path) -> dict[str, dict[str, str]]:
    with (folder / "factors.csv").open() as file:
        return {row["name"]: row for row in csv.DictReader(file)}


def test_an_intervention_moves_what_lies_below_it(otherwise, chain, trained, tmp_path):
    ended = otherwise("query", trained / "model", chain, "--items", "3", "--do", "b=2.5", "--out", tmp_path / "q")
    assert ended.code == 0
    found = factors(tmp_path / "q")
    with chain.open() as file:
        row = list(csv.DictReader(file))[2]
    assert float(found["a"]["counterfactual"]) == pytest.approx(float(row["a"]))
    assert float(found["b"]["counterfactual"]) == 2.5
    moved = float(found["c"]["counterfactual"]) - float(row["c"])
    assert moved == pytest.approx(-1.5 * (2.5 - float(row["b"])), rel=0.1)
    assert found["a"]["how"] == "unaffected"
    document = json.loads((tmp_path / "q" / "query.json").read_text())
    assert document["do"] == {"b": 2.5}
    assert document["items"] == [3]
    assert list((tmp_path / "q" / "results").iterdir())


def test_an_empty_question_gives_the_factual_back(otherwise, chain, trained, tmp_path):
    assert otherwise("query", trained / "model", chain, "--out", tmp_path / "q").code == 0
    for row in factors(tmp_path / "q").values():
        assert float(row["counterfactual"]) == pytest.approx(float(row["factual"]), abs=1e-9)


def test_items_come_from_a_file_as_well(otherwise, chain, trained, tmp_path):
    (tmp_path / "items.txt").write_text("2\n5, 7\n")
    items = tmp_path / "items.txt"
    assert otherwise("query", trained / "model", chain, "--items", items, "--out", tmp_path / "q").code == 0
    assert json.loads((tmp_path / "q" / "query.json").read_text())["items"] == [2, 5, 7]


REFUSED = {
    "no model": (["gone", "DATA"], "gone holds no model."),
    "a pickle": (["PICKLE", "DATA"], "is a pickle, which can run code."),
    "no tensors": (["HOLLOW", "DATA"], "tensors.safetensors"),
    "a damaged model": (["CUT", "DATA"], "cannot be read as a model"),
    "missing data": (["MODEL", "gone.csv"], "gone.csv is not there"),
    "other data": (["MODEL", "OTHER"], "a"),
    "unknown factor": (["MODEL", "DATA", "--do", "z=1"], "The model has no factor z."),
    "a setting as a factor": (["MODEL", "DATA", "--do", "threshold=1"], "The model has no factor threshold."),
    "a factor as a setting": (["MODEL", "DATA", "--set", "a=1"], "The model has no control a."),
    "text for a number": (["MODEL", "DATA", "--do", "b=high"], "b cannot be set to 'high'"),
    "truth for a number": (["MODEL", "DATA", "--do", "b=true"], "b cannot be set to 'true'."),
    "not a number": (["MODEL", "DATA", "--do", "b=NaN"], "b cannot be set to 'NaN'."),
    "without end": (["MODEL", "DATA", "--do", "b=Infinity"], "b cannot be set to 'Infinity'."),
    "a setting that is no number": (["MODEL", "DATA", "--set", "threshold=high"], "threshold"),
    "a setting out of bounds": (["MODEL", "DATA", "--set", "threshold=1e9"], "threshold"),
    "no equals sign": (["MODEL", "DATA", "--do", "b"], "'b' is not a do."),
    "no such item": (["MODEL", "DATA", "--items", "4000"], "chain has no item 4000."),
    "items in words": (["MODEL", "DATA", "--items", "first"], "'first' is no list of row ids."),
    "items that are no text": (["MODEL", "DATA", "--items", "BINARY"], "is no list of row ids."),
    "no items": (["MODEL", "DATA", "--items", ""], "no list of row ids"),
}


@pytest.fixture
def files(chain, trained, tmp_path) -> dict[str, Path]:
    found = {name: tmp_path / name.lower() for name in ("PICKLE", "HOLLOW", "CUT", "OTHER", "BINARY")}
    found["PICKLE"] = tmp_path / "model.pkl"
    found["PICKLE"].write_bytes(b"\x80\x04K\x01.")
    for name in ("HOLLOW", "CUT"):
        found[name].mkdir()
        text = (trained / "model" / "model.json").read_text()
        (found[name] / "model.json").write_text(text if name == "HOLLOW" else text[: len(text) // 2])
    found["OTHER"] = tmp_path / "other.csv"
    found["OTHER"].write_text("x,y\n1,2\n3,5\n4,4\n")
    found["BINARY"].write_bytes(b"\xff\xfe\x00\x9c")
    return {**found, "DATA": chain, "MODEL": trained / "model"}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_asked_is_refused(otherwise, files, tmp_path, case):
    arguments, says = REFUSED[case]
    arguments = [str(files.get(argument, argument)) for argument in arguments]
    ended = otherwise("query", *arguments, "--out", tmp_path / "out")
    assert ended.code == 2, ended.err
    assert says in ended.err
    assert "Traceback" not in ended.err
    assert not (tmp_path / "out" / "query.json").exists()


def test_a_level_that_there_is_not_is_refused_with_those_that_there_are(otherwise, tmp_path, monkeypatch):
    install(TESTS / "third_party_method", tmp_path / "site", monkeypatch)
    data, out = tmp_path / "groups.csv", tmp_path / "out"
    lines = [f"{'treated' if i % 2 else 'control'},{i % 7 + 3 * (i % 2)}" for i in range(60)]
    data.write_text("\n".join(["group,pain", *lines]) + "\n")
    roles = ["--role", "treatment=group", "--role", "outcome=pain"]
    assert otherwise("run", "rank_transport", data, *roles, "--out", out).code == 0
    ended = otherwise("query", out / "model", data, "--do", "group=gone", "--out", tmp_path / "q")
    assert ended.code == 2
    assert "group cannot be set to 'gone'" in ended.err
    assert "control, treated" in ended.err
    assert otherwise("query", out / "model", data, "--do", "group=treated", "--out", tmp_path / "q").code == 0
    assert factors(tmp_path / "q")["group"]["counterfactual"] == "treated"


def test_the_answers_of_the_sample_are_measured(otherwise, tmp_path):
    sample = Path(str(resources.files("resources"))) / "samples" / "morpho_digits"
    asked = ("--items", "5594,5601", "--do", "thickness=3.4", "--measure", "--out", tmp_path / "m")
    ended = otherwise("query", sample / "model", sample / "morpho_digits.npz", *asked)
    assert ended.code == 0
    with (tmp_path / "m" / "checks.csv").open() as file:
        found = {(row["check"], row["factor"]): row for row in csv.DictReader(file)}
    assert set(found) == {
        ("composition", ""), ("effectiveness", "thickness"), ("effectiveness", "intensity"), ("minimality", "digit"),
        ("truth", ""), ("reversibility", ""),
    }
    assert "by geometry" in found["effectiveness", "thickness"]["predictor"]
    assert float(found["effectiveness", "thickness"]["mean"]) < 0.4
    assert {row["count"] for row in found.values()} == {"2"}
    with (tmp_path / "m" / "measured.csv").open() as file:
        assert len(list(csv.DictReader(file))) == 2 * len(found)
    assert "2 pictures that were named were measured" in ended.out
