"""Two graphs beside each other in the window: numbers, differences to jump to, sources, and the table."""

from __future__ import annotations

import csv
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engines.graph.graph import Edge, Graph, Node, undirected
from studio.panels.graph_pages.compare import ComparePage
from studio.workspace import Truth
from tests.gui.conftest import Analyst


def test_the_graph_is_compared_with_the_truth_a_file_and_an_earlier_state(analyst: Analyst, tmp_path: Path) -> None:
    graph = Graph.of("abcd", ["ab", "bc", "cd"]).placed({n: (220.0 * i, 60.0 * i) for i, n in enumerate("abcd")})
    true = Graph(tuple(Node(n) for n in "abcd"), (Edge("a", "b"), undirected("b", "c"), Edge("a", "d")))
    analyst.desk.projects.begin()
    analyst.window.show_panel("Graph")
    workspace, panel = analyst.desk.workspace, analyst.window.rooms.graph
    workspace.set_graph(graph, "Draw")
    panel.tray.open("compare")
    page = panel.tray.page("compare")
    assert isinstance(page, ComparePage)
    assert not page.list.lines()

    workspace.compare_with(Truth("known", true), "Compare")
    assert page.figures() == (
        "SHD 3: 1 only here, 1 only there, 1 turned",
        "Edges: 2 of 3 right (precision 67\u00a0%), 2 of 3 found (recall 67\u00a0%)",
        "Arrowheads: 1 of 2 right (precision 50\u00a0%), 1 of 1 found (recall 100\u00a0%)",
    )
    assert [(line.text, line.figure) for line in page.list.lines()] == [
        ("c → d", "only here"), ("a → d", "only there"), ("b → c, there b – c", "turned"),
    ]
    panel.canvas.zoom_by(4)
    panel.canvas.pan(4000, 4000)
    page.list.setFocus()
    page.list.look_at(0)
    QTest.keyClick(page.list, Qt.Key.Key_Down)
    assert panel.canvas.showing().edge == ("a", "d")
    seen = panel.canvas.mapToScene(panel.canvas.viewport().rect()).boundingRect()
    boxes = panel.canvas.geometry_of_graph().boxes
    assert seen.contains(boxes["a"].united(boxes["d"]).center())

    page.write(tmp_path / "differences.csv")
    with (tmp_path / "differences.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["difference"] for row in rows] == ["only here", "only there", "turned"]
    assert rows[2]["there"] == "b – c"

    # an earlier state of the graph, and nothing
    workspace.set_graph(graph.without_edge("a", "b"), "Delete edge a → b")
    (earlier,) = panel.against.earlier()
    panel.against.choose(earlier)
    assert page.figures()[0] == "SHD 1: 0 only here, 1 only there, 0 turned"
    assert panel.canvas.showing().comparison.only_there == (Edge("a", "b"),)
    assert workspace.truth == Truth("known", true)          # runs are still scored beside it
    panel.against.choose(None)
    assert panel.canvas.showing().comparison is None

    # a file
    (tmp_path / "other.csv").write_text("source,target\na,b\n")
    page.read(tmp_path / "other.csv")
    assert page.with_what.text() == "With other"
    (tmp_path / "broken.gml").write_text("graph [")
    page.read(tmp_path / "broken.gml")
    assert page._error.sentence()
    assert page.with_what.text() == "With other"
