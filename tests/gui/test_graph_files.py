"""Graphs as files: recognised while they hover, opened by a drop, undone, exported as data and as figures."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication, QImage

from engines.graph import formats
from engines.graph.graph import Edge, Graph, Mark, Node, bidirected
from studio.exports.by_hand import graph_filters
from studio.intake.kinds import Incoming, kind_of, recognised
from tests.graph.random_graphs import alike
from tests.gui.conftest import Analyst

GRAPH = Graph(
    (
        Node("dose", frozenset({Mark.EXPOSURE}), (0.0, 0.0)), Node("cure", frozenset({Mark.OUTCOME}), (240.0, 40.0)),
        Node("blood pressure", position=(240.0, 160.0)),
    ),
    (Edge("dose", "cure"), bidirected("dose", "cure"), Edge("blood pressure", "cure")),
)


@pytest.mark.parametrize("ending", formats.FORMATS)
def test_each_format_is_recognised_while_it_hovers(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"graph{ending}"
    formats.write(GRAPH, path)
    assert kind_of(path) is Incoming.GRAPH
    assert recognised([path]).sentence == "Graph, 3 nodes, 3 edges"
    assert recognised([path]).accepted


def test_what_is_no_graph_is_not_taken_for_one_and_a_broken_one_is_refused_as_it_hovers(tmp_path: Path) -> None:
    for name, text in (("notes.txt", "graph of my thoughts\n"), ("feed.xml", "<rss/>"), ("t.csv", "a,b\n1,2\n")):
        (tmp_path / name).write_text(text, "utf-8")
        assert kind_of(tmp_path / name) is Incoming.DATA
    (tmp_path / "broken.txt").write_text("dag {\n a -> \n", "utf-8")
    found = recognised([tmp_path / "broken.txt"])
    assert not found.accepted
    assert found.sentence.startswith("broken.txt, line 3: ")


def test_dropped_exported_as_data_and_figures_and_undone(analyst: Analyst, tmp_path: Path, finish) -> None:
    desk, window = analyst.desk, analyst.window
    path = tmp_path / "graph.tetrad"
    formats.write(GRAPH, path)

    async def drop(dropped: Path) -> None:
        taken = []
        desk.graph_taken.connect(lambda: taken.append(dropped))
        window.take_paths([dropped])
        await analyst.until(lambda: bool(taken), desk.graph_taken)

    finish(drop(path))
    assert alike(desk.workspace.graph, GRAPH)
    assert desk.history.undo_text() == "Import graph.tetrad"

    (tmp_path / "other.dot").write_text("digraph { dose -> cure }")
    finish(drop(tmp_path / "other.dot"))                # the graph that is there stays; the other is compared with
    assert desk.workspace.truth is not None
    assert alike(desk.workspace.graph, GRAPH)
    desk.history.undo()

    exports = window.rooms.exports
    titles = graph_filters()
    assert "DAGitty text (*.txt *.dagitty)" in titles
    assert len(titles) == len({known.title for known in formats.FORMATS.values()}) + 3
    for name in ("out.gml", "out.svg", "out.pdf", "out.png"):
        exports.write_graph(desk.workspace.graph, tmp_path / name)
    assert alike(formats.read(tmp_path / "out.gml"), GRAPH)
    drawing = (tmp_path / "out.svg").read_text("utf-8")
    assert "blood pressure" in drawing
    assert "Inter" in drawing
    assert b"Inter" in pdf_text(tmp_path / "out.pdf")
    width, height = window.rooms.graph.canvas.figure_size()
    image = QImage(str(tmp_path / "out.png"))
    assert image.width() > 2 * width
    assert image.height() > 2 * height
    assert kind_of(tmp_path / "out.svg") is Incoming.RECIPE

    desk.history.undo()
    assert desk.workspace.graph == Graph()
    QGuiApplication.clipboard().setText("dag { dose -> cure <-> \"blood pressure\" }")
    window.rooms.graph.canvas.paste()
    assert desk.workspace.graph.names == ("dose", "cure", "blood pressure")
    assert desk.history.undo_text() == "Paste 3 nodes"


def pdf_text(path: Path) -> bytes:
    """A PDF with its streams unpacked."""
    raw = path.read_bytes()
    found = [raw]
    for part in raw.split(b"stream\n")[1:]:
        try:
            found.append(zlib.decompressobj().decompress(part))
        except zlib.error:
            continue
    return b"\n".join(found)
