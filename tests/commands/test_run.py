"""`otherwise run`: what it writes, what it refuses and with which code, and how it is stopped."""

from __future__ import annotations

import csv
import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from engines.graph import formats
from engines.graph.graph import Graph
from tests.installing import install
from tests.robustness.corpus import CASES

ROOT = Path(__file__).parent.parent.parent


def test_a_run_writes_what_it_found_and_what_it_was_made_of(trained, chain):
    document = json.loads((trained / "run.json").read_text())
    assert document["method"] == "colide"
    assert document["status"] == "done"
    assert document["seed"] == 0
    assert document["data"]["path"] == str(chain)
    assert document["data"]["fingerprint"]
    assert document["device"] == "cpu"
    assert document["seconds"] >= 0
    assert {"python", "numpy"} <= {name.lower() for name in document["versions"]}
    rows = list(csv.DictReader((trained / "scalars.csv").read_text().splitlines()))
    assert {row["name"] for row in rows} == set(document["scalars"])
    last = {row["name"]: float(row["value"]) for row in rows}
    assert last == pytest.approx(document["scalars"])
    results = trained / "results"
    graph = formats.read(results / "graph.json")
    assert {edge.pair for edge in graph.edges} == {("a", "b"), ("b", "c")}
    assert graph.edge("a", "b").weight == pytest.approx(2.0, abs=0.2)
    assert {edge.pair for edge in formats.read(results / "graph.graphml").edges} == {("a", "b"), ("b", "c")}
    assert (results / "graph.png").read_bytes().startswith(b"\x89PNG")
    assert not list(results.glob("*.result"))
    assert (trained / "model" / "model.json").is_file()
    assert (trained / "model" / "tensors.safetensors").is_file()


def test_the_same_seed_gives_the_same_files(otherwise, chain, trained, tmp_path):
    assert otherwise("run", "colide", chain, "--out", tmp_path / "again", "--threads", "1").code == 0
    for name in ("scalars.csv", "results/graph.json", "model/tensors.safetensors"):
        assert (tmp_path / "again" / name).read_bytes() == (trained / name).read_bytes()


def test_a_second_run_into_the_same_folder_is_refused_and_changes_nothing(otherwise, chain, trained):
    before = {path: path.read_bytes() for path in trained.rglob("*") if path.is_file()}
    ended = otherwise("run", "colide", chain, "--out", trained)
    assert ended.code == 2
    assert "already holds a run" in ended.err
    assert {path: path.read_bytes() for path in trained.rglob("*") if path.is_file()} == before


def test_settings_and_roles_are_taken(otherwise, chain, tmp_path):
    ended = otherwise(
        "run", "colide", chain, "--role", "left out=c", "--set", "threshold=0.5", "--seed", "3", "--json", "--out",
        tmp_path / "out",
    )
    assert ended.code == 0
    document = json.loads((tmp_path / "out" / "run.json").read_text())
    assert document["parameters"]["threshold"] == 0.5
    assert document["seed"] == 3
    graph = formats.read(tmp_path / "out" / "results" / "graph.json")
    assert graph.names == ("a", "b")
    assert any("phase" in line for line in ended.lines)
    assert ended.lines[-1]


REFUSED = {
    "unknown method": (["nonsense", "DATA"], "There is no method nonsense."),
    "missing file": (["colide", "gone.csv"], "gone.csv is not there"),
    "unknown role": (["colide", "DATA", "--role", "friend=a"], "There is no role friend."),
    "role without column": (["colide", "DATA", "--role", "factor"], "'factor' is not a role."),
    "unknown column": (["colide", "DATA", "--role", "factor=z"], "z"),
    "unknown input": (["colide", "DATA", "--input", "secret=x"], "There is no input secret."),
    "input without name": (["colide", "DATA", "--input", "x"], "'x' is not an input."),
    "unknown setting": (["colide", "DATA", "--set", "nothing=1"], "nothing"),
    "setting out of bounds": (["colide", "DATA", "--set", "threshold=-1"], "threshold"),
    "setting of a wrong kind": (["colide", "DATA", "--set", "threshold=high"], "threshold"),
    "unknown preset": (["colide", "DATA", "--preset", "instant"], "There is no preset instant."),
    "unknown step": (["colide", "DATA", "--step", "magic=a"], "magic"),
    "step on no column": (["colide", "DATA", "--step", "logarithm=z"], "z"),
    "unknown device": (["colide", "DATA", "--device", "cuda:7"], "cuda:7"),
    "device of no kind": (["colide", "DATA", "--device", "abacus"], "abacus"),
    "missing graph": (["colide", "DATA", "--input", "truth=gone.dot"], "gone.dot"),
    "missing knowledge": (["colide", "DATA", "--input", "knowledge=gone.json"], "gone.json"),
    "cyclic graph": (["colide", "DATA", "--input", "truth=CYCLE"], "The graph has a cycle"),
    "wrong kind of data": (["causal_diffae", "DATA", "--graph", "GRAPH"], "this method needs images"),
    "constant column": (["colide", "CONSTANT"], "b never varies"),
    "too few rows": (["colide", "FEW"], "few has 1 row; at least 2 are needed."),
    "copies of a column": (["colide", "COPY"], "collinear"),
}


@pytest.fixture
def files(chain, tmp_path) -> dict[str, Path]:
    texts = {
        "CYCLE": ("cycle.csv", "cause,effect\na,b\nb,c\nc,a\n"),
        "CONSTANT": ("constant.csv", "a,b\n" + "".join(f"{i},5\n" for i in range(30))),
        "FEW": ("few.csv", "a,b\n1,2\n"),
        "COPY": ("copy.csv", "a,b\n" + "".join(f"{i * i % 7},{2 * (i * i % 7)}\n" for i in range(30))),
    }
    found = {"DATA": chain, "GRAPH": tmp_path / "graph.dot"}
    formats.write(Graph.of("abc", [("a", "b")]), found["GRAPH"])
    for key, (name, text) in texts.items():
        found[key] = tmp_path / name
        found[key].write_text(text)
    return found


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_used_is_refused_before_any_work(otherwise, files, tmp_path, case):
    arguments, says = REFUSED[case]
    for key, path in files.items():
        arguments = [argument.replace(key, str(path)) for argument in arguments]
    out = tmp_path / "out"
    ended = otherwise("run", *arguments, "--out", out)
    assert ended.code == 2, ended.err
    assert says in ended.err
    assert "Traceback" not in ended.err
    assert ended.out == ""
    assert not (out / "run.json").exists()
    as_json = otherwise("run", *arguments, "--out", out, "--json")
    assert as_json.code == 2
    assert says in as_json.lines[-1]["error"] + as_json.lines[-1]["cause"]


@pytest.mark.parametrize(
    "name",
    ["empty_file", "one_long_row", "utf8_with_a_fault", "parquet_cut", "npz_cut", "three_sizes", "pickle_named_csv",
     "labels_that_do_not_match", "picture_cut_in_a_folder", "larger_than_memory"],
)
def test_broken_files_get_the_sentence_that_the_window_shows(otherwise, tmp_path, name):
    case = next(case for case in CASES if case.name == name)
    path = case.make(tmp_path)
    labels = ["--input", f"labels={tmp_path / case.labels}"] if case.labels else []
    ended = otherwise("run", "causal_diffae", path, *labels, "--out", tmp_path / "out")
    assert ended.code == 2
    assert ended.err.replace("\n", " ").startswith(case.says)


def test_a_folder_that_cannot_be_written_is_refused(otherwise, chain, tmp_path):
    (tmp_path / "taken").write_text("a file")
    for out in (tmp_path / "taken", tmp_path / "taken" / "below"):
        ended = otherwise("run", "colide", chain, "--out", out)
        assert ended.code == 2, ended.err
        assert "taken" in ended.err
        assert "Traceback" not in ended.err


def test_arguments_that_are_missing_end_with_2(otherwise):
    assert otherwise("run").code == 2
    assert otherwise("run", "colide", "x.csv").code == 2
    assert otherwise("fly").code == 2
    none = otherwise("run", "colide", "x.csv", "--out", "x", "--threads", "0")
    assert none.code == 2
    assert "0 is no number of threads; give 1 or more" in none.err
    assert otherwise("run", "--help").code == 0


def test_an_interrupt_stops_the_run_with_130_and_resume_goes_on(otherwise, tmp_path, monkeypatch):
    install(ROOT / "tests" / "engine" / "troubled_package", tmp_path / "site", monkeypatch)
    data, out = tmp_path / "three.csv", tmp_path / "out"
    data.write_text("x\n1\n2\n4\n")
    run = ["run", "troubled", str(data), "--role", "factor=x", "--threads", "1", "--out", str(out)]
    child = subprocess.Popen(
        [sys.executable, "-m", "studio", *run, "--set", "way=patient", "--set", "steps=1000000", "--json"], cwd=ROOT,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )
    for line in child.stdout:
        if '"phase"' in line:
            break
    child.send_signal(signal.SIGINT)
    _, errors = child.communicate(timeout=60)
    assert child.returncode == 130, errors
    assert "--resume" in errors
    assert "Traceback" not in errors
    assert json.loads((out / "run.json").read_text())["status"] == "cancelled"
    assert not (out / "model").exists()
    reached = (out / "scalars.csv").read_text().splitlines()
    assert reached[1].startswith("total,0,")

    assert otherwise(*run, "--set", f"steps={len(reached) + 5}").code == 2
    assert otherwise(*run, "--set", f"steps={len(reached) + 5}", "--resume").code == 0
    lines = (out / "scalars.csv").read_text().splitlines()
    assert lines[: len(reached)] == reached
    assert [line.split(",")[1] for line in lines[1:]] == [str(step) for step in range(len(reached) + 5)]
    assert json.loads((out / "run.json").read_text())["status"] == "done"
