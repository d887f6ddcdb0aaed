"""A predictor from an ONNX file: what scikit-learn's and our own export tell again, and files that are refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from engines import models
from engines.abilities import Ability, Carded
from engines.contract import Inputs
from engines.counterfactual_tables.plain_predictor import method
from engines.counterfactual_tables.plain_predictor.fit import fit
from engines.counterfactual_tables.plain_predictor.parameters import Parameters
from engines.counterfactual_tables.plain_predictor.trial import trial_table
from engines.data.roles import Role
from engines.model_formats.exporting import export_networks
from engines.predictors import restored
from engines.refusals import Refusal
from engines.runtime.context import RunContext

KIND = "ONNX file"


def written(path: Path, outputs: dict[str, np.ndarray], width: int | None = 3, probabilities: bool = True) -> Path:
    """A model of one layer an output: rows @ weight, (width, k); k > 1 goes through a softmax."""
    nodes, constants, told = [], [], []
    for name, weight in outputs.items():
        constants.append(numpy_helper.from_array(weight.astype(np.float32), f"w {name}"))
        soft = probabilities and weight.shape[1] > 1
        nodes.append(helper.make_node("MatMul", ["rows", f"w {name}"], [f"raw {name}" if soft else name]))
        if soft:
            nodes.append(helper.make_node("Softmax", [f"raw {name}"], [name], axis=1))
        told.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, [None, weight.shape[1]]))
    rows = helper.make_tensor_value_info("rows", TensorProto.FLOAT, [None, width])
    graph = helper.make_graph(nodes, "g", [rows], told, constants)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), str(path))
    return path


WEIGHTS = {
    "price": np.array([[2.0], [-1.0], [40.0]]),
    "sold": np.array([[-0.02, 0.0], [0.0, 0.0], [0.0, 0.5]]),
}


def test_it_tells_what_the_file_tells_and_is_kept_whole(tmp_path: Path) -> None:
    file = written(tmp_path / "flats.onnx", WEIGHTS)
    model = fit(Inputs(trial_table()), Parameters(kind=KIND, file=str(file)), RunContext(None, seed=0))
    predictor = model.predictor()
    rows = predictor.rows(trial_table())
    told = predictor.predict(rows)
    np.testing.assert_allclose(told["price"], (rows @ WEIGHTS["price"])[:, 0], rtol=1e-5)
    np.testing.assert_allclose(told["sold"].sum(axis=1), 1, atol=1e-6)
    file.unlink()
    models.save(model, tmp_path / "model", method="plain_predictor")
    again = models.load(tmp_path / "model", method)
    np.testing.assert_array_equal(again.predictor().predict(rows)["sold"], told["sold"])  # type: ignore[union-attr]
    assert Carded.of("M", predictor).abilities == {Ability.PREDICTOR}
    assert restored(predictor.state()).targets == predictor.targets
    assert model.exports(None) == ()


def test_our_own_export_comes_back(tmp_path: Path) -> None:
    model = fit(Inputs(trial_table()), Parameters(epochs=5, hidden=8), RunContext(None, seed=0))
    file, _ = export_networks(model, "M", "onnx", tmp_path / "out", None, texts={}, tell=lambda done, of: None)
    opened = fit(Inputs(trial_table()), Parameters(kind=KIND, file=str(file)), RunContext(None, seed=0))
    rows = model.predictor().rows(trial_table())
    for name, values in model.predictor().predict(rows).items():
        np.testing.assert_allclose(opened.predictor().predict(rows)[name], values, atol=1e-2)


def _pickle(path: Path) -> Path:
    path.write_bytes(b"\x80\x04K\x01.")
    return path


def _damaged(path: Path) -> Path:
    path.write_bytes(written(path, WEIGHTS).read_bytes()[:-40])
    return path


def _not_finite(path: Path) -> Path:
    return written(path, {**WEIGHTS, "price": np.full((3, 1), np.nan)})


REFUSED: dict[str, Callable[[Path], Path]] = {
    "There is no file": lambda path: path,
    "cannot be read as ONNX": _damaged,
    "is a pickle, which can run code": _pickle,
    "takes 5 columns; 3 have the role factor": lambda path: written(
        path, {name: np.zeros((5, w.shape[1])) for name, w in WEIGHTS.items()}, width=5),
    "has no output that tells sold": lambda path: written(path, {"price": WEIGHTS["price"]}),
    "gives no number for price": _not_finite,
    "gives no probabilities for sold": lambda path: written(path, WEIGHTS, probabilities=False),
}


@pytest.mark.parametrize("sentence", REFUSED)
def test_a_file_that_does_not_fit_is_refused_before_any_work(sentence: str, tmp_path: Path) -> None:
    file = REFUSED[sentence](tmp_path / "m.onnx")
    with pytest.raises(Refusal, match=sentence):
        method.check(Inputs(trial_table()), Parameters(kind=KIND, file=str(file)))


def _piped(path: Path, probabilities: list[str] | None = None, labels: bool = False) -> Path:
    """As a pipeline of scikit-learn is written: an input a column, of text where the column holds text; sold is told
    by the place, with the class beside it on wish.
    """
    levels = probabilities or ["no", "yes"]
    nodes = [
        helper.make_node("LabelEncoder", ["place"], ["warm"], domain="ai.onnx.ml",
                         keys_strings=["edge", "centre"], values_floats=[1.0, 0.0], default_float=0.0),
        helper.make_node("Sub", ["one", "warm"], ["cold"]),
        helper.make_node("Concat", ["cold", "warm"], ["sold"], axis=1),
    ]
    told = [helper.make_tensor_value_info("sold", TensorProto.FLOAT, [None, 2])]
    if labels:
        nodes += [
            helper.make_node("ArgMax", ["sold"], ["best"], axis=1, keepdims=0),
            helper.make_node("LabelEncoder", ["best"], ["label"], domain="ai.onnx.ml",
                             keys_int64s=[0, 1], values_strings=levels),
        ]
        told.append(helper.make_tensor_value_info("label", TensorProto.STRING, [None]))
    graph = helper.make_graph(
        nodes, "g", [helper.make_tensor_value_info("place", TensorProto.STRING, [None, 1])], told,
        [numpy_helper.from_array(np.ones(1, dtype=np.float32), "one")],
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", 3)]
    onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=9), str(path))
    return path


def _sold_only() -> Inputs:
    table = trial_table()
    return Inputs(table.with_role("price", Role.LEFT_OUT))


def test_an_input_for_each_column_is_found_by_its_name_and_text_goes_in_as_text(tmp_path: Path) -> None:
    file = _piped(tmp_path / "pipeline.onnx", labels=True)
    model = fit(_sold_only(), Parameters(kind=KIND, file=str(file)), RunContext(None, seed=0))
    predictor = restored(model.predictor().state())
    assert [feature.name for feature in predictor.features] == ["place"]
    table = trial_table()
    told = predictor.predict(predictor.rows(table))["sold"]
    warm = np.array([table["place"].label(i) == "edge" for i in range(len(table))])
    np.testing.assert_array_equal(told[:, 1], warm)


def test_classes_in_another_order_than_the_levels_are_found_out(tmp_path: Path) -> None:
    file = _piped(tmp_path / "turned.onnx", ["yes", "no"], labels=True)
    with pytest.raises(Refusal, match="tells the levels of sold in another order"):
        method.check(_sold_only(), Parameters(kind=KIND, file=str(file)))


def test_weights_beside_the_file_are_taken_in(tmp_path: Path) -> None:
    there = written(tmp_path / "whole.onnx", WEIGHTS)
    file = tmp_path / "flats.onnx"
    onnx.save(onnx.load(str(there)), str(file), save_as_external_data=True, location="flats.data", size_threshold=0)
    model = fit(Inputs(trial_table()), Parameters(kind=KIND, file=str(file)), RunContext(None, seed=0))
    for gone in (file, tmp_path / "flats.data"):
        gone.unlink()
    predictor = restored(model.predictor().state())
    rows = predictor.rows(trial_table())
    np.testing.assert_allclose(predictor.predict(rows)["price"], (rows @ WEIGHTS["price"])[:, 0], rtol=1e-5)


def test_without_a_file_it_is_asked_for() -> None:
    with pytest.raises(Refusal, match="Which ONNX file"):
        method.check(Inputs(trial_table()), Parameters(kind=KIND))
