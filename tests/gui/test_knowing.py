"""The pages of the tray that say what follows from the graph, in the whole window."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engines.data.roles import Role
from engines.graph.graph import Edge, Graph, Mark, Node, bidirected
from tests.gui.conftest import Analyst


def marked(graph: Graph, **marks: Mark) -> Graph:
    for name, mark in marks.items():
        node = graph.node(name)
        graph = graph.with_node(Node(name, node.marks | {mark}, node.position))
    return graph


def drawn() -> Graph:
    graph = Graph.of("zwxmy", [("z", "w"), ("z", "x"), ("w", "y"), ("x", "m"), ("m", "y")])
    graph = graph.placed({name: (180.0 * i, 70.0 * (i % 2)) for i, name in enumerate("zwxmy")})
    return marked(graph, x=Mark.EXPOSURE, y=Mark.OUTCOME)


async def shown(analyst: Analyst, graph: Graph, page: str):
    analyst.desk.projects.begin()
    analyst.window.show_panel("Graph")
    analyst.desk.workspace.set_graph(graph, "Draw")
    panel = analyst.window.rooms.graph
    panel.tray.open(page)
    await settled(analyst)
    return panel, panel.tray.page(page)


async def settled(analyst: Analyst) -> None:
    identifying = analyst.desk.identifying
    await analyst.until(lambda: not identifying.busy, identifying.changed)


@pytest.mark.usefixtures("qt_loop")
def test_sets_are_listed_lit_and_taken_as_an_undo_step(analyst: Analyst, qt_loop) -> None:
    async def story() -> None:
        panel, page = await shown(analyst, drawn(), "effect")
        assert [line.text for line in page.lines()] == ["z", "w"]
        assert "2 sets serve" in page.sentence()
        assert "2 sets serve." in panel._bar._sentence.text()
        page.look_at(1)
        assert panel.canvas.selection() == ("w",)
        lit = panel.canvas.showing().lit
        assert lit is not None
        assert lit.paths == (("x", "z", "w", "y"),)
        assert lit.blocked == {"w"}
        page._adjust.click()
        await settled(analyst)
        assert Mark.ADJUSTED in analyst.desk.workspace.graph.node("w").marks
        assert analyst.desk.history.undo_text() == "Adjust for w"
        assert page.lines()[1].figure == "adjusted now"
        page.show_list(2)
        assert [line.text for line in page.lines()] == ["m"]
        page.show_list(3)
        assert "No instrument" in page.sentence() or page.lines()
        hidden = drawn().with_edge(bidirected("x", "y"))
        analyst.desk.workspace.set_graph(hidden, "Hide a cause")
        await settled(analyst)
        page.show_list(0)
        assert "x ↔ y stays open" in page.sentence()
        page.look_at(0)
        assert panel.canvas.showing().lit.paths == (("x", "y"),)
        assert "A front door is m." in panel._bar._sentence.text()
        analyst.desk.workspace.set_graph(Graph.of("ab", [("a", "b")]), "Start anew")
        await settled(analyst)
        assert page.sentence().startswith("Mark an exposure and an outcome")

    qt_loop.run_until_complete(story())


def test_implications_meet_the_data_and_failures_are_drawn(analyst: Analyst, qt_loop, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    z = rng.normal(size=300)
    w = z + rng.normal(size=300)
    x = z + rng.normal(size=300)
    y = w + 2 * x + rng.normal(size=300)
    rows = "\n".join(",".join(f"{v:.6f}" for v in row) for row in zip(z, w, x, y))
    file = tmp_path / "made.csv"
    file.write_text("z,w,x,y\n" + rows + "\n", "utf-8")

    async def story() -> None:
        await analyst.read([file])
        graph = Graph(
            tuple(Node(name, position=(200.0 * i, 80.0 * (i % 2))) for i, name in enumerate("zwxy")),
            (Edge("z", "w"), Edge("z", "x"), Edge("w", "y")),
        )
        analyst.desk.workspace.set_graph(graph, "Draw")
        analyst.window.show_panel("Graph")
        panel = analyst.window.rooms.graph
        panel.tray.open("implied")
        await settled(analyst)
        page = panel.tray.page("implied")
        panel.tray.open("effect")
        analyst.desk.workspace.set_graph(marked(graph, z=Mark.EXPOSURE, w=Mark.OUTCOME), "Mark")
        await settled(analyst)
        panel.tray.page("effect").look_at(0)
        panel.tray.page("effect")._estimate.click()
        assert analyst.desk.workspace.method == "average_effect"
        data = analyst.desk.workspace
        await analyst.until(lambda: data.data.data["w"].role is Role.OUTCOME, data.data_changed)
        assert data.data.data["z"].role is Role.TREATMENT
        analyst.desk.workspace.set_graph(graph, "Draw again")
        analyst.window.show_panel("Graph")
        panel.tray.open("implied")
        await settled(analyst)
        by_text = {line.text: line for line in page.lines()}
        assert by_text["w and x, given z"].figure == "holds"
        failing = [line for line in page.lines() if line.figure == "fails"]
        assert page.lines()[0] in failing
        assert (failing[0].sign, failing[0].colour) == ("circle-alert", "err")
        assert ("x", "y") in panel.canvas.showing().doubted
        page.look_at(0)
        assert set(panel.canvas.showing().lit.paths) >= {("x",), ("y",)}
        page.set_marking(False)
        assert not panel.canvas.showing().doubted
        page.set_marking(True)
        analyst.desk.workspace.set_graph(graph.with_edge(Edge("x", "y")), "Join")
        await settled(analyst)
        assert not panel.canvas.showing().doubted
        assert "0 of 2 independences fail" in page.sentence()
        page.look_at(0)
        panel.tray.open("separation")
        assert not panel.canvas.showing().doubted
        await settled(analyst)
        assert panel.canvas.showing().lit is None           # the page that is hidden lights nothing
        panel.tray.open("implied")
        await settled(analyst)
        assert panel.canvas.showing().lit is not None

    qt_loop.run_until_complete(story())


def test_separation_lists_the_paths_and_lights_them(analyst: Analyst, qt_loop) -> None:
    async def story() -> None:
        panel, page = await shown(analyst, drawn(), "separation")
        waiting = page._background
        await analyst.until(lambda: not waiting.busy, waiting.finished)
        assert "x and y are not separated" in page.sentence()
        assert page._fields[0].text() == "x"
        assert page.lines()[0].figure == "open"
        panel.canvas.select(("m", "w"))
        page.ask(["x"], ["y"], ["m", "w"])
        await analyst.until(lambda: not waiting.busy, waiting.finished)
        assert page.sentence() == "x and y are separated given m and w: each of 2 paths is blocked."
        page.look_at(0)
        assert panel.canvas.showing().lit.blocked
        page.ask(["x"], ["nobody"])
        await analyst.until(lambda: not waiting.busy, waiting.finished)
        assert "There is no node nobody" in page.sentence()

    qt_loop.run_until_complete(story())
