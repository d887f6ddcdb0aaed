"""A predictor and T-Rex on it by command: train, explain, query a row, export."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from studio.cli import main

SMALL = ("models=2", "k=60", "rows=4", "steps=20", "closer=15", "step=0.02", "tau=0.7", "wanted=approved")


@pytest.fixture(scope="module")
def run(loans) -> Path:
    settings = [part for setting in SMALL for part in ("--set", setting)]
    command = ["run", "robust_counterfactuals", str(loans / "loans.csv"), "--input",
               f"model={loans / 'predictor' / 'model'}", *settings, "--out", str(loans / "advice"), "--threads", "1"]
    assert main(command) == 0
    return loans / "advice"


def test_a_run_writes_its_results_by_name(run):
    assert json.loads((run / "run.json").read_text())["status"] == "done"
    with (run / "results" / "methods.csv").open() as file:
        found = {row["search"]: row for row in csv.DictReader(file)}
    assert {"nearest counterfactual", "T-Rex:I", "nearest row", "T-Rex:NN"} <= set(found)
    for name in ("rows.csv", "searches.csv", "tradeoff.png", "retrained.csv", "climb.csv", "spread.png", "verdict.txt"):
        assert (run / "results" / name).exists(), name


def test_a_row_is_asked_about_without_the_other_models_folder(otherwise, loans, run, tmp_path):
    alone = tmp_path / "alone"
    shutil.copytree(run / "model", alone)
    ended = otherwise("query", alone, loans / "loans.csv", "--items", "1", "--set", "search=T-Rex:NN", "--set", "τ=0.8",
                      "--out", tmp_path / "q")
    assert ended.code == 0, ended.err
    with (tmp_path / "q" / "factors.csv").open() as file:
        found = {row["name"]: row for row in csv.DictReader(file)}
    assert (found["decision"]["factual"], found["decision"]["counterfactual"]) == ("rejected", "approved")


def test_the_bank_is_exported_whole(otherwise, run, tmp_path):
    assert otherwise("export", run / "model", "--to", "safetensors", "--out", tmp_path / "out").code == 0
    assert list((tmp_path / "out").rglob("*.safetensors"))


def test_without_a_model_it_is_refused(otherwise, loans, tmp_path):
    ended = otherwise("run", "robust_counterfactuals", loans / "loans.csv", "--out", tmp_path / "none")
    assert ended.code == 2
    assert "none is chosen" in ended.err
    assert not list(tmp_path.rglob("model.json"))
