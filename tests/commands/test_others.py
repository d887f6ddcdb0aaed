"""`otherwise methods | check | export | demo | open`: what they print and write, and what they refuse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engines import manifest, models
from engines.graph import formats
from studio.commands import demo
from studio.samples.samples import sample
from tests.installing import install

TESTS = Path(__file__).parent.parent


def test_methods_are_listed_for_people_and_for_programs(otherwise):
    listed = otherwise("methods")
    assert listed.code == 0
    for method in manifest.read()["methods"]:
        assert method["id"] in listed.out
        assert method["title"] in listed.out
    assert json.loads(otherwise("methods", "--json").out)["methods"][: len(manifest.read()["methods"])] == (
        manifest.read()["methods"]
    )


def test_methods_of_other_packages_are_listed_too(otherwise, tmp_path, monkeypatch):
    install(TESTS / "third_party_method", tmp_path / "site", monkeypatch)
    assert "Rank transport" in otherwise("methods").out


def test_a_check_of_nothing_is_refused(otherwise, tmp_path, monkeypatch):
    ended = otherwise("check", "nonsense")
    assert ended.code == 2
    assert "There is no method nonsense." in ended.err
    install(TESTS / "third_party_method", tmp_path / "site", monkeypatch)
    ended = otherwise("check", "rank_transport", "--json")
    assert ended.code == 2
    assert ended.lines[-1]["error"] == "rank_transport has no check."
    assert otherwise("check", "colide", "--threads", "none").code == 2
    assert otherwise("check", "--help").code == 0


@pytest.mark.parametrize("to", ["graphml", "dot", "json"])
def test_the_graph_of_a_model_is_exported(otherwise, trained, tmp_path, to):
    out = tmp_path / f"graph.{to}"
    assert otherwise("export", trained / "model", "--to", to, "--out", out).code == 0
    assert {edge.pair for edge in formats.read(out).edges} == {("a", "b"), ("b", "c")}


def test_a_model_is_exported_whole_and_answers_the_same(otherwise, chain, trained, tmp_path):
    out = tmp_path / "model"
    assert otherwise("export", trained / "model", "--to", "safetensors", "--out", out).code == 0
    assert models.read_card(out) == models.read_card(trained / "model")
    for folder, name in ((trained / "model", "one"), (out, "two")):
        assert otherwise("query", folder, chain, "--do", "a=1", "--out", tmp_path / name).code == 0
    assert (tmp_path / "one" / "factors.csv").read_bytes() == (tmp_path / "two" / "factors.csv").read_bytes()


def test_exports_overwrite_nothing_and_refuse_what_is_no_model(otherwise, trained, tmp_path):
    (tmp_path / "taken.dot").write_text("mine")
    ended = otherwise("export", trained / "model", "--to", "dot", "--out", tmp_path / "taken.dot")
    assert ended.code == 2
    assert (tmp_path / "taken.dot").read_text() == "mine"
    ended = otherwise("export", trained / "model", "--to", "dot", "--out", tmp_path / "taken")
    assert ended.code == 2
    assert (tmp_path / "taken.dot").read_text() == "mine"
    ended = otherwise("export", tmp_path, "--to", "dot", "--out", tmp_path / "x.dot", "--json")
    assert ended.code == 2
    assert "holds no model" in ended.lines[-1]["error"]
    assert otherwise("export", trained / "model", "--to", "onnxx", "--out", tmp_path / "x").code == 2
    ended = otherwise("export", trained / "model", "--to", "dot", "--out", tmp_path / "taken.dot" / "below.dot")
    assert ended.code == 2, ended.err
    assert "Traceback" not in ended.err


def test_the_demo_trains_on_the_sample_asks_and_adds_a_number_to_a_folder_that_is_taken(
    otherwise, tmp_path, monkeypatch
):
    called: list[list[str]] = []
    monkeypatch.setattr(demo, "_call", lambda _commands, arguments: called.append(arguments) or 0)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "run.json").write_text("{}")
    assert otherwise("demo", "--out", tmp_path / "out", "--threads", "1", "--json").code == 0
    train, *asked = called
    chosen = sample("morpho_digits")
    assert train[:3] == ["run", chosen.method, str(chosen.data)]
    assert train[train.index("--out") + 1] == str(tmp_path / "out-2")
    assert "--json" in train
    assert [ask[ask.index("--do") + 1].partition("=")[0] for ask in asked] == ["thickness", "intensity"]
    assert all(ask[1] == str(tmp_path / "out-2" / "model") for ask in asked)


def test_the_demo_ends_with_the_code_of_what_failed(otherwise, tmp_path, monkeypatch):
    monkeypatch.setattr(demo, "_call", lambda *_: 130)
    assert otherwise("demo", "--out", tmp_path / "out").code == 130
