"""Rows by command from a graph file, with the truth beside them."""

import csv
import json

import numpy as np

from engines.graph import formats
from engines.graph.graph import Graph
from studio.cli import main


def read(path):
    with path.open() as file:
        return {name: np.array([float(value) for value in column])
                for name, *column in zip(*csv.reader(file), strict=True)}


def test_rows_truth_and_the_counterfactual_of_each_row(tmp_path, capsys):
    graph = tmp_path / "graph.dag"
    graph.write_text("dag { a [exposure] c [outcome] a -> b b -> c a -> c b <-> c }", encoding="utf-8")
    graph = graph.rename(tmp_path / "graph.txt")
    same = ["simulate", str(graph), "--rows", "200", "--seed", "3"]
    assert main([*same, "--out", str(tmp_path / "rows.csv"), "--truth", str(tmp_path / "truth.json"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert main([*same, "--do", "a=2", "--out", str(tmp_path / "set.csv")]) == 0
    rows, other = read(tmp_path / "rows.csv"), read(tmp_path / "set.csv")
    assert list(rows) == ["a", "c", "b"]
    truth: Graph = formats.read(tmp_path / "truth.json")
    ab, bc, ac = (truth.edge(*pair).weight for pair in ("ab", "bc", "ac"))
    assert np.allclose(other["c"] - rows["c"], (2 - rows["a"]) * (ac + ab * bc))
    assert np.isclose(told["effects"]["a on c"], ac + ab * bc)


def test_nothing_is_written_over_and_unknown_nodes_are_refused(tmp_path):
    formats.write(Graph.of("ab", [("a", "b")]), tmp_path / "graph.json")
    out = tmp_path / "rows.csv"
    out.write_text("mine", encoding="utf-8")
    assert main(["simulate", str(tmp_path / "graph.json"), "--out", str(out)]) == 2
    assert out.read_text(encoding="utf-8") == "mine"
    assert main(["simulate", str(tmp_path / "graph.json"), "--do", "z=1", "--out", str(tmp_path / "new.csv")]) == 2
    assert not (tmp_path / "new.csv").exists()
