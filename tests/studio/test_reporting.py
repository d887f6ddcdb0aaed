"""The report: what is put into it, the drawer, the folder that is written, and the same by command."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from engines.refusals import Refusal
from engines.runtime.messages import RunState, Scalar
from studio.catalogue import Catalogue
from studio.cli import main
from studio.exports.report import Sources, write_report
from studio.panels.report import ReportDrawer
from studio.project import Kind, Project
from studio.project.history import History
from studio.report.contents import Entry, Reporting
from studio.runs.row_actions import RowActions
from tests.studio.stand_ins import (
    Bench,
    bars_result,
    curve_result,
    graph_result,
    images_result,
    table_result,
    write_model,
)
from widgets.decisions import Decisions, Verdict
from widgets.export import recipe_of
from widgets.results import view_of


class Page(HTMLParser):
    """What stands in a written page: numbers, texts by tag, links, pictures."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.values: list[str] = []
        self.files: list[str] = []
        self.texts: dict[str, list[str]] = {}
        self.outside: list[str] = []
        self._tag: list[str] = []
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._tag.append(tag)
        if tag == "data":
            self.values.append(str(given["value"]))
        for key in ("src", "href"):
            where = given.get(key)
            if where and where.startswith("#"):
                continue
            if where:
                (self.outside if "//" in where else self.files).append(where)

    def handle_endtag(self, tag: str) -> None:
        while self._tag and self._tag.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._tag and data.strip():
            self.texts.setdefault(self._tag[-1], []).append(data.strip())


@pytest.fixture
def history(bench: Bench) -> History:
    made = History()
    made.use(bench.project.store)
    return made


@pytest.fixture
def reporting(bench: Bench, history: History) -> Reporting:
    made = Reporting(history)
    made.use(bench.project.folder)
    return made


@pytest.fixture
def sources(bench: Bench, tmp_path: Path) -> Sources:
    project = bench.project
    return Sources(project.name, project.folder, project.store, Catalogue(tmp_path / "state"))


def csv_rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


def run(bench: Bench) -> int:
    """A finished run with results and scalars, all on the disk; its number."""
    info = bench.start("colide", "CoLiDE", penalty=0.05, threshold=0.3)
    bench.engine.is_in(info.number, RunState.RUNNING)
    bench.show(info.number, graph_result(), table_result(50), curve_result(), images_result(), bars_result())
    scalars = [Scalar("objective", step, 8.25 / (step + 1)) for step in range(4)]
    bench.engine.tell(info.number, *scalars, Scalar("edges", 3, 17.0, "edges"))
    write_model(info.model, run=info.number)
    bench.engine.end(info.number, RunState.DONE, seconds=34.25)
    bench.runs._recorder.flush()  # type: ignore[union-attr]
    return info.number


def test_everything_in_the_page_is_what_the_run_gave(
    bench: Bench, reporting: Reporting, sources: Sources, tmp_path: Path
) -> None:
    number = run(bench)
    info = bench.runs.run(number)
    for name in ("graph", "scores", "path", "pictures", "bars"):
        reporting.add_result(number, info.results[name], "Which variables cause which? In digits.")
    page = Page(write_report(reporting.entries(), sources, tmp_path / "out", "What causes what"))
    assert page.texts["h1"] == ["What causes what"]
    assert page.texts["h2"] == [
        "1. Learned graph", "2. Noise of each node", "3. Loss along the path", "4. Reconstructions", "5. R² by factor",
    ]
    numbers = [float(value) for value in page.values]
    scores = info.results["scores"].table["noise"].values
    assert set(scores[:40]) <= set(numbers), "the first forty rows stand in the page"
    assert not set(scores[40:49]) & set(numbers)
    assert "10 more rows are in the file." in page.texts["p"]
    assert {8.25 / 4, 17.0, 34.25, 0.05, 0.93} <= set(numbers), "last scalars, seconds, settings, bars"
    assert not page.outside, "nothing is fetched"
    for file in page.files:
        assert (tmp_path / "out" / file).is_file(), file
    rows = csv_rows(tmp_path / "out" / "data" / "02-scores" / "scores.csv")
    assert [float(row["noise"]) for row in rows] == scores.tolist()
    recipe = json.loads((tmp_path / "out" / "recipes" / "01-graph.json").read_text())
    assert (recipe["seed"], recipe["parameters"]["penalty"], recipe["method"]) == (3, 0.05, "colide")
    assert recipe_of(tmp_path / "out" / "figures" / "01-graph.svg") == recipe
    assert recipe_of(tmp_path / "out" / "figures" / "01-graph.png") == recipe
    assert any("was not run on this machine" in text for text in page.texts["p"])


def test_what_was_decided_on_rows_is_reported(
    bench: Bench, reporting: Reporting, history: History, sources: Sources, tmp_path: Path
) -> None:
    number = run(bench)
    rows = RowActions(history, None, None, lambda _work: None)  # type: ignore[arg-type]
    rows.judge(number, "scores", [2, 3], Verdict.ACCEPTED)
    rows.correct(number, "scores", [5], "noise", 1.75)
    reporting.add_result(number, bench.runs.run(number).results["scores"], "")
    page = Page(write_report(reporting.entries(), sources, tmp_path / "out"))
    assert "2 accepted, 1 corrected" in page.texts["dd"]
    said = csv_rows(tmp_path / "out" / "data" / "01-scores" / "decisions.csv")
    assert [(row["row"], row["verdict"], row["noise corrected"]) for row in said] == [
        ("2", "accepted", ""), ("3", "accepted", ""), ("5", "corrected", "1.75"),
    ]


def test_a_figure_is_kept_as_it_was_and_a_model_is_its_card(
    bench: Bench, reporting: Reporting, sources: Sources, tmp_path: Path, on_show: Callable[..., QWidget]
) -> None:
    view = on_show(view_of(curve_result()), 400, 300)
    recipe = {"method": "colide", "item": 12, "do": {"dose": 3.5}, "seed": 7}
    reporting.add_figure(view, "What would row 12 have been if dose = 3.50?", recipe, [table_result()])
    folder = write_model(tmp_path / "model", run=4)
    reporting.add_model(folder, "CoLiDE, run 4", "Learns a graph.")
    reporting.add_model(folder, "CoLiDE, run 4", "Learns a graph.")
    assert len(reporting.entries()) == 2, "a card stands there once"
    out = tmp_path / "out"
    page = Page(write_report(reporting.entries(), sources, out))
    assert "What would row 12 have been if dose = 3.50?" in page.texts["p"]
    kept = bench.project.folder / reporting.entries()[0].folder
    assert (out / "figures" / "01-figure.svg").read_bytes() == (kept / "figure.svg").read_bytes()
    assert (out / "data" / "01-figure" / "scores.csv").is_file()
    assert {"5.421", "1e-09", "17.0", "3.5"} <= set(page.values)
    assert "2.13.0" in page.texts["dd"], "versions are those that made the model"


def test_a_source_that_is_gone_is_said_and_the_rest_is_written(
    bench: Bench, reporting: Reporting, sources: Sources, tmp_path: Path
) -> None:
    number = run(bench)
    reporting.add_result(number, bench.runs.run(number).results["graph"], "")
    missing = Entry(9, "result", "Lost", run=88, result="graph")
    page = Page(write_report((*reporting.entries(), missing), sources, tmp_path / "out"))
    assert "Run 88 and its result are not in the project any more." in page.texts["p"]
    assert (tmp_path / "out" / "figures" / "01-graph.svg").is_file()


def test_nothing_is_overwritten_and_nothing_half_done_stays(
    bench: Bench, reporting: Reporting, sources: Sources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Refusal, match="nothing in the report"):
        write_report((), sources, tmp_path / "out")
    number = run(bench)
    reporting.add_result(number, bench.runs.run(number).results["graph"], "")
    full = tmp_path / "full"
    full.mkdir()
    (full / "mine.txt").write_text("kept")
    with pytest.raises(Refusal, match="full exists already"):
        write_report(reporting.entries(), sources, full)

    def no_room(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("studio.exports.report.save", no_room)
    with pytest.raises(Refusal, match="could not be written"):
        write_report(reporting.entries(), sources, tmp_path / "out")
    assert not [path for path in tmp_path.iterdir() if "out" in path.name]


def test_entries_are_ordered_noted_removed_and_brought_back(
    bench: Bench, reporting: Reporting, history: History, on_show: Callable[..., QWidget], qtbot: QtBot
) -> None:
    number = run(bench)
    results = bench.runs.run(number).results
    drawer = ReportDrawer(reporting)
    on_show(drawer, 440, 600)
    assert not drawer.write.isEnabled()
    for name in ("graph", "scores", "path"):
        reporting.add_result(number, results[name], "Which variables cause which?")
    assert [e.result for e in reporting.entries()] == ["graph", "scores", "path"]
    qtbot.mouseClick(drawer.rows()[2].up, Qt.MouseButton.LeftButton)
    assert [e.result for e in reporting.entries()] == ["graph", "path", "scores"]
    drawer.rows()[0].setFocus()
    qtbot.keyClick(drawer.rows()[0], Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert [e.result for e in reporting.entries()] == ["path", "graph", "scores"]
    note = drawer.rows()[1].note
    qtbot.keyClicks(note, "Two edges are new.")
    qtbot.keyClick(note, Qt.Key.Key_Return)
    assert reporting.entries()[1].note == "Two edges are new."
    qtbot.keyClick(drawer.rows()[0], Qt.Key.Key_Delete)
    assert [row.accessibleName() for row in drawer.rows()] == [
        f"{place}. {title}, run 1, Which variables cause which?"
        for place, title in ((1, "Learned graph"), (2, "Noise of each node"))
    ]
    assert history.undo_text() == "Remove Loss along the path from the report"
    history.undo()
    assert [e.result for e in reporting.entries()] == ["path", "graph", "scores"]


def test_the_report_survives_and_the_command_writes_the_same(
    bench: Bench, reporting: Reporting, sources: Sources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    number = run(bench)
    for name in ("graph", "scores"):
        reporting.add_result(number, bench.runs.run(number).results[name], "Which variables cause which?")
    reporting.set_note(1, "Seen <twice> & noted")
    here = write_report(reporting.entries(), sources, tmp_path / "window", "One")
    folder = bench.project.folder
    bench.close()
    assert main(["report", str(folder), "--out", str(tmp_path / "command"), "--title", "One"]) == 0
    assert str(tmp_path / "command" / "report.html") in capsys.readouterr().out
    names = {path.relative_to(here.parent) for path in here.parent.rglob("*") if path.is_file()}
    for name in sorted(names):
        same = (tmp_path / "command" / name).read_bytes() == (here.parent / name).read_bytes()
        assert same or name.name == "report.html", name
    first, second = Page(here), Page(tmp_path / "command" / "report.html")
    assert first.values == second.values
    assert "Seen <twice> & noted" in first.texts["p"]
    assert main(["report", str(folder), "--out", str(tmp_path / "command")]) == 2
    assert main(["report", str(tmp_path), "--out", str(tmp_path / "other")]) == 2
    again = Project.open(folder)
    try:
        history = History()
        kept = Reporting(history)
        history.use(again.store)
        history.show_all(Kind.REPORT)
        assert [entry.title for entry in kept.entries()] == ["Learned graph", "Noise of each node"]
    finally:
        again.close()


def test_decisions_read_back_as_they_were_written() -> None:
    said = Decisions().with_verdict([3], Verdict.DROPPED).with_value([4], "label", "7").with_mark([3, 9], on=True)
    assert Decisions.from_json(json.loads(json.dumps(said.to_json()))) == said
    assert said.sentence() == "1 corrected, 1 dropped, 2 marked"
