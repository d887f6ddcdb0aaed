"""Written networks run by another program: they compute what ours compute, and repeat a whole counterfactual."""

from __future__ import annotations

import json
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
import torch

from engines import catalogue, model_formats
from engines.contract import Answer, Control, Exportable, Model, Query
from engines.counterfactual_images.causal_diffae.model import Wishes
from engines.counterfactual_images.causal_diffae.pictures import to_network
from engines.refusals import Refusal
from engines.runtime import local

onnx = pytest.importorskip("onnx", reason="The extra onnx is not installed.")
onnxruntime = pytest.importorskip("onnxruntime", reason="The extra onnx is not installed.")

CARD = {"card": {"seed": 3}, "recipe": {"made_by": "Otherwise"}}


def written(model, to, out, factual=None):
    told = []
    paths = model_formats.export_networks(
        model, "the model", to, out, factual, texts=CARD, tell=lambda *step: told.append(step)
    )
    return paths, told, json.loads((out / model_formats.REPORT).read_text("utf-8"))


class Program:
    """A folder of ONNX files, run without a line of ours."""

    def __init__(self, folder: Path) -> None:
        self._sessions = {p.stem: onnxruntime.InferenceSession(str(p)) for p in folder.glob("*.onnx")}

    def __call__(self, part: str, **inputs: np.ndarray) -> list[np.ndarray]:
        return self._sessions[part].run(None, inputs)


@pytest.fixture(scope="module")
def pictures():
    """A small model of pictures and its data."""
    method = catalogue.load("causal_diffae")
    inputs = method.trial.inputs()
    return local.fit(method, inputs, method.trial.parameters).model, inputs.data


@pytest.fixture(scope="module")
def as_onnx(pictures, tmp_path_factory):
    model, data = pictures
    out = tmp_path_factory.mktemp("onnx") / "digits"
    return out, *written(model, "onnx", out, data)


def test_each_part_is_a_file_with_its_check_beside_it(as_onnx):
    out, paths, told, report = as_onnx
    assert [path.name for path in paths] == [
        "encode.onnx", "intervene.onnx", "tell.onnx", "climb.onnx", "step.onnx", "read.onnx", "export.json",
    ]
    assert told == [(done, 6) for done in range(7)]
    assert sorted(path.name for path in out.parent.iterdir()) == ["digits"], "no half-written folder is left"
    assert report["checked_with"] == "bars"
    assert all(0 <= part["largest_difference"] <= part["tolerance"] <= 1e-4 for part in report["parts"])
    assert {part["items_checked"] for part in report["parts"]} == {8}
    assert report["versions"].keys() >= {"torch", "onnx", "onnxruntime"}
    for path in paths[:-1]:
        loaded = onnx.load(path)
        onnx.checker.check_model(loaded)
        kept = {entry.key: json.loads(entry.value) for entry in loaded.metadata_props}
        assert kept["recipe"] == CARD["recipe"]
        assert kept["card"] == CARD["card"]
        assert kept["part"]["name"] == path.stem


def test_another_program_repeats_the_counterfactual(pictures, as_onnx):
    """Encode, set a factor, climb to the noise with the factual codes, step down with the new ones."""
    model, data = pictures
    out, *_, report = as_onnx
    run = Program(out)
    facts = {part["name"]: part["facts"] for part in report["parts"]}
    rows = data.rows(np.array([3, 11, 40]))
    names = [factor["name"] for factor in facts["intervene"]["factors"]]
    chosen = np.zeros((3, len(names)), bool)
    values = np.zeros((3, len(names)), np.float32)
    chosen[:, names.index("width")], values[:, names.index("width")] = True, 4.5
    pictures = rows.pixels.transpose(0, 3, 1, 2).astype(np.float32) / 127.5 - 1

    (u,) = run("encode", pictures=pictures)
    factual, _ = run("intervene", u=u, chosen=chosen & False, values=values)
    codes, _ = run("intervene", u=u, chosen=chosen, values=values)
    walk, clean = facts["climb"]["times"], facts["climb"]["clean"]
    steps = list(zip([clean, *walk[:-1]], walk, strict=True))

    def at(t):
        return np.full(3, t, np.int64)

    x = pictures
    for s, t in steps:
        start = x
        for _ in range(1 + facts["climb"]["refinements"]):
            (told,) = run("tell", x=x, t=at(t), codes=factual)
            (x,) = run("climb", start=start, told=told, s=at(s), t=at(t))
    for s, t in reversed(steps):
        (told,) = run("tell", x=x, t=at(t), codes=codes)
        x, _ = run("step", x=x, told=told, t=at(t), s=at(s))
    theirs = np.rint((x.clip(-1, 1) + 1) * 127.5).transpose(0, 2, 3, 1)

    ours, _ = model.counterfactual(rows.pixels, rows.attributes, {"width": 4.5})
    assert np.abs(theirs - ours).max() <= 1, "grey levels"
    assert np.abs(codes - factual).max() > 0.1, "something was changed at all"


def test_a_table_model_repeats_its_rows_outside(tmp_path, fitted_chain):
    model, data = fitted_chain
    written(model, "onnx", tmp_path / "out", data)
    X = data.numbers(model.names)
    chosen = np.zeros(X.shape, bool)
    chosen[:, 0] = True
    (theirs,) = Program(tmp_path / "out")("counterfactual", rows=X, chosen=chosen, values=np.full(X.shape, 1.25))
    answer = local.answered(model, Query(data, {model.names[0]: 1.25}))
    ours = answer.results[0].table.numbers(model.names)
    np.testing.assert_allclose(theirs, ours, atol=1e-9)
    assert np.abs(ours - X).max() > 0.1


def test_torch_export_is_loaded_back_and_compared(tmp_path, fitted_chain):
    model, _ = fitted_chain
    paths, _, report = written(model, "torch_export", tmp_path / "out")
    assert report["checked_with"] == "numbers that the model drew"
    kept = {"recipe": "", "part": ""}
    program = torch.export.load(str(paths[0]), extra_files=kept)
    assert json.loads(kept["recipe"]) == CARD["recipe"]
    part = model.exports(None)[0]
    few = tuple(value[:5] for value in part.inputs.values())
    torch.testing.assert_close(program.module()(*few), part.network(*few), rtol=0, atol=1e-12)


@pytest.mark.parametrize("design", ["no mechanism", "autoencoder", "labels only"])
def test_the_parts_of_every_design_are_its_abduction_and_prediction(design):
    method = catalogue.load("causal_diffae")
    tiny = method.trial.parameters.model_copy(update={"design": design})
    data = method.trial.inputs().data
    model = local.fit(method, method.trial.inputs(), tiny).model
    parts = {part.name: part for part in model.exports(data)}
    (given,) = parts["encode"].inputs.values()
    with torch.no_grad():
        u = parts["encode"].network(given)
        codes, _ = parts["intervene"].network(u, *list(parts["intervene"].inputs.values())[1:])
        x0, y = to_network(data.pixels[: len(u)]), model.factors.labels(data.attributes.rows(np.arange(len(u))))
        ours, factual = model.abduct(x0, y)
        chosen, wishes = parts["intervene"].inputs["chosen"], parts["intervene"].inputs["values"]
        for row in range(len(u)):
            i = int(chosen[row].nonzero())
            factor = model.factors.all[i]
            value = factor.column.levels[int(wishes[row, i])] if factor.levels else float(wishes[row, i])
            wish = Wishes({i: factor.wish(value)}, 5, 1.0, True, False, 0)
            then = model.predict(ours[row : row + 1], factual[row : row + 1], wish)
            torch.testing.assert_close(codes[row : row + 1], then, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(u, ours)


class Liar(torch.nn.Module):
    """Computes something else each time it is asked, as no file can."""

    asked = 0

    def forward(self, x):
        Liar.asked += 1
        return x + Liar.asked


class Lying(Model):
    networks: ClassVar = ()

    def controls(self) -> tuple[Control, ...]:
        return ()

    def answer(self, query: Query) -> list[Answer]:
        return []

    def exports(self, factual):
        return (Exportable("liar", "Lies.", Liar(), {"x": torch.zeros(3, 2)}, ("y",)),)


@pytest.mark.parametrize("to", ["onnx", "torch_export"])
def test_a_file_that_computes_something_else_is_not_kept(tmp_path, to):
    with pytest.raises(Refusal, match="The part liar of the model computes something else as") as refused:
        written(Lying(), to, tmp_path / "out")
    assert "Nothing was written" in refused.value.cause
    assert list(tmp_path.iterdir()) == []


def test_a_model_without_a_network_and_a_missing_extra_are_refused(tmp_path, monkeypatch):
    class Bare(Lying):
        def exports(self, factual):
            return Model.exports(self, factual)

    with pytest.raises(Refusal, match="has no network to write as ONNX"):
        written(Bare(), "onnx", tmp_path / "out")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert model_formats.missing_extra("onnx") == "onnx"
    with pytest.raises(Refusal, match="ONNX files need the extra onnx") as refused:
        written(Bare(), "onnx", tmp_path / "out")
    assert 'pip install "otherwise-studio[onnx]"' in refused.value.cause
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def fitted_chain():
    method = catalogue.load("colide")
    inputs = method.trial.inputs()
    return local.fit(method, inputs, method.trial.parameters).model, inputs.data
