"""The story of a beam that is too weak: open the sample, see designs that meet every target, weigh them anew."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engines.questions import Question
from studio.samples.samples import sample


def designs(whole) -> list[tuple[object, ...]]:
    """The rows of the table in the row's place: length, width, height, load, material, and what is predicted."""
    table = whole.view().result().table
    return [tuple(table[name].label(i) for name in table.names) for i in range(len(table))]


def test_it_is_small_and_holds_a_trained_model() -> None:
    shipped = sample("beams")
    assert shipped.model is not None
    files = [path for path in Path(shipped.data).parent.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 300_000


def test_designs_that_meet_every_target_are_weighed_anew_without_a_search(analyst, finish):
    async def story() -> None:
        desk, panel = analyst.desk, analyst.window.rooms.counterfactual
        await analyst.open_sample("beams")
        assert desk.workspace.question is Question.TARGETS
        assert desk.workspace.method == "multi_objective_counterfactuals"
        await analyst.answered()
        exploration, side = desk.exploration, panel._side
        assert exploration.wish.item == 10
        assert side.row.isVisible()
        assert side.whole.pick.isVisible()
        assert side.whole.names() == ("counterfactuals", "verdict", "differences", "pareto", "parallel", "radar")

        QTest.mouseClick(side.whole.pick, Qt.MouseButton.LeftButton)
        offered = {action.text(): action for action in side.whole._menu.actions()}
        assert list(offered)[:3] == ["Before and after", "Counterfactuals", "Are the targets met?"]
        offered["Counterfactuals"].trigger()
        side.whole._menu.close()
        assert side.whole.isVisible()
        assert not side.row.isVisible()
        assert panel.figure() is side.whole.view(), "an export draws what is shown"
        before = designs(side.whole)
        names = side.whole.view().result().table.names
        assert len(before) == 10
        for row in before:
            told = dict(zip(names, row, strict=True))
            assert told["load"] == 2250
            assert told["deflection, predicted"] <= 3
            assert told["safety, predicted"] in ("fair", "high")
            assert told["cost, predicted"] == "low"

        answers: list[object] = []
        exploration.answered.connect(lambda answer, _seconds: answers.append(answer))
        panel._rows.row("few changes").released.emit(10.0)
        await analyst.answered()
        assert len(answers) == 1, "another weight chooses at once among what is known"
        after = designs(side.whole)
        assert after != before
        assert share(names, after) < share(names, before)

        panel._rows.row("count").stepped.emit(3)
        await analyst.answered()
        assert len(designs(side.whole)) == 3

        assert panel._do_title.text() == "Settings", "no factor is set in the world"
        QTest.mouseClick(panel._reset, Qt.MouseButton.LeftButton)
        await analyst.answered()
        assert designs(side.whole) == before
        assert not panel._reset.isEnabled()

        side.whole.choose("")
        assert side.row.isVisible()
        assert not side.whole.isVisible()
        assert desk.runs.current is None, "nothing was searched for it"

    finish(story(), 60)


def share(names, rows) -> float:
    """The share of features that is changed, on average."""
    return sum(dict(zip(names, row, strict=True))["share changed"] for row in rows) / len(rows)
