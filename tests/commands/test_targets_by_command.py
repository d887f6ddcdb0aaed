"""Counterfactuals for targets by command: train a predictor, search with it, ask about another row with a lock."""

import csv
import shutil


def test_a_trained_model_is_explained_and_no_longer_needed(otherwise, tmp_path):
    data = tmp_path / "people.csv"
    with data.open("w", newline="") as file:
        rows = [(20 + i % 40, (7 * i % 50) / 10, ("clerk", "nurse")[i % 2]) for i in range(120)]
        csv.writer(file).writerows(
            [("age", "income", "job", "credit"), *((a, b, c, a / 10 + 2 * b + (c == "nurse")) for a, b, c in rows)])
    small = ("--set", "kind=linear")
    assert otherwise("run", "plain_predictor", data, "--role", "objective=credit", *small, "--out",
                     tmp_path / "trained").code == 0
    search = ("--set", "row=1", "--set", "targets=credit >= 12", "--set", "generations=5", "--set", "population=20")
    explained = ("--input", f"model={tmp_path / 'trained' / 'model'}")
    assert otherwise("run", "multi_objective_counterfactuals", data, *explained, *search, "--out",
                     tmp_path / "found").code == 0
    assert (tmp_path / "found" / "results" / "candidates.csv").exists()
    shutil.rmtree(tmp_path / "trained")
    wish = 'constraints={"credit": {"low": 13}, "job": {"lock": true}}'
    assert otherwise("query", tmp_path / "found" / "model", data, "--items", "7", "--set", wish, "--out",
                     tmp_path / "answer").code == 0
    with (tmp_path / "answer" / "results" / "counterfactuals.csv").open() as file:
        told = list(csv.DictReader(file))
    assert told
    assert all(float(row["credit, predicted"]) >= 13 and row["job"] == row["job factual"] for row in told)
