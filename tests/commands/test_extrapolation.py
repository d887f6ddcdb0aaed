"""A stronger dose by command: run with roles, query beyond what was tried, export the encoder."""

from __future__ import annotations

import csv
import json
from importlib import resources
from pathlib import Path

import pytest

SAMPLE = Path(str(resources.files("resources"))) / "samples" / "dosing" / "dosing.csv"
MARKERS = ",".join(f"marker {j}" for j in range(1, 7))
QUICK = ("steps=120", "outcome_steps=120", "restarts=1", "bootstraps=2", "compare=true")


@pytest.mark.robustness
def test_a_dose_beyond_those_tried_is_run_queried_and_exported(otherwise, tmp_path):
    learnt = tmp_path / "learnt"
    settings = [word for setting in QUICK for word in ("--set", setting)]
    ended = otherwise(
        "run", "intervention_extrapolation", SAMPLE, "--role", "treatment=dose", "--role", "outcome=response",
        "--role", f"covariate={MARKERS}", *settings, "--seed", "1", "--out", learnt,
    )
    assert ended.code == 0, ended.err
    said = json.loads((learnt / "run.json").read_text())
    assert said["status"] == "done"
    assert {path.stem for path in (learnt / "results").glob("*.csv")} == {
        "curve", "support", "latents", "residuals", "coordinates", "encoders", "elbow", "linearity"
    }
    with (learnt / "results" / "curve.csv").open() as file:
        lines = {row["line"] for row in csv.DictReader(file)}
    assert {"Rep4Ex", "actions alone", "plain autoencoder"} <= lines

    asked = otherwise(
        "query", learnt / "model", SAMPLE, "--items", "1", "--do", "dose=78", "--set", "control function=false",
        "--out", tmp_path / "asked",
    )
    assert asked.code == 0, asked.err
    with (tmp_path / "asked" / "factors.csv").open() as file:
        found = {row["name"]: row for row in csv.DictReader(file)}
    assert float(found["dose"]["counterfactual"]) == 78
    assert found["response"]["how"] == "follows"

    refused = otherwise("query", learnt / "model", SAMPLE, "--do", "marker 1=2", "--out", tmp_path / "refused")
    assert refused.code == 2
    assert "marker 1" in refused.err

    pytest.importorskip("onnx", reason="the extra onnx is not installed")
    written = otherwise("export", learnt / "model", "--to", "onnx", "--data", SAMPLE, "--out", tmp_path / "parts")
    assert written.code == 0, written.err
    assert {path.stem for path in (tmp_path / "parts").rglob("*.onnx")} == {"encode", "predict"}
