"""The story of the recovery programme by command: run, query the other treatment, export."""

from __future__ import annotations

import csv
import json
from importlib import resources
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from studio.cli import main

PATIENTS = Path(str(resources.files("resources"))) / "samples" / "recovery_programme" / "patients.csv"
ROLES = (
    "--role", "treatment=programme", "--role", "outcome=walking", "--role", "covariate=age,pain,strength,weight,steps",
)
SMALL = ("epochs=2", "restarts=1", "bootstraps=4", "sensitivity=false", "hidden=8", "draws=20")


@pytest.fixture(scope="module")
def run(qapp, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("runs") / "recovery"
    settings = [part for setting in SMALL for part in ("--set", setting)]
    assert main(["run", "vluci", str(PATIENTS), *ROLES, *settings, "--out", str(out), "--threads", "1"]) == 0
    return out


def test_a_run_writes_its_results_by_name(run):
    assert json.loads((run / "run.json").read_text())["status"] == "done"
    with (run / "results" / "individual.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 1000
    assert {"walking if programme = no", "walking if programme = yes", "effect", "U"} <= set(rows[0])
    for name in ("average.csv", "confounder.png", "sensitivity.csv", "verdict.txt"):
        assert (run / "results" / name).exists(), name


def test_the_other_treatment_is_asked_about(otherwise, run, tmp_path):
    do = ("--items", "1", "--do", "programme=yes")
    ended = otherwise("query", run / "model", PATIENTS, *do, "--out", tmp_path / "q")
    assert ended.code == 0
    with (tmp_path / "q" / "factors.csv").open() as file:
        found = {row["name"]: row for row in csv.DictReader(file)}
    assert (found["programme"]["factual"], found["programme"]["counterfactual"]) == ("no", "yes")
    assert float(found["walking"]["factual"]) == 304.2
    assert found["walking"]["how"] == "follows"
    document = json.loads((tmp_path / "q" / "query.json").read_text())
    assert "do not reveal a hidden confounder" in document["support_note"]


def test_a_treatment_that_is_not_there_is_refused(otherwise, run, tmp_path):
    ended = otherwise("query", run / "model", PATIENTS, "--do", "programme=maybe", "--out", tmp_path / "q")
    assert ended.code == 2
    assert "programme" in ended.err


def test_the_model_is_exported_whole(otherwise, run, tmp_path):
    assert otherwise("export", run / "model", "--to", "safetensors", "--out", tmp_path / "out").code == 0
    (file,) = (tmp_path / "out").rglob("*.safetensors")
    kept = load_file(file)
    assert any(name.startswith("confounded") for name in kept)
    assert all(np.isfinite(values).all() for values in kept.values())


def test_roles_that_are_missing_are_named(otherwise, tmp_path):
    ended = otherwise("run", "vluci", PATIENTS, "--role", "outcome=walking", "--out", tmp_path / "none")
    assert ended.code == 2
    assert "role treatment" in ended.err
