"""`otherwise sweep`: a folder for each run, one table, and everything checked before the first begins."""

from __future__ import annotations

import csv
import json

import pytest

QUICK = ("--set", "warm=200", "--set", "last=300", "--set", "stages=2", "--set", "bootstraps=0", "--threads", "1")


def test_each_combination_is_run_and_stands_in_the_table(otherwise, chain, tmp_path):
    out = tmp_path / "out"
    ended = otherwise(
        "sweep", "colide", chain, *QUICK, "--vary", "penalty=0.01 to 0.1 in 2", "--vary", "noise=equal,separate",
        "--seeds", "2", "--seed", "3", "--out", out, "--json",
    )
    assert ended.code == 0, ended.err
    rows = list(csv.DictReader((out / "sweep.csv").read_text().splitlines()))
    assert [row["run"] for row in rows] == [str(n) for n in range(1, 9)]
    assert {(row["penalty"], row["noise"], row["seed"]) for row in rows} == {
        (penalty, noise, seed) for penalty in ("0.01", "0.1") for noise in ("equal", "separate") for seed in ("3", "4")
    }
    assert {row["status"] for row in rows} == {"done"}
    for row in rows:
        document = json.loads((out / f"{int(row['run']):03d}" / "run.json").read_text())
        assert document["parameters"]["penalty"] == float(row["penalty"])
        assert document["parameters"]["warm"] == 200
        assert document["seed"] == int(row["seed"])
        assert float(row["objective"]) == pytest.approx(document["scalars"]["objective"])
        assert (out / f"{int(row['run']):03d}" / "model" / "model.json").is_file()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--vary", "penalty=0.1,-5"), "penalty cannot be -5"),
        (("--vary", "nonsense=1,2"), "There is no setting nonsense."),
        (("--vary", "penalty=a to b in 3"), "Both ends must be numbers."),
        (("--vary", "penalty=1,2", "--seeds", "0"), "0 is no number of seeds."),
        (("--vary", "penalty=0 to 1 in 100", "--vary", "threshold=0 to 1 in 100"), "at most 500"),
        ((), "Nothing varies."),
    ],
)
def test_everything_is_checked_before_the_first_run(otherwise, chain, tmp_path, arguments, said):
    out = tmp_path / "out"
    ended = otherwise("sweep", "colide", chain, *QUICK, *arguments, "--out", out)
    assert ended.code == 2
    assert said in ended.err
    assert not out.exists() or not list(out.iterdir())


def test_a_folder_that_holds_something_is_refused(otherwise, chain, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    ended = otherwise("sweep", "colide", chain, *QUICK, "--seeds", "2", "--out", tmp_path)
    assert ended.code == 2
    assert "is not empty" in ended.err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
