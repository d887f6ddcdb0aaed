"""How often edges came back: sorted, looked through by a threshold, kept, written."""

from __future__ import annotations

import csv
from pathlib import Path

from engines.graph.graph import Edge, Graph, Node
from studio.panels.graph_pages.frequencies import FrequenciesPage
from tests.gui.conftest import Analyst


def test_frequencies_are_sorted_looked_through_kept_and_written(analyst: Analyst, tmp_path: Path) -> None:
    nodes = tuple(Node(name, position=(220.0 * i, 80.0 * (i % 2))) for i, name in enumerate("abcd"))
    edges = (Edge("a", "b", frequency=0.4), Edge("b", "c", frequency=0.95), Edge("a", "d", frequency=0.7))
    analyst.desk.projects.begin()
    analyst.window.show_panel("Graph")
    workspace, panel = analyst.desk.workspace, analyst.window.rooms.graph
    workspace.set_graph(Graph(nodes, edges), "Draw")
    panel.tray.open("frequencies")
    page = panel.tray.page("frequencies")
    assert isinstance(page, FrequenciesPage)

    def order() -> list[object]:
        column = page.table.result().table["edge"]
        return [column.levels[code] for code in column.values]

    assert order() == ["b → c", "a → d", "a → b"]
    page.sort_by(1)
    assert order() == ["a → b", "a → d", "b → c"]
    page.sort_by(0)
    assert order() == ["a → b", "a → d", "b → c"]
    page.table.selectRow(2)
    assert panel.canvas.showing().edge == ("b", "c")

    page.slider.setValue(60)
    assert page._said.text() == "2 of 3 at 0.60 or more"
    assert panel.canvas.showing().least_frequency == 0.6
    page.write(tmp_path / "often.csv")
    with (tmp_path / "often.csv").open(encoding="utf-8") as file:
        assert [row["frequency"] for row in csv.DictReader(file)] == ["0.4", "0.7", "0.95"]
    page.keep.click()
    assert [edge.pair for edge in workspace.graph.edges] == [("b", "c"), ("a", "d")]
    assert not page.keep.isEnabled()
    analyst.desk.history.undo()
    assert len(workspace.graph.edges) == 3
