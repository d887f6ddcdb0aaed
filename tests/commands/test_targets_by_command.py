"""Counterfactuals for targets by command: search with a trained model, ask about two rows with a lock and a wish."""

import csv
import shutil

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def write_encoder(folder):
    """Looks up a vector for each word: rented and hired lie one way, owned another."""
    folder.mkdir()
    (folder / "vocab.txt").write_text("[UNK]\nowned\nrented\nhired\n")
    table = numpy_helper.from_array(np.array([[1, 1], [1, 0], [0, 1], [0, 2]], dtype=np.float32), "table")
    graph = helper.make_graph(
        [helper.make_node("Gather", ["table", "input_ids"], ["pieces"])], "g",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["n", "l"])],
        [helper.make_tensor_value_info("pieces", TensorProto.FLOAT, ["n", "l", 2])], [table])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9),
              folder / "model.onnx")


def read(path):
    with path.open() as file:
        return list(csv.DictReader(file))


def test_a_trained_model_is_explained_and_no_longer_needed(otherwise, loans, tmp_path):
    data, trained, encoder = loans / "loans.csv", tmp_path / "trained", tmp_path / "encoder"
    shutil.copytree(loans / "predictor" / "model", trained)
    write_encoder(encoder)
    ended = otherwise(
        "run", "multi_objective_counterfactuals", data, "--input", f"model={trained}", "--set", "row=1", "--set",
        "targets=decision prefers approved; home like hired", "--set", f"embedding={encoder}", "--set", "generations=4",
        "--set", "population=16", "--out", tmp_path / "found")
    assert ended.code == 0, ended.err
    unlike = {row["home"]: float(row["unlikeness of home"])
              for row in read(tmp_path / "found" / "results" / "candidates.csv")}
    assert unlike["rented"] < 1e-6
    assert abs(unlike["owned"] - 1) < 1e-6
    for gone in (trained, encoder):
        shutil.rmtree(gone)
    wish = 'constraints={"decision": {"preferred": ["approved"]}, "income": {"lock": true}}'
    ended = otherwise("query", tmp_path / "found" / "model", data, "--items", "1,7", "--set", wish, "--set", "count=3",
                      "--out", tmp_path / "answer")
    assert ended.code == 0, ended.err
    told = read(tmp_path / "answer" / "results" / "counterfactuals.csv")
    assert {row["row"] for row in told} == {"1", "7"}
    assert all(row["decision, predicted"] == "approved" and row["income"] == row["income factual"] for row in told)
