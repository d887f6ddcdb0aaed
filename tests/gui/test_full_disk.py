"""A file that does not fit on the disk: said in the window, with what was there before kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from engines.graph.graph import Graph
from tests.small_disk import room_for


@pytest.mark.parametrize("name", ["graph.dot", "graph.png"])
def test_an_export_that_does_not_fit_is_said_and_the_old_file_stays(analyst, tmp_path: Path, monkeypatch, name):
    window, desk, path = analyst.window, analyst.desk, tmp_path / name
    path.write_text("old")
    monkeypatch.setattr("studio.exports.by_hand.ask_target", lambda *asked: asked[-1](path))
    window.new_project()
    desk.workspace.set_graph(Graph.of([f"n{i}" for i in range(99)]), "draw")
    window.show_panel("Graph")

    def export() -> None:
        if path.suffix == ".dot":
            window.export_graph(desk.workspace.graph)
        else:
            window.export(window.rooms.graph.canvas)

    with room_for(100):
        export()
    assert window.notice.isVisible()
    assert window.notice.sentence().startswith(f"{name} c")
    assert "be written" in window.notice.sentence()
    assert not window.said.isVisible()
    assert path.read_text() == "old"
    assert list(tmp_path.glob(".*.part")) == []
    export()
    assert path.stat().st_size > 100
    assert window.said.isVisible()
