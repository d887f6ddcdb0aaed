"""A model as the input of another run, and constraints, by command: train, explain, ask, repeat; what is refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from engines.data.reading import refer
from engines.models import read_card
from engines.runtime import explained, wire
from engines.runtime.execution import execute, read_inputs
from engines.runtime.messages import ModelReference, RunRequest, RunState
from studio.exports.script import commands_of
from studio.recipes.recipes import Recipe, of_model
from tests.installing import install

PACKAGE = Path(__file__).parent.parent / "explaining_package"


@pytest.fixture(autouse=True)
def _installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(PACKAGE, tmp_path / "site", monkeypatch)


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    """60 rows: y = a + 2 b, and a column that no model reads."""
    generator = np.random.default_rng(5)
    a, b = generator.normal(size=(2, 60))
    path = tmp_path / "rows.csv"
    lines = [f"{x:.5f},{y:.5f},{x + 2 * y:.5f},{x * y:.5f}" for x, y in zip(a, b)]
    path.write_text("\n".join(["a,b,y,other", *lines]) + "\n", encoding="utf-8")
    return path


ROLES = ("--role", "objective=y", "--role", "left out=other")


@pytest.fixture
def predictor(otherwise, rows, tmp_path) -> Path:
    """The model of a linear predictor."""
    out = tmp_path / "predictor"
    ended = otherwise("run", "plain_predictor", rows, *ROLES, "--preset", "Linear", "--threads", "1", "--out", out)
    assert ended.code == 0, ended.err
    return out / "model"


def explain(otherwise, rows: Path, model: Path, out: Path, *more: object, method: str = "nudge"):
    return otherwise("run", method, rows, *ROLES, "--input", f"model={model}", "--threads", "1", "--out", out, *more)


def test_a_card_says_what_its_model_can_do_and_which_model_it_explains(otherwise, rows, predictor, tmp_path):
    card = read_card(predictor)["card"]
    assert card["predictor"] == {
        "abilities": ["predictor", "predictor with gradients"], "features": ["a", "b"], "targets": ["y"],
        "sort": "linear model",
    }
    assert card["model"] is None
    assert explain(otherwise, rows, predictor, tmp_path / "out").code == 0
    card = read_card(tmp_path / "out" / "model")["card"]
    assert card["predictor"]["abilities"] == []
    reference = wire.from_plain(card["model"])
    assert reference == explained.refer(predictor)
    assert reference.title == "predictor"
    noted = json.loads((tmp_path / "out" / "run.json").read_text())["model"]
    assert noted == {
        "folder": str(predictor), "fingerprint": reference.fingerprint, "title": "predictor", "made": reference.made,
    }
    assert reference.made == read_card(predictor)["card"]["made"]


@pytest.mark.parametrize(("trouble", "said"), [
    ("gone", "predictor is not there any more"), ("changed", "predictor has changed since it was chosen"),
    ("pickle", "is a pickle, which can run code"),
])
def test_a_model_that_is_not_what_was_chosen_is_refused_before_any_work(rows, predictor, tmp_path, trouble, said):
    request = RunRequest(1, "nudge", refer(rows), {}, 0, str(tmp_path / "out"), model=explained.refer(predictor))
    if trouble == "gone":
        shutil.rmtree(predictor)
    elif trouble == "changed":
        document = json.loads((predictor / "model.json").read_text())
        (predictor / "model.json").write_text(json.dumps({**document, "card": {}}))
    else:
        (predictor / "model.json").write_bytes(b"\x80\x04K\x01.")
    ended = execute(request)
    assert ended.state is RunState.FAILED
    assert ended.refused
    assert said in ended.sentence
    assert ended.cause
    assert not list((tmp_path / "out").glob("*"))


def test_a_request_travels_with_its_model_and_older_ones_have_none(rows, predictor, tmp_path):
    request = RunRequest(1, "nudge", refer(rows), {}, 0, str(tmp_path), model=ModelReference("/m", "ab", "run 3"))
    plain = wire.to_plain(request)
    assert wire.from_plain(plain) == request
    del plain["model"]
    assert wire.from_plain(plain).model is None
    inputs = read_inputs(RunRequest(1, "nudge", refer(rows), {}, 0, str(tmp_path), model=explained.refer(predictor)))
    assert [feature.name for feature in inputs.predictor.features] == ["a", "b"]


def test_what_does_not_fit_ends_with_code_2_and_a_sentence(otherwise, rows, predictor, tmp_path):
    def refused(*arguments: object) -> str:
        ended = otherwise(*arguments)
        assert ended.code == 2, ended.err
        return ended.err

    out = ("--threads", "1", "--out", tmp_path / "out")
    assert "none is chosen" in refused("run", "nudge", rows, *ROLES, *out)
    explains_none = refused("run", "plain_predictor", rows, *ROLES, "--input", f"model={predictor}", *out)
    assert "explains no model" in explains_none
    assert "holds no model" in refused("run", "nudge", rows, *ROLES, "--input", f"model={tmp_path}", *out)
    other = tmp_path / "other.csv"
    other.write_text("a,y\n" + "".join(f"{x},{x}\n" for x in range(9)), encoding="utf-8")
    assert "reads a column b" in refused("run", "nudge", other, "--input", f"model={predictor}", *out)
    trees = tmp_path / "trees"
    settings = ("--preset", "Boosted trees", "--set", "trees=3")
    assert otherwise("run", "plain_predictor", rows, *ROLES, *settings, "--threads", "1", "--out", trees).code == 0
    steep = refused("run", "steep", rows, *ROLES, "--input", f"model={trees / 'model'}", *out)
    assert "has no gradients" in steep
    assert not list((tmp_path / "out").glob("*"))
    changed = explain(otherwise, rows, predictor, tmp_path / "out", "--model-fingerprint", "0" * 32)
    assert (changed.code, "has changed since it was chosen" in changed.err) == (2, True)


def test_a_sweep_explains_the_model_too(otherwise, rows, predictor, tmp_path):
    ended = otherwise(
        "sweep", "nudge", rows, *ROLES, "--input", f"model={predictor}", "--vary", "share=0.5,1", "--threads", "1",
        "--out", tmp_path / "sweep",
    )
    assert ended.code == 0, ended.err
    for place in ("001", "002"):
        assert read_card(tmp_path / "sweep" / place / "model")["card"]["model"] is not None


def test_recipe_and_script_carry_the_model(otherwise, rows, predictor, tmp_path):
    assert explain(otherwise, rows, predictor, tmp_path / "out").code == 0
    folder = tmp_path / "out" / "model"
    recipe = of_model(folder, read_card(folder))
    assert recipe.explains == explained.refer(predictor)
    assert Recipe.from_json(json.loads(json.dumps(recipe.to_json())), "a file").explains == recipe.explains
    command, = commands_of(recipe, "again", {})
    assert f"model={predictor}" in command
    command[command.index("--out") + 1] = str(tmp_path / "again")
    assert otherwise(*command).code == 0
    first, second = (
        (tmp_path / run / "model" / "tensors.safetensors").read_bytes() for run in ("out", "again")
    )
    assert first == second


def test_constraints_are_set_by_command(otherwise, rows, predictor, tmp_path):
    assert explain(otherwise, rows, predictor, tmp_path / "out").code == 0

    def ask(value: str, out: str = "answer"):
        return otherwise(
            "query", tmp_path / "out" / "model", rows, "--items", "3", "--set", f"constraints={value}", "--threads",
            "1", "--out", tmp_path / out,
        )

    ended = ask('{"a": {"lock": true}, "b": {"high": 0.5}}')
    assert ended.code == 0, ended.err
    moved = {line.split(",")[0] for line in (tmp_path / "answer" / "factors.csv").read_text().splitlines()[1:]}
    assert moved == {"b"}
    assert json.loads((tmp_path / "answer" / "query.json").read_text())["set"] == {
        "constraints": {"a": {"lock": True}, "b": {"high": 0.5}}
    }
    for value, said in (
        ('{"age": {"lock": true}}', ("names a column age", "They are a, b, y")),
        ('{"a": {"lock": 3}}', ("Column a: lock cannot be 3", "lock (true or false)")),
        ('{"a": {"low": 2, "high": 1}}', ("Column a cannot be from 2 to 1",)),
        ('{"y": {"lock": true}}', ("Column y takes no 'lock'", "low (a number)")),
        ('{"a": {"direction": "left"}}', ("direction cannot be 'left'",)),
        ("[1]", ("constraints cannot be [1]", "maps columns to")),
    ):
        ended = ask(value, "refused")
        assert ended.code == 2
        for words in said:
            assert words in ended.err
