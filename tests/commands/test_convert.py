"""`otherwise convert`: a graph goes from format to format, and to figures, and nothing is overwritten."""

from __future__ import annotations

from pathlib import Path

import pytest

from engines.graph import formats
from studio.cli import main
from tests.graph.random_graphs import alike

TEXT = 'dag { "a b" [exposure,pos="0,0"] y [outcome,pos="240,40"] "a b" -> y "a b" <-> y }'


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    file = tmp_path / "graph.txt"
    file.write_text(TEXT, "utf-8")
    return file


def test_through_every_format_and_back(graph: Path, tmp_path: Path, capsys) -> None:
    first = formats.read(graph)
    for ending in formats.FORMATS:
        there = tmp_path / f"there{ending}"
        assert main(["convert", str(graph), str(there)]) == 0
        assert "2 nodes, 2 edges" in capsys.readouterr().out
        assert alike(formats.read(there), first), ending


def test_a_figure_says_the_names_and_nothing_is_overwritten(graph: Path, tmp_path: Path, capsys) -> None:
    for ending, begins in ((".svg", b"<?xml"), (".pdf", b"%PDF"), (".png", b"\x89PNG")):
        out = tmp_path / f"figure{ending}"
        assert main(["convert", str(graph), str(out)]) == 0
        assert out.read_bytes().startswith(begins)
    assert ">a b<" in (tmp_path / "figure.svg").read_text("utf-8")
    assert main(["convert", str(graph), str(tmp_path / "figure.svg")]) == 2
    assert "exists already" in capsys.readouterr().err
    assert main(["convert", str(graph), str(tmp_path / "figure.xyz")]) == 2
    assert not (tmp_path / "figure.xyz").exists()
