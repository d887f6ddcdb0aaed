"""From a run to its report: rows decided on, a counterfactual and results put in, restart, the page beside the run."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from studio.app import build
from tests.gui.conftest import Analyst
from tests.gui.test_discovery_story import chain, learned  # noqa: F401 (a fixture)
from widgets.decisions import Verdict


def numbers(page: Path) -> set[float]:
    """All numbers that the page holds."""
    return {float(value) for value in re.findall(r'<data value="([^"]+)"', page.read_text("utf-8"))}


def test_a_run_is_reported_and_the_page_holds_its_numbers(analyst, chain, finish, tmp_path):  # noqa: F811
    window, desk = analyst.window, analyst.desk
    results, drawer = window.rooms.results, window.rooms.reports.drawer

    async def story() -> None:
        await learned(analyst, chain)
        info = desk.runs.newest
        assert info is not None
        window.show_panel("Results")
        results.choose("edges")
        view = results.view()
        view.setFocus()
        view.selectRow(0)
        QTest.keyClick(view, Qt.Key.Key_A)
        first = view.items()[0]
        assert desk.rows.of(info.number, "edges").having(Verdict.ACCEPTED) == (first,)
        for name in ("edges", "graph"):
            results.choose(name)
            results.report_result()
        desk.exploration.set("a", 1.5)
        await analyst.answered()
        window.rooms.counterfactual.report_wished.emit()
        assert drawer.isVisible()
        assert [row.accessibleName().split(",")[0] for row in drawer.rows()][:2] == ["1. Edges", "2. Learnt graph"]
        drawer.title.setText("What drives c")
        QTest.mouseClick(drawer.write, Qt.MouseButton.LeftButton)
        page = desk.project.folder / "reports" / "What drives c" / "report.html"
        assert page.is_file()
        held = numbers(page)
        assert {values[-1] for _, values in info.scalars.values()} <= held
        assert set(info.results["edges"].table["strength"].values) <= held
        assert 1.5 in held, "what was set stands in the recipe of the counterfactual"
        assert "1 accepted" in page.read_text("utf-8")

    finish(story(), 60)
    folder = desk.project.folder
    window.close()
    again = build(tmp_path)
    again.show()
    try:
        reader = Analyst(again)

        async def restored() -> None:
            again.desk.open_project(folder)
            await reader.until(lambda: bool(again.rooms.reports.drawer.rows()), again.desk.reporting.changed)
            assert len(again.desk.reporting.entries()) == 3
            assert again.desk.rows.of(1, "edges").having(Verdict.ACCEPTED)
            exploration = again.desk.exploration
            await reader.until(lambda: exploration.subject is not None, exploration.subject_changed)

        finish(restored(), 60)
    finally:
        again.close()
        again.deleteLater()
