"""The story of admissions: a late applicant's decision, as it is and had they grown up elsewhere."""

from __future__ import annotations

from pathlib import Path

from engines.questions import Question
from studio.samples.samples import sample


def test_the_sample_is_small_and_holds_a_trained_model() -> None:
    shipped = sample("admissions")
    assert shipped.model is not None
    files = [path for path in Path(shipped.data).parent.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 350_000


def test_the_decision_on_an_applicant_is_seen_in_both_worlds(analyst, finish) -> None:
    async def story() -> None:
        desk, panel = analyst.desk, analyst.window.rooms.counterfactual
        await analyst.open_sample("admissions")
        assert desk.workspace.question is Question.ROBUST
        assert desk.workspace.method == "sequential_counterfactual_fairness"
        await analyst.answered()
        assert desk.exploration.wish.item == 2839
        assert "set a factor" in panel._do_note.text()
        assert "graph" not in panel._do_note.text()

        desk.exploration.set("home", "town")
        await analyst.answered()
        assert panel.sentence() == "What would row 2,839 have been if home = town?"
        lines = {line[0].text: line for line in panel._side.row.lines()}
        assert lines["home"][2].text == "town"
        assert lines["decision on admitted"][1].text == "yes"
        assert lines["decision on admitted"][2].text == "yes", "the decision holds"
        assert lines["mathematics"][1].text != lines["mathematics"][2].text
        assert lines["reading"][1].text == lines["reading"][2].text, "home does not move it"
        assert panel._side.whole.names() == ("decisions", "verdict", "moved")

        panel._rows.row("decision from").released.emit(0.95)
        await analyst.answered()
        lines = {line[0].text: line for line in panel._side.row.lines()}
        assert lines["decision on admitted"][1].text == "no", "the slider moves the decision"

    finish(story(), 60)
