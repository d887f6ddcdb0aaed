"""From a drawn graph to data whose truth is known, in a few clicks."""

from __future__ import annotations

from PySide6.QtCore import QPoint

from engines.graph.graph import Graph
from tests.gui.conftest import Analyst


def test_a_graph_gives_data_and_is_what_they_are_compared_with(analyst: Analyst, finish) -> None:
    async def story() -> None:
        desk, window = analyst.desk, analyst.window
        desk.projects.begin()
        window.show_panel("Graph")
        desk.workspace.set_graph(Graph.of(["dose", "age", "recovery"], [("dose", "recovery"), ("age", "dose")]), "Draw")
        window.rooms.graph.simulate_wished.emit()
        popup = window.rooms._simulation
        assert popup.isVisible()
        popup.rows.setValue(60)
        popup.done.click()
        assert not popup.isVisible()
        await analyst.until(lambda: desk.workspace.data is not None, desk.workspace.data_changed)
        table = desk.workspace.data.data.attributes
        assert (set(table.names), len(table)) == ({"dose", "age", "recovery"}, 60)
        assert desk.workspace.truth is not None
        assert {edge.pair for edge in desk.workspace.truth.graph.edges} == {("dose", "recovery"), ("age", "dose")}
        assert (desk.project.folder / "data" / "simulated 1.csv").exists()
        first = table["recovery"].values
        desk.simulating.simulate(60, "linear", "normal", 1)
        await analyst.until(lambda: len(desk.workspace.datasets) == 2, desk.workspace.datasets_changed)
        assert (desk.workspace.data.data.attributes["recovery"].values != first).any()

    finish(story())


def test_a_cycle_is_said_in_the_popup(analyst: Analyst, finish) -> None:
    async def story() -> None:
        desk, window = analyst.desk, analyst.window
        desk.projects.begin()
        window.show_panel("Graph")
        desk.workspace.set_graph(Graph.of("ab", [("a", "b"), ("b", "a")][:1]), "Draw")
        popup = window.rooms._simulation
        popup.open_at(QPoint(40, 40))
        desk.workspace.set_graph(Graph(), "Empty the graph")
        popup.done.click()
        assert popup.isVisible()
        assert popup.error.isVisible()
        assert desk.workspace.data is None

    finish(story())
