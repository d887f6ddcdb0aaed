"""`otherwise know`: the same answers without a window."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from studio.cli import main

GRAPH = 'dag { x [exposure] y [outcome] z w\n z -> w\n z -> x\n w -> y\n x -> y }'


@pytest.fixture
def graph(tmp_path: Path) -> str:
    file = tmp_path / "graph.txt"
    file.write_text(GRAPH, "utf-8")
    return str(file)


def lines(capsys) -> list[dict]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_the_effect_of_the_marked_nodes(graph: str, capsys) -> None:
    assert main(["know", graph]) == 0
    told = capsys.readouterr().out
    assert "2 sets serve to adjust for in the effect of x on y." in told
    assert "No front-door set" in told
    assert "The graph claims 2 independences." in told
    assert main(["know", graph, "--exposure", "z", "--outcome", "y", "--json"]) == 0
    found = lines(capsys)
    assert found[0]["sets"] == [[]]
    assert found[0]["ended"] == "all"


def test_implications_beside_data(graph: str, tmp_path: Path, capsys) -> None:
    rng = np.random.default_rng(1)
    z = rng.normal(size=200)
    w = z + rng.normal(size=200)
    x = z + w + rng.normal(size=200)
    y = w + x + rng.normal(size=200)
    data = tmp_path / "made.csv"
    data.write_text("x,y,z,w\n" + "\n".join(",".join(map(str, row)) for row in zip(x, y, z, w)) + "\n", "utf-8")
    assert main(["know", graph, "--data", str(data), "--json"]) == 0
    by_pair = {(row["first"], row["second"]): row for row in lines(capsys) if "first" in row}
    assert by_pair["x", "w"]["verdict"] == "fails"
    assert by_pair["x", "w"]["given"] == "z"
    assert by_pair["y", "z"]["verdict"] == "holds"
    assert main(["know", graph, "--data", str(data), "--flexible"]) == 0
    assert "1 of 2 independences fail" in capsys.readouterr().out


def test_separation_of_two_sets(graph: str, capsys) -> None:
    assert main(["know", graph, "--separate", "z,x", "y", "--given", "w", "--json"]) == 0
    assert lines(capsys)[0]["separated"] is False
    assert main(["know", graph, "--separate", "z", "y", "--given", "w,x"]) == 0
    assert "z and y are separated given w and x" in capsys.readouterr().out


def test_a_node_that_is_not_there_is_refused(graph: str, capsys) -> None:
    assert main(["know", graph, "--exposure", "nobody"]) == 2
    assert "There is no node nobody in the graph." in capsys.readouterr().err
