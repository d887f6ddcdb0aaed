"""Counterfactuals for targets by command: train a predictor, search with it, ask about another row with a lock."""

import csv
import shutil

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def write_encoder(folder):
    """Looks up a vector for each word: nurse and nursing lie one way, clerk another."""
    folder.mkdir()
    (folder / "vocab.txt").write_text("[UNK]\nclerk\nnurse\nnursing\n")
    table = numpy_helper.from_array(np.array([[1, 1], [1, 0], [0, 1], [0, 2]], dtype=np.float32), "table")
    graph = helper.make_graph(
        [helper.make_node("Gather", ["table", "input_ids"], ["pieces"])], "g",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["n", "l"])],
        [helper.make_tensor_value_info("pieces", TensorProto.FLOAT, ["n", "l", 2])], [table])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9),
              folder / "model.onnx")


def test_a_trained_model_is_explained_and_no_longer_needed(otherwise, tmp_path):
    data = tmp_path / "people.csv"
    with data.open("w", newline="") as file:
        rows = [(20 + i % 40, (7 * i % 50) / 10, ("clerk", "nurse")[i % 2]) for i in range(40)]
        csv.writer(file).writerows(
            [("age", "income", "job", "credit"), *((a, b, c, a / 10 + 2 * b + (c == "nurse")) for a, b, c in rows)])
    small = ("--set", "kind=linear")
    assert otherwise("run", "plain_predictor", data, "--role", "objective=credit", *small, "--out",
                     tmp_path / "trained").code == 0
    search = ("--set", "row=1", "--set", "targets=credit >= 12; job like nursing", "--set", "generations=3", "--set",
              "population=12", "--set", f"embedding={tmp_path / 'encoder'}")
    write_encoder(tmp_path / "encoder")
    explained = ("--input", f"model={tmp_path / 'trained' / 'model'}")
    assert otherwise("run", "multi_objective_counterfactuals", data, *explained, *search, "--out",
                     tmp_path / "found").code == 0
    with (tmp_path / "found" / "results" / "candidates.csv").open() as file:
        unlike = {row["job"]: float(row["unlikeness of job"]) for row in csv.DictReader(file)}
    assert unlike["nurse"] < 1e-6
    assert abs(unlike["clerk"] - 1) < 1e-6
    for gone in ("trained", "encoder"):
        shutil.rmtree(tmp_path / gone)
    wish = 'constraints={"credit": {"low": 13}, "job": {"lock": true}}'
    assert otherwise("query", tmp_path / "found" / "model", data, "--items", "7", "--set", wish, "--out",
                     tmp_path / "answer").code == 0
    with (tmp_path / "answer" / "results" / "counterfactuals.csv").open() as file:
        told = list(csv.DictReader(file))
    assert told
    assert all(float(row["credit, predicted"]) >= 13 and row["job"] == row["job factual"] for row in told)
