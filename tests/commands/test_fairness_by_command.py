"""The fair classifier by command: run, ask for the other attribute, export; what is refused."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from engines.simulators.drifting_fairness import drifting
from studio.cli import main

METHOD = "sequential_counterfactual_fairness"
ROLES = ("--role", "time=term", "--role", "sensitive attribute=home", "--role", "label=admitted")
SMALL = ("steps=4", "hidden=8", "batch=16", "dimensions=2", "points=1")


def written(path: Path, homes: tuple[str, ...] = ("country", "town")) -> Path:
    """Four terms of fifty applicants."""
    data = drifting(2, periods=4, rows=50)
    with path.open("w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file)
        lines.writerow(["term", "home", *(f"mark {j + 1}" for j in range(7)), "admitted"])
        for i in range(200):
            home = homes[int(data.a[i]) if len(homes) == 2 else i % len(homes)]
            lines.writerow([int(data.period[i]), home, *data.x[i].round(3), ("no", "yes")[int(data.y[i])]])
    return path


@pytest.fixture(scope="module")
def applicants(tmp_path_factory) -> Path:
    return written(tmp_path_factory.mktemp("data") / "applicants.csv")


@pytest.fixture(scope="module")
def run(qapp, applicants, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("runs") / "fair"
    settings = [part for setting in SMALL for part in ("--set", setting)]
    assert main(["run", METHOD, str(applicants), *ROLES, *settings, "--out", str(out), "--threads", "1"]) == 0
    return out


def test_a_run_writes_accuracy_and_fairness_of_each_period(run):
    told = json.loads((run / "run.json").read_text())
    assert told["status"] == "done"
    assert "accuracy, later periods" in told["scalars"]
    with (run / "results" / "fairness.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["part"] for row in rows] == ["source", "source", "source", "later"]
    assert all(0 <= float(row["accuracy"]) <= 1 and 0 <= float(row["counterfactual effect"]) <= 1 for row in rows)
    for name in ("periods.csv", "tradeoff.png", "weights.csv", "latents_period.png", "priors.csv", "marking.csv",
                 "verdict.txt"):
        assert (run / "results" / name).exists(), name


def test_the_other_attribute_is_asked_about(otherwise, run, applicants, tmp_path):
    with applicants.open() as file:
        home = next(csv.DictReader(file))["home"]
    other = "town" if home == "country" else "country"
    ended = otherwise("query", run / "model", applicants, "--items", "1", "--do", f"home={other}", "--set",
                      "decision from=0", "--out", tmp_path / "q")
    assert ended.code == 0
    with (tmp_path / "q" / "factors.csv").open() as file:
        found = {row["name"]: row for row in csv.DictReader(file)}
    assert (found["home"]["factual"], found["home"]["counterfactual"]) == (home, other)
    assert found["mark 3"]["how"] == "follows"
    assert found["decision on admitted"]["counterfactual"] == "yes", "from a probability of 0 on all are admitted"


def test_an_attribute_that_is_not_there_is_refused(otherwise, run, applicants, tmp_path):
    ended = otherwise("query", run / "model", applicants, "--do", "home=moon", "--out", tmp_path / "q")
    assert ended.code == 2
    assert "home" in ended.err


def test_the_model_is_exported_whole(otherwise, run, tmp_path):
    assert otherwise("export", run / "model", "--to", "safetensors", "--out", tmp_path / "out").code == 0
    (file,) = (tmp_path / "out").rglob("*.safetensors")
    kept = load_file(file)
    assert any(name.startswith("network") for name in kept)
    assert all(np.isfinite(values).all() for values in kept.values())


def test_what_the_method_cannot_use_is_refused_before_work_starts(otherwise, applicants, tmp_path):
    ended = otherwise("run", METHOD, applicants, *ROLES[2:], "--out", tmp_path / "none")
    assert ended.code == 2
    assert "role time" in ended.err
    three = written(tmp_path / "three.csv", ("country", "town", "abroad"))
    ended = otherwise("run", METHOD, three, *ROLES, "--out", tmp_path / "none")
    assert ended.code == 2
    assert "Column home takes more than 2 values" in ended.err
    assert "one value against the rest" in ended.err
    assert not (tmp_path / "none" / "model").exists()
